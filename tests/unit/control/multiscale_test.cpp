#include "slipcast/control/multiscale.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <vector>

#include "support/trading_problem.hpp"

using namespace slipcast;
using control::FactorRule;
using control::FastFactor;
using control::FastOrder;
using control::SlowOrder;

namespace {

/// The seed's example with a square-root factor: theta = 1, xi = 0.5, epsilon as given.
control::Factor example_fast(double epsilon) {
    control::Factor factor;
    factor.mean = 0.2;
    factor.mean_reversion = 1.0;
    factor.volatility = 0.5;
    factor.speed = 1.0 / epsilon;
    return factor;
}

control::SlowFactor example_slow() {
    // v = 0.2 e^(2 z) at z = 0, dz = -delta z dt + sqrt(delta) 0.4 dB.
    control::SlowFactor slow;
    slow.dvariance = 0.4;
    slow.d2variance = 0.8;
    slow.drift = 0.0;
    slow.volatility = 0.4;
    slow.time_scale = 0.1;
    slow.signal_correlation = {-0.5};
    return slow;
}

control::Rule example_rule() {
    return *control::solve(test::example_problem());
}

FactorRule with_fast(double epsilon, FastOrder order) {
    control::Factors factors;
    factors.fast = *FastFactor::square_root(example_fast(epsilon));
    factors.fast_order = order;
    return *FactorRule::make(example_rule(), factors);
}

constexpr std::array<double, 1> kSignal = {0.7};

}  // namespace

TEST(FastFactor, OrderOneIsThePublishedCorrection) {
    const FactorRule fast = with_fast(0.1, FastOrder::one);
    const control::Rule rule = example_rule();
    for (const double y : {0.0, 0.1, 0.2, 0.4, 1.5}) {
        // u = u0 - eps gamma (y - mu) q/(theta K)
        const double u = rule.decide(0.3, -0.2, kSignal) - 0.1 * 5.0 * (y - 0.2) * 0.3;
        EXPECT_NEAR(fast.decide(0.3, -0.2, kSignal, y), u, 1e-15);
        EXPECT_NEAR(fast.rate(y), rule.rate() + 0.5 * (y - 0.2), 1e-15);
        EXPECT_NEAR(fast.rate(y) * (fast.aim(-0.2, kSignal, y) - 0.3), u, 1e-14);
    }
    EXPECT_EQ(fast.shift(), 0.0);
    EXPECT_NEAR(fast.accuracy().time_scale_limit, 0.895840542121, 1e-12);
}

TEST(FastFactor, ErrorsOfTheGainsFallWithTheOrderClaimed) {
    // M(0.2) and M(0.4) of the exact policy at xi = 0.5: finite volumes with 1,600 nodes and Newton's method, in NumPy.
    struct Exact {
        double epsilon;
        double mean;
        double high;
    };
    constexpr std::array<Exact, 3> kExact = {
        {{0.1, -0.89388853, -0.97662628}, {0.05, -0.89522619, -0.94057989}, {0.025, -0.89566726, -0.91946201}}};
    std::array<std::array<double, 4>, 3> error{};
    for (std::size_t i = 0; i < 3; ++i) {
        const FactorRule one = with_fast(kExact[i].epsilon, FastOrder::one);
        const FactorRule two = with_fast(kExact[i].epsilon, FastOrder::two);
        error[i] = {one.gains(0.2).position - kExact[i].mean, one.gains(0.4).position - kExact[i].high,
                    two.gains(0.2).position - kExact[i].mean, two.gains(0.4).position - kExact[i].high};
        // What order one says of the term it leaves out is what order two changes at the mean.
        EXPECT_NEAR(one.accuracy().fast_next, std::abs(two.gains(0.2).position / one.gains(0.2).position - 1.0), 1e-12);
    }
    for (std::size_t i = 1; i < 3; ++i) {
        for (const std::size_t k : {0U, 1U, 2U, 3U}) {
            const double slope = std::log2(std::abs(error[i - 1][k] / error[i][k]));
            EXPECT_NEAR(slope, k < 2 ? 2.0 : 3.0, k == 0 ? 0.35 : 0.25) << i << ", " << k;
        }
    }
}

