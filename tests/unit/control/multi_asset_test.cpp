#include "slipcast/control/multi_asset.hpp"

#include <gtest/gtest.h>

#include <Eigen/Eigenvalues>
#include <Eigen/LU>

#include "slipcast/control/multiscale.hpp"
#include "slipcast/control/rule.hpp"
#include "slipcast/core/random.hpp"
#include "support/trading_problem.hpp"

using namespace slipcast;
using control::MultiAssetPath;
using control::MultiAssetProblem;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

MatrixXd drawn(RandomStream& stream, Eigen::Index rows, Eigen::Index columns) {
    return MatrixXd::NullaryExpr(rows, columns, [&] { return 2.0 * stream.next_uniform() - 1.0; });
}

MatrixXd drawn_covariance(RandomStream& stream, Eigen::Index size) {
    const MatrixXd half = drawn(stream, size, size);
    return half * half.transpose() / static_cast<double>(size) + 0.5 * MatrixXd::Identity(size, size);
}

MultiAssetProblem random_problem(std::uint64_t number, Eigen::Index assets, Eigen::Index signals) {
    RandomStream stream(1, "test.multi_asset", number);
    MultiAssetProblem problem;
    const MatrixXd identity = MatrixXd::Identity(assets, assets);
    problem.trading_cost = drawn_covariance(stream, assets);
    problem.covariance = 0.2 * drawn_covariance(stream, assets);
    problem.impact = 0.1 * identity + 0.02 * drawn(stream, assets, assets);
    problem.impact_decay = 0.2 * identity + 0.02 * drawn(stream, assets, assets);
    problem.loadings = drawn(stream, assets, signals);
    problem.signal_decay = MatrixXd::Identity(signals, signals) + 0.3 * drawn(stream, signals, signals);
    problem.signal_covariance = drawn_covariance(stream, signals);
    problem.risk_aversion = 5.0;
    problem.discount = 0.2;
    return problem;
}

MultiAssetProblem scalar_problem(const control::Parameters& problem) {
    const auto one = [](double value) { return MatrixXd(MatrixXd::Constant(1, 1, value)); };
    MultiAssetProblem made;
    made.trading_cost = one(problem.trading_cost);
    made.impact = one(problem.impact);
    made.impact_decay = one(problem.impact_decay);
    made.covariance = one(problem.variance);
    made.loadings = one(problem.signals.front().loading);
    made.signal_decay = one(problem.signals.front().decay);
    made.signal_covariance = one(problem.signals.front().variance);
    made.risk_aversion = problem.risk_aversion;
    made.discount = problem.discount;
    return made;
}

/// rho V - max over u of reward, drift of V and half its variance, at a state: zero for the value function. Written
/// from the problem, not from the matrix equations.
double bellman_gap(const MultiAssetProblem& problem, const control::MultiAssetRule& rule, RandomStream& stream) {
    const Eigen::Index n = problem.trading_cost.rows();
    const Eigen::Index m = problem.signal_decay.rows();
    const VectorXd q = drawn(stream, n, 1);
    const VectorXd l = drawn(stream, n, 1);
    const VectorXd x = drawn(stream, m, 1);
    const VectorXd u = rule.decide(q, l, x);
    VectorXd z(2 * n + m);
    z << q, l, x;
    const VectorXd slope = -rule.value_matrix() * z;
    const double reward = q.dot(problem.loadings * x + problem.impact * u - problem.impact_decay * l) -
                          0.5 * u.dot(problem.trading_cost * u) -
                          0.5 * problem.risk_aversion * q.dot(problem.covariance * q);
    const double drift = slope.head(n).dot(u) + slope.segment(n, n).dot(problem.impact * u - problem.impact_decay * l) -
                         slope.tail(m).dot(problem.signal_decay * x);
    const double noise = -0.5 * (rule.value_matrix().bottomRightCorner(m, m) * problem.signal_covariance).trace();
    return problem.discount * rule.value(q, l, x) - reward - drift - noise;
}

}  // namespace

TEST(MultiAsset, OneAssetIsTheClosedForm) {
    for (const MultiAssetPath path : {MultiAssetPath::automatic, MultiAssetPath::general}) {
        const control::Parameters problem = test::example_problem();
        const auto scalar = control::solve(problem);
        const auto rule = control::solve_multi_asset(scalar_problem(problem), path);
        ASSERT_TRUE(rule) << rule.error().message();
        EXPECT_NEAR(rule->position_gain()(0, 0), scalar->gains().position, 1e-12);
        EXPECT_NEAR(rule->impact_gain()(0, 0), scalar->gains().level, 1e-12);
        EXPECT_NEAR(rule->signal_gain()(0, 0), scalar->gains().signal.front(), 1e-12);
        EXPECT_NEAR(rule->constant(), scalar->coefficients().A0, 1e-12);
        const VectorXd one = VectorXd::Constant(1, 0.3);
        const double x = 0.3;
        EXPECT_NEAR(rule->value(one, one, one), scalar->value(0.3, 0.3, {&x, 1}), 1e-12);
        EXPECT_NEAR(rule->aim(one, one)[0], scalar->aim(0.3, {&x, 1}), 1e-12);
    }
}

TEST(MultiAsset, TheBellmanEquationHoldsForRandomProblems) {
    for (std::uint64_t number = 0; number < 40; ++number) {
        RandomStream stream(1, "test.multi_asset.state", number);
        const MultiAssetProblem problem = random_problem(number, 1 + static_cast<Eigen::Index>(number % 7), 3);
        const auto rule = control::solve_multi_asset(problem);
        ASSERT_TRUE(rule) << number << ' ' << rule.error().message();
        EXPECT_NEAR(bellman_gap(problem, *rule, stream), 0.0, 1e-11) << number;
        // u is the best: the gain in u is concave, and no other rule satisfies the equation at this value.
        EXPECT_LT((rule->value_matrix() - rule->value_matrix().transpose()).norm(), 1e-12);
    }
}

