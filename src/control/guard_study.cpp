#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "slipcast/control/rule.hpp"
#include "slipcast/control/study.hpp"
#include "study_paths.hpp"

namespace slipcast::control {
namespace {

/// A set of guards around the rule of order epsilon.
struct GuardCase {
    std::string guard;
    std::string setting;
    GuardOptions options;
    /// The guarded rate as a share of the rule's, at a rate and a variance, where the guarded rule stays linear.
    std::function<double(double rate, double variance)> share = {};
};

GuardOptions no_guards() {
    GuardOptions none;
    none.denominator = none.aim = none.half_step = none.rate_cap = none.overshoot = false;
    none.turnover = none.recalibration = none.slippage = false;
    return none;
}

/// Tighter than any default, so that each of these guards acts often in the published example.
constexpr double kTightLimit = 0.5;
constexpr double kTightCap = 1.0;
constexpr double kTightTurnover = 0.25;

GuardCase aim_case(double limit) {
    GuardCase made{"aim", fmt::format("limit {}", limit), no_guards()};
    made.options.aim = true;
    made.options.position_limit = limit;
    return made;
}

GuardCase rate_cap_case(double factor, double cost) {
    GuardCase made{"rate_cap", fmt::format("{}/K", factor), no_guards()};
    made.options.rate_cap = true;
    made.options.rate_cap_factor = factor;
    made.share = [cap = factor / cost](double rate, double) { return std::min(1.0, cap / rate); };
    return made;
}

GuardCase turnover_case(double limit) {
    GuardCase made{"turnover", fmt::format("{} limits a day", limit), no_guards()};
    made.options.turnover = true;
    made.options.turnover_limit = limit;
    return made;
}

GuardCase half_step_case(const StudyOptions& options) {
    GuardCase made{"half_step", fmt::format("{} x mean", options.half_step_threshold), no_guards()};
    made.options.half_step = true;
    made.options.half_step_threshold = options.half_step_threshold;
    made.share = [threshold = options.half_step_threshold * options.mean_variance](double, double variance) {
        return variance > threshold ? 0.5 : 1.0;
    };
    return made;
}

GuardCase none_case() {
    return {"none", "", no_guards(), [](double, double) { return 1.0; }};
}

GuardCase overshoot_case() {
    GuardCase made{"overshoot", "", no_guards()};
    made.options.overshoot = true;
    return made;
}

/// Every guard at its default, and tightened until it acts.
std::vector<GuardCase> every_step(const StudyOptions& options) {
    const GuardOptions defaults;
    return {none_case(),
            aim_case(defaults.position_limit),
            aim_case(kTightLimit),
            half_step_case(options),
            rate_cap_case(defaults.rate_cap_factor, options.trading_cost),
            rate_cap_case(kTightCap, options.trading_cost),
            overshoot_case(),
            turnover_case(defaults.turnover_limit),
            turnover_case(kTightTurnover),
            {"native", "defaults", defaults},
            {"seed", "defaults", GuardOptions::seed()}};
}

/// Decided once a day: a rate above one a day would pass its aim.
std::vector<GuardCase> every_day() {
    return {none_case(),
            overshoot_case(),
            {"native", "defaults", GuardOptions{}},
            {"seed", "defaults", GuardOptions::seed()}};
}

Result<detail::Prices> case_prices(const GuardCase& guard, const StudyOptions& options,
                                   const SimulationOptions& simulation, const ExactPolicy& exact) {
    SLIPCAST_TRY(rule, study_rule(StudyRule::fast_one, options, options.time_scale, exact));
    const LinearRule guarded_rule = [&](const FactorState& state) {
        Gains gains = rule(state);
        const double share = guard.share(-gains.position / options.trading_cost, state.first);
        for (double* gain : {&gains.position, &gains.level, &gains.shift}) *gain *= share;
        for (double& gain : gains.signal) gain *= share;
        return gains;
    };
    return detail::prices(exact, guarded_rule, options, simulation);
}

/// The rows of a guard study as they come.
struct GuardRows {
    std::vector<Simulation> simulations;
    std::vector<detail::Prices> exact;
    std::vector<std::string> guard;
    std::vector<std::string> setting;
    std::vector<double> days;
    std::vector<double> acted;

    [[nodiscard]] Table table() const {
        TableBuilder made("guards", guard.size());
        made.add(plain("guard", "the guards that are on"), guard)
            .add(plain("setting", "its threshold"), setting)
            .add(plain("held", "for how long a decided rate is held", "days"), finite(days))
            .add(plain("acted", "share of decisions that a guard changed", "%"), finite(acted));
        std::vector<const Simulation*> parts;
        for (const Simulation& one : simulations) parts.push_back(&one);
        detail::add_gains(made, parts, exact);
        return made.take();
    }
};

/// Cases over the same paths, the first of them without guards, decided every `every` steps.
Result<void> run(GuardRows& rows, const std::vector<GuardCase>& cases, int every, const StudyOptions& options,
                 const SimulationOptions& simulation, const ExactPolicy& exact, const Progress& progress) {
    const double step = detail::actual_step(simulation);
    std::vector<SimulatedRule> rules;
    std::vector<std::shared_ptr<detail::DecisionCount>> counts;
    for (const GuardCase& one : cases) {
        SLIPCAST_TRY(trader, detail::trader_with(options, one.options));
        counts.push_back(std::make_shared<detail::DecisionCount>());
        rules.push_back(detail::traded(one.guard, trader, step, every, counts.back()));
        rows.guard.push_back(one.guard);
        rows.setting.push_back(one.setting);
        rows.days.push_back(step * every);
        rows.exact.emplace_back();
        // The exact prices are those of continuous trading: a rate held for a day is another rule.
        if (every > 1 || !one.share) continue;
        SLIPCAST_TRY(price, case_prices(one, options, simulation, exact));
        rows.exact.back() = price;
    }
    SLIPCAST_TRY(made, simulate(options.parameters(), options.fast(options.time_scale),
                                {.first = options.start_variance}, rules, simulation, progress));
    rows.simulations.push_back(std::move(made));
    for (const auto& count : counts) {
        rows.acted.push_back(100.0 * static_cast<double>(count->guarded) / static_cast<double>(count->made));
    }
    return {};
}

}  // namespace

Result<PairedStudy> guard_study(const StudyOptions& options, const SimulationOptions& simulation,
                                const Progress& progress) {
    SLIPCAST_CHECK(options.validate());
    SLIPCAST_CHECK(simulation.validate());
    SLIPCAST_TRY(exact, detail::exact_at(options, options.time_scale));
    GuardRows rows;
    SLIPCAST_CHECK(run(rows, every_step(options), 1, options, simulation, exact, progress));
    const int every = static_cast<int>(std::max(2LL, std::llround(1.0 / detail::actual_step(simulation))));
    SLIPCAST_CHECK(run(rows, every_day(), every, options, simulation, exact, progress));
    Table table = rows.table();
    return PairedStudy{std::move(rows.simulations.front()), std::move(table)};
}

}  // namespace slipcast::control
