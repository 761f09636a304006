#pragma once

namespace slipcast::math {

/// P(T <= t) of Student's t with `degrees` degrees of freedom, degrees > 0 (asserted; need not be whole).
/// Formula: half the regularized incomplete beta function at degrees / (degrees + t^2) in each tail
/// (Abramowitz and Stegun 1964, 26.7.1 and 26.5.27).
[[nodiscard]] double student_cdf(double t, double degrees);

/// The t with P(T <= t) = p, for 0 < p < 1 and degrees >= 0.5 (asserted); relative error below 1e-9.
/// Found by bisection on `student_cdf`, so that the two agree by construction.
[[nodiscard]] double student_quantile(double p, double degrees);

}  // namespace slipcast::math
