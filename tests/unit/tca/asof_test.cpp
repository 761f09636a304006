#include <gtest/gtest.h>

#include <array>

#include "slipcast/tca/asof.hpp"

namespace slipcast::tca {
namespace {

Timestamp ns(std::int64_t t) {
    return Timestamp::from_ns(t);
}
Price units(std::int64_t u) {
    return Price::from_units(u);
}

market::QuoteTable table(const std::vector<std::array<std::int64_t, 3>>& rows) {
    market::QuoteTable quotes;
    for (const auto& [time, bid, ask] : rows) {
        quotes.push(ns(time), units(bid), units(ask), Quantity::from_units(bid != 0), Quantity::from_units(ask != 0));
    }
    return quotes;
}

TEST(Asof, TakesTheLastQuoteStrictlyBefore) {
    const auto quotes = table({{10, 100, 102}, {20, 200, 202}});
    const std::array events{ns(10), ns(11), ns(20), ns(21)};
    const auto mids = asof_mids(quotes.view(), events);
    EXPECT_EQ(mids[0].state, QuoteState::none);
    EXPECT_EQ(mids[1].mid, units(101));
    EXPECT_EQ(mids[2].mid, units(101)) << "a quote at the event itself is not before it";
    EXPECT_EQ(mids[3].mid, units(201));
}

TEST(Asof, OfTiedQuotesTheLastInFeedOrderStands) {
    const auto quotes = table({{10, 100, 102}, {10, 110, 112}, {10, 120, 122}});
    const std::array events{ns(11)};
    EXPECT_EQ(asof_mids(quotes.view(), events)[0].mid, units(121));
}

TEST(Asof, JudgesTheQuoteItFinds) {
    const auto quotes = table({{10, 100, 100}, {20, 103, 100}, {30, 0, 100}, {40, 100, 0}, {50, 100, 101}});
    const std::array events{ns(11), ns(21), ns(31), ns(41), ns(51)};
    const auto mids = asof_mids(quotes.view(), events);
    EXPECT_EQ(mids[0].state, QuoteState::locked);
    EXPECT_EQ(mids[0].mid, units(100)) << "the mid of a locked quote is its price";
    EXPECT_EQ(mids[1].state, QuoteState::crossed);
    EXPECT_EQ(mids[2].state, QuoteState::one_sided);
    EXPECT_EQ(mids[3].state, QuoteState::one_sided);
    EXPECT_EQ(mids[4].state, QuoteState::two_sided);
    EXPECT_EQ(mids[4].mid, units(100)) << "100.5 rounds half to even";
    for (const std::size_t i : {1U, 2U, 3U}) EXPECT_FALSE(mids[i].is_usable());
}

TEST(Asof, APriceOfZeroWithSizeIsAPrice) {
    market::QuoteTable spread;  // a spread contract quoted at -2 / 0
    spread.push(ns(10), units(-2), units(0), Quantity::from_units(5), Quantity::from_units(5));
    const std::array events{ns(11)};
    const auto mids = asof_mids(spread.view(), events);
    EXPECT_EQ(mids[0].state, QuoteState::two_sided);
    EXPECT_EQ(mids[0].mid, units(-1));
}

TEST(Asof, OffsetsLookBothWays) {
    const auto quotes = table({{10, 100, 100}, {20, 200, 200}, {30, 300, 300}});
    const std::array events{ns(15), ns(25)};
    const std::array offsets{Duration{10}, Duration{-10}, Duration{0}};
    const auto mids = asof_mids(quotes.view(), events, offsets);
    EXPECT_EQ(mids[0].mid, units(200));
    EXPECT_EQ(mids[1].state, QuoteState::none);
    EXPECT_EQ(mids[2].mid, units(100));
    EXPECT_EQ(mids[3].mid, units(300));
    EXPECT_EQ(mids[4].mid, units(100));
    EXPECT_EQ(mids[5].mid, units(200));
}

TEST(AsofDeathTest, UnsortedEventsAreABug) {
    const auto quotes = table({{10, 100, 100}});
    const std::array events{ns(20), ns(15)};
    EXPECT_DEATH((void)asof_mids(quotes.view(), events), "sorted");
}

}  // namespace
}  // namespace slipcast::tca
