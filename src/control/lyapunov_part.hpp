#pragma once

#include <cstddef>
#include <vector>

#include "closed_form.hpp"
#include "slipcast/control/rule.hpp"

namespace slipcast::control::detail {

/// Gains (Mc, Nc, Pc) of the correction C to the value function that a quadratic source S in the next order's equation
/// makes: rho C_qq = S_qq - 2 M Mc/K and so on, with Mc = -C_qq + lambda C_ql, Nc = C_ql + lambda C_ll,
/// Pc = C_qx + lambda C_lx. Letters of section 6 of the derivation; S has the signs of `Coefficients`.
[[nodiscard]] Gains source_gains(const Parameters& market, const Gains& base, const Coefficients& source);

/// R of sources (sum of S_q, sum of S_l) in the equations of Bq and Bl:
/// [(rho + beta) S_q + rho lambda S_l]/p(rho/2).
[[nodiscard]] double source_shift(const Parameters& market, double position_source, double level_source);

}  // namespace slipcast::control::detail
