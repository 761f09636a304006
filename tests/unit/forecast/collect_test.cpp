#include <gtest/gtest.h>

#include <cmath>

#include "slipcast/forecast/history.hpp"
#include "support/session_tape.hpp"

namespace slipcast::forecast {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using test::SessionTape;

/// Ten-minute bins of a one-hour session.
ForecastOptions ten_minutes() {
    ForecastOptions options;
    options.bin = minutes{10};
    options.edge = minutes{15};
    return options;
}

SessionRecord first_record(const SessionTape& tape, const ForecastOptions& options = ten_minutes()) {
    return collect(tape.made(), options).value().instruments.front().sessions.front();
}

market::TradeFlags flagged(market::TradeFlag flag) {
    market::TradeFlags flags = market::kRegularTrade;
    return flags.set(flag);
}

TEST(Collect, VolumeGoesToTheBinOfItsTimeAndAuctionsAreKeptApart) {
    SessionTape tape(1);
    tape.trade(SessionTape::at(0, -seconds{1}), 7);  // before the open: in no bin
    tape.trade(SessionTape::at(0, seconds{2}), 1000, flagged(market::TradeFlag::opening_auction));
    tape.trade(SessionTape::at(0, minutes{5}), 100);
    tape.trade(SessionTape::at(0, minutes{10}), 20);                       // a bin holds its begin
    tape.trade(SessionTape::at(0, minutes{11}), 3, market::TradeFlags{});  // not in market volume
    tape.trade(SessionTape::at(0, minutes{59}), 4);
    tape.trade(SessionTape::at(0, minutes{60}), 5);  // the session is over
    tape.trade(SessionTape::at(0, minutes{61}), 2000, flagged(market::TradeFlag::closing_auction));
    const SessionRecord record = first_record(tape);
    EXPECT_EQ(record.volume, (std::vector<std::int64_t>{100, 20, 0, 0, 0, 4}));
    EXPECT_EQ(record.opening_auction, 1000);
    EXPECT_EQ(record.closing_auction, 2000);
    EXPECT_EQ(record.session_volume(), 124);
    EXPECT_EQ(record.day_volume(), 3124);
    EXPECT_TRUE(record.complete);
}

TEST(Collect, SpreadIsWeightedByTheTimeItStood) {
    SessionTape tape(1);
    tape.quote(SessionTape::at(0, minutes{0}), 9990, 10010);  // 20 bps for 9 minutes
    tape.quote(SessionTape::at(0, minutes{9}), 9980, 10020);  // 40 bps for 1 minute of the first bin
    tape.quote(SessionTape::at(0, minutes{55}), 9980, 10020);
    const SessionRecord record = first_record(tape);
    EXPECT_NEAR(record.spread[0], (20.0 * 9 + 40.0 * 1) / 10, 1e-9);
    EXPECT_NEAR(record.spread[3], 40.0, 1e-9);
    EXPECT_DOUBLE_EQ(record.quoted[0], 1.0);
    EXPECT_DOUBLE_EQ(record.quoted[5], 1.0);
}

TEST(Collect, CrossedOneSidedAndStaleQuotesCountForNoTime) {
    SessionTape tape(1);
    tape.quote(SessionTape::at(0, minutes{0}), 9990, 10010);
    tape.quote(SessionTape::at(0, minutes{2}), 10010, 9990);  // crossed for 3 minutes
    tape.quote(SessionTape::at(0, minutes{5}), 9990, 10010);
    tape.quote(SessionTape::at(0, minutes{30}), 9990, 0);  // no offer from here on
    tape.quote(SessionTape::at(0, minutes{50}), 9990, 10010);
    tape.series.gaps.push_back({SessionTape::at(0, minutes{12}), SessionTape::at(0, minutes{16})});
    const SessionRecord record = first_record(tape);
    EXPECT_NEAR(record.quoted[0], 0.7, 1e-12);
    EXPECT_NEAR(record.quoted[1], 0.6, 1e-12);
    EXPECT_NEAR(record.quoted[3], 0.0, 1e-12);
    EXPECT_NEAR(record.spread[1], 20.0, 1e-9);
}

TEST(Collect, VarianceIsTheSquaredMoveOfTheMidBetweenBinEnds) {
    SessionTape tape(1);
    tape.quote(SessionTape::at(0, minutes{1}), 9990, 10010);
    tape.quote(SessionTape::at(0, minutes{4}), 19990, 20010);  // gone again before the bin ends
    tape.quote(SessionTape::at(0, minutes{9}), 10090, 10110);
    tape.quote(SessionTape::at(0, minutes{10}), 10190, 10210);  // the second bin's
    tape.quote(SessionTape::at(0, minutes{59}), 10190, 10210);
    const SessionRecord record = first_record(tape);
    EXPECT_NEAR(record.variance[0], std::pow(std::log(101.0 / 100.0), 2), 1e-15);
    EXPECT_NEAR(record.variance[1], std::pow(std::log(102.0 / 101.0), 2), 1e-15);
    EXPECT_EQ(record.variance[2], 0.0);
    EXPECT_DOUBLE_EQ(*record.first_mid, 100.0);
    EXPECT_DOUBLE_EQ(*record.last_mid, 102.0);
}

TEST(Collect, ASessionSilentAtEitherEndIsIncomplete) {
    SessionTape late(1), early(1), whole(1);
    for (int minute = 20; minute < 60; ++minute) late.trade(SessionTape::at(0, minutes{minute}), 1);
    for (int minute = 0; minute < 40; ++minute) early.trade(SessionTape::at(0, minutes{minute}), 1);
    for (int minute = 0; minute < 60; ++minute) whole.trade(SessionTape::at(0, minutes{minute}), 1);
    EXPECT_FALSE(first_record(late).complete);
    EXPECT_FALSE(first_record(early).complete);
    EXPECT_TRUE(first_record(whole).complete);
}

TEST(Collect, RefusesWhatItCannotRead) {
    SessionTape tape(1);
    market::Dataset without = tape.made();
    without.tape = nullptr;
    EXPECT_EQ(collect(without).error().field, "tape");
    ForecastOptions options;
    options.lookback = 0;
    EXPECT_EQ(collect(tape.made(), options).error().field, "lookback");
    const auto stop = [](std::string_view, std::int64_t, std::int64_t) { return false; };
    EXPECT_EQ(collect(tape.made(), {}, stop).error().code, ErrorCode::interrupted);
}

}  // namespace
}  // namespace slipcast::forecast
