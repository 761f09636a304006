#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "slipcast/core/result.hpp"
#include "slipcast/core/settings.hpp"
#include "slipcast/core/table.hpp"

namespace slipcast::tca {

/// How orders are grouped and how sure one wants to be. Every field is declared once, in settings().
struct GroupOptions {
    std::vector<std::string> by;    ///< columns of the orders table, or day, hour
    double confidence = 0.95;       ///< of every interval
    std::int64_t resamples = 1000;  ///< block resamples of an interval
    std::uint64_t seed = 1;         ///< of the resampling

    [[nodiscard]] Settings settings();
    [[nodiscard]] Result<void> validate() const;
};

/// The names that orders can be grouped by: labels, flags and counts of `orders` as they are; its numbers, prices and
/// cash in quarters of the included orders; `size` by decade and by what it is a share of; `day` (session_date) and
/// `hour` (UTC hour of the arrival).
[[nodiscard]] std::vector<std::string> group_columns(const Table& orders);

/// Table `groups`, a row a combination of what the included orders have in the columns, sorted; "(none)" where an order
/// has nothing. Arrival cost and shortfall in bps as ratios of sums with intervals from resampled blocks (symbol-days,
/// else symbol-hours, as everywhere), counts, cash, and whether the group can be told from all.
/// `orders` is the table of a measurement, just made or read back. Refused: no column, a column twice, an unknown one
/// (the nearest is named), more than 1,000 groups, a table that is no orders table.
[[nodiscard]] Result<Table> group_summary(const Table& orders, const GroupOptions& options);

}  // namespace slipcast::tca
