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
    double drift = 0.0;
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
        ASSERT_LT(worst, 1e-11);
    });
}

TEST(RuleLaws, SolvesBellmansEquationAtRandomStates) {
    double worst = 0.0;
    on_random_problems("bellman", [&](const auto& problem, const Rule& rule, RandomStream& stream) {
        worst = std::max(worst, bellman_gap(problem, rule, stream));
        ASSERT_LT(worst, 1e-11);
    });
}

TEST(RuleLaws, SignsAndStabilityOfAStableSolution) {
    on_random_problems("signs", [](const auto& problem, const Rule& rule, RandomStream&) {
        EXPECT_LT(rule.gains().position, 0.0);
        EXPECT_LE(rule.gains().level, 0.0);
        EXPECT_EQ(rule.rate(), -rule.gains().position / problem.trading_cost);
        for (std::size_t j = 0; j < problem.signals.size(); ++j) {
            EXPECT_GT(rule.gains().signal[j] * problem.signals[j].loading, 0.0);
        }
        for (const auto& speed : control::eigenvalues(problem, rule.gains())) {
            if (problem.impact_decay > 0.0) {
                EXPECT_LT(speed.real(), 0.0);
            }
            if (problem.impact_decay == 0.0) {
                EXPECT_LE(speed.real(), 0.0);
            }
        }
        const auto slopes = control::derivatives(problem);
        ASSERT_TRUE(slopes);
        EXPECT_LT(slopes->first.gains.position, 0.0) << "more variance, faster";
    });
}

TEST(RuleLaws, EigenvaluesAreThoseOfTheClosedLoopAndReal) {
    on_random_problems("eigenvalues", [&](const auto& problem, const Rule& rule, RandomStream&) {
        const double K = problem.trading_cost;
        const double m = rule.gains().position / K;
        const double n = rule.gains().level / K;
        const auto speeds = control::eigenvalues(problem, rule.gains());
        // The characteristic polynomial of [[m, n], [lambda m, lambda n - beta]].
        const double trace = m + problem.impact * n - problem.impact_decay;
        const double scale = std::abs(m) + problem.impact * std::abs(n) + problem.impact_decay;
        EXPECT_NEAR((speeds[0] + speeds[1]).real(), trace, 1e-12 * scale);
        EXPECT_NEAR((speeds[0] + speeds[1]).imag(), 0.0, 1e-12 * scale);
        const double product = -problem.impact_decay * m;
        EXPECT_NEAR((speeds[0] * speeds[1]).real(), product, 1e-12 * std::abs(product));
        EXPECT_GE(std::abs(speeds[0]), std::abs(speeds[1]));
        // b^2 - 4 K c = (K (s^2 - r^2) - D)^2 + 8 K lambda s (s - r)^2 >= 0 with s = r + beta: the best rule never
        // oscillates. Equal speeds may come out as a pair by rounding.
        EXPECT_NEAR(speeds[0].imag(), 0.0, 1e-6 * scale);
    });
}

TEST(RuleLaws, CostImpactAndAversionTogetherScaleTheGains) {
    on_random_problems("scaling", [](const auto& problem, const Rule& rule, RandomStream& stream) {
        const double s = test::draw_log_uniform(stream, 1e-2, 1e2);
        control::Parameters scaled = problem;
        scaled.trading_cost *= s;
        scaled.impact *= s;
        scaled.risk_aversion *= s;
        const auto other = control::solve(scaled);
        if (!other) return;  // at the edge of stability rounding decides
        EXPECT_NEAR(other->gains().position, s * rule.gains().position, 1e-9 * s * std::abs(rule.gains().position));
        EXPECT_NEAR(other->gains().level, rule.gains().level, 1e-11 * std::abs(rule.gains().level));
        for (std::size_t j = 0; j < problem.signals.size(); ++j) {
            EXPECT_NEAR(other->gains().signal[j], rule.gains().signal[j], 1e-11 * std::abs(rule.gains().signal[j]));
        }
    });
}

TEST(RuleLaws, TheRuleIsOddAndTheAimIsWhereItRests) {
    on_random_problems("symmetry", [](const auto& problem, const Rule& rule, RandomStream& stream) {
        const double q = stream.next_uniform() - 0.5;
        const double l = stream.next_uniform() - 0.5;
        std::vector<double> x = draw_signal(problem, stream);
        const double u = rule.decide(q, l, x);
        const double aim = rule.aim(l, x);
        EXPECT_NEAR(rule.rate() * (aim - q), u, 1e-12 * rule.rate() * (std::abs(aim) + std::abs(q)));
        for (double& signal : x) signal = -signal;
        EXPECT_EQ(rule.decide(-q, -l, x), -u);
    });
}

