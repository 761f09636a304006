#include "newton.hpp"

#include <Eigen/Eigenvalues>
#include <cmath>
#include <limits>

namespace slipcast::cost::detail {

namespace {

using Eigen::Index;
using Eigen::VectorXd;

struct Eigensystem {
    VectorXd values;
    Eigen::MatrixXd vectors;
};

// |step(shift)| of the shifted model, in the basis of eigenvectors.
double shifted_norm(const VectorXd& values, const VectorXd& gradient, double shift) {
    double square = 0.0;
    for (Index i = 0; i < values.size(); ++i) {
        const double part = gradient[i] / (values[i] + shift);
        square += part * part;
    }
    return std::sqrt(square);
}

// The minimizer of g'p + p'Hp/2 over |p| <= radius.
VectorXd model_step(const Eigensystem& hessian, const VectorXd& gradient, double radius) {
    const VectorXd along = hessian.vectors.transpose() * gradient;
    const double lowest = hessian.values[0];
    const double largest = std::max(std::abs(lowest), std::abs(hessian.values[hessian.values.size() - 1]));
    const double tiny = 1e-12 * std::max(1.0, largest);
    double low = lowest > tiny ? 0.0 : tiny - lowest;
    if (shifted_norm(hessian.values, along, low) > radius) {
        double high = along.norm() / radius + std::abs(lowest) + tiny;
        for (int step = 0; step < 200 && high - low > 1e-12 * high; ++step) {
            const double middle = 0.5 * (low + high);
            (shifted_norm(hessian.values, along, middle) > radius ? low : high) = middle;
        }
        low = high;
    }
    VectorXd step(along.size());
    for (Index i = 0; i < along.size(); ++i) step[i] = -along[i] / (hessian.values[i] + low);
    // The hard case: the gradient has nothing along a direction of negative curvature, so go there to the border.
    if (lowest < -tiny && step.norm() < 0.99 * radius) {
        step[0] += std::sqrt(std::max(0.0, radius * radius - step.squaredNorm())) * (step[0] < 0.0 ? -1.0 : 1.0);
    }
    return hessian.vectors * step;
}

Eigensystem eigensystem(const Eigen::MatrixXd& hessian) {
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(hessian);
    return {solver.eigenvalues(), solver.eigenvectors()};
}

void certify(NewtonResult& result, const Eigensystem& hessian) {
    const double largest = std::max(1e-300, hessian.values[hessian.values.size() - 1]);
    result.positive_definite = hessian.values[0] > 1e-13 * largest;
    result.decrement = std::numeric_limits<double>::infinity();
    if (!result.positive_definite) return;
    const VectorXd along = hessian.vectors.transpose() * result.last.gradient;
    result.decrement = 0.5 * (along.array().square() / hessian.values.array()).sum();
}

}  // namespace

NewtonResult minimum(const Objective& objective, const VectorXd& start, const NewtonOptions& options,
                     const std::function<bool(const VectorXd&)>& go_on) {
    NewtonResult result;
    result.at = start;
    result.last = objective(start);
    double radius = options.radius;
    for (;; ++result.iterations) {
        const Eigensystem hessian = eigensystem(result.last.hessian);
        certify(result, hessian);
        const bool done = result.decrement < options.tolerance;
        if (go_on && !go_on(result.at)) {
            result.stopped = true;
            return result;
        }
        if (result.iterations >= options.max_iterations && !done) return result;
        const VectorXd step = model_step(hessian, result.last.gradient, radius);
        const double predicted =
            result.last.gradient.dot(step) + 0.5 * step.dot(result.last.hessian.selfadjointView<Eigen::Lower>() * step);
        const VectorXd trial = result.at + step;
        Quadratic at_trial = objective(trial);
        const double actual = at_trial.value - result.last.value;
        // Below rounding the value says nothing; the gradient does.
        const double noise = 1e-13 * std::max(1.0, std::abs(result.last.value));
        const bool down = std::isfinite(at_trial.value) && (actual < 0.0 || (std::abs(actual) <= noise && done));
        if (done) {
            // One last full step: quadratic convergence takes the gradient to rounding.
            if (down && at_trial.gradient.norm() < result.last.gradient.norm()) {
                result.at = trial;
                result.last = std::move(at_trial);
                certify(result, eigensystem(result.last.hessian));
            }
            result.converged = result.positive_definite;
            return result;
        }
        const double ratio = std::isfinite(at_trial.value) ? actual / predicted : -1.0;
        if (ratio < 0.25) radius = 0.25 * step.norm();
        if (ratio > 0.75 && step.norm() > 0.9 * radius) radius = std::min(2.0 * radius, options.radius);
        if (down && ratio > 1e-4) {
            result.at = trial;
            result.last = std::move(at_trial);
        } else if (radius < 1e-14 * std::max(1.0, result.at.norm())) {
            return result;
        }
    }
}

}  // namespace slipcast::cost::detail
