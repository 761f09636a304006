#include "slipcast/venue/online.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "slipcast/math/sampling.hpp"
#include "venue/power_sum.hpp"

// The online likelihood against the definition, term by term.

using namespace slipcast;
using namespace slipcast::venue;

namespace {

/// sum over s = first..last of s^-b, by adding up.
double plain_sum(double b, std::int64_t first, std::int64_t last) {
    double sum = 0.0;
    for (std::int64_t s = last; s >= first; --s) sum += std::pow(static_cast<double>(s), -b);
    return sum;
}

std::shared_ptr<const PowerLawGrid> grid_of(std::int64_t max_liquidity) {
    return *PowerLawGrid::create(max_liquidity);
}

/// P(S = s | S > 0) = s^-b / H; liquidity drawn by inversion on the cumulative sums.
std::vector<Observation> drawn_log(std::int64_t count, double zero_bin, double b, std::int64_t max_liquidity,
                                   std::int64_t min_quantity) {
    std::vector<double> cumulative;
    double sum = 0.0;
    for (std::int64_t s = 1; s <= max_liquidity; ++s) {
        cumulative.push_back(sum += std::pow(static_cast<double>(s), -b));
    }
    RandomStream stream(3, "test.venue.online");
    std::vector<Observation> log;
    for (std::int64_t i = 0; i < count; ++i) {
        std::int64_t liquidity = 0;
        if (!math::draw_bernoulli(stream, zero_bin)) {
            const double u = stream.next_uniform() * sum;
            liquidity = std::lower_bound(cumulative.begin(), cumulative.end(), u) - cumulative.begin() + 1;
        }
        const auto sent = static_cast<std::int64_t>(math::draw_index(stream, 4000)) + 1;
        const std::int64_t minimum = std::min(sent, min_quantity);
        log.push_back({sent, liquidity >= minimum ? std::min(sent, liquidity) : 0, minimum});
    }
    return log;
}

/// The log-likelihood of the log, by adding up probabilities.
double plain_likelihood(const std::vector<Observation>& log, double zero_bin, double b, std::int64_t max_liquidity) {
    const double whole = venue::detail::log_power_sum(b, 1, max_liquidity);
    double sum = 0.0;
    for (const Observation& one : log) {
        const auto tail = [&](std::int64_t size) {
            return (1.0 - zero_bin) * std::exp(venue::detail::log_power_sum(b, size, max_liquidity) - whole);
        };
        if (one.filled == 0) {
            sum += std::log(1.0 - tail(one.min_quantity));
        } else if (one.is_censored()) {
            sum += std::log(tail(one.sent));
        } else {
            sum += std::log(1.0 - zero_bin) - b * std::log(static_cast<double>(one.filled)) - whole;
        }
    }
    return sum;
}

}  // namespace

TEST(PowerSum, EqualsAddingUp) {
    for (const double b : {-20.0, -3.7, -1.0, 0.0, 0.4, 1.0, 1.0 + 1e-9, 2.5, 20.0}) {
        for (const auto& [first, last] : {std::pair{1, 1}, {1, 7}, {1, 100'000}, {13, 14}, {40, 90'000}, {77, 77}}) {
            const double expected = std::log(plain_sum(b, first, last));
            EXPECT_NEAR(venue::detail::log_power_sum(b, first, last), expected,
                        1e-12 * std::max(1.0, std::abs(expected)))
                << b << ' ' << first << ' ' << last;
        }
    }
    // Whole sums of any length: 1 + ... + n = n (n + 1) / 2.
    const std::int64_t n = std::int64_t{1} << 40;
    const auto size = static_cast<double>(n);
    EXPECT_NEAR(venue::detail::log_power_sum(-1.0, 1, n), std::log(size) + std::log(size + 1.0) - std::log(2.0), 1e-12);
    EXPECT_NEAR(venue::detail::log_power_sum(0.0, 5, n), std::log(size - 4.0), 1e-12);
}

