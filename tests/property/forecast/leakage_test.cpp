#include <gtest/gtest.h>

#include <algorithm>

#include "slipcast/forecast/forecaster.hpp"
#include "support/random_session_tape.hpp"

namespace slipcast::forecast {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using test::SessionTape;

constexpr int kDays = 4;
constexpr Duration kLength = minutes{60};

ForecastOptions options() {
    ForecastOptions options;
    options.bin = minutes{10};
    options.auction_margin = minutes{5};
    return options;
}

/// Cuts every column of the tape at `time`, then continues it with other rows.
SessionTape other_future(const SessionTape& tape, Timestamp time, RandomStream& random) {
    SessionTape changed = tape;
    const SessionTape other = test::random_session_tape(random, kDays, kLength);
    const auto cut = [&](auto& mine, const auto& theirs, auto... column) {
        const auto keep = std::ranges::lower_bound(mine.time, time) - mine.time.begin();
        const auto from = std::ranges::lower_bound(theirs.time, time) - theirs.time.begin();
        const auto splice = [&](auto& to, const auto& source) {
            to.erase(to.begin() + keep, to.end());
            to.insert(to.end(), source.begin() + from, source.end());
        };
        (splice(mine.*column, theirs.*column), ...);
        splice(mine.time, theirs.time);
    };
    using market::QuoteTable, market::TradeTable;
    cut(changed.series.quotes, other.series.quotes, &QuoteTable::bid, &QuoteTable::ask, &QuoteTable::bid_size,
        &QuoteTable::ask_size);
    cut(changed.series.trades, other.series.trades, &TradeTable::price, &TradeTable::size, &TradeTable::flags,
        &TradeTable::venue, &TradeTable::aggressor);
    std::erase_if(changed.series.gaps, [&](const TimeRange& gap) { return gap.begin >= time; });
    market::CorporateAction split;
    split.instrument = SessionTape::stock();
    split.ex_time = time + seconds{math::draw_index(random, 100'000)} + Duration{1};
    split.ratio = Price::parse("3").value();
    changed.dataset.corporate_actions.push_back(split);
    return changed;
}

/// A random moment from the first open to after the last close, often close to one of either.
Timestamp moment(RandomStream& random) {
    const int day = static_cast<int>(math::draw_index(random, kDays));
    switch (math::draw_index(random, 4)) {
        case 0:
            return SessionTape::open(day);
        case 1:
            return SessionTape::at(day, kLength + seconds{math::draw_index(random, 900)});
        case 2:
            return SessionTape::at(day, minutes{10 * math::draw_index(random, 6)});
        default:
            return SessionTape::at(day, seconds{math::draw_index(random, 3600)});
    }
}

TEST(Leakage, AnotherFutureLeavesEveryForecastBitIdentical) {
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        RandomStream random(seed, "test.leakage");
        const SessionTape tape = test::random_session_tape(random, kDays, kLength);
        const Timestamp time = moment(random);
        const Forecaster before(collect(tape.made(), options()).value());
        const Forecaster after(collect(other_future(tape, time, random).made(), options()).value());
        EXPECT_EQ(before.at(SessionTape::stock(), time), after.at(SessionTape::stock(), time))
            << "seed " << seed << " at " << time.to_string();
        for (const Duration life : {Duration{minutes{25}}, Duration{hours{24}}, Duration{hours{50}}}) {
            const TimeRange window{time, time + life};
            EXPECT_EQ(before.window_volume(SessionTape::stock(), window),
                      after.window_volume(SessionTape::stock(), window))
                << "seed " << seed << " at " << time.to_string() << " for " << to_string(life);
        }
    }
}

/// The test above would be empty if forecasts did not depend on the tape: here one earlier print changes them.
TEST(Leakage, AnEarlierPrintDoesChangeTheForecast) {
    RandomStream random(1, "test.leakage");
    const SessionTape tape = test::random_session_tape(random, kDays, kLength);
    SessionTape changed = tape;
    const auto row = std::ranges::lower_bound(changed.series.trades.time, SessionTape::at(1, minutes{5})) -
                     changed.series.trades.time.begin();
    auto& size = changed.series.trades.size[static_cast<std::size_t>(row)];
    size = Quantity::from_units(size.units() + 1);
    changed.series.trades.flags[static_cast<std::size_t>(row)] = market::kRegularTrade;
    const Forecaster one(collect(tape.made(), options()).value());
    const Forecaster other(collect(changed.made(), options()).value());
    for (const Timestamp time : {SessionTape::at(1, minutes{30}), SessionTape::open(3)})
        EXPECT_NE(one.at(SessionTape::stock(), time), other.at(SessionTape::stock(), time));
}

}  // namespace
}  // namespace slipcast::forecast
