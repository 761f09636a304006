#include "slipcast/control/simulate.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "slipcast/control/exact.hpp"
#include "slipcast/control/study.hpp"
#include "slipcast/math/normal.hpp"
#include "support/false_alarm.hpp"
#include "support/trading_problem.hpp"

using namespace slipcast;
using control::StudyRule;

namespace {

/// Means of this file that are held to their standard error, all sharing one budget.
constexpr int kAssertions = 18;

/// |mean - truth| in standard errors that a correct program exceeds with this assertion's share of the budget.
double errors_allowed() {
    return -math::normal_quantile(0.5 * test::false_alarm_share(kAssertions));
}

void expect_mean(const math::Moments& sample, double truth, const char* what) {
    EXPECT_NEAR(*sample.mean(), truth, errors_allowed() * *sample.standard_error()) << what;
}

control::SimulatedRule on_paths(const control::LinearRule& rule) {
    return {.name = "rule", .start = [rule]() -> control::TradeFunction {
                return [rule](const control::PathState& state) {
                    const control::Gains gains = rule(state.factors);
                    return gains.position * state.position + gains.level * state.level +
                           gains.signal.front() * state.signal.front() + gains.shift;
                };
            }};
}

struct Priced {
    double objective;
    double profit;
};

/// Runs two rules from a start that is not flat, and holds objectives, profits and paired gains to their exact prices.
void expect_exact(const control::FactorModel& model, const control::FactorState& start,
                  const control::LinearRule& first, const control::LinearRule& second,
                  const control::ExactPolicy& policy) {
    control::SimulationOptions options;
    options.paths = 1500;
    options.horizon = 5.0;
    options.step = 0.025;
    options.start_position = 0.5;
    options.start_level = 0.1;
    const auto made =
        control::simulate(policy.parameters(), model, start, {on_paths(first), on_paths(second)}, options);
    ASSERT_TRUE(made) << made.error().message();
    const control::Standing standing{.position = 0.5, .level = 0.1, .signal = {0.0}};
    const auto priced = [&](const control::LinearRule& rule) {
        const auto objective = policy.price(rule, {.horizon = 5.0, .steps = 60});
        const auto profit = policy.price(rule, {.horizon = 5.0, .steps = 60, .risk = false, .discounted = false});
        return Priced{objective->value(start, standing), profit->value(start, standing)};
    };
    const Priced one = priced(first);
    const Priced two = priced(second);
    expect_mean(made->rules[0].objective, one.objective, "objective");
    expect_mean(made->rules[0].profit, one.profit, "profit");
    expect_mean(made->rules[1].objective_gain, two.objective - one.objective, "objective gain");
    expect_mean(made->rules[1].profit_gain, two.profit - one.profit, "profit gain");
    EXPECT_GT(std::abs(two.objective - one.objective),
              errors_allowed() * *made->rules[1].objective_gain.standard_error())
        << "the two rules must differ by more than the error, or the test has no power";
}

}  // namespace

TEST(Simulate, AgreesWithExactPricesForAnIndependentFastFactor) {
    control::StudyOptions study;
    study.vol_of_variance = 1.0;  // Feller's condition fails: the mixture branch of the transition
    const control::FactorModel model = study.fast(0.1);
    const auto policy = control::ExactPolicy::solve(study.parameters(), model, {.nodes = 800});
    ASSERT_TRUE(policy);
    const auto constant = control::study_rule(StudyRule::constant, study, 0.1, *policy);
    const auto fast = control::study_rule(StudyRule::fast_one, study, 0.1, *policy);
    expect_exact(model, {.first = 0.4}, *constant, *fast, *policy);
}

TEST(Simulate, AgreesWithExactPricesForCorrelatedFactors) {
    control::StudyOptions study;
    control::FactorModel model = study.fast(0.5);
    model.first.signal_correlation = {0.6};
    model.second = control::Factor{.kind = control::FactorKind::gaussian,
                                   .mean = 0.0,
                                   .mean_reversion = 1.0,
                                   .volatility = 0.4,
                                   .speed = 0.5,
                                   .signal_correlation = {-0.5}};
    model.variance = [](double y, double z) { return y * std::exp(2.0 * z); };
    model.correlation_between = -0.2;
    const auto policy = control::ExactPolicy::solve(study.parameters(), model, {.nodes = 60, .second_nodes = 20});
    ASSERT_TRUE(policy) << policy.error().message();
    const control::LinearRule slow = [rule = policy->rule()](const control::FactorState& state) {
        control::Gains gains = rule(state);
        gains.position *= 0.7;
        gains.shift += 0.05;
        return gains;
    };
    expect_exact(model, {.first = 0.4, .second = 0.2}, policy->rule(), slow, *policy);
}

