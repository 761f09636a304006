#pragma once

#include "slipcast/core/table.hpp"

namespace slipcast::cost::detail {

/// True when what the column says is known only after the trade: a cost, a gain, or a figure of the execution.
[[nodiscard]] bool is_outcome(const ColumnMeta& meta);

}  // namespace slipcast::cost::detail
