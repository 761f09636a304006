#pragma once

#include <span>
#include <string>

#include "slipcast/report/document.hpp"
#include "slipcast/venue/allocate.hpp"
#include "slipcast/venue/fit_pairs.hpp"
#include "slipcast/venue/simulate.hpp"

namespace slipcast::report {

/// The split of an order explained lot by lot: each venue's marginal value against lots, the threshold that cuts them
/// all, how many lots each got and why.
[[nodiscard]] Document split_document(const venue::Allocator& allocator, const venue::Split& split,
                                      std::span<const std::string> names);

/// What `fit_pairs` found: a figure a pair with the fitted P(S >= s) beside Kaplan-Meier and its pointwise band, up to
/// the largest size sent, and the table of fits. Draws the first `kDrawnPairs` pairs and says how many there are.
/// `source`: where the log came from, as the page says it; `confidence`: of the bands.
inline constexpr std::size_t kDrawnPairs = 24;
[[nodiscard]] Document fits_document(const venue::PairFits& fits, double confidence, const std::string& source);

/// Learning curves of a simulation with two standard errors around them, and its summary. `source`: where the venues
/// came from, as the page says it.
[[nodiscard]] Document learning_document(const venue::Simulation& simulation, const venue::SimulateOptions& options,
                                         const std::string& source);

}  // namespace slipcast::report
