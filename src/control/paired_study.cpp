#include <array>
#include <cmath>

#include "slipcast/control/rule.hpp"
#include "slipcast/control/study.hpp"
#include "study_paths.hpp"

namespace slipcast::control {
namespace {

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

}  // namespace

Result<PairedStudy> paired_study(const StudyOptions& options, const SimulationOptions& simulation,
                                 const Progress& progress) {
    SLIPCAST_CHECK(options.validate());
    SLIPCAST_CHECK(simulation.validate());
    const Parameters parameters = options.parameters();
    const FactorModel model = options.fast(options.time_scale);
    SLIPCAST_TRY(exact, detail::exact_at(options, options.time_scale));
    std::vector<SimulatedRule> rules;
    std::vector<detail::Prices> priced;
    std::vector<std::string> names;
    for (const StudyRule kind : study_rules()) {
        SLIPCAST_TRY(rule, study_rule(kind, options, options.time_scale, exact));
        SLIPCAST_TRY(price, detail::prices(exact, rule, options, simulation));
        names.push_back(name(kind));
        rules.push_back(simulated(names.back(), rule, parameters));
        priced.push_back(price);
    }
    SLIPCAST_TRY(trader, detail::trader_with(options, GuardOptions::seed()));
    names.emplace_back("seed");
    rules.push_back(detail::traded("seed", trader, detail::actual_step(simulation), 1, nullptr));
    priced.emplace_back();
    SLIPCAST_TRY(made, simulate(parameters, model, {.first = options.start_variance}, rules, simulation, progress));
    TableBuilder table("paired", names.size());
    table.add(plain("rule", "which rule traded"), std::move(names));
    detail::add_gains(table, {&made}, priced);
    return PairedStudy{std::move(made), table.take()};
}

}  // namespace slipcast::control
