#include "slipcast/control/exact.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "slipcast/control/multiscale.hpp"
#include "slipcast/control/rule.hpp"
#include "slipcast/control/study.hpp"
#include "support/trading_problem.hpp"

// The digits of the example were found by a second method, Chebyshev collocation (python/tests/test_control_exact.py
// repeats it with NumPy).

using namespace slipcast;
using control::ExactPolicy;
using control::FactorModel;

namespace {

FactorModel example_factor(double epsilon = 0.1, double volatility = 0.5) {
    control::StudyOptions study;
    study.vol_of_variance = volatility;
    return study.fast(epsilon);
}

ExactPolicy solved(const FactorModel& model, const control::GridOptions& grid = {}) {
    auto policy = ExactPolicy::solve(test::example_problem(), model, grid);
    EXPECT_TRUE(policy) << policy.error().message();
    return std::move(*policy);
}

std::string refused_field(const control::Parameters& problem, const FactorModel& model,
                          const control::GridOptions& grid = {}) {
    const auto policy = ExactPolicy::solve(problem, model, grid);
    return policy ? "" : policy.error().field;
}

}  // namespace

TEST(ExactPolicy, AgreesWithTheSecondMethodToItsStatedError) {
    const ExactPolicy policy = solved(example_factor());
    EXPECT_NEAR(policy.gains({.first = 0.2}).position, -0.89388854, 2e-6);
    EXPECT_NEAR(policy.gains({.first = 0.4}).position, -0.97662618, 2e-6);
    EXPECT_NEAR(policy.value().mean_value(), 0.25743088, 5e-8);
    EXPECT_LT(policy.summary().discretization, 5e-6);
    EXPECT_GT(policy.summary().discretization, 2e-7);
    EXPECT_GT(policy.summary().lowest_rate, 0.8);
}

TEST(ExactPolicy, ErrorFallsWithTheSquareOfTheSpacing) {
    const double coarse = solved(example_factor(), {.nodes = 100}).gains({.first = 0.4}).position + 0.97662618;
    const double fine = solved(example_factor(), {.nodes = 200}).gains({.first = 0.4}).position + 0.97662618;
    EXPECT_NEAR(coarse / fine, 4.0, 0.1);
}

TEST(ExactPolicy, IsPricedAsItsOwnValue) {
    const ExactPolicy policy = solved(example_factor());
    std::size_t node = 0;
    const auto priced = policy.price([&](const control::FactorState&) { return policy.node_gains(node++); });
    ASSERT_TRUE(priced);
    for (std::size_t i = 0; i < priced->columns().data().size(); ++i) {
        EXPECT_NEAR(priced->columns().data()[i], policy.value().columns().data()[i], 1e-12);
    }
}

TEST(ExactPolicy, BecomesTheClosedFormWhenTheFactorIsFast) {
    const ExactPolicy policy = solved(example_factor(1e-4));
    const auto rule = control::solve(test::example_problem());
    for (const double variance : {0.05, 0.2, 0.6}) {
        const control::Gains gains = policy.gains({.first = variance});
        EXPECT_NEAR(gains.position, rule->gains().position, 3e-4);
        EXPECT_NEAR(gains.level, rule->gains().level, 1e-5);
        EXPECT_NEAR(gains.signal.front(), rule->gains().signal.front(), 1e-4);
    }
    EXPECT_NEAR(policy.value().mean_value(), rule->coefficients().A0, 1e-7);
}

TEST(ExactPolicy, BecomesTheClosedFormOfThePresentVarianceWhenTheFactorIsSlow) {
    control::StudyOptions study;
    const ExactPolicy policy = solved(study.slow(1e-7));
    for (const std::size_t node : {120UL, 200UL, 280UL}) {
        control::Parameters problem = test::example_problem();
        problem.variance = policy.grid()->variance(node);
        const auto rule = control::solve(problem);
        const control::Gains gains = policy.node_gains(node);
        EXPECT_NEAR(gains.position, rule->gains().position, 2e-6);
        EXPECT_NEAR(gains.signal.front(), rule->gains().signal.front(), 2e-6);
        EXPECT_NEAR(gains.shift, 0.0, 1e-4);
    }
}

