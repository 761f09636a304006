#include "dark_pools.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "slipcast/core/random.hpp"

namespace slipcast::sim {

Result<void> DarkVenueTerms::validate() const {
    if (name.empty()) return Error{ErrorCode::missing_field, "dark_venue.name", "", "a dark venue needs a name", {}};
    if (refresh < std::chrono::seconds{1}) {
        return invalid_value("dark_venue.refresh", to_string(refresh), "must be at least one second");
    }
    return {};
}

std::int64_t DarkPools::take(std::size_t pool, InstrumentId instrument, Side side, Timestamp time, std::int64_t lots) {
    const DarkVenueTerms& terms = terms_[pool];
    const std::int64_t period = time.ns() / terms.refresh.count();
    Hidden& hidden = hidden_[{pool, instrument.index(), side == Side::buy}];
    if (hidden.period != period) {
        // The draw's number is the period, so a pool that is not looked at for a while misses none.
        RandomStream stream(seed_, fmt::format("sim.dark.{}", pool),
                            (static_cast<std::uint64_t>(instrument.index()) << 1U) | (side == Side::buy ? 1U : 0U));
        stream.seek(static_cast<std::uint64_t>(period));
        hidden = {period, terms.liquidity.draw(stream)};
    }
    const std::int64_t taken = std::min(lots, hidden.left);
    hidden.left -= taken;
    return taken;
}

}  // namespace slipcast::sim