TEST(PowerSum, TailsOfOneExponentAreTheSameSums) {
    for (const double b : {-20.0, -3.7, -1.0, 0.0, 0.4, 0.999, 1.0, 1.3, 4.0, 20.0}) {
        for (const std::int64_t last :
             {std::int64_t{1}, std::int64_t{60}, std::int64_t{10'000}, std::int64_t{1} << 40}) {
            const venue::detail::PowerTails tails(b, last);
            for (std::int64_t first = 1; first <= last; first += 1 + first / 3) {
                const double expected = venue::detail::log_power_sum(b, first, last);
                EXPECT_NEAR(tails.log_sum({first, last}).value, expected, 1e-11 * std::max(1.0, std::abs(expected)))
                    << b << ' ' << first << ' ' << last;
            }
        }
    }
}

TEST(PowerSum, DerivativesAreMomentsOfTheLogarithm) {
    // d/db ln sum s^-b = -E[ln s], the second derivative is Var[ln s].
    for (const double b : {-19.0, -2.3, 0.0, 0.7, 0.98, 1.0, 1.04, 2.5, 19.0}) {
        for (const std::int64_t last : {1, 2, 40, 3'000}) {
            const venue::detail::PowerTails tails(b, last);
            for (std::int64_t first = 1; first <= last; first += 1 + first / 5) {
                double weight = 0.0;
                double mean = 0.0;
                for (std::int64_t s = first; s <= last; ++s) {
                    const double log_ratio = std::log(static_cast<double>(s) / static_cast<double>(first));
                    const double term = std::exp(-b * log_ratio);
                    weight += term;
                    mean += term * log_ratio;
                }
                mean /= weight;
                double variance = 0.0;
                for (std::int64_t s = first; s <= last; ++s) {
                    const double log_ratio = std::log(static_cast<double>(s) / static_cast<double>(first));
                    variance += std::exp(-b * log_ratio) * (log_ratio - mean) * (log_ratio - mean) / weight;
                }
                const venue::detail::LogSum found = tails.log_sum({first, last});
                mean += std::log(static_cast<double>(first));
                EXPECT_NEAR(-found.slope, mean, 1e-9 * std::max(1.0, mean)) << b << ' ' << first << ' ' << last;
                EXPECT_NEAR(found.curvature, variance, 1e-8) << b << ' ' << first << ' ' << last;
            }
        }
    }
}

TEST(PowerLawGrid, InterpolatesTailsAtEverySize) {
    for (const std::int64_t max_liquidity : {1, 2, 39, 100, 10'000}) {
        const auto grid = grid_of(max_liquidity);
        double largest = 0.0;
        for (std::int64_t size = 1; size <= max_liquidity; size += (size < 200 || size > 9'800 ? 1 : 7)) {
            const PowerLawGrid::Position at = grid->position(size);
            for (const std::size_t j : {0U, 60U, 127U, 150U, 200U, 255U}) {
                double value = 0.0;
                for (std::size_t i = 0; i < at.count; ++i) value += at.weight[i] * grid->log_tail(at.first + i)[j];
                const double exact = venue::detail::log_power_sum(grid->exponents()[j], size, max_liquidity) -
                                     venue::detail::log_power_sum(grid->exponents()[j], 1, max_liquidity);
                largest = std::max(largest, std::abs(value - exact));
            }
        }
        EXPECT_LT(largest, 1e-5) << max_liquidity;
    }
}

TEST(PowerLawGrid, RefusesSizesAndExponentsOutOfRange) {
    EXPECT_EQ(PowerLawGrid::create(0).error().field, "max_liquidity");
    EXPECT_EQ(PowerLawGrid::create((std::int64_t{1} << 40) + 1).error().field, "max_liquidity");
    EXPECT_EQ(PowerLawGrid::create(10, {.lowest = 1.0, .highest = 1.0}).error().field, "exponents");
    EXPECT_EQ(PowerLawGrid::create(10, {.lowest = -1.0, .highest = 21.0}).error().field, "exponents");
}

TEST(OnlinePowerLaw, GridHoldsTheLikelihoodOfTheLog) {
    constexpr std::int64_t kMax = 10'000;
    const auto grid = grid_of(kMax);
    for (const std::int64_t minimum : {1, 300}) {
        const std::vector<Observation> log = drawn_log(400, 0.6, 0.7, kMax, minimum);
        OnlinePowerLaw online(grid);
        for (const Observation& one : log) ASSERT_TRUE(online.observe(one));
        const auto likelihood = online.log_likelihood();
        const auto expected = [&](std::size_t j) {
            return plain_likelihood(log, online.zero_bin_at(j), grid->exponents()[j], kMax);
        };
        const double constant = expected(100) - likelihood[100];
        for (std::size_t j = 90; j < 200; j += 5) EXPECT_NEAR(likelihood[j] + constant, expected(j), 1e-4) << j;
    }
}

TEST(OnlinePowerLaw, EstimateIsTheTopOfADenseSearch) {
    constexpr std::int64_t kMax = 2'000;
    const auto grid = grid_of(kMax);
    for (const std::int64_t minimum : {1, 150}) {
        const std::vector<Observation> log = [&] {
            std::vector<Observation> made = drawn_log(300, 0.5, 0.9, kMax, minimum);
            for (Observation& one : made) one.sent = std::min(one.sent, kMax);
            return made;
        }();
        OnlinePowerLaw online(grid);
        for (const Observation& one : log) ASSERT_TRUE(online.observe(one));
        const OnlinePowerLaw::Estimate found = online.estimate();
        ASSERT_TRUE(found.has_shape && !found.at_edge);
        const double top = plain_likelihood(log, found.zero_bin, found.exponent, kMax);
        for (double z = found.zero_bin - 0.02; z <= found.zero_bin + 0.02; z += 0.002) {
            for (double b = -4.0; b <= 4.0; b += 0.05) {
                EXPECT_LE(plain_likelihood(log, z, b, kMax), top + 1e-6) << z << ' ' << b;
            }
        }
        // A step in either direction loses: the point is the top to 1e-4.
        for (const double step : {-1e-4, 1e-4}) {
            EXPECT_LT(plain_likelihood(log, found.zero_bin, found.exponent + step, kMax), top + 1e-9);
            EXPECT_LT(plain_likelihood(log, found.zero_bin + step, found.exponent, kMax), top + 1e-9);
        }
    }
}

TEST(OnlinePowerLaw, DiscountingEqualsWeights) {
    const auto grid = grid_of(10'000);
    const std::vector<Observation> log = drawn_log(200, 0.6, 0.7, 10'000, 50);
    constexpr double kFactor = 0.97;
    OnlinePowerLaw discounted(grid);
    OnlinePowerLaw weighted(grid);
    double weight = std::pow(kFactor, 200.0);
    for (const Observation& one : log) {
        ASSERT_TRUE(discounted.observe(one));
        discounted.discount(kFactor);
        ASSERT_TRUE(weighted.observe(one, weight));
        weight /= kFactor;
    }
    EXPECT_NEAR(discounted.total_weight(), weighted.total_weight(), 1e-9);
    for (std::size_t j = 0; j < PowerLawGrid::kExponents; ++j) {
        EXPECT_NEAR(discounted.log_likelihood()[j], weighted.log_likelihood()[j], 1e-8);
    }
}

TEST(OnlinePowerLaw, LongDiscountingLosesNothing) {
    // 1e-10 a round passes the point where the sums are brought back to scale many times.
    OnlinePowerLaw online(grid_of(1'000));
    for (int round = 0; round < 200; ++round) {
        online.discount(1e-10);
        ASSERT_TRUE(online.observe({100, 40, 1}));
        ASSERT_TRUE(online.observe({100, 100, 1}));
        ASSERT_TRUE(online.observe({100, 0, 1}));
    }
    OnlinePowerLaw last(grid_of(1'000));
    ASSERT_TRUE(last.observe({100, 40, 1}));
    ASSERT_TRUE(last.observe({100, 100, 1}));
    ASSERT_TRUE(last.observe({100, 0, 1}));
    EXPECT_NEAR(online.total_weight(), 3.0, 1e-8);
    EXPECT_NEAR(online.estimate().exponent, last.estimate().exponent, 1e-6);
    EXPECT_NEAR(online.estimate().zero_bin, 1.0 / 3.0, 1e-8);
}

TEST(OnlinePowerLaw, SaysWhatItDoesNotKnow) {
    OnlinePowerLaw online(grid_of(1'000));
    EXPECT_EQ(online.estimate().zero_bin, 0.0);
    EXPECT_FALSE(online.estimate().has_shape);
    ASSERT_TRUE(online.observe({100, 0, 1}));
    EXPECT_EQ(online.estimate().zero_bin, 1.0);
    EXPECT_FALSE(online.estimate().has_shape);
    // Nothing but full fills: the exponent falls to the end of the grid.
    ASSERT_TRUE(online.observe({100, 100, 1}));
    EXPECT_TRUE(online.estimate().at_edge);
    EXPECT_EQ(online.estimate().exponent, -4.0);
    EXPECT_EQ(online.estimate().zero_bin, 0.5);
    EXPECT_EQ(online.observe({2'000, 1, 1}).error().field, "sent");
    EXPECT_EQ(online.observe({100, 101, 1}).error().field, "filled");
    EXPECT_EQ(online.total_weight(), 2.0);
}
