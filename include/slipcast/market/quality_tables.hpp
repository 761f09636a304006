#pragma once

#include <string>
#include <vector>

#include "slipcast/core/result.hpp"
#include "slipcast/core/table.hpp"
#include "slipcast/market/quality.hpp"

namespace slipcast::market {

/// The report as tables, the one form in which it leaves the engine:
///   quality        a row a table of the contract: rows read, accepted, flagged, quarantined
///   quality_rules  a row a rule: table, field, rule, disposition, count, the first row concerned
///   degradations   a row an absence: table, missing, effect, rows
[[nodiscard]] std::vector<Table> quality_tables(const QualityReport& quality);

/// Every quarantined row's finding as table `quarantine`: table, file, row, time, field, value, rule, code.
[[nodiscard]] Table quarantine_table(const QualityReport& quality);

/// Adds the rows of such a table, which `shown` names, to `quality` as read and quarantined: a dataset written from
/// accepted rows keeps the others in its table `left_out`. Refused: a missing column, a code of no refusal.
[[nodiscard]] Result<void> add_left_out(const Table& table, const std::string& shown, QualityReport& quality);

}  // namespace slipcast::market
