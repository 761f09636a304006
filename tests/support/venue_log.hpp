#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "slipcast/core/random.hpp"
#include "slipcast/math/sampling.hpp"
#include "slipcast/venue/liquidity.hpp"
#include "slipcast/venue/observation.hpp"

namespace slipcast::test {

/// How routes are sent to a venue of known liquidity.
struct RoutePlan {
    std::int64_t count = 0;
    std::int64_t largest_sent = 1;  ///< sizes are uniform on 1..largest_sent
    std::int64_t min_quantity = 1;  ///< asked for (at most the size itself) ...
    double minimum_share = 0.0;     ///< ... by this share of the routes
    std::uint64_t seed = 1;
};

/// What such routes fill.
[[nodiscard]] inline std::vector<venue::Observation> venue_log(const venue::Liquidity& liquidity,
                                                               const RoutePlan& plan) {
    RandomStream stream(plan.seed, "test.venue.log");
    std::vector<venue::Observation> log;
    for (std::int64_t i = 0; i < plan.count; ++i) {
        const auto largest = static_cast<std::uint64_t>(plan.largest_sent);
        const std::int64_t sent = 1 + static_cast<std::int64_t>(math::draw_index(stream, largest));
        const bool has_minimum = plan.minimum_share > 0.0 && math::draw_bernoulli(stream, plan.minimum_share);
        const std::int64_t least = has_minimum ? std::min(sent, plan.min_quantity) : 1;
        const std::int64_t there = liquidity.draw(stream);
        log.push_back({sent, there >= least ? std::min(sent, there) : 0, least});
    }
    return log;
}

}  // namespace slipcast::test
