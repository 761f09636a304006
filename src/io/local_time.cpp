#include "local_time.hpp"

#include <date/date.h>
#include <date/tz.h>

#include <cmath>
#include <exception>
#include <sstream>

namespace slipcast::io::detail {

Result<LocalZone> LocalZone::find(std::string_view name) {
    try {
        LocalZone zone;
        zone.zone_ = date::locate_zone(std::string(name));
        zone.name_ = name;
        return zone;
    } catch (const std::exception&) {
        return invalid_value("time_zone", std::string(name),
                             "must be a name of the time zone database, like America/New_York or UTC");
    }
}

Result<Timestamp> LocalZone::instant(Date date, Duration since_midnight) const {
    const auto* zone = static_cast<const date::time_zone*>(zone_);
    const date::local_time<Duration> local{date::days{date.days()} + since_midnight};
    const date::local_info info = zone->get_info(local);
    if (info.result != date::local_info::unique) {
        return invalid_value("time", Timestamp::from_ns(local.time_since_epoch().count()).to_string(),
                             "the clock of " + name_ + " skipped or repeated this time");
    }
    return Timestamp::from_ns(local.time_since_epoch().count() -
                              std::chrono::duration_cast<Duration>(info.first.offset).count());
}

bool is_time_pattern(std::string_view pattern) {
    for (std::size_t at = 0; at < pattern.size(); ++at) {
        const char c = pattern[at];
        if (c < ' ' || c > '~') return false;
        if (c != '%') continue;
        // No zone (%z, %Z): the mapping names it. The rest of strftime adds nothing but corners.
        ++at;
        if (at == pattern.size() || std::string_view("YmdHMSybeIp").find(pattern[at]) == std::string_view::npos) {
            return false;
        }
    }
    return true;
}

Result<LocalTime> parse_local_time(std::string_view text, std::string_view pattern, std::string_view field) {
    const auto refused = [&] {
        return invalid_value(std::string(field), std::string(text), "must match " + std::string(pattern));
    };
    if (!is_time_pattern(pattern)) return refused();
    // In fields: a sum of date and time in nanoseconds would overflow outside the years 1677 to 2262. The time of day
    // in long double, which holds every nanosecond of a day: %S takes twelve digits, more than integer nanoseconds
    // hold.
    using WideDuration = std::chrono::duration<long double, std::nano>;
    std::istringstream in{std::string(text)};
    date::fields<WideDuration> fields;
    date::from_stream(in, std::string(pattern).c_str(), fields);
    if (in.fail() || (in.peek(), !in.eof()) || !fields.ymd.ok()) return refused();
    constexpr date::sys_days kFirst{date::year{1678} / 1 / 1}, kLast{date::year{2261} / 12 / 31};
    const date::sys_days day{fields.ymd};
    if (day < kFirst || day > kLast) return refused();
    const long double time_ns = fields.has_tod ? fields.tod.to_duration().count() : 0.0L;
    if (!(time_ns >= 0.0L && time_ns <= 86'399'999'999'999.0L)) return refused();
    const Duration since_midnight{std::llround(time_ns)};
    return LocalTime{Date::from_days(static_cast<std::int32_t>(day.time_since_epoch().count())), since_midnight};
}

}  // namespace slipcast::io::detail
