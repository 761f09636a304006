#include "slipcast/math/student.hpp"

#include <cmath>

#include "slipcast/core/assert.hpp"
#include "slipcast/math/special.hpp"

namespace slipcast::math {

namespace {

double lower_tail(double distance, double degrees) {
    const double squared = distance * distance;
    // Two forms of one tail: the first loses digits to the subtraction where the tail is small, the second to the ratio
    // where the distance is.
    if (squared < degrees) {
        const double tail = 0.5 - 0.5 * regularized_beta(squared / (degrees + squared), 0.5, degrees / 2.0);
        if (tail > 1e-3) return tail;
    }
    return 0.5 * regularized_beta(degrees / (degrees + squared), degrees / 2.0, 0.5);
}

}  // namespace

double student_cdf(double t, double degrees) {
    SLIPCAST_ASSERT(degrees > 0.0 && !std::isnan(t), "student_cdf needs degrees > 0 and a number");
    if (std::isinf(t)) return t < 0.0 ? 0.0 : 1.0;
    const double tail = lower_tail(std::abs(t), degrees);
    return t < 0.0 ? tail : 1.0 - tail;
}

double student_quantile(double p, double degrees) {
    SLIPCAST_ASSERT(p > 0.0 && p < 1.0 && degrees >= 0.5, "student_quantile needs 0 < p < 1 and degrees >= 0.5");
    if (p == 0.5) return 0.0;
    const double tail = p < 0.5 ? p : 1.0 - p;
    double low = 0.0;
    double high = 1.0;
    while (lower_tail(high, degrees) > tail) {
        low = high;
        high *= 2.0;
        SLIPCAST_ASSERT(std::isfinite(high), "the quantile is a finite double");
    }
    constexpr double kRelative = 1e-15;
    while (high - low > kRelative * high) {
        const double middle = 0.5 * (low + high);
        if (middle <= low || middle >= high) break;
        (lower_tail(middle, degrees) > tail ? low : high) = middle;
    }
    return p < 0.5 ? -high : high;
}

}  // namespace slipcast::math
