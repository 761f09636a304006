#pragma once

#include <vector>

#include "context.hpp"
#include "slipcast/core/progress.hpp"
#include "slipcast/core/table.hpp"

namespace slipcast::tca::detail {

/// What forecasts knew at each order's decision, and the size that follows from it. Returns the forecasts' scores, or
/// no table when the dataset has no tape or no sessions.
[[nodiscard]] Result<std::vector<Table>> add_forecasts(const Context& context, Records& records,
                                                       const Progress& progress);
/// What the desk's other orders were doing just before each decision.
void add_crowding(const Context& context, Records& records);

}  // namespace slipcast::tca::detail
