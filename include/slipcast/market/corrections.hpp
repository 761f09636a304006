#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "slipcast/core/result.hpp"
#include "slipcast/market/order.hpp"

namespace slipcast::market {

/// What became of a run of fill events.
struct CorrectionOutcome {
    /// An event that could not be applied, by its position.
    struct Refusal {
        std::size_t event = 0;
        Error error;
    };
    std::vector<std::size_t> busted;  ///< positions of the fills that no longer exist, ascending
    std::vector<Refusal> refused;     ///< by position, ascending
};

/// Applies corrections and busts to `fills` in time order (ties in the order given): a correction replaces price,
/// quantity or both; a bust takes the fill back. Refused, leaving the fill as it was: an event for a fill that is not
/// there, before the fill happened, or after it was busted; a correction that changes nothing, or to a quantity that is
/// not positive (that is a bust). Fees are left as reported: the event carries none. Fill ids must be distinct.
[[nodiscard]] CorrectionOutcome apply_corrections(std::span<Fill> fills, std::span<const FillEvent> events);

}  // namespace slipcast::market
