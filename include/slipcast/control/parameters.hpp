#pragma once

#include <limits>
#include <vector>

#include "slipcast/core/result.hpp"

namespace slipcast::control {

/// A number that the caller has to give: there are no live defaults.
inline constexpr double kNotGiven = std::numeric_limits<double>::quiet_NaN();

/// One return signal x: dx = -decay x dt + sqrt(variance) dB, with return drift loading * x.
struct Signal {
    double decay = kNotGiven;     ///< kappa, 1/day, >= 0
    double variance = kNotGiven;  ///< eta, per day, >= 0
    double loading = 1.0;         ///< L, daily volatilities of price per day for a signal of one
};

/// The market and the trader as the linear-quadratic problem sees them. Time in trading days, position q as a fraction
/// of the limit, prices in daily volatilities. The trade moves a persistent impact l: dl = (impact u - impact_decay l)
/// dt, and the aim is E int e^(-discount t) [q (L x + impact u - impact_decay l) - trading_cost u^2/2
/// - risk_aversion variance q^2/2] dt. Source: Chan, Sircar, Zimbidis, arXiv:2507.17162, section 2.
struct Parameters {
    double trading_cost = kNotGiven;   ///< K > 0
    double impact = kNotGiven;         ///< lambda >= 0
    double impact_decay = kNotGiven;   ///< beta >= 0, 1/day
    double risk_aversion = kNotGiven;  ///< gamma > 0
    double discount = kNotGiven;       ///< rho > 0, 1/day
    double variance = kNotGiven;       ///< v = sigma^2 > 0, per day
    std::vector<Signal> signals;       ///< at least one

    /// Refuses a number that is not finite or outside its domain, and parameters without a stable solution: the closed
    /// loop is stable if and only if risk_aversion variance (discount + impact_decay) > impact discount^2 (field
    /// "stability"). With impact_decay = 0 the impact level is inert and the same condition holds.
    [[nodiscard]] Result<void> validate() const;
    /// The part of `validate` that a new variance can break: its domain and stability.
    [[nodiscard]] Result<void> stable() const;
};

/// A linear rule: u = (position q + level l + sum_j signal_j x_j + shift) / trading_cost. The paper's M, N, P and R.
struct Gains {
    double position = 0.0;       ///< M, negative when stable
    double level = 0.0;          ///< N, on the impact level, <= 0
    std::vector<double> signal;  ///< P_j, one a signal
    double shift = 0.0;          ///< R, zero without a slow factor or correlated shocks
};

}  // namespace slipcast::control
