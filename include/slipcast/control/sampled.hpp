#pragma once

#include <array>
#include <complex>

#include "slipcast/control/rule.hpp"

namespace slipcast::control {

/// The best rule for a trader who chooses the trading rate at the start of each step and holds it.
struct SampledRule {
    Rule rule;                                          ///< decides the rate held; V is of the sampled problem
    double step = kNotGiven;                            ///< days
    std::array<std::complex<double>, 2> multipliers{};  ///< eigenvalues of (q, l) over one step, modulus < 1: stable
    int iterations = 0;                                 ///< of the doubling
    double residual = 0.0;                              ///< of the discrete Riccati equation, relative to its solution
};

/// Exact discretization of the same problem (decay, impact, reward and discount within the step are integrated, not
/// approximated) and its discrete Riccati equation, by structure-preserving doubling (Chu, Fan, Lin, Wang 2004); the
/// signals' part is linear. As step goes to zero the gains go to those of `solve`, with a difference of order step.
/// Refuses what `solve` refuses, a step that is not finite and > 0, and problems whose discrete equation has no
/// stabilizing solution (field "stability").
[[nodiscard]] Result<SampledRule> sampled(const Parameters& parameters, double step);

}  // namespace slipcast::control
