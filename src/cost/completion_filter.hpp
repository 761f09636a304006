#pragma once

#include <Eigen/Dense>

#include "state.hpp"

namespace slipcast::cost::detail {

/// The completion head between fits: a normal belief over its coefficients that takes one finished or missed order at a
/// time. The new belief is centered on the exact mode of (old belief) x P(label | c), which lies on the line
/// c + g information^-1 x, with the curvature there: a Laplace step an order (Spiegelhalter and Lauritzen 1990).
class CompletionFilter {
public:
    CompletionFilter() = default;
    /// Starts from the fitted head; state.completion must have columns.
    explicit CompletionFilter(const State& state);

    [[nodiscard]] bool is_empty() const { return mode_.size() == 0; }
    [[nodiscard]] const Eigen::VectorXd& mode() const { return mode_; }
    [[nodiscard]] const Eigen::MatrixXd& information() const { return information_; }
    [[nodiscard]] Eigen::MatrixXd covariance() const;
    /// information must be positive definite, of the head's size.
    void set(const Eigen::VectorXd& mode, const Eigen::MatrixXd& information);

    /// Moves toward the prior: `kept` in (0, 1] of what was learned stays.
    void forget(double kept);
    /// Learns that an order with design row x finished, or did not. weight > 0.
    void learn(const Eigen::VectorXd& x, bool is_finished, double weight);

private:
    Eigen::VectorXd mode_;
    Eigen::MatrixXd information_;
    Eigen::VectorXd prior_;  ///< precision by coefficient
};

}  // namespace slipcast::cost::detail
