#include <gtest/gtest.h>

#include "support/desk_market.hpp"

// What AMBER and RED do to an order, told the way a trader would. The order buys 12,000 within an hour in a market of
// 100 a second, 3.3 % of the volume, and on GREEN this desk would take a fifth of the volume: 600 every 30 seconds.

namespace slipcast::desk {
namespace {

using test::hurried_context;
using test::hurried_setup;

constexpr double kPace = 12'000.0 / 360'000.0;

Context on(Rung rung, std::string_view clock = "14:30:00", std::int64_t left = 12'000) {
    Context context = hurried_context(clock);
    context.portfolio = rung;
    context.filled = context.quantity - left;
    context.market_volume = 1e6;
    return context;
}

Decision first_step(const Context& context, const DeskSetup& setup = hurried_setup()) {
    Desk desk = Desk::create(setup).value();
    return desk.step(context);
}

double seconds_of(Duration duration) {
    return static_cast<double>(duration.count()) / 1e9;
}

void expect_about(double value, double middle, double share) {
    EXPECT_NEAR(value, middle, share * middle + 1.0);
}

TEST(DeskRungs, ATailThatTheDeskWouldNotTakeDoesNotAlarmIt) {
    Context context = on(Rung::green);
    const Decision free = first_step(context);
    const double slow = free.candidates.values[0].tail, taken = free.candidates.values[free.chosen].tail;
    ASSERT_EQ(free.tactic, Tactic::immediate);
    ASSERT_LT(taken, 0.6 * slow);
    // Half way between them: the pace's tail is above 1.5 medians, that of the plan below.
    context.tier_median_p95_bps = 0.5 * (slow + taken) / 1.5;
    EXPECT_EQ(first_step(context).ladder.rung, Rung::green);
    context.tier_median_p95_bps = taken / 2.0;
    EXPECT_EQ(first_step(context).ladder.reason, RungReason::amber_tail);
    context.tier_median_p95_bps = taken / 3.0;
    EXPECT_EQ(first_step(context).ladder.reason, RungReason::red_tail);
}

TEST(DeskRungs, AmberWithSlackSendsHalfTheChildAndWaitsHalfAgainAsLong) {
    const Decision green = first_step(on(Rung::green));
    const Decision amber = first_step(on(Rung::amber));
    EXPECT_EQ(green.participation, 0.2);
    expect_about(static_cast<double>(green.quantity), 600.0, 0.1);
    EXPECT_DOUBLE_EQ(amber.participation, 0.2 * 0.5 / 1.5);
    expect_about(static_cast<double>(amber.quantity), 300.0, 0.2);
    expect_about(seconds_of(amber.interval), 45.0, 0.2);
    EXPECT_EQ(amber.tactic, Tactic::vwap_pace);
    EXPECT_FALSE(amber.candidates.values[5].is_allowed) << "nothing is taken at once on AMBER";
}

TEST(DeskRungs, AmberChoosesByWhatEachSpeedReallyCosts) {
    // This desk fears time: of what AMBER allows, the fastest has the lowest score, and the forecast is of that speed.
    const Decision hurried = first_step(on(Rung::amber, "14:30:00", 9'000));
    ASSERT_EQ(hurried.candidates.size, 7U);
    EXPECT_EQ(hurried.chosen, 6U);
    const Candidate& pace = hurried.candidates.values[0];
    const Candidate& taken = hurried.candidates.values[6];
    const Candidate& wish = hurried.candidates.values[5];
    EXPECT_LT(taken.score, pace.score) << "being late costs more than the speed";
    EXPECT_GT(taken.score, wish.score) << "and the rung has its price";
    EXPECT_EQ(hurried.forecast.mean, taken.mean);
    EXPECT_EQ(hurried.forecast.tail, taken.tail);
    // Where only speed costs, AMBER keeps the pace that GREEN would keep, and changes nothing but the chance in it.
    Context calm = test::calm_context();
    const Decision green = first_step(calm, test::desk_setup());
    calm.portfolio = Rung::amber;
    const Decision amber = first_step(calm, test::desk_setup());
    EXPECT_DOUBLE_EQ(green.participation, kPace);
    EXPECT_EQ(amber.participation, green.participation);
    EXPECT_EQ(amber.forecast.mean, green.forecast.mean);
    expect_about(static_cast<double>(amber.quantity), 100.0, 0.2);
    expect_about(seconds_of(amber.interval), 30.0, 0.2);
}

TEST(DeskRungs, AmberWithoutSlackKeepsThePace) {
    // 9,000 in ten minutes: 15 % of the volume. A third of the desk's speed would miss.
    const Decision amber = first_step(on(Rung::amber, "15:20:00", 9'000));
    EXPECT_DOUBLE_EQ(amber.participation, 0.15);
    expect_about(static_cast<double>(amber.quantity), 450.0, 0.2);
    expect_about(seconds_of(amber.interval), 30.0, 0.2);
    EXPECT_LT(amber.candidates.values[amber.chosen].miss_risk, 1.0);
}

TEST(DeskRungs, RedSendsAQuarterOfTheChildAtThePace) {
    const Decision red = first_step(on(Rung::red));
    EXPECT_DOUBLE_EQ(red.participation, kPace) << "an eighth of a fifth would miss";
    expect_about(static_cast<double>(red.quantity), 150.0, 0.4);
    expect_about(seconds_of(red.interval), 45.0, 0.4);
    // With more slack the wait is twice as long.
    const Decision easy = first_step(on(Rung::red, "14:30:00", 6'000));
    EXPECT_DOUBLE_EQ(easy.participation, 0.2 * 0.25 / 2.0);
    expect_about(static_cast<double>(easy.quantity), 150.0, 0.4);
    expect_about(seconds_of(easy.interval), 60.0, 0.4);
}

TEST(DeskRungs, RedNearTheDeadlineStillFinishes) {
    Desk desk = Desk::create(hurried_setup()).value();
    Context context = on(Rung::red, "15:28:00", 2'300);  // 2,400 is all that a fifth of the volume can be
    while (context.time < context.deadline && context.filled < context.quantity) {
        context.quote_time = context.time;
        const Decision decision = desk.step(context);
        ASSERT_EQ(decision.ladder.rung, Rung::red);
        EXPECT_LE(static_cast<double>(decision.quantity), 0.2 * 100.0 * seconds_of(decision.interval) + 1.0);
        context.filled += decision.quantity;
        context.time = context.time + decision.interval;
    }
    EXPECT_EQ(context.filled, context.quantity);
}

TEST(DeskRungs, RedWithPauseSendsNothingUntilItIsOver) {
    DeskSetup setup = hurried_setup();
    setup.options.sizing.red_pause = true;
    Desk desk = Desk::create(setup).value();
    EXPECT_EQ(desk.step(on(Rung::red)).reason, Reason::paused);
    const Decision late = desk.step(on(Rung::red, "15:29:00"));
    EXPECT_EQ(late.reason, Reason::paused) << "also where the order then misses: who pauses says so";
    EXPECT_EQ(late.quantity, 0);
    EXPECT_EQ(desk.step(on(Rung::amber, "15:29:10")).action, Action::trade);
}

TEST(DeskRungs, WithoutAForecastTheFallbackKeepsThePace) {
    DeskSetup bare = hurried_setup();
    bare.champion.reset();
    const Decision blind = first_step(on(Rung::green), bare);
    EXPECT_EQ(blind.ladder.reason, RungReason::no_forecast);
    EXPECT_DOUBLE_EQ(blind.participation, kPace);
    expect_about(static_cast<double>(blind.quantity), 100.0, 0.2);
    expect_about(seconds_of(blind.interval), 30.0, 0.2);
}

TEST(DeskRungs, ATargetOrderIsFollowedMoreSlowly) {
    DeskSetup setup = test::desk_setup();
    Context context = test::calm_context();
    context.kind = market::OrderKind::target;
    context.position_units = 50'000.0;
    context.signals.size = 1;
    context.signals.values[0] = 1.0;
    const Decision green = first_step(context, setup);
    context.portfolio = Rung::red;
    const Decision red = first_step(context, setup);
    EXPECT_DOUBLE_EQ(red.participation, green.participation / 8.0);
    EXPECT_EQ(red.tactic, Tactic::rule_rate);
    EXPECT_EQ(red.candidates.size, 2U);
    expect_about(static_cast<double>(red.quantity), 0.25 * green.participation * 100.0 * 30.0, 0.4);
    expect_about(seconds_of(red.interval), 60.0, 0.4);
}

// The speed that was scored is the speed of the children, on average over their random sizes and intervals: 400 of them
// have a relative standard error of 0.8 % on AMBER and 1.6 % on RED; five of those are allowed.
TEST(DeskRungs, TheDeskWorksAtTheSpeedThatItScored) {
    DeskSetup setup = hurried_setup();
    setup.options.max_orders = 400;
    setup.options.guards.messages = 100'000;
    for (const Rung rung : {Rung::amber, Rung::red}) {
        Desk desk = Desk::create(setup).value();
        double units = 0.0, seconds = 0.0, share = 0.0;
        for (std::uint64_t order = 1; order <= 400; ++order) {
            Context context = on(rung);
            context.order = order;
            const Decision decision = desk.step(context);
            units += static_cast<double>(decision.quantity);
            seconds += seconds_of(decision.interval);
            share = decision.participation;
        }
        EXPECT_NEAR(units / (100.0 * seconds) / share, 1.0, rung == Rung::amber ? 0.04 : 0.08) << name(rung);
    }
}

}  // namespace
}  // namespace slipcast::desk
