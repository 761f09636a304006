#pragma once

#include <string>

#include "slipcast/core/result.hpp"
#include "slipcast/core/table.hpp"
#include "slipcast/interchange/arrow_abi.hpp"

namespace slipcast::interchange {

/// Any Arrow stream (consumed and released) as a table, whatever its columns are called: integers, floats, decimals as
/// doubles, durations as seconds, bool, text and dictionaries of text, times with a zone. Columns of dates and of
/// nested types are left out. Refused: a time without a zone, which is a guess; a column name that occurs twice.
[[nodiscard]] Result<Table> decode_columns(ArrowArrayStream* stream, const std::string& name);

}  // namespace slipcast::interchange
