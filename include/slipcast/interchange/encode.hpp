#pragma once

#include <memory>
#include <vector>

#include "slipcast/core/table.hpp"
#include "slipcast/interchange/arrow_abi.hpp"
#include "slipcast/market/dataset.hpp"

namespace slipcast::interchange {

/// A result table as an Arrow stream of one batch. The buffers are the table's own (no copy; validity bytes are packed
/// to bits), kept alive by `table` until the consumer releases them. Types: int64, float64, utf8, timestamp[ns, UTC],
/// decimal128(18, 9) for prices, decimal128(38, 18) for money, dictionary(int32, utf8), bool. Field metadata carries
/// unit, sign, benchmark, definition_version, weighting and meaning; schema metadata carries the table's name.
void encode_table(std::shared_ptr<const Table> table, ArrowArrayStream* out);

/// The contract tables of a dataset (instruments, orders, ..., sessions, events) as result tables in the contract's own
/// types: int64 prices and quantities, so that decode_table(encode(x)) == x. Absent tables are left out.
[[nodiscard]] std::vector<Table> contract_tables_of(const market::Dataset& dataset);

/// Quotes or trades of one slice as a contract table (symbol, time, bid, ...).
[[nodiscard]] Table quotes_table(const market::QuoteColumns& quotes, std::string_view symbol);
[[nodiscard]] Table trades_table(const market::TradeColumns& trades, std::string_view symbol,
                                 const market::Names& names);

}  // namespace slipcast::interchange
