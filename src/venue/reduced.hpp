#pragma once

#include <algorithm>

#include "slipcast/venue/observation.hpp"

namespace slipcast::venue::detail {

/// The observation of a venue that never holds more than max_liquidity: the part sent beyond cannot fill.
[[nodiscard]] inline Observation reduced(const Observation& observation, std::int64_t max_liquidity) {
    return {.sent = std::min(observation.sent, max_liquidity),
            .filled = observation.filled,
            .min_quantity = std::min(observation.min_quantity, max_liquidity)};
}

}  // namespace slipcast::venue::detail
