#pragma once

#include <cstdint>

namespace slipcast::venue::detail {

/// ln of sum over s = first..last of s^-exponent, 1 <= first <= last <= 2^40, |exponent| <= 20 (asserted); the sum's
/// relative error is below 1e-12. The cost does not grow with the number of terms: short sums and the start of long
/// ones are added up, the rest is Euler and Maclaurin's formula.
[[nodiscard]] double log_power_sum(double exponent, std::int64_t first, std::int64_t last);

}  // namespace slipcast::venue::detail
