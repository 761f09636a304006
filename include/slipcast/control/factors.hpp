#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "slipcast/control/parameters.hpp"
#include "slipcast/core/result.hpp"

namespace slipcast::control {

/// What a factor of volatility follows.
enum class FactorKind : std::uint8_t {
    square_root,  ///< dy = speed mean_reversion (mean - y) dt + sqrt(speed y) volatility dB, on y > 0 (CIR)
    gaussian      ///< dz = speed mean_reversion (mean - z) dt + sqrt(speed) volatility dB (Ornstein-Uhlenbeck)
};

/// One factor of volatility. `speed` is its clock: 1/epsilon of a fast factor, delta of a slow one; the invariant
/// distribution does not depend on it.
struct Factor {
    FactorKind kind = FactorKind::square_root;
    double mean = kNotGiven;                 ///< mu; > 0 for square_root
    double mean_reversion = kNotGiven;       ///< theta > 0, 1/day at speed one
    double volatility = kNotGiven;           ///< xi or g > 0, at speed one
    double speed = 1.0;                      ///< > 0
    std::vector<double> signal_correlation;  ///< with the shock of each signal; empty = none

    /// Refuses a number outside its domain; `name` goes into the field of the refusal.
    [[nodiscard]] Result<void> validate(const std::string& name, std::size_t signals) const;
    /// Standard deviation of the invariant distribution.
    [[nodiscard]] double deviation() const;
};

/// Where the factors stand. Without a second factor `second` is not read.
struct FactorState {
    double first = kNotGiven;
    double second = 0.0;
};

/// One or two factors and the variance they make.
struct FactorModel {
    Factor first;
    std::optional<Factor> second;
    /// sigma^2(first, second) > 0, per day. Empty: the first factor itself, which has to be square_root and alone.
    std::function<double(double first, double second)> variance;
    double correlation_between = 0.0;  ///< of the two factors' shocks

    /// Refuses factors outside their domain, correlations that no random variables have (shocks of signals are
    /// independent of each other), and a variance that is not given when it has to be.
    [[nodiscard]] Result<void> validate(std::size_t signals) const;
    [[nodiscard]] double variance_at(const FactorState& state) const;
};

}  // namespace slipcast::control
