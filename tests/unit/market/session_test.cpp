#include "slipcast/market/session.hpp"

#include <gtest/gtest.h>

namespace slipcast::market {
namespace {

const LabelId kNewYork = LabelId::from_index(0);
const LabelId kTokyo = LabelId::from_index(1);

Timestamp at(const char* text) {
    return Timestamp::parse(text).value();
}

Session session(LabelId market, const char* date, const char* open, const char* close, bool half_day = false) {
    return {market, Date::parse(date).value(), at(open), at(close), std::nullopt, std::nullopt, half_day};
}

/// The week of Thanksgiving 2013 (closed on Thursday, half day on Friday) and one Tokyo day with its lunch break.
SessionCalendar calendar() {
    return SessionCalendar({
        session(kTokyo, "2013-11-27", "2013-11-27T03:30:00Z", "2013-11-27T06:00:00Z"),
        session(kNewYork, "2013-11-29", "2013-11-29T14:30:00Z", "2013-11-29T18:00:00Z", true),
        session(kNewYork, "2013-11-27", "2013-11-27T14:30:00Z", "2013-11-27T21:00:00Z"),
        session(kTokyo, "2013-11-27", "2013-11-27T00:00:00Z", "2013-11-27T02:30:00Z"),
    });
}

TEST(SessionCalendar, FindsTheSessionThatHoldsATime) {
    const SessionCalendar days = calendar();
    EXPECT_EQ(days.at(kNewYork, at("2013-11-27T14:29:59.999999999Z")), nullptr);
    ASSERT_NE(days.at(kNewYork, at("2013-11-27T14:30:00Z")), nullptr);
    EXPECT_EQ(days.at(kNewYork, at("2013-11-27T20:59:59.999999999Z"))->date.to_string(), "2013-11-27");
    EXPECT_EQ(days.at(kNewYork, at("2013-11-27T21:00:00Z")), nullptr);
}

TEST(SessionCalendar, AHalfDayEndsAtItsOwnClose) {
    const SessionCalendar days = calendar();
    ASSERT_NE(days.at(kNewYork, at("2013-11-29T17:59:00Z")), nullptr);
    EXPECT_TRUE(days.at(kNewYork, at("2013-11-29T17:59:00Z"))->half_day);
    EXPECT_EQ(days.at(kNewYork, at("2013-11-29T18:01:00Z")), nullptr);
}

TEST(SessionCalendar, FindsADayAndKnowsAHoliday) {
    const SessionCalendar days = calendar();
    EXPECT_EQ(days.on(kNewYork, Date::parse("2013-11-29").value())->open, at("2013-11-29T14:30:00Z"));
    EXPECT_EQ(days.on(kNewYork, Date::parse("2013-11-28").value()), nullptr);
    EXPECT_EQ(days.on(LabelId::from_index(7), Date::parse("2013-11-29").value()), nullptr);
}

TEST(SessionCalendar, ALunchBreakIsOutsideTheDaysTwoSessions) {
    const SessionCalendar days = calendar();
    EXPECT_EQ(days.of(kTokyo).size(), 2U);
    EXPECT_EQ(days.at(kTokyo, at("2013-11-27T03:00:00Z")), nullptr);
    EXPECT_EQ(days.on(kTokyo, Date::parse("2013-11-27").value())->open, at("2013-11-27T00:00:00Z"));
}

TEST(SessionCalendar, ThePreviousSessionIsTheLastOneAlreadyClosed) {
    const SessionCalendar days = calendar();
    EXPECT_EQ(days.previous(kNewYork, at("2013-11-29T15:00:00Z"))->date.to_string(), "2013-11-27");
    EXPECT_EQ(days.previous(kNewYork, at("2013-11-29T18:00:00Z"))->date.to_string(), "2013-11-29");
    EXPECT_EQ(days.previous(kNewYork, at("2013-11-27T20:00:00Z")), nullptr);
    EXPECT_EQ(days.previous(kTokyo, at("2013-11-27T04:00:00Z"))->close, at("2013-11-27T02:30:00Z"));
}

TEST(SessionCalendar, WithoutSessionsEveryLookupIsEmpty) {
    const SessionCalendar none;
    EXPECT_EQ(none.at(kNewYork, at("2013-11-27T15:00:00Z")), nullptr);
    EXPECT_EQ(none.on(kNewYork, Date{}), nullptr);
    EXPECT_EQ(none.previous(kNewYork, Timestamp::max()), nullptr);
}

TEST(SessionCalendarDeath, OverlappingSessionsAreABug) {
    EXPECT_DEATH(SessionCalendar({session(kNewYork, "2013-11-27", "2013-11-27T14:30:00Z", "2013-11-27T21:00:00Z"),
                                  session(kNewYork, "2013-11-27", "2013-11-27T20:00:00Z", "2013-11-27T22:00:00Z")}),
                 "do not overlap");
}

}  // namespace
}  // namespace slipcast::market
