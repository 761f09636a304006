#pragma once

#include <cstdint>

namespace slipcast::math {

/// ln(n!) for n >= 0 (asserted); relative error below 1e-14. Safe in threads, unlike lgamma.
[[nodiscard]] double log_factorial(std::int64_t n);

/// ln Gamma(x) for x > 0 (asserted), by Stirling's series after shifting x above 15; relative error below 1e-14
/// (absolute near its zeros at 1 and 2).
[[nodiscard]] double log_gamma(double x);

/// The regularized lower incomplete gamma function P(a, x), a > 0, x >= 0 (asserted): the distribution function of
/// a gamma variable of shape a and scale 1. Series below a + 1, Lentz's continued fraction above
/// (Abramowitz and Stegun 1964, 6.5.29 and 6.5.31). Relative error about 1e-12 for a up to 1e4.
[[nodiscard]] double regularized_gamma(double a, double x);

/// The regularized incomplete beta function I_x(a, b), a > 0, b > 0, 0 <= x <= 1 (asserted): the distribution function
/// of a beta variable. Lentz's continued fraction (Abramowitz and Stegun 1964, 26.5.8), on the side that converges.
[[nodiscard]] double regularized_beta(double x, double a, double b);

}  // namespace slipcast::math
