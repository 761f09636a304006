#pragma once

#include "slipcast/control/parameters.hpp"
#include "slipcast/core/result.hpp"

namespace slipcast::control {

/// Bounds of one recalibration of the impact.
struct RecalibrationOptions {
    double least_factor = 0.5;
    double largest_factor = 2.0;
    double least_expected = 1e-12;  ///< an expected slippage below it says nothing: factor 1

    /// Refuses bounds that are not 0 < least_factor <= 1 <= largest_factor, and least_expected that is not > 0.
    [[nodiscard]] Result<void> validate() const;
};

/// An impact and what it was multiplied by.
struct Recalibration {
    double impact = kNotGiven;
    double factor = 1.0;
    bool is_informative = false;  ///< false: expected was too small or a slippage was not finite; factor 1
};

/// impact x clip(realized / expected, least_factor, largest_factor), for slippages of one unit (see
/// `expected_slippage`). A negative realized slippage gives least_factor; expected not finite or below least_expected,
/// or realized not finite, gives factor 1. Asserts valid options and a finite impact >= 0. The rule has to be solved
/// again: every coefficient depends on the impact.
[[nodiscard]] Recalibration recalibrate(double impact, double realized, double expected,
                                        const RecalibrationOptions& options = {});

/// What one unit traded at rate u is expected to cost against the unaffected price, in daily volatilities: K |u|/2 of
/// instantaneous cost + sign(u) l of standing impact. Positive is a cost; weight it by volume to compare with realized
/// slippage. Zero at u = 0.
[[nodiscard]] double expected_slippage(double trading_cost, double trade, double impact_level);

}  // namespace slipcast::control
