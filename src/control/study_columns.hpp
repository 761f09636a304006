#pragma once

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "slipcast/core/table.hpp"

namespace slipcast::control::detail {

/// A column of numbers; what is not finite is missing.
[[nodiscard]] inline Column number_column(std::string name, std::string unit, SignTag sign, std::string meaning,
                                          std::vector<double> values) {
    Column made;
    made.meta = {.name = std::move(name),
                 .unit = std::move(unit),
                 .sign = sign,
                 .benchmark = {},
                 .definition_version = 0,
                 .weighting = {},
                 .meaning = std::move(meaning)};
    bool whole = true;
    for (const double value : values) whole = whole && std::isfinite(value);
    for (std::size_t i = 0; !whole && i < values.size(); ++i) {
        made.valid.push_back(std::isfinite(values[i]) ? 1 : 0);
        if (!std::isfinite(values[i])) values[i] = 0.0;
    }
    made.data = std::move(values);
    return made;
}

[[nodiscard]] inline Column text_column(std::string name, std::string meaning, std::vector<std::string> values) {
    Column made;
    made.meta.name = std::move(name);
    made.meta.meaning = std::move(meaning);
    made.data = std::move(values);
    return made;
}

}  // namespace slipcast::control::detail