TEST(Simulate, ThePairedGainOfTheExampleIsRiskAdjustedAndProfitFalls) {
    control::StudyOptions study;
    const auto policy = control::ExactPolicy::solve(study.parameters(), study.fast(0.1));
    ASSERT_TRUE(policy);
    const auto constant = control::study_rule(StudyRule::constant, study, 0.1, *policy);
    const auto fast = control::study_rule(StudyRule::fast_one, study, 0.1, *policy);
    control::SimulationOptions options;
    options.paths = 3000;
    options.step = 0.05;
    const auto made = control::simulate(study.parameters(), study.fast(0.1), {.first = 0.4},
                                        {on_paths(*constant), on_paths(*fast)}, options);
    ASSERT_TRUE(made);
    const control::SimulatedOutcome& gained = made->rules[1];
    EXPECT_NEAR(1e4 * *gained.objective_gain.mean(), 5.857,
                errors_allowed() * 1e4 * *gained.objective_gain.standard_error());
    EXPECT_NEAR(1e4 * *gained.profit_gain.mean(), -29.1, errors_allowed() * 1e4 * *gained.profit_gain.standard_error());
    EXPECT_GT(*gained.objective_gain.mean(), errors_allowed() * *gained.objective_gain.standard_error());
    EXPECT_LT(*gained.profit_gain.mean(), 0.0);
    // Without pairing the difference drowns: that is what the common paths are for.
    EXPECT_GT(*gained.objective.standard_error(), 5.0 * *gained.objective_gain.standard_error());
}

TEST(GuardStudy, EveryGuardActsSomewhereAndItsGainIsItsExactPrice) {
    control::StudyOptions study;
    study.nodes = 100;
    control::SimulationOptions options;
    options.paths = 600;
    options.horizon = 10.0;
    options.step = 0.05;
    const auto made = control::guard_study(study, options);
    ASSERT_TRUE(made) << made.error().message();
    const auto texts = [&](const char* name) {
        return std::get<std::vector<std::string>>(made->table.find(name)->data);
    };
    const auto numbers = [&](const char* name) { return std::get<std::vector<double>>(made->table.find(name)->data); };
    const std::vector<std::string> guard = texts("guard");
    const std::vector<double> acted = numbers("acted");
    const std::vector<double> gain = numbers("gain");
    const std::vector<double> error = numbers("gain_error");
    const std::vector<double> exact = numbers("exact_gain");
    const Column& priced = *made->table.find("exact_gain");
    std::map<std::string, double> most;
    for (std::size_t row = 0; row < guard.size(); ++row) {
        most[guard[row]] = std::max(most[guard[row]], acted[row]);
        if (acted[row] == 0.0) {
            EXPECT_EQ(gain[row], 0.0) << guard[row];
        }
        // Rates are held over a step here and not there: a bias of first order in the step, a tenth of a unit.
        if (priced.is_valid(row)) {
            EXPECT_NEAR(gain[row], exact[row], errors_allowed() * error[row] + 1.0) << guard[row];
        }
    }
    EXPECT_EQ(most["none"], 0.0);
    for (const char* name : {"aim", "half_step", "rate_cap", "overshoot", "turnover", "native", "seed"}) {
        EXPECT_GT(most[name], 1.0) << name << " acts on more than a hundredth of some row's decisions";
    }
    options.threads = 1;
    EXPECT_EQ(std::get<std::vector<double>>(control::guard_study(study, options)->table.find("acted")->data), acted);
}

TEST(Simulate, ResultsDoNotDependOnThreads) {
    control::StudyOptions study;
    const auto policy = control::ExactPolicy::solve(study.parameters(), study.fast(0.1), {.nodes = 60});
    ASSERT_TRUE(policy);
    control::SimulationOptions options;
    options.paths = 1100;
    options.horizon = 1.0;
    options.step = 0.05;
    options.threads = 1;
    const std::vector<control::SimulatedRule> rules{on_paths(policy->rule())};
    const auto one = control::simulate(study.parameters(), study.fast(0.1), {.first = 0.3}, rules, options);
    options.threads = 3;
    const auto three = control::simulate(study.parameters(), study.fast(0.1), {.first = 0.3}, rules, options);
    ASSERT_TRUE(one && three);
    EXPECT_EQ(*one->rules[0].objective.mean(), *three->rules[0].objective.mean());
    EXPECT_EQ(*one->rules[0].profit.standard_error(), *three->rules[0].profit.standard_error());
}

TEST(Simulate, RefusesByField) {
    control::StudyOptions study;
    control::FactorModel model = study.fast(0.1);
    const std::vector<control::SimulatedRule> rules{
        {.name = "idle", .start = [] { return [](const control::PathState&) { return 0.0; }; }}};
    control::SimulationOptions options;
    options.paths = 10;
    const auto field = [&](const control::FactorState& start) {
        const auto made = control::simulate(study.parameters(), model, start, rules, options);
        return made ? std::string{} : made.error().field;
    };
    EXPECT_EQ(field({.first = 0.2}), "");
    EXPECT_EQ(field({.first = -0.1}), "start.first");
    model.first.volatility = 1.0;
    model.first.signal_correlation = {0.5};
    EXPECT_EQ(field({.first = 0.2}), "volatility");
    model = study.fast(0.1);
    options.step = 0.0;
    EXPECT_EQ(field({.first = 0.2}), "step");
    EXPECT_FALSE(control::simulate(study.parameters(), model, {.first = 0.2}, {}, {}));
}
