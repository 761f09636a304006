#pragma once

#include <variant>
#include <vector>

#include "slipcast/core/table.hpp"

namespace slipcast::report {

/// A column of a table that the page's own module made.
template <typename T>
[[nodiscard]] const std::vector<T>& values(const Table& table, const char* name) {
    return std::get<std::vector<T>>(table.find(name)->data);
}

}  // namespace slipcast::report
