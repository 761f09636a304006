#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "slipcast/report/document.hpp"
#include "slipcast/venue/allocate.hpp"
#include "slipcast/venue/fit_pairs.hpp"
#include "slipcast/venue/simulate.hpp"

namespace slipcast::report {

/// The split of an order explained lot by lot: each venue's marginal value against lots, the threshold that cuts them
/// all, how many lots each got and why, what the search over minimum sizes may miss, and what was known of each venue.
/// Above six venues each has a frame of its own, with the same axes; above `kDrawnVenues` those that get most.
inline constexpr std::size_t kDrawnVenues = 24;
[[nodiscard]] Document split_document(const venue::Allocator& allocator, const venue::Split& split,
                                      std::span<const std::string> names);

/// What `fit_pairs` found: a figure a pair with the fitted P(S >= s) beside Kaplan-Meier and its pointwise band, up to
/// the largest size sent, and the table of fits. Draws the first `kDrawnPairs` pairs and says how many there are.
/// `source`: where the log came from, as the page says it; `confidence`: of the bands.
inline constexpr std::size_t kDrawnPairs = 24;
[[nodiscard]] Document fits_document(const venue::PairFits& fits, double confidence, const std::string& source);

/// Learning curves of a simulation with two standard errors around them: fraction of ideal, fraction executed, regret
/// and half-life of every algorithm that ran; its summary, how each algorithm splits, and the venues. `source`: where
/// the venues came from, as the page says it.
[[nodiscard]] Document learning_document(const venue::Simulation& simulation,
                                         std::span<const venue::SimulatedSymbol> symbols,
                                         const venue::SimulateOptions& options, const std::string& source);

}  // namespace slipcast::report
