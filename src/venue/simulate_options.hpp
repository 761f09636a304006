#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "slipcast/core/random.hpp"
#include "slipcast/core/result.hpp"
#include "slipcast/venue/learner.hpp"
#include "slipcast/venue/simulate.hpp"

namespace slipcast::venue::detail {

/// Names of the random streams of a trial.
inline constexpr const char* kLiquidityStream = "venue.simulate.liquidity";
inline constexpr const char* kVolumeStream = "venue.simulate.volume";

/// Which run of those streams a symbol's trial is.
[[nodiscard]] inline std::uint64_t trial_entity(std::size_t symbol, std::int64_t trial) {
    return static_cast<std::uint64_t>(symbol) * 1'000'003U + static_cast<std::uint64_t>(trial);
}

/// The exchange of venues at switch_at: each takes another one's liquidity, by a shift that trials take in turn. A
/// single venue keeps its own.
void exchange_venues(std::vector<Liquidity>& truth, std::uint64_t entity);

/// Lots of the next order.
[[nodiscard]] std::int64_t order_volume(const SimulateOptions& options, RandomStream& volumes);

/// What likelihood learners assume of every venue.
[[nodiscard]] Result<std::shared_ptr<const PowerLawGrid>> learners_grid(std::span<const SimulatedSymbol> symbols,
                                                                        const SimulateOptions& options);

/// What a venue is called.
[[nodiscard]] std::string venue_name(const SimulatedSymbol& symbol, std::size_t venue);

/// The algorithms to simulate. Refused: options out of range or in contradiction, a symbol without a venue, orders
/// beyond what a log sent, an unknown algorithm.
[[nodiscard]] Result<std::vector<Algorithm>> checked_algorithms(std::span<const SimulatedSymbol> symbols,
                                                                const SimulateOptions& options);

}  // namespace slipcast::venue::detail