TEST(RuleLaws, WithoutImpactItIsThePredecessorsFormula) {
    on_random_problems("predecessor", [](control::Parameters problem, const Rule&, RandomStream&) {
        problem.impact = 0.0;
        problem.impact_decay = 0.0;
        const auto rule = control::solve(problem);
        ASSERT_TRUE(rule);
        const double K = problem.trading_cost;
        const double rho = problem.discount;
        const double risk = 4.0 * problem.risk_aversion * problem.variance;
        const double Aqq = 0.5 * risk / (std::sqrt(rho * rho + risk / K) + rho);
        EXPECT_NEAR(rule->gains().position, -Aqq, 1e-12 * Aqq);
        EXPECT_EQ(rule->gains().level, 0.0);
        for (std::size_t j = 0; j < problem.signals.size(); ++j) {
            const double P = problem.signals[j].loading / (rho + problem.signals[j].decay + Aqq / K);
            EXPECT_NEAR(rule->gains().signal[j], P, 1e-12 * std::abs(P));
        }
    });
}

TEST(RuleLaws, DerivativesAgreeWithDifferences) {
    on_random_problems("derivatives", [](const auto& problem, const Rule&, RandomStream&) {
        const auto exact = control::derivatives(problem);
        ASSERT_TRUE(exact);
        // From the least variance that has a stable solution on.
        const double least = problem.impact * problem.discount * problem.discount /
                             (problem.risk_aversion * (problem.discount + problem.impact_decay));
        const double h = 1e-4 * (problem.variance - least);
        control::Parameters above = problem;
        control::Parameters below = problem;
        above.variance += h;
        below.variance -= h;
        const auto up = control::derivatives(above);
        const auto down = control::derivatives(below);
        const auto high = control::solve(above);
        const auto low = control::solve(below);
        const auto near = [h](double derivative, double upper, double lower) {
            // Rounding of the values over 2 h, and the third derivative.
            const double noise = 1e-11 * (std::abs(upper) + std::abs(lower)) / h + 1e-5 * std::abs(derivative);
            EXPECT_NEAR((upper - lower) / (2.0 * h), derivative, noise);
        };
        near(exact->first.gains.position, high->gains().position, low->gains().position);
        near(exact->first.gains.level, high->gains().level, low->gains().level);
        near(exact->first.coefficients.Aqq, high->coefficients().Aqq, low->coefficients().Aqq);
        near(exact->first.coefficients.Aql, high->coefficients().Aql, low->coefficients().Aql);
        near(exact->first.coefficients.All, high->coefficients().All, low->coefficients().All);
        near(exact->first.coefficients.A0, high->coefficients().A0, low->coefficients().A0);
        for (std::size_t j = 0; j < problem.signals.size(); ++j) {
            near(exact->first.gains.signal[j], high->gains().signal[j], low->gains().signal[j]);
            near(exact->first.coefficients.Aqx[j], high->coefficients().Aqx[j], low->coefficients().Aqx[j]);
            near(exact->first.coefficients.Alx[j], high->coefficients().Alx[j], low->coefficients().Alx[j]);
        }
        near(exact->second.gains.position, up->first.gains.position, down->first.gains.position);
        near(exact->second.coefficients.Aqq, up->first.coefficients.Aqq, down->first.coefficients.Aqq);
        near(exact->second.coefficients.Aql, up->first.coefficients.Aql, down->first.coefficients.Aql);
        near(exact->second.coefficients.All, up->first.coefficients.All, down->first.coefficients.All);
    });
}

TEST(RuleLaws, ManyDecisionsAreTheSingleOnesBitForBit) {
    on_random_problems("batch", [](const auto& problem, const Rule& rule, RandomStream& stream) {
        const std::size_t signals = problem.signals.size();
        std::vector<double> q;
        std::vector<double> l;
        std::vector<double> x;
        for (int i = 0; i < 7; ++i) {
            q.push_back(stream.next_uniform() - 0.5);
            l.push_back(stream.next_uniform() - 0.5);
            for (const double signal : draw_signal(problem, stream)) x.push_back(signal);
        }
        std::vector<double> trade(q.size());
        rule.decide({q, l, x}, trade);
        for (std::size_t i = 0; i < q.size(); ++i) {
            const auto row = std::span<const double>(x).subspan(i * signals, signals);
            EXPECT_EQ(trade[i], rule.decide(q[i], l[i], row));
            if (signals == 1) {
                EXPECT_EQ(trade[i], rule.decide(q[i], l[i], row.front()));
            }
        }
    });
}

TEST(RuleLaws, RenewedIsSolvedAgain) {
    on_random_problems("renew", [](const auto& problem, const Rule& rule, RandomStream& stream) {
        Rule renewed = rule;
        control::Parameters other = problem;
        other.variance *= test::draw_log_uniform(stream, 0.1, 10.0);
        const auto fresh = control::solve(other);
        const auto done = renewed.renew(other.variance);
        ASSERT_EQ(done.has_value(), fresh.has_value());
        const Rule& expected = fresh ? *fresh : rule;
        EXPECT_EQ(renewed.gains().position, expected.gains().position);
        EXPECT_EQ(renewed.gains().signal, expected.gains().signal);
        EXPECT_EQ(renewed.coefficients().A0, expected.coefficients().A0);
        EXPECT_EQ(renewed.rate(), expected.rate());
        EXPECT_EQ(renewed.parameters().variance, expected.parameters().variance);
    });
}
