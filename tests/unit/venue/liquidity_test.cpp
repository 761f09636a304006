#include "slipcast/venue/liquidity.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "slipcast/core/random.hpp"
#include "venue/power_sum.hpp"

// Tails, inverse tails and expected fills against sums taken term by term.

using namespace slipcast;
using namespace slipcast::venue;

namespace {

/// P(S >= s) for s = 1..weights.size(), from weights of the positive sizes, added from the smaller end.
std::vector<double> plain_tails(const std::vector<long double>& weights, double zero_bin) {
    long double total = 0.0L;
    for (const long double weight : weights) total += weight;
    std::vector<double> tails(weights.size());
    long double sum = 0.0L;
    for (std::size_t i = weights.size(); i-- > 0;) {
        sum += weights[i];
        tails[i] = static_cast<double>(sum / total * (1.0L - static_cast<long double>(zero_bin)));
    }
    return tails;
}

std::vector<long double> power_weights(double b, std::int64_t last) {
    std::vector<long double> weights;
    for (std::int64_t s = 1; s <= last; ++s) {
        weights.push_back(std::pow(static_cast<long double>(s), -static_cast<long double>(b)));
    }
    return weights;
}

/// Every query of `liquidity` against its tails at sizes 1..tails.size(), beyond which nothing is left.
void expect_agrees(const Liquidity& liquidity, const std::vector<double>& tails, double tolerance) {
    double filled = 0.0;
    const auto count = static_cast<std::int64_t>(tails.size());
    for (std::int64_t s = 1; s <= count; ++s) {
        const double expected = tails[static_cast<std::size_t>(s - 1)];
        const double tail = liquidity.prob_at_least(s);
        ASSERT_NEAR(tail, expected, tolerance * expected) << "size " << s << " parameter " << liquidity.parameter();
        ASSERT_LE(tail, liquidity.prob_at_least(s - 1)) << "size " << s;
        filled += expected;
        if (s % 17 == 1 || s == count) {
            ASSERT_NEAR(liquidity.expected_fill(s), filled, 1e-11 * filled) << "size " << s;
            // The inverse is exact for the tails as computed: strictly above, so not at, the threshold.
            const std::int64_t above = liquidity.sizes_above(tail, count);
            ASSERT_LT(above, s);
            ASSERT_TRUE(above == 0 || liquidity.prob_at_least(above) > tail);
            ASSERT_LE(liquidity.prob_at_least(above + 1), tail);
            const std::int64_t with = liquidity.sizes_above(std::nextafter(tail, -1.0), count);
            ASSERT_GE(with, s);
        }
    }
}

}  // namespace

