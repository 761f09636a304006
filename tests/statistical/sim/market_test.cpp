#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "slipcast/math/normal.hpp"
#include "slipcast/math/statistics.hpp"
#include "support/false_alarm.hpp"
#include "support/replayed.hpp"

// Properties that market.hpp promises, each with its share of the false-alarm budget. Counts and returns are compared
// with closed forms of the generating model; z is how many standard errors an assertion may be away.

namespace slipcast::sim {
namespace {

constexpr int kAssertions = 4;

double allowed_deviations() {
    return -math::normal_quantile(test::false_alarm_share(kAssertions) / 2.0);
}

market::TapeSlice all_rows(const market::Dataset& market, std::int32_t symbol) {
    return market.tape->load(InstrumentId::from_index(symbol), {Timestamp::min(), Timestamp::max()}).value();
}

/// Five-minute log returns of the mid.
std::vector<double> mid_returns(const market::Dataset& market, std::int32_t symbol) {
    const market::TapeSlice slice = all_rows(market, symbol);
    std::vector<double> returns;
    for (const market::Session& session : market.sessions.all()) {
        double last = 0.0;
        std::size_t row = 0;
        for (Timestamp time = session.open + Duration{1}; time < session.close; time = time + std::chrono::minutes{5}) {
            while (row + 1 < slice.quotes.size() && slice.quotes.time[row + 1] < time) ++row;
            const double mid = std::log(midpoint(slice.quotes.bid[row], slice.quotes.ask[row]).to_double());
            if (last != 0.0) returns.push_back(mid - last);
            last = mid;
        }
    }
    return returns;
}

TEST(SyntheticMarket, SymbolsMoveTogetherAsMuchAsAsked) {
    const auto market = synthetic_market({.symbols = 2,
                                          .days = 12,
                                          .seed = 3,
                                          .quotes_per_day = 20'000,
                                          .correlation = 0.5,
                                          .stress_share = 0.0,
                                          .halt_rate = 0.0})
                            .value();
    const std::vector<double> a = mid_returns(market, 0);
    const double measured = *math::correlation(a, mid_returns(market, 1));
    // Fisher's transform is normal with variance 1 / (n - 3). Ticks and the band within which quotes do not follow add
    // noise of at most 1.25 ticks to a return: 3 % of the correlation at these prices is left to it.
    const double error = allowed_deviations() / std::sqrt(static_cast<double>(a.size()) - 3.0);
    EXPECT_GT(std::atanh(measured), std::atanh(0.5 * 0.97) - error);
    EXPECT_LT(std::atanh(measured), std::atanh(0.5) + error);
}

TEST(SyntheticMarket, QuotesAreTickedNeverCrossedAndAsManyAsAsked) {
    const MarketOptions options{.symbols = 1, .days = 8, .seed = 4, .quotes_per_day = 20'000, .halt_rate = 0.0};
    const auto market = synthetic_market(options).value();
    const market::TapeSlice slice = all_rows(market, 0);
    for (std::size_t i = 0; i < slice.quotes.size(); ++i) {
        ASSERT_GE(slice.quotes.ask[i] - slice.quotes.bid[i], PriceMove::from_units(10'000'000));
        ASSERT_EQ(slice.quotes.bid[i].units() % 10'000'000, 0);
        ASSERT_GT(slice.quotes.bid_size[i], Quantity{});
    }
    // A Hawkes count of mean m has variance m / (1 - n)^2; offspring past the close are lost, well below 0.1 %.
    const double mean = 8.0 * options.quotes_per_day;
    const double error = allowed_deviations() * std::sqrt(mean) / (1.0 - options.clustering);
    EXPECT_NEAR(static_cast<double>(slice.quotes.size()), mean, error + 0.001 * mean);
}

TEST(SyntheticMarket, VolumeIsHighAtTheEndsAndEventsCluster) {
    const auto market = synthetic_market({.symbols = 1, .days = 8, .seed = 6, .halt_rate = 0.0}).value();
    const market::TapeSlice slice = all_rows(market, 0);
    std::map<std::int64_t, double> by_bin;
    std::map<std::int64_t, std::int64_t> by_second;
    for (std::size_t i = 0; i < slice.quotes.size(); ++i) {
        const Timestamp time = slice.quotes.time[i];
        const market::Session* session = market.sessions.at(market.instruments[0].market, time);
        const std::int64_t second = (time - session->open) / std::chrono::seconds{1};
        by_bin[second * 26 / 23'400] += 1.0;
        if (second >= 9'000 && second < 14'400) ++by_second[session->date.days() * 100'000L + second];
    }
    EXPECT_GT(by_bin[0], 1.8 * by_bin[13]);
    EXPECT_GT(by_bin[25], by_bin[0]);
    // Independent events of a flat rate have a count variance equal to the mean; a branching ratio of 0.6 with a
    // half-second memory makes it several times that.
    math::Moments counts;
    for (int day = 0; day < 8; ++day) {
        const std::int64_t date = market.sessions.all()[static_cast<std::size_t>(day)].date.days();
        for (std::int64_t second = 9'000; second < 14'400; ++second) {
            const auto found = by_second.find(date * 100'000L + second);
            counts.add(found == by_second.end() ? 0.0 : static_cast<double>(found->second));
        }
    }
    EXPECT_GT(*counts.variance() / *counts.mean(), 1.8);
}

TEST(SyntheticMarket, TradeSignsComeInRuns) {
    const auto market = synthetic_market({.symbols = 1, .days = 4, .seed = 8}).value();
    const market::TapeSlice slice = all_rows(market, 0);
    double same = 0.0;
    double pairs = 0.0;
    for (std::size_t i = 1; i < slice.trades.count(); ++i) {
        if (slice.trades.aggressor[i] == 0 || slice.trades.aggressor[i - 1] == 0) continue;
        same += slice.trades.aggressor[i] == slice.trades.aggressor[i - 1] ? 1.0 : 0.0;
        pairs += 1.0;
    }
    // Independent signs would agree half the time.
    EXPECT_GT((same / pairs - 0.5) * 2.0 * std::sqrt(pairs), allowed_deviations());
}

TEST(SyntheticMarket, EveryWindowShowsTheSameRowsInAnyOrder) {
    const MarketOptions options{.symbols = 2, .days = 2, .seed = 2, .quotes_per_day = 5000};
    const auto whole = all_rows(synthetic_market(options).value(), 1);
    const auto market = synthetic_market(options).value();
    const Timestamp half = market.sessions.all()[1].open + std::chrono::hours{2};
    const auto late = market.tape->load(InstrumentId::from_index(1), {half, Timestamp::max()}).value();
    const auto early = market.tape->load(InstrumentId::from_index(1), {Timestamp::min(), half}).value();
    ASSERT_EQ(early.quotes.size() + late.quotes.size(), whole.quotes.size());
    EXPECT_TRUE(std::equal(late.quotes.bid.rbegin(), late.quotes.bid.rend(), whole.quotes.bid.rbegin()));
}

}  // namespace
}  // namespace slipcast::sim
