#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

#include "slipcast/control/rule.hpp"
#include "support/trading_problem.hpp"

using namespace slipcast;
using control::Rule;

namespace {

constexpr std::uint64_t kProblems = 4'000;

/// Runs `law(problem, rule, stream)` on many random problems; a failure names the problem by its number.
template <typename Law>
void on_random_problems(const char* purpose, const Law& law) {
    for (std::uint64_t number = 0; number < kProblems && !testing::Test::HasFailure(); ++number) {
        SCOPED_TRACE("problem " + std::to_string(number));
        RandomStream stream(1, purpose, number);
        const control::Parameters problem = test::random_problem(stream);
        const auto rule = control::solve(problem);
        ASSERT_TRUE(rule) << rule.error().message();
        law(problem, *rule, stream);
    }
}

std::vector<double> draw_signal(const control::Parameters& problem, RandomStream& stream) {
    std::vector<double> signal;
    for (std::size_t j = 0; j < problem.signals.size(); ++j) signal.push_back(4.0 * stream.next_uniform() - 2.0);
    return signal;
}

/// One state at which the Hamilton-Jacobi-Bellman equation is checked, written from the problem and not from the
/// coefficient equations: rho V = max over u of running reward + drift of V + half its variance.
double bellman_gap(const control::Parameters& problem, const Rule& rule, RandomStream& stream) {
    const double q = 2.0 * stream.next_uniform() - 1.0;
    const double l = 2.0 * stream.next_uniform() - 1.0;
    const std::vector<double> x = draw_signal(problem, stream);
    const control::Coefficients& A = rule.coefficients();
    double drift = problem.impact * 0.0;
    double slope_q = -A.Aqq * q + A.Aql * l;
    double slope_l = A.Aql * q + A.All * l;
    double signals = 0.0;
    double scale = std::abs(A.Aqq) * problem.discount + problem.risk_aversion * problem.variance;
    for (std::size_t j = 0; j < x.size(); ++j) {
        const control::Signal& signal = problem.signals[j];
        drift += signal.loading * x[j];
        slope_q += A.Aqx[j] * x[j];
        slope_l += A.Alx[j] * x[j];
        double slope_x = A.Aqx[j] * q + A.Alx[j] * l;
        for (std::size_t i = 0; i < x.size(); ++i) slope_x += A.Axx[j * x.size() + i] * x[i];
        signals += -signal.decay * x[j] * slope_x + 0.5 * signal.variance * A.Axx[j * x.size() + j];
        scale += std::abs(signal.loading) + signal.decay * (std::abs(A.Aqx[j]) + std::abs(A.Axx[j * x.size() + j])) +
                 signal.variance * A.Axx[j * x.size() + j];
    }
    // The best u of q (lambda u) - K u^2/2 + u V_q + lambda u V_l, from the first-order condition.
    const double u = (problem.impact * q + slope_q + problem.impact * slope_l) / problem.trading_cost;
    scale += problem.trading_cost * u * u + problem.impact_decay * (1.0 + std::abs(slope_l));
    EXPECT_NEAR(rule.decide(q, l, x), u, 1e-9 * (std::abs(u) + rule.rate() + scale / problem.trading_cost));
    const double reward = q * (drift + problem.impact * u - problem.impact_decay * l) -
                          0.5 * problem.trading_cost * u * u - 0.5 * problem.risk_aversion * problem.variance * q * q;
    const double motion = u * slope_q + (problem.impact * u - problem.impact_decay * l) * slope_l + signals;
    return std::abs(problem.discount * rule.value(q, l, x) - reward - motion) / scale;
}

}  // namespace

TEST(RuleLaws, SolvesTheCoefficientEquationsToRounding) {
    double worst = 0.0;
    on_random_problems("residual", [&](const auto& problem, const Rule& rule, RandomStream&) {
        worst = std::max(worst, control::residual(problem, {rule.coefficients(), rule.gains()}));
        ASSERT_LT(worst, 1e-9);
    });
}

TEST(RuleLaws, SolvesBellmansEquationAtRandomStates) {
    double worst = 0.0;
    on_random_problems("bellman", [&](const auto& problem, const Rule& rule, RandomStream& stream) {
        worst = std::max(worst, bellman_gap(problem, rule, stream));
        ASSERT_LT(worst, 1e-9);
    });
}
