#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "slipcast/core/result.hpp"

namespace slipcast {

/// A length of time in nanoseconds.
using Duration = std::chrono::nanoseconds;

/// A point in time: nanoseconds since 1970-01-01 00:00:00 UTC.
class Timestamp {
public:
    constexpr Timestamp() = default;
    [[nodiscard]] static constexpr Timestamp from_ns(std::int64_t ns) {
        Timestamp time;
        time.ns_ = ns;
        return time;
    }
    /// From "2013-10-07T13:30:00.123456789Z" (also a space for T, fewer digits, or a +hh:mm offset). Text
    /// without a zone is refused: a time without a zone is a guess.
    [[nodiscard]] static Result<Timestamp> parse(std::string_view text, std::string_view field = "time");
    [[nodiscard]] static constexpr Timestamp min() { return from_ns(INT64_MIN); }
    [[nodiscard]] static constexpr Timestamp max() { return from_ns(INT64_MAX); }
    [[nodiscard]] constexpr std::int64_t ns() const { return ns_; }
    /// ISO 8601 in UTC with as many fractional digits as needed (0, 3, 6 or 9).
    [[nodiscard]] std::string to_string() const;

    friend constexpr Duration operator-(Timestamp a, Timestamp b) { return Duration{a.ns_ - b.ns_}; }
    friend constexpr Timestamp operator+(Timestamp a, Duration b) { return from_ns(a.ns_ + b.count()); }
    friend constexpr Timestamp operator-(Timestamp a, Duration b) { return from_ns(a.ns_ - b.count()); }
    friend constexpr auto operator<=>(Timestamp, Timestamp) = default;

private:
    std::int64_t ns_ = 0;
};

/// A half-open window of time [begin, end).
struct TimeRange {
    Timestamp begin;
    Timestamp end;
    [[nodiscard]] constexpr bool contains(Timestamp t) const { return begin <= t && t < end; }
    [[nodiscard]] constexpr Duration length() const { return end - begin; }
    friend constexpr bool operator==(const TimeRange&, const TimeRange&) = default;
};

/// A calendar day, counted from 1970-01-01; whose calendar (market or UTC) is the holder's business.
class Date {
public:
    constexpr Date() = default;
    [[nodiscard]] static constexpr Date from_days(std::int32_t days) {
        Date date;
        date.days_ = days;
        return date;
    }
    [[nodiscard]] static Result<Date> parse(std::string_view iso, std::string_view field = "date");
    /// The UTC calendar day that holds `time`.
    [[nodiscard]] static Date of_utc(Timestamp time);
    [[nodiscard]] constexpr std::int32_t days() const { return days_; }
    [[nodiscard]] Timestamp midnight_utc() const;
    [[nodiscard]] std::string to_string() const;  ///< "2013-10-07"
    friend constexpr auto operator<=>(Date, Date) = default;

private:
    std::int32_t days_ = 0;
};

/// "250ms", "1s", "5min", "2h", "1d"; a leading '-' is allowed. Refuses a bare number.
[[nodiscard]] Result<Duration> parse_duration(std::string_view text, std::string_view field = "duration");
/// The shortest exact text of the same grammar: 1.5 s is "1500ms".
[[nodiscard]] std::string to_string(Duration duration);

}  // namespace slipcast
