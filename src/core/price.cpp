#include "slipcast/core/price.hpp"

#include "slipcast/core/decimal.hpp"

namespace slipcast {

Result<Price> Price::parse(std::string_view text, std::string_view field) {
    SLIPCAST_TRY(units, parse_decimal(text, kPriceDecimals, field));
    return from_units(units);
}

std::string Price::to_string() const {
    return format_decimal(units_, kPriceDecimals, 2);
}

}  // namespace slipcast
