#include <gtest/gtest.h>

#include <cmath>

#include "slipcast/sim/sim.hpp"

namespace slipcast::sim {
namespace {

Quantity shares(std::int64_t count) {
    return Quantity::from_units(count);
}
Timestamp at(double seconds) {
    return Timestamp::from_ns(std::llround(seconds * 1e9));
}

TEST(QueuePosition, PrintsServeThoseAheadFirst) {
    QueuePosition position = QueuePosition::behind(shares(500));
    EXPECT_EQ(position.print(shares(300), shares(200)), shares(0));
    EXPECT_EQ(position.ahead(), shares(200));
    EXPECT_EQ(position.print(shares(350), shares(200)), shares(150)) << "200 go to those ahead, 150 to us";
    EXPECT_EQ(position.print(shares(100), shares(50)), shares(50)) << "at the front we get what we still want";
}

TEST(QueuePosition, CancelsComeProRataFromAhead) {
    QueuePosition position = QueuePosition::behind(shares(600));
    position.display(shares(600), shares(900));  // 300 join behind us
    EXPECT_EQ(position.ahead(), shares(600));
    position.display(shares(900), shares(600));  // a third cancels
    EXPECT_EQ(position.ahead(), shares(400));
}

TEST(QueuePosition, AnUnseenPriceIsUnknownUntilTheTouchReachesIt) {
    QueuePosition position = QueuePosition::unseen();
    EXPECT_EQ(position.print(shares(1000), shares(100)), shares(0));
    position.reach(shares(700));
    EXPECT_EQ(position.ahead(), shares(700));
    position.clear();
    EXPECT_EQ(position.print(shares(40), shares(100)), shares(40)) << "alone at the price";
}

TEST(VolumeCurve, InterpolatesAndNormalizes) {
    const VolumeCurve curve = VolumeCurve::create({1.0, 3.0}).value();
    EXPECT_DOUBLE_EQ(curve.cumulative(0.25), 0.125);
    EXPECT_DOUBLE_EQ(curve.cumulative(0.5), 0.25);
    EXPECT_DOUBLE_EQ(curve.cumulative(0.75), 0.625);
    EXPECT_DOUBLE_EQ(curve.cumulative(-1.0), 0.0);
    EXPECT_DOUBLE_EQ(curve.cumulative(2.0), 1.0);
    EXPECT_EQ(VolumeCurve::create({0.0, 0.0}).error().field, "curve.shares");
    EXPECT_EQ(VolumeCurve::create({1.0, -1.0}).error().field, "curve.shares");
}

TEST(VolumeCurve, GenericIsHighAtTheEndsAndHighestAtTheClose) {
    const VolumeCurve curve = VolumeCurve::generic();
    const double open = curve.cumulative(1.0 / 26);
    const double middle = curve.cumulative(14.0 / 26) - curve.cumulative(13.0 / 26);
    const double close = 1.0 - curve.cumulative(25.0 / 26);
    EXPECT_GT(open, 2.0 * middle);
    EXPECT_GT(close, open);
}

TEST(Costs, LatencyIsTheMinimumPlusAnExponential) {
    const LatencyOptions options{std::chrono::microseconds{200}, std::chrono::microseconds{300}};
    EXPECT_EQ(latency(options, std::exp(-1.0)), std::chrono::microseconds{500});
    EXPECT_EQ(LatencyOptions{.minimum = Duration{-1}}.validate("x").error().field, "x.minimum");
    EXPECT_EQ((VenueTerms{.name = "A", .reject_rate = 1.0}.validate().error().field), "venue.reject_rate");
}

/// Both formulas of ImpactOptions, written out over every fill.
double direct_move(const ImpactOptions& options, const std::vector<std::pair<double, double>>& fills, double time) {
    double sum = 0.0;
    for (const ImpactDecay& decay : options.decays) {
        const double half_life = static_cast<double>(decay.half_life.count()) / 1e9;
        double flow = 0.0;
        for (const auto& [when, part] : fills) flow += part * std::exp(-std::log(2.0) * (time - when) / half_life);
        sum += decay.weight * std::copysign(std::pow(std::abs(flow), options.gamma), flow);
    }
    return options.own_bps * 1e-4 * sum;
}

TEST(Impact, StateEqualsTheSumOverFills) {
    ImpactOptions options;
    options.enabled = true;
    options.gamma = 0.6;
    options.decays = {{std::chrono::minutes{1}, 0.25}, {std::chrono::minutes{30}, 0.75}};
    options.cross_fraction = 0.2;
    options.cross = {{.source = 0, .target = 2, .fraction = -0.5}};
    ImpactState state(options, {1000.0, 2000.0, 500.0});
    std::vector<std::pair<double, double>> fills;
    for (int i = 0; i < 40; ++i) {
        const double when = 7.0 * i;
        const double quantity = (i % 3 == 0 ? -1.0 : 1.0) * (10.0 + i);
        fills.emplace_back(when, quantity / 1000.0);
        state.add(0, quantity, at(when));
    }
    for (const double time : {280.0, 400.0, 2000.0}) {
        const double own = direct_move(options, fills, time);
        EXPECT_NEAR(state.move(0, at(time)), own, 1e-12);
        EXPECT_NEAR(state.move(1, at(time)), 0.2 * own, 1e-12);
        EXPECT_NEAR(state.move(2, at(time)), -0.5 * own, 1e-12);
        EXPECT_LE(std::abs(own), state.size_bound(0, at(time)) + 1e-15);
        const double slope = (state.move(0, at(time + 0.01)) - state.move(0, at(time))) / 0.01;
        EXPECT_LE(std::abs(slope), state.speed_bound(0, at(time)) + 1e-12);
    }
}

TEST(Impact, RefusesParametersOutsideTheirRange) {
    EXPECT_EQ(ImpactOptions{.gamma = 0.4}.validate().error().field, "impact.gamma");
    EXPECT_EQ(ImpactOptions{.own_bps = -1.0}.validate().error().field, "impact.own_bps");
    EXPECT_EQ(ImpactOptions{.cross_fraction = 1.5}.validate().error().field, "impact.cross_fraction");
    ImpactOptions options;
    options.decays = {{std::chrono::minutes{1}, 0.5}};
    EXPECT_EQ(options.validate().error().rule, "weights must sum to 1");
    EXPECT_EQ(describe(ImpactOptions{}), "no own impact");
}

}  // namespace
}  // namespace slipcast::sim
