#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "slipcast/core/result.hpp"
#include "slipcast/interchange/arrow_abi.hpp"
#include "slipcast/market/draft.hpp"

namespace slipcast::interchange {

/// The tables of the data contract that decode into a draft, in the order in which they must be read (an order needs
/// its instrument's quantity scale): instruments, sessions, orders, order_events, placements, fills, fill_events,
/// events, fx, corporate_actions.
[[nodiscard]] const std::vector<std::string>& contract_tables();
/// Every column of a contract table, required ones first; the optional ones end in '?'.
[[nodiscard]] std::vector<std::string> contract_columns(std::string_view table);

/// Appends the rows of `stream` (consumed and released) to table `table` of the draft. `file` is what findings call the
/// source.
///
/// Column types taken: times as timestamp of any unit in UTC, as int64 nanoseconds, or as text with a zone; prices as
/// int64 units of 1e-9, decimal, float (only when it round-trips) or text; quantities as int64 units at the
/// instrument's scale, decimal, float or text; labels as utf8, large_utf8, utf8_view or dictionary; bool as bool or
/// 0/1. A row whose field does not decode is quarantined with its place; a missing required column or an unknown column
/// (nearest valid name given) refuses the table; a missing optional column is noted in `missing_columns`.
Result<void> decode_table(ArrowArrayStream* stream, std::string_view table, const std::string& file,
                          market::DatasetDraft& draft);

/// Quotes and trades of many instruments, any number of batches sorted by (symbol, time) or by time, into a tape in
/// memory. Columns that already have the contract's physical type are copied once per instrument; nothing else is
/// allocated. Rows that break a rule (price < 0, negative size, time out of order) are quarantined; crossed and locked
/// quotes are kept and flagged. Either stream may be null. Trades may carry `flags` (int, TradeFlag bits) or
/// `condition` texts (regular when empty).
[[nodiscard]] Result<std::shared_ptr<const market::TapeSource>> decode_tape(ArrowArrayStream* quotes,
                                                                            ArrowArrayStream* trades,
                                                                            market::DatasetDraft& draft);

}  // namespace slipcast::interchange
