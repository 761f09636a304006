#include "number_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string_view>

#include "slipcast/core/decimal.hpp"
#include "slipcast/core/money.hpp"

namespace slipcast::report {

namespace {

constexpr std::string_view kMinus = "\u2212";

// From plain digits ("-1234.50") to the page's form.
std::string typeset(std::string_view plain) {
    bool negative = plain.starts_with('-');
    if (negative) plain.remove_prefix(1);
    if (plain.find_first_of("123456789") == std::string_view::npos) negative = false;
    const std::size_t point = plain.find('.');
    const std::string_view whole = plain.substr(0, point);
    std::string text{negative ? kMinus : std::string_view{}};
    for (std::size_t i = 0; i < whole.size(); ++i) {
        if (i > 0 && (whole.size() - i) % 3 == 0) text += ',';
        text += whole[i];
    }
    if (point != std::string_view::npos) text += plain.substr(point);
    return text;
}

}  // namespace

std::string fixed_text(double value, int digits) {
    if (!std::isfinite(value)) return fmt::format("{}", value);
    return typeset(fmt::format("{:.{}f}", value, digits));
}

std::string significant_text(double value, int digits) {
    if (!std::isfinite(value) || value == 0.0) return fixed_text(value, 0);
    // Rounding may carry into the next power of ten: 9.9996 is 10.00, not 10.000.
    const double magnitude = std::abs(rounded(value, digits));
    if (magnitude < 1e-5 || magnitude >= 1e15) {
        std::string text = fmt::format("{:.{}e}", value, digits - 1);
        const std::size_t mark = text.find('e');
        return typeset(text.substr(0, mark)) + (text[mark + 1] == '-' ? "e" + std::string(kMinus) : "e") +
               text.substr(mark + 2);
    }
    const int power = static_cast<int>(std::floor(std::log10(magnitude)));
    return fixed_text(value, std::max(0, digits - 1 - power));
}

std::string percent_text(double ratio, int digits) {
    return fixed_text(ratio * 100.0, digits) + " %";
}

std::string count_text(std::int64_t count) {
    return typeset(fmt::format("{}", count));
}

std::string money_text(Int128 units, int fraction) {
    return typeset(format_fixed(units, kMoneyDecimals, fraction));
}

std::string price_text(Price price, PriceMove tick) {
    int least = 2;
    for (std::int64_t step = 10'000'000; least < kPriceDecimals && tick.units() % step != 0; step /= 10) ++least;
    std::string text = format_fixed(price.units(), kPriceDecimals, std::min(least + 2, kPriceDecimals));
    const std::size_t shortest = text.find('.') + 1 + static_cast<std::size_t>(least);
    while (text.size() > shortest && text.back() == '0') text.pop_back();
    return typeset(text);
}

int exact_fraction(Int128 units) {
    int fraction = kMoneyDecimals;
    while (fraction > 2 && units % 10 == 0) {
        units /= 10;
        --fraction;
    }
    return fraction;
}

std::string quantity_text(double quantity) {
    if (quantity == std::nearbyint(quantity)) return fixed_text(quantity, 0);
    std::string text = fixed_text(quantity, 8);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.')) text.pop_back();
    return text;
}

std::string duration_text(double seconds) {
    if (seconds < 1.0) return fmt::format("{:.0f} ms", seconds * 1e3);
    if (seconds < 59.95) return fmt::format("{:.1f} s", seconds);
    const auto whole = static_cast<std::int64_t>(std::llround(seconds));
    if (whole < 3600) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
    return fmt::format("{} h {:02} min", whole / 3600, whole / 60 % 60);
}

std::string range_text(const std::string& low, const std::string& high) {
    return low + " to " + high;
}

double rounded(double value, int digits) {
    if (!std::isfinite(value) || value == 0.0) return value;
    const std::string text = fmt::format("{:.{}g}", value, digits);
    double result = value;
    std::from_chars(text.data(), text.data() + text.size(), result);
    return result;
}

}  // namespace slipcast::report
