#include "slipcast/control/simulate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <thread>

#include "factor_paths.hpp"
#include "slipcast/core/table_builder.hpp"

namespace slipcast::control {
namespace {

/// Paths that one task runs; sums are merged block by block, so results do not depend on threads.
constexpr std::int64_t kBlock = 250;

/// One rule on one path.
struct Walker {
    TradeFunction trade;
    bool is_held = false;
    double position = 0.0;
    double level = 0.0;
    double rate = 0.0;  ///< u now
    double objective = 0.0;
    double profit = 0.0;
};

class PathRunner {
public:
    PathRunner(const Parameters& parameters, const FactorModel& model, const FactorState& start,
               const std::vector<SimulatedRule>& rules, const SimulationOptions& options)
        : parameters_(parameters),
          model_(model),
          start_(start),
          rules_(rules),
          options_(options),
          steps_(std::max<std::int64_t>(1, std::llround(options.horizon / options.step))),
          step_(options.horizon / static_cast<double>(steps_)),
          level_decay_(std::exp(-parameters.impact_decay * step_)),
          level_reach_(parameters.impact_decay > 0.0
                           ? -std::expm1(-parameters.impact_decay * step_) / parameters.impact_decay
                           : step_),
          paths_(parameters, model, step_) {}

    [[nodiscard]] std::vector<double> checkpoints() const {
        std::vector<double> times;
        for (int c = 1; c <= options_.checkpoints; ++c) times.push_back(step_ * static_cast<double>(checkpoint(c)));
        return times;
    }

    /// Runs paths [begin, end) and adds them to `outcomes`.
    void run(std::int64_t begin, std::int64_t end, std::vector<SimulatedOutcome>& outcomes) const {
        for (std::int64_t path = begin; path < end; ++path) run_path(static_cast<std::uint64_t>(path), outcomes);
    }

private:
    /// The last step of checkpoint c = 1, 2, ...
    [[nodiscard]] std::int64_t checkpoint(int c) const { return steps_ * c / options_.checkpoints; }

    [[nodiscard]] PathState state(double time, const Walker& walker, const std::vector<double>& signal,
                                  const FactorState& factors, double variance) const {
        return {.time = time,
                .position = walker.position,
                .level = walker.level,
                .signal = signal,
                .factors = factors,
                .variance = variance};
    }

    /// Profit per day and the price of risk per day.
    [[nodiscard]] std::pair<double, double> reward(const Walker& walker, double drift, double variance) const {
        const double q = walker.position;
        const double gain = q * (drift + parameters_.impact * walker.rate - parameters_.impact_decay * walker.level) -
                            0.5 * parameters_.trading_cost * walker.rate * walker.rate;
        return {gain, 0.5 * parameters_.risk_aversion * variance * q * q};
    }

    [[nodiscard]] double drift(const std::vector<double>& signal) const {
        double sum = 0.0;
        for (std::size_t j = 0; j < signal.size(); ++j) sum += parameters_.signals[j].loading * signal[j];
        return sum;
    }

    /// Moves a walker to the state at the end of a step; `after` has the new signals and factors.
    void move(Walker& walker, PathState& after) const {
        const double q = walker.position;
        const double l = walker.level;
        const double u = walker.rate;
        if (walker.is_held) {
            walker.position = q + step_ * u;
            walker.level = l * level_decay_ + parameters_.impact * u * level_reach_;
            return;
        }
        const double slope = parameters_.impact * u - parameters_.impact_decay * l;
        after.position = q + step_ * u;
        after.level = l + step_ * slope;
        const double end = walker.trade(after);
        const double end_slope = parameters_.impact * end - parameters_.impact_decay * after.level;
        walker.position = q + 0.5 * step_ * (u + end);
        walker.level = l + 0.5 * step_ * (slope + end_slope);
    }

