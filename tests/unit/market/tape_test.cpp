#include "slipcast/market/tape.hpp"

#include <gtest/gtest.h>

namespace slipcast::market {
namespace {

const InstrumentId kStock = InstrumentId::from_index(2);

Timestamp ns(std::int64_t value) {
    return Timestamp::from_ns(value);
}
Price price(std::int64_t units) {
    return Price::from_units(units);
}
Quantity size(std::int64_t units) {
    return Quantity::from_units(units);
}

MemoryTape::Series series() {
    MemoryTape::Series s;
    for (const std::int64_t t : {10, 20, 20, 30}) s.quotes.push(ns(t), price(t), price(t + 2), size(1), size(2));
    for (const std::int64_t t : {15, 20, 45})
        s.trades.push(ns(t), price(t), size(t), kRegularTrade, VenueId::none(), 1);
    s.gaps = {{ns(12), ns(14)}, {ns(40), ns(50)}};
    return s;
}

TEST(MemoryTape, LoadsTheHalfOpenWindowWithoutCopies) {
    MemoryTape tape;
    ASSERT_TRUE(tape.add(kStock, series()));
    const TapeSlice slice = tape.load(kStock, {ns(20), ns(30)}).value();
    EXPECT_EQ(slice.quotes.size(), 2U);
    EXPECT_EQ(slice.quotes.bid[0], price(20));
    EXPECT_EQ(slice.quotes.ask_size.size(), 2U);
    ASSERT_EQ(slice.trades.count(), 1U);
    EXPECT_EQ(slice.trades.size[0], size(20));
    EXPECT_TRUE(slice.gaps.empty());
    const TapeSlice all = tape.load(kStock, {Timestamp::min(), Timestamp::max()}).value();
    EXPECT_EQ(slice.quotes.time.data(), all.quotes.time.data() + 1) << "views of the same bytes";
    EXPECT_EQ(all.gaps.size(), 2U);
}

TEST(MemoryTape, ASliceOutlivesItsTape) {
    TapeSlice slice;
    {
        MemoryTape tape;
        ASSERT_TRUE(tape.add(kStock, series()));
        slice = tape.load(kStock, {ns(0), ns(100)}).value();
    }
    EXPECT_EQ(slice.quotes.bid[3], price(30));
}

TEST(MemoryTape, AnInstrumentWithoutRowsIsEmptyAndNotAnError) {
    MemoryTape tape;
    ASSERT_TRUE(tape.add(kStock, series()));
    EXPECT_TRUE(tape.load(InstrumentId::from_index(9), {ns(0), ns(100)}).value().quotes.empty());
    EXPECT_EQ(tape.extent(InstrumentId::from_index(0)), TimeRange{});
    EXPECT_EQ(tape.extent(InstrumentId::none()), TimeRange{});
    EXPECT_TRUE(tape.load(kStock, {ns(30), ns(20)}).value().quotes.empty()) << "a window that ends before it begins";
}

TEST(MemoryTape, TheExtentHoldsTheFirstAndTheLastRow) {
    MemoryTape tape;
    ASSERT_TRUE(tape.add(kStock, series()));
    const TimeRange extent = tape.extent(kStock);
    EXPECT_EQ(extent, (TimeRange{ns(10), ns(46)}));
    EXPECT_EQ(tape.load(kStock, extent).value().trades.count(), 3U);
}

TEST(MemoryTape, UnknownColumnsStayEmpty) {
    MemoryTape::Series s = series();
    s.quotes.bid_size.clear();
    s.quotes.ask_size.clear();
    s.trades.flags.clear();
    s.trades.venue.clear();
    s.trades.aggressor.clear();
    MemoryTape tape;
    ASSERT_TRUE(tape.add(kStock, std::move(s)));
    const TapeSlice slice = tape.load(kStock, {ns(0), ns(100)}).value();
    EXPECT_EQ(slice.quotes.size(), 4U);
    EXPECT_TRUE(slice.quotes.bid_size.empty());
    EXPECT_TRUE(slice.trades.flags.empty());
}

TEST(MemoryTape, RefusesWhatItCouldNotAnswerFrom) {
    MemoryTape tape;
    MemoryTape::Series backwards = series();
    std::swap(backwards.quotes.time[0], backwards.quotes.time[3]);
    const Result<void> refused = tape.add(kStock, backwards);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().field, "quotes.time");
    EXPECT_EQ(refused.error().place.row, 2);

    MemoryTape::Series ragged = series();
    ragged.trades.size.pop_back();
    EXPECT_EQ(tape.add(kStock, ragged).error().field, "trades.size");

    MemoryTape::Series gap = series();
    gap.gaps = {{ns(9), ns(3)}};
    EXPECT_EQ(tape.add(kStock, gap).error().field, "gap");

    EXPECT_FALSE(tape.add(InstrumentId::none(), series()));
    ASSERT_TRUE(tape.add(kStock, series()));
    EXPECT_FALSE(tape.add(kStock, series())) << "one series an instrument";
}

TEST(TradeFlags, ARegularTradeCountsInVolumeAndPrice) {
    EXPECT_TRUE(kRegularTrade.has(TradeFlag::in_volume));
    EXPECT_TRUE(kRegularTrade.has(TradeFlag::in_vwap));
    EXPECT_FALSE(kRegularTrade.has(TradeFlag::own));
    TradeFlags flags = kRegularTrade;
    EXPECT_TRUE(flags.set(TradeFlag::own).has(TradeFlag::own));
}

}  // namespace
}  // namespace slipcast::market
