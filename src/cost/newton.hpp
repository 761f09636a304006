#pragma once

#include <Eigen/Dense>
#include <cstdint>
#include <functional>

namespace slipcast::cost::detail {

/// A function to minimize with its gradient and Hessian; +inf outside its domain.
struct Quadratic {
    double value = 0.0;
    Eigen::VectorXd gradient;
    Eigen::MatrixXd hessian;
};
using Objective = std::function<Quadratic(const Eigen::VectorXd&)>;

struct NewtonOptions {
    int max_iterations = 200;
    double tolerance = 1e-10;  ///< on the Newton decrement: how far the value could still fall
    double radius = 2.0;       ///< first and largest step
};

/// Where the search ended and what certifies it: converged means a positive definite Hessian and a decrement below the
/// tolerance.
struct NewtonResult {
    Eigen::VectorXd at;
    Quadratic last;
    std::int64_t iterations = 0;
    double decrement = 0.0;  ///< g'H^-1 g / 2; +inf where the Hessian is not positive definite
    bool positive_definite = false;
    bool converged = false;
    bool stopped = false;  ///< by `go_on`
};

/// Newton's method in a trust region, each step the exact minimizer of the quadratic model in the ball (More and
/// Sorensen 1983, through the eigenvalues). `go_on` is asked before each step.
[[nodiscard]] NewtonResult minimum(const Objective& objective, const Eigen::VectorXd& start,
                                   const NewtonOptions& options,
                                   const std::function<bool(const Eigen::VectorXd&)>& go_on = {});

}  // namespace slipcast::cost::detail
