#pragma once

#include <memory>
#include <vector>

#include "slipcast/core/table.hpp"
#include "slipcast/interchange/arrow_abi.hpp"
#include "slipcast/market/dataset.hpp"

namespace slipcast::interchange {

/// A result table as an Arrow stream of one batch. Integers, floats, times, dictionary codes and money are the table's
/// own buffers (no copy), kept alive by `table` until the consumer releases them; validity, bool, text and prices are
/// laid out anew. Types: int64, float64, utf8 (large_utf8 past 2 GiB), timestamp[ns, UTC], decimal128(19, 9) for
/// prices, decimal128(38, 18) for money, dictionary(int32, utf8), bool. Field metadata carries unit, sign, benchmark,
/// definition_version, weighting and meaning; schema metadata carries the table's name.
void encode_table(std::shared_ptr<const Table> table, ArrowArrayStream* out);

/// The contract tables of a dataset (instruments, orders, ..., sessions, events) as result tables in the contract's own
/// types: int64 prices and quantities, so that decode_table(encode(x)) == x. Tables and optional columns without values
/// are left out. Derived orders are left out: their fills carry symbol and side, from which they are derived again.
/// Busted fills are not in the dataset, so their events are left out too.
[[nodiscard]] std::vector<Table> contract_tables_of(const market::Dataset& dataset);

/// Quotes or trades of one slice as a contract table (symbol, time, bid, ...).
[[nodiscard]] Table quotes_table(const market::QuoteColumns& quotes, std::string_view symbol);
[[nodiscard]] Table trades_table(const market::TradeColumns& trades, std::string_view symbol,
                                 const market::Names& names);

}  // namespace slipcast::interchange
