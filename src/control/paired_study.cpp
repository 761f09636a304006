#include <array>
#include <cmath>
#include <memory>

#include "slipcast/control/multiscale.hpp"
#include "slipcast/control/rule.hpp"
#include "slipcast/control/study.hpp"
#include "slipcast/control/trader.hpp"
#include "study_columns.hpp"

namespace slipcast::control {
namespace {

using detail::number_column;
using detail::text_column;

/// A linear rule with one signal on paths.
SimulatedRule simulated(const std::string& name, const LinearRule& rule, const Parameters& parameters) {
    const double cost = parameters.trading_cost;
    return {.name = name,
            .start = [rule, cost]() -> TradeFunction {
                return [rule, cost](const PathState& state) {
                    const Gains gains = rule(state.factors);
                    return (gains.position * state.position + gains.level * state.level +
                            gains.signal.front() * state.signal.front() + gains.shift) /
                           cost;
                };
            },
            .is_held = false};
}

/// A trader on paths: decides, holds over the step, and takes its own fill up.
SimulatedRule traded(const std::string& name, const Trader& trader, double step) {
    return {.name = name,
            .start = [trader, step]() -> TradeFunction {
                const auto own = std::make_shared<Trader>(trader);
                const auto held = std::make_shared<double>(0.0);
                return [own, held, step](const PathState& state) {
                    if (state.time > 0.0) {
                        const Fill fill{.time = state.time, .quantity = *held * step, .days = step};
                        SLIPCAST_ASSERT(own->record(fill).has_value(), "a fill of the path is a fill");
                    }
                    const auto decision = own->decide({.time = state.time,
                                                       .position = state.position,
                                                       .signal = state.signal,
                                                       .variance = state.factors.first,
                                                       .step = step});
                    SLIPCAST_ASSERT(decision.has_value(), "a path's state is finite");
                    *held = decision->trade;
                    return *held;
                };
            },
            .is_held = true};
}

/// The step that `simulate` takes: a whole number of them makes the horizon.
double actual_step(const SimulationOptions& simulation) {
    return simulation.horizon / static_cast<double>(std::max(1LL, std::llround(simulation.horizon / simulation.step)));
}

GuardOptions no_guards() {
    GuardOptions none;
    none.denominator = none.aim = none.half_step = none.rate_cap = none.overshoot = false;
    none.turnover = none.recalibration = none.slippage = false;
    return none;
}

Result<Trader> trader_with(const StudyOptions& options, const GuardOptions& guards) {
    TraderOptions made;
    made.market = options.parameters();
    SLIPCAST_TRY(fast, FastFactor::square_root(options.fast(options.time_scale).first));
    made.factors.emplace();
    made.factors->fast = fast;
    made.guards = guards;
    return Trader::make(std::move(made));
}

/// Exact prices of one rule over the horizon, from the start of the paths.
struct Prices {
    double objective = kNotGiven;
    double profit = kNotGiven;
};

Result<Prices> prices(const ExactPolicy& exact, const LinearRule& rule, const StudyOptions& options,
                      const SimulationOptions& simulation) {
    const FactorState start{.first = options.start_variance};
    const Standing standing{.position = simulation.start_position, .level = simulation.start_level, .signal = {0.0}};
    Objective objective{.horizon = simulation.horizon};
    SLIPCAST_TRY(judged, exact.price(rule, objective));
    objective.risk = objective.discounted = false;
    SLIPCAST_TRY(earned, exact.price(rule, objective));
    return Prices{judged.value(start, standing), earned.value(start, standing)};
}

Table paired_table(const std::string& name, const Simulation& simulation, const std::vector<Prices>& exact) {
    std::vector<std::string> names;
    std::array<std::vector<double>, 8> columns;
    for (std::size_t r = 0; r < simulation.rules.size(); ++r) {
        const SimulatedOutcome& rule = simulation.rules[r];
        names.push_back(rule.name);
        const std::array<double, 8> row{exact[r].objective,
                                        1e4 * (exact[r].objective - exact[0].objective),
                                        1e4 * *rule.objective_gain.mean(),
                                        1e4 * *rule.objective_gain.standard_error(),
                                        1e4 * (exact[r].profit - exact[0].profit),
                                        1e4 * *rule.profit_gain.mean(),
                                        1e4 * *rule.profit_gain.standard_error(),
                                        *rule.profit.deviation()};
        for (std::size_t c = 0; c < row.size(); ++c) columns[c].push_back(row[c]);
    }
    Table table(name);
    table.add(text_column("rule", "which rule traded", std::move(names)));
    const auto add = [&](std::size_t c, const char* column, const char* unit, const char* meaning) {
        table.add(number_column(column, unit, SignTag::gain, meaning, columns[c]));
    };
    add(0, "exact_objective", "", "discounted, net of the price of risk, over the horizon; missing: not linear");
    add(1, "exact_gain", "1e-4", "its gain over the first rule");
    add(2, "gain", "1e-4", "the same by paired paths");
    add(3, "gain_error", "1e-4", "its standard error");
    add(4, "exact_profit_gain", "1e-4", "expected profit over the first rule's: no discount, no price of risk");
    add(5, "profit_gain", "1e-4", "the same by paired paths");
    add(6, "profit_gain_error", "1e-4", "its standard error");
    add(7, "profit_deviation", "", "standard deviation of profit over paths");
    return table;
}

}  // namespace

Result<PairedStudy> paired_study(const StudyOptions& options, const SimulationOptions& simulation,
                                 const Progress& progress) {
    SLIPCAST_CHECK(options.validate());
    SLIPCAST_CHECK(simulation.validate());
    const Parameters parameters = options.parameters();
    const FactorModel model = options.fast(options.time_scale);
    SLIPCAST_TRY(exact, ExactPolicy::solve(parameters, model, {.nodes = options.nodes}));
    std::vector<SimulatedRule> rules;
    std::vector<Prices> priced;
    for (const StudyRule kind : study_rules()) {
        SLIPCAST_TRY(rule, study_rule(kind, options, options.time_scale, exact));
        SLIPCAST_TRY(price, prices(exact, rule, options, simulation));
        rules.push_back(simulated(name(kind), rule, parameters));
        priced.push_back(price);
    }
    SLIPCAST_TRY(trader, trader_with(options, GuardOptions::seed()));
    rules.push_back(traded("seed", trader, actual_step(simulation)));
    priced.emplace_back();
    SLIPCAST_TRY(made, simulate(parameters, model, {.first = options.start_variance}, rules, simulation, progress));
    Table table = paired_table("paired", made, priced);
    return PairedStudy{std::move(made), std::move(table)};
}

Result<PairedStudy> guard_study(const StudyOptions& options, const SimulationOptions& simulation,
                                const Progress& progress) {
    SLIPCAST_CHECK(options.validate());
    SLIPCAST_CHECK(simulation.validate());
    const Parameters parameters = options.parameters();
    const FactorModel model = options.fast(options.time_scale);
    SLIPCAST_TRY(exact, ExactPolicy::solve(parameters, model, {.nodes = options.nodes}));
    const std::array<std::pair<const char*, bool GuardOptions::*>, 5> single{{{"aim", &GuardOptions::aim},
                                                                              {"half_step", &GuardOptions::half_step},
                                                                              {"rate_cap", &GuardOptions::rate_cap},
                                                                              {"overshoot", &GuardOptions::overshoot},
                                                                              {"turnover", &GuardOptions::turnover}}};
    std::vector<std::pair<std::string, GuardOptions>> cases{{"none", no_guards()}};
    for (const auto& [label, member] : single) {
        cases.emplace_back(label, no_guards());
        cases.back().second.*member = true;
        cases.back().second.half_step_threshold = options.half_step_threshold;
    }
    cases.emplace_back("native", GuardOptions{});
    cases.emplace_back("seed", GuardOptions::seed());
    std::vector<SimulatedRule> rules;
    std::vector<Prices> priced(cases.size());
    for (std::size_t c = 0; c < cases.size(); ++c) {
        SLIPCAST_TRY(trader, trader_with(options, cases[c].second));
        rules.push_back(traded(cases[c].first, trader, actual_step(simulation)));
        const bool is_linear = cases[c].first == "none" || cases[c].first == "half_step";
        if (!is_linear) continue;
        const StudyRule kind = c == 0 ? StudyRule::fast_one : StudyRule::half_step;
        SLIPCAST_TRY(rule, study_rule(kind, options, options.time_scale, exact));
        SLIPCAST_TRY(price, prices(exact, rule, options, simulation));
        priced[c] = price;
    }
    SLIPCAST_TRY(made, simulate(parameters, model, {.first = options.start_variance}, rules, simulation, progress));
    Table table = paired_table("guards", made, priced);
    return PairedStudy{std::move(made), std::move(table)};
}

}  // namespace slipcast::control
