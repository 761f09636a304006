#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "slipcast/control/control.hpp"
#include "support/trading_problem.hpp"

using namespace slipcast;

namespace {

std::string refused_field(const control::Parameters& problem) {
    const auto rule = control::solve(problem);
    return rule ? "accepted" : rule.error().field;
}

}  // namespace

TEST(Solve, RefusesEachInvalidNumberByName) {
    EXPECT_EQ(refused_field(test::example_problem()), "accepted");
    EXPECT_EQ(refused_field({}), "trading_cost") << "there are no live defaults";
    const double nan = std::nan("");
    const double inf = std::numeric_limits<double>::infinity();
    for (const double bad : {nan, inf, -1.0}) {
        control::Parameters problem = test::example_problem();
        problem.trading_cost = bad;
        EXPECT_EQ(refused_field(problem), "trading_cost");
        problem = test::example_problem();
        problem.impact = bad;
        EXPECT_EQ(refused_field(problem), "impact");
        problem = test::example_problem();
        problem.impact_decay = bad;
        EXPECT_EQ(refused_field(problem), "impact_decay");
        problem = test::example_problem();
        problem.risk_aversion = bad;
        EXPECT_EQ(refused_field(problem), "risk_aversion");
        problem = test::example_problem();
        problem.discount = bad;
        EXPECT_EQ(refused_field(problem), "discount");
        problem = test::example_problem();
        problem.variance = bad;
        EXPECT_EQ(refused_field(problem), "variance");
        problem = test::example_problem();
        problem.signals.front().decay = bad;
        EXPECT_EQ(refused_field(problem), "signal_decay[0]");
    }
    control::Parameters problem = test::example_problem();
    problem.signals.clear();
    EXPECT_EQ(refused_field(problem), "signals");
}

TEST(Solve, ExistsJustInsideTheStabilityConditionAndNotAtIt) {
    // gamma v (rho + beta) = 0.3 > lambda rho^2 = 0.04 lambda: the limit is lambda = 7.5.
    control::Parameters problem = test::example_problem();
    problem.impact = 7.4999;
    EXPECT_EQ(refused_field(problem), "accepted");
    EXPECT_GT(control::solve(problem)->rate(), 0.0);
    problem.impact = 7.5001;
    const auto rule = control::solve(problem);
    ASSERT_FALSE(rule);
    EXPECT_EQ(rule.error().field, "stability");
    EXPECT_NE(rule.error().rule.find("no stable solution"), std::string::npos);
    control::Rule live = *control::solve(test::example_problem());
    EXPECT_EQ(live.renew(1e-9).error().field, "stability");
    EXPECT_EQ(live.renew(-1.0).error().field, "variance");
    EXPECT_EQ(live.parameters().variance, 0.2) << "a refused variance leaves the rule as it was";
}

TEST(Eigenvalues, AnOscillatingRuleHasAComplexPair) {
    // The best rule never oscillates; one that buys into standing impact can.
    control::Parameters problem = test::example_problem();
    problem.impact = problem.impact_decay = 0.5;
    const control::Gains gains{-0.5, 0.5, {0.0}, 0.0};
    // [[-0.5, 0.5], [-0.25, -0.25]]: trace -0.75, determinant 0.25.
    const auto speeds = control::eigenvalues(problem, gains);
    EXPECT_NEAR(speeds[0].real(), -0.375, 1e-15);
    EXPECT_NEAR(speeds[0].imag(), std::sqrt(0.25 - 0.375 * 0.375), 1e-15);
    EXPECT_EQ(speeds[1], std::conj(speeds[0]));
}

TEST(Solve, OneSignalSplitInTwoIsTheSameRule) {
    control::Parameters one = test::example_problem();
    control::Parameters two = one;
    two.signals = {{1.0, 0.3, 1.0}, {1.0, 0.7, 1.0}};
    const auto single = control::solve(one);
    const auto both = control::solve(two);
    const std::vector<double> x = {0.8};
    const std::vector<double> parts = {0.3, 0.5};
    EXPECT_NEAR(single->decide(0.2, 0.1, x), both->decide(0.2, 0.1, parts), 1e-15);
    EXPECT_NEAR(single->value(0.2, 0.1, x), both->value(0.2, 0.1, parts), 1e-15);
}

TEST(SmallImpact, LosesWhatTheResearchMeasured) {
    // Losses in bps of value at unscaled lambda = beta = 1 (theta 0.05, 0.1) and, because only the product with theta
    // counts, of theta 0.2, 0.5 and 1 as theta 0.1 of larger impact.
    const auto loss = [](double impact, double theta) {
        control::Parameters problem = test::example_problem();
        problem.impact = problem.impact_decay = impact;
        const auto made = control::solve_small_impact(problem, theta);
        return made ? 1e4 * made->value_loss : -1.0;
    };
    EXPECT_NEAR(loss(1.0, 0.05), 0.013, 0.0005);
    EXPECT_NEAR(loss(1.0, 0.1), 0.17, 0.005);
    EXPECT_NEAR(loss(2.0, 0.1), 1.7, 0.05);
    EXPECT_NEAR(loss(5.0, 0.1), 20.0, 0.5);
    EXPECT_NEAR(loss(10.0, 0.1), 92.0, 0.5);
    EXPECT_NEAR(loss(0.1, 0.1), 2e-5, 0.5e-5);
}

