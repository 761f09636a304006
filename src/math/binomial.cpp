#include "slipcast/math/binomial.hpp"

#include "slipcast/core/assert.hpp"
#include "slipcast/math/special.hpp"

namespace slipcast::math {
namespace {

/// The x at which the beta distribution function I_x(a, b) reaches `level`: 200 halvings are beyond any double.
double beta_quantile(double level, double a, double b) {
    double low = 0.0;
    double high = 1.0;
    for (int i = 0; i < 200 && low < high; ++i) {
        const double middle = low + (high - low) / 2.0;
        if (middle == low || middle == high) break;
        (regularized_beta(middle, a, b) < level ? low : high) = middle;
    }
    return low + (high - low) / 2.0;
}

}  // namespace

ShareInterval share_interval(std::int64_t successes, std::int64_t trials, double confidence) {
    SLIPCAST_ASSERT(successes >= 0 && successes <= trials, "no more successes than trials");
    SLIPCAST_ASSERT(confidence > 0.0 && confidence < 1.0, "confidence is a probability");
    const double tail = (1.0 - confidence) / 2.0;
    const auto hits = static_cast<double>(successes);
    const auto rest = static_cast<double>(trials - successes);
    ShareInterval interval;
    if (successes > 0) interval.low = beta_quantile(tail, hits, rest + 1.0);
    if (successes < trials) interval.high = beta_quantile(1.0 - tail, hits + 1.0, rest);
    return interval;
}

}  // namespace slipcast::math
