#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "slipcast/core/int128.hpp"
#include "slipcast/core/price.hpp"

namespace slipcast::report {

// The one place where a number of the page becomes text: digits grouped by commas, U+2212 as the minus sign, and no
// negative zero. The page itself formats nothing but the ticks and tips of charts, so what a reader sees is what a
// table holds.

/// `value` with `digits` after the point: "-1234.5" becomes "−1,234.50".
[[nodiscard]] std::string fixed_text(double value, int digits);
/// `value` with `digits` significant digits, at least to the point: 1234.5 becomes "1,235" with 4; below 1e-5 and from
/// 1e15 on with an exponent.
[[nodiscard]] std::string significant_text(double value, int digits = 4);
/// A ratio in percent, with `digits` after the point: 0.1234 becomes "12.34 %".
[[nodiscard]] std::string percent_text(double ratio, int digits = 2);
[[nodiscard]] std::string count_text(std::int64_t count);
/// Cash in units of 1e-18 rounded half to even to `fraction` digits.
[[nodiscard]] std::string money_text(Int128 units, int fraction = 2);
/// A price with at least the digits of its tick and at most two more: averages have nine, and nobody reads them all.
[[nodiscard]] std::string price_text(Price price, PriceMove tick);
/// Digits after the point that cash needs to be shown exactly, at least 2.
[[nodiscard]] int exact_fraction(Int128 units);
/// A whole number of shares without a point, a fractional quantity with as many digits as it needs (at most 8).
[[nodiscard]] std::string quantity_text(double quantity);
/// Seconds as people say them: "850 ms", "12.3 s", "4 min 05 s", "2 h 10 min".
[[nodiscard]] std::string duration_text(double seconds);
/// "lo to hi" from two texts.
[[nodiscard]] std::string range_text(const std::string& low, const std::string& high);
/// `value` rounded to `digits` significant digits: what a chart needs, in few bytes.
[[nodiscard]] double rounded(double value, int digits = 7);

}  // namespace slipcast::report
