#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "slipcast/core/result.hpp"
#include "slipcast/core/table.hpp"

namespace slipcast {

/// A column as doubles, NaN where missing: numbers, prices, cash, flags as 0 and 1. Text, labels and times are refused.
[[nodiscard]] Result<std::vector<double>> numbers_of(const Column& column);

/// A column as labels in order of first appearance; code -1 is missing. Text, labels, flags and whole numbers are
/// taken.
[[nodiscard]] Result<DictionaryColumn> labels_of(const Column& column);

/// A column of times in ns since 1970, `valid` as in the column. Anything but times is refused.
[[nodiscard]] Result<std::vector<std::int64_t>> times_of(const Column& column);

/// The table's column, or a refusal that names the nearest. `field`: what the caller calls it.
[[nodiscard]] Result<const Column*> column_of(const Table& table, const std::string& field, const std::string& name);

}  // namespace slipcast
