#pragma once

#include <span>
#include <string>

#include "slipcast/report/document.hpp"
#include "slipcast/venue/allocate.hpp"
#include "slipcast/venue/simulate.hpp"

namespace slipcast::report {

/// The split of an order explained lot by lot: each venue's marginal value against lots, the threshold that cuts them
/// all, how many lots each got and why.
[[nodiscard]] Document split_document(const venue::Allocator& allocator, const venue::Split& split,
                                      std::span<const std::string> names);

/// Learning curves of a simulation with two standard errors around them, and its summary. `source`: where the venues
/// came from, as the page says it.
[[nodiscard]] Document learning_document(const venue::Simulation& simulation, const venue::SimulateOptions& options,
                                         const std::string& source);

}  // namespace slipcast::report
