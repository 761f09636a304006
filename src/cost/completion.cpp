#include <fmt/format.h>

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>

#include "newton.hpp"
#include "training.hpp"

namespace slipcast::cost::detail {

namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

// -sum ln P(label) with eta = x'c and P(1) = 1/(1 + exp(-eta)).
Quadratic negative_log_likelihood(const MatrixXd& x, const VectorXd& sign, const VectorXd& precision,
                                  const VectorXd& at) {
    const VectorXd eta = x * at;
    Quadratic out;
    out.value = 0.5 * (precision.array() * at.array().square()).sum();
    VectorXd residual(eta.size());
    VectorXd weight(eta.size());
    for (Index i = 0; i < eta.size(); ++i) {
        const double margin = sign[i] * eta[i];
        const double wrong =
            margin > 0.0 ? std::exp(-margin) / (1.0 + std::exp(-margin)) : 1.0 / (1.0 + std::exp(margin));
        out.value += margin > 0.0 ? std::log1p(std::exp(-margin)) : -margin + std::log1p(std::exp(margin));
        residual[i] = -sign[i] * wrong;
        weight[i] = wrong * (1.0 - wrong);
    }
    out.gradient = x.transpose() * residual + precision.cwiseProduct(at);
    out.hessian = x.transpose() * weight.asDiagonal() * x;
    out.hessian.diagonal() += precision;
    return out;
}

// A direction along which every order lies on its own side of zero: then the likelihood has no maximum. It is looked
// for where the search without a prior runs off to, and certified row by row.
std::vector<std::string> separated_columns(const MatrixXd& x, const VectorXd& sign, const VectorXd& from,
                                           const std::vector<DesignColumn>& columns) {
    const VectorXd flat = VectorXd::Zero(x.cols());
    const Objective objective = [&](const VectorXd& at) { return negative_log_likelihood(x, sign, flat, at); };
    VectorXd before = from, at = from;
    NewtonOptions options;
    options.max_iterations = 1;
    options.tolerance = 0.0;
    constexpr int kSteps = 60;
    for (int step = 0; step < kSteps; ++step) {
        before = at;
        at = minimum(objective, at, options).at;
        if ((x * at).cwiseAbs().maxCoeff() > 60.0) break;
    }
    const VectorXd direction = at - before;
    const VectorXd side = sign.cwiseProduct(x * direction);
    const double farthest = side.cwiseAbs().maxCoeff();
    if (farthest < 1e-3 || side.minCoeff() < -1e-3 * farthest) return {};
    std::vector<std::string> names;
    const double largest = direction.cwiseAbs().maxCoeff();
    for (Index i = 1; i < direction.size(); ++i) {
        if (std::abs(direction[i]) > 0.05 * largest) names.push_back(columns[static_cast<std::size_t>(i)].name);
    }
    return names;
}

/// The orders that a completion head can learn from.
struct Labels {
    std::vector<std::size_t> rows;
    std::vector<double> sign;  ///< +1 finished, -1 missed
    std::int64_t missed = 0;
};

Labels labels_of(const Training& training, const std::vector<std::uint8_t>& chosen) {
    Labels labels;
    for (std::size_t row = 0; row < training.outcomes.completed.size(); ++row) {
        const int completed = training.outcomes.completed[row];
        if (completed < 0 || (!chosen.empty() && chosen[row] == 0)) continue;
        if (!is_complete(training.completion, training.columns, row, nullptr)) continue;
        labels.rows.push_back(row);
        labels.sign.push_back(completed == 1 ? 1.0 : -1.0);
        labels.missed += completed == 1 ? 0 : 1;
    }
    return labels;
}

// A head learns nothing from a term that does not vary or that others make up: then there is none, and it says why.
std::string reason(const Error& error) {
    return error.value + ": " + error.rule;
}

}  // namespace

Result<void> fit_completion(const Training& training, const InputColumns& columns,
                            const std::vector<std::uint8_t>& chosen, State& state) {
    FitReport& report = state.report;
    const auto none = [&report](std::string why) -> Result<void> {
        report.no_completion = std::move(why);
        return {};
    };
    if (!training.outcomes.has_completion) return none("the table has no column '" + training.options.completed + "'");
    if (training.options.completion.empty()) return none("no completion terms were asked for");
    const Labels labels = labels_of(training, chosen);
    report.completion_rows = static_cast<std::int64_t>(labels.rows.size());
    report.completion_missed = labels.missed;
    if (labels.missed == 0) return none("every order finished by its deadline");
    if (labels.missed == report.completion_rows) return none("no order finished by its deadline");
    const VectorXd ones = VectorXd::Ones(static_cast<Index>(labels.rows.size()));
    auto built = build_part("completion", training.completion, columns, labels.rows, ones, training.options.unscaled);
    if (!built) return none(reason(built.error()));

    const VectorXd sign = Eigen::Map<const VectorXd>(labels.sign.data(), ones.size());
    const double sd = training.options.prior_completion_sd;
    VectorXd precision = VectorXd::Constant(built->matrix.cols(), sd == 0.0 ? 0.0 : 1.0 / (sd * sd));
    precision[0] = 0.0;
    const Objective objective = [&](const VectorXd& at) {
        return negative_log_likelihood(built->matrix, sign, precision, at);
    };
    const NewtonResult found = minimum(objective, VectorXd::Zero(precision.size()), {});
    report.separated = separated_columns(built->matrix, sign, found.at, built->part.columns);
    if (!report.separated.empty() && sd == 0.0) {
        return none(fmt::format("{} separates finished from missed orders, and the prior is flat",
                                fmt::join(report.separated, ", ")));
    }
    const Eigen::LLT<MatrixXd> factor(found.last.hessian);
    if (!found.converged || factor.info() != Eigen::Success) return none("the search did not converge");
    state.completion = std::move(built->part);
    state.completion_mode = found.at;
    state.completion_covariance = factor.solve(MatrixXd::Identity(precision.size(), precision.size()));
    set_unseen(state.completion, found.at);
    return {};
}

}  // namespace slipcast::cost::detail
