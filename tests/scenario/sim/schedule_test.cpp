#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "slipcast/math/statistics.hpp"
#include "support/replayed.hpp"

namespace slipcast::sim {
namespace {

/// 80 parents of one style, small against the market, without limits or halts.
ReplayOutcome worked(std::array<double, kStyles> weights) {
    test::Scene made = test::scene({.symbols = 2, .days = 2, .seed = 12, .quotes_per_day = 30'000, .halt_rate = 0.0},
                                   {.count = 80,
                                    .seed = 4,
                                    .min_size = 6e-3,
                                    .max_size = 1e-2,
                                    .min_horizon = std::chrono::minutes{20},
                                    .style_weights = weights,
                                    .min_participation = 0.1,
                                    .max_participation = 0.1,
                                    .limit_share = 0.0,
                                    .cancel_share = 0.0});
    return replay(std::move(made.market), std::move(made.parents), {}).value();
}

TEST(Schedules, TwapIsNeverMuchMoreThanASliceFromTheLine) {
    const ReplayOutcome outcome = worked({1.0, 0.0, 0.0, 0.0, 0.0});
    std::map<OrderId, const market::Order*> orders;
    for (const market::Order& order : outcome.dataset.orders) orders[order.id] = &order;
    std::map<OrderId, Quantity> filled;
    math::Moments gaps;
    for (const market::Fill& fill : outcome.dataset.fills) {
        const market::Order& order = *orders.at(fill.order);
        filled[fill.order] += fill.quantity;
        if (order.quantity < Quantity::from_units(4000)) continue;  // whole lots make steps of their own
        const double life = static_cast<double>((*order.end_time - *order.broker_arrival_time).count());
        const double line = static_cast<double>((fill.time - *order.broker_arrival_time).count()) / life;
        gaps.add(std::abs(ratio(filled[fill.order], order.quantity) - line));
    }
    ASSERT_GT(gaps.count(), 500);
    EXPECT_LT(*gaps.mean(), 1.5 / 24.0) << "24 slices: one and a half slices on average";
    EXPECT_LT(*gaps.largest(), 4.0 / 24.0);
}

TEST(Schedules, PovTradesItsShareOfWhatPrints) {
    const ReplayOutcome outcome = worked({0.0, 0.0, 1.0, 0.0, 0.0});
    std::map<OrderId, std::pair<double, Timestamp>> traded;
    for (const market::Fill& fill : outcome.dataset.fills) {
        auto& [quantity, last] = traded[fill.order];
        quantity += static_cast<double>(fill.quantity.units());
        last = fill.time;
    }
    double own = 0.0;
    double printed = 0.0;
    for (const market::Order& order : outcome.dataset.orders) {
        if (!traded.contains(order.id) || order.quantity < Quantity::from_units(4000)) continue;
        const auto& [quantity, last] = traded[order.id];
        const auto slice =
            outcome.dataset.tape->load(order.instrument, {*order.broker_arrival_time, last + Duration{1}}).value();
        for (const Quantity size : slice.trades.size) printed += static_cast<double>(size.units());
        printed += quantity;  // takers add to the volume
        own += quantity;
    }
    EXPECT_NEAR(own / printed, 0.1, 0.02);
}

}  // namespace
}  // namespace slipcast::sim
