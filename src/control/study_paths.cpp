#include "study_paths.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "slipcast/control/multiscale.hpp"

namespace slipcast::control::detail {

double actual_step(const SimulationOptions& simulation) {
    return simulation.horizon / static_cast<double>(std::max(1LL, std::llround(simulation.horizon / simulation.step)));
}

namespace {

/// A trader on one path.
class PathTrader {
public:
    PathTrader(const Trader& trader, double step, int every, std::shared_ptr<DecisionCount> count)
        : trader_(trader), step_(step), every_(every), count_(std::move(count)) {}

    double operator()(const PathState& state) {
        if (taken_ > 0) {
            const Fill fill{.time = state.time, .quantity = held_ * step_, .days = step_};
            SLIPCAST_ASSERT(trader_.record(fill).has_value(), "a fill of the path is a fill");
        }
        if (taken_++ % every_ != 0) return held_;
        const auto decision = trader_.decide({.time = state.time,
                                              .position = state.position,
                                              .signal = state.signal,
                                              .variance = state.factors.first,
                                              .step = step_ * every_});
        SLIPCAST_ASSERT(decision.has_value(), "a path's state is finite");
        if (count_ != nullptr) {
            ++count_->made;
            if (decision->acted > 0) ++count_->guarded;
        }
        held_ = decision->trade;
        return held_;
    }

private:
    Trader trader_;
    double step_;
    int every_;
    std::shared_ptr<DecisionCount> count_;
    std::int64_t taken_ = 0;
    double held_ = 0.0;
};

}  // namespace

SimulatedRule traded(const std::string& name, const Trader& trader, double step, int every,
                     std::shared_ptr<DecisionCount> count) {
    return {.name = name,
            .start = [trader, step, every, count = std::move(count)]() -> TradeFunction {
                return PathTrader(trader, step, every, count);
            },
            .is_held = true};
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

Result<ExactPolicy> exact_at(const StudyOptions& options, double epsilon) {
    const double threshold = options.half_step_threshold * options.mean_variance;
    return ExactPolicy::solve(options.parameters(), options.fast(epsilon), {.nodes = options.nodes, .edge = threshold});
}

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

void add_gains(TableBuilder& table, const std::vector<const Simulation*>& simulations,
               const std::vector<Prices>& exact) {
    std::array<std::vector<double>, 8> columns;
    std::size_t first = 0;
    for (const Simulation* simulation : simulations) {
        for (std::size_t r = 0; r < simulation->rules.size(); ++r) {
            const SimulatedOutcome& rule = simulation->rules[r];
            const Prices& price = exact[first + r];
            const std::array<double, 8> row{price.objective,
                                            1e4 * (price.objective - exact[first].objective),
                                            1e4 * *rule.objective_gain.mean(),
                                            1e4 * *rule.objective_gain.standard_error(),
                                            1e4 * (price.profit - exact[first].profit),
                                            1e4 * *rule.profit_gain.mean(),
                                            1e4 * *rule.profit_gain.standard_error(),
                                            *rule.profit.deviation()};
            for (std::size_t c = 0; c < row.size(); ++c) columns[c].push_back(row[c]);
        }
        first += simulation->rules.size();
    }
    const auto add = [&](std::size_t c, const char* column, const char* unit, const char* meaning) {
        table.add(plain(column, meaning, unit, SignTag::gain), finite(std::move(columns[c])));
    };
    add(0, "exact_objective", "", "discounted, net of the price of risk, over the horizon; missing: not linear");
    add(1, "exact_gain", "1e-4", "its gain over the first rule");
    add(2, "gain", "1e-4", "the same by paired paths");
    add(3, "gain_error", "1e-4", "its standard error");
    add(4, "exact_profit_gain", "1e-4", "expected profit over the first rule's: no discount, no price of risk");
    add(5, "profit_gain", "1e-4", "the same by paired paths");
    add(6, "profit_gain_error", "1e-4", "its standard error");
    add(7, "profit_deviation", "", "standard deviation of profit over paths");
}

}  // namespace slipcast::control::detail
