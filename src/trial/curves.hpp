#pragma once

#include <vector>

#include "slipcast/core/result.hpp"
#include "slipcast/forecast/forecaster.hpp"
#include "slipcast/market/dataset.hpp"
#include "slipcast/sim/curve.hpp"

namespace slipcast::trial {

/// The volume curve of every instrument and session of `market`, as forecast at the open; none where no past session
/// says one.
[[nodiscard]] Result<std::vector<sim::DatedCurve>> forecast_curves(const market::Dataset& market,
                                                                   const forecast::Forecaster& forecaster);

}  // namespace slipcast::trial