    void run_path(std::uint64_t path, std::vector<SimulatedOutcome>& outcomes) const {
        RandomStream stream(options_.seed, "control.simulate", path);
        std::vector<double> signal(parameters_.signals.size(), 0.0);
        FactorState factors = start_;
        double variance = model_.variance_at(factors);
        std::vector<Walker> walkers;
        for (const SimulatedRule& rule : rules_) {
            walkers.push_back({.trade = rule.start(),
                               .is_held = rule.is_held,
                               .position = options_.start_position,
                               .level = options_.start_level});
            walkers.back().rate = walkers.back().trade(state(0.0, walkers.back(), signal, factors, variance));
        }
        int next = 1;
        for (std::int64_t step = 0; step < steps_; ++step) {
            const double time = step_ * static_cast<double>(step);
            const double discount = std::exp(-parameters_.discount * time);
            const double discount_after = std::exp(-parameters_.discount * (time + step_));
            const double drift_before = drift(signal);
            const double variance_before = variance;
            paths_.advance(stream, signal, factors);
            variance = model_.variance_at(factors);
            const double drift_after = drift(signal);
            for (Walker& walker : walkers) {
                const auto [gain, risk] = reward(walker, drift_before, variance_before);
                PathState after = state(time + step_, walker, signal, factors, variance);
                move(walker, after);
                after.position = walker.position;
                after.level = walker.level;
                const double decided = walker.is_held ? walker.rate : walker.trade(after);
                walker.rate = decided;
                const auto [gain_after, risk_after] = reward(walker, drift_after, variance);
                walker.profit += 0.5 * step_ * (gain + gain_after);
                walker.objective +=
                    0.5 * step_ * (discount * (gain - risk) + discount_after * (gain_after - risk_after));
                if (walker.is_held) walker.rate = walker.trade(after);
            }
            while (next <= options_.checkpoints && step + 1 == checkpoint(next)) record(next++, walkers, outcomes);
        }
        for (std::size_t r = 0; r < walkers.size(); ++r) {
            outcomes[r].objective.add(walkers[r].objective);
            outcomes[r].profit.add(walkers[r].profit);
            outcomes[r].objective_gain.add(walkers[r].objective - walkers[0].objective);
            outcomes[r].profit_gain.add(walkers[r].profit - walkers[0].profit);
        }
    }

    static void record(int next, const std::vector<Walker>& walkers, std::vector<SimulatedOutcome>& outcomes) {
        for (std::size_t r = 0; r < walkers.size(); ++r) {
            outcomes[r].gain_until[static_cast<std::size_t>(next - 1)].add(walkers[r].objective - walkers[0].objective);
        }
    }