TEST(FastFactor, CorrelatedShocksShiftTheTradeAtOrderOneAndAHalf) {
    control::Factors factors;
    control::Factor fast = example_fast(0.1);
    fast.signal_correlation = {0.6};
    factors.fast = *FastFactor::square_root(fast);
    factors.fast_order = FastOrder::one;
    const control::Rule rule = example_rule();
    EXPECT_EQ(FactorRule::make(rule, factors)->shift(), 0.0) << "no term in sqrt(eps), and none at eps";
    factors.fast_order = FastOrder::one_and_half;
    const double shift = FactorRule::make(rule, factors)->shift();
    // -s (rho + beta)/p(r), s = corr sqrt(eta) gamma (P/K) <b psi'>; <sqrt y> by the gamma function: shape 1.6.
    const double mean_root = std::sqrt(0.125) * std::tgamma(2.1) / std::tgamma(1.6);
    const double s = 0.6 * 5.0 * 0.475393729592 * 0.5 * mean_root;
    const double p = 0.01 + 0.120415945788 + 0.2;
    EXPECT_NEAR(shift, -std::pow(0.1, 1.5) * s * 0.3 / p, 1e-11);
}

TEST(FastFactor, ARateThatCouldReachZeroIsRefused) {
    const control::Rule rule = example_rule();
    const double limit = -rule.gains().position;  // theta |M|/(gamma mu) with theta = gamma mu = 1
    control::Factors factors;
    factors.fast = *FastFactor::square_root(example_fast(0.999 * limit));
    const auto inside = FactorRule::make(rule, factors);
    ASSERT_TRUE(inside) << inside.error().message();
    EXPECT_NEAR(inside->accuracy().least_rate, 0.001 * limit, 1e-12);
    for (const double factor : {1.0, 1.2}) {
        factors.fast = *FastFactor::square_root(example_fast(factor * limit));
        const auto refused = FactorRule::make(rule, factors);
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().field, "fast.time_scale");
    }
    // Order two at a large epsilon: the rate would fall as variance rises.
    factors.fast = *FastFactor::square_root(example_fast(0.6));
    factors.fast_order = FastOrder::two;
    EXPECT_FALSE(FactorRule::make(rule, factors));
    // A rule solved at another variance than the factor's mean.
    control::Factor other = example_fast(0.1);
    other.mean = 0.3;
    factors.fast = *FastFactor::square_root(other);
    const auto inconsistent = FactorRule::make(rule, factors);
    ASSERT_FALSE(inconsistent);
    EXPECT_EQ(inconsistent.error().code, ErrorCode::inconsistent);
    EXPECT_EQ(inconsistent.error().field, "variance");
}

TEST(FastFactor, QuadratureAgreesWithTheClosedFormOfTheSquareRootFactor) {
    // The same factor in the coordinate z = ln y, where the invariant density is smooth.
    control::FastDynamics log_factor;
    log_factor.variance = [](double z) { return std::exp(z); };
    log_factor.drift = [](double z) { return 0.2 * std::exp(-z) - 1.0 - 0.125 * std::exp(-z); };
    log_factor.volatility = [](double z) { return 0.5 * std::exp(-0.5 * z); };
    log_factor.low = std::log(1e-9);
    log_factor.high = std::log(8.0);
    log_factor.speed = 10.0;
    const auto table = FastFactor::general(log_factor);
    ASSERT_TRUE(table) << table.error().message();
    const FastFactor closed = *FastFactor::square_root(example_fast(0.1));
    EXPECT_NEAR(table->mean_variance(), 0.2, 1e-11);
    EXPECT_NEAR(table->phi_squared(), closed.phi_squared(), 1e-10);
    EXPECT_NEAR(table->volatility_phi(), closed.volatility_phi(), 1e-10);
    EXPECT_NEAR(table->volatility_psi(), closed.volatility_psi(), 1e-10);
    for (const double y : {0.001, 0.01, 0.05, 0.2, 0.5, 1.0, 2.5}) {
        EXPECT_NEAR(table->phi(std::log(y)), closed.phi(y), 2e-7) << y;
        EXPECT_NEAR(table->psi(std::log(y)), closed.psi(y), 2e-7) << y;
    }
}