TEST(ExactPolicy, WorksWhereFellersConditionFails) {
    // 2 theta mu < xi^2: the factor touches zero. Losses of the order-zero and the epsilon rule in bps, from the second
    // method.
    control::StudyOptions study;
    study.vol_of_variance = 1.0;
    study.time_scales = {"0.0125", "0.1", "0.4"};
    const auto table = control::fast_loss_table(study);
    ASSERT_TRUE(table) << table.error().message();
    const auto& constant = std::get<std::vector<double>>(table->find("order_0")->data);
    const auto& fast = std::get<std::vector<double>>(table->find("order_eps")->data);
    EXPECT_NEAR(constant[0], 1.8, 0.05);
    EXPECT_NEAR(constant[1], 90.8, 0.1);
    EXPECT_NEAR(constant[2], 627.0, 0.5);
    EXPECT_NEAR(fast[0], 0.001, 0.0005);
    EXPECT_NEAR(fast[1], 3.0, 0.05);
    EXPECT_NEAR(fast[2], 184.0, 0.5);
}

TEST(ExactPolicy, LossTablesOfTheExampleAreReproduced) {
    const auto fast = control::fast_loss_table({});
    const auto slow = control::slow_loss_table({});
    ASSERT_TRUE(fast && slow);
    const auto at = [](const Table& table, const char* column, std::size_t row) {
        return std::get<std::vector<double>>(table.find(column)->data)[row];
    };
    const double order_0[] = {0.45, 1.76, 6.66, 23.8, 76.0, 200.0};
    const double order_eps[] = {0.0002, 0.0026, 0.039, 0.52, 6.0, 54.0};
    const double order_eps2[] = {0.0, 0.0, 0.001, 0.044, 1.8, 60.0};
    for (std::size_t row = 0; row < 6; ++row) {
        EXPECT_NEAR(at(*fast, "order_0", row), order_0[row], 0.01 * order_0[row]);
        EXPECT_NEAR(at(*fast, "order_eps", row), order_eps[row], 0.02 * order_eps[row] + 5e-5);
        EXPECT_NEAR(at(*fast, "order_eps2", row), order_eps2[row], 0.02 * order_eps2[row] + 5e-4);
    }
    // A tenth of the mean as the least variance believed, in which a second method with collocation at 60 nodes finds
    // 1,693; with the stability bound as the floor both find 1,789. The half step jumps: collocation scatters by 100
    // over its nodes, finite volumes with the jump at a cell's edge agree over all grids.
    EXPECT_NEAR(at(*fast, "plug_in", 3), 1691.5, 1.0);
    control::StudyOptions unfloored;
    unfloored.time_scales = {"0.1"};
    unfloored.plug_in_floor = 0.0;
    EXPECT_NEAR(at(*control::fast_loss_table(unfloored), "plug_in", 0), 1788.7, 1.0);
    EXPECT_NEAR(at(*fast, "half_step", 3), 444.2, 0.4);
    // The warning of the slow factor: at delta = 0.5 the first correction alone is worse than none.
    EXPECT_NEAR(at(*slow, "order_0", 4), 94.0, 1.0);
    EXPECT_NEAR(at(*slow, "order_sqrt_delta", 4), 169.0, 1.0);
    EXPECT_NEAR(at(*slow, "order_delta", 4), 20.0, 0.5);
    EXPECT_NEAR(at(*slow, "order_sqrt_delta", 2), 5.8, 0.05);
    EXPECT_NEAR(at(*slow, "order_delta", 2), 0.2, 0.02);
}

TEST(ExactPolicy, ARuleThatJumpsAtAnEdgeIsPricedAtSecondOrder) {
    std::vector<double> losses;
    for (const int nodes : {100, 200, 1600}) {
        control::StudyOptions study;
        study.time_scales = {"0.1"};
        study.nodes = nodes;
        losses.push_back(std::get<std::vector<double>>(control::fast_loss_table(study)->find("half_step")->data)[0]);
    }
    // First order would leave 11 bps at 100 nodes and 5 at 200.
    EXPECT_NEAR(losses[0], losses[2], 4.0);
    EXPECT_NEAR(losses[1], losses[2], 1.0);
    // A cell ends where it was asked to, also when the coarser grids do not divide the finest.
    const FactorModel model = example_factor();
    const auto grid = control::FactorGrid::make(model, {.nodes = 350, .edge = 0.24}, 1);
    ASSERT_TRUE(grid);
    const control::FactorAxis& axis = grid->first();
    const double cells = std::sqrt(0.24) / axis.step;
    EXPECT_NEAR(cells, std::round(cells), 1e-9);
}