    const Parameters& parameters_;
    const FactorModel& model_;
    FactorState start_;
    const std::vector<SimulatedRule>& rules_;
    const SimulationOptions& options_;
    std::int64_t steps_;
    double step_;
    double level_decay_;
    double level_reach_;
    detail::FactorPaths paths_;
};

std::vector<SimulatedOutcome> empty_outcomes(const std::vector<SimulatedRule>& rules, int checkpoints) {
    std::vector<SimulatedOutcome> made;
    for (const SimulatedRule& rule : rules) {
        made.push_back({.name = rule.name,
                        .objective = {},
                        .profit = {},
                        .objective_gain = {},
                        .profit_gain = {},
                        .gain_until = std::vector<math::Moments>(static_cast<std::size_t>(checkpoints))});
    }
    return made;
}

void merge(SimulatedOutcome& into, const SimulatedOutcome& other) {
    into.objective.merge(other.objective);
    into.profit.merge(other.profit);
    into.objective_gain.merge(other.objective_gain);
    into.profit_gain.merge(other.profit_gain);
    for (std::size_t c = 0; c < into.gain_until.size(); ++c) into.gain_until[c].merge(other.gain_until[c]);
}

Result<void> validate_start(const FactorModel& model, const FactorState& start) {
    const auto valid = [](const Factor& factor, double level) {
        return std::isfinite(level) && (factor.kind == FactorKind::gaussian || level >= 0.0);
    };
    if (!valid(model.first, start.first)) {
        return invalid_value("start.first", fmt::format("{}", start.first), "must be a level of the factor");
    }
    if (model.second && !valid(*model.second, start.second)) {
        return invalid_value("start.second", fmt::format("{}", start.second), "must be a level of the factor");
    }
    for (const Factor* factor : {&model.first, model.second ? &*model.second : nullptr}) {
        if (factor == nullptr || factor->kind == FactorKind::gaussian) continue;
        const bool correlated = model.correlation_between != 0.0 ||
                                std::any_of(factor->signal_correlation.begin(), factor->signal_correlation.end(),
                                            [](double c) { return c != 0.0; });
        if (correlated && factor->volatility * factor->volatility > 4.0 * factor->mean_reversion * factor->mean) {
            return invalid_value("volatility", fmt::format("{}", factor->volatility),
                                 "a correlated square_root factor can be simulated when volatility^2 <= 4 "
                                 "mean_reversion mean; price it exactly instead");
        }
    }
    return {};
}

}  // namespace

Settings SimulationOptions::settings() {
    Settings all;
    constexpr std::int64_t kMost = 100'000'000;
    all.integer("paths", "", paths, 2, kMost, "paths; every rule runs over each of them")
        .number("horizon", "days", horizon, {.low = 0, .high = 1e4, .low_open = true}, "length of a path")
        .number("step", "days", step, {.low = 0, .high = 1, .low_open = true},
                "time step; the bias falls with its square")
        .number("start_position", "of the limit", start_position, {.low = -1e3, .high = 1e3}, "position at the start")
        .number("start_level", "daily volatilities", start_level, {.low = -1e3, .high = 1e3},
                "impact level at the start")
        .integer("checkpoints", "", checkpoints, 1, 1000, "times at which the paired gain is kept")
        .seed("seed", seed, "seed of the paths: the same seed gives the same bytes")
        .integer("threads", "", threads, 0, 1024, "threads, 0 = all cores; results do not depend on it");
    return all;
}

Result<void> SimulationOptions::validate() const {
    SimulationOptions copy = *this;
    SLIPCAST_CHECK(copy.settings().validate());
    if (horizon / step >= static_cast<double>(checkpoints) && horizon / step <= 1e8) return {};
    return invalid_value("step", fmt::format("{}", step), "horizon / step must be between checkpoints and 1e8");
}

Result<Simulation> simulate(const Parameters& parameters, const FactorModel& model, const FactorState& start,
                            const std::vector<SimulatedRule>& rules, const SimulationOptions& options,
                            const Progress& progress) {
    SLIPCAST_CHECK(parameters.validate());
    SLIPCAST_CHECK(model.validate(parameters.signals.size()));
    SLIPCAST_CHECK(options.validate());
    SLIPCAST_CHECK(validate_start(model, start));
    if (rules.empty()) return Error{ErrorCode::missing_field, "rules", "", "give at least one rule", {}};
    const PathRunner runner(parameters, model, start, rules, options);
    const auto blocks = static_cast<std::size_t>((options.paths + kBlock - 1) / kBlock);
    std::vector<std::vector<SimulatedOutcome>> parts(blocks);
    std::atomic<std::size_t> next = 0;
    std::atomic<bool> stop = false;
    const auto work = [&](bool reports) {
        for (std::size_t block = next++; block < blocks && !stop; block = next++) {
            parts[block] = empty_outcomes(rules, options.checkpoints);
            const auto begin = static_cast<std::int64_t>(block) * kBlock;
            runner.run(begin, std::min(begin + kBlock, options.paths), parts[block]);
            if (reports && progress && !progress("simulate", begin, options.paths)) stop = true;
        }
    };
    const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
    const std::size_t wanted = options.threads == 0 ? cores : static_cast<std::size_t>(options.threads);
    std::vector<std::thread> team;
    for (std::size_t i = 1; i < std::min(wanted, blocks); ++i) team.emplace_back(work, false);
    work(true);
    for (std::thread& member : team) member.join();
    if (stop) return Error{ErrorCode::interrupted, "simulate", "", "stopped as asked", {}};
    Simulation made{.checkpoints = runner.checkpoints(), .rules = empty_outcomes(rules, options.checkpoints)};
    for (const std::vector<SimulatedOutcome>& part : parts) {
        for (std::size_t r = 0; r < part.size(); ++r) merge(made.rules[r], part[r]);
    }
    return made;
}

Table simulation_table(const Simulation& simulation) {
    const auto& rules = simulation.rules;
    TableBuilder table("simulation", rules.size());
    table.add(plain("rule", "which rule traded"), of(rules, &SimulatedOutcome::name));
    const auto add = [&](const char* name, const char* unit, const char* meaning, auto value) {
        table.add(plain(name, meaning, unit, SignTag::gain), of(rules, value));
    };
    using Rule = const SimulatedOutcome&;
    add("objective", "", "mean discounted objective net of the price of risk, from the start",
        [](Rule r) { return *r.objective.mean(); });
    add("objective_error", "", "its standard error", [](Rule r) { return *r.objective.standard_error(); });
    add("gain", "1e-4", "objective over the first rule's, path by path",
        [](Rule r) { return 1e4 * *r.objective_gain.mean(); });
    add("gain_error", "1e-4", "its standard error", [](Rule r) { return 1e4 * *r.objective_gain.standard_error(); });
    add("profit", "", "mean profit: not discounted, without the price of risk",
        [](Rule r) { return *r.profit.mean(); });
    add("profit_error", "", "its standard error", [](Rule r) { return *r.profit.standard_error(); });
    add("profit_deviation", "", "standard deviation of profit over paths",
        [](Rule r) { return *r.profit.deviation(); });
    add("profit_gain", "1e-4", "profit over the first rule's, path by path",
        [](Rule r) { return 1e4 * *r.profit_gain.mean(); });
    add("profit_gain_error", "1e-4", "its standard error",
        [](Rule r) { return 1e4 * *r.profit_gain.standard_error(); });
    return table.take();
}

}  // namespace slipcast::control
