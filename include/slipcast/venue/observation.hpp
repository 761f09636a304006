#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "slipcast/core/result.hpp"

namespace slipcast::venue {

/// One route to a venue that says only how much it filled, in whole lots. Hidden liquidity s at the venue gives
/// filled = min(sent, s) when s >= min_quantity, else 0. So filled < sent says s = filled (with filled = 0 and a
/// minimum: s < min_quantity), and filled = sent says s >= sent.
struct Observation {
    std::int64_t sent = 0;          ///< > 0
    std::int64_t filled = 0;        ///< in [0, sent]; positive only from min_quantity on
    std::int64_t min_quantity = 1;  ///< in [1, sent]: the least that the route would take

    [[nodiscard]] bool is_censored() const { return filled == sent; }
    /// Whether `validate` accepts it. Without a branch: logs are checked row by row.
    [[nodiscard]] bool is_possible() const {
        const bool is_size = (sent > 0) & (filled >= 0) & (filled <= sent);
        const bool is_minimum = (min_quantity >= 1) & (min_quantity <= sent);
        return is_size & is_minimum & ((filled == 0) | (filled >= min_quantity));
    }
    /// Refuses what no liquidity can explain; `row` (1-based) names the place.
    [[nodiscard]] Result<void> validate(std::int64_t row = 0) const;
};

/// What one pair of instrument and venue showed, in the order of time.
struct PairLog {
    std::string symbol;
    std::string venue;
    std::int64_t lot_size = 1;  ///< units of the instrument a lot stands for
    std::vector<Observation> observations;
};

}  // namespace slipcast::venue
