#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "slipcast/core/result.hpp"

namespace slipcast {

/// A number of shares, contracts or coins as an integer of 10^-decimals, where `decimals` is the
/// instrument's `quantity_scale` (0 for shares, 8 for most crypto). Signed; where the sign carries the
/// side the function says so. Quantities of two instruments may not share a scale: the caller keeps
/// them apart, and only `ContractValue` (core/money.hpp) turns one into cash.
class Quantity {
public:
    constexpr Quantity() = default;
    [[nodiscard]] static constexpr Quantity from_units(std::int64_t units) {
        Quantity quantity;
        quantity.units_ = units;
        return quantity;
    }
    /// From decimal text; refuses digits past 10^-decimals.
    [[nodiscard]] static Result<Quantity> parse(std::string_view text, int decimals,
                                                std::string_view field = "quantity");
    [[nodiscard]] constexpr std::int64_t units() const { return units_; }
    /// Model world: the quantity in whole shares, contracts or coins.
    [[nodiscard]] double to_double(int decimals) const;
    [[nodiscard]] std::string to_string(int decimals) const;

    constexpr Quantity& operator+=(Quantity b) {
        units_ += b.units_;
        return *this;
    }
    constexpr Quantity& operator-=(Quantity b) {
        units_ -= b.units_;
        return *this;
    }
    friend constexpr Quantity operator+(Quantity a, Quantity b) { return from_units(a.units_ + b.units_); }
    friend constexpr Quantity operator-(Quantity a, Quantity b) { return from_units(a.units_ - b.units_); }
    friend constexpr Quantity operator-(Quantity a) { return from_units(-a.units_); }
    friend constexpr auto operator<=>(Quantity, Quantity) = default;

private:
    std::int64_t units_ = 0;
};

/// part / whole, dimensionless; whole must not be zero and both share one scale.
[[nodiscard]] constexpr double ratio(Quantity part, Quantity whole) {
    return static_cast<double>(part.units()) / static_cast<double>(whole.units());
}

}  // namespace slipcast
