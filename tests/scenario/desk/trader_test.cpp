#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "support/desk_market.hpp"

// What the desk does, told the way a trader would: each rung, each guard, and what happens when things break.

namespace slipcast::desk {
namespace {

using test::calm_context;
using test::desk_setup;
using test::desk_time;

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

Decision first_step(const Context& context, const DeskSetup& setup) {
    Desk desk = Desk::create(setup).value();
    return desk.step(context);
}

/// On the usual desk: the order is then called off, which teaches nothing and makes its next step a first one again.
Decision first_step(const Context& context) {
    static Desk desk = Desk::create(desk_setup()).value();
    const Decision decision = desk.step(context);
    static_cast<void>(desk.record({.time = context.time,
                                   .order = context.order,
                                   .kind = OutcomeKind::finished,
                                   .cost_bps = kMissing,
                                   .is_discretionary = true}));
    return decision;
}

TEST(DeskScenario, GreenTradesAtTheBestScore) {
    const Decision decision = first_step(calm_context());
    EXPECT_EQ(decision.action, Action::trade);
    EXPECT_EQ(decision.reason, Reason::best_score);
    EXPECT_EQ(decision.ladder.rung, Rung::green);
    EXPECT_EQ(decision.binding, Guard::none);
    EXPECT_EQ(decision.candidates.size, 6U);
    for (std::size_t i = 0; i < 6; ++i) {
        EXPECT_LE(decision.candidates.values[decision.chosen].score, decision.candidates.values[i].score);
    }
    const double expected = decision.participation * 100.0 * 30.0;
    EXPECT_NEAR(static_cast<double>(decision.quantity), expected, 0.1 * expected + 1.0);
    EXPECT_GT(decision.forecast.p99, decision.forecast.p95);
    EXPECT_GT(decision.forecast.p95, decision.forecast.mean);
    EXPECT_NE(decision.model.digest, 0U);
}

TEST(DeskScenario, ThePortfolioAndTheMarketMakeTheDeskCareful) {
    Context context = calm_context();
    context.portfolio = Rung::red;
    EXPECT_EQ(first_step(context).ladder.reason, RungReason::portfolio);
    EXPECT_EQ(first_step(context).ladder.rung, Rung::red);
    context = calm_context();
    context.stress = {.volatility_z = 1.5, .spread_z = 1.0, .depth_z = -0.5};
    EXPECT_EQ(first_step(context).ladder.reason, RungReason::stress);
    Desk desk = Desk::create(desk_setup()).value();
    EXPECT_EQ(desk.step(context).ladder.rung, Rung::amber);
    context.stress = {.volatility_z = 1.5, .spread_z = 0.0, .depth_z = 0.0};
    EXPECT_EQ(desk.step(context).ladder.rung, Rung::amber) << "stress ends only below 1";
    context.stress = {.volatility_z = 0.9, .spread_z = 0.0, .depth_z = 0.0};
    EXPECT_EQ(desk.step(context).ladder.rung, Rung::green);
}

TEST(DeskScenario, AColdSymbolHasHalfTheCap) {
    Context context = calm_context("15:20:00");  // 12,000 left in ten minutes: 20 % of the volume
    context.market_volume = 1e6;
    EXPECT_DOUBLE_EQ(first_step(context).candidates.values[0].participation, 0.2);
    context.symbol_observations = 29;
    const Decision cold = first_step(context);
    EXPECT_DOUBLE_EQ(cold.candidates.values[0].participation, 0.1);
    EXPECT_EQ(cold.candidates.values[0].miss_risk, 1.0) << "the cap is below the pace";
    EXPECT_TRUE(cold.ladder.is_cold);
}

TEST(DeskScenario, WithoutAForecastTheFallbackTradesAtTheCappedPace) {
    Context context = calm_context();
    test::set_input(context, "volatility", kMissing);
    const Decision blind = first_step(context);
    EXPECT_EQ(blind.action, Action::trade);
    EXPECT_EQ(blind.reason, Reason::fallback);
    EXPECT_EQ(blind.tactic, Tactic::vwap_pace);
    EXPECT_EQ(blind.ladder.reason, RungReason::no_forecast);
    EXPECT_NEAR(blind.participation, 12'000.0 / 360'000.0, 1e-12);
    DeskSetup bare = desk_setup();
    bare.champion.reset();
    context = calm_context("15:20:00");
    const Decision no_model = first_step(context, bare);
    EXPECT_EQ(no_model.reason, Reason::fallback);
    EXPECT_EQ(no_model.participation, 0.05);
}

TEST(DeskScenario, AStaleFeedStopsAndAFreshQuoteResumes) {
    Desk desk = Desk::create(desk_setup()).value();
    Context context = calm_context("14:30:00");
    EXPECT_EQ(desk.step(context).action, Action::trade);
    context.time = desk_time("14:30:05");
    EXPECT_EQ(desk.step(context).action, Action::trade) << "five seconds old: at the limit";
    context.time = desk_time("14:30:06");
    const Decision stale = desk.step(context);
    EXPECT_EQ(stale.action, Action::wait);
    EXPECT_EQ(stale.reason, Reason::guard);
    EXPECT_EQ(stale.binding, Guard::stale_data);
    EXPECT_EQ(stale.quantity + stale.lit, 0);
    context.quote_time = context.time;
    EXPECT_EQ(desk.step(context).action, Action::trade);
}

TEST(DeskScenario, ARejectStormStopsTheDeskUntilItIsOver) {
    Desk desk = Desk::create(desk_setup()).value();
    EXPECT_EQ(desk.step(calm_context()).action, Action::trade);
    for (int i = 0; i < 6; ++i) {
        ASSERT_TRUE(desk.record({.time = desk_time("14:30:01"), .order = 1, .kind = OutcomeKind::rejected}));
        const Decision decision = desk.step(calm_context("14:30:02"));
        EXPECT_EQ(decision.binding, i < 5 ? Guard::none : Guard::reject_storm) << i + 1 << " rejects";
    }
    EXPECT_EQ(desk.step(calm_context("14:31:00")).binding, Guard::reject_storm);
    EXPECT_EQ(desk.step(calm_context("14:31:01")).action, Action::trade);
}

TEST(DeskScenario, TheKillSwitchStopsEveryOrderUntilReleased) {
    Desk desk = Desk::create(desk_setup()).value();
    desk.kill();
    for (const std::uint64_t order : {1U, 2U}) {
        EXPECT_EQ(desk.step(calm_context("14:30:00", order)).binding, Guard::kill_switch);
    }
    desk.release();
    EXPECT_EQ(desk.step(calm_context()).action, Action::trade);
}

TEST(DeskScenario, MessagesRunOutAndComeBack) {
    DeskSetup setup = desk_setup();
    setup.options.guards.messages = 2;
    Desk desk = Desk::create(setup).value();
    EXPECT_EQ(desk.step(calm_context("14:30:00")).binding, Guard::none);
    EXPECT_EQ(desk.step(calm_context("14:30:10")).binding, Guard::none);
    EXPECT_EQ(desk.step(calm_context("14:30:20")).binding, Guard::message_rate);
    EXPECT_EQ(desk.step(calm_context("14:31:00")).binding, Guard::none);
}

TEST(DeskScenario, LimitsInCashAndVolumeCutTheChild) {
    const std::int64_t free = first_step(calm_context()).quantity;
    DeskSetup setup = desk_setup();
    setup.options.guards.order_notional = 100.0 * 50.0;
    EXPECT_EQ(first_step(calm_context(), setup).binding, Guard::order_notional);
    EXPECT_LE(first_step(calm_context(), setup).quantity, 50);
    setup.options.guards.order_notional_mode = static_cast<int>(LimitMode::observe);
    const Decision observed = first_step(calm_context(), setup);
    EXPECT_EQ(observed.quantity, free);
    EXPECT_TRUE(observed.guards[static_cast<std::size_t>(Guard::order_notional)].is_passed);
    Context crowded = calm_context();
    crowded.own_volume = 5'000.0;
    EXPECT_EQ(first_step(crowded).binding, Guard::participation);
    EXPECT_EQ(first_step(crowded).action, Action::wait);
    setup = desk_setup();
    setup.options.guards.day_notional = 1'000.0;
    EXPECT_EQ(first_step(calm_context(), setup).binding, Guard::day_notional);
}

TEST(DeskScenario, APriceOutsideTheBandOrBeyondTheLimitWaits) {
    Context context = calm_context();
    context.reference = Price::parse("98").value();  // the market is 2 % above
    EXPECT_EQ(first_step(context).binding, Guard::price_band);
    context = calm_context();
    context.limit_price = Price::parse("99.98").value();
    EXPECT_EQ(first_step(context).reason, Reason::price_limit);
    context.limit_price = Price::parse("99.99").value();
    EXPECT_EQ(first_step(context).action, Action::trade);
    EXPECT_EQ(first_step(context).price, context.limit_price);
}

TEST(DeskScenario, TheLastChildCarriesWhatIsLeftAlsoLessThanALot) {
    // 30 seconds are left and the market trades 100 a second: 350 are within the cap and need no later child.
    Context context = calm_context("15:29:30");
    context.lot = 100;
    context.filled = 11'650;
    EXPECT_EQ(first_step(context).quantity, 350);
    // A rung that shrinks children does not shrink the last one.
    context.portfolio = Rung::red;
    EXPECT_EQ(first_step(context).ladder.rung, Rung::red);
    EXPECT_EQ(first_step(context).quantity, 350);
    // Earlier it does, and then children are whole lots.
    context.time = context.quote_time = desk_time("15:20:00");
    EXPECT_EQ(first_step(context).quantity, 100);
    // What is left of an order after an odd fill is sent as it is.
    context.filled = 11'940;
    EXPECT_EQ(first_step(context).quantity, 60);
    EXPECT_EQ(first_step(context).dark.size, 0U);
}

TEST(DeskScenario, TheLastChildIsAllThatTheCapAllowsOnEveryRungAndAtEveryDistance) {
    DeskSetup setup = desk_setup();
    setup.options.guards.messages = 100'000;
    Desk desk = Desk::create(setup).value();
    std::uint64_t orders = 100;
    for (const Rung rung : {Rung::green, Rung::amber, Rung::red}) {
        for (int seconds = 1; seconds <= 90; ++seconds) {
            for (const std::int64_t lot : {1, 100}) {
                Context context = calm_context();
                context.time = context.quote_time = context.deadline - std::chrono::seconds{seconds};
                context.portfolio = rung;
                context.lot = lot;
                context.filled = 11'300;
                context.volume_rate = 130.0;
                context.market_volume = 1e6;
                context.order = ++orders;
                const Decision decision = desk.step(context);
                const Outcome done{.time = context.time,
                                   .order = context.order,
                                   .kind = OutcomeKind::finished,
                                   .cost_bps = kMissing,
                                   .is_discretionary = true};
                ASSERT_TRUE(desk.record(done));
                if (decision.interval < std::chrono::seconds{seconds}) continue;
                const double allowed = decision.participation * 130.0 * seconds;
                const auto whole = std::max<std::int64_t>(
                    1, static_cast<std::int64_t>(allowed / static_cast<double>(lot) * (1.0 + 1e-9)));
                const std::int64_t most = whole * lot;
                EXPECT_EQ(decision.quantity, 700 - most < lot ? 700 : most)
                    << name(rung) << ' ' << seconds << " s, lot " << lot;
            }
        }
    }
}

TEST(DeskScenario, WithoutAMarketNoPriceIsJudged) {
    Context context = calm_context();
    context.bid = context.ask = Price{};
    const Decision decision = first_step(context);
    EXPECT_EQ(decision.binding, Guard::no_market);
    EXPECT_EQ(decision.guards[static_cast<std::size_t>(Guard::price_band)].value, 0.0);
}

TEST(DeskScenario, AnOrderEndsByBeingSentByItsDeadlineOrByContradiction) {
    Context context = calm_context();
    context.filled = 4'000;
    context.working = 8'000;
    EXPECT_EQ(first_step(context).reason, Reason::all_working);
    EXPECT_EQ(first_step(calm_context("15:30:00")).reason, Reason::past_deadline);
    context.working = 8'001;
    EXPECT_EQ(first_step(context).reason, Reason::bad_context);
    context = calm_context();
    context.volume_rate = kMissing;
    EXPECT_EQ(first_step(context).reason, Reason::bad_context);
    context = calm_context();
    context.quote_time = Timestamp::min();  // no difference with it can be taken
    EXPECT_EQ(first_step(context).reason, Reason::bad_context);
    context = calm_context();
    context.reference = Price::from_units(INT64_MIN);
    EXPECT_EQ(first_step(context).reason, Reason::bad_context);
    DeskSetup small = desk_setup();
    small.options.max_orders = 1;
    Desk desk = Desk::create(small).value();
    EXPECT_EQ(desk.step(calm_context("14:30:00", 1)).action, Action::trade);
    EXPECT_EQ(desk.step(calm_context("14:30:00", 2)).reason, Reason::no_room);
    ASSERT_TRUE(desk.record({.time = {}, .order = 1, .kind = OutcomeKind::finished, .cost_bps = kMissing}));
    EXPECT_EQ(desk.step(calm_context("14:30:00", 2)).action, Action::trade);
}

TEST(DeskScenario, ATargetOrderFollowsItsRule) {
    Context context = calm_context();
    context.kind = market::OrderKind::target;
    context.position_units = 50'000.0;
    context.signals.size = 1;
    context.signals.values[0] = 1.0;
    const Decision buys = first_step(context);
    EXPECT_EQ(buys.side, Side::buy);
    EXPECT_EQ(buys.tactic, Tactic::rule_rate);
    const double per_day = desk_setup().rules[0].decide(0.0, 0.0, 1.0) * 50'000.0;
    EXPECT_NEAR(static_cast<double>(buys.quantity), per_day / 23'400.0 * 30.0, 0.1 * per_day / 23'400.0 * 30.0 + 1.0);
    context.signals.values[0] = -1.0;
    EXPECT_EQ(first_step(context).side, Side::sell);
    context.signals.values[0] = 0.0;
    EXPECT_EQ(first_step(context).reason, Reason::at_target);
    context.rule = 1;
    EXPECT_EQ(first_step(context).reason, Reason::bad_context);
}

TEST(DeskScenario, DarkVenuesGetWhatTheyAreBelievedToFill) {
    Desk desk = Desk::create(desk_setup(3)).value();
    Decision decision = desk.step(calm_context());
    ASSERT_EQ(decision.dark.size, 3U);
    std::int64_t sum = decision.lit;
    for (std::size_t i = 0; i < 3; ++i) sum += decision.dark.values[i];
    EXPECT_EQ(sum, decision.quantity);
    // Venue 0 fills everything, the others nothing.
    for (int round = 0; round < 200; ++round) {
        for (std::int32_t venue = 0; venue < 3; ++venue) {
            ASSERT_TRUE(desk.record({.time = {},
                                     .order = 1,
                                     .venue = venue,
                                     .sent = 100,
                                     .filled = venue == 0 ? std::int64_t{100} : std::int64_t{0}}));
        }
    }
    decision = desk.step(calm_context("14:31:00"));
    EXPECT_GT(decision.dark.values[0], decision.quantity / 2);
    EXPECT_LE(decision.dark.values[1] + decision.dark.values[2], decision.quantity / 10);
    EXPECT_EQ(desk.record({.time = {}, .order = 9, .venue = 0, .sent = 1}).error().field, "order");
    EXPECT_EQ(desk.record({.time = {}, .order = 1, .venue = 3, .sent = 1}).error().field, "venue");
}

}  // namespace
}  // namespace slipcast::desk
