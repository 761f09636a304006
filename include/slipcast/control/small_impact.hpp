#pragma once

#include "slipcast/control/rule.hpp"

namespace slipcast::control {

/// The first-order expansion in small impact, and how far it is from the exact rule of the same parameters.
struct SmallImpactRule {
    Rule rule;  ///< its parameters hold the impact in force: theta impact, theta impact_decay
    double theta = kNotGiven;
    double impact_ratio = 0.0;  ///< theta impact / Aqq at no impact: small when the expansion is good, whatever theta
    double decay_ratio = 0.0;   ///< theta impact_decay / (discount + Aqq/K at no impact): the same for the decay
    double gain_error = 0.0;    ///< largest difference of M, N and P from the exact ones, relative to |M| or |P|
    double value_loss = 0.0;    ///< share of the exact rule's A0 that trading by the expansion loses; 0 when A0 is 0
};

/// Impact theta lambda with decay theta beta, to first order in theta: with M = theta lambda - Aqq, N = Aql, P = Aqx
/// and A = A0 + theta A1, Aqq0 = (K/2)(sqrt(rho^2 + 4 gamma v/K) - rho), Aqx0_j = L_j/(rho + kappa_j + Aqq0/K), Aqq1 =
/// 2 lambda Aqq0/(K rho + 2 Aqq0), Aql1 = -beta K/(K rho + Aqq0), All1 = 0. Errors are of order theta^2. Refuses what
/// `solve` refuses at the impact in force, and theta outside (0, 0.2). `solve` is exact and as fast: this is here for
/// comparison with the published rule. Source: arXiv:2507.17162, section 2.6.
[[nodiscard]] Result<SmallImpactRule> solve_small_impact(const Parameters& parameters, double theta);

}  // namespace slipcast::control
