#include "xnys_sessions.hpp"

#include <date/date.h>

#include <algorithm>

#include <fmt/format.h>

#include "xnys_closures.hpp"

namespace slipcast::io::detail {

Result<std::optional<market::Session>> xnys_session(const LocalZone& new_york, Date date, LabelId market) {
    const date::sys_days day{date::days{date.days()}};
    const date::year_month_day civil{day};
    const auto number = static_cast<std::int32_t>(static_cast<int>(civil.year()) * 10'000 +
                                                  static_cast<int>(static_cast<unsigned>(civil.month())) * 100 +
                                                  static_cast<int>(static_cast<unsigned>(civil.day())));
    const XnysClosures& closures = xnys_closures();
    if (const int year = static_cast<int>(civil.year()); year < closures.first_year || year > closures.last_year) {
        return Error{ErrorCode::out_of_range,
                     "date",
                     date.to_string(),
                     fmt::format("the shipped calendar covers {} to {}", closures.first_year, closures.last_year),
                     {}};
    }
    const unsigned weekday = date::weekday{day}.iso_encoding();
    const auto listed = [&](std::span<const std::int32_t> days) {
        return std::binary_search(days.begin(), days.end(), number);
    };
    if (weekday > 5 || listed(closures.closed)) return std::optional<market::Session>{};
    market::Session session;
    session.market = market;
    session.date = date;
    session.half_day = listed(closures.half_days);
    SLIPCAST_TRY(open, new_york.instant(date, std::chrono::hours{9} + std::chrono::minutes{30}));
    SLIPCAST_TRY(close, new_york.instant(date, std::chrono::hours{session.half_day ? 13 : 16}));
    session.open = open;
    session.close = close;
    return std::optional(session);
}

}  // namespace slipcast::io::detail
