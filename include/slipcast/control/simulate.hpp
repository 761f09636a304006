#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "slipcast/control/factors.hpp"
#include "slipcast/control/parameters.hpp"
#include "slipcast/control/pricing.hpp"
#include "slipcast/core/progress.hpp"
#include "slipcast/core/result.hpp"
#include "slipcast/core/settings.hpp"
#include "slipcast/core/table.hpp"
#include "slipcast/math/statistics.hpp"

namespace slipcast::control {

/// What a rule sees on a path.
struct PathState {
    double time = 0.0;  ///< days
    double position = 0.0;
    double level = 0.0;
    std::span<const double> signal;
    FactorState factors;
    double variance = 0.0;
};

/// u at a state, positions per day.
using TradeFunction = std::function<double(const PathState&)>;

/// A rule as simulated. `start` makes a fresh one for each path, so that a rule may remember.
struct SimulatedRule {
    std::string name;
    std::function<TradeFunction()> start;
    /// Decides at the start of a step and keeps its rate over it; otherwise it trades continuously.
    bool is_held = false;
};

/// How to simulate.
struct SimulationOptions {
    std::int64_t paths = 20'000;
    double horizon = 20.0;  ///< days
    double step = 0.02;     ///< days
    double start_position = 0.0;
    double start_level = 0.0;
    int checkpoints = 20;  ///< times at which the paired gain is kept
    std::uint64_t seed = 1;
    int threads = 0;  ///< 0 = all cores; results do not depend on it

    [[nodiscard]] Settings settings();
    [[nodiscard]] Result<void> validate() const;
};

/// One rule over all paths. Objective: discounted and net of the price of risk. Profit: neither.
struct SimulatedOutcome {
    std::string name;
    math::Moments objective;
    math::Moments profit;
    math::Moments objective_gain;           ///< over the first rule, path by path
    math::Moments profit_gain;              ///< the same
    std::vector<math::Moments> gain_until;  ///< objective gain up to each checkpoint
};

struct Simulation {
    std::vector<double> checkpoints;  ///< days
    std::vector<SimulatedOutcome> rules;
};

/// Runs all rules over the same paths: path n of stream (seed, "control.simulate", n) gives every rule the same signals
/// and factors, so that differences between rules are measured far better than the rules themselves. Signals and
/// gaussian factors by their exact transitions; a square_root factor by its own (noncentral chi-square), or, when its
/// shock is correlated, by a splitting of weak order two (Ninomiya and Victoir 2008, as in Alfonsi 2010). Positions,
/// impact and rewards by Heun's method: bias of second order in the step. The same bytes for any number of threads.
/// Starts: signals at zero, factors at `start`. Refused: invalid arguments, no rule, a correlated square_root factor
/// with volatility^2 > 4 mean_reversion mean (the splitting needs it).
[[nodiscard]] Result<Simulation> simulate(const Parameters& parameters, const FactorModel& model,
                                          const FactorState& start, const std::vector<SimulatedRule>& rules,
                                          const SimulationOptions& options, const Progress& progress = {});

/// One row a rule: means, standard errors, and the paired gain over the first rule in 1e-4 of the unit of value.
[[nodiscard]] Table simulation_table(const Simulation& simulation);

}  // namespace slipcast::control
