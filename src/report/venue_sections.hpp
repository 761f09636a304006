#pragma once

#include <limits>
#include <variant>
#include <vector>

#include "slipcast/core/table.hpp"

namespace slipcast::report {

/// A column of a table that the page's own module made.
template <typename T>
[[nodiscard]] const std::vector<T>& values(const Table& table, const char* name) {
    return std::get<std::vector<T>>(table.find(name)->data);
}

/// A column of numbers; missing is NaN.
[[nodiscard]] inline std::vector<double> numbers(const Table& table, const char* name) {
    const Column& column = *table.find(name);
    std::vector<double> list = std::get<std::vector<double>>(column.data);
    for (std::size_t row = 0; row < list.size(); ++row) {
        if (!column.is_valid(row)) list[row] = std::numeric_limits<double>::quiet_NaN();
    }
    return list;
}

}  // namespace slipcast::report
