#pragma once

#include <cstdint>
#include <span>

namespace slipcast::io::detail {

/// Where the calendar of US exchanges departs from "every weekday, 09:30 to 16:00 in New York". Dates are YYYYMMDD.
struct XnysClosures {
    std::int32_t first_year = 0;
    std::int32_t last_year = 0;
    std::span<const std::int32_t> closed;     ///< weekdays without a session
    std::span<const std::int32_t> half_days;  ///< sessions that close at 13:00
};

[[nodiscard]] const XnysClosures& xnys_closures();

}  // namespace slipcast::io::detail
