#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "slipcast/math/normal.hpp"
#include "slipcast/math/statistics.hpp"
#include "support/false_alarm.hpp"
#include "support/replayed.hpp"

namespace slipcast::sim {
namespace {

constexpr double kOwnBps = 4000.0;
constexpr int kAssertions = 2;

/// Arrival cost of each order in bps, from the fills and the mid that the written tape showed before the arrival.
std::map<OrderId, double> arrival_costs(const market::Dataset& dataset) {
    std::map<OrderId, double> paid;
    std::map<OrderId, double> shares;
    for (const market::Fill& fill : dataset.fills) {
        paid[fill.order] += fill.price.to_double() * static_cast<double>(fill.quantity.units());
        shares[fill.order] += static_cast<double>(fill.quantity.units());
    }
    std::map<OrderId, double> costs;
    for (const market::Order& order : dataset.orders) {
        if (!shares.contains(order.id)) continue;
        const Timestamp arrival = *order.arrival_time;
        const market::TapeSlice slice =
            dataset.tape->load(order.instrument, {arrival - std::chrono::minutes{30}, arrival}).value();
        if (slice.quotes.empty()) continue;
        const double mid = midpoint(slice.quotes.bid.back(), slice.quotes.ask.back()).to_double();
        costs[order.id] = static_cast<double>(sign(order.side)) * (paid[order.id] / shares[order.id] / mid - 1.0) * 1e4;
    }
    return costs;
}

/// What linear impact that lasts plants on an order: each fill pays for the order's fills before it [bps].
std::map<OrderId, double> planted_costs(const market::Dataset& dataset) {
    std::map<OrderId, double> before;
    std::map<OrderId, double> sum;
    const double adv = *dataset.instruments.front().adv;
    for (const market::Fill& fill : dataset.fills) {
        const auto quantity = static_cast<double>(fill.quantity.units());
        sum[fill.order] += quantity * kOwnBps * before[fill.order] / adv;
        before[fill.order] += quantity;
    }
    for (auto& [order, cost] : sum) cost /= before[order];
    return sum;
}

struct Recovery {
    math::Moments measured;
    math::Moments planted;
    math::Moments excess;
};

/// About one order an instrument and day, of either side, so that the rest of our flow adds noise and no bias; the
/// paired run without impact takes the market's own moves out of the comparison.
Recovery recovered(double size) {
    test::Scene made = test::scene(
        {.symbols = 40, .days = 4, .seed = 31, .quotes_per_day = 3000, .stress_share = 0.0, .halt_rate = 0.0},
        {.count = 200,
         .seed = 5,
         .min_size = size,
         .max_size = size,
         .min_horizon = std::chrono::minutes{40},
         .max_horizon = std::chrono::minutes{90},
         .style_weights = {1.0, 0.0, 0.0, 0.0, 0.0},
         .limit_share = 0.0,
         .cancel_share = 0.0});
    ReplayOptions options;
    const auto off = replay_in_memory(made.market, made.parents, options).value();
    options.impact.enabled = true;
    options.impact.own_bps = kOwnBps;
    options.impact.gamma = 1.0;
    options.impact.decays.front().half_life = std::chrono::hours{24 * 365};
    const auto on = replay_in_memory(made.market, made.parents, options).value();
    const std::map<OrderId, double> base = arrival_costs(off.dataset);
    const std::map<OrderId, double> planted = planted_costs(on.dataset);
    Recovery recovery;
    for (const auto& [order, cost] : arrival_costs(on.dataset)) {
        if (!base.contains(order)) continue;
        recovery.measured.add(cost - base.at(order));
        recovery.planted.add(planted.at(order));
        recovery.excess.add(cost - base.at(order) - planted.at(order));
    }
    return recovery;
}

TEST(ImpactRecovery, MeanArrivalCostBySizeIsThePlantedImpact) {
    const double deviations = -math::normal_quantile(test::false_alarm_share(kAssertions) / 2.0);
    for (const double size : {2e-3, 8e-3}) {
        const Recovery recovery = recovered(size);
        ASSERT_GT(recovery.excess.count(), 150);
        const double error = deviations * *recovery.excess.standard_error();
        EXPECT_NEAR(*recovery.measured.mean(), *recovery.planted.mean(), error) << "size " << size;
        EXPECT_LT(error, *recovery.planted.mean()) << "the test could not tell impact from none at size " << size;
    }
}

}  // namespace
}  // namespace slipcast::sim
