#pragma once

namespace slipcast::math {

/// Density of the standard normal distribution at x: exp(-x^2 / 2) / sqrt(2 pi).
[[nodiscard]] double normal_density(double x);

/// P(Z <= x) of a standard normal Z: erfc(-x / sqrt 2) / 2, with a relative error of about (4 + x^2) 1e-16 in the lower
/// tail (the rounding of x / sqrt 2 is magnified by x^2).
/// For the upper tail take normal_cdf(-x), which loses no digits; 1 - normal_cdf(x) does.
[[nodiscard]] double normal_cdf(double x);

/// The x with P(Z <= x) = p, for 0 < p < 1 (asserted). Relative error about 1e-15.
/// Source: Wichura 1988, "Algorithm AS 241: the percentage points of the normal distribution", routine PPND16.
[[nodiscard]] double normal_quantile(double p);

}  // namespace slipcast::math
