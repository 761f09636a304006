#pragma once

#include <span>
#include <vector>

#include "slipcast/core/result.hpp"
#include "slipcast/venue/learner.hpp"
#include "slipcast/venue/simulate.hpp"

namespace slipcast::venue::detail {

/// The algorithms to simulate. Refused: options out of range or in contradiction, symbols of different numbers of
/// venues, an unknown algorithm.
[[nodiscard]] Result<std::vector<Algorithm>> checked_algorithms(std::span<const SimulatedSymbol> symbols,
                                                                const SimulateOptions& options);

}  // namespace slipcast::venue::detail
