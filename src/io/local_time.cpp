#include "local_time.hpp"

#include <date/date.h>
#include <date/tz.h>

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

Result<LocalTime> parse_local_time(std::string_view text, std::string_view pattern, std::string_view field) {
    const auto refused = [&] {
        return invalid_value(std::string(field), std::string(text), "must match " + std::string(pattern));
    };
    // The years that nanoseconds in 64 bits can hold, with room on both sides.
    constexpr std::int32_t kFirstDay = -100'000, kLastDay = 100'000;
    std::istringstream in{std::string(text)};
    date::local_time<Duration> local;
    in >> date::parse(std::string(pattern), local);
    if (in.fail() || (in.peek(), !in.eof())) return refused();
    const auto day = date::floor<date::days>(local);
    const auto days = day.time_since_epoch().count();
    if (days < kFirstDay || days > kLastDay) return refused();
    return LocalTime{Date::from_days(static_cast<std::int32_t>(days)), local - day};
}

}  // namespace slipcast::io::detail
