#pragma once

namespace slipcast::cost::detail {

/// ln of the Student t density's constant, ln Gamma((nu+1)/2) - ln Gamma(nu/2) - ln(nu pi)/2, with its first two
/// derivatives in nu. Without cancellation for large nu.
struct DensityConstant {
    double value = 0.0;
    double first = 0.0;
    double second = 0.0;
};
[[nodiscard]] DensityConstant density_constant(double nu);

/// A row's log likelihood and its derivatives in mu, l = log s and nu.
struct RowTerms {
    double value = 0.0;
    double mu = 0.0, l = 0.0, nu = 0.0;
    double mu_mu = 0.0, mu_l = 0.0, l_l = 0.0, mu_nu = 0.0, l_nu = 0.0, nu_nu = 0.0;
};

/// Of an observed cost: ln t_nu(r) - log s, r = (y - mu)/s. inverse_s = 1/s.
[[nodiscard]] RowTerms observed_row(double r, double log_s, double inverse_s, double nu,
                                    const DensityConstant& constant);

/// Of a cost known to be above a bound: ln P(T > r), r = (bound - mu)/s. Derivatives in nu are integrals of those of
/// the density over the tail (double exponential quadrature, relative error about 1e-12).
[[nodiscard]] RowTerms censored_row(double r, double inverse_s, double nu, const DensityConstant& constant);

}  // namespace slipcast::cost::detail
