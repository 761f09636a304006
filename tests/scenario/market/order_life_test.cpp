// What happens to the rows of a trading day, told as events in and outcomes out.

#include <gtest/gtest.h>

#include "slipcast/market/audit.hpp"
#include "support/trading_day.hpp"

namespace slipcast::market {
namespace {

using test::first_finding;
using test::TradingDay;

constexpr Disposition kFlagged = Disposition::flagged;

TEST(OrderLife, SentPartlyFilledCancelledThenALateFill) {
    TradingDay day;
    day.order("A", 1000, "10:00:00");
    Placement& route = day.placement("A-1", "A", 500, "10:00:01", "10:05:00");
    route.end = PlacementEnd::cancelled;
    route.filled_quantity = TradingDay::shares(200);
    day.fill("f1", "A", 200, "10:01:00", "180.00", "A-1");
    day.fill("late", "A", 300, "10:05:01", "180.01", "A-1");

    const Dataset result = day.assembled().value();
    ASSERT_EQ(result.fills.size(), 1U);
    EXPECT_EQ(result.names.fills.name(result.fills[0].id), "f1");
    EXPECT_EQ(first_finding(result, "fills"), "row 2 time: a fill must not come after its placement's end");
    EXPECT_EQ(first_finding(result, "placements", kFlagged), "") << "its own 200 of 500 agree";
}

TEST(OrderLife, ACancelOfTheParentEndsItsFills) {
    TradingDay day;
    day.order("A", 1000, "10:00:00");
    day.fill("before", "A", 100, "10:01:00");
    day.fill("crossed-in-flight", "A", 100, "10:02:00");
    day.fill("after", "A", 100, "10:02:00.000000001");
    day.event("A", OrderEventKind::cancel, "10:02:00");

    const Dataset result = day.assembled().value();
    EXPECT_EQ(result.fills.size(), 2U) << "a fill at the instant of the cancel stands";
    EXPECT_EQ(first_finding(result, "fills"), "row 3 time: a fill must not come after its order's cancel");
    EXPECT_EQ(result.orders[0].cancel_time, TradingDay::at("10:02:00"));
    EXPECT_EQ(result.orders[0].quantity, TradingDay::shares(1000)) << "the remainder is an outcome, not a new quantity";
}

TEST(OrderLife, AnAmendBindsWhatFollowsAndLeavesTheOrderAsItWasGiven) {
    TradingDay day;
    Order& order = day.order("A", 1000, "10:00:00");
    order.end_time = TradingDay::at("11:00:00");
    OrderEvent& amend = day.event("A", OrderEventKind::amend, "10:30:00");
    amend.quantity = TradingDay::shares(600);
    amend.limit_price = TradingDay::price("180.50");
    amend.end_time = TradingDay::at("12:00:00");
    day.fill("f1", "A", 500, "10:10:00");
    day.fill("f2", "A", 100, "11:30:00");
    day.fill("f3", "A", 100, "11:40:00");

    const Dataset result = day.assembled().value();
    EXPECT_EQ(result.orders[0].quantity, TradingDay::shares(1000));
    EXPECT_FALSE(result.orders[0].limit_price.has_value());
    EXPECT_EQ(result.orders[0].end_time, TradingDay::at("11:00:00"));
    ASSERT_EQ(result.order_events.size(), 1U);
    EXPECT_EQ(result.order_events[0].quantity, TradingDay::shares(600));
    EXPECT_EQ(result.fills.size(), 2U) << "f2 is inside the amended end";
    EXPECT_EQ(result.orders[0].quarantined_fills, 1) << "what the order executed is not known";
    EXPECT_EQ(first_finding(result, "fills"), "row 3 quantity: fills must not exceed the order's quantity");
}

TEST(OrderLife, AnAmendBelowWhatIsFilledIsRefused) {
    TradingDay day;
    day.order("A", 1000, "10:00:00");
    day.fill("f1", "A", 500, "10:10:00");
    day.event("A", OrderEventKind::amend, "10:30:00").quantity = TradingDay::shares(400);

    const Dataset result = day.assembled().value();
    EXPECT_EQ(result.orders[0].quantity, TradingDay::shares(1000));
    EXPECT_EQ(result.fills.size(), 1U);
    EXPECT_TRUE(result.order_events.empty());
    EXPECT_EQ(first_finding(result, "order_events"),
              "row 1 quantity: an amend must not go below the quantity already filled");
}

TEST(OrderLife, ABustMakesRoomForTheFillThatReplacesIt) {
    TradingDay day;
    day.order("A", 100, "10:00:00");
    day.fill("wrong", "A", 100, "10:01:00", "280.00");
    day.fill("right", "A", 100, "10:02:00", "180.00");
    day.fill_event("wrong", FillEventKind::bust, "10:30:00");

    const Dataset result = day.assembled().value();
    ASSERT_EQ(result.fills.size(), 1U);
    EXPECT_EQ(result.fills[0].price, TradingDay::price("180.00"));
    EXPECT_EQ(result.quality.quarantined(), 0);
    EXPECT_EQ(first_finding(result, "fills", kFlagged), "row 1 fill_id: busted: taken out of every metric");
    ASSERT_EQ(result.first_reports.size(), 1U) << "until 10:30 it was all that was known";
    EXPECT_EQ(result.first_reports[0].price, TradingDay::price("280.00"));
    EXPECT_EQ(result.first_reports[0].quantity, TradingDay::shares(100));
}

TEST(OrderLife, CorrectionsApplyInTimeOrderWhateverTheirRowOrder) {
    TradingDay day;
    day.order("A", 1000, "10:00:00");
    day.fill("f1", "A", 100, "10:01:00", "181.00");
    day.fill_event("f1", FillEventKind::correct, "10:40:00").price = TradingDay::price("180.20");
    day.fill_event("f1", FillEventKind::correct, "10:20:00").price = TradingDay::price("180.10");
    day.fill_event("f1", FillEventKind::correct, "10:30:00").quantity = TradingDay::shares(200);

    const Dataset result = day.assembled().value();
    EXPECT_EQ(result.fills[0].price, TradingDay::price("180.20"));
    EXPECT_EQ(result.fills[0].quantity, TradingDay::shares(200));
    ASSERT_EQ(result.first_reports.size(), 1U);
    EXPECT_EQ(result.first_reports[0].price, TradingDay::price("181.00"));
    EXPECT_EQ(result.first_reports[0].quantity, TradingDay::shares(100));
}

TEST(OrderLife, WhatHappensToABustedFillAfterwardsIsRefused) {
    TradingDay day;
    day.order("A", 1000, "10:00:00");
    day.fill("f1", "A", 100, "10:01:00");
    day.fill("f2", "A", 100, "10:01:00");
    day.fill_event("f1", FillEventKind::bust, "10:20:00");
    day.fill_event("f1", FillEventKind::correct, "10:30:00").price = TradingDay::price("180.10");
    const Dataset result = day.assembled().value();
    EXPECT_EQ(result.fills.size(), 1U);
    EXPECT_EQ(first_finding(result, "fill_events"), "row 2 fill_id: the fill was busted before this event");
    EXPECT_EQ(result.first_reports.size(), 1U) << "f2 stands as it was reported";
}

TEST(OrderLife, ARefusedEventChangesNothingThatWasReported) {
    TradingDay day;
    day.order("A", 1000, "10:00:00");
    day.fill("f1", "A", 100, "10:01:00");
    day.fill_event("f1", FillEventKind::bust, "10:00:30");
    const Dataset result = day.assembled().value();
    EXPECT_EQ(result.fills.size(), 1U);
    EXPECT_TRUE(result.first_reports.empty());
}

TEST(OrderLife, APlacementIsJudgedByTheAmendedEnd) {
    const auto remark = [](bool is_extended, std::string_view sent) {
        TradingDay day;
        day.order("A", 1000, "10:00:00").end_time = TradingDay::at("11:00:00");
        if (is_extended) day.event("A", OrderEventKind::amend, "10:30:00").end_time = TradingDay::at("12:00:00");
        Placement& route = day.placement("A-1", "A", 500, sent, "13:00:00");
        route.end = PlacementEnd::expired;
        route.filled_quantity = TradingDay::shares(0);
        return first_finding(day.assembled().value(), "placements", kFlagged);
    };
    EXPECT_NE(remark(false, "11:30:00"), "") << "sent after the deadline";
    EXPECT_EQ(remark(true, "11:30:00"), "") << "the deadline was moved to noon";
    EXPECT_NE(remark(true, "12:30:00"), "") << "sent after that one too";
}

TEST(OrderLife, FillsBeyondTheOrderAreOverfillsInTimeOrder) {
    TradingDay day;
    day.order("A", 300, "10:00:00");
    day.fill("third", "A", 200, "10:03:00");
    day.fill("first", "A", 200, "10:01:00");
    day.fill("second", "A", 100, "10:02:00");
    const Dataset result = day.assembled().value();
    EXPECT_EQ(result.fills.size(), 2U);
    EXPECT_EQ(first_finding(result, "fills"), "row 1 quantity: fills must not exceed the order's quantity");
}

TEST(OrderLife, FillsBeyondThePlacementAreOverfillsThoughTheOrderHasRoom) {
    TradingDay day;
    day.order("A", 1000, "10:00:00");
    day.placement("A-1", "A", 300, "10:00:01", "10:05:00");
    day.fill("f1", "A", 300, "10:01:00", "180.00", "A-1");
    day.fill("f2", "A", 100, "10:02:00", "180.00", "A-1");
    const Dataset result = day.assembled().value();
    EXPECT_EQ(first_finding(result, "fills"),
              "row 2 quantity: fills must not exceed the quantity that the placement sent");
}

TEST(OrderLife, FillsOutsideTheLifeOfTheOrderAreQuarantined) {
    TradingDay day;
    day.order("A", 1000, "10:00:00").end_time = TradingDay::at("11:00:00");
    day.fill("early", "A", 100, "09:59:59");
    day.fill("at-arrival", "A", 100, "10:00:00");
    day.fill("at-end", "A", 100, "11:00:00");
    day.fill("late", "A", 100, "11:00:01");
    const Dataset result = day.assembled().value();
    EXPECT_EQ(result.fills.size(), 2U);
    EXPECT_EQ(result.quality.quarantined(), 2);
    EXPECT_EQ(first_finding(result, "fills"), "row 1 time: a fill must not come before its order arrived");
}

TEST(OrderLife, APlacementThatEndedFilledButIsNotFullIsFlagged) {
    TradingDay day;
    day.order("A", 1000, "10:00:00");
    Placement& route = day.placement("A-1", "A", 500, "10:00:01", "10:05:00");
    route.filled_quantity = TradingDay::shares(300);
    day.fill("f1", "A", 300, "10:01:00", "180.00", "A-1");
    const Dataset result = day.assembled().value();
    EXPECT_EQ(result.placements.size(), 1U);
    EXPECT_EQ(first_finding(result, "placements", kFlagged),
              "row 1 end: a placement that ended filled must be filled in full");
}

TEST(OrderLife, SumsOfFillsAreCheckedAgainstFilledAndCumulativeQuantity) {
    TradingDay day;
    day.order("A", 1000, "10:00:00");
    day.placement("A-1", "A", 300, "10:00:01", "10:05:00").cumulative_quantity = TradingDay::shares(300);
    Placement& second = day.placement("A-2", "A", 200, "10:05:00", "10:10:00");
    second.cumulative_quantity = TradingDay::shares(450);
    day.fill("f1", "A", 300, "10:01:00", "180.00", "A-1");
    day.fill("f2", "A", 200, "10:07:00", "180.00", "A-2");
    const Dataset result = day.assembled().value();
    EXPECT_EQ(first_finding(result, "placements", kFlagged),
              "row 2 cumulative_quantity: must equal the sum of the order's fills up to the placement's end");

    day.draft.placements.rows[1].cumulative_quantity = TradingDay::shares(500);
    day.draft.placements.rows[0].filled_quantity = TradingDay::shares(200);
    EXPECT_EQ(first_finding(day.assembled().value(), "placements", kFlagged),
              "row 1 filled_quantity: must equal the sum of the placement's fills");
}

TEST(OrderLife, PauseAndResume) {
    TradingDay day;
    day.order("A", 1000, "10:00:00");
    day.event("A", OrderEventKind::pause, "10:10:00");
    day.event("A", OrderEventKind::resume, "10:20:00");
    day.fill("f1", "A", 100, "10:05:00");
    day.fill("f2", "A", 100, "10:15:00");
    day.fill("f3", "A", 100, "10:25:00");
    const Dataset result = day.assembled().value();
    EXPECT_EQ(result.fills.size(), 3U) << "a fill while paused is odd, not impossible";
    EXPECT_EQ(first_finding(result, "fills", kFlagged), "row 2 time: a fill while its order was paused");
    EXPECT_EQ(result.quality.flagged(), 1);
}

TEST(OrderLife, AFillWorseThanTheLimitIsFlaggedOnEitherSide) {
    TradingDay day;
    day.order("B", 1000, "10:00:00").limit_price = TradingDay::price("180.00");
    Order& sell = day.order("S", 1000, "10:00:00");
    sell.side = Side::sell;
    sell.limit_price = TradingDay::price("180.00");
    day.fill("b-better", "B", 100, "10:01:00", "179.99");
    day.fill("b-worse", "B", 100, "10:02:00", "180.01");
    day.fill("s-better", "S", 100, "10:01:00", "180.01");
    day.fill("s-worse", "S", 100, "10:02:00", "179.99");
    const Dataset result = day.assembled().value();
    EXPECT_EQ(result.fills.size(), 4U);
    ASSERT_EQ(result.quality.rules().size(), 1U);
    EXPECT_EQ(result.quality.rules()[0].count, 2);
    EXPECT_EQ(result.quality.rules()[0].rule, "a fill worse than its order's limit price");
}

TEST(OrderLife, MidpointAndSubPennyFillsAreKeptAndFlagged) {
    TradingDay day;
    day.order("A", 1000, "10:00:00");
    day.fill("mid", "A", 100, "10:01:00", "180.005");
    day.fill("retail", "A", 100, "10:01:00", "180.0001");
    const Dataset result = day.assembled().value();
    EXPECT_EQ(result.fills.size(), 2U);
    EXPECT_EQ(first_finding(result, "fills", kFlagged), "row 1 price: off the tick size");
    EXPECT_EQ(result.quality.flagged(), 2);
}

TEST(PlacementLedgerLife, MovesFromSentOverPartlyFilledToItsEnd) {
    TradingDay day;
    Placement route = day.placement("A-1", "A", 300, "10:00:00", "10:05:00");
    route.end = PlacementEnd::expired;
    PlacementLedger ledger(route, 0);
    EXPECT_EQ(ledger.state(), PlacementState::sent);
    ledger.admit(day.fill("f1", "A", 100, "10:01:00"));
    EXPECT_EQ(name(ledger.state()), "partially_filled");
    EXPECT_TRUE(ledger.refusal(day.fill("f2", "A", 201, "10:02:00")));
    EXPECT_EQ(ledger.filled(), TradingDay::shares(100)) << "asking changes nothing";
    ledger.end();
    EXPECT_EQ(name(ledger.state()), "expired");
    EXPECT_EQ(ledger.refusal(day.fill("f3", "A", 1, "10:02:00"))->rule,
              "a fill must not come after its placement's end");
}

TEST(PlacementLedgerLife, ARejectHasNoFill) {
    TradingDay day;
    Placement route = day.placement("A-1", "A", 300, "10:00:00", "10:05:00");
    route.end = PlacementEnd::rejected;
    route.filled_quantity = TradingDay::shares(100);
    PlacementLedger ledger(route, 0);
    ledger.admit(day.fill("f1", "A", 100, "10:01:00"));
    ledger.end();
    ASSERT_EQ(ledger.disagreements().size(), 1U);
    EXPECT_EQ(ledger.disagreements()[0].rule, "a rejected placement must have no fill");
}

}  // namespace
}  // namespace slipcast::market
