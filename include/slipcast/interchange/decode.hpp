#pragma once

#include <functional>
#include <memory>
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
/// Every column of a contract table, required ones first; the optional ones end in '?'. Quotes may carry depth columns
/// beside them, named by market::level_column.
[[nodiscard]] std::vector<std::string> contract_columns(std::string_view table);

/// Appends the rows of `stream` (consumed and released) to table `table` of the draft. `file` is what findings call the
/// source; rows count from 1 in each call. After a refusal the draft holds the rows before it and is of no use.
///
/// Column types taken: times as timestamp of any unit with a zone (an instant in UTC whatever the zone's name), as
/// int64 nanoseconds, or as text with a zone; prices as int64 units of 1e-9, decimal, float (only when it round-trips)
/// or text; quantities as int64 units at the instrument's scale, decimal, float or text; fees as decimal, float or text
/// (an integer is refused); labels as utf8, large_utf8, utf8_view or dictionary; bool as bool or 0/1. A row whose field
/// does not decode is quarantined with its place. Refused as a whole: a missing required column, an unknown column
/// (nearest valid name given), and a column other than text that none of at least two rows can be read from (times
/// without a zone, whole numbers for fees). Whole prices below a tenth of the instrument's tick size, and whole ticks,
/// rates and ratios below 1e-6, do not decode unless the column's metadata has a `unit`: they are meant as they stand.
/// A missing optional column is noted in `missing_columns`.
Result<void> decode_table(ArrowArrayStream* stream, std::string_view table, const std::string& file,
                          market::DatasetDraft& draft);

/// Where row `row` (from 1, among the rows that the stream has given so far) of a stream stands: the file that findings
/// name, and the row there.
using PlaceOfRow = std::function<Place(std::int64_t row)>;

/// Quotes or trades as they come.
struct TapeStream {
    ArrowArrayStream* rows = nullptr;  ///< null = absent
    PlaceOfRow place = {};             ///< by default the table's name, and the row in the stream
};

/// Quotes and trades of many instruments, any number of batches, into a tape in memory; each symbol's rows in time
/// order. Quotes of one batch sorted by (symbol, time) whose columns have the contract's physical types (int64 prices
/// and sizes, timestamp[ns, UTC] or int64 times, no nulls) are not copied: the tape keeps the batch alive. Everything
/// else is copied once. Rows that break a rule (negative price or size, a symbol's time running backwards, a field that
/// does not decode) are quarantined with their places; locked and crossed quotes are kept and flagged; a missing
/// bid or ask is an absent side. Both streams are consumed and released. Trades may carry `flags`
/// (int, TradeFlag bits) or `condition` (names of TradeFlag separated by spaces; empty is regular; an unknown one is
/// flagged, counts in volume and not in VWAP). Depth columns (bid_2, ask_2, bid_size_2, ask_size_2, bid_3, ...) are
/// read level by level: a level that lacks one of its four, or depth without sizes at the touch, refuses the table; a
/// row whose levels are out of order or half there (market::broken_levels) is quarantined; empty fields are absent
/// levels.
[[nodiscard]] Result<std::shared_ptr<const market::TapeSource>> decode_tape(const TapeStream& quotes,
                                                                            const TapeStream& trades,
                                                                            market::DatasetDraft& draft);

}  // namespace slipcast::interchange
