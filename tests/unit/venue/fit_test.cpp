#include "slipcast/venue/fit.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "support/venue_log.hpp"

using namespace slipcast;
using namespace slipcast::venue;
using slipcast::test::venue_log;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr std::array<Shape, 4> kShapes{Shape::uniform, Shape::power_law, Shape::poisson, Shape::exponential};

Liquidity truth_of(Shape shape) {
    switch (shape) {
        case Shape::uniform:
            return *Liquidity::uniform(0.6, 70);
        case Shape::power_law:
            return *Liquidity::power_law(0.6, 0.8, 500);
        case Shape::poisson:
            return *Liquidity::poisson(0.6, 30.0);
        default:
            return *Liquidity::exponential(0.6, 0.95);
    }
}

Liquidity made(Shape shape, double zero_bin, double parameter, std::int64_t max_liquidity) {
    switch (shape) {
        case Shape::uniform:
            return *Liquidity::uniform(zero_bin, static_cast<std::int64_t>(parameter));
        case Shape::power_law:
            return *Liquidity::power_law(zero_bin, parameter, max_liquidity);
        case Shape::poisson:
            return *Liquidity::poisson(zero_bin, parameter);
        default:
            return *Liquidity::exponential(zero_bin, parameter);
    }
}

/// The log-likelihood from the distribution's own probabilities: not the code that the fit searches with.
double likelihood(const Liquidity& liquidity, const std::vector<Observation>& log) {
    return -*log_loss(liquidity, log, {.weight = 0.0, .max_liquidity = 1'000'000}) * static_cast<double>(log.size());
}

}  // namespace

TEST(Fit, IsTheTopOfADenseGridInBothParameters) {
    for (const Shape shape : kShapes) {
        for (const double share : {0.0, 1.0, 0.5}) {
            const auto log = venue_log(truth_of(shape),
                                       {.count = 250, .largest_sent = 80, .min_quantity = 20, .minimum_share = share});
            const Fit found = *fit(log, {.shape = shape, .max_liquidity = 500});
            ASSERT_TRUE(found.identified()) << name(shape) << ' ' << name(found.reason());
            const double top = likelihood(found.liquidity(), log);
            EXPECT_NEAR(found.log_likelihood(), top, 1e-8 * std::abs(top)) << name(shape);
            for (double z = 0.02; z < 1.0; z += 0.04) {
                for (int i = 0; i <= 300; ++i) {
                    const double t = i / 300.0;
                    const double parameter = shape == Shape::uniform     ? std::ceil(30.0 + 470.0 * t)
                                             : shape == Shape::power_law ? -20.0 + 40.0 * t
                                             : shape == Shape::poisson   ? std::exp(-3.0 + 11.0 * t)
                                                                         : 1.0 / (1.0 + std::exp(10.0 - 25.0 * t));
                    EXPECT_LE(likelihood(made(shape, z, parameter, 500), log), top + 1e-9)
                        << name(shape) << z << ' ' << parameter;
                }
            }
        }
    }
}

TEST(Fit, SmallStepsFromTheMaximumLose) {
    for (const Shape shape : kShapes) {
        for (const double share : {0.0, 0.5}) {
            const auto log = venue_log(truth_of(shape),
                                       {.count = 400, .largest_sent = 80, .min_quantity = 20, .minimum_share = share});
            const Fit found = *fit(log, {.shape = shape, .max_liquidity = 500});
            const double top = likelihood(found.liquidity(), log);
            const double step = shape == Shape::uniform ? 1.0 : 1e-4 * std::max(0.1, std::abs(found.parameter()));
            for (const double sign : {-1.0, 1.0}) {
                EXPECT_LE(likelihood(made(shape, found.zero_bin() + sign * 1e-4, found.parameter(), 500), log), top);
                EXPECT_LE(likelihood(made(shape, found.zero_bin(), found.parameter() + sign * step, 500), log), top);
            }
        }
    }
}

