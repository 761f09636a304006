#include "slipcast/core/int128.hpp"

#include "slipcast/core/assert.hpp"

namespace slipcast {

namespace {

__extension__ using UInt128 = unsigned __int128;

// The most negative value has no positive twin, so magnitudes are unsigned.
UInt128 magnitude(Int128 value) {
    const auto bits = static_cast<UInt128>(value);
    return value < 0 ? UInt128{0} - bits : bits;
}

}  // namespace

Int128 divide_half_even(Int128 numerator, Int128 denominator) {
    SLIPCAST_ASSERT(denominator != 0, "division by zero");
    const UInt128 divisor = magnitude(denominator);
    const UInt128 dividend = magnitude(numerator);
    UInt128 quotient = dividend / divisor;
    const UInt128 remainder = dividend % divisor;
    // remainder against divisor - remainder compares with one half without doubling, which could overflow.
    const UInt128 rest = divisor - remainder;
    if (remainder > rest || (remainder == rest && (quotient & 1U) != 0)) ++quotient;
    const bool negative = (numerator < 0) != (denominator < 0);
    const UInt128 limit = (UInt128{1} << 127) - (negative ? 0U : 1U);
    SLIPCAST_ASSERT(quotient <= limit, "quotient fits 128 bits");
    return static_cast<Int128>(negative ? UInt128{0} - quotient : quotient);
}

std::int64_t narrow(Int128 value) {
    SLIPCAST_ASSERT(value >= INT64_MIN && value <= INT64_MAX, "value fits 64 bits");
    return static_cast<std::int64_t>(value);
}

Int128 checked_multiply(Int128 a, Int128 b) {
    const UInt128 x = magnitude(a);
    const UInt128 y = magnitude(b);
    const bool negative = (a < 0) != (b < 0);
    const UInt128 limit = (UInt128{1} << 127) - (negative ? 0U : 1U);
    SLIPCAST_ASSERT(x == 0 || y <= limit / x, "product fits 128 bits");
    const UInt128 product = x * y;
    return static_cast<Int128>(negative ? UInt128{0} - product : product);
}

std::string to_string(Int128 value) {
    char buffer[40];
    char* const end = buffer + sizeof buffer;
    char* begin = end;
    UInt128 rest = magnitude(value);
    do {
        *--begin = static_cast<char>('0' + static_cast<int>(rest % 10U));
        rest /= 10U;
    } while (rest != 0);
    if (value < 0) *--begin = '-';
    return {begin, end};
}

}  // namespace slipcast
