#include "slipcast/core/money.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "decimal_wide.hpp"
#include "slipcast/core/decimal.hpp"

namespace slipcast {

namespace {

// A default-made Money is zero of no currency: the neutral element of sums, so that totals can start from it.
Currency common_currency(const Money& a, const Money& b) {
    if (a == Money{}) return b.currency();
    SLIPCAST_ASSERT(b == Money{} || a.currency() == b.currency(), "one sum has one currency");
    return a.currency();
}

}  // namespace

Result<Currency> Currency::parse(std::string_view code) {
    const auto is_allowed = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); };
    Currency currency;
    if (code.empty() || code.size() > currency.code_.size() || !std::all_of(code.begin(), code.end(), is_allowed)) {
        return invalid_value("currency", std::string(code), "must be 1 to 8 upper-case letters or digits");
    }
    std::copy(code.begin(), code.end(), currency.code_.begin());
    return currency;
}

std::string_view Currency::code() const& {
    const auto end = std::find(code_.begin(), code_.end(), '\0');
    return {code_.data(), static_cast<std::size_t>(end - code_.begin())};
}

Result<Money> Money::parse(std::string_view text, Currency currency, std::string_view field) {
    SLIPCAST_TRY(units, detail::parse_decimal_wide(text, kMoneyDecimals, field));
    return from_units(units, currency);
}

double Money::to_double() const {
    __extension__ using UInt128 = unsigned __int128;
    if (units_ == 0) return 0.0;
    auto magnitude = static_cast<UInt128>(units_);
    if (units_ < 0) magnitude = UInt128{0} - magnitude;
    const auto with_sign = [this](double amount) { return units_ < 0 ? -amount : amount; };
    // Most amounts are whole numbers of 1e-9: both of these are then exact, and their division is the only rounding.
    constexpr std::uint64_t kGrain = 1'000'000'000;
    const UInt128 grains = magnitude / kGrain;
    if (grains * kGrain == magnitude && grains <= UInt128{1} << 53U) {
        return with_sign(static_cast<double>(static_cast<std::uint64_t>(grains)) / static_cast<double>(kGrain));
    }
    // Shifted up, the quotient keeps at least 67 bits; the sticky last bit stands for the remainder, so the
    // conversion to 53 bits is the only rounding.
    const auto high = static_cast<std::uint64_t>(magnitude >> 64U);
    const int shift = high != 0 ? std::countl_zero(high) : 64 + std::countl_zero(static_cast<std::uint64_t>(magnitude));
    const UInt128 dividend = magnitude << static_cast<unsigned>(shift);
    const UInt128 scale = static_cast<UInt128>(power_of_ten(kMoneyDecimals));
    UInt128 quotient = dividend / scale;
    if (quotient * scale != dividend) quotient |= 1U;
    return with_sign(std::ldexp(static_cast<double>(quotient), -shift));
}

std::string Money::to_string(int fraction) const {
    return format_fixed(units_, kMoneyDecimals, fraction);
}

Money& Money::operator+=(const Money& b) {
    currency_ = common_currency(*this, b);
    const bool overflows = __builtin_add_overflow(units_, b.units_, &units_);
    SLIPCAST_ASSERT(!overflows, "sum of money fits 128 bits");
    return *this;
}

Money& Money::operator-=(const Money& b) {
    currency_ = common_currency(*this, b);
    const bool overflows = __builtin_sub_overflow(units_, b.units_, &units_);
    SLIPCAST_ASSERT(!overflows, "difference of money fits 128 bits");
    return *this;
}

double ratio(const Money& a, const Money& b) {
    SLIPCAST_ASSERT(b.units() != 0, "ratio to a zero amount");
    SLIPCAST_ASSERT(a == Money{} || a.currency() == b.currency(), "ratio within one currency");
    return static_cast<double>(a.units()) / static_cast<double>(b.units());
}

Result<ContractValue> ContractValue::create(int quantity_decimals, std::string_view multiplier, Currency currency) {
    // Price (1e-9) x quantity (10^-q) x multiplier must land on 1e-18: the multiplier may use 9 - q digits.
    if (quantity_decimals < 0 || quantity_decimals > kPriceDecimals) {
        return invalid_value("quantity_scale", std::to_string(quantity_decimals), "must be 0 to 9");
    }
    SLIPCAST_TRY(factor, parse_decimal(multiplier, kPriceDecimals - quantity_decimals, "multiplier"));
    if (factor <= 0) return invalid_value("multiplier", std::string(multiplier), "must be > 0");
    ContractValue value;
    value.factor_ = factor;
    value.quantity_decimals_ = quantity_decimals;
    value.currency_ = currency;
    return value;
}

Money ContractValue::cash(PriceMove move, Quantity quantity) const {
    const Int128 product = static_cast<Int128>(move.units()) * quantity.units();
    return Money::from_units(checked_multiply(product, factor_), currency_);
}

Money ContractValue::notional(Price price, Quantity quantity) const {
    return cash(PriceMove::from_units(price.units()), quantity);
}

}  // namespace slipcast
