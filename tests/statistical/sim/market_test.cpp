#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <thread>
#include <vector>

#include "slipcast/math/normal.hpp"
#include "slipcast/math/statistics.hpp"
#include "slipcast/math/student.hpp"
#include "support/false_alarm.hpp"
#include "support/replayed.hpp"

// Properties that market.hpp promises, each with its share of the false-alarm budget. Counts and returns are compared
// with closed forms of the generating model; z is how many standard errors an assertion may be away.

namespace slipcast::sim {
namespace {

constexpr int kAssertions = 5;
constexpr std::size_t kSessionSeconds = 23'400;

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

/// Quotes by whole second of each session, one vector a day.
std::vector<std::vector<double>> quotes_by_second(const market::Dataset& market) {
    std::vector<std::vector<double>> counts(market.sessions.all().size(), std::vector<double>(kSessionSeconds, 0.0));
    const market::TapeSlice slice = all_rows(market, 0);
    for (const Timestamp time : slice.quotes.time) {
        const market::Session* session = market.sessions.at(market.instruments[0].market, time);
        const auto day = static_cast<std::size_t>(session - market.sessions.all().data());
        counts[day][static_cast<std::size_t>((time - session->open) / std::chrono::seconds{1})] += 1.0;
    }
    return counts;
}

TEST(SyntheticMarket, ActivityOverTheDayFollowsTheDeclaredCurve) {
    const MarketOptions options{.symbols = 1, .days = 8, .seed = 6, .halt_rate = 0.0};
    const auto counts = quotes_by_second(synthetic_market(options).value());
    constexpr std::size_t kBins = 26;
    std::vector<double> by_bin(kBins, 0.0);
    for (const std::vector<double>& day : counts) {
        for (std::size_t second = 0; second < day.size(); ++second) by_bin[second * kBins / day.size()] += day[second];
    }
    const VolumeCurve curve = VolumeCurve::generic();
    // A Hawkes count of mean m has variance m / (1 - n)^2; offspring cross into the next bin for a few seconds of 900.
    const double level = test::false_alarm_share(kAssertions) / static_cast<double>(kBins);
    const double deviations = -math::normal_quantile(level / 2.0);
    for (std::size_t bin = 0; bin < kBins; ++bin) {
        const double share =
            curve.cumulative(static_cast<double>(bin + 1) / kBins) - curve.cumulative(static_cast<double>(bin) / kBins);
        const double mean = options.days * options.quotes_per_day * share;
        EXPECT_NEAR(by_bin[bin], mean, deviations * std::sqrt(mean) / (1.0 - options.clustering) + 0.003 * mean)
            << "bin " << bin;
    }
    EXPECT_GT(by_bin.back(), by_bin.front()) << "highest at the close";
    EXPECT_GT(by_bin.front(), 1.5 * by_bin[kBins / 2]) << "high at the open";
}

/// Variance over mean of a Hawkes count in `seconds`: branching ratio n, offspring after an exponential delay of mean
/// 1 / b. With g = b (1 - n): 1 + n (2 - n) / (1 - n)^2 [1 - (1 - e^(-g t)) / (g t)], from the covariance density of
/// Hawkes 1971, "Spectra of some self-exciting and mutually exciting point processes".
double dispersion(double branching, double seconds) {
    const double reach = (1.0 - branching) / 0.5 * seconds;
    const double excess = branching * (2.0 - branching) / ((1.0 - branching) * (1.0 - branching));
    return 1.0 + excess * (1.0 + std::expm1(-reach) / reach);
}

TEST(SyntheticMarket, EventsClusterAsTheirBranchingRatioSays) {
    const MarketOptions options{.symbols = 1, .days = 8, .seed = 6, .halt_rate = 0.0};
    const auto counts = quotes_by_second(synthetic_market(options).value());
    // Five-minute blocks around noon, where the rate is flat to 1 %. Within a block of m seconds the sample variance
    // has mean (V(1) - V(m) / m^2) m / (m - 1), V(t) the variance of the count in t seconds.
    constexpr std::size_t kBlock = 300;
    const double expected = (dispersion(options.clustering, 1.0) - dispersion(options.clustering, kBlock) / kBlock) *
                            kBlock / (kBlock - 1.0);
    math::Moments gaps;  // variance less its expectation, block by block: mean zero
    for (const std::vector<double>& day : counts) {
        for (std::size_t first = 9'000; first < 14'400; first += kBlock) {
            math::Moments block;
            for (std::size_t second = first; second < first + kBlock; ++second) block.add(day[second]);
            gaps.add(*block.variance() - expected * *block.mean());
        }
    }
    const double level = test::false_alarm_share(kAssertions) / 2.0;
    const double deviations = -math::student_quantile(level, static_cast<double>(gaps.count() - 1));
    EXPECT_LT(std::abs(*gaps.mean()), deviations * *gaps.standard_error());
    EXPECT_GT(expected, 2.5) << "independent events would give 1";
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

TEST(SyntheticMarket, ThreadsThatLoadAtOnceSeeWhatOneSees) {
    const MarketOptions options{.symbols = 3, .days = 2, .seed = 2, .quotes_per_day = 5000};
    const auto alone = synthetic_market(options).value();
    const auto shared = synthetic_market(options).value();
    std::vector<int> same(6, 0);
    std::vector<std::thread> threads;
    for (std::size_t worker = 0; worker < same.size(); ++worker) {
        threads.emplace_back([&, worker] {
            const auto symbol = static_cast<std::int32_t>(worker % 3);
            const auto seen = all_rows(shared, symbol);
            const auto expected = all_rows(alone, symbol);
            same[worker] = std::equal(seen.quotes.bid.begin(), seen.quotes.bid.end(), expected.quotes.bid.begin(),
                                      expected.quotes.bid.end()) &&
                           std::equal(seen.trades.size.begin(), seen.trades.size.end(), expected.trades.size.begin(),
                                      expected.trades.size.end());
        });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(same, std::vector<int>(6, 1));
}

}  // namespace
}  // namespace slipcast::sim
