#include "slipcast/math/binomial.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "slipcast/math/special.hpp"

namespace slipcast::math {
namespace {

/// P(at least `least` of `trials`), added up term by term.
double at_least(std::int64_t least, std::int64_t trials, double p) {
    double sum = 0.0;
    for (std::int64_t k = least; k <= trials; ++k) {
        const double ways = log_factorial(trials) - log_factorial(k) - log_factorial(trials - k);
        sum += std::exp(ways + static_cast<double>(k) * std::log(p) + static_cast<double>(trials - k) * std::log1p(-p));
    }
    return sum;
}

TEST(ShareInterval, EndsAreWhereTheTailsSumToHalfOfWhatIsLeft) {
    for (const std::int64_t trials : {1, 7, 40, 300}) {
        for (std::int64_t hits = 0; hits <= trials; hits += 1 + trials / 9) {
            for (const double confidence : {0.8, 0.95, 0.99}) {
                const ShareInterval made = share_interval(hits, trials, confidence);
                const double tail = (1.0 - confidence) / 2.0;
                if (hits > 0) {
                    EXPECT_NEAR(at_least(hits, trials, made.low), tail, 1e-9) << hits << " of " << trials;
                }
                if (hits < trials) {
                    EXPECT_NEAR(1.0 - at_least(hits + 1, trials, made.high), tail, 1e-9);
                }
                EXPECT_LT(made.low, made.high);
            }
        }
    }
}

TEST(ShareInterval, KnownValues) {
    const ShareInterval half = share_interval(5, 10);
    EXPECT_NEAR(half.low, 0.187086, 1e-6);
    EXPECT_NEAR(half.high, 0.812914, 1e-6);
    const ShareInterval none = share_interval(0, 10);
    EXPECT_EQ(none.low, 0.0);
    EXPECT_NEAR(none.high, 1.0 - std::pow(0.025, 0.1), 1e-12);
    EXPECT_EQ(share_interval(10, 10).high, 1.0);
    EXPECT_EQ(share_interval(0, 0).low, 0.0);
    EXPECT_EQ(share_interval(0, 0).high, 1.0);
}

}  // namespace
}  // namespace slipcast::math
