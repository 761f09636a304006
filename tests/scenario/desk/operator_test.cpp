#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "support/desk_market.hpp"

// What the person beside the desk meets: wrong clocks, wrong fields, orders that change, children that still work.

namespace slipcast::desk {
namespace {

using test::calm_context;
using test::desk_setup;
using test::desk_time;

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

Context target(std::string_view clock = "14:30:00", double signal = 1.0) {
    Context context = calm_context(clock);
    context.kind = market::OrderKind::target;
    context.position_units = 50'000.0;
    context.signals.size = 1;
    context.signals.values[0] = signal;
    return context;
}

TEST(DeskClock, RejectsDatedTenYearsAheadStopTheDeskForAWindowOnly) {
    Desk desk = Desk::create(desk_setup()).value();
    EXPECT_EQ(desk.step(calm_context()).action, Action::trade);
    const Timestamp wrong = Timestamp::parse("2034-03-05T14:30:00Z").value();
    for (int i = 0; i < 6; ++i) {
        ASSERT_TRUE(desk.record({.time = wrong, .order = 1, .kind = OutcomeKind::rejected}));
    }
    EXPECT_EQ(desk.step(calm_context("14:30:10")).binding, Guard::reject_storm) << "six rejects are six rejects";
    Desk restarted = Desk::create(desk_setup()).value();
    ASSERT_TRUE(restarted.restore(desk.save()));
    for (Desk* each : {&desk, &restarted}) {
        EXPECT_EQ(each->step(calm_context("14:31:09")).binding, Guard::reject_storm);
        EXPECT_EQ(each->step(calm_context("14:31:10")).action, Action::trade);
    }
}

TEST(DeskClock, StepsDatedADayAheadDoNotUseUpTheMessagesForGood) {
    DeskSetup setup = desk_setup();
    setup.options.guards.messages = 2;
    Desk desk = Desk::create(setup).value();
    for (const std::uint64_t order : {1U, 2U}) {
        Context ahead = calm_context("14:30:00", order);
        ahead.time = ahead.quote_time = ahead.time + std::chrono::hours{24};
        ahead.deadline = ahead.deadline + std::chrono::hours{24};
        EXPECT_EQ(desk.step(ahead).action, Action::trade);
    }
    EXPECT_EQ(desk.step(calm_context("14:30:00")).binding, Guard::message_rate) << "the two were sent just now";
    EXPECT_EQ(desk.step(calm_context("14:31:00")).action, Action::trade);
    EXPECT_EQ(desk.step(calm_context("14:31:01")).action, Action::trade);
    EXPECT_EQ(desk.step(calm_context("14:31:02")).binding, Guard::message_rate) << "and the limit still holds";
}

TEST(DeskContext, ABadContextNamesItsField) {
    Desk desk = Desk::create(desk_setup()).value();
    EXPECT_EQ(desk.step(calm_context()).field, ContextField::none);
    struct Wrong {
        ContextField field;
        void (*make)(Context&);
    };
    const std::vector<Wrong> all{
        {ContextField::time, [](Context& c) { c.time = Timestamp::min(); }},
        {ContextField::deadline, [](Context& c) { c.deadline = Timestamp::min(); }},
        {ContextField::quote_time, [](Context& c) { c.quote_time = Timestamp::min(); }},
        {ContextField::quantity, [](Context& c) { c.quantity = 0; }},
        {ContextField::filled, [](Context& c) { c.filled = 12'001; }},
        {ContextField::working, [](Context& c) { c.working = 12'001; }},
        {ContextField::working, [](Context& c) { c.working = -1; }},
        {ContextField::lot, [](Context& c) { c.lot = 0; }},
        {ContextField::volume_rate, [](Context& c) { c.volume_rate = kMissing; }},
        {ContextField::unit_value, [](Context& c) { c.unit_value = 0.0; }},
        {ContextField::own_volume, [](Context& c) { c.own_volume = -1.0; }},
        {ContextField::market_volume, [](Context& c) { c.market_volume = HUGE_VAL; }},
        {ContextField::bid, [](Context& c) { c.bid = Price::from_units(INT64_MAX); }},
        {ContextField::inputs, [](Context& c) { c.inputs.size = 65; }},
    };
    for (const Wrong& wrong : all) {
        Context context = calm_context();
        wrong.make(context);
        const Decision decision = desk.step(context);
        EXPECT_EQ(decision.reason, Reason::bad_context) << name(wrong.field);
        EXPECT_EQ(name(decision.field), name(wrong.field));
        EXPECT_FALSE(decision.cancel_working);
    }
    Context context = target();
    context.order = 2;
    context.rule = 1;
    EXPECT_EQ(desk.step(context).field, ContextField::rule);
    context = target();
    context.order = 2;
    context.position = kMissing;
    EXPECT_EQ(desk.step(context).field, ContextField::position);
    context = target();
    context.order = 2;
    context.signals.values[0] = kMissing;
    EXPECT_EQ(desk.step(context).field, ContextField::signals);
    EXPECT_EQ(name(ContextField::inputs), "inputs");
}

TEST(DeskContext, AnOrderKeepsItsKindAndItsSide) {
    Desk desk = Desk::create(desk_setup()).value();
    EXPECT_EQ(desk.step(calm_context()).action, Action::trade);
    Context flipped = calm_context("14:30:30");
    flipped.side = Side::sell;
    EXPECT_EQ(desk.step(flipped).field, ContextField::side);
    EXPECT_EQ(desk.step(target("14:30:30")).field, ContextField::kind);
    Desk restarted = Desk::create(desk_setup()).value();
    ASSERT_TRUE(restarted.restore(desk.save()));
    EXPECT_EQ(restarted.step(flipped).field, ContextField::side);
    EXPECT_EQ(restarted.step(calm_context("14:30:30")).action, Action::trade);
    // A key that comes back after its order is done is another order.
    ASSERT_TRUE(desk.record({.time = flipped.time, .order = 1, .kind = OutcomeKind::finished, .cost_bps = kMissing}));
    EXPECT_EQ(desk.step(flipped).action, Action::trade);
}

TEST(DeskTarget, WhatWorksCountsAsHeld) {
    DeskSetup setup = desk_setup();
    setup.options.sizing.green_randomness = 0.0;
    Desk desk = Desk::create(setup).value();
    Context held = target();
    held.order = 1;
    held.position = 0.1;
    Context working = target();
    working.order = 2;
    working.working = 5'000;
    const Decision one = desk.step(held), other = desk.step(working);
    ASSERT_EQ(one.action, Action::trade);
    EXPECT_EQ(other.participation, one.participation);
    EXPECT_EQ(other.side, one.side);
    // Nothing fills: the children that wait do not pile up past the aim.
    const double aim = setup.rules[0].aim(0.0, std::vector{1.0}) * 50'000.0;
    Context waiting = target();
    waiting.order = 3;
    waiting.volume_rate = 1e6;
    waiting.market_volume = 1e9;
    for (int i = 0; i < 2'000; ++i) {
        waiting.time = waiting.quote_time = waiting.time + std::chrono::minutes{2};
        const Decision decision = desk.step(waiting);
        if (decision.action == Action::trade) waiting.working += decision.quantity;
        ASSERT_LE(static_cast<double>(waiting.working), aim + 1.0);
    }
    EXPECT_GT(static_cast<double>(waiting.working), 0.5 * aim);
}

TEST(DeskTarget, ChildrenOfTheOtherSideGoFirst) {
    Desk desk = Desk::create(desk_setup()).value();
    Context context = target("14:30:00", -1.0);
    context.working = 400;
    const Decision reverses = desk.step(context);
    EXPECT_EQ(reverses.side, Side::sell);
    EXPECT_EQ(reverses.action, Action::wait);
    EXPECT_EQ(reverses.reason, Reason::reversing);
    EXPECT_TRUE(reverses.cancel_working);
    context.working = 0;
    EXPECT_EQ(desk.step(context).action, Action::trade);
    context.working = -400;
    const Decision goes_on = desk.step(context);
    EXPECT_EQ(goes_on.action, Action::trade);
    EXPECT_FALSE(goes_on.cancel_working);
}

TEST(DeskCancel, TheKillSwitchCallsInWhatWorksWhateverElseIsWrong) {
    Desk desk = Desk::create(desk_setup()).value();
    Context all_working = calm_context();
    all_working.working = 12'000;
    Context bad = calm_context();
    bad.lot = 0;
    for (const Context& context : {calm_context(), all_working, bad}) EXPECT_FALSE(desk.step(context).cancel_working);
    desk.kill();
    for (const Context& context : {calm_context(), all_working, bad}) {
        const Decision decision = desk.step(context);
        EXPECT_TRUE(decision.cancel_working) << name(decision.reason);
        EXPECT_EQ(decision.action, Action::wait);
    }
    desk.release();
    EXPECT_FALSE(desk.step(calm_context()).cancel_working);
}

TEST(DeskCancel, AStaleQuoteOrAPastDeadlineCallsInWhatWorks) {
    DeskSetup setup = desk_setup();
    Desk desk = Desk::create(setup).value();
    Context context = calm_context();
    context.working = 12'000;
    context.quote_time = desk_time("14:29:55");
    EXPECT_FALSE(desk.step(context).cancel_working) << "five seconds old: at the limit";
    context.quote_time = desk_time("14:29:54");
    EXPECT_TRUE(desk.step(context).cancel_working);
    setup.options.guards.stale_mode = static_cast<int>(LimitMode::observe);
    Desk observing = Desk::create(setup).value();
    EXPECT_FALSE(observing.step(context).cancel_working);
    context = calm_context("15:30:00");
    context.working = 12'000;
    EXPECT_TRUE(desk.step(context).cancel_working);
}

TEST(DeskCancel, ATighterLimitPriceCallsInWhatWasSentBeyondIt) {
    Desk desk = Desk::create(desk_setup()).value();
    Context context = calm_context();
    context.limit_price = Price::parse("100.50").value();
    const Decision sent = desk.step(context);
    ASSERT_EQ(sent.action, Action::trade);
    context.working = sent.quantity;
    // The market runs away: what rests within the limit stays where it is.
    context.bid = Price::parse("100.51").value();
    context.ask = Price::parse("100.52").value();
    const Decision away = desk.step(context);
    EXPECT_EQ(away.reason, Reason::price_limit);
    EXPECT_FALSE(away.cancel_working);
    // The parent's limit comes down below what was sent.
    context.limit_price = sent.price + PriceMove::from_units(-1);
    Desk restarted = Desk::create(desk_setup()).value();
    ASSERT_TRUE(restarted.restore(desk.save()));
    for (Desk* each : {&desk, &restarted}) {
        EXPECT_TRUE(each->step(context).cancel_working);
        EXPECT_FALSE(each->step(context).cancel_working) << "said once; nothing was sent since";
    }
}

TEST(DeskCompletion, AnOutcomeThatDoesNotSayItTeachesNothingOfCompletion) {
    const auto miss_risk_after = [](std::optional<bool> is_complete) {
        Desk desk = Desk::create(desk_setup()).value();
        for (int i = 0; i < 200; ++i) {
            static_cast<void>(desk.step(calm_context()));
            EXPECT_TRUE(desk.record({.time = desk_time("14:40:00"),
                                     .order = 1,
                                     .kind = OutcomeKind::finished,
                                     .cost_bps = 4.0,
                                     .is_complete = is_complete}));
        }
        EXPECT_EQ(desk.models()->champion_card().count, 200);
        return desk.step(calm_context()).candidates.values[0].miss_risk;
    };
    const double before = Desk::create(desk_setup()).value().step(calm_context()).candidates.values[0].miss_risk;
    EXPECT_EQ(miss_risk_after(std::nullopt), before);
    EXPECT_GT(miss_risk_after(false), before);
    EXPECT_LT(miss_risk_after(true), before);
}

}  // namespace
}  // namespace slipcast::desk
