#pragma once

#include "slipcast/core/table.hpp"
#include "slipcast/market/quality.hpp"

namespace slipcast::io {

/// The report as table `quality`: row counts of each table, then one row for each broken rule with its first example,
/// then one for each degradation.
[[nodiscard]] Table quality_table(const market::QualityReport& quality);

/// Every quarantined row's finding as table `quarantine`: table, file, row, time, field, value, rule, code.
[[nodiscard]] Table quarantine_table(const market::QualityReport& quality);

}  // namespace slipcast::io
