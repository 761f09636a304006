#pragma once

#include <cmath>
#include <cstddef>
#include <string_view>
#include <vector>

#include "slipcast/core/random.hpp"
#include "slipcast/core/table_builder.hpp"
#include "slipcast/math/sampling.hpp"

namespace slipcast::bench {

/// Finished orders whose cost follows size, spread and time, with heavy tails; drawn from the stream of that name.
struct SampleOrders {
    std::vector<double> cost, participation, spread, volatility, imbalance, duration;

    SampleOrders(std::size_t count, std::string_view stream) {
        RandomStream random(1, stream);
        for (std::size_t i = 0; i < count; ++i) {
            participation.push_back(math::draw_lognormal(random, -3.0, 1.0));
            spread.push_back(math::draw_lognormal(random, 1.0, 0.5));
            volatility.push_back(math::draw_lognormal(random, 4.6, 0.4));
            imbalance.push_back(2.0 * random.next_uniform() - 1.0);
            duration.push_back(math::draw_lognormal(random, 7.0, 1.0));
            const double noise = math::draw_normal(random) / std::sqrt(math::draw_gamma(random, 2.0, 0.5));
            cost.push_back(12.0 * std::sqrt(participation[i]) + 0.5 * spread[i] + 0.1 * std::sqrt(duration[i]) * noise);
        }
    }
    /// What a fit reads, one row an order.
    [[nodiscard]] TableBuilder columns() const {
        TableBuilder made("orders", cost.size());
        made.add(plain("arrival_cost_bps", ""), cost)
            .add(plain("participation", ""), participation)
            .add(plain("spread_bps", ""), spread)
            .add(plain("volatility_bps", ""), volatility)
            .add(plain("signed_imbalance", ""), imbalance)
            .add(plain("planned_duration_s", ""), duration);
        return made;
    }
};

}  // namespace slipcast::bench