TEST(MultiAsset, TheClosedLoopIsStable) {
    const MultiAssetProblem problem = random_problem(3, 12, 5);
    const auto rule = control::solve_multi_asset(problem);
    ASSERT_TRUE(rule);
    MatrixXd loop(24, 24);
    loop << rule->position_gain(), rule->impact_gain(), problem.impact * rule->position_gain(),
        problem.impact * rule->impact_gain() - problem.impact_decay;
    EXPECT_LT(Eigen::EigenSolver<MatrixXd>(loop, false).eigenvalues().real().maxCoeff(), 0.0);
}

TEST(MultiAsset, FastPathAgreesWithTheGeneralOne) {
    MultiAssetProblem problem = random_problem(1, 20, 6);
    problem.trading_cost = 5.0 * problem.covariance;
    problem.impact = 0.5 * problem.covariance;
    problem.impact_decay = 0.1 * MatrixXd::Identity(20, 20);
    problem.signal_decay = VectorXd::LinSpaced(6, 0.1, 2.0).asDiagonal();
    const auto fast = control::solve_multi_asset(problem);
    const auto general = control::solve_multi_asset(problem, MultiAssetPath::general);
    ASSERT_TRUE(fast && general);
    EXPECT_EQ(fast->iterations(), 0);
    EXPECT_GT(general->iterations(), 0);
    const auto gap = [](const MatrixXd& a, const MatrixXd& b) { return (a - b).norm() / b.norm(); };
    EXPECT_LT(gap(fast->position_gain(), general->position_gain()), 1e-13);
    EXPECT_LT(gap(fast->impact_gain(), general->impact_gain()), 1e-13);
    EXPECT_LT(gap(fast->signal_gain(), general->signal_gain()), 1e-13);
    EXPECT_LT(gap(fast->value_matrix(), general->value_matrix()), 1e-13);
    EXPECT_NEAR(fast->constant(), general->constant(), 1e-12 * std::abs(general->constant()));
}

TEST(MultiAsset, WithoutDecayTheImpactLevelIsInert) {
    MultiAssetProblem problem = random_problem(2, 4, 2);
    problem.impact_decay.setZero();
    const auto rule = control::solve_multi_asset(problem);
    ASSERT_TRUE(rule) << rule.error().message();
    EXPECT_LT(rule->impact_gain().norm(), 1e-12);
}

TEST(MultiAsset, CommonFactorsAreThoseOfOneAsset) {
    control::Parameters problem = test::example_problem();
    problem.trading_cost = 2.0;
    const MultiAssetProblem matrices = scalar_problem(problem);
    const auto scalar = control::solve(problem);
    const auto rule = control::solve_multi_asset(matrices, MultiAssetPath::general);
    ASSERT_TRUE(scalar && rule);
    control::Factors factors;
    factors.slow =
        control::SlowFactor{.dvariance = 0.4, .volatility = 0.4, .time_scale = 0.1, .signal_correlation = {-0.5}};
    const auto corrected = control::FactorRule::make(*scalar, factors);
    ASSERT_TRUE(corrected);
    const auto shift = control::slow_shift(matrices, *rule,
                                           {.dcovariance = MatrixXd::Constant(1, 1, 0.4),
                                            .signal_covariance = VectorXd::Constant(1, -0.2),
                                            .time_scale = 0.1});
    ASSERT_TRUE(shift);
    EXPECT_NEAR((*shift)[0], corrected->gains(0.2).shift / 2.0, 1e-12);
    // epsilon = 0.1, theta = 1, y = 0.4 with mean 0.2: -epsilon gamma (y - mu)/(theta K).
    EXPECT_NEAR(control::fast_position_gain(matrices, 2.0, 0.1)(0, 0), -0.1 * 5.0 * 0.2 / 2.0, 1e-15);
}

TEST(MultiAsset, RefusesByField) {
    const MultiAssetProblem good = random_problem(1, 3, 2);
    const auto field = [](const MultiAssetProblem& problem) {
        const auto rule = control::solve_multi_asset(problem);
        return rule ? std::string{} : rule.error().field;
    };
    EXPECT_EQ(field(good), "");
    MultiAssetProblem wrong = good;
    wrong.trading_cost(0, 1) += 1.0;
    EXPECT_EQ(field(wrong), "trading_cost");
    wrong = good;
    wrong.covariance = -good.covariance;
    EXPECT_EQ(field(wrong), "covariance");
    wrong = good;
    wrong.loadings = MatrixXd::Zero(2, 2);
    EXPECT_EQ(field(wrong), "loadings");
    wrong = good;
    wrong.signal_decay = -MatrixXd::Identity(2, 2);
    EXPECT_EQ(field(wrong), "signal_decay");
    wrong = good;
    wrong.signal_covariance(0, 0) = -1.0;
    EXPECT_EQ(field(wrong), "signal_covariance");
    wrong = good;
    wrong.discount = 0.0;
    EXPECT_EQ(field(wrong), "discount");
    // Impact far beyond what risk holds back: no stable solution, by either path.
    wrong = scalar_problem(test::example_problem());
    wrong.impact(0, 0) = 1e4;
    EXPECT_EQ(field(wrong), "stability");
    const auto general = control::solve_multi_asset(wrong, MultiAssetPath::general);
    ASSERT_FALSE(general);
    EXPECT_EQ(general.error().field, "stability");
}