TEST(Liquidity, PowerLawTailsEqualTheSumsForEverySignOfTheExponent) {
    for (const double b : {-20.0, -3.3, -1.0, -0.4, 0.0, 0.25, 0.7, 0.999999, 1.0, 1.0000001, 1.3, 2.0, 4.0, 20.0}) {
        for (const std::int64_t last : {1, 2, 5, 13, 14, 60, 1000, 20'000}) {
            const auto liquidity = Liquidity::power_law(0.8, b, last);
            ASSERT_TRUE(liquidity);
            expect_agrees(*liquidity, plain_tails(power_weights(b, last), 0.8), 1e-11);
        }
    }
}

TEST(Liquidity, PowerLawTailsHoldAtSizesThatNobodyCanAddUp) {
    const std::int64_t last = kLargestSize;
    for (const double b : {-2.0, -0.5, 0.0, 0.6, 1.0, 1.3, 3.0}) {
        const Liquidity liquidity = *Liquidity::power_law(0.0, b, last);
        const double log_total = venue::detail::log_power_sum(b, 1, last);
        double before = 1.0;
        for (std::int64_t s = 2; s < last; s = s * 3 + 1) {
            const double tail = liquidity.prob_at_least(s);
            EXPECT_NEAR(tail, std::exp(venue::detail::log_power_sum(b, s, last) - log_total), 1e-10 * tail)
                << b << " " << s;
            EXPECT_LE(tail, before);
            before = tail;
            // One size moves the tail by more than its rounding, except where it rounds to one.
            const std::int64_t reached = liquidity.sizes_above(std::nextafter(tail, 0.0), last);
            if (tail < 1.0 - 1e-3) {
                EXPECT_EQ(reached, s);
            } else {
                EXPECT_GE(reached, s);
                EXPECT_EQ(liquidity.prob_at_least(reached), tail);
            }
        }
        EXPECT_NEAR(liquidity.prob_at_least(last) / std::exp(-b * std::log(static_cast<double>(last)) - log_total), 1.0,
                    1e-9);
    }
}

TEST(Liquidity, OtherShapesEqualTheirSums) {
    std::vector<long double> weights(700, 1.0L);
    expect_agrees(*Liquidity::uniform(0.3, 700), plain_tails(weights, 0.3), 1e-13);
    for (const double ratio : {0.0, 0.4, 0.99}) {
        const auto count = static_cast<std::size_t>(ratio == 0.0 ? 1 : ratio < 0.5 ? 30 : 2000);
        std::vector<double> tails(count);
        for (std::size_t i = 0; i < count; ++i) tails[i] = 0.25 * std::pow(ratio, static_cast<double>(i));
        expect_agrees(*Liquidity::exponential(0.75, ratio), tails, 1e-12);
    }
}

TEST(Liquidity, PoissonTailsEqualTheSumsOnBothSidesOfTheMean) {
    for (const double mean : {1e-3, 0.7, 12.0, 199.0, 201.0, 5000.0, 40'000.0}) {
        const auto end = static_cast<std::int64_t>(mean + 15.0 * std::sqrt(mean) + 20.0);
        std::vector<long double> weights;
        const auto m = static_cast<long double>(mean);
        for (std::int64_t s = 1; s <= end; ++s) {
            const auto n = static_cast<long double>(s);
            weights.push_back(std::exp(n * std::log(m) - m - std::lgamma(n + 1.0L)));
        }
        // The terms themselves are good to about mean x 1e-19; what is cut off at the end matters to the last sizes
        // only.
        std::vector<double> tails = plain_tails(weights, 0.5);
        tails.resize(static_cast<std::size_t>(mean + 8.0 * std::sqrt(mean) + 3.0));
        expect_agrees(*Liquidity::poisson(0.5, mean), tails, 1e-11);
    }
    // At a billion the normal law with its skewness term is good to about the inverse of the mean.
    const Liquidity large = *Liquidity::poisson(0.0, 1e9);
    EXPECT_NEAR(large.prob_at_least(1'000'000'000), 0.5 + 1.0 / 3.0 / std::sqrt(6.283185307179586 * 1e9), 1e-9);
    EXPECT_EQ(large.sizes_above(large.prob_at_least(1'000'050'000), kLargestSize), 1'000'049'999);
}

TEST(Liquidity, StepsAreLookedUp) {
    const Liquidity steps = *Liquidity::empirical({2, 5, 9}, {0.6, 0.25, 0.25});
    expect_agrees(steps, {0.6, 0.6, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25}, 0.0);
    EXPECT_EQ(steps.zero_bin(), 0.4);
    EXPECT_EQ(steps.prob_at_least(10), 0.0);
    EXPECT_DOUBLE_EQ(steps.expected_fill(100), 1.2 + 7 * 0.25);
    EXPECT_NEAR(std::exp(steps.log_prob(2)), 0.35, 1e-15);
    EXPECT_EQ(steps.log_prob(3), -std::numeric_limits<double>::infinity());
}

TEST(Liquidity, ProbabilitiesSumToOneAndAreDifferencesOfTails) {
    for (const Liquidity& liquidity : {*Liquidity::power_law(0.7, 0.4, 300), *Liquidity::uniform(0.7, 300),
                                       *Liquidity::exponential(0.7, 0.9), *Liquidity::poisson(0.7, 40.0)}) {
        double sum = std::exp(liquidity.log_prob(0));
        for (std::int64_t s = 1; s <= 300; ++s) {
            const double difference = liquidity.prob_at_least(s) - liquidity.prob_at_least(s + 1);
            EXPECT_NEAR(std::exp(liquidity.log_prob(s)), difference, 1e-13);
            sum += difference;
        }
        EXPECT_NEAR(sum, 1.0, 1e-12);
    }
}

TEST(Liquidity, DrawsFollowTheTail) {
    // By inversion: the k-th draw is where the tail crosses the k-th uniform.
    const Liquidity liquidity = *Liquidity::power_law(0.6, 0.5, 5000);
    RandomStream stream(5, "test.venue.draw");
    RandomStream same(5, "test.venue.draw");
    for (int i = 0; i < 1000; ++i) {
        const std::int64_t drawn = liquidity.draw(stream);
        const double u = same.next_uniform();
        EXPECT_GT(liquidity.prob_at_least(drawn), u);
        EXPECT_LE(liquidity.prob_at_least(drawn + 1), u);
    }
}

TEST(Liquidity, ImpossibleParametersAreRefusedByName) {
    EXPECT_EQ(Liquidity::uniform(1.2, 5).error().field, "zero_bin");
    EXPECT_EQ(Liquidity::uniform(0.2, 0).error().field, "upper");
    EXPECT_EQ(Liquidity::power_law(0.2, std::nan(""), 5).error().field, "exponent");
    EXPECT_EQ(Liquidity::power_law(0.2, 1.0, kLargestSize + 1).error().field, "max_liquidity");
    EXPECT_EQ(Liquidity::poisson(0.2, 0.0).error().field, "mean");
    EXPECT_EQ(Liquidity::exponential(0.2, 1.5).error().field, "ratio");
    EXPECT_EQ(Liquidity::empirical({3, 3}, {0.5, 0.4}).error().field, "sizes");
    EXPECT_EQ(Liquidity::empirical({3, 4}, {0.5, 0.6}).error().field, "prob_at_least");
}
