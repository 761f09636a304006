#include <gtest/gtest.h>

#include <cmath>

#include "slipcast/forecast/history.hpp"
#include "support/random_session_tape.hpp"

namespace slipcast::forecast {
namespace {

using std::chrono::seconds;
using test::SessionTape;

constexpr std::int64_t kLength = 4'000;  // seconds: the last bin is shorter, and the tape loads in several windows
constexpr std::int64_t kBin = 600;

/// The row of the quote in force during second `second`, by scanning every row; -1 before the first of the session.
std::ptrdiff_t quote_in_force(const SessionTape& tape, std::int64_t second) {
    std::ptrdiff_t last = -1;
    const auto& time = tape.series.quotes.time;
    for (std::size_t row = 0; row < time.size(); ++row) {
        if (time[row] >= SessionTape::open(0) && time[row] <= SessionTape::at(0, seconds{second}))
            last = static_cast<std::ptrdiff_t>(row);
    }
    return last;
}

bool usable(const SessionTape& tape, std::size_t row) {
    return tape.series.quotes.ask[row] >= tape.series.quotes.bid[row];
}

/// The mean spread and the share of the bin that is quoted, second by second.
std::pair<double, double> spread_by_seconds(const SessionTape& tape, std::int64_t begin, std::int64_t end) {
    const auto& gap = tape.series.gaps.front();
    double sum = 0.0, count = 0.0;
    for (std::int64_t second = begin; second < end; ++second) {
        const std::ptrdiff_t found = quote_in_force(tape, second);
        if (found < 0) continue;
        const auto row = static_cast<std::size_t>(found);
        const bool stale =
            gap.contains(SessionTape::at(0, seconds{second})) && tape.series.quotes.time[row] < gap.begin;
        if (stale || !usable(tape, row)) continue;
        const double bid = tape.series.quotes.bid[row].to_double(), ask = tape.series.quotes.ask[row].to_double();
        sum += (ask - bid) / (0.5 * (ask + bid)) * 1e4;
        count += 1.0;
    }
    return {count > 0.0 ? sum / count : 0.0, count / static_cast<double>(end - begin)};
}

double mid_before(const SessionTape& tape, std::int64_t second) {
    double mid = 0.0;
    for (std::size_t row = 0; row < tape.series.quotes.time.size(); ++row) {
        const Timestamp time = tape.series.quotes.time[row];
        if (time < SessionTape::open(0) || !usable(tape, row)) continue;
        if (time >= SessionTape::at(0, seconds{second}) && mid != 0.0) break;
        mid = 0.5 * (tape.series.quotes.bid[row].to_double() + tape.series.quotes.ask[row].to_double());
    }
    return mid;
}

TEST(Collect, EqualsCountingSecondBySecond) {
    ForecastOptions options;
    options.bin = seconds{kBin};
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
        RandomStream random(seed, "test.collect");
        const SessionTape tape = test::random_session_tape(random, 1, seconds{kLength});
        const History history = collect(tape.made(), options).value();
        const SessionRecord& record = history.instruments.front().sessions.front();
        ASSERT_EQ(record.volume.size(), 7u);
        for (std::size_t bin = 0; bin < record.volume.size(); ++bin) {
            const std::int64_t begin = static_cast<std::int64_t>(bin) * kBin;
            const std::int64_t end = std::min(begin + kBin, kLength);
            const auto [spread, quoted] = spread_by_seconds(tape, begin, end);
            EXPECT_NEAR(record.spread[bin], spread, 1e-9) << "seed " << seed << " bin " << bin;
            EXPECT_NEAR(record.quoted[bin], quoted, 1e-12) << "seed " << seed << " bin " << bin;
            const double move = std::log(mid_before(tape, end) / mid_before(tape, begin));
            EXPECT_NEAR(record.variance[bin], move * move, 1e-15) << "seed " << seed << " bin " << bin;
            std::int64_t volume = 0;
            for (std::size_t row = 0; row < tape.series.trades.time.size(); ++row) {
                const market::TradeFlags flags = tape.series.trades.flags[row];
                const TimeRange window{SessionTape::at(0, seconds{begin}), SessionTape::at(0, seconds{end})};
                if (flags == market::kRegularTrade && window.contains(tape.series.trades.time[row]))
                    volume += tape.series.trades.size[row].units();
            }
            EXPECT_EQ(record.volume[bin], volume) << "seed " << seed << " bin " << bin;
        }
    }
}

TEST(Collect, DoesNotDependOnWhereTheSlicesEnd) {
    ForecastOptions options;
    options.bin = seconds{kBin};
    options.auction_margin = seconds{400};
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        RandomStream random(seed, "test.collect.slices");
        const market::Dataset dataset = test::random_session_tape(random, 3, seconds{kLength}).made();
        const History whole = collect(dataset, options).value();
        HistoryCollector collector(dataset, SessionTape::stock(), options);
        const auto longest = static_cast<std::uint64_t>(seconds{seed % 2 == 0 ? 50 : 20'000} / Duration{1});
        for (Timestamp begin = collector.range().begin; begin < collector.range().end;) {
            const Timestamp end = begin + Duration{1 + math::draw_index(random, longest)};
            collector.take(dataset.tape->load(SessionTape::stock(), {begin, end}).value(), end);
            begin = end;
        }
        const InstrumentHistory pieces = std::move(collector).finish();
        const InstrumentHistory& expected = whole.instruments.front();
        ASSERT_EQ(pieces.sessions.size(), expected.sessions.size());
        for (std::size_t i = 0; i < pieces.sessions.size(); ++i) {
            EXPECT_EQ(pieces.sessions[i].volume, expected.sessions[i].volume) << "seed " << seed;
            EXPECT_EQ(pieces.sessions[i].variance, expected.sessions[i].variance) << "seed " << seed;
            EXPECT_EQ(pieces.sessions[i].spread, expected.sessions[i].spread) << "seed " << seed;
            EXPECT_EQ(pieces.sessions[i].quoted, expected.sessions[i].quoted) << "seed " << seed;
            EXPECT_EQ(pieces.sessions[i].opening_auction, expected.sessions[i].opening_auction) << "seed " << seed;
            EXPECT_EQ(pieces.sessions[i].closing_auction, expected.sessions[i].closing_auction) << "seed " << seed;
            EXPECT_EQ(pieces.sessions[i].first_mid, expected.sessions[i].first_mid) << "seed " << seed;
            EXPECT_EQ(pieces.sessions[i].last_mid, expected.sessions[i].last_mid) << "seed " << seed;
            EXPECT_EQ(pieces.sessions[i].complete, expected.sessions[i].complete) << "seed " << seed;
        }
    }
}

}  // namespace
}  // namespace slipcast::forecast
