#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "slipcast/core/progress.hpp"
#include "slipcast/core/result.hpp"
#include "slipcast/core/settings.hpp"
#include "slipcast/core/table.hpp"
#include "slipcast/venue/fit.hpp"
#include "slipcast/venue/observation.hpp"

namespace slipcast::venue {

/// The models that are compared, in the order in which ties are broken. Kaplan-Meier reads misses with a minimum by
/// Turnbull's estimate.
inline constexpr std::array<Shape, 5> kModels{Shape::power_law, Shape::uniform, Shape::exponential, Shape::poisson,
                                              Shape::empirical};
/// "power_law", ..., "kaplan_meier".
[[nodiscard]] std::string_view model_name(Shape shape);
/// The shape of a model's name; refused with the nearest.
[[nodiscard]] Result<Shape> model_of(std::string_view name);

struct CompareOptions {
    std::uint64_t seed = 1;
    double test_share = 0.5;
    double smoothing = 1e-3;
    std::int64_t max_liquidity = 0;  ///< lots; 0: default_max_liquidity of the pair's whole log
    std::int64_t min_observations = 20;

    [[nodiscard]] Settings settings();
};

/// Losses of the models on one pair, in the order of kModels.
struct ModelChoice {
    std::array<double, kModels.size()> train_loss{};  ///< nats an observation
    std::array<double, kModels.size()> test_loss{};
    std::size_t best = 0;  ///< lowest test loss, the first of equals
    std::int64_t train_observations = 0;
    std::int64_t test_observations = 0;
    std::int64_t max_liquidity = 0;
    [[nodiscard]] Shape shape() const { return kModels[best]; }
};

/// Fits every model to one half of the log and scores it on the other. The halves are drawn from stream (seed,
/// "venue.compare", digest of the pair's names), so they depend on nothing but these. Refused: options out of range,
/// fewer than min_observations, an impossible observation, one sent beyond max_liquidity.
[[nodiscard]] Result<ModelChoice> choose_model(const PairLog& log, const CompareOptions& options = {});

/// The comparison over many pairs.
struct Comparison {
    /// A row a model: train_loss and test_loss (means over observations of all pairs), wins.
    Table models;
    /// A row a pair: observations, the test loss of each model, the best model.
    Table pairs;
    std::int64_t compared = 0;
    std::int64_t too_few = 0;  ///< pairs with fewer than min_observations, left out
    /// Which model wins most pairs, and how the power law does where it is another, in plain words.
    [[nodiscard]] std::string verdict() const;
};
/// Scores the models on every pair. A win is the lowest test loss of a pair; models of exactly equal loss share it, so
/// wins sum to the pairs compared. Refused: no pair with enough observations; what choose_model refuses.
[[nodiscard]] Result<Comparison> compare_models(std::span<const PairLog> logs, const CompareOptions& options = {},
                                                const Progress& progress = {});

/// What the hidden liquidity of a synthetic suite looks like.
struct SuiteOptions {
    enum Kind : int { shares, lots, lognormal };
    int suite = shares;
    std::int64_t symbols = 12;
    std::int64_t venues = 4;
    std::int64_t observations = 600;
    std::uint64_t seed = 1;

    [[nodiscard]] Settings settings();
    /// The largest liquidity of the suite, in its lots.
    [[nodiscard]] std::int64_t max_liquidity() const { return suite == shares ? 10'000 : 100; }
};
/// Logs with known liquidity, in the likeness of the seed's data: zero bins uniform in 0.67..0.96, exponents uniform in
/// 0.25..1.3 but at the last venue of which 7 in 12 lie in -0.4..0. `shares`: power laws on 1..10,000, orders lognormal
/// around 800. `lots`: power laws on 1..100 round lots, orders of a few lots. `lognormal`: the orders of `lots`, but
/// liquidity lognormal around 3 lots, which no model here contains. Refused: options out of range.
[[nodiscard]] Result<std::vector<PairLog>> synthetic_suite(const SuiteOptions& options = {});

}  // namespace slipcast::venue
