#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "slipcast/core/progress.hpp"
#include "slipcast/core/result.hpp"
#include "slipcast/core/settings.hpp"
#include "slipcast/core/table.hpp"
#include "slipcast/venue/compare.hpp"
#include "slipcast/venue/learner.hpp"
#include "slipcast/venue/liquidity.hpp"
#include "slipcast/venue/observation.hpp"

namespace slipcast::venue {

/// One symbol's venues as the simulator draws them.
struct SimulatedSymbol {
    std::string symbol;
    std::vector<Liquidity> venues;
};

struct SimulateOptions {
    std::int64_t volume = 8'000;
    std::int64_t least_volume = 0;  ///< > 0: each order uniform on least_volume..volume
    std::int64_t episodes = 2'000;
    std::int64_t trials = 40;
    std::int64_t switch_at = 0;  ///< > 0: after this episode every venue has another one's liquidity
    std::int64_t window = 50;
    std::int64_t half_life_orders = 20;
    std::int64_t half_life_curve_orders = 2;
    std::int64_t max_liquidity = 0;  ///< what likelihood learners assume; 0: the venues' largest. Routers learn theirs
    /// By name; "all" = every one.
    std::vector<std::string> algorithms{"ideal", "slipcast", "exponentiated_gradient", "bandit", "uniform"};
    std::uint64_t seed = 1;
    std::int64_t threads = 0;  ///< 0: all cores; results do not depend on it

    [[nodiscard]] Settings settings();
};

/// What every algorithm did.
struct Simulation {
    /// A row a window of `window` episodes and algorithm: episode (its last), fraction_of_ideal (expected fill over the
    /// ideal split's, mean over symbols and trials), fraction_executed (expected fill over volume), cumulative_regret
    /// (expected lots lost to ideal by all orders so far, mean over symbols and trials) and half_life (as below, of
    /// `half_life_curve_orders` orders of `volume` worked after the window by a copy of the algorithm, so that its own
    /// orders stay as they were), each with the standard error over trials (the symbols are given, not drawn).
    Table curves;
    /// A row an algorithm: the last window's fractions with errors, regret (expected lots lost to ideal, per order,
    /// over all episodes), half_life (times the remainder is sent until more than half of an order is done, after
    /// learning, which goes on) with errors, and orders that were not half done after 200 rounds.
    Table summary;
};

/// The simulator of Ganchev, Kearns, Nevmyvaka, Wortman Vaughan (2010), section 5.3: hidden liquidity is drawn
/// independently at every venue for every episode, min(sent, liquidity) is filled, and the algorithm sees only that.
/// Draws come from streams of (seed, symbol, trial), so every algorithm meets the same liquidity. Refused: no symbol,
/// symbols of different numbers of venues, unknown algorithms, options out of range.
[[nodiscard]] Result<Simulation> simulate(std::span<const SimulatedSymbol> symbols, const SimulateOptions& options,
                                          const Progress& progress = {});

/// The liquidity behind `synthetic_suite`, by symbol and venue.
[[nodiscard]] Result<std::vector<SimulatedSymbol>> simulated_suite(const SuiteOptions& options = {});

/// What was simulated: a row a symbol and venue with shape, zero_bin, parameter (its name), parameter_value,
/// max_liquidity (missing where the shape has no end). Venues are numbered from 1.
[[nodiscard]] Table venues_table(std::span<const SimulatedSymbol> symbols);

/// A simulator from a log.
struct SimulatorFromLog {
    std::vector<SimulatedSymbol> symbols;  ///< those seen at every venue
    /// A row a venue: symbols, smallest and largest zero bin and exponent, how many exponents are negative, the largest
    /// size that every symbol was sent.
    Table ranges;
    std::int64_t largest_order = 0;  ///< no venue of any symbol was sent less than this at most
    std::int64_t left_out = 0;       ///< pairs without an identified shape, or of symbols not seen at every venue
};
/// A zero bin and power law for each pair by maximum likelihood. Orders beyond `largest_order` ask what a venue would
/// have filled of sizes that the log never sent: `require_observed` refuses them (not_identified).
[[nodiscard]] Result<SimulatorFromLog> simulator_from_log(std::span<const PairLog> logs);
[[nodiscard]] Result<void> require_observed(const SimulatorFromLog& simulator, std::int64_t volume);

}  // namespace slipcast::venue
