#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "slipcast/core/int128.hpp"
#include "slipcast/core/price.hpp"
#include "slipcast/core/quantity.hpp"
#include "slipcast/core/result.hpp"

// | operation                        | result                          |
// |----------------------------------|---------------------------------|
// | Money + - Money (same currency)  | Money; another currency asserts |
// | ContractValue: PriceMove x Quantity | Money, exact                 |
// | ContractValue: Price x Quantity  | Money, exact                    |
// | ratio(Money, Money)              | double                          |
// | Money + Price, Money from double | refused                         |
// | Currency::code() of a temporary  | refused: it would dangle        |

namespace slipcast {

/// A currency code of 1 to 8 upper-case letters or digits ("USD", "USDT").
class Currency {
public:
    constexpr Currency() = default;
    [[nodiscard]] static Result<Currency> parse(std::string_view code);
    /// Views this currency's own letters; of a temporary it would view nothing, so that is refused.
    [[nodiscard]] std::string_view code() const&;
    std::string_view code() const&& = delete;
    friend constexpr auto operator<=>(const Currency&, const Currency&) = default;

private:
    std::array<char, 8> code_{};
};

inline constexpr int kMoneyDecimals = 18;  ///< money is an integer of 1e-18, wide enough for price x quantity

/// An amount of one currency, exact at 1e-18 in 128 bits (up to 1.7e20 of the currency). Price (1e-9) times
/// quantity (10^-decimals, decimals <= 9) is exact at this scale, so parts of a shortfall add up to
/// their total without a tolerance; rounding happens only when printed.
class Money {
public:
    constexpr Money() = default;
    [[nodiscard]] static constexpr Money from_units(Int128 units, Currency currency) {
        Money money;
        money.units_ = units;
        money.currency_ = currency;
        return money;
    }
    [[nodiscard]] static Result<Money> parse(std::string_view text, Currency currency,
                                             std::string_view field = "money");
    [[nodiscard]] constexpr Int128 units() const { return units_; }
    [[nodiscard]] constexpr const Currency& currency() const& { return currency_; }
    [[nodiscard]] constexpr Currency currency() const&& { return currency_; }
    /// Model world: the amount in currency, rounded to a double once.
    [[nodiscard]] double to_double() const;
    /// The amount rounded half to even to `fraction` digits, without the currency code.
    [[nodiscard]] std::string to_string(int fraction = 2) const;

    Money& operator+=(const Money& b);
    Money& operator-=(const Money& b);
    friend Money operator+(Money a, const Money& b) { return a += b; }
    friend Money operator-(Money a, const Money& b) { return a -= b; }
    friend constexpr Money operator-(const Money& a) { return from_units(-a.units_, a.currency_); }
    friend constexpr bool operator==(const Money&, const Money&) = default;

private:
    Int128 units_ = 0;
    Currency currency_;
};

/// a / b, dimensionless; same currency, b not zero.
[[nodiscard]] double ratio(const Money& a, const Money& b);

/// What one instrument's price and quantity are worth in cash: quantity scale, contract multiplier and
/// currency folded into one exact factor.
class ContractValue {
public:
    ContractValue() = default;
    /// quantity_decimals: digits of the instrument's quantity scale; multiplier: decimal text, > 0, e.g.
    /// "50" for E-mini. Refused when the product cannot be exact at 1e-18 (their digits exceed 9).
    [[nodiscard]] static Result<ContractValue> create(int quantity_decimals, std::string_view multiplier,
                                                      Currency currency);
    [[nodiscard]] int quantity_decimals() const { return quantity_decimals_; }
    [[nodiscard]] const Currency& currency() const& { return currency_; }
    [[nodiscard]] Currency currency() const&& { return currency_; }
    /// Cash per (unit of 1e-9 price) x (unit of quantity), in units of 1e-18.
    [[nodiscard]] std::int64_t factor() const { return factor_; }

    /// move x quantity x multiplier, exact; asserts on 128-bit overflow.
    [[nodiscard]] Money cash(PriceMove move, Quantity quantity) const;
    /// price x quantity x multiplier, exact: the signed notional.
    [[nodiscard]] Money notional(Price price, Quantity quantity) const;

private:
    std::int64_t factor_ = 1'000'000'000;  ///< shares (no decimals), multiplier 1
    int quantity_decimals_ = 0;
    Currency currency_;
};

}  // namespace slipcast
