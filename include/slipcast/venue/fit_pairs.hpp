#pragma once

#include <cstdint>
#include <span>

#include "slipcast/core/progress.hpp"
#include "slipcast/core/result.hpp"
#include "slipcast/core/settings.hpp"
#include "slipcast/core/table.hpp"
#include "slipcast/venue/observation.hpp"

namespace slipcast::venue {

struct FitPairsOptions {
    enum Model : int { power_law, uniform, poisson, exponential, kaplan_meier, best };
    int model = power_law;
    std::int64_t max_liquidity = 0;  ///< lots; 0: default_max_liquidity of the pair
    double confidence = 0.95;
    double smoothing = 1e-3;
    std::uint64_t seed = 1;
    std::int64_t tail_sizes = 60;

    [[nodiscard]] Settings settings();
};

/// The liquidity of every pair of symbol and venue.
struct PairFits {
    /// A row a pair: what was observed by kind, the model, zero bin and parameter with profile likelihood intervals,
    /// whether the log pins the shape down, log-likelihood in nats.
    Table fits;
    /// P(S >= size) of the model beside Kaplan-Meier (Turnbull where misses carry a minimum) with its pointwise band,
    /// at up to `tail_sizes` sizes from 1 to the largest sent, spread evenly in the logarithm. What lies beyond was
    /// never sent.
    Table tails;
};

/// Fits each pair by itself. With model `best` the model of each pair is the one that scores best on held-out
/// observations (compare.hpp), then fitted to all; pairs with too few observations for that get the power law.
/// Refused: no pair, options out of range, an observation beyond max_liquidity.
[[nodiscard]] Result<PairFits> fit_pairs(std::span<const PairLog> logs, const FitPairsOptions& options = {},
                                         const Progress& progress = {});

}  // namespace slipcast::venue
