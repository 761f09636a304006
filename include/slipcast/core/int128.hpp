#pragma once

#include <cstdint>
#include <string>

namespace slipcast {

/// 128-bit integer for exact sums and products of 64-bit quantities.
__extension__ using Int128 = __int128;

/// numerator / denominator rounded half to even. denominator must not be zero.
/// The one rounding used for averages, so that repeated conversions carry no bias.
[[nodiscard]] Int128 divide_half_even(Int128 numerator, Int128 denominator);

/// The value narrowed to 64 bits; asserts that it fits.
[[nodiscard]] std::int64_t narrow(Int128 value);

/// a * b; asserts that the product fits 128 bits.
[[nodiscard]] Int128 checked_multiply(Int128 a, Int128 b);

/// Decimal digits of the integer with a leading '-' when negative.
[[nodiscard]] std::string to_string(Int128 value);

}  // namespace slipcast
