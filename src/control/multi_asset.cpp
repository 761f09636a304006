#include "slipcast/control/multi_asset.hpp"

#include <fmt/format.h>

#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>
#include <Eigen/LU>
#include <cmath>
#include <string>

#include "matrix_equations.hpp"
#include "slipcast/control/rule.hpp"

namespace slipcast::control {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

/// Of the Riccati equation, relative: above this the doubling has not solved it.
constexpr double kResidualAllowed = 1e-9;
/// Entries this close, relative to the largest, count as equal: what rounding leaves of K = k Sigma.
constexpr double kSame = 1e-14;

std::string shape(const MatrixXd& matrix) {
    return fmt::format("{} x {}", matrix.rows(), matrix.cols());
}

Result<void> shaped(const char* field, const MatrixXd& matrix, Index rows, Index columns) {
    if (matrix.rows() != rows || matrix.cols() != columns) {
        return invalid_value(field, shape(matrix), fmt::format("must be {} x {}", rows, columns));
    }
    if (matrix.allFinite()) return {};
    return invalid_value(field, "nan", "must be finite");
}

Result<void> symmetric(const char* field, const MatrixXd& matrix) {
    const double gap = (matrix - matrix.transpose()).cwiseAbs().maxCoeff();
    if (gap <= 1e-12 * matrix.cwiseAbs().maxCoeff()) return {};
    return invalid_value(field, fmt::format("{}", gap), "must be symmetric");
}

Result<void> positive_definite(const char* field, const MatrixXd& matrix) {
    SLIPCAST_CHECK(symmetric(field, matrix));
    if (Eigen::LLT<MatrixXd>(matrix).info() == Eigen::Success) return {};
    return invalid_value(field, "", "must be positive definite");
}

Result<void> positive(const char* field, double value) {
    if (std::isfinite(value) && value > 0.0) return {};
    return invalid_value(field, fmt::format("{}", value), "must be finite and > 0");
}

Error unstable(const std::string& why) {
    return invalid_value("stability", why, "no stable solution");
}

/// The factor f of a = f b, when there is one.
bool is_multiple(const MatrixXd& a, const MatrixXd& b, double& factor) {
    factor = a.trace() / b.trace();
    return (a - factor * b).cwiseAbs().maxCoeff() <= kSame * std::max(a.cwiseAbs().maxCoeff(), 1e-300);
}

/// The matrices of the (q, l) problem, z1 = (q, l), discounting shifted in.
struct PairProblem {
    MatrixXd a;      ///< A1
    MatrixXd b;      ///< B1 = [I; Lambda]
    MatrixXd cost;   ///< Q1
    MatrixXd cross;  ///< S1 = [-Lambda; 0]

    explicit PairProblem(const MultiAssetProblem& problem) {
        const Index n = problem.trading_cost.rows();
        a = -0.5 * problem.discount * MatrixXd::Identity(2 * n, 2 * n);
        a.bottomRightCorner(n, n) -= problem.impact_decay;
        b.resize(2 * n, n);
        b << MatrixXd::Identity(n, n), problem.impact;
        cost = MatrixXd::Zero(2 * n, 2 * n);
        cost.topLeftCorner(n, n) = problem.risk_aversion * problem.covariance;
        cost.topRightCorner(n, n) = problem.impact_decay;
        cost.bottomLeftCorner(n, n) = problem.impact_decay.transpose();
        cross = MatrixXd::Zero(2 * n, n);
        cross.topRows(n) = -problem.impact;
    }
};

}  // namespace

/// Fills a rule, by either path.
class MultiAssetSolver {
public:
    explicit MultiAssetSolver(const MultiAssetProblem& problem)
        : problem_(problem),
          cost_(problem.trading_cost),
          n_(problem.trading_cost.rows()),
          m_(problem.signal_decay.rows()) {}

