#pragma once

#include <functional>
#include <optional>
#include <string>

#include "mapping.hpp"

namespace slipcast::io::detail {

/// The text of a source column in the current row, or nothing when it is missing.
using SourceText = std::function<std::optional<std::string>(const std::string& column)>;

/// The text of contract column `field` in the current row, or nothing when it is missing there. Every change of a
/// number is exact or refused.
[[nodiscard]] Result<std::optional<std::string>> mapped_value(const ValueRule& rule, const std::string& field,
                                                              const SourceText& source, std::int64_t row);

}  // namespace slipcast::io::detail