TEST(FastFactor, GaussianWithALinearVarianceHasTheClosedForm) {
    control::Factor factor;
    factor.kind = control::FactorKind::gaussian;
    factor.mean = 0.5;
    factor.mean_reversion = 2.0;
    factor.volatility = 0.3;
    factor.speed = 20.0;
    const auto made = FastFactor::gaussian(factor, [](double y) { return 3.0 + 0.5 * y; });
    ASSERT_TRUE(made) << made.error().message();
    EXPECT_NEAR(made->mean_variance(), 3.25, 1e-12);
    EXPECT_NEAR(made->time_scale(), 0.05, 1e-15);
    for (const double y : {-0.2, 0.1, 0.5, 0.9}) {
        EXPECT_NEAR(made->phi(y), -0.5 * (y - 0.5) / 2.0, 1e-11);
        EXPECT_NEAR(made->psi(y), 0.5 * (y - 0.5) / 4.0, 1e-11);
    }
    EXPECT_NEAR(made->phi_squared(), 0.0625 * 0.09 / 4.0, 1e-12);
    EXPECT_NEAR(made->volatility_psi(), 0.3 * 0.125, 1e-11);
}

TEST(FastFactor, ExponentialGaussianSolvesItsPoissonEquation) {
    control::Factor factor;
    factor.kind = control::FactorKind::gaussian;
    factor.mean = 0.0;
    factor.mean_reversion = 1.0;
    factor.volatility = 0.4;
    factor.speed = 10.0;
    const auto variance = [](double y) { return 0.2 * std::exp(2.0 * y - 0.16); };
    const auto made = FastFactor::gaussian(factor, variance);
    ASSERT_TRUE(made);
    EXPECT_NEAR(made->mean_variance(), 0.2, 1e-12) << "mean of a log-normal with deviation 0.4/sqrt(2)";
    // L0 f = -y f' + 0.08 f'' by differences of the table.
    const double h = 0.01;
    for (const double y : {-0.8, -0.3, 0.0, 0.4, 0.9}) {
        const auto generator = [&](const auto& f) {
            return -y * (f(y + h) - f(y - h)) / (2.0 * h) + 0.08 * (f(y + h) - 2.0 * f(y) + f(y - h)) / (h * h);
        };
        EXPECT_NEAR(generator([&](double at) { return made->phi(at); }), variance(y) - 0.2, 2e-4) << y;
        EXPECT_NEAR(generator([&](double at) { return made->psi(at); }), made->phi(y), 2e-4) << y;
    }
    // The density is at hand: the table's means against sums over it.
    double mean_phi = 0.0;
    double square_phi = 0.0;
    constexpr int kSteps = 4'000;
    const double sd = factor.deviation();
    for (int i = 0; i <= kSteps; ++i) {
        const double y = sd * (-8.0 + 16.0 * i / kSteps);
        const double weight = 16.0 * sd / kSteps * std::exp(-0.5 * y * y / (sd * sd)) / (sd * 2.5066282746310002);
        mean_phi += weight * made->phi(y);
        square_phi += weight * made->phi(y) * made->phi(y);
    }
    EXPECT_NEAR(mean_phi, 0.0, 1e-9);
    EXPECT_NEAR(square_phi, made->phi_squared(), 1e-9);
}

TEST(SlowFactor, OrderHalfMovesTheAimAndNotTheRate) {
    const control::Rule rule = example_rule();
    control::Factors factors;
    factors.slow = example_slow();
    const auto slow = FactorRule::make(rule, factors);
    ASSERT_TRUE(slow);
    EXPECT_EQ(slow->rate(0.2), rule.rate());
    EXPECT_GT(slow->shift(), 0.0) << "correlation x v' < 0";
    const double moved = slow->aim(0.1, kSignal, 0.2) - rule.aim(0.1, kSignal);
    EXPECT_NEAR(moved, slow->shift() / -rule.gains().position, 1e-14);
    EXPECT_NEAR(slow->decide(-0.3, 0.1, kSignal, 0.2), rule.decide(-0.3, 0.1, kSignal) + slow->shift(), 1e-14);
}

TEST(SlowFactor, SolvesTheEquationsOfBqAndBl) {
    const control::Parameters problem = test::example_problem();
    const control::Rule rule = example_rule();
    const auto slopes = control::derivatives(problem);
    control::Factors factors;
    factors.slow = example_slow();
    const double R = FactorRule::make(rule, factors)->shift() / std::sqrt(0.1);
    const double c = -0.5 * 1.0 * 0.4 * 0.4;
    const double Bl = (rule.gains().level * R + c * slopes->first.coefficients.Alx[0]) / 0.3;
    const double Bq = (rule.gains().position * R + c * slopes->first.coefficients.Aqx[0]) / 0.2;
    EXPECT_NEAR(Bq + 0.1 * Bl, R, 1e-14);
}

