#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "slipcast/core/table.hpp"
#include "slipcast/desk/options.hpp"
#include "slipcast/math/resample.hpp"

namespace slipcast::trial {

/// What one policy made of one order; costs in bps, positive hurts.
struct Worked {
    double shortfall_bps = 0.0;
    double arrival_cost_bps = 0.0;  ///< NaN without a fill
    double fees_bps = 0.0;
    double completion = 0.0;  ///< filled over ordered
    double dark_share = 0.0;  ///< of what was filled
    std::int64_t children = 0;
};

/// The orders of a trial and what each policy made of them.
struct Comparison {
    std::vector<std::string> order_id, symbol, side;
    std::vector<double> size;
    std::vector<std::int64_t> block;  ///< orders of one block share a path
    std::vector<std::string> policies;
    std::vector<std::vector<Worked>> worked;  ///< by policy and order
};

/// Tables trial_policies, trial_pairs and trial_orders. At least one order.
[[nodiscard]] std::vector<Table> comparison_tables(const Comparison& comparison,
                                                   const desk::ObjectiveOptions& objective,
                                                   const math::ResampleOptions& resample);

}  // namespace slipcast::trial
