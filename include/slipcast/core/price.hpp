#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "slipcast/core/int128.hpp"
#include "slipcast/core/result.hpp"

// | operation                     | result      |
// |-------------------------------|-------------|
// | Price - Price                 | PriceMove   |
// | Price + PriceMove, - PriceMove| Price       |
// | PriceMove + - PriceMove       | PriceMove   |
// | PriceMove * int64             | PriceMove   |
// | ratio(PriceMove, Price)       | double      |
// | Price + Price, Price * n      | refused     |
// | Price from double             | refused     |

namespace slipcast {

inline constexpr int kPriceDecimals = 9;                          ///< prices are integers of 1e-9
inline constexpr std::int64_t kPriceUnitsPerOne = 1'000'000'000;  ///< units in 1.00 of the currency

/// A difference of two prices [currency per unit of quantity], exact at 1e-9: a vector.
class PriceMove {
public:
    constexpr PriceMove() = default;
    /// From raw units of 1e-9.
    [[nodiscard]] static constexpr PriceMove from_units(std::int64_t units) {
        PriceMove move;
        move.units_ = units;
        return move;
    }
    [[nodiscard]] constexpr std::int64_t units() const { return units_; }
    /// Model world: the move in currency; exact to 53 bits.
    [[nodiscard]] constexpr double to_double() const { return static_cast<double>(units_) / 1e9; }

    friend constexpr PriceMove operator+(PriceMove a, PriceMove b) { return from_units(a.units_ + b.units_); }
    friend constexpr PriceMove operator-(PriceMove a, PriceMove b) { return from_units(a.units_ - b.units_); }
    friend constexpr PriceMove operator-(PriceMove a) { return from_units(-a.units_); }
    friend constexpr PriceMove operator*(PriceMove a, std::int64_t n) { return from_units(a.units_ * n); }
    friend constexpr PriceMove operator*(std::int64_t n, PriceMove a) { return a * n; }
    friend constexpr auto operator<=>(PriceMove, PriceMove) = default;

private:
    std::int64_t units_ = 0;
};

/// A price [currency per unit of quantity], exact at 1e-9: a point. Two prices cannot be added.
class Price {
public:
    constexpr Price() = default;
    /// From raw units of 1e-9.
    [[nodiscard]] static constexpr Price from_units(std::int64_t units) {
        Price price;
        price.units_ = units;
        return price;
    }
    /// From decimal text such as "49.90"; refuses digits past 1e-9.
    [[nodiscard]] static Result<Price> parse(std::string_view text, std::string_view field = "price");
    [[nodiscard]] constexpr std::int64_t units() const { return units_; }
    /// Model world: the price in currency; exact to 53 bits.
    [[nodiscard]] constexpr double to_double() const { return static_cast<double>(units_) / 1e9; }
    [[nodiscard]] std::string to_string() const;

    friend constexpr PriceMove operator-(Price a, Price b) { return PriceMove::from_units(a.units_ - b.units_); }
    friend constexpr Price operator+(Price a, PriceMove b) { return from_units(a.units_ + b.units()); }
    friend constexpr Price operator-(Price a, PriceMove b) { return from_units(a.units_ - b.units()); }
    friend constexpr auto operator<=>(Price, Price) = default;

private:
    std::int64_t units_ = 0;
};

/// (a + b) / 2, rounded half to even at 1e-9 (exact for every tick size of at least 2e-9).
[[nodiscard]] constexpr Price midpoint(Price a, Price b) {
    const std::int64_t sum = a.units() + b.units();
    std::int64_t half = sum / 2;
    if (sum % 2 != 0 && half % 2 != 0) half += sum > 0 ? 1 : -1;
    return Price::from_units(half);
}

/// move / price, dimensionless; price must not be zero.
[[nodiscard]] constexpr double ratio(PriceMove move, Price price) {
    return static_cast<double>(move.units()) / static_cast<double>(price.units());
}

}  // namespace slipcast
