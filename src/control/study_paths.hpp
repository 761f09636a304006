#pragma once

#include <array>
#include <atomic>
#include <cmath>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "slipcast/control/study.hpp"
#include "slipcast/control/trader.hpp"
#include "slipcast/core/table_builder.hpp"

namespace slipcast::control::detail {

/// The step that `simulate` takes: a whole number of them makes the horizon.
[[nodiscard]] double actual_step(const SimulationOptions& simulation);

/// Decisions of one trader over all paths, and those that a guard changed. Sums of whole numbers: the same for any
/// number of threads.
struct DecisionCount {
    std::atomic<std::int64_t> made = 0;
    std::atomic<std::int64_t> guarded = 0;
};

/// A trader on paths: decides every `every` steps, holds its rate, and takes its own fills up.
[[nodiscard]] SimulatedRule traded(const std::string& name, const Trader& trader, double step, int every,
                                   std::shared_ptr<DecisionCount> count);

/// A trader of the study's market with the epsilon correction of its fast factor.
[[nodiscard]] Result<Trader> trader_with(const StudyOptions& options, const GuardOptions& guards);

/// Exact prices of one rule over the horizon, from the start of the paths.
struct Prices {
    double objective = kNotGiven;
    double profit = kNotGiven;
};
[[nodiscard]] Result<Prices> prices(const ExactPolicy& exact, const LinearRule& rule, const StudyOptions& options,
                                    const SimulationOptions& simulation);

/// The gain columns of a table, one row a rule of each simulation in turn: exact and simulated, over the first rule of
/// its own simulation. `exact`: one entry a row.
void add_gains(TableBuilder& table, const std::vector<const Simulation*>& simulations,
               const std::vector<Prices>& exact);

/// The policy whose grid prices the half-step rule: a cell ends where that rule jumps.
[[nodiscard]] Result<ExactPolicy> exact_at(const StudyOptions& options, double epsilon);

}  // namespace slipcast::control::detail
