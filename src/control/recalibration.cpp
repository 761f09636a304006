#include "slipcast/control/recalibration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace slipcast::control {

Result<void> RecalibrationOptions::validate() const {
    if (!(least_factor > 0.0 && least_factor <= 1.0)) {
        return invalid_value("least_factor", fmt::format("{}", least_factor), "must be in (0, 1]");
    }
    if (!(largest_factor >= 1.0 && std::isfinite(largest_factor))) {
        return invalid_value("largest_factor", fmt::format("{}", largest_factor), "must be finite and >= 1");
    }
    if (!(least_expected > 0.0 && std::isfinite(least_expected))) {
        return invalid_value("least_expected", fmt::format("{}", least_expected), "must be finite and > 0");
    }
    return {};
}

Recalibration recalibrate(double impact, double realized, double expected, const RecalibrationOptions& options) {
    SLIPCAST_ASSERT(options.validate(), "recalibration options are validated before use");
    SLIPCAST_ASSERT(std::isfinite(impact) && impact >= 0.0, "an impact in force is valid");
    if (!std::isfinite(expected) || !std::isfinite(realized) || expected <= options.least_expected) {
        return {impact, 1.0, false};
    }
    const double factor = std::clamp(realized / expected, options.least_factor, options.largest_factor);
    return {impact * factor, factor, true};
}

double expected_slippage(double trading_cost, double trade, double impact_level) {
    if (trade == 0.0) return 0.0;
    return 0.5 * trading_cost * std::abs(trade) + std::copysign(1.0, trade) * impact_level;
}

}  // namespace slipcast::control
