#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "slipcast/control/exact.hpp"
#include "slipcast/control/multiscale.hpp"
#include "slipcast/control/rule.hpp"
#include "slipcast/control/study.hpp"
#include "slipcast/core/random.hpp"
#include "support/trading_problem.hpp"

using namespace slipcast;
using control::ExactPolicy;
using control::Gains;

namespace {

struct Drawn {
    control::Parameters problem;
    control::FactorModel model;
};

/// A problem of moderate numbers with a fast factor, at times with a second one.
Drawn random_case(std::uint64_t number) {
    RandomStream stream(1, "test.exact.problem", number);
    const auto draw = [&](double low, double high) { return test::draw_log_uniform(stream, low, high); };
    Drawn made;
    made.problem = {.trading_cost = draw(0.1, 10.0),
                    .impact = draw(0.01, 0.5),
                    .impact_decay = draw(0.05, 2.0),
                    .risk_aversion = draw(1.0, 20.0),
                    .discount = draw(0.05, 0.5),
                    .variance = 1.0,
                    .signals = {{draw(0.2, 3.0), draw(0.2, 3.0), 1.0}}};
    if (number % 3 == 0) made.problem.signals.push_back({draw(0.2, 3.0), draw(0.2, 3.0), -0.7});
    made.model.first = {.kind = control::FactorKind::square_root,
                        .mean = draw(0.1, 1.0),
                        .mean_reversion = draw(0.5, 3.0),
                        .volatility = draw(0.1, 0.8),
                        .speed = draw(0.5, 50.0),
                        .signal_correlation = {}};
    if (number % 4 == 1) {
        made.model.second = control::Factor{.kind = control::FactorKind::gaussian,
                                            .mean = 0.0,
                                            .mean_reversion = 1.0,
                                            .volatility = 0.3,
                                            .speed = draw(0.05, 1.0),
                                            .signal_correlation = {}};
        made.model.variance = [](double y, double z) { return y * std::exp(2.0 * z); };
    }
    return made;
}

/// The exact rule with every gain bent by smooth functions of the factors.
control::LinearRule bent(const ExactPolicy& policy, RandomStream& stream) {
    std::vector<double> size;
    for (int i = 0; i < 4; ++i) size.push_back(0.3 * (2.0 * stream.next_uniform() - 1.0));
    const double wave = 5.0 * stream.next_uniform();
    return [policy, size, wave](const control::FactorState& state) {
        Gains gains = policy.gains(state);
        const double bend = std::cos(wave * state.first + state.second);
        gains.position *= 1.0 + size[0] * bend;
        gains.level += size[1] * bend;
        for (double& gain : gains.signal) gain *= 1.0 + size[2] * bend;
        gains.shift += 0.1 * size[3];
        return gains;
    };
}

/// log2 of the ratio of two errors when the time scale doubles.
double slope(double small, double large) {
    return std::log2(large / small);
}

}  // namespace

TEST(ExactPolicyLaws, NoOtherRuleIsWorthMore) {
    for (std::uint64_t number = 0; number < 40; ++number) {
        SCOPED_TRACE(number);
        const Drawn drawn = random_case(number);
        const auto policy =
            ExactPolicy::solve(drawn.problem, drawn.model, {.nodes = 48, .second_nodes = 10, .tail = 1e-8});
        ASSERT_TRUE(policy) << policy.error().message();
        RandomStream stream(1, "test.exact.rule", number);
        for (int k = 0; k < 5; ++k) {
            const auto other = policy->price(bent(*policy, stream));
            if (!other) continue;  // bent so far that it has no value at all
            for (std::size_t node = 0; node < policy->grid()->size(); ++node) {
                const double best = policy->value().columns().column(5)[node];
                EXPECT_LE(other->columns().column(5)[node], best + 1e-9 * std::abs(best));
                // Quadratic parts too: holding a position is worth no more.
                EXPECT_GE(other->columns().column(0)[node], policy->value().columns().column(0)[node] - 1e-9);
            }
        }
    }
}

TEST(ExactPolicyLaws, RateRisesWithVarianceAndSignsAreThoseOfTheClosedForm) {
    for (std::uint64_t number = 0; number < 40; ++number) {
        if (number % 4 == 1) continue;  // one factor
        SCOPED_TRACE(number);
        const Drawn drawn = random_case(number);
        const auto policy = ExactPolicy::solve(drawn.problem, drawn.model, {.nodes = 64, .tail = 1e-8});
        ASSERT_TRUE(policy);
        for (std::size_t node = 1; node < policy->grid()->size(); ++node) {
            const Gains gains = policy->node_gains(node);
            EXPECT_LT(gains.position, policy->node_gains(node - 1).position);
            EXPECT_LE(gains.level, 0.0);
            EXPECT_GT(gains.signal.front(), 0.0);
        }
    }
}

