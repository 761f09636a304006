#include <gtest/gtest.h>

#include <algorithm>

#include "support/trading_day.hpp"

namespace slipcast::market {
namespace {

using test::first_finding;
using test::TradingDay;

bool degrades(const Dataset& dataset, std::string_view table, std::string_view missing, std::int64_t rows) {
    const auto& all = dataset.quality.degradations();
    return std::any_of(all.begin(), all.end(), [&](const Degradation& d) {
        return d.table == table && d.missing == missing && d.rows == rows && !d.effect.empty();
    });
}

Date day_of(const char* text) {
    return Date::parse(text).value();
}

TEST(InstrumentDays, VolumeNeverComesFromTheFuture) {
    TradingDay day;
    day.order("A", 100, "10:00:00");
    Instrument later = day.draft.instruments.rows[0];
    later.as_of = day_of("2013-10-09");
    later.adv = 2e6;
    day.draft.instruments.rows[0].adv = 1e6;
    day.draft.instruments.add(later);
    const Dataset result = day.assembled().value();
    const InstrumentId ibm = result.names.symbols.find("IBM");
    EXPECT_EQ(result.instrument_on(ibm, day_of("2013-10-06")), nullptr) << "nothing was known yet";
    EXPECT_EQ(result.instrument_on(ibm, day_of("2013-10-07"))->adv, 1e6);
    EXPECT_EQ(result.instrument_on(ibm, day_of("2013-10-08"))->adv, 1e6);
    EXPECT_EQ(result.instrument_on(ibm, day_of("2013-10-09"))->adv, 2e6);
    EXPECT_EQ(result.instrument_on(InstrumentId::from_index(5), day_of("2013-10-09")), nullptr);
    EXPECT_EQ(result.instrument(ibm).adv, 1e6) << "the earliest row";
    EXPECT_EQ(result.instrument_days.size(), 2U);
}

TEST(InstrumentDays, OneRowADayAndOneScaleForGood) {
    TradingDay day;
    day.order("A", 100, "10:00:00");
    day.draft.instruments.add(day.draft.instruments.rows[0]);
    Instrument rescaled = day.draft.instruments.rows[0];
    rescaled.as_of = day_of("2013-10-09");
    rescaled.value = ContractValue::create(2, "1", Currency::parse("USD").value()).value();
    day.draft.instruments.add(rescaled);
    const Dataset result = day.assembled().value();
    EXPECT_EQ(result.instrument_days.size(), 1U);
    EXPECT_EQ(result.quality.quarantined(), 2);
    EXPECT_EQ(first_finding(result, "instruments"), "row 2 symbol: a symbol has one row a day");
}

TEST(DerivedOrders, FillsWithOneOrderIdAreOneOrderWithoutAnArrival) {
    TradingDay day;
    day.fill("f1", "hl-1", 100, "10:01:00");
    day.fill("f2", "hl-2", 50, "10:02:00");
    day.fill("f3", "hl-1", 30, "10:03:00");
    const InstrumentId ibm = day.draft.names.symbols.find("IBM");
    day.draft.fill_origins = {{ibm, Side::sell}, {ibm, Side::buy}, {ibm, Side::sell}};
    const Dataset result = day.assembled().value();
    ASSERT_EQ(result.orders.size(), 2U);
    const Order& first = result.orders[0];
    EXPECT_TRUE(first.derived);
    EXPECT_EQ(first.side, Side::sell);
    EXPECT_EQ(first.quantity, TradingDay::shares(130));
    EXPECT_FALSE(first.arrival_time) << "the first fill is not an arrival";
    EXPECT_TRUE(degrades(result, "orders", "orders", 2));
    EXPECT_TRUE(degrades(result, "orders", "arrival_time", 2));
    EXPECT_EQ(result.quality.quarantined(), 0);
    EXPECT_EQ(result.quality.tables().size(), 2U) << "a derived table was not read";
}

TEST(DerivedOrders, FillsMustSayWhatAndWhichSide) {
    TradingDay day;
    day.fill("f1", "A", 100, "10:01:00");
    day.fill("f2", "A", 100, "10:02:00");
    day.fill("f3", "A", 100, "10:03:00");
    const InstrumentId ibm = day.draft.names.symbols.find("IBM");
    day.draft.fill_origins = {{ibm, Side::buy}, {ibm, std::nullopt}, {ibm, Side::sell}};
    const Dataset result = day.assembled().value();
    EXPECT_EQ(result.orders.at(0).quantity, TradingDay::shares(100));
    EXPECT_EQ(result.quality.quarantined(), 2);
    EXPECT_EQ(first_finding(result, "fills"), "row 2 side: without an orders table a fill must carry symbol and side");
}

TEST(DerivedOrders, ABustedFillDoesNotMakeAnOrder) {
    TradingDay day;
    day.fill("f1", "A", 100, "10:01:00");
    day.fill("f2", "B", 100, "10:01:00");
    const InstrumentId ibm = day.draft.names.symbols.find("IBM");
    day.draft.fill_origins = {{ibm, Side::buy}, {ibm, Side::buy}};
    day.fill_event("f1", FillEventKind::bust, "10:05:00");
    day.fill_event("f2", FillEventKind::correct, "10:05:00").quantity = TradingDay::shares(300);
    const Dataset result = day.assembled().value();
    ASSERT_EQ(result.orders.size(), 1U);
    EXPECT_EQ(result.orders[0].quantity, TradingDay::shares(300)) << "corrections come first";
}

TEST(DerivedOrders, AnOrdersTableMakesAnUnknownParentABrokenReference) {
    TradingDay day;
    day.order("A", 100, "10:00:00");
    day.fill("f1", "B", 100, "10:01:00");
    day.draft.fill_origins = {{day.draft.names.symbols.find("IBM"), Side::buy}};
    EXPECT_EQ(first_finding(day.assembled().value(), "fills"), "row 1 order_id: must name an accepted row of orders");
    day.draft.fills.rows[0].order = day.draft.names.orders.find("A");
    day.draft.fill_origins[0].side = Side::sell;
    EXPECT_EQ(first_finding(day.assembled().value(), "fills"),
              "row 1 order_id: symbol and side must be those of the order");
}

TEST(Degradations, EachAbsenceNamesWhatItTakesAway) {
    TradingDay day;
    day.order("A", 100, "10:00:00");
    day.order("B", 100, "10:00:00").decision_time = TradingDay::at("09:59:00");
    day.fill("f1", "A", 100, "10:01:00");
    day.draft.missing_columns = {"fills.fee", "quotes.bid_size", "orders.wheel_arm"};
    const Dataset result = day.assembled().value();
    EXPECT_TRUE(degrades(result, "orders", "decision_time", 1));
    EXPECT_TRUE(degrades(result, "orders", "end_time", 2));
    EXPECT_TRUE(degrades(result, "placements", "placements", 2));
    EXPECT_TRUE(degrades(result, "fills", "fee", 0));
    EXPECT_TRUE(degrades(result, "fills", "liquidity", 1));
    EXPECT_TRUE(degrades(result, "quotes", "bid_size", 0));
    EXPECT_TRUE(degrades(result, "sessions", "sessions", 2));
    EXPECT_TRUE(degrades(result, "quotes", "quotes", 2));
    EXPECT_FALSE(degrades(result, "orders", "wheel_arm", 0)) << "takes no result away";
    const auto& all = result.quality.degradations();
    const auto decision =
        std::find_if(all.begin(), all.end(), [](const Degradation& d) { return d.missing == "decision_time"; });
    EXPECT_EQ(decision->effect, "no delay cost: market-activity shortfall");
}

TEST(Degradations, AnInstrumentWithoutMarketDataAndADayWithoutASession) {
    TradingDay day;
    day.order("A", 100, "10:00:00");
    day.draft.tape = std::make_shared<const MemoryTape>();
    Session other;
    other.market = day.draft.names.labels.intern("XNYS");
    other.date = day_of("2013-10-08");
    other.open = Timestamp::parse("2013-10-08T13:30:00Z").value();
    other.close = Timestamp::parse("2013-10-08T20:00:00Z").value();
    day.draft.sessions.add(other);
    const Dataset result = day.assembled().value();
    EXPECT_TRUE(degrades(result, "quotes", "rows", 1));
    EXPECT_TRUE(degrades(result, "sessions", "session", 1));
}

TEST(Degradations, SeveralCurrenciesAreNotSummed) {
    TradingDay day;
    Instrument other = day.draft.instruments.rows[0];
    other.id = day.draft.names.symbols.intern("SAP");
    other.value = ContractValue::create(0, "1", Currency::parse("EUR").value()).value();
    day.draft.instruments.add(other);
    day.order("A", 100, "10:00:00");
    EXPECT_FALSE(degrades(day.assembled().value(), "fx", "conversion", 1));
    day.order("B", 100, "10:00:00").instrument = other.id;
    EXPECT_TRUE(degrades(day.assembled().value(), "fx", "conversion", 2));
}

TEST(Assemble, RowsAreSortedWhateverTheirOrderInTheSource) {
    TradingDay day;
    day.order("late", 1000, "11:00:00");
    day.order("early", 1000, "10:00:00");
    day.order("unknown", 1000, "10:00:00").arrival_time.reset();
    day.fill("f3", "early", 100, "10:30:00");
    day.fill("f1", "late", 100, "11:30:00");
    day.fill("f2", "early", 100, "10:20:00");
    const Dataset result = day.assembled().value();
    EXPECT_EQ(result.names.orders.name(result.orders[0].id), "unknown");
    EXPECT_EQ(result.names.orders.name(result.orders[1].id), "early");
    EXPECT_EQ(result.names.fills.name(result.fills[0].id), "f1") << "by order first";
    EXPECT_EQ(result.names.fills.name(result.fills[1].id), "f2");
}

}  // namespace
}  // namespace slipcast::market
