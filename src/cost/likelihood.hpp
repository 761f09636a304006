#pragma once

#include <Eigen/Dense>
#include <cstdint>
#include <vector>

#include "newton.hpp"
#include "slipcast/core/result.hpp"

namespace slipcast::cost::detail {

/// Rows as the likelihood sees them; everything scaled.
struct Rows {
    Eigen::MatrixXd mean;   ///< n x p, intercept first
    Eigen::MatrixXd scale;  ///< n x q, intercept first
    Eigen::VectorXd target;
    Eigen::VectorXd weight;
    std::vector<std::uint8_t> censored;
};

/// Independent normal priors with mean 0 (deviation 0 = flat) and nu - 2 ~ Gamma(shape, rate) as a density of
/// ln(nu - 2).
struct Prior {
    Eigen::VectorXd precision;  ///< of beta, alpha
    double nu_shape = 0.0;
    double nu_rate = 0.0;
};

/// Minus the log likelihood at (beta, alpha, ln(nu - 2)), with gradient and Hessian.
[[nodiscard]] Quadratic negative_log_likelihood(const Rows& rows, const Eigen::VectorXd& parameters);
/// Adds minus the log prior (its constants left out).
void add_prior(const Prior& prior, const Eigen::VectorXd& parameters, Quadratic& to);

}  // namespace slipcast::cost::detail
