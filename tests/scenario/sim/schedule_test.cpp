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
    return replay(std::move(made.market), made.parents, {}).value();
}

/// How far the filled share of each order is from its plan after each fill; plan: share due at a time.
template <typename Plan>
math::Moments distances(const ReplayOutcome& outcome, const Plan& plan) {
    std::map<OrderId, const market::Order*> orders;
    for (const market::Order& order : outcome.dataset.orders) orders[order.id] = &order;
    std::map<OrderId, Quantity> filled;
    math::Moments gaps;
    for (const market::Fill& fill : outcome.dataset.fills) {
        const market::Order& order = *orders.at(fill.order);
        filled[fill.order] += fill.quantity;
        if (order.quantity < Quantity::from_units(4000)) continue;  // whole lots make steps of their own
        gaps.add(std::abs(ratio(filled[fill.order], order.quantity) - plan(order, fill.time)));
    }
    return gaps;
}

double line(const market::Order& order, Timestamp time) {
    const double life = static_cast<double>((*order.end_time - *order.broker_arrival_time).count());
    return static_cast<double>((time - *order.broker_arrival_time).count()) / life;
}

TEST(Schedules, TwapIsNeverMuchMoreThanASliceFromTheLine) {
    const math::Moments gaps = distances(worked({1.0, 0.0, 0.0, 0.0, 0.0}), line);
    ASSERT_GT(gaps.count(), 500);
    EXPECT_LT(*gaps.mean(), 1.5 / 24.0) << "24 slices: one and a half slices on average";
    EXPECT_LT(*gaps.largest(), 4.0 / 24.0);
}

TEST(Schedules, VwapIsNeverMuchMoreThanASliceFromItsCurve) {
    const ReplayOutcome outcome = worked({0.0, 1.0, 0.0, 0.0, 0.0});
    const VolumeCurve curve = VolumeCurve::generic();
    const auto traded_by = [&](Timestamp time, const market::Session& session) {
        return curve.cumulative(static_cast<double>((time - session.open).count()) /
                                static_cast<double>((session.close - session.open).count()));
    };
    const auto on_curve = [&](const market::Order& order, Timestamp time) {
        const market::Session& session =
            *outcome.dataset.sessions.at(outcome.dataset.instruments[0].market, *order.broker_arrival_time);
        const double begin = traded_by(*order.broker_arrival_time, session);
        return (traded_by(time, session) - begin) / (traded_by(*order.end_time, session) - begin);
    };
    const math::Moments gaps = distances(outcome, on_curve);
    ASSERT_GT(gaps.count(), 500);
    EXPECT_LT(*gaps.mean(), 1.5 / 24.0) << "24 slices: one and a half slices on average";
    EXPECT_LT(*gaps.largest(), 4.0 / 24.0);
    // The curve is not the line: following the line would be seen.
    EXPECT_GT(*distances(outcome, line).largest(), *gaps.largest());
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
