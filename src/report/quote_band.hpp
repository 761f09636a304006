#pragma once

#include <cstddef>
#include <vector>

#include "slipcast/market/tape.hpp"

namespace slipcast::report {

/// Rows of `quotes` (times within `window`) to draw as a step band: all of them when they fit in `limit` >= 5; else, of
/// each of limit / 5 equal stretches of time, the rows with the lowest and highest bid, the lowest and highest ask, and
/// the last. Every step is then a quote that stood, no extreme is lost, and each stretch hands its true last quote to
/// the next. Rows with a missing side (price 0) count as last rows only. Ascending.
[[nodiscard]] std::vector<std::size_t> band_rows(const market::QuoteColumns& quotes, TimeRange window,
                                                 std::size_t limit);

/// Of rows with ascending `time` within `window`, the last row of each of `limit` equal stretches: enough to draw a
/// running total. Ascending.
[[nodiscard]] std::vector<std::size_t> last_rows(std::span<const Timestamp> time, TimeRange window, std::size_t limit);

}  // namespace slipcast::report