TEST(ExactPolicy, ASecondFactorThatMovesNothingChangesNothing) {
    FactorModel model = example_factor();
    const ExactPolicy one = solved(model, {.nodes = 80});
    model.second = control::Factor{.kind = control::FactorKind::gaussian,
                                   .mean = 0.0,
                                   .mean_reversion = 1.0,
                                   .volatility = 0.4,
                                   .speed = 0.5,
                                   .signal_correlation = {-0.5}};
    model.variance = [](double y, double) { return y; };
    model.correlation_between = 0.3;
    const ExactPolicy two = solved(model, {.nodes = 80, .second_nodes = 12});
    for (const double variance : {0.1, 0.2, 0.4}) {
        const control::FactorState state{.first = variance, .second = 0.3};
        EXPECT_NEAR(two.gains(state).position, one.gains(state).position, 1e-9);
        EXPECT_NEAR(two.gains(state).signal.front(), one.gains(state).signal.front(), 1e-9);
        EXPECT_NEAR(two.gains(state).shift, 0.0, 1e-9);
        EXPECT_NEAR(two.value().value(state), one.value().value(state), 1e-9);
    }
    EXPECT_LT(two.summary().residual, 1e-10);
}

TEST(ExactPolicy, TwoFactorsAgreeWithTheirExpansions) {
    // Short fast and slow time scales: what is left of the error is of order delta and epsilon^1.5.
    FactorModel model = example_factor(0.01);
    model.second = control::Factor{.kind = control::FactorKind::gaussian,
                                   .mean = 0.0,
                                   .mean_reversion = 1.0,
                                   .volatility = 0.4,
                                   .speed = 0.01,
                                   .signal_correlation = {-0.5}};
    model.variance = [](double y, double z) { return y * std::exp(2.0 * z); };
    const ExactPolicy policy = solved(model, {.nodes = 80, .second_nodes = 24});
    const auto base = control::solve(test::example_problem());
    control::Factors factors;
    factors.fast = *control::FastFactor::square_root(model.first);
    factors.slow = control::SlowFactor{.dvariance = 0.4,
                                       .d2variance = 0.8,
                                       .drift = 0.0,
                                       .volatility = 0.4,
                                       .time_scale = 0.01,
                                       .signal_correlation = {-0.5}};
    factors.slow_order = control::SlowOrder::one;
    factors.fast_order = control::FastOrder::two;
    const auto corrected = control::FactorRule::make(*base, factors);
    ASSERT_TRUE(corrected) << corrected.error().message();
    const control::Gains exact = policy.gains({.first = 0.3, .second = 0.0});
    const control::Gains approximate = corrected->gains(0.3);
    EXPECT_NEAR(exact.position, approximate.position, 2e-4);
    EXPECT_NEAR(exact.signal.front(), approximate.signal.front(), 2e-4);
    EXPECT_NEAR(exact.shift, approximate.shift, 2e-4);
    EXPECT_GT(exact.shift, 0.003);
}

TEST(ExactPolicy, RefusesByField) {
    const control::Parameters problem = test::example_problem();
    control::Parameters wrong = problem;
    wrong.trading_cost = 0.0;
    EXPECT_EQ(refused_field(wrong, example_factor()), "trading_cost");
    FactorModel model = example_factor();
    model.first.volatility = 0.0;
    EXPECT_EQ(refused_field(problem, model), "first.volatility");
    model = example_factor();
    model.first.signal_correlation = {1.0};
    EXPECT_EQ(refused_field(problem, model), "first.signal_correlation");
    model = control::StudyOptions{}.slow(0.1);
    model.variance = nullptr;
    EXPECT_EQ(refused_field(problem, model), "variance");
    model.variance = [](double z, double) { return z; };
    EXPECT_EQ(refused_field(problem, model), "variance");
    EXPECT_EQ(refused_field(problem, example_factor(), {.nodes = 15}), "nodes");
    // gamma v (rho + beta) > lambda rho^2 fails for every variance of the factor.
    wrong = problem;
    wrong.impact = 1e5;
    EXPECT_EQ(refused_field(wrong, example_factor()), "stability");
}

