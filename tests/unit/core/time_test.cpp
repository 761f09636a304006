#include "slipcast/core/time.hpp"

#include <gtest/gtest.h>

#include "slipcast/core/clock.hpp"

using namespace slipcast;
using namespace std::chrono_literals;

TEST(Timestamp, ReadsIsoTextWithAZone) {
    const auto same = Timestamp::from_ns(1'381'152'600'123'456'789);
    EXPECT_EQ(*Timestamp::parse("2013-10-07T13:30:00.123456789Z"), same);
    EXPECT_EQ(*Timestamp::parse("2013-10-07 13:30:00.123456789Z"), same);
    EXPECT_EQ(*Timestamp::parse("2013-10-07t09:30:00.123456789-04:00"), same);
    EXPECT_EQ(*Timestamp::parse("2013-10-07T19:00:00.12345678900+05:30"), same);
    EXPECT_EQ(*Timestamp::parse("1970-01-01T00:00:00z"), Timestamp{});
    EXPECT_EQ(*Timestamp::parse("1969-12-31T23:59:59.999999999Z"), Timestamp::from_ns(-1));
}

TEST(Timestamp, RefusesAGuess) {
    for (const char* text :
         {"2013-10-07T13:30:00", "2013-10-07", "2013-10-07T13:30Z", "2013-13-07T13:30:00Z", "2013-02-29T13:30:00Z",
          "2013-10-07T24:00:00Z", "2013-10-07T13:60:00Z", "2013-10-07T13:30:60Z", "2013-10-07T13:30:00.Z",
          "2013-10-07T13:30:00.0000000001Z", "2013-10-07T13:30:00+0400", "2013-10-07T13:30:00+24:00",
          "2013-10-07T13:30:00Z ", "20131007T133000Z", "1381152600", ""}) {
        const auto result = Timestamp::parse(text, "arrival_time");
        ASSERT_FALSE(result) << text;
        EXPECT_EQ(result.error().code, ErrorCode::malformed) << text;
        EXPECT_EQ(result.error().field, "arrival_time");
        EXPECT_EQ(result.error().value, text);
    }
    EXPECT_NE(Timestamp::parse("2013-10-07T13:30:00").error().rule.find("zone"), std::string::npos);
}

TEST(Timestamp, HoldsItsWholeRange) {
    EXPECT_EQ(Timestamp::max().to_string(), "2262-04-11T23:47:16.854775807Z");
    EXPECT_EQ(Timestamp::min().to_string(), "1677-09-21T00:12:43.145224192Z");
    EXPECT_EQ(*Timestamp::parse("2262-04-11T23:47:16.854775807Z"), Timestamp::max());
    EXPECT_EQ(*Timestamp::parse("1677-09-21T00:12:43.145224192Z"), Timestamp::min());
    EXPECT_EQ(Timestamp::parse("2262-04-11T23:47:16.854775808Z").error().code, ErrorCode::out_of_range);
    EXPECT_EQ(Timestamp::parse("9999-01-01T00:00:00Z").error().code, ErrorCode::out_of_range);
}

TEST(Timestamp, PrintsAsManyDigitsAsItNeeds) {
    EXPECT_EQ(Timestamp::from_ns(0).to_string(), "1970-01-01T00:00:00Z");
    EXPECT_EQ(Timestamp::from_ns(250'000'000).to_string(), "1970-01-01T00:00:00.250Z");
    EXPECT_EQ(Timestamp::from_ns(1'000).to_string(), "1970-01-01T00:00:00.000001Z");
    EXPECT_EQ(Timestamp::from_ns(7).to_string(), "1970-01-01T00:00:00.000000007Z");
}

TEST(Date, CountsCalendarDays) {
    EXPECT_EQ(Date::parse("1970-01-01")->days(), 0);
    EXPECT_EQ(Date::parse("2000-02-29")->days(), 11'016);
    EXPECT_EQ(Date::from_days(-1).to_string(), "1969-12-31");
    EXPECT_EQ(Date::of_utc(Timestamp::from_ns(-1)).to_string(), "1969-12-31");
    EXPECT_EQ(Date::parse("2013-10-07")->midnight_utc(), *Timestamp::parse("2013-10-07T00:00:00Z"));
    for (const char* text : {"2013-2-1", "2013-00-10", "2013-10-32", "1900-02-29", "2013-10-07T", "07.10.2013", ""}) {
        EXPECT_EQ(Date::parse(text, "first_day").error().field, "first_day") << text;
    }
}

TEST(Duration, ReadsANumberAndAUnit) {
    EXPECT_EQ(*parse_duration("250ms"), 250ms);
    EXPECT_EQ(*parse_duration("-10s"), -10s);
    EXPECT_EQ(*parse_duration("5min"), 5min);
    EXPECT_EQ(*parse_duration("2h"), 2h);
    EXPECT_EQ(*parse_duration("1d"), 24h);
    EXPECT_EQ(*parse_duration("7us"), 7us);
    EXPECT_EQ(*parse_duration("9ns"), 9ns);
    for (const char* text : {"10", "s", "", "-", "1.5s", "5m", "5 s", "+5s", "5S", "5sec"}) {
        const auto result = parse_duration(text, "window");
        ASSERT_FALSE(result) << text;
        EXPECT_EQ(result.error().code, ErrorCode::malformed) << text;
        EXPECT_EQ(result.error().field, "window");
    }
    EXPECT_EQ(parse_duration("999999999999d").error().code, ErrorCode::out_of_range);
    EXPECT_EQ(parse_duration("9223372036854775808ns").error().code, ErrorCode::out_of_range);
    EXPECT_EQ(parse_duration("9223372036854775807ns")->count(), INT64_MAX);
}

TEST(Duration, PrintsTheShortestExactText) {
    EXPECT_EQ(to_string(Duration{0}), "0s");
    EXPECT_EQ(to_string(1500ms), "1500ms");
    EXPECT_EQ(to_string(-60s), "-1min");
    EXPECT_EQ(to_string(48h), "2d");
    EXPECT_EQ(to_string(90min), "90min");
}

TEST(TimeRange, IsHalfOpen) {
    const TimeRange range{Timestamp::from_ns(10), Timestamp::from_ns(20)};
    EXPECT_FALSE(range.contains(Timestamp::from_ns(9)));
    EXPECT_TRUE(range.contains(Timestamp::from_ns(10)));
    EXPECT_TRUE(range.contains(Timestamp::from_ns(19)));
    EXPECT_FALSE(range.contains(Timestamp::from_ns(20)));
    EXPECT_EQ(range.length(), 10ns);
}

TEST(SimulatedClock, StandsWhereItWasPutAndNeverRunsBackwards) {
    SimulatedClock clock(Timestamp::from_ns(100));
    EXPECT_EQ(clock.now(), Timestamp::from_ns(100));
    clock.advance_to(Timestamp::from_ns(100) + 5s);
    EXPECT_EQ(clock.now() - Timestamp::from_ns(100), 5s);
    EXPECT_DEATH(clock.advance_to(Timestamp::from_ns(99)), "time never runs backwards");
}
