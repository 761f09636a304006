#pragma once

#include <array>
#include <memory>
#include <vector>

#include "design.hpp"
#include "mixture.hpp"
#include "slipcast/cost/predictor.hpp"
#include "state.hpp"

namespace slipcast::cost::detail {

/// A linear predictor ready to be evaluated: x'c and x'Cx = |L'x|^2 with C = L L'.
class LinearKernel {
public:
    LinearKernel() = default;
    LinearKernel(const Part& part, const Eigen::VectorXd& coefficients, const Eigen::MatrixXd& covariance);
    void set(const Eigen::VectorXd& coefficients, const Eigen::MatrixXd& covariance);

    [[nodiscard]] bool is_empty() const { return columns_.empty(); }

    /// Values and variances of kRows rows; inputs[i] points to kRows values.
    template <std::size_t kRows>
    void evaluate(const double* const* inputs, double* value, double* variance) const {
        double x[kMaxColumns][kRows];
        const std::size_t columns = columns_.size();
        for (std::size_t i = 0; i < kRows; ++i) value[i] = variance[i] = 0.0;
        for (std::size_t j = 0; j < columns; ++j) {
            const DesignColumn& column = columns_[j];
            fill(column, column.first < 0 ? nullptr : inputs[column.first],
                 column.second < 0 ? nullptr : inputs[column.second], x[j],
                 std::integral_constant<std::size_t, kRows>{});
            const double c = coefficient_[j];
            for (std::size_t i = 0; i < kRows; ++i) value[i] += c * x[j][i];
        }
        const double* root = root_.data();
        for (std::size_t j = 0; j < columns; ++j) {
            double along[kRows] = {};
            for (std::size_t k = j; k < columns; ++k) {
                const double factor = *root++;
                for (std::size_t i = 0; i < kRows; ++i) along[i] += factor * x[k][i];
            }
            for (std::size_t i = 0; i < kRows; ++i) variance[i] += along[i] * along[i];
        }
        for (const Unseen& unseen : unseen_) {
            const double* label = inputs[unseen.input];
            for (std::size_t i = 0; i < kRows; ++i) variance[i] += label[i] < 0.0 ? unseen.variance : 0.0;
        }
    }
    /// The design row of one order, for updates.
    void design_row(const double* const* inputs, double* x) const;

private:
    std::vector<DesignColumn> columns_;
    std::vector<Unseen> unseen_;
    std::vector<double> coefficient_;
    std::vector<double> root_;  ///< L by columns, the diagonal and below
};

/// Everything a prediction needs, and nothing else.
class Kernel {
public:
    Kernel(std::shared_ptr<const State> state, std::shared_ptr<const Mixture> mixture,
           const std::vector<double>& quantiles);

    /// Replaces the posterior of (beta, alpha), nu as it was.
    void set_posterior(const Eigen::VectorXd& mode, const Eigen::MatrixXd& covariance);
    /// Replaces the posterior of the completion head.
    void set_completion(const Eigen::VectorXd& mode, const Eigen::MatrixXd& covariance);

    template <std::size_t kRows>
    void evaluate(const double* const* inputs, Prediction* out, double* const* values) const;

    /// mu, s and the relative variances a and b of one order: what scores are made of.
    struct Law {
        double mu = 0.0, s = 0.0, a = 0.0, b = 0.0;
    };
    [[nodiscard]] Law law(const double* const* inputs) const;
    /// P(not filled by the deadline) of one order; the head must have columns.
    [[nodiscard]] double miss_risk(const double* const* inputs) const;

    [[nodiscard]] const State& state() const { return *state_; }
    [[nodiscard]] const std::shared_ptr<const State>& shared_state() const { return state_; }
    [[nodiscard]] const Mixture& mixture() const { return *mixture_; }
    [[nodiscard]] const std::vector<double>& quantiles() const { return quantiles_; }
    [[nodiscard]] const LinearKernel& mean() const { return mean_; }
    [[nodiscard]] const LinearKernel& scale() const { return scale_; }
    [[nodiscard]] const LinearKernel& completion() const { return completion_; }

private:
    std::shared_ptr<const State> state_;
    std::shared_ptr<const Mixture> mixture_;
    std::vector<double> quantiles_;
    std::vector<MixtureTable> tables_;
    LinearKernel mean_;
    LinearKernel scale_;
    LinearKernel completion_;
    double tail_factor_ = 1.0;  ///< sd of r at a = b = 0
};

/// The covariance of alpha when nu is fixed at its mode.
[[nodiscard]] Eigen::MatrixXd scale_given_nu(const State& state);
[[nodiscard]] std::shared_ptr<const Mixture> mixture_of(const State& state);

/// P(missed) of a log odds that is normal: E[1/(1 + exp(eta))].
[[nodiscard]] double mean_miss(double log_odds, double variance);

}  // namespace slipcast::cost::detail