    [[nodiscard]] Result<MultiAssetRule> general() {
        const PairProblem pair(problem_);
        const MatrixXd pulled = cost_.solve(pair.cross.transpose());  // K^-1 S'
        const MatrixXd a = pair.a - pair.b * pulled;
        const MatrixXd g = pair.b * cost_.solve(pair.b.transpose());
        const MatrixXd h = pair.cost - pair.cross * pulled;
        const auto solved = detail::riccati(a, g, h);
        if (!solved) return unstable("the Riccati equation has no stabilizing solution");
        const MatrixXd& x1 = solved->x;
        rule_.iterations_ = solved->iterations;
        const MatrixXd ax = x1 * a;
        const MatrixXd quadratic = x1 * g * x1;
        rule_.residual_ =
            (ax + ax.transpose() - quadratic + h).norm() / (2.0 * ax.norm() + quadratic.norm() + h.norm());
        if (!(rule_.residual_ <= kResidualAllowed)) return unstable(fmt::format("residual {}", rule_.residual_));
        const MatrixXd gain = -cost_.solve(pair.b.transpose() * x1 + pair.cross.transpose());
        const MatrixXd loop = pair.a + pair.b * gain;
        SLIPCAST_CHECK(check_loop(loop));
        rule_.position_gain_ = gain.leftCols(n_);
        rule_.impact_gain_ = gain.rightCols(n_);
        add_signals(pair, loop, x1);
        return std::move(rule_);
    }

    [[nodiscard]] std::optional<Result<MultiAssetRule>> closed() {
        double k = 0.0;
        double lambda = 0.0;
        const MatrixXd identity = MatrixXd::Identity(n_, n_);
        double beta = 0.0;
        if (!is_multiple(problem_.trading_cost, problem_.covariance, k) ||
            !is_multiple(problem_.impact, problem_.covariance, lambda) ||
            !is_multiple(problem_.impact_decay, identity, beta) || !problem_.signal_decay.isDiagonal(0.0)) {
            return std::nullopt;
        }
        Parameters scalar{.trading_cost = k,
                          .impact = lambda,
                          .impact_decay = beta,
                          .risk_aversion = problem_.risk_aversion,
                          .discount = problem_.discount,
                          .variance = 1.0,
                          .signals = {}};
        for (Index j = 0; j < m_; ++j) scalar.signals.push_back({problem_.signal_decay(j, j), 1.0, 1.0});
        return from_scalar(scalar);
    }

private:
    [[nodiscard]] Result<void> check_loop(const MatrixXd& loop) const {
        const MatrixXd plain = loop + 0.5 * problem_.discount * MatrixXd::Identity(2 * n_, 2 * n_);
        // Without decay the impact level is inert: it moves nothing, and nothing moves it back.
        const bool inert = problem_.impact_decay.isZero(0.0);
        if (detail::is_stable(inert ? MatrixXd(plain.topLeftCorner(n_, n_)) : plain)) return {};
        return unstable("the closed loop is not asymptotically stable");
    }

    /// Signal gain, value matrix and constant from the (q, l) solution.
    void add_signals(const PairProblem& pair, const MatrixXd& loop, const MatrixXd& x1) {
        const MatrixXd decay = -problem_.signal_decay - 0.5 * problem_.discount * MatrixXd::Identity(m_, m_);
        MatrixXd loads = MatrixXd::Zero(2 * n_, m_);
        loads.topRows(n_) = problem_.loadings;
        const MatrixXd x12 = detail::sylvester(loop.transpose(), decay, loads);
        rule_.signal_gain_ = -cost_.solve(pair.b.transpose() * x12);
        const MatrixXd spent = rule_.signal_gain_.transpose() * problem_.trading_cost * rule_.signal_gain_;
        MatrixXd x22 = detail::sylvester(decay.transpose(), decay, spent);
        x22 = (0.5 * (x22 + x22.transpose())).eval();
        fill_value(x1, x12, x22);
    }

    void fill_value(const MatrixXd& x1, const MatrixXd& x12, const MatrixXd& x22) {
        rule_.value_matrix_.resize(2 * n_ + m_, 2 * n_ + m_);
        rule_.value_matrix_ << x1, x12, x12.transpose(), x22;
        rule_.constant_ = -(x22 * problem_.signal_covariance).trace() / (2.0 * problem_.discount);
    }

