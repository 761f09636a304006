#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "slipcast/core/int128.hpp"
#include "slipcast/core/result.hpp"

namespace slipcast {

/// The integer n with n * 10^-decimals equal to `text`, exactly.
/// Accepts an optional sign, digits with an optional point, and an exponent ("1.25e-3"); refuses
/// anything else, digits beyond `decimals` that are not zero, and values past 64 bits. Never goes
/// through binary floating point. 0 <= decimals <= 18. The error carries `field`.
[[nodiscard]] Result<std::int64_t> parse_decimal(std::string_view text, int decimals,
                                                 std::string_view field = "number");

/// The integer n with n * 10^-decimals closest to `value`, when converting n back gives `value` to within
/// 2 units in the last place of a double; refused otherwise (also NaN and infinity), because a float that
/// does not round-trip has lost digits somewhere upstream. The error carries `field`.
[[nodiscard]] Result<std::int64_t> decimal_from_double(double value, int decimals, std::string_view field = "number");

/// `units` * 10^-decimals as text, with at least `min_fraction` digits after the point and no further
/// trailing zeros: format_decimal(4990, 2) == "49.9".
[[nodiscard]] std::string format_decimal(Int128 units, int decimals, int min_fraction = 0);

/// `units` * 10^-decimals rounded half to even to `fraction` digits after the point.
[[nodiscard]] std::string format_fixed(Int128 units, int decimals, int fraction);

/// 10^exponent for 0 <= exponent <= 18.
[[nodiscard]] std::int64_t power_of_ten(int exponent);

}  // namespace slipcast
