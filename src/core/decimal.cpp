#include "slipcast/core/decimal.hpp"

#include <array>
#include <cmath>
#include <limits>
#include <optional>

#include "decimal_wide.hpp"

namespace slipcast {

namespace {

__extension__ using UInt128 = unsigned __int128;

constexpr UInt128 kInt128Max = (UInt128{1} << 127) - 1;

Error refuse(ErrorCode code, std::string_view field, std::string_view value, std::string rule) {
    return Error{code, std::string(field), std::string(value), std::move(rule), {}};
}

std::string scale_rule(int decimals) {
    return "must have at most " + std::to_string(decimals) + " digits after the point";
}

/// text = (-1)^negative * mantissa * 10^exponent; the mantissa has no trailing zero.
struct Scanned {
    UInt128 mantissa = 0;
    std::int64_t exponent = 0;
    bool negative = false;
    bool is_wide = false;  ///< more significant digits than 128 bits hold
};

class Scanner {
public:
    explicit Scanner(std::string_view text) : text_(text) {}

    std::optional<Scanned> scan() {
        if (peek() == '+' || peek() == '-') out_.negative = text_[at_++] == '-';
        if (!scan_digits() || !scan_exponent() || at_ != text_.size()) return std::nullopt;
        out_.exponent += pending_zeros_;
        return out_;
    }

private:
    // Past the end reads as a character that belongs to no number.
    [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
    [[nodiscard]] bool at_digit() const { return peek() >= '0' && peek() <= '9'; }

    bool scan_digits() {
        bool any = false;
        bool past_point = false;
        for (;; ++at_) {
            if (peek() == '.' && !past_point) {
                past_point = true;
            } else if (at_digit()) {
                any = true;
                push(static_cast<unsigned>(peek() - '0'));
                if (past_point) --out_.exponent;
            } else {
                return any;
            }
        }
    }

    // Zeros wait until a later digit makes them significant, so "1.50000" costs no precision.
    void push(unsigned digit) {
        if (digit == 0) {
            if (out_.mantissa != 0) ++pending_zeros_;
            return;
        }
        for (; pending_zeros_ > 0; --pending_zeros_) append(0);
        append(digit);
    }

    void append(unsigned digit) {
        if (out_.mantissa > (kInt128Max - digit) / 10U) {
            out_.is_wide = true;
        } else if (!out_.is_wide) {
            out_.mantissa = out_.mantissa * 10U + digit;
        }
    }

    bool scan_exponent() {
        if (peek() != 'e' && peek() != 'E') return true;
        ++at_;
        bool negative = false;
        if (peek() == '+' || peek() == '-') negative = text_[at_++] == '-';
        if (!at_digit()) return false;
        constexpr std::int64_t kFarEnough = 1'000'000'000;  // beyond any scale; stops overflow
        std::int64_t exponent = 0;
        for (; at_digit(); ++at_) {
            if (exponent < kFarEnough) exponent = exponent * 10 + (peek() - '0');
        }
        out_.exponent += negative ? -exponent : exponent;
        return true;
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::int64_t pending_zeros_ = 0;
    Scanned out_;
};

std::string digits_with_point(Int128 units, int decimals) {
    std::string digits = to_string(units);
    const std::size_t sign = units < 0 ? 1 : 0;
    const auto fraction = static_cast<std::size_t>(decimals);
    if (digits.size() - sign <= fraction) {
        digits.insert(sign, fraction + 1 - (digits.size() - sign), '0');
    }
    if (fraction > 0) digits.insert(digits.size() - fraction, 1, '.');
    return digits;
}

constexpr std::array<std::int64_t, 19> kPowersOfTen = [] {
    std::array<std::int64_t, 19> powers{};
    std::int64_t power = 1;
    for (std::size_t i = 0; i < powers.size(); ++i) {
        powers[i] = power;
        if (i + 1 < powers.size()) power *= 10;
    }
    return powers;
}();

}  // namespace

std::int64_t power_of_ten(int exponent) {
    SLIPCAST_ASSERT(exponent >= 0 && exponent <= 18, "0 <= exponent <= 18");
    return kPowersOfTen[static_cast<std::size_t>(exponent)];
}

Result<Int128> detail::parse_decimal_wide(std::string_view text, int decimals, std::string_view field) {
    SLIPCAST_ASSERT(decimals >= 0 && decimals <= 18, "0 <= decimals <= 18");
    const std::optional<Scanned> scanned = Scanner(text).scan();
    if (!scanned) return refuse(ErrorCode::malformed, field, text, "must be a decimal number");
    if (scanned->mantissa == 0) return Int128{0};
    std::int64_t shift = scanned->exponent + decimals;
    if (shift < 0) return refuse(ErrorCode::invalid_value, field, text, scale_rule(decimals));
    UInt128 magnitude = scanned->mantissa;
    bool fits = !scanned->is_wide;
    for (; fits && shift > 0; --shift) {
        fits = magnitude <= kInt128Max / 10U;
        if (fits) magnitude *= 10U;
    }
    if (!fits) return refuse(ErrorCode::out_of_range, field, text, "must fit 128 bits");
    const auto value = static_cast<Int128>(magnitude);
    return scanned->negative ? -value : value;
}

Result<std::int64_t> parse_decimal(std::string_view text, int decimals, std::string_view field) {
    SLIPCAST_TRY(wide, detail::parse_decimal_wide(text, decimals, field));
    if (wide < INT64_MIN || wide > INT64_MAX) {
        return refuse(ErrorCode::out_of_range, field, text,
                      "must fit 64 bits with " + std::to_string(decimals) + " digits after the point");
    }
    return static_cast<std::int64_t>(wide);
}

Result<std::int64_t> decimal_from_double(double value, int decimals, std::string_view field) {
    SLIPCAST_ASSERT(decimals >= 0 && decimals <= 18, "0 <= decimals <= 18");
    const std::string shown = std::to_string(value);
    if (!std::isfinite(value)) return refuse(ErrorCode::invalid_value, field, shown, "must be finite");
    // value = mantissa * 2^exponent exactly, so mantissa * 10^decimals (below 2^113) rounds once.
    int exponent = 0;
    const double half = std::frexp(value, &exponent);
    const auto mantissa = static_cast<std::int64_t>(std::ldexp(half, 53));
    exponent -= 53;
    Int128 units = static_cast<Int128>(mantissa) * power_of_ten(decimals);
    const std::string range_rule = "must fit 64 bits";
    if (exponent >= 0) {
        if (exponent > 10) return refuse(ErrorCode::out_of_range, field, shown, range_rule);
        units *= Int128{1} << exponent;
    } else {
        units = exponent < -120 ? Int128{0} : divide_half_even(units, Int128{1} << -exponent);
    }
    if (units < INT64_MIN || units > INT64_MAX) {
        return refuse(ErrorCode::out_of_range, field, shown, range_rule);
    }
    const auto rounded = static_cast<std::int64_t>(units);
    const double back = static_cast<double>(rounded) / static_cast<double>(power_of_ten(decimals));
    const double unit_in_last_place =
        std::nextafter(std::abs(value), std::numeric_limits<double>::infinity()) - std::abs(value);
    const bool returns = std::abs(back - value) <= 2.0 * unit_in_last_place;
    if (!returns || (rounded == 0 && value != 0.0)) {
        return refuse(ErrorCode::invalid_value, field, shown,
                      scale_rule(decimals) + " (the float does not round-trip)");
    }
    return rounded;
}

std::string format_decimal(Int128 units, int decimals, int min_fraction) {
    SLIPCAST_ASSERT(decimals >= 0 && min_fraction >= 0, "digits after the point are not negative");
    std::string text = digits_with_point(units, decimals);
    int fraction = decimals;
    for (; fraction > min_fraction && text.back() == '0'; --fraction) text.pop_back();
    if (fraction == 0 && decimals > 0) text.pop_back();
    if (fraction < min_fraction) {
        if (fraction == 0) text += '.';
        text.append(static_cast<std::size_t>(min_fraction - fraction), '0');
    }
    return text;
}

std::string format_fixed(Int128 units, int decimals, int fraction) {
    SLIPCAST_ASSERT(decimals >= 0 && fraction >= 0, "digits after the point are not negative");
    if (fraction >= decimals) return format_decimal(units, decimals, fraction);
    return digits_with_point(divide_half_even(units, power_of_ten(decimals - fraction)), fraction);
}

}  // namespace slipcast