TEST(Pricing, RefusesARuleWithoutAValue) {
    const ExactPolicy policy = solved(example_factor(), {.nodes = 60});
    const auto grown = policy.price(
        [](const control::FactorState&) { return control::Gains{.position = 0.2, .level = 0.0, .signal = {0.1}}; });
    ASSERT_FALSE(grown);
    EXPECT_EQ(grown.error().field, "rule");
    // The same rule has a value over a finite horizon.
    const auto finite = policy.price(
        [](const control::FactorState&) { return control::Gains{.position = 0.2, .level = 0.0, .signal = {0.1}}; },
        {.horizon = 1.0});
    EXPECT_TRUE(finite);
    // Slow growth is discounted away: the bound is half the discount rate.
    const auto slow = policy.price(
        [](const control::FactorState&) { return control::Gains{.position = 0.05, .level = 0.0, .signal = {0.1}}; });
    EXPECT_TRUE(slow);
    const auto wrong = policy.price([](const control::FactorState&) { return control::Gains{}; });
    ASSERT_FALSE(wrong);
    EXPECT_EQ(wrong.error().field, "rule");
}

TEST(Pricing, DoingNothingIsWorthNothingAndAPositionItsCarry) {
    const ExactPolicy policy = solved(example_factor(), {.nodes = 200});
    const control::LinearRule idle = [](const control::FactorState&) {
        return control::Gains{.position = 0.0, .level = 0.0, .signal = {0.0}};
    };
    const auto priced = policy.price(idle);
    ASSERT_TRUE(priced);
    EXPECT_NEAR(priced->value({.first = 0.4}), 0.0, 1e-15);
    // Holding q for ever: signal q x/(rho + kappa), impact -beta l q/(rho + beta), and risk -gamma q^2/2 times
    // int e^(-rho t) E y dt = mu/rho + (y - mu)/(rho + theta/epsilon).
    const double q = 0.7;
    const double l = 0.3;
    const double x = -0.5;
    const double expected = q * x / 1.2 - 0.1 * l * q / 0.3 - 2.5 * q * q * (0.2 / 0.2 + 0.2 / 10.2);
    const control::Standing standing{.position = q, .level = l, .signal = {x}};
    EXPECT_NEAR(priced->value({.first = 0.4}, standing), expected, 1e-5);
}

TEST(Pricing, AFiniteHorizonGrowsIntoTheInfiniteOne) {
    const ExactPolicy policy = solved(example_factor(), {.nodes = 100});
    const double infinite = policy.value().value({.first = 0.4});
    const auto longer = policy.price(policy.rule(), {.horizon = 120.0, .steps = 1500});
    ASSERT_TRUE(longer);
    EXPECT_NEAR(longer->value({.first = 0.4}), infinite, 1e-6);
    // Holding q = 1 over T without risk and discount earns x (1 - e^(-kappa T))/kappa.
    const auto carry = policy.price(
        [](const control::FactorState&) { return control::Gains{.position = 0.0, .level = 0.0, .signal = {0.0}}; },
        {.horizon = 2.0, .steps = 400, .risk = false, .discounted = false});
    ASSERT_TRUE(carry);
    EXPECT_NEAR(carry->value({.first = 0.4}, {.position = 1.0, .signal = {1.0}}), 1.0 - std::exp(-2.0), 1e-5);
}

TEST(Pricing, TheMessageOfTheExampleExactly) {
    // From Y0 = 0.4 over 20 days the epsilon correction gains 5.857e-4 of risk-adjusted value, and its expected profit
    // falls by 29.1e-4.
    control::StudyOptions study;
    const ExactPolicy policy = solved(study.fast(0.1));
    const auto constant = control::study_rule(control::StudyRule::constant, study, 0.1, policy);
    const auto fast = control::study_rule(control::StudyRule::fast_one, study, 0.1, policy);
    const auto gain = [&](const control::Objective& objective) {
        return 1e4 * (policy.price(*fast, objective)->value({.first = 0.4}) -
                      policy.price(*constant, objective)->value({.first = 0.4}));
    };
    EXPECT_NEAR(gain({.horizon = 20.0}), 5.857, 2e-3);
    EXPECT_NEAR(gain({.horizon = 20.0, .risk = false, .discounted = false}), -29.1, 0.1);
}
