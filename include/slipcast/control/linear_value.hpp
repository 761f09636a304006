#pragma once

#include <vector>

#include "slipcast/control/rule.hpp"

namespace slipcast::control {

/// What a linear rule is worth: V(q, l, x) = the quadratic form of `quadratic` + Bq q + Bl l + sum_j Bx_j x_j. The
/// linear part comes from the rule's shift; its constant is in quadratic.A0.
struct LinearValue {
    Coefficients quadratic;
    double Bq = 0.0;
    double Bl = 0.0;
    std::vector<double> Bx;
};

/// The value of trading u = (position q + level l + sum_j signal_j x_j + shift)/K for ever at constant variance: exact,
/// from the linear equations that the Hamilton-Jacobi-Bellman equation leaves once u is fixed. Never above the value of
/// `solve`. Refuses invalid parameters and a rule whose value is infinite: an eigenvalue of its closed loop with real
/// part >= discount/2 (field "stability").
[[nodiscard]] Result<LinearValue> linear_value(const Parameters& parameters, const Gains& gains);

}  // namespace slipcast::control