TEST(ExactPolicyLaws, ScalingCostImpactAndRiskTogetherScalesTheRate) {
    for (std::uint64_t number = 0; number < 20; ++number) {
        const Drawn drawn = random_case(number);
        control::Parameters scaled = drawn.problem;
        scaled.trading_cost *= 3.0;
        scaled.impact *= 3.0;
        scaled.risk_aversion *= 3.0;
        const control::GridOptions grid{.nodes = 48, .second_nodes = 10};
        const auto one = ExactPolicy::solve(drawn.problem, drawn.model, grid);
        const auto two = ExactPolicy::solve(scaled, drawn.model, grid);
        ASSERT_TRUE(one && two);
        const Gains before = one->node_gains(20);
        const Gains after = two->node_gains(20);
        EXPECT_NEAR(after.position, 3.0 * before.position, 1e-9 * std::abs(after.position));
        EXPECT_NEAR(after.level, before.level, 1e-9);
        EXPECT_NEAR(after.signal.front(), before.signal.front(), 1e-9);
    }
}

TEST(CorrectionOrders, FastFactorControlErrorAndValueLoss) {
    control::StudyOptions study;
    const control::StudyRule rules[] = {control::StudyRule::constant, control::StudyRule::fast_one,
                                        control::StudyRule::fast_two};
    double error[3][2];
    double loss[3][2];
    const double scales[2] = {0.025, 0.05};
    for (int s = 0; s < 2; ++s) {
        const auto policy =
            ExactPolicy::solve(study.parameters(), study.fast(scales[s]), {.nodes = 1600, .tail = 1e-12});
        ASSERT_TRUE(policy);
        for (int r = 0; r < 3; ++r) {
            const auto rule = control::study_rule(rules[r], study, scales[s], *policy);
            ASSERT_TRUE(rule);
            error[r][s] = std::abs((*rule)({.first = 0.4}).position - policy->gains({.first = 0.4}).position);
            loss[r][s] = control::loss_bps(policy->price(*rule)->mean_value(), policy->value().mean_value());
        }
    }
    EXPECT_NEAR(slope(error[0][0], error[0][1]), 1.0, 0.15);
    EXPECT_NEAR(slope(error[1][0], error[1][1]), 2.0, 0.2);
    EXPECT_NEAR(slope(error[2][0], error[2][1]), 3.0, 0.25);
    EXPECT_NEAR(slope(loss[0][0], loss[0][1]), 2.0, 0.1);
    EXPECT_NEAR(slope(loss[1][0], loss[1][1]), 4.0, 0.2);
    EXPECT_NEAR(slope(loss[2][0], loss[2][1]), 6.0, 0.3);
}

TEST(CorrectionOrders, CorrelatedFastFactorNeedsTheShift) {
    // With correlation the epsilon rule loses about eps^3; the constant of order eps^1.5 brings back eps^4.
    control::StudyOptions study;
    double loss[2][2];
    const double scales[2] = {0.0125, 0.025};
    for (int s = 0; s < 2; ++s) {
        control::FactorModel model = study.fast(scales[s]);
        model.first.signal_correlation = {0.6};
        const auto policy = ExactPolicy::solve(study.parameters(), model, {.nodes = 1600, .tail = 1e-12});
        ASSERT_TRUE(policy);
        const auto base = control::solve(study.parameters());
        const control::FastOrder orders[] = {control::FastOrder::one, control::FastOrder::one_and_half};
        for (int r = 0; r < 2; ++r) {
            control::Factors factors;
            factors.fast = *control::FastFactor::square_root(model.first);
            factors.fast_order = orders[r];
            const auto rule = control::FactorRule::make(*base, factors);
            ASSERT_TRUE(rule);
            const auto priced =
                policy->price([&](const control::FactorState& state) { return rule->gains(state.first); });
            loss[r][s] = control::loss_bps(priced->mean_value(), policy->value().mean_value());
        }
    }
    EXPECT_NEAR(slope(loss[0][0], loss[0][1]), 3.0, 0.2);
    EXPECT_NEAR(slope(loss[1][0], loss[1][1]), 4.0, 0.25);
    EXPECT_LT(loss[1][1], loss[0][1]);
}

TEST(CorrectionOrders, SlowFactorShiftAndGains) {
    control::StudyOptions study;
    double shift[2];
    double gain_half[2];
    double gain_one[2];
    const double scales[2] = {0.02, 0.04};
    for (int s = 0; s < 2; ++s) {
        const auto policy = ExactPolicy::solve(study.parameters(), study.slow(scales[s]), {.nodes = 1600});
        ASSERT_TRUE(policy);
        const Gains exact = policy->gains({.first = 0.0});
        const auto base = control::solve(study.parameters());
        control::Factors factors;
        factors.slow = control::SlowFactor{.dvariance = 0.4,
                                           .d2variance = 0.8,
                                           .drift = 0.0,
                                           .volatility = 0.4,
                                           .time_scale = scales[s],
                                           .signal_correlation = {-0.5}};
        const auto half = control::FactorRule::make(*base, factors);
        factors.slow_order = control::SlowOrder::one;
        const auto one = control::FactorRule::make(*base, factors);
        ASSERT_TRUE(half && one);
        shift[s] = std::abs(half->gains(0.2).shift - exact.shift);
        gain_half[s] = std::abs(half->gains(0.2).position - exact.position);
        gain_one[s] = std::abs(one->gains(0.2).position - exact.position);
    }
    EXPECT_NEAR(slope(shift[0], shift[1]), 1.5, 0.2);
    EXPECT_NEAR(slope(gain_half[0], gain_half[1]), 1.0, 0.15);
    EXPECT_NEAR(slope(gain_one[0], gain_one[1]), 2.0, 0.25);
}
