#pragma once

#include <string_view>

#include "slipcast/core/int128.hpp"
#include "slipcast/core/result.hpp"

namespace slipcast::detail {

/// parse_decimal without its 64-bit limit: the integer n with n * 10^-decimals equal to `text`.
[[nodiscard]] Result<Int128> parse_decimal_wide(std::string_view text, int decimals, std::string_view field);

}  // namespace slipcast::detail
