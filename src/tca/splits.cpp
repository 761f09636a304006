#include "splits.hpp"

#include <algorithm>

#include "slipcast/market/splits.hpp"

namespace slipcast::tca::detail {

Splits::Splits(const market::Dataset& dataset, InstrumentId instrument)
    : splits_(market::splits_of(dataset, instrument)) {}

bool Splits::lie_between(Timestamp before, Timestamp after) const {
    return std::any_of(splits_.begin(), splits_.end(),
                       [&](const auto& split) { return before < split.ex_time && split.ex_time <= after; });
}

bool Splits::lie_between(const std::optional<Timestamp>& before, const std::optional<Timestamp>& after) const {
    return before && after && lie_between(*before, *after);
}

Price Splits::carried(Price price, Timestamp before, Timestamp after) const {
    for (const market::CorporateAction& split : splits_) {
        if (split.ex_time <= before || after < split.ex_time) continue;
        price =
            Price::from_units(narrow(divide_half_even(Int128{price.units()} * kPriceUnitsPerOne, split.ratio.units())));
    }
    return price;
}

}  // namespace slipcast::tca::detail