TEST(Fit, ManyDistinctSizesAreAnsweredExactly) {
    // Beyond a few hundred sizes of full fills the search merges neighbors; its end must not.
    const Liquidity truth = *Liquidity::power_law(0.3, 0.4, 9'000);
    const auto log = venue_log(truth, {.count = 4'000, .largest_sent = 4'000});
    const Fit found = *fit(log, {.max_liquidity = 9'000});
    for (const double step : {-2e-5, 2e-5}) {
        EXPECT_LT(likelihood(made(Shape::power_law, found.zero_bin(), found.parameter() + step, 9'000), log),
                  found.log_likelihood());
    }
}

TEST(Fit, ExponentialHasItsClosedForm) {
    const auto log = venue_log(truth_of(Shape::exponential), {.count = 300, .largest_sent = 60});
    const Fit found = *fit(log, {.shape = Shape::exponential});
    double successes = 0.0;
    double partial = 0.0;
    double misses = 0.0;
    for (const Observation& one : log) {
        if (one.filled == 0) {
            misses += 1.0;
        } else {
            successes += static_cast<double>(one.filled - 1);
            partial += one.is_censored() ? 0.0 : 1.0;
        }
    }
    EXPECT_NEAR(found.parameter(), successes / (successes + partial), 1e-12);
    EXPECT_NEAR(found.zero_bin(), misses / 300.0, 1e-12);
    // Binomial and negative binomial curvature.
    EXPECT_NEAR(*found.zero_bin_std_error(), std::sqrt(found.zero_bin() * (1 - found.zero_bin()) / 300.0), 1e-4);
    const double q = found.parameter();
    EXPECT_NEAR(*found.parameter_std_error(), q * (1 - q) / std::sqrt((successes + partial) * q * (1 - q)), 1e-4 * q);
}

TEST(Fit, IntervalCensoringRecoversWhatTheNaiveReadingMisses) {
    // research: truth .80 / .70; misses read as zeros give about .88 / .13, half with a minimum about .85 / .56.
    const Liquidity truth = *Liquidity::power_law(0.8, 0.7, 10'000);
    for (const double share : {1.0, 0.5}) {
        const auto log =
            venue_log(truth, {.count = 20'000, .largest_sent = 2'000, .min_quantity = 500, .minimum_share = share});
        std::vector<Observation> naive = log;
        for (Observation& one : naive) one.min_quantity = 1;
        const Fit right = *fit(log, {.max_liquidity = 10'000});
        const Fit wrong = *fit(naive, {.max_liquidity = 10'000});
        const auto within = [](const ProbabilityBand& band, double value) {
            return band.low.value_or(-kInfinity) <= value && value <= band.high.value_or(kInfinity);
        };
        // The interval of a false alarm in a million holds the truth; the naive one does not come near.
        EXPECT_TRUE(within(right.zero_bin_interval(1 - 1e-6), 0.8)) << right.zero_bin();
        EXPECT_TRUE(within(right.parameter_interval(1 - 1e-6), 0.7)) << right.parameter();
        EXPECT_FALSE(within(wrong.zero_bin_interval(1 - 1e-6), 0.8)) << wrong.zero_bin();
        EXPECT_FALSE(within(wrong.parameter_interval(1 - 1e-6), 0.7)) << wrong.parameter();
        EXPECT_GT(wrong.zero_bin(), right.zero_bin());
    }
}

TEST(Fit, IntervalsAreWhereTwiceTheLossIsTheQuantile) {
    const auto log = venue_log(truth_of(Shape::power_law), {.count = 300, .largest_sent = 80});
    const Fit found = *fit(log, {.max_liquidity = 500});
    constexpr double kLoss = 0.5 * 3.841458820694124;  // chi-square, one degree, 95 %
    const ProbabilityBand exponent = found.parameter_interval(0.95);
    const ProbabilityBand zero_bin = found.zero_bin_interval(0.95);
    for (const double end : {*exponent.low, *exponent.high}) {
        EXPECT_NEAR(likelihood(made(Shape::power_law, found.zero_bin(), end, 500), log), found.log_likelihood() - kLoss,
                    1e-6);
    }
    for (const double end : {*zero_bin.low, *zero_bin.high}) {
        EXPECT_NEAR(likelihood(made(Shape::power_law, end, found.parameter(), 500), log),
                    found.log_likelihood() - kLoss, 1e-6);
    }
    // In large logs both agree with the normal interval.
    EXPECT_NEAR(*exponent.high - *exponent.low, 2 * 1.96 * *found.parameter_std_error(),
                0.1 * (*exponent.high - *exponent.low));
    const Fit upper = *fit(venue_log(truth_of(Shape::uniform), {.count = 300, .largest_sent = 80}),
                           {.shape = Shape::uniform, .max_liquidity = 500});
    EXPECT_LE(*upper.parameter_interval(0.95).low, upper.parameter());
    EXPECT_GE(*upper.parameter_interval(0.95).high, upper.parameter());
}

TEST(Fit, SaysWhyAShapeIsNotIdentified) {
    const std::vector<Observation> misses(5, Observation{100, 0});
    const std::vector<Observation> full{{100, 100}, {50, 50}, {70, 0}, {80, 0}};
    const std::vector<Observation> ones{{100, 1}, {50, 1}, {70, 0}, {80, 1}};
    for (const Shape shape : kShapes) {
        const Fit none = *fit(misses, {.shape = shape});
        EXPECT_EQ(none.reason(), Unidentified::no_fill);
        EXPECT_EQ(none.zero_bin(), 1.0);
        EXPECT_TRUE(std::isnan(none.parameter()));
        EXPECT_EQ(none.liquidity().prob_at_least(1), 0.0);
        const Fit unlimited = *fit(full, {.shape = shape});
        EXPECT_EQ(unlimited.reason(), Unidentified::no_partial_fill);
        EXPECT_FALSE(unlimited.parameter_interval(0.9).low || unlimited.parameter_interval(0.9).high);
        // The share of misses is known all the same: 2 ln 2 z + 2 ln 2 (1 - z) = -chi-square / 2.
        const double high = *unlimited.zero_bin_interval(0.95).high;
        EXPECT_NEAR(2.0 * std::log(4.0 * high * (1.0 - high)), -0.5 * 3.841458820694124, 1e-6);
        EXPECT_NEAR(*none.zero_bin_interval(0.95).low, std::exp(-0.5 * 3.841458820694124 / 5.0), 1e-6);
        if (shape != Shape::uniform) {
            EXPECT_EQ(unlimited.zero_bin(), 0.5);
            EXPECT_EQ(unlimited.liquidity().prob_at_least(10'000), 0.5);
            EXPECT_NEAR(unlimited.log_likelihood(), 4 * std::log(0.5), 1e-12);
        } else {
            EXPECT_EQ(unlimited.parameter(), 10'000.0);
        }
        if (shape != Shape::uniform) {
            EXPECT_EQ(fit(ones, {.shape = shape})->reason(), Unidentified::at_bound) << name(shape);
        } else {
            EXPECT_EQ(fit(ones, {.shape = shape})->parameter(), 1.0);
        }
    }
    // A step function knows no more than they: it stays flat where it was never seen to fall.
    const Fit steps = *fit(full, {.shape = Shape::empirical});
    EXPECT_EQ(steps.reason(), Unidentified::no_partial_fill);
    EXPECT_EQ(steps.liquidity().prob_at_least(10'000), 0.5);
    EXPECT_EQ(fit(misses, {.shape = Shape::empirical})->reason(), Unidentified::no_fill);
    EXPECT_TRUE(fit(ones, {.shape = Shape::empirical})->identified());
    EXPECT_EQ(fit(full, {.shape = Shape::power_law})->parameter(), -kInfinity);
    EXPECT_EQ(fit(full, {.shape = Shape::poisson})->parameter(), kInfinity);
    EXPECT_EQ(fit(full, {.shape = Shape::exponential})->parameter(), 1.0);
}

TEST(Fit, DefaultsToTwiceTheLargestSent) {
    EXPECT_EQ(fit(std::vector<Observation>{{100, 7}})->max_liquidity(), 10'000);
    EXPECT_EQ(fit(std::vector<Observation>{{70'000, 7}})->max_liquidity(), 140'000);
}

TEST(Fit, RefusesByFieldAndRow) {
    const auto refusal = [](Observation bad, std::int64_t max_liquidity) {
        const std::vector<Observation> log{{10, 3}, bad};
        return fit(log, {.max_liquidity = max_liquidity}).error();
    };
    EXPECT_EQ(refusal({10, 11}, 100).field, "filled");
    EXPECT_EQ(refusal({10, 11}, 100).place.row, 2);
    EXPECT_EQ(refusal({10, -1}, 100).field, "filled");
    EXPECT_EQ(refusal({-10, 0}, 100).field, "sent");
    EXPECT_EQ(refusal({10, 3, 4}, 100).field, "filled");
    EXPECT_EQ(refusal({10, 0, 11}, 100).field, "min_quantity");
    EXPECT_EQ(refusal({101, 0}, 100).field, "sent");
    EXPECT_EQ(refusal({10, 0}, 0).field, "max_liquidity");
    EXPECT_EQ(fit({}).error().code, ErrorCode::not_identified);
}

TEST(LogLoss, MixesTheModelWithEvenSizes) {
    const Liquidity model = *Liquidity::uniform(0.5, 4);
    const std::vector<Observation> log{{3, 0}, {3, 2}, {3, 3}, {6, 5}};
    // P: 1/2, 1/8, 1/4, 0; even over 0..9: 1/10, 1/10, 7/10, 1/10.
    const double expected =
        -(std::log(0.9 * 0.5 + 0.01) + std::log(0.9 * 0.125 + 0.01) + std::log(0.9 * 0.25 + 0.07) + std::log(0.01)) /
        4.0;
    EXPECT_NEAR(*log_loss(model, log, {.weight = 0.1, .max_liquidity = 9}), expected, 1e-14);
    EXPECT_TRUE(std::isinf(*log_loss(model, log, {.weight = 0.0, .max_liquidity = 9})));
    EXPECT_EQ(log_loss(model, log, {.weight = 1.5, .max_liquidity = 9}).error().field, "smoothing");
    EXPECT_EQ(log_loss(model, log, {.weight = 0.1, .max_liquidity = 5}).error().place.row, 4);
}
