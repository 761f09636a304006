#pragma once

#include <cmath>
#include <compare>

namespace slipcast {

/// Basis points: a ratio times 1e4. Model world (double); a sum of ratios is not a ratio of sums, so
/// aggregates are made from cash (see tca) and only then turned into bps.
class Bps {
public:
    constexpr Bps() = default;
    constexpr explicit Bps(double value) : value_(value) {}
    [[nodiscard]] constexpr double value() const { return value_; }
    [[nodiscard]] constexpr double to_ratio() const { return value_ / 1e4; }
    friend constexpr Bps operator+(Bps a, Bps b) { return Bps{a.value_ + b.value_}; }
    friend constexpr Bps operator-(Bps a, Bps b) { return Bps{a.value_ - b.value_}; }
    friend constexpr Bps operator-(Bps a) { return Bps{-a.value_}; }
    friend constexpr Bps operator*(Bps a, double k) { return Bps{a.value_ * k}; }
    friend constexpr Bps operator*(double k, Bps a) { return a * k; }
    friend constexpr auto operator<=>(Bps, Bps) = default;

private:
    double value_ = 0.0;
};

/// ratio x 1e4.
[[nodiscard]] constexpr Bps to_bps(double ratio) {
    return Bps{ratio * 1e4};
}

/// Standard deviation of log returns over one trading day, as a ratio (0.02 = 2 %). The period is part of the type.
class DailyVolatility {
public:
    constexpr DailyVolatility() = default;
    constexpr explicit DailyVolatility(double per_sqrt_day) : value_(per_sqrt_day) {}
    [[nodiscard]] constexpr double per_sqrt_day() const { return value_; }
    [[nodiscard]] constexpr Bps bps_per_sqrt_day() const { return to_bps(value_); }
    /// Standard deviation over `days` trading days of independent increments: value x sqrt(days).
    [[nodiscard]] double over_days(double days) const { return value_ * std::sqrt(days); }
    friend constexpr auto operator<=>(DailyVolatility, DailyVolatility) = default;

private:
    double value_ = 0.0;
};

}  // namespace slipcast
