#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>

#include "slipcast/control/linear_value.hpp"
#include "slipcast/control/sampled.hpp"
#include "slipcast/control/small_impact.hpp"
#include "support/trading_problem.hpp"

using namespace slipcast;

namespace {

constexpr std::uint64_t kProblems = 1'000;

template <typename Law>
void on_random_rules(const char* purpose, const Law& law) {
    for (std::uint64_t number = 0; number < kProblems && !testing::Test::HasFailure(); ++number) {
        SCOPED_TRACE("problem " + std::to_string(number));
        RandomStream stream(2, purpose, number);
        const control::Parameters problem = test::random_problem(stream);
        const auto rule = control::solve(problem);
        ASSERT_TRUE(rule) << rule.error().message();
        law(problem, *rule, stream);
    }
}

}  // namespace

TEST(ValueOfARule, OfTheBestRuleIsItsValueFunction) {
    on_random_rules("own", [](const auto& problem, const control::Rule& rule, RandomStream&) {
        const auto value = control::linear_value(problem, rule.gains());
        ASSERT_TRUE(value) << value.error().message();
        const control::Coefficients& A = rule.coefficients();
        const double scale = A.Aqq + problem.impact;
        EXPECT_NEAR(value->quadratic.Aqq, A.Aqq, 1e-8 * scale);
        EXPECT_NEAR(value->quadratic.Aql, A.Aql, 1e-8);
        EXPECT_NEAR(value->quadratic.A0, A.A0, 1e-7 * A.A0);
        for (std::size_t j = 0; j < problem.signals.size(); ++j) {
            EXPECT_NEAR(value->quadratic.Aqx[j], A.Aqx[j], 1e-7 * std::abs(A.Aqx[j]));
            EXPECT_NEAR(value->quadratic.Alx[j], A.Alx[j], 1e-7 * std::abs(A.Aqx[j]));
        }
        EXPECT_EQ(value->Bq, 0.0);
        EXPECT_EQ(value->Bl, 0.0);
    });
}

TEST(ValueOfARule, NoOtherRuleIsWorthMore) {
    int priced = 0;
    on_random_rules("other", [&](const auto& problem, const control::Rule& rule, RandomStream& stream) {
        control::Gains other = rule.gains();
        const auto shaken = [&stream](double gain) { return gain * (0.5 + stream.next_uniform()); };
        other.position = shaken(other.position);
        other.level = shaken(other.level);
        for (double& gain : other.signal) gain = shaken(gain);
        other.shift = stream.next_uniform() - 0.5;
        const auto value = control::linear_value(problem, other);
        if (!value) return;  // the shaken rule does not decay
        ++priced;
        const double best = rule.coefficients().A0;
        EXPECT_LE(value->quadratic.A0, best + 1e-7 * std::abs(best));
    });
    EXPECT_GT(priced, 900);
}

TEST(SmallImpact, ErrorsAreOfSecondOrder) {
    // Halving theta divides what the expansion loses of the gains by four.
    control::Parameters problem = test::example_problem();
    problem.impact = problem.impact_decay = 1.0;
    double before = 0.0;
    for (const double theta : {0.16, 0.08, 0.04, 0.02, 0.01}) {
        const auto made = control::solve_small_impact(problem, theta);
        ASSERT_TRUE(made);
        if (before > 0.0) {
            EXPECT_NEAR(std::log2(before / made->gain_error), 2.0, 0.25) << theta;
        }
        before = made->gain_error;
    }
}

TEST(Sampled, SolvesBellmansEquationOfTheStep) {
    // Nothing here knows the Riccati equation: the value of holding u over one step by quadrature of the reward along
    // the exact path, plus the value after it, is best at the rule's u and equals the value before it.
    on_random_rules("sampled", [](const auto& problem, const control::Rule&, RandomStream& stream) {
        double speed = problem.discount + problem.impact_decay;
        for (const control::Signal& signal : problem.signals) speed += signal.decay;
        const double h = test::draw_log_uniform(stream, 1e-2, 2.0) / speed;
        const auto made = control::sampled(problem, h);
        if (!made) return;
        const double q = stream.next_uniform() - 0.5;
        const double l = stream.next_uniform() - 0.5;
        std::vector<double> x;
        for (std::size_t j = 0; j < problem.signals.size(); ++j) x.push_back(stream.next_uniform() - 0.5);
        const auto worth = [&](double u) {
            constexpr int kCells = 400;  // Simpson
            double reward = 0.0;
            double level = l;
            std::vector<double> signal = x;
            for (int i = 0; i <= 2 * kCells; ++i) {
                const double t = h * i / (2.0 * kCells);
                const double b = problem.impact_decay;
                level = std::exp(-b * t) * l + problem.impact * u * (b > 0.0 ? -std::expm1(-b * t) / b : t);
                double drift = problem.impact * u - b * level;
                for (std::size_t j = 0; j < x.size(); ++j) {
                    signal[j] = x[j] * std::exp(-problem.signals[j].decay * t);
                    drift += problem.signals[j].loading * signal[j];
                }
                const double position = q + u * t;
                const double rate = position * drift - 0.5 * problem.trading_cost * u * u -
                                    0.5 * problem.risk_aversion * problem.variance * position * position;
                const double weight = i == 0 || i == 2 * kCells ? 1.0 : i % 2 == 1 ? 4.0 : 2.0;
                reward += weight * h / (6.0 * kCells) * std::exp(-problem.discount * t) * rate;
            }
            double noise = 0.0;
            for (std::size_t j = 0; j < x.size(); ++j) {
                const double twice = 2.0 * problem.signals[j].decay;
                const double spread = problem.signals[j].variance * (twice > 0.0 ? -std::expm1(-twice * h) / twice : h);
                noise += 0.5 * spread * made->rule.coefficients().Axx[j * x.size() + j];
            }
            return reward + std::exp(-problem.discount * h) * (made->rule.value(q + u * h, level, signal) + noise);
        };
        const double u = made->rule.decide(q, l, x);
        const double now = made->rule.value(q, l, x);
        const double scale = std::abs(now) + made->rule.coefficients().A0 + problem.trading_cost * u * u * h +
                             made->rule.coefficients().Aqq;
        EXPECT_NEAR(worth(u), now, 1e-7 * scale);
        const double step = 0.1 * (std::abs(u) + made->rule.rate());
        EXPECT_GE(worth(u) + 1e-11 * scale, worth(u + step));
        EXPECT_GE(worth(u) + 1e-11 * scale, worth(u - step));
        EXPECT_NEAR(worth(u + step), worth(u - step), 1e-6 * scale);
    });
}

TEST(Sampled, GoesToTheContinuousRuleAsTheStepVanishes) {
    const control::Parameters problem = test::example_problem();
    const auto continuous = control::solve(problem);
    double before = 0.0;
    for (const double h : {0.1, 0.05, 0.025, 0.0125}) {
        const auto made = control::sampled(problem, h);
        ASSERT_TRUE(made);
        const double gap = std::abs(made->rule.gains().position - continuous->gains().position);
        if (before > 0.0) {
            EXPECT_NEAR(std::log2(before / gap), 1.0, 0.1);
        }
        before = gap;
    }
}