TEST(SmallImpact, ThetaIsRefusedOutsideItsInterval) {
    for (const double theta : {0.0, -0.1, 0.2, 0.5, std::nan("")}) {
        const auto made = control::solve_small_impact(test::example_problem(), theta);
        ASSERT_FALSE(made) << theta;
        EXPECT_EQ(made.error().field, "theta");
    }
    EXPECT_TRUE(control::solve_small_impact(test::example_problem(), 0.19999));
}

TEST(SmallImpact, ReportsCriteriaThatDoNotDependOnTheSplit) {
    control::Parameters strong = test::example_problem();
    strong.impact = strong.impact_decay = 1.0;
    const auto one = control::solve_small_impact(test::example_problem(), 0.1);
    const auto two = control::solve_small_impact(strong, 0.01);
    EXPECT_NEAR(one->impact_ratio, two->impact_ratio, 1e-15);
    EXPECT_NEAR(one->decay_ratio, two->decay_ratio, 1e-15);
    const double Aqq0 = 0.5 * (std::sqrt(0.04 + 4.0) - 0.2);
    EXPECT_NEAR(one->impact_ratio, 0.01 / Aqq0, 1e-15);
    EXPECT_NEAR(one->decay_ratio, 0.01 / (0.2 + Aqq0), 1e-15);
    EXPECT_NEAR(one->rule.parameters().impact, 0.01, 1e-17);
}

TEST(Sampled, DailyGainsOfTheExample) {
    // -0.608, -0.0536, 0.196 of the research; more digits from scipy.linalg.solve_discrete_are in the Python tests.
    const auto made = control::sampled(test::example_problem(), 1.0);
    ASSERT_TRUE(made) << made.error().message();
    EXPECT_NEAR(made->rule.gains().position, -0.608, 5e-4);
    EXPECT_NEAR(made->rule.gains().level, -0.0536, 5e-5);
    EXPECT_NEAR(made->rule.gains().signal.front(), 0.196, 5e-4);
    EXPECT_LT(made->residual, 1e-13);
    EXPECT_LT(std::abs(made->multipliers[0]), 1.0);
}

TEST(Sampled, RefusesAStepThatIsNone) {
    for (const double step : {0.0, -1.0, std::nan(""), std::numeric_limits<double>::infinity()}) {
        const auto made = control::sampled(test::example_problem(), step);
        ASSERT_FALSE(made);
        EXPECT_EQ(made.error().field, "step");
    }
}

TEST(Recalibrate, ClipsTheRatioAndKnowsWhenItSaysNothing) {
    const auto factor = [](double realized, double expected) { return control::recalibrate(0.1, realized, expected); };
    EXPECT_DOUBLE_EQ(factor(1.5, 1.0).impact, 0.15);
    EXPECT_EQ(factor(1.5, 1.0).factor, 1.5);
    EXPECT_EQ(factor(2.0, 1.0).factor, 2.0);
    EXPECT_EQ(factor(2.1, 1.0).factor, 2.0);
    EXPECT_EQ(factor(0.5, 1.0).factor, 0.5);
    EXPECT_EQ(factor(0.4, 1.0).factor, 0.5);
    EXPECT_EQ(factor(-3.0, 1.0).factor, 0.5);
    EXPECT_TRUE(factor(-3.0, 1.0).is_informative);
    for (const double expected : {1e-12, 0.0, -1.0, std::nan(""), std::numeric_limits<double>::infinity()}) {
        EXPECT_EQ(factor(1.5, expected).factor, 1.0) << expected;
        EXPECT_FALSE(factor(1.5, expected).is_informative);
    }
    EXPECT_EQ(factor(1.5, 1.0001e-12).factor, 2.0);
    EXPECT_FALSE(factor(std::nan(""), 1.0).is_informative);
}

TEST(Recalibrate, ExpectedSlippageIsInstantaneousCostAndStandingImpact) {
    EXPECT_DOUBLE_EQ(control::expected_slippage(2.0, 0.3, 0.1), 0.3 + 0.1);
    EXPECT_DOUBLE_EQ(control::expected_slippage(2.0, -0.3, 0.1), 0.3 - 0.1) << "selling into impact above us gains";
    EXPECT_EQ(control::expected_slippage(2.0, 0.0, 0.5), 0.0);
}
