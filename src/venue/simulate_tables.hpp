#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "slipcast/core/table_builder.hpp"
#include "slipcast/venue/learner.hpp"
#include "slipcast/venue/simulate.hpp"

namespace slipcast::venue::detail {

/// What one algorithm did in one trial: of one symbol, or the mean over symbols.
struct Outcome {
    std::vector<double> of_ideal;  ///< by window
    std::vector<double> executed;
    std::vector<double> lost;       ///< lots lost to ideal from the first order until the window's end
    std::vector<double> half_life;  ///< after each window; empty without half_life_curve_orders
    double regret = 0.0;            ///< lots an order, over all episodes
    double last_half_life = 0.0;
    std::int64_t unfinished = 0;  ///< a sum

    /// Adds one of `count` to a mean; unfinished orders add up.
    void add(const Outcome& other, double count);
};

/// Builds the tables of a simulation: means over trials with their standard errors.
class SimulationTables {
public:
    void add(Algorithm algorithm, std::span<const Outcome> trials, const SimulateOptions& options);
    [[nodiscard]] Simulation made();

private:
    using Numbers = std::array<std::vector<double>, 8>;
    static void fractions(TableBuilder& table, Numbers& numbers);

    std::vector<std::string> curve_algorithm_;
    std::vector<std::int64_t> curve_episode_;
    Numbers curve_;
    std::vector<std::string> algorithm_;
    Numbers summary_;
    std::vector<std::int64_t> unfinished_;
};

}  // namespace slipcast::venue::detail
