#include "kernel.hpp"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <limits>

namespace slipcast::cost::detail {

namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double kNormal95 = 1.6448536269514722;  // 5 % above: a 90 % interval

double miss_at(double log_odds) {
    return 1.0 / (1.0 + std::exp(log_odds));
}

}  // namespace

LinearKernel::LinearKernel(const Part& part, const VectorXd& coefficients, const MatrixXd& covariance)
    : columns_(part.columns), unseen_(part.unseen) {
    set(coefficients, covariance);
}

void LinearKernel::set(const VectorXd& coefficients, const MatrixXd& covariance) {
    const Index size = coefficients.size();
    coefficient_.assign(coefficients.data(), coefficients.data() + size);
    const Eigen::LLT<MatrixXd> factor(covariance);
    SLIPCAST_ASSERT(factor.info() == Eigen::Success, "a posterior covariance is positive definite");
    const MatrixXd lower = factor.matrixL();
    root_.resize(static_cast<std::size_t>(size * (size + 1) / 2));
    std::size_t at = 0;
    for (Index j = 0; j < size; ++j) {
        for (Index k = j; k < size; ++k) root_[at++] = lower(k, j);
    }
}

void LinearKernel::design_row(const double* const* inputs, double* x) const {
    for (std::size_t j = 0; j < columns_.size(); ++j) {
        const DesignColumn& column = columns_[j];
        fill(column, column.first < 0 ? nullptr : inputs[column.first],
             column.second < 0 ? nullptr : inputs[column.second], x + j, std::integral_constant<std::size_t, 1>{});
    }
}

MatrixXd scale_given_nu(const State& state) {
    const Index p = state.mean_size(), q = state.scale_size();
    MatrixXd given = state.covariance.block(p, p, q, q);
    const double nu_variance = state.covariance(p + q, p + q);
    if (nu_variance > 0.0) {
        const VectorXd with_nu = state.covariance.block(p, p + q, q, 1);
        given -= with_nu * with_nu.transpose() / nu_variance;
    }
    return given;
}

std::shared_ptr<const Mixture> mixture_of(const State& state) {
    const Index last = state.mode.size() - 1;
    return std::make_shared<const Mixture>(state.mode[last], state.covariance(last, last), state.nu_coupling);
}

double mean_miss(double log_odds, double variance) {
    // Gauss-Hermite with nine points, as in the mixture; exact to 1e-6 for deviations up to 2.
    constexpr double kPoints[5] = {0.0, 1.0232556637891326, 2.07684797867783, 3.20542900285647, 4.512745863399783};
    constexpr double kWeights[5] = {0.40634920634920635, 0.24409750289493939, 0.04991640676521782,
                                    0.0027891413212317692, 2.2345844007746607e-05};
    const double deviation = std::sqrt(variance);
    double total = kWeights[0] * miss_at(log_odds);
    for (int i = 1; i < 5; ++i) {
        total +=
            kWeights[i] * (miss_at(log_odds + deviation * kPoints[i]) + miss_at(log_odds - deviation * kPoints[i]));
    }
    return total;
}

Kernel::Kernel(std::shared_ptr<const State> state, std::shared_ptr<const Mixture> mixture,
               const std::vector<double>& quantiles)
    : state_(std::move(state)), mixture_(std::move(mixture)), quantiles_(quantiles) {
    for (const double p : quantiles_) tables_.push_back(MixtureTable::of_quantile(*mixture_, p));
    const Index p = state_->mean_size(), q = state_->scale_size();
    mean_ = LinearKernel(state_->mean, state_->mode.head(p), state_->covariance.topLeftCorner(p, p));
    scale_ = LinearKernel(state_->scale, state_->mode.segment(p, q), scale_given_nu(*state_));
    if (!state_->completion.columns.empty()) {
        completion_ = LinearKernel(state_->completion, state_->completion_mode, state_->completion_covariance);
    }
    tail_factor_ = std::sqrt(mixture_->variance_factor());
}

void Kernel::set_posterior(const VectorXd& mode, const MatrixXd& covariance) {
    const Index p = state_->mean_size(), q = state_->scale_size();
    mean_.set(mode.head(p), covariance.topLeftCorner(p, p));
    scale_.set(mode.segment(p, q), covariance.block(p, p, q, q));
}

void Kernel::set_completion(const VectorXd& mode, const MatrixXd& covariance) {
    completion_.set(mode, covariance);
}

double Kernel::miss_risk(const double* const* inputs) const {
    double log_odds = 0.0, variance = 0.0;
    completion_.evaluate<1>(inputs, &log_odds, &variance);
    return mean_miss(log_odds, variance);
}

Kernel::Law Kernel::law(const double* const* inputs) const {
    double mu = 0.0, mu_variance = 0.0, log_s = 0.0;
    Law law;
    mean_.evaluate<1>(inputs, &mu, &mu_variance);
    scale_.evaluate<1>(inputs, &log_s, &law.b);
    const double s = std::exp(log_s);
    law.mu = state_->target_center + state_->target_scale * mu;
    law.s = state_->target_scale * s;
    law.a = mu_variance / (s * s);
    return law;
}

template <std::size_t kRows>
void Kernel::evaluate(const double* const* inputs, Prediction* out, double* const* values) const {
    double mu[kRows], mu_variance[kRows], log_s[kRows], log_s_variance[kRows];
    mean_.evaluate<kRows>(inputs, mu, mu_variance);
    scale_.evaluate<kRows>(inputs, log_s, log_s_variance);
    for (std::size_t i = 0; i < kRows; ++i) {
        const double s = std::exp(log_s[i]);
        const double b = log_s_variance[i];
        const double scale = state_->target_scale * s;
        out[i].mean = state_->target_center + state_->target_scale * mu[i];
        out[i].epistemic_sd = state_->target_scale * std::sqrt(mu_variance[i]);
        out[i].aleatoric_sd = scale * std::exp(b) * tail_factor_;
        const double a = mu_variance[i] / (s * s);
        const bool is_known = std::isfinite(a) && std::isfinite(b) && std::isfinite(out[i].mean);
        const TablePosition at = is_known ? table_position(a, b) : TablePosition{};
        for (std::size_t k = 0; k < tables_.size(); ++k) {
            values[k][i] = is_known ? out[i].mean + scale * table_value(tables_[k].values(), at)
                                    : std::numeric_limits<double>::quiet_NaN();
        }
    }
    if (completion_.is_empty()) {
        for (std::size_t i = 0; i < kRows; ++i) {
            out[i].miss_risk = out[i].miss_low = out[i].miss_high = std::numeric_limits<double>::quiet_NaN();
        }
        return;
    }
    double log_odds[kRows], variance[kRows];
    completion_.evaluate<kRows>(inputs, log_odds, variance);
    for (std::size_t i = 0; i < kRows; ++i) {
        const double deviation = std::sqrt(variance[i]);
        out[i].miss_risk = mean_miss(log_odds[i], variance[i]);
        out[i].miss_low = miss_at(log_odds[i] + kNormal95 * deviation);
        out[i].miss_high = miss_at(log_odds[i] - kNormal95 * deviation);
    }
}

template void Kernel::evaluate<1>(const double* const*, Prediction*, double* const*) const;
template void Kernel::evaluate<32>(const double* const*, Prediction*, double* const*) const;

}  // namespace slipcast::cost::detail
