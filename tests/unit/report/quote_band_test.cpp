#include "report/quote_band.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "slipcast/core/random.hpp"

namespace slipcast::report {
namespace {

Timestamp at_ms(std::int64_t ms) {
    return Timestamp::from_ns(ms * 1'000'000);
}
Price ticks(std::int64_t count) {
    return Price::from_units(count * 10'000'000);
}

market::QuoteTable random_walk(std::int64_t rows, std::uint64_t seed) {
    RandomStream random(seed, "test.band");
    market::QuoteTable quotes;
    std::int64_t bid = 5000;
    for (std::int64_t i = 0; i < rows; ++i) {
        bid += static_cast<std::int64_t>(random.next_uniform() * 5) - 2;
        const auto width = 1 + static_cast<std::int64_t>(random.next_uniform() * 3);
        quotes.push(at_ms(i), ticks(bid), ticks(bid + width), Quantity::from_units(1), Quantity::from_units(1));
    }
    return quotes;
}

TEST(QuoteBand, keeps_every_row_when_they_fit) {
    const market::QuoteTable quotes = random_walk(50, 1);
    const auto rows = band_rows(quotes.view(), {at_ms(0), at_ms(50)}, 50);
    ASSERT_EQ(rows.size(), 50U);
    for (std::size_t i = 0; i < rows.size(); ++i) EXPECT_EQ(rows[i], i);
}

// What a reader must be able to trust: the highest ask and lowest bid of any stretch of time are on the chart.
TEST(QuoteBand, loses_no_extreme_of_any_stretch) {
    constexpr std::int64_t kRows = 20'000;
    constexpr std::size_t kLimit = 500;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        const market::QuoteTable quotes = random_walk(kRows, seed);
        const auto rows = band_rows(quotes.view(), {at_ms(0), at_ms(kRows)}, kLimit);
        ASSERT_LE(rows.size(), kLimit);
        ASSERT_TRUE(std::is_sorted(rows.begin(), rows.end()));
        const std::set<std::size_t> kept(rows.begin(), rows.end());
        ASSERT_EQ(kept.size(), rows.size());
        const std::size_t step = kRows / (kLimit / 5);
        for (std::size_t begin = 0; begin < kRows; begin += step) {
            std::size_t low_bid = begin, high_bid = begin, low_ask = begin, high_ask = begin;
            for (std::size_t i = begin; i < begin + step; ++i) {
                if (quotes.bid[i] < quotes.bid[low_bid]) low_bid = i;
                if (quotes.bid[i] > quotes.bid[high_bid]) high_bid = i;
                if (quotes.ask[i] < quotes.ask[low_ask]) low_ask = i;
                if (quotes.ask[i] > quotes.ask[high_ask]) high_ask = i;
            }
            for (const std::size_t row : {low_bid, high_bid, low_ask, high_ask, begin + step - 1}) {
                ASSERT_TRUE(kept.contains(row)) << "row " << row << " of seed " << seed;
            }
        }
    }
}

TEST(QuoteBand, a_missing_side_is_no_extreme_but_may_end_a_stretch) {
    market::QuoteTable quotes = random_walk(1000, 3);
    for (const std::size_t row : {std::size_t{100}, std::size_t{999}}) quotes.bid[row] = Price{};
    const auto rows = band_rows(quotes.view(), {at_ms(0), at_ms(1000)}, 50);
    EXPECT_EQ(std::count(rows.begin(), rows.end(), std::size_t{100}), 0);
    EXPECT_EQ(rows.back(), 999U);
}

TEST(QuoteBand, quotes_of_one_instant_share_a_stretch) {
    market::QuoteTable quotes;
    for (int i = 0; i < 100; ++i) {
        quotes.push(at_ms(5), ticks(100 + i), ticks(102 + i), Quantity::from_units(1), Quantity::from_units(1));
    }
    const auto rows = band_rows(quotes.view(), {at_ms(0), at_ms(10)}, 10);
    EXPECT_EQ(rows, (std::vector<std::size_t>{0, 99}));
}

TEST(QuoteBand, running_totals_keep_the_last_row_of_each_stretch) {
    std::vector<Timestamp> times;
    for (std::int64_t i = 0; i < 100; ++i) times.push_back(at_ms(i));
    const auto rows = last_rows(times, {at_ms(0), at_ms(100)}, 4);
    EXPECT_EQ(rows, (std::vector<std::size_t>{24, 49, 74, 99}));
    EXPECT_TRUE(last_rows({}, {at_ms(0), at_ms(100)}, 4).empty());
}

}  // namespace
}  // namespace slipcast::report
