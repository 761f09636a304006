// One rule, one row: what each table refuses, what it keeps and flags.

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "support/trading_day.hpp"

namespace slipcast::market {
namespace {

using test::first_finding;
using test::TradingDay;

struct Broken {
    const char* finding;
    std::function<void(TradingDay&)> make;
};

/// A day with one good order, placement and fill in the first rows.
TradingDay good_day() {
    TradingDay day;
    day.order("good", 1000, "10:00:00");
    day.placement("good-1", "good", 100, "10:00:01", "10:05:00");
    day.fill("good-f", "good", 100, "10:01:00", "180.00", "good-1");
    return day;
}

void expect_quarantined(const char* table, const std::vector<Broken>& cases) {
    for (const Broken& broken : cases) {
        TradingDay day = good_day();
        broken.make(day);
        const Result<Dataset> result = day.assembled();
        ASSERT_TRUE(result) << broken.finding << result.error().message();
        EXPECT_EQ(first_finding(*result, table), broken.finding);
        EXPECT_EQ(result->quality.quarantined(), 1) << broken.finding;
        EXPECT_EQ(result->orders.size() + result->placements.size() + result->fills.size(), 3U)
            << broken.finding << ": the good rows stay";
    }
}

TEST(Validation, Orders) {
    const auto second = [](auto change) {
        return [change](TradingDay& day) { change(day.order("bad", 500, "10:00:00")); };
    };
    expect_quarantined(
        "orders",
        {{"row 2 quantity: must be > 0", second([](Order& o) { o.quantity = Quantity{}; })},
         {"row 2 quantity: must be at most 1e18 units of its scale",
          second([](Order& o) { o.quantity = Quantity::from_units(INT64_MAX); })},
         {"row 2 limit_price: must be > 0", second([](Order& o) { o.limit_price = Price{}; })},
         {"row 2 decision_price: must be > 0", second([](Order& o) { o.decision_price = Price::from_units(-1); })},
         {"row 2 arrival_time: must not come before decision_time and desk_arrival_time",
          second([](Order& o) { o.decision_time = TradingDay::at("10:00:01"); })},
         {"row 2 desk_arrival_time: must not come before decision_time", second([](Order& o) {
              o.decision_time = TradingDay::at("09:59:00");
              o.desk_arrival_time = TradingDay::at("09:58:59");
          })},
         {"row 2 broker_arrival_time: must not come before the decision and earlier arrivals",
          second([](Order& o) { o.broker_arrival_time = TradingDay::at("09:59:59"); })},
         {"row 2 end_time: must not come before the decision and the arrivals",
          second([](Order& o) { o.end_time = TradingDay::at("09:59:59"); })},
         {"row 2 min_completion: must be in [0, 1]", second([](Order& o) { o.min_completion = 1.01; })},
         {"row 2 max_participation: must be in (0, 1]", second([](Order& o) { o.max_participation = 0.0; })},
         {"row 2 max_participation: must be in (0, 1]", second([](Order& o) { o.max_participation = NAN; })},
         {"row 2 assignment_probability: must be in (0, 1]", second([](Order& o) { o.assignment_probability = -0.5; })},
         {"row 2 alpha_half_life: must be > 0", second([](Order& o) { o.alpha_half_life = Duration{}; })},
         {"row 2 symbol: must name an accepted row of instruments",
          [](TradingDay& day) {
              day.order("bad", 500, "10:00:00").instrument = day.draft.names.symbols.intern("MSFT");
          }},
         {"row 2 order_id: must be used once (the first row stays)",
          [](TradingDay& day) { day.order("good", 5, "10:00:00"); }}});
}

TEST(Validation, Placements) {
    const auto second = [](auto change) {
        return [change](TradingDay& day) { change(day.placement("bad", "good", 200, "10:06:00", "10:07:00")); };
    };
    expect_quarantined(
        "placements",
        {{"row 2 quantity: must be > 0", second([](Placement& p) { p.quantity = Quantity::from_units(-5); })},
         {"row 2 done_time: must not come before sent_time",
          second([](Placement& p) { p.done_time = TradingDay::at("10:05:59"); })},
         {"row 2 filled_quantity: must not exceed the quantity sent",
          second([](Placement& p) { p.filled_quantity = TradingDay::shares(201); })},
         {"row 2 filled_quantity: must be >= 0",
          second([](Placement& p) { p.filled_quantity = TradingDay::shares(-1); })},
         {"row 2 min_quantity: must be > 0 and not exceed the quantity sent",
          second([](Placement& p) { p.min_quantity = TradingDay::shares(201); })},
         {"row 2 order_id: must name an accepted row of orders",
          [](TradingDay& day) { day.placement("bad", "nowhere", 200, "10:06:00", "10:07:00"); }},
         {"row 2 placement_id: must be used once (the first row stays)",
          [](TradingDay& day) { day.placement("good-1", "good", 200, "10:06:00", "10:07:00"); }}});
}

TEST(Validation, Fills) {
    expect_quarantined(
        "fills",
        {{"row 2 price: must be > 0", [](TradingDay& day) { day.fill("bad", "good", 10, "10:02:00", "-1"); }},
         {"row 2 quantity: must be > 0", [](TradingDay& day) { day.fill("bad", "good", 0, "10:02:00"); }},
         {"row 2 order_id: must name an accepted row of orders",
          [](TradingDay& day) { day.fill("bad", "nowhere", 10, "10:02:00"); }},
         {"row 2 placement_id: must name an accepted row of placements",
          [](TradingDay& day) { day.fill("bad", "good", 10, "10:02:00", "180", "nowhere"); }},
         {"row 2 fill_id: must be used once (the first row stays)",
          [](TradingDay& day) { day.fill("good-f", "good", 10, "10:02:00"); }},
         {"row 2 fee: must be in the instrument's currency",
          [](TradingDay& day) {
              day.fill("bad", "good", 10, "10:02:00").fee = Money::parse("1", Currency::parse("EUR").value()).value();
          }},
         {"row 2 quantity: price x quantity must be at most 1e18 of the currency",
          [](TradingDay& day) { day.fill("bad", "good", 999'999'999'999'999'999, "10:02:00", "999999999"); }}});
}

TEST(Validation, AFillsPlacementMustBeOfItsOrder) {
    TradingDay day = good_day();
    day.order("other", 1000, "10:00:00");
    day.fill("bad", "other", 10, "10:02:00", "180", "good-1");
    EXPECT_EQ(first_finding(day.assembled().value(), "fills"),
              "row 2 placement_id: a fill and its placement must belong to one order");
}

TEST(Validation, FillEventsAndOrderEvents) {
    expect_quarantined(
        "fill_events",
        {{"row 1 fill_id: must name an accepted row of fills",
          [](TradingDay& day) { day.fill_event("nowhere", FillEventKind::bust, "10:02:00"); }},
         {"row 1 time: a correction or bust must not come before its fill",
          [](TradingDay& day) { day.fill_event("good-f", FillEventKind::bust, "10:00:59"); }},
         {"row 1 event: a correction must carry a price or a quantity",
          [](TradingDay& day) { day.fill_event("good-f", FillEventKind::correct, "10:02:00"); }},
         {"row 1 price: must be > 0",
          [](TradingDay& day) { day.fill_event("good-f", FillEventKind::correct, "10:02:00").price = Price{}; }},
         {"row 1 quantity: a corrected quantity must be > 0 (taking a fill back is a bust)", [](TradingDay& day) {
              day.fill_event("good-f", FillEventKind::correct, "10:02:00").quantity = Quantity{};
          }}});
    expect_quarantined("order_events",
                       {{"row 1 order_id: must name an accepted row of orders",
                         [](TradingDay& day) { day.event("nowhere", OrderEventKind::cancel, "10:02:00"); }},
                        {"row 1 time: an order event must not come before its order arrived",
                         [](TradingDay& day) { day.event("good", OrderEventKind::cancel, "09:59:59"); }},
                        {"row 1 event: an amend must change the quantity, the limit price or the end time",
                         [](TradingDay& day) { day.event("good", OrderEventKind::amend, "10:02:00"); }},
                        {"row 1 end_time: an amend must not end the order in the past",
                         [](TradingDay& day) {
                             day.event("good", OrderEventKind::amend, "10:02:00").end_time = TradingDay::at("10:01:00");
                         }},
                        {"row 2 time: an order event must not come after its order's cancel", [](TradingDay& day) {
                             day.event("good", OrderEventKind::cancel, "10:30:00");
                             day.event("good", OrderEventKind::amend, "10:31:00").quantity = TradingDay::shares(2000);
                         }}});
}

TEST(Validation, SpreadContractsTradeAtAnyPrice) {
    TradingDay day;
    day.draft.instruments.rows[0].kind = ContractKind::spread;
    day.order("A", 1000, "10:00:00").limit_price = TradingDay::price("-0.25");
    day.fill("f1", "A", 100, "10:01:00", "-0.30");
    day.fill("f2", "A", 100, "10:01:00", "0");
    EXPECT_EQ(day.assembled().value().fills.size(), 2U);
}

TEST(Validation, SessionsMustNotOverlapAndHalfDaysStay) {
    TradingDay day = good_day();
    const LabelId nyse = day.draft.names.labels.intern("XNYS");
    const auto session = [&](const char* date, const char* open, const char* close) {
        Session s;
        s.market = nyse;
        s.date = Date::parse(date).value();
        s.open = Timestamp::parse(open).value();
        s.close = Timestamp::parse(close).value();
        return s;
    };
    day.draft.sessions.add(session("2013-10-08", "2013-10-08T13:30:00Z", "2013-10-08T17:00:00Z"));
    day.draft.sessions.rows.back().half_day = true;
    day.draft.sessions.add(session("2013-10-07", "2013-10-07T09:30:00Z", "2013-10-07T16:00:00Z"));
    day.draft.sessions.add(session("2013-10-07", "2013-10-07T15:59:59Z", "2013-10-07T20:00:00Z"));
    day.draft.sessions.add(session("2013-10-09", "2013-10-09T20:00:00Z", "2013-10-09T13:30:00Z"));
    const Dataset result = day.assembled().value();
    EXPECT_EQ(result.sessions.all().size(), 2U);
    EXPECT_EQ(result.quality.quarantined(), 2);
    EXPECT_EQ(first_finding(result, "sessions"), "row 3 open: sessions of one market must not overlap");
    EXPECT_TRUE(result.sessions.on(nyse, Date::parse("2013-10-08").value())->half_day);
}

TEST(Validation, MarketEventsFxAndCorporateActions) {
    TradingDay day = good_day();
    MarketEvent nowhere;
    day.draft.events.add(nowhere);
    FxRate rate{Currency::parse("EUR").value(), TradingDay::at("10:00:00"), TradingDay::price("1.35")};
    day.draft.fx.add(rate);
    day.draft.fx.add(rate);
    CorporateAction split;
    split.instrument = day.draft.names.symbols.find("IBM");
    split.ratio = TradingDay::price("0");
    day.draft.corporate_actions.add(split);
    CorporateAction renamed = split;
    renamed.kind = CorporateActionKind::symbol_change;
    day.draft.corporate_actions.add(renamed);
    const Dataset result = day.assembled().value();
    EXPECT_EQ(first_finding(result, "events"), "row 1 symbol: an event must name a symbol or a market");
    EXPECT_EQ(first_finding(result, "fx"), "row 2 currency: a currency has one rate at one time");
    EXPECT_EQ(first_finding(result, "corporate_actions"), "row 1 ratio: must be > 0");
    EXPECT_EQ(result.fx.size(), 1U);
    EXPECT_TRUE(result.corporate_actions.empty());
}

TEST(Validation, OddLotsAndOffTickLimitsAreKeptAndFlaggedOncePerRow) {
    TradingDay day;
    day.order("A", 1037, "10:00:00").limit_price = TradingDay::price("180.005");
    day.fill("f1", "A", 37, "10:01:00");
    const Dataset result = day.assembled().value();
    EXPECT_EQ(result.orders.size(), 1U);
    EXPECT_EQ(result.quality.rules().size(), 2U);
    EXPECT_EQ(result.quality.flagged(), 1) << "one row with two flags";
}

TEST(Validation, PlacesNameFileRowAndTime) {
    TradingDay day = good_day();
    day.fill("bad", "good", 0, "10:02:00");
    day.draft.files = {"fills-monday.csv"};
    day.draft.fills.source_file.back() = 0;
    day.draft.fills.source_row.back() = 4711;
    const Dataset result = day.assembled().value();
    EXPECT_EQ(result.quality.quarantine().at(0).error.message(),
              "fills-monday.csv row 4711 at 2013-10-07T10:02:00Z: quantity = 0: must be > 0 (invalid_value)");
}

TEST(Validation, ReadIsAcceptedPlusQuarantinedForEveryTable) {
    TradingDay day = good_day();
    day.fill("bad", "good", 0, "10:02:00");
    day.order("bad", -1, "10:00:00");
    const Dataset result = day.assembled().value();
    for (const TableCount& count : result.quality.tables()) {
        EXPECT_EQ(count.read, count.accepted + count.quarantined) << count.table;
    }
    EXPECT_EQ(result.quality.tables().size(), 4U) << "only tables that were there";
}

TEST(Validation, NothingToMeasureIsRefusedWithTheFirstReason) {
    TradingDay empty;
    EXPECT_EQ(empty.assembled().error().rule, "orders or fills must have at least one accepted row");
    TradingDay day = good_day();
    day.draft.instruments.rows[0].tick_size = PriceMove{};
    const Result<Dataset> refused = day.assembled();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().field, "instruments");
    EXPECT_NE(refused.error().rule.find("tick_size"), std::string::npos) << refused.error().message();
}

}  // namespace
}  // namespace slipcast::market
