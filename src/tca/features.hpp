#pragma once

#include <vector>

#include "context.hpp"
#include "slipcast/core/table.hpp"

namespace slipcast::tca::detail {

/// What forecasts knew at each order's decision, from the histories in `records` (which they take), and the size that
/// follows from it. Returns the forecasts' scores, or no table where there are no forecasts.
[[nodiscard]] std::vector<Table> add_forecasts(const Context& context, Records& records);
/// By instrument, the time in which its prints belong to the flow before a decision in its sector: from `window` before
/// the first to the last. Empty where a sector has one instrument, no decision, or the window is zero.
[[nodiscard]] std::vector<TimeRange> flow_ranges(const market::Dataset& dataset, Duration window);
/// What the other instruments of each order's sector were doing just before its decision.
void add_sector_flow(const Context& context, Records& records);
/// What the desk's other orders were doing just before each decision.
void add_crowding(const Context& context, Records& records);

}  // namespace slipcast::tca::detail
