#include <gtest/gtest.h>

#include <cmath>

#include "slipcast/control/control.hpp"
#include "support/trading_problem.hpp"

// The example of the seed document. The numbers were computed by Newton's method on the six coefficient equations in
// 50-digit arithmetic (mpmath) and rounded to 12 digits; scipy.linalg.solve_continuous_are agrees
// (python/tests/test_control.py).

using namespace slipcast;

namespace {

void expect_digits(double made, double published) {
    EXPECT_NEAR(made, published, 6e-13 * std::pow(10.0, std::ceil(std::log10(std::abs(published)))));
}

}  // namespace

TEST(PublishedExample, CoefficientsOfTheValueFunction) {
    const auto rule = control::solve(test::example_problem());
    ASSERT_TRUE(rule);
    const control::Coefficients& A = rule->coefficients();
    expect_digits(A.Aqq, 0.987348615464);
    expect_digits(A.Aql, -0.0849192665695);
    expect_digits(A.All, 0.0173010898491);
    expect_digits(A.Aqx.front(), 0.478435852968);
    expect_digits(A.Alx.front(), -0.0304212337583);
    expect_digits(A.Axx.front(), 0.102726908243);
    expect_digits(A.A0, 0.256817270608);
}

TEST(PublishedExample, GainsAndSpeeds) {
    const control::Parameters problem = test::example_problem();
    const auto rule = control::solve(problem);
    ASSERT_TRUE(rule);
    expect_digits(rule->gains().position, -0.895840542121);
    expect_digits(rule->gains().level, -0.0831891575846);
    expect_digits(rule->gains().signal.front(), 0.475393729592);
    const auto speeds = control::eigenvalues(problem, rule->gains());
    EXPECT_NEAR(speeds[0].real(), -0.9051926164, 1e-10);
    EXPECT_NEAR(speeds[1].real(), -0.0989668415, 1e-10);
    EXPECT_EQ(speeds[0].imag(), 0.0);
}
