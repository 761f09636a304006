#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <numbers>

#include "cost/likelihood.hpp"
#include "cost/student_terms.hpp"
#include "slipcast/core/random.hpp"
#include "slipcast/math/sampling.hpp"
#include "slipcast/math/special.hpp"
#include "slipcast/math/student.hpp"

// Derivatives against central differences, and the density and its tail against module math.

namespace slipcast::cost::detail {
namespace {

using Eigen::Index;
using Eigen::VectorXd;

/// Random rows, a share of them censored, with random weights.
Rows random_rows(std::uint64_t seed, Index n, Index p, Index q) {
    RandomStream stream(seed, "test.cost.rows");
    Rows rows;
    rows.mean = Eigen::MatrixXd::Ones(n, p);
    rows.scale = Eigen::MatrixXd::Ones(n, q);
    rows.target.resize(n);
    rows.weight.resize(n);
    for (Index i = 0; i < n; ++i) {
        for (Index j = 1; j < p; ++j) rows.mean(i, j) = math::draw_normal(stream);
        for (Index j = 1; j < q; ++j) rows.scale(i, j) = math::draw_normal(stream);
        rows.target[i] = 2.0 * math::draw_normal(stream);
        rows.weight[i] = 0.2 + stream.next_uniform();
        rows.censored.push_back(math::draw_bernoulli(stream, 0.3) ? 1 : 0);
    }
    return rows;
}

VectorXd random_parameters(std::uint64_t seed, Index size, double log_excess) {
    RandomStream stream(seed, "test.cost.parameters");
    VectorXd at(size);
    for (Index i = 0; i < size; ++i) at[i] = 0.5 * math::draw_normal(stream);
    at[size - 1] = log_excess;
    return at;
}

RC_GTEST_PROP(CostLikelihood, GradientAndHessianAreThoseOfTheValue, ()) {
    const auto seed = *rc::gen::arbitrary<std::uint64_t>();
    const double log_excess = *rc::gen::map(rc::gen::inRange(-30, 60), [](int tenths) { return tenths / 10.0; });
    const Rows rows = random_rows(seed, 40, 3, 2);
    const Prior prior{VectorXd::Constant(5, 0.7), 2.0, 0.1};
    const auto at_point = [&](const VectorXd& at) {
        Quadratic value = negative_log_likelihood(rows, at);
        add_prior(prior, at, value);
        return value;
    };
    const VectorXd at = random_parameters(seed, 6, log_excess);
    const Quadratic here = at_point(at);
    RC_ASSERT(here.hessian.isApprox(here.hessian.transpose(), 0.0));
    for (Index i = 0; i < at.size(); ++i) {
        constexpr double kStep = 1e-5;
        VectorXd up = at, down = at;
        up[i] += kStep;
        down[i] -= kStep;
        const Quadratic above = at_point(up), below = at_point(down);
        const double slope = (above.value - below.value) / (2.0 * kStep);
        RC_ASSERT(std::abs(slope - here.gradient[i]) < 1e-6 * (1.0 + std::abs(here.gradient[i])));
        const VectorXd bend = (above.gradient - below.gradient) / (2.0 * kStep);
        RC_ASSERT((bend - here.hessian.col(i)).norm() < 1e-6 * (1.0 + here.hessian.col(i).norm()));
    }
}

TEST(CostLikelihood, TheConstantIsThatOfTheGammaFunctions) {
    for (const double nu : {2.05, 2.7, 4.0, 11.0, 59.0, 61.0, 500.0}) {
        const double direct =
            math::log_gamma(0.5 * (nu + 1.0)) - math::log_gamma(0.5 * nu) - 0.5 * std::log(nu * std::numbers::pi);
        EXPECT_NEAR(density_constant(nu).value, direct, 1e-11) << nu;
        const double step = 1e-4 * nu;
        const DensityConstant up = density_constant(nu + step), down = density_constant(nu - step);
        EXPECT_NEAR(density_constant(nu).first, (up.value - down.value) / (2 * step), 1e-7) << nu;
        EXPECT_NEAR(density_constant(nu).second, (up.first - down.first) / (2 * step), 1e-7) << nu;
    }
    EXPECT_NEAR(density_constant(1e4).value, -0.5 * std::log(2.0 * std::numbers::pi) - 0.25e-4, 1e-12)
        << "nearly the normal's";
}

TEST(CostLikelihood, TheCensoredRowIsTheLogOfTheSurvivalFunction) {
    for (const double nu : {2.02, 3.0, 8.0, 120.0, 1e4}) {
        for (const double r : {-40.0, -3.0, -0.2, 0.0, 0.3, 2.5, 9.0, 45.0}) {
            const double survival = math::student_cdf(-r, nu);
            if (survival < 1e-290) continue;
            const RowTerms row = censored_row(r, 1.0, nu, density_constant(nu));
            EXPECT_NEAR(row.value, std::log(survival), 3e-10 * (1.0 + std::abs(std::log(survival)))) << nu << " " << r;
        }
    }
}

}  // namespace
}  // namespace slipcast::cost::detail
