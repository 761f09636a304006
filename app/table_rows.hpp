#pragma once

#include <string_view>
#include <vector>

#include "slipcast/core/table.hpp"

namespace slipcast::app {

/// The rows whose column `name` reads `text`; empty when there is no such column.
[[nodiscard]] std::vector<std::size_t> rows_where(const Table& table, std::string_view name, std::string_view text);

/// A table of the given rows, in that order.
[[nodiscard]] Table selected_rows(const Table& table, const std::vector<std::size_t>& rows);

/// One row turned on its side: field, value, unit. Missing values are left out.
[[nodiscard]] Table record(const Table& table, std::size_t row);

}  // namespace slipcast::app