TEST(SlowFactor, WithoutImpactTheShiftHasAClosedForm) {
    control::Parameters problem = test::example_problem();
    problem.impact = 0.0;
    problem.trading_cost = 2.0;
    control::Factors factors;
    factors.slow = example_slow();
    const auto made = FactorRule::make(*control::solve(problem), factors);
    ASSERT_TRUE(made);
    const double r = 0.1;
    const double G = std::sqrt(r * r + 5.0 * 0.2 / 2.0);
    // -corr sqrt(eta) g v' gamma / (2 K G (r + G) (r + kappa + G)^2)
    const double R = 0.5 * 0.4 * 0.4 * 5.0 / (2.0 * 2.0 * G * (r + G) * (r + 1.0 + G) * (r + 1.0 + G));
    EXPECT_NEAR(made->shift(), std::sqrt(0.1) * R, 1e-14);
}

TEST(Factors, LeadingTermsAdd) {
    const control::Rule rule = example_rule();
    control::Factors both;
    both.fast = *FastFactor::square_root(example_fast(0.1));
    both.slow = example_slow();
    const auto made = FactorRule::make(rule, both);
    ASSERT_TRUE(made);
    control::Factors slow_only;
    slow_only.slow = example_slow();
    const FactorRule slow = *FactorRule::make(rule, slow_only);
    const FactorRule fast = with_fast(0.1, FastOrder::one);
    for (const double y : {0.05, 0.2, 0.6}) {
        const double u =
            fast.decide(0.4, 0.1, kSignal, y) + slow.decide(0.4, 0.1, kSignal, y) - rule.decide(0.4, 0.1, kSignal);
        EXPECT_NEAR(made->decide(0.4, 0.1, kSignal, y), u, 1e-15);
    }
    both.correlation_between = 0.5;
    EXPECT_EQ(FactorRule::make(rule, both)->gains(0.2).position, made->gains(0.2).position);
    both.slow_order = SlowOrder::one;
    const auto correlated = FactorRule::make(rule, both);
    both.correlation_between = 0.0;
    EXPECT_NE(correlated->gains(0.2).position, FactorRule::make(rule, both)->gains(0.2).position);
}

TEST(Factors, ManyDecisionsAreTheSingleOnes) {
    for (const FastOrder order : {FastOrder::one, FastOrder::two}) {
        const FactorRule rule = with_fast(0.1, order);
        const std::vector<double> q = {0.1, -0.4, 0.9};
        const std::vector<double> l = {0.0, 0.3, -0.1};
        const std::vector<double> x = {1.0, -0.5, 0.2};
        const std::vector<double> y = {0.1, 0.2, 0.7};
        std::vector<double> trade(3);
        rule.decide({q, l, x}, y, trade);
        for (std::size_t i = 0; i < 3; ++i) {
            EXPECT_EQ(trade[i], rule.decide(q[i], l[i], std::span(x).subspan(i, 1), y[i]));
            const control::Gains gains = rule.gains(y[i]);
            EXPECT_NEAR(trade[i], gains.position * q[i] + gains.level * l[i] + gains.signal[0] * x[i] + gains.shift,
                        1e-14);
        }
    }
}

TEST(SlowFactor, WhatIsOutsideItsDomainIsRefusedByName) {
    const control::Rule rule = example_rule();
    const auto field = [&](const control::SlowFactor& slow) {
        control::Factors factors;
        factors.slow = slow;
        const auto made = FactorRule::make(rule, factors);
        return made ? std::string("accepted") : made.error().field;
    };
    control::SlowFactor slow = example_slow();
    slow.dvariance = std::nan("");
    EXPECT_EQ(field(slow), "slow.dvariance");
    slow = example_slow();
    slow.volatility = -0.1;
    EXPECT_EQ(field(slow), "slow.volatility");
    slow = example_slow();
    slow.time_scale = 0.0;
    EXPECT_EQ(field(slow), "slow.time_scale");
    slow = example_slow();
    slow.signal_correlation = {0.5, 0.5};
    EXPECT_EQ(field(slow), "slow.signal_correlation");
    EXPECT_EQ(FactorRule::make(rule, {}).error().field, "factors");
}
