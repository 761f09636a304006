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
    std::vector<std::string> names = {};  ///< of the venues; empty: POOL1, POOL2, ...
    /// By venue, where its liquidity was fitted to a log: the largest size that log sent, else kLargestSize. Empty: no
    /// venue is fitted. `simulate` refuses larger orders.
    std::vector<std::int64_t> largest_sent = {};
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
    bool extrapolate = false;  ///< orders beyond `largest_sent`, by the fitted shapes alone
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
/// a symbol without a venue, unknown algorithms, options out of range; without `extrapolate` also (not_identified)
/// orders that ask what a venue would have filled of sizes that its log never sent.
[[nodiscard]] Result<Simulation> simulate(std::span<const SimulatedSymbol> symbols, const SimulateOptions& options,
                                          const Progress& progress = {});

/// The liquidity behind `synthetic_suite`, by symbol and venue.
[[nodiscard]] Result<std::vector<SimulatedSymbol>> simulated_suite(const SuiteOptions& options = {});

/// What was simulated: a row a symbol and venue with shape, zero_bin, parameter (its name), parameter_value,
/// max_liquidity (missing where the shape has no end). Venues without names are POOL1, POOL2, ...
[[nodiscard]] Table venues_table(std::span<const SimulatedSymbol> symbols);

/// The routes of a simulation's first trial under one algorithm, as `fit` and `compare-models` read routes: a row an
/// order and venue that was sent something, in the order of orders, with symbol, venue, sent, filled and hypothetical
/// (what was simulated). The same orders and draws as in `simulate`, whose refusals it shares; options.algorithms is
/// not read.
[[nodiscard]] Result<Table> simulated_routes(std::span<const SimulatedSymbol> symbols, const SimulateOptions& options,
                                             Algorithm algorithm);

/// A simulator from a log.
struct SimulatorFromLog {
    std::vector<SimulatedSymbol> symbols;  ///< each with the venues where its shape is identified, two at least
    /// A row a venue: symbols, smallest and largest zero bin and exponent, how many exponents are negative, the largest
    /// size that every symbol was sent.
    Table ranges;
    /// A row a pair that is not simulated, with the reason: why its shape is not identified (no_fill, no_partial_fill,
    /// at_bound), or only_venue: a symbol of one venue leaves nothing to split.
    Table left_out;
    std::int64_t largest_order = 0;  ///< no venue of any symbol was sent less than this at most
};
/// A zero bin and power law for each pair by maximum likelihood. Refused: no pair, no symbol that can be simulated
/// (not_identified).
[[nodiscard]] Result<SimulatorFromLog> simulator_from_log(std::span<const PairLog> logs);

}  // namespace slipcast::venue