    [[nodiscard]] Result<MultiAssetRule> from_scalar(const Parameters& scalar) {
        SLIPCAST_TRY(solved, solve(scalar));
        const Coefficients& A = solved.coefficients();
        const Eigen::LLT<MatrixXd> covariance(problem_.covariance);
        const MatrixXd inverse = covariance.solve(MatrixXd::Identity(n_, n_));
        const double k = scalar.trading_cost;
        rule_.position_gain_ = solved.gains().position / k * MatrixXd::Identity(n_, n_);
        rule_.impact_gain_ = solved.gains().level / k * inverse;
        MatrixXd scaled_q = problem_.loadings;
        MatrixXd scaled_l = problem_.loadings;
        MatrixXd pulls = problem_.loadings;
        for (Index j = 0; j < m_; ++j) {
            const auto signal = static_cast<std::size_t>(j);
            pulls.col(j) *= solved.gains().signal[signal] / k;
            scaled_q.col(j) *= -A.Aqx[signal];
            scaled_l.col(j) *= -A.Alx[signal];
        }
        rule_.signal_gain_ = covariance.solve(pulls);
        MatrixXd x1(2 * n_, 2 * n_);
        x1 << A.Aqq * problem_.covariance, -A.Aql * MatrixXd::Identity(n_, n_), -A.Aql * MatrixXd::Identity(n_, n_),
            -A.All * inverse;
        MatrixXd x12(2 * n_, m_);
        x12 << scaled_q, covariance.solve(scaled_l);
        MatrixXd x22 = -(problem_.loadings.transpose() * covariance.solve(problem_.loadings));
        for (Index i = 0; i < m_; ++i) {
            for (Index j = 0; j < m_; ++j) x22(i, j) *= A.Axx[static_cast<std::size_t>(i * m_ + j)];
        }
        fill_value(x1, x12, x22);
        return std::move(rule_);
    }

    const MultiAssetProblem& problem_;
    Eigen::LLT<MatrixXd> cost_;
    Index n_;
    Index m_;
    MultiAssetRule rule_;
};

Result<void> MultiAssetProblem::validate() const {
    const Index n = trading_cost.rows();
    const Index m = signal_decay.rows();
    if (n < 1) return invalid_value("trading_cost", shape(trading_cost), "needs at least one asset");
    if (m < 1) return invalid_value("signal_decay", shape(signal_decay), "needs at least one signal");
    SLIPCAST_CHECK(shaped("trading_cost", trading_cost, n, n));
    SLIPCAST_CHECK(shaped("impact", impact, n, n));
    SLIPCAST_CHECK(shaped("impact_decay", impact_decay, n, n));
    SLIPCAST_CHECK(shaped("covariance", covariance, n, n));
    SLIPCAST_CHECK(shaped("loadings", loadings, n, m));
    SLIPCAST_CHECK(shaped("signal_decay", signal_decay, m, m));
    SLIPCAST_CHECK(shaped("signal_covariance", signal_covariance, m, m));
    SLIPCAST_CHECK(positive_definite("trading_cost", trading_cost));
    SLIPCAST_CHECK(positive_definite("covariance", covariance));
    SLIPCAST_CHECK(symmetric("signal_covariance", signal_covariance));
    SLIPCAST_CHECK(positive("risk_aversion", risk_aversion));
    SLIPCAST_CHECK(positive("discount", discount));
    const Eigen::SelfAdjointEigenSolver<MatrixXd> noise(signal_covariance, Eigen::EigenvaluesOnly);
    if (noise.eigenvalues().minCoeff() < -1e-12 * std::max(noise.eigenvalues().maxCoeff(), 0.0)) {
        return invalid_value("signal_covariance", fmt::format("{}", noise.eigenvalues().minCoeff()),
                             "must be positive semidefinite");
    }
    const bool decays = signal_decay.isDiagonal(0.0)
                            ? signal_decay.diagonal().minCoeff() >= 0.0
                            : Eigen::EigenSolver<MatrixXd>(signal_decay, false).eigenvalues().real().minCoeff() >= 0.0;
    if (decays) return {};
    return invalid_value("signal_decay", "", "eigenvalues must have real parts >= 0");
}

