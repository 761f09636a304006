#include <gtest/gtest.h>

#include "slipcast/market/market.hpp"

namespace slipcast::market {
namespace {

BookLevel level(std::int64_t price, std::int64_t size) {
    return {Price::from_units(price), Quantity::from_units(size)};
}

std::string refusal(Side side, const std::vector<BookLevel>& levels, bool any_price = false) {
    const auto error = broken_levels(side, levels, any_price);
    return error ? error->field + " " + error->value + ": " + error->rule : "";
}

TEST(Depth, SoundLevelsGetStrictlyWorseAndEndWhereTheBookDoes) {
    EXPECT_EQ(refusal(Side::buy, {level(100, 5), level(99, 5), level(97, 1)}), "");
    EXPECT_EQ(refusal(Side::sell, {level(100, 5), level(101, 5), {}, {}}), "");
    EXPECT_EQ(refusal(Side::sell, {{}, {}}), "") << "an empty side";
    EXPECT_EQ(refusal(Side::sell, {level(100, 0), level(101, 5)}), "") << "a touch whose size is not known";
    EXPECT_EQ(refusal(Side::buy, {level(-1, 5), level(-2, 5)}, true), "") << "spread contracts trade below zero";
}

TEST(Depth, EachBrokenRuleNamesTheColumnTheValueAndTheRule) {
    const std::int64_t cent = 10'000'000;
    EXPECT_EQ(refusal(Side::buy, {level(100 * cent, 5), level(100 * cent, 5)}), "bid_2 1.00: must be below bid 1.00");
    EXPECT_EQ(refusal(Side::sell, {level(100 * cent, 5), level(102 * cent, 5), level(101 * cent, 5)}),
              "ask_3 1.01: must be above ask_2 1.02");
    EXPECT_EQ(refusal(Side::sell, {level(cent, 5), level(2 * cent, -3)}), "ask_size_2 -3: must be >= 0");
    EXPECT_EQ(refusal(Side::sell, {level(cent, 5), level(2 * cent, 0)}),
              "ask_size_2 0: must be > 0 where the level has a price");
    EXPECT_EQ(refusal(Side::buy, {level(cent, 5), level(0, 4)}), "bid_2 0.00: must be > 0 where the level has a size");
    EXPECT_EQ(refusal(Side::buy, {level(9 * cent, 5), {}, level(cent, 5)}), "bid_3 0.01: must be absent, as bid_2 is");
    EXPECT_EQ(refusal(Side::buy, {{}, level(cent, 5)}), "bid_2 0.01: must be absent, as bid is");
}

TEST(Depth, ColumnNamesOfLevels) {
    EXPECT_EQ(level_column(Side::buy, false, 1), "bid");
    EXPECT_EQ(level_column(Side::sell, true, 7), "ask_size_7");
    EXPECT_EQ(depth_level("bid_2"), 2U);
    EXPECT_EQ(depth_level("ask_size_1000"), 1000U);
    for (const char* name :
         {"bid", "bid_1", "bid_02", "bid_size", "ask_size_", "ask_1001", "mid_2", "bid_2x", "bid_-2"})
        EXPECT_EQ(depth_level(name), std::nullopt) << name;
}

QuoteTable two_rows(std::size_t levels, std::int64_t first_ns) {
    QuoteTable table;
    table.depth.resize(levels - 1);
    for (std::int64_t i = 0; i < 2; ++i) {
        table.push(Timestamp::from_ns(first_ns + i), Price::from_units(100), Price::from_units(101),
                   Quantity::from_units(1), Quantity::from_units(2));
        std::vector<BookLevel> bids, asks;
        for (std::int64_t k = 1; k < static_cast<std::int64_t>(levels); ++k) {
            bids.push_back(level(100 - k, 10 + k));
            asks.push_back(level(101 + k, 20 + k));
        }
        table.push_depth(bids, asks);
    }
    return table;
}

TEST(Depth, AppendedRowsKeepTheirLevelsAndTheOthersAreAbsent) {
    QuoteTable table = two_rows(1, 0);
    table.append(two_rows(3, 10).view());
    table.append(two_rows(2, 20).view());
    const QuoteColumns all = table.view();
    ASSERT_EQ(all.levels(), 3U);
    ASSERT_EQ(all.size(), 6U);
    EXPECT_EQ(all.level(Side::buy, 1, 2), BookLevel{});
    EXPECT_EQ(all.level(Side::buy, 2, 2), level(99, 11));
    EXPECT_EQ(all.level(Side::sell, 3, 3), level(103, 22));
    EXPECT_EQ(all.level(Side::sell, 4, 2), level(102, 21));
    EXPECT_EQ(all.level(Side::sell, 4, 3), BookLevel{});
    EXPECT_EQ(all.level(Side::sell, 5, 1), level(101, 2)) << "level 1 is the touch";
    const QuoteColumns within = rows_within(all, {Timestamp::from_ns(11), Timestamp::from_ns(21)});
    ASSERT_EQ(within.size(), 2U);
    EXPECT_EQ(within.level(Side::sell, 0, 3), level(103, 22));
    table.clear();
    EXPECT_EQ(table.view().levels(), 3U);
    EXPECT_TRUE(table.view().empty());
}

TEST(Depth, ATapeRefusesHalfALevelAndDepthWithoutSizesAtTheTouch) {
    const auto added = [](auto spoil) {
        MemoryTape::Series series;
        series.quotes = two_rows(2, 0);
        spoil(series.quotes);
        const auto result = MemoryTape{}.add(InstrumentId::from_index(0), std::move(series));
        return result ? std::string() : result.error().field;
    };
    EXPECT_EQ(added([](QuoteTable&) {}), "");
    EXPECT_EQ(added([](QuoteTable& quotes) { quotes.depth[0].ask_size.pop_back(); }), "quotes.ask_size_2");
    EXPECT_EQ(added([](QuoteTable& quotes) { quotes.depth[0].bid.clear(); }), "quotes.bid_2");
    EXPECT_EQ(added([](QuoteTable& quotes) { quotes.bid_size.clear(); }), "quotes.bid_size");
}

}  // namespace
}  // namespace slipcast::market
