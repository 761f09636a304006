#pragma once

#include <cmath>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "slipcast/core/table.hpp"

namespace slipcast::venue::detail {

/// A column of a result; NaN is missing.
template <typename T>
[[nodiscard]] Column column(std::string name, std::string unit, std::vector<T> values, std::string meaning) {
    Column column;
    column.meta.name = std::move(name);
    column.meta.unit = std::move(unit);
    column.meta.meaning = std::move(meaning);
    if constexpr (std::is_same_v<T, double>) {
        for (const double value : values) column.valid.push_back(std::isnan(value) ? 0 : 1);
    }
    column.data = std::move(values);
    return column;
}

}  // namespace slipcast::venue::detail
