#include <gtest/gtest.h>

#include "slipcast/interchange/decode.hpp"
#include "slipcast/interchange/encode.hpp"
#include "support/arrow_builder.hpp"

namespace slipcast::interchange {
namespace {

using test::ArrowColumn;
using test::ArrowStreamBuilder;
using Texts = std::vector<std::optional<std::string>>;
using Integers = std::vector<std::optional<std::int64_t>>;

const TimeRange kAllTime{Timestamp::min(), Timestamp::max()};

struct Quotes {
    Texts symbol;
    Integers time, bid, ask;
    [[nodiscard]] std::vector<ArrowColumn> columns() const {
        return {ArrowColumn::text("symbol", "u", symbol), ArrowColumn::fixed<std::int64_t>("time", "tsn:UTC", time),
                ArrowColumn::fixed<std::int64_t>("bid", "l", bid), ArrowColumn::fixed<std::int64_t>("ask", "l", ask)};
    }
};

std::shared_ptr<const market::TapeSource> quotes_tape(const ArrowStreamBuilder& builder, market::DatasetDraft& draft,
                                                      const std::shared_ptr<int>& live = {}) {
    ArrowArrayStream stream{};
    builder.produce(&stream, live);
    auto tape = decode_tape({&stream}, {}, draft);
    EXPECT_TRUE(tape) << tape.error().message();
    return *tape;
}

market::TapeSlice slice(const market::TapeSource& tape, const market::DatasetDraft& draft, const char* symbol) {
    return tape.load(draft.names.symbols.find(symbol), kAllTime).value();
}

TEST(Tape, OneSortedBatchOfContractTypesIsViewedWhereItLies) {
    const Quotes quotes{{"A", "A", "B"}, {10, 20, 5}, {100, 101, 50}, {102, 103, 52}};
    market::DatasetDraft draft;
    const auto live = std::make_shared<int>(0);
    auto tape = quotes_tape(ArrowStreamBuilder(quotes.columns()), draft, live);
    EXPECT_GT(*live, 0) << "the batch is kept, not copied";
    market::TapeSlice a = slice(*tape, draft, "A");
    EXPECT_EQ(a.quotes.size(), 2U);
    EXPECT_EQ(a.quotes.ask[1].units(), 103);
    EXPECT_TRUE(a.quotes.bid_size.empty()) << "sizes are not in the source";
    EXPECT_EQ(slice(*tape, draft, "B").quotes.bid[0].units(), 50);
    EXPECT_EQ(tape->extent(draft.names.symbols.find("A")), (TimeRange{Timestamp::from_ns(10), Timestamp::from_ns(21)}));
    tape.reset();
    EXPECT_EQ(a.quotes.bid[0].units(), 100) << "a slice keeps the bytes alive";
    EXPECT_GT(*live, 0);
    a = {};
    EXPECT_EQ(*live, 0) << "and gives them back";
}

TEST(Tape, TimeSortedBatchesOfMixedSymbolsAreCopiedAndTheStreamIsGivenBack) {
    const Quotes first{{"A", "B", "A"}, {10, 11, 20}, {100, 50, 101}, {102, 52, 103}};
    const Quotes second{{"B", "A"}, {21, 22}, {51, 102}, {53, 104}};
    ArrowStreamBuilder builder(first.columns());
    builder.add(second.columns());
    market::DatasetDraft draft;
    const auto live = std::make_shared<int>(0);
    const auto tape = quotes_tape(builder, draft, live);
    EXPECT_EQ(*live, 0);
    EXPECT_EQ(slice(*tape, draft, "A").quotes.size(), 3U);
    EXPECT_EQ(slice(*tape, draft, "B").quotes.bid[1].units(), 51);
    EXPECT_EQ(draft.quality.tables()[0].read, 5);
}

TEST(Tape, BadRowsAreQuarantinedWithTheirRowNumbersAndOddOnesFlagged) {
    const Quotes first{{"A", "A", "A", "A"}, {10, 20, 15, 30}, {100, -1, 100, 105}, {102, 102, 102, 102}};
    const Quotes second{{"A", std::nullopt, "A"}, {40, 41, 42}, {102, 100, std::nullopt}, {102, 102, 103}};
    ArrowStreamBuilder builder(first.columns());
    builder.add(second.columns());
    market::DatasetDraft draft;
    const auto tape = quotes_tape(builder, draft);
    ASSERT_EQ(draft.quality.quarantine().size(), 2U);
    EXPECT_EQ(draft.quality.quarantine()[0].error.place.row, 2);
    EXPECT_EQ(draft.quality.quarantine()[0].error.rule, "must be >= 0");
    EXPECT_EQ(draft.quality.quarantine()[1].error.place.row, 6) << "row numbers run through the batches";
    EXPECT_EQ(draft.quality.flagged(), 2) << "one crossed, one locked";
    const market::QuoteColumns kept = slice(*tape, draft, "A").quotes;
    ASSERT_EQ(kept.size(), 5U) << "time 15 follows 10, because the row at 20 was quarantined";
    EXPECT_EQ(kept.bid[4], Price{}) << "a missing bid is an absent side";
}

TEST(Tape, TimesThatRunBackwardsAreQuarantinedBySymbol) {
    const Quotes quotes{{"A", "B", "A", "B"}, {20, 10, 19, 11}, {1, 1, 1, 1}, {2, 2, 2, 2}};
    market::DatasetDraft draft;
    const auto tape = quotes_tape(ArrowStreamBuilder(quotes.columns()), draft);
    ASSERT_EQ(draft.quality.quarantine().size(), 1U);
    EXPECT_EQ(draft.quality.quarantine()[0].error.place.row, 3);
    EXPECT_EQ(slice(*tape, draft, "B").quotes.size(), 2U);
}

TEST(Tape, FloatsAndDecimalsConvertExactlyToo) {
    market::DatasetDraft draft;
    const auto tape = quotes_tape(
        ArrowStreamBuilder({ArrowColumn::labels<std::int16_t>("symbol", "s", {0, 0}, {"A"}),
                            ArrowColumn::fixed<std::int64_t>("time", "tsu:America/New_York", {1, 2}),
                            ArrowColumn::fixed<double>("bid", "g", std::vector<std::optional<double>>{49.9, 49.91}),
                            ArrowColumn::text("ask", "u", {"49.92", "49.93"})}),
        draft);
    const market::QuoteColumns quotes = slice(*tape, draft, "A").quotes;
    ASSERT_EQ(quotes.size(), 2U);
    EXPECT_EQ(quotes.bid[0].units(), 49'900'000'000);
    EXPECT_EQ(quotes.ask[1].to_string(), "49.93");
    EXPECT_EQ(quotes.time[1].ns(), 2000);
}

std::vector<ArrowColumn> trades(const Texts& condition) {
    const std::size_t n = condition.size();
    Integers time;
    for (std::size_t i = 0; i < n; ++i) time.emplace_back(static_cast<std::int64_t>(i));
    return {ArrowColumn::text("symbol", "u", Texts(n, "A")), ArrowColumn::fixed<std::int64_t>("time", "l", time),
            ArrowColumn::fixed<std::int64_t>("price", "l", Integers(n, 100)),
            ArrowColumn::fixed<std::int64_t>("size", "l", Integers(n, 5)),
            ArrowColumn::text("condition", "u", condition)};
}

TEST(Tape, SaleConditionsDecideVolumeAndVwap) {
    market::DatasetDraft draft;
    ArrowArrayStream stream{};
    ArrowStreamBuilder(trades({"", "opening_auction", "odd_lot out_of_sequence", "T-something"})).produce(&stream);
    const auto tape = decode_tape({}, {&stream}, draft).value();
    const auto flags = slice(*tape, draft, "A").trades.flags;
    ASSERT_EQ(flags.size(), 4U);
    EXPECT_EQ(flags[0], market::kRegularTrade);
    EXPECT_TRUE(flags[1].has(market::TradeFlag::opening_auction));
    EXPECT_FALSE(flags[2].has(market::TradeFlag::in_vwap));
    EXPECT_TRUE(flags[2].has(market::TradeFlag::odd_lot));
    EXPECT_TRUE(flags[3].has(market::TradeFlag::in_volume));
    EXPECT_FALSE(flags[3].has(market::TradeFlag::in_vwap));
    EXPECT_EQ(draft.quality.flagged(), 1);
}

TEST(Tape, TradesViewedInPlaceKeepFlagsVenueAndAggressor) {
    market::TradeTable table;
    market::DatasetDraft names;
    const VenueId venue = names.names.venues.intern("XNAS");
    market::TradeFlags own = market::kRegularTrade;
    own.set(market::TradeFlag::own);
    table.push(Timestamp::from_ns(5), Price::from_units(100), Quantity::from_units(7), own, venue, -1);
    table.push(Timestamp::from_ns(6), Price::from_units(101), Quantity::from_units(8), market::kRegularTrade,
               VenueId::none());
    ArrowArrayStream stream{};
    encode_table(std::make_shared<const Table>(trades_table(table.view(), "A", names.names)), &stream);
    market::DatasetDraft draft;
    const auto tape = decode_tape({}, {&stream}, draft).value();
    const market::TradeColumns back = slice(*tape, draft, "A").trades;
    ASSERT_EQ(back.count(), 2U);
    EXPECT_EQ(back.flags[0], own);
    EXPECT_EQ(draft.names.venues.name(back.venue[0]), "XNAS");
    EXPECT_TRUE(back.venue[1].is_none());
    EXPECT_EQ(back.aggressor[0], -1);
    EXPECT_EQ(back.size[1].units(), 8);
}

TEST(Tape, QuotesReadBackAsTheyWereWritten) {
    market::QuoteTable table;
    table.push(Timestamp::from_ns(5), Price::from_units(100), Price::from_units(102), Quantity::from_units(7),
               Quantity::from_units(9));
    table.push(Timestamp::from_ns(5), Price{}, Price::from_units(103), Quantity{}, Quantity::from_units(4));
    ArrowArrayStream stream{};
    encode_table(std::make_shared<const Table>(quotes_table(table.view(), "A")), &stream);
    market::DatasetDraft draft;
    const auto tape = decode_tape({&stream}, {}, draft).value();
    const market::QuoteColumns back = slice(*tape, draft, "A").quotes;
    ASSERT_EQ(back.size(), 2U);
    EXPECT_EQ(back.bid[1], Price{});
    EXPECT_EQ(back.ask_size[1].units(), 4);
    EXPECT_EQ(back.time[1].ns(), 5);
}

}  // namespace
}  // namespace slipcast::interchange
