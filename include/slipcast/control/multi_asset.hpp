#pragma once

#include <Eigen/Core>
#include <cstdint>

#include "slipcast/control/parameters.hpp"
#include "slipcast/core/result.hpp"

namespace slipcast::control {

/// Many assets: positions q and impact levels l in R^n, signals x in R^m, dl = (impact u - impact_decay l) dt,
/// dx = -signal_decay x dt + noise of covariance signal_covariance; maximize E int e^(-discount t) [q'(loadings x
/// + impact u - impact_decay l) - u' trading_cost u/2 - risk_aversion q' covariance q/2] dt. Units as in `Parameters`.
struct MultiAssetProblem {
    Eigen::MatrixXd trading_cost;       ///< K, n x n, symmetric positive definite
    Eigen::MatrixXd impact;             ///< Lambda, n x n
    Eigen::MatrixXd impact_decay;       ///< n x n, 1/day
    Eigen::MatrixXd covariance;         ///< Sigma, n x n, symmetric positive definite, per day
    Eigen::MatrixXd loadings;           ///< L, n x m
    Eigen::MatrixXd signal_decay;       ///< Phi, m x m, 1/day, eigenvalues with real part >= 0
    Eigen::MatrixXd signal_covariance;  ///< m x m, symmetric positive semidefinite, per day
    double risk_aversion = kNotGiven;   ///< gamma > 0
    double discount = kNotGiven;        ///< rho > 0, 1/day

    [[nodiscard]] Result<void> validate() const;
};

/// Which method solves.
enum class MultiAssetPath : std::uint8_t {
    automatic,  ///< the scalar closed form when the matrices allow it, else the general one
    general     ///< doubling, Sylvester and Lyapunov equations whatever the matrices are
};

/// The optimal rule u = position_gain q + impact_gain l + signal_gain x and its value -z' X z/2 + constant, z = (q, l,
/// x).
class MultiAssetRule {
public:
    [[nodiscard]] const Eigen::MatrixXd& position_gain() const { return position_gain_; }
    [[nodiscard]] const Eigen::MatrixXd& impact_gain() const { return impact_gain_; }
    [[nodiscard]] const Eigen::MatrixXd& signal_gain() const { return signal_gain_; }
    /// X, symmetric, (2n + m) square.
    [[nodiscard]] const Eigen::MatrixXd& value_matrix() const { return value_matrix_; }
    [[nodiscard]] double constant() const { return constant_; }
    /// Trading rates, positions per day. Sizes are asserted.
    [[nodiscard]] Eigen::VectorXd decide(const Eigen::VectorXd& q, const Eigen::VectorXd& l,
                                         const Eigen::VectorXd& x) const;
    /// Where positions move to: u = -position_gain (aim - q).
    [[nodiscard]] Eigen::VectorXd aim(const Eigen::VectorXd& l, const Eigen::VectorXd& x) const;
    [[nodiscard]] double value(const Eigen::VectorXd& q, const Eigen::VectorXd& l, const Eigen::VectorXd& x) const;
    /// Doubling steps; 0 when the closed form served.
    [[nodiscard]] int iterations() const { return iterations_; }
    /// Of the Riccati equation in (q, l), relative to its largest term; 0 when the closed form served.
    [[nodiscard]] double residual() const { return residual_; }

private:
    friend class MultiAssetSolver;
    Eigen::MatrixXd position_gain_;
    Eigen::MatrixXd impact_gain_;
    Eigen::MatrixXd signal_gain_;
    Eigen::MatrixXd value_matrix_;
    double constant_ = 0.0;
    int iterations_ = 0;
    double residual_ = 0.0;
};

/// Solves the problem. The Riccati equation of size 2n + m splits into one of size 2n for (q, l), a Sylvester equation
/// for the signals and a Lyapunov equation; the first is solved by structure-preserving doubling (Chu, Fan, Lin 2005,
/// "A structure-preserving doubling algorithm for continuous-time algebraic Riccati equations"), quadratically
/// convergent. When K = k Sigma, Lambda = lambda Sigma, impact_decay = beta I and Phi is diagonal the scalar closed
/// form of `solve` at variance one gives u = [M q + Sigma^-1 (N l + sum_j P_j L_j x_j)]/k. Refused (field "stability"):
/// doubling does not converge, as when the Hamiltonian has eigenvalues on the imaginary axis, or the closed loop is not
/// asymptotically stable. Cost O(n^3).
[[nodiscard]] Result<MultiAssetRule> solve_multi_asset(const MultiAssetProblem& problem,
                                                       MultiAssetPath path = MultiAssetPath::automatic);

/// What a common fast factor adds to the position gain when Sigma = (y/mu) covariance: -(epsilon/theta) gamma (y/mu -
/// 1) K^-1 covariance, with `reversion_time` = epsilon/theta in days and `relative_variance` = y/mu.
[[nodiscard]] Eigen::MatrixXd fast_position_gain(const MultiAssetProblem& problem, double relative_variance,
                                                 double reversion_time);

/// A slow factor z of speed delta that all assets share.
struct CommonSlowFactor {
    Eigen::MatrixXd dcovariance;  ///< dSigma/dz at the present z, symmetric
    Eigen::VectorXd
        signal_covariance;          ///< with each signal's shock, at speed one: volatility x covariance, one a signal
    double time_scale = kNotGiven;  ///< delta > 0
};

/// What it adds to the trade, positions per day: sqrt(delta) K^-1 (Bq + Lambda' Bl), whatever q, l and x are.
/// `rule` is the solution of `problem`.
[[nodiscard]] Result<Eigen::VectorXd> slow_shift(const MultiAssetProblem& problem, const MultiAssetRule& rule,
                                                 const CommonSlowFactor& factor);

}  // namespace slipcast::control
