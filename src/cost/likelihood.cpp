#include "likelihood.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "student_terms.hpp"

namespace slipcast::cost::detail {

namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr Index kBlock = 256;  // rows whose terms stay in the first-level cache
constexpr double kLargestLogScale = 300.0;

// The terms of one block, a vector each, weighted.
struct BlockTerms {
    Eigen::ArrayXd mu, l, mu_mu, mu_l, l_l, mu_nu, l_nu;
    double value = 0.0, nu = 0.0, nu_nu = 0.0;
    explicit BlockTerms(Index rows) : mu(rows), l(rows), mu_mu(rows), mu_l(rows), l_l(rows), mu_nu(rows), l_nu(rows) {}
};

BlockTerms block_terms(const Rows& rows, Index begin, const VectorXd& mu, const VectorXd& log_s, double nu) {
    const DensityConstant constant = density_constant(nu);
    BlockTerms block(mu.size());
    for (Index i = 0; i < mu.size(); ++i) {
        const double inverse_s = std::exp(-log_s[i]);
        const double r = (rows.target[begin + i] - mu[i]) * inverse_s;
        const bool is_censored = !rows.censored.empty() && rows.censored[static_cast<std::size_t>(begin + i)] != 0;
        const RowTerms row =
            is_censored ? censored_row(r, inverse_s, nu, constant) : observed_row(r, log_s[i], inverse_s, nu, constant);
        const double w = rows.weight[begin + i];
        block.value += w * row.value;
        block.nu += w * row.nu;
        block.nu_nu += w * row.nu_nu;
        block.mu[i] = w * row.mu;
        block.l[i] = w * row.l;
        block.mu_mu[i] = w * row.mu_mu;
        block.mu_l[i] = w * row.mu_l;
        block.l_l[i] = w * row.l_l;
        block.mu_nu[i] = w * row.mu_nu;
        block.l_nu[i] = w * row.l_nu;
    }
    return block;
}

}  // namespace

Quadratic negative_log_likelihood(const Rows& rows, const VectorXd& parameters) {
    const Index p = rows.mean.cols(), q = rows.scale.cols();
    const auto beta = parameters.head(p);
    const auto alpha = parameters.segment(p, q);
    const double excess = std::exp(parameters[p + q]);  // nu - 2
    Quadratic out{0.0, VectorXd::Zero(p + q + 1), MatrixXd::Zero(p + q + 1, p + q + 1)};
    for (Index begin = 0; begin < rows.target.size(); begin += kBlock) {
        const Index n = std::min(kBlock, rows.target.size() - begin);
        const auto x = rows.mean.middleRows(begin, n);
        const auto w = rows.scale.middleRows(begin, n);
        const VectorXd log_s = w * alpha;
        if (!(log_s.cwiseAbs().maxCoeff() < kLargestLogScale)) {
            out.value = std::numeric_limits<double>::infinity();
            return out;
        }
        const BlockTerms block = block_terms(rows, begin, x * beta, log_s, 2.0 + excess);
        out.value -= block.value;
        out.gradient.head(p) -= x.transpose() * block.mu.matrix();
        out.gradient.segment(p, q) -= w.transpose() * block.l.matrix();
        out.gradient[p + q] -= block.nu * excess;
        out.hessian.topLeftCorner(p, p) -= x.transpose() * (x.array().colwise() * block.mu_mu).matrix();
        out.hessian.block(p, 0, q, p) -= w.transpose() * (x.array().colwise() * block.mu_l).matrix();
        out.hessian.block(p, p, q, q) -= w.transpose() * (w.array().colwise() * block.l_l).matrix();
        out.hessian.block(p + q, 0, 1, p) -= excess * (x.transpose() * block.mu_nu.matrix()).transpose();
        out.hessian.block(p + q, p, 1, q) -= excess * (w.transpose() * block.l_nu.matrix()).transpose();
        out.hessian(p + q, p + q) -= block.nu_nu * excess * excess + block.nu * excess;
    }
    out.hessian.triangularView<Eigen::StrictlyUpper>() = out.hessian.transpose();
    if (!std::isfinite(out.value)) out.value = std::numeric_limits<double>::infinity();
    return out;
}

void add_prior(const Prior& prior, const VectorXd& parameters, Quadratic& to) {
    const Index linear = prior.precision.size();
    const auto head = parameters.head(linear);
    to.value += 0.5 * (prior.precision.array() * head.array().square()).sum();
    to.gradient.head(linear) += prior.precision.cwiseProduct(head);
    to.hessian.diagonal().head(linear) += prior.precision;
    const double excess = std::exp(parameters[linear]);
    to.value -= prior.nu_shape * parameters[linear] - prior.nu_rate * excess;
    to.gradient[linear] -= prior.nu_shape - prior.nu_rate * excess;
    to.hessian(linear, linear) += prior.nu_rate * excess;
}

}  // namespace slipcast::cost::detail
