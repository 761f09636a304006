#pragma once

#include <string>

#include "slipcast/control/study.hpp"
#include "slipcast/core/result.hpp"
#include "slipcast/core/table.hpp"

namespace slipcast::report {

/// What a study of trading rules found: its options and result tables.
struct ControlStudy {
    control::StudyOptions options;
    control::SimulationOptions simulation;
    Table fast_loss;
    Table slow_loss;
    Table states;
    control::PairedStudy paired;
    control::PairedStudy guards;
};

/// One page of a study: the paired gain with its standard error first, then loss over the time scales of both factors,
/// rate, aim and closed-loop speeds over the variance, the gain along paired paths with bands, and what each guard
/// costs.
[[nodiscard]] Result<std::string> control_page(const ControlStudy& study);

}  // namespace slipcast::report