VectorXd MultiAssetRule::decide(const VectorXd& q, const VectorXd& l, const VectorXd& x) const {
    SLIPCAST_ASSERT(q.size() == position_gain_.cols() && l.size() == q.size() && x.size() == signal_gain_.cols(),
                    "one number an asset and one a signal");
    return position_gain_ * q + impact_gain_ * l + signal_gain_ * x;
}

VectorXd MultiAssetRule::aim(const VectorXd& l, const VectorXd& x) const {
    return -position_gain_.partialPivLu().solve(impact_gain_ * l + signal_gain_ * x);
}

double MultiAssetRule::value(const VectorXd& q, const VectorXd& l, const VectorXd& x) const {
    VectorXd z(q.size() + l.size() + x.size());
    z << q, l, x;
    SLIPCAST_ASSERT(z.size() == value_matrix_.rows(), "one number an asset and one a signal");
    return constant_ - 0.5 * z.dot(value_matrix_ * z);
}

Result<MultiAssetRule> solve_multi_asset(const MultiAssetProblem& problem, MultiAssetPath path) {
    SLIPCAST_CHECK(problem.validate());
    MultiAssetSolver solver(problem);
    if (path == MultiAssetPath::automatic) {
        if (auto closed = solver.closed()) return std::move(*closed);
    }
    return solver.general();
}

MatrixXd fast_position_gain(const MultiAssetProblem& problem, double relative_variance, double reversion_time) {
    const double scale = -reversion_time * problem.risk_aversion * (relative_variance - 1.0);
    return scale * Eigen::LLT<MatrixXd>(problem.trading_cost).solve(problem.covariance);
}

Result<VectorXd> slow_shift(const MultiAssetProblem& problem, const MultiAssetRule& rule,
                            const CommonSlowFactor& factor) {
    SLIPCAST_CHECK(problem.validate());
    const Index n = problem.trading_cost.rows();
    const Index m = problem.signal_decay.rows();
    SLIPCAST_CHECK(shaped("dcovariance", factor.dcovariance, n, n));
    SLIPCAST_CHECK(symmetric("dcovariance", factor.dcovariance));
    SLIPCAST_CHECK(shaped("signal_covariance", factor.signal_covariance, m, 1));
    SLIPCAST_CHECK(positive("time_scale", factor.time_scale));
    const PairProblem pair(problem);
    const Eigen::LLT<MatrixXd> cost(problem.trading_cost);
    MatrixXd gain(n, 2 * n);
    gain << rule.position_gain(), rule.impact_gain();
    const MatrixXd loop = pair.a + pair.b * gain;
    // Derivatives in z of the Riccati and the Sylvester equation.
    MatrixXd source = MatrixXd::Zero(2 * n, 2 * n);
    source.topLeftCorner(n, n) = -problem.risk_aversion * factor.dcovariance;
    const MatrixXd x1_slope = detail::sylvester(loop.transpose(), loop, source);
    const MatrixXd gain_slope = -cost.solve(pair.b.transpose() * x1_slope);
    const MatrixXd decay = -problem.signal_decay - 0.5 * problem.discount * MatrixXd::Identity(m, m);
    const MatrixXd x12 = rule.value_matrix().block(0, 2 * n, 2 * n, m);
    const MatrixXd moved = -gain_slope.transpose() * (pair.b.transpose() * x12);
    const MatrixXd x12_slope = detail::sylvester(loop.transpose(), decay, moved);
    const MatrixXd plain = loop + 0.5 * problem.discount * MatrixXd::Identity(2 * n, 2 * n);
    const MatrixXd discounted = problem.discount * MatrixXd::Identity(2 * n, 2 * n) - plain.transpose();
    const VectorXd linear = discounted.partialPivLu().solve(-(x12_slope * factor.signal_covariance));
    return VectorXd(std::sqrt(factor.time_scale) * cost.solve(pair.b.transpose() * linear));
}

}  // namespace slipcast::control
