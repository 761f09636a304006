#pragma once

#include <cstddef>
#include <vector>

#include "json.hpp"
#include "slipcast/core/result.hpp"
#include "slipcast/market/dataset.hpp"
#include "table_view.hpp"

namespace slipcast::report {

/// What to draw of one order.
struct ChartedOrder {
    const TableView& orders;
    std::size_t row = 0;
    const TableView& fills;
    const std::vector<std::size_t>& fill_rows;  ///< of this order, in time order
    PriceMove tick;                             ///< of the instrument; zero when unknown
};

/// Data of one execution chart: the touch as a step band, the order's fills, benchmark levels, own and market volume.
/// Times are milliseconds after `origin_ms` (UTC). The window is the order's life from arrival to its last fill when
/// complete, else to its cancel or end, with a margin of 8 % (at least one second) on both sides. Null when the order
/// has no arrival time. Refused only when the tape cannot be read.
[[nodiscard]] Result<Json> execution_chart(const ChartedOrder& order, const market::Dataset& dataset);

}  // namespace slipcast::report
