#include <fmt/format.h>

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <optional>

#include "likelihood.hpp"
#include "slipcast/core/random.hpp"
#include "slipcast/core/version.hpp"
#include "slipcast/math/statistics.hpp"
#include "training.hpp"

namespace slipcast::cost {

namespace detail {

namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

/// The rows of one fit, in the order of the outcomes.
struct Chosen {
    std::vector<const Outcome*> outcomes;
    std::vector<std::size_t> rows;
    VectorXd weights;
};

Chosen choose(const Training& training, const std::vector<std::uint8_t>& chosen, FitReport& report) {
    Chosen all;
    report.left_out = training.outcomes.left_out;
    std::string culprit;
    for (const Outcome& each : training.outcomes.costs) {
        if (!chosen.empty() && chosen[each.row] == 0) continue;
        if (!is_complete(training.mean, training.columns, each.row, &culprit) ||
            !is_complete(training.scale, training.columns, each.row, &culprit)) {
            ++report.left_out[culprit];
            continue;
        }
        all.outcomes.push_back(&each);
        all.rows.push_back(each.row);
    }
    all.weights.resize(static_cast<Index>(all.rows.size()));
    for (std::size_t i = 0; i < all.rows.size(); ++i) all.weights[static_cast<Index>(i)] = all.outcomes[i]->weight;
    report.whole = training.outcomes.whole;
    report.filled_parts = training.outcomes.filled_parts;
    report.cancelled_rests = training.outcomes.cancelled_rests;
    report.rows = static_cast<std::int64_t>(all.rows.size());
    report.weight = all.weights.size() == 0 ? 0.0 : all.weights.sum();
    for (const Outcome* each : all.outcomes) report.censored += each->censored ? 1 : 0;
    return all;
}

Result<void> scale_target(const FitOptions& options, const Chosen& chosen, State& state) {
    std::vector<double> observed;
    for (const Outcome* each : chosen.outcomes) {
        if (!each->censored) observed.push_back(each->target);
    }
    const auto smallest_largest = std::minmax_element(observed.begin(), observed.end());
    if (observed.empty() || *smallest_largest.first == *smallest_largest.second) {
        return Error{ErrorCode::not_identified, "target", options.target, "does not vary over the rows fitted", {}};
    }
    if (options.unscaled) return {};
    state.target_center = *math::median(observed);
    state.target_scale = *math::median_absolute_deviation(observed) * math::kDeviationOfNormal;
    if (state.target_scale == 0.0) {
        double squares = 0.0;
        for (const double value : observed) squares += (value - state.target_center) * (value - state.target_center);
        state.target_scale = std::sqrt(squares / static_cast<double>(observed.size()));
    }
    return {};
}

Rows likelihood_rows(const Chosen& chosen, const State& state, BuiltPart& mean, BuiltPart& scale) {
    Rows rows;
    rows.mean = std::move(mean.matrix);
    rows.scale = std::move(scale.matrix);
    rows.weight = chosen.weights;
    rows.target.resize(chosen.weights.size());
    for (std::size_t i = 0; i < chosen.outcomes.size(); ++i) {
        rows.target[static_cast<Index>(i)] = (chosen.outcomes[i]->target - state.target_center) / state.target_scale;
        if (chosen.outcomes[i]->censored && rows.censored.empty()) rows.censored.assign(chosen.outcomes.size(), 0);
        if (chosen.outcomes[i]->censored) rows.censored[i] = 1;
    }
    return rows;
}

Prior prior_of(const FitOptions& options, Index p, Index q) {
    const auto precision = [](double sd) { return sd == 0.0 ? 0.0 : 1.0 / (sd * sd); };
    Prior prior;
    prior.precision = VectorXd::Constant(p + q, precision(options.prior_mean_sd));
    prior.precision[0] = precision(options.prior_intercept_sd);
    prior.precision.segment(p, q).setConstant(precision(options.prior_scale_sd));
    prior.precision[p] = precision(options.prior_scale_intercept_sd);
    prior.nu_shape = options.prior_nu_shape;
    prior.nu_rate = options.prior_nu_rate;
    return prior;
}

/// Searches the mode, with the tail index free or held.
class Search {
public:
    Search(const Rows& rows, const Prior& prior, const FitOptions& options, const Progress& progress)
        : rows_(rows), prior_(prior), progress_(progress) {
        newton_.max_iterations = options.max_iterations;
    }

    NewtonResult free(const VectorXd& start) {
        const auto inside = [this](const VectorXd& at) {
            const double log_excess = at[at.size() - 1];
            return go_on() && log_excess > std::log(kLowestNu - 2.0) && log_excess < std::log(kGaussianNu - 2.0);
        };
        NewtonResult result = minimum([this](const VectorXd& at) { return posterior(at); }, start, newton_, inside);
        return result;
    }
    /// With ln(nu - 2) held at the start's; the result has its row and column of zero.
    NewtonResult held(const VectorXd& start) {
        const Index linear = start.size() - 1;
        const double log_excess = start[linear];
        const auto completed = [&](const VectorXd& head) {
            VectorXd all(linear + 1);
            all << head, log_excess;
            return all;
        };
        const Objective objective = [&](const VectorXd& head) {
            const Quadratic all = posterior(completed(head));
            return Quadratic{all.value, all.gradient.head(linear), all.hessian.topLeftCorner(linear, linear)};
        };
        NewtonResult result =
            minimum(objective, start.head(linear), newton_, [this](const VectorXd&) { return go_on(); });
        result.at = completed(result.at);
        return result;
    }
    [[nodiscard]] bool is_interrupted() const { return interrupted_; }
    [[nodiscard]] std::int64_t steps() const { return steps_; }

private:
    Quadratic posterior(const VectorXd& at) {
        Quadratic value = negative_log_likelihood(rows_, at);
        add_prior(prior_, at, value);
        return value;
    }
    bool go_on() {
        ++steps_;
        interrupted_ = interrupted_ || (progress_ && !progress_("fitting", steps_, 0));
        return !interrupted_;
    }

    const Rows& rows_;
    const Prior& prior_;
    const Progress& progress_;
    NewtonOptions newton_;
    std::int64_t steps_ = 0;
    bool interrupted_ = false;
};

// From where the searches begin: the median with moderate tails, and least squares with light ones.
std::vector<VectorXd> starts(const Rows& rows, const FitOptions& options) {
    const Index p = rows.mean.cols(), q = rows.scale.cols();
    std::vector<VectorXd> all(2, VectorXd::Zero(p + q + 1));
    std::vector<double> values(rows.target.data(), rows.target.data() + rows.target.size());
    const double center = *math::median(values);
    const double spread = *math::median_absolute_deviation(values) * math::kDeviationOfNormal;
    all[0][0] = center;
    all[0][p] = std::log(spread > 0.0 ? spread : 1.0);
    const MatrixXd gram = rows.mean.transpose() * rows.weight.asDiagonal() * rows.mean;
    const VectorXd moments = rows.mean.transpose() * rows.weight.cwiseProduct(rows.target);
    all[1].head(p) = gram.ldlt().solve(moments);
    const VectorXd residuals = rows.target - rows.mean * all[1].head(p);
    all[1][p] = 0.5 * std::log(std::max(1e-12, residuals.array().square().mean()));
    all[0][p + q] = std::log(options.fixed_nu > 0.0 ? options.fixed_nu - 2.0 : 3.0);
    all[1][p + q] = std::log(options.fixed_nu > 0.0 ? options.fixed_nu - 2.0 : 28.0);
    return all;
}

struct Mode {
    NewtonResult found;
    bool nu_is_held = false;
    Termination termination = Termination::converged;
};

// Flat in the tail index: its posterior deviation says nothing but "large".
bool is_flat_in_nu(const NewtonResult& found) {
    const Index last = found.at.size() - 1;
    if (found.at[last] < std::log(50.0) || !found.positive_definite) return false;
    VectorXd unit = VectorXd::Zero(last + 1);
    unit[last] = 1.0;
    return found.last.hessian.llt().solve(unit)[last] > 9.0;
}

Mode search_from(Search& search, const VectorXd& start, const FitOptions& options) {
    Mode mode;
    if (options.fixed_nu > 0.0) {
        mode.found = search.held(start);
        mode.nu_is_held = true;
    } else {
        mode.found = search.free(start);
        const Index last = start.size() - 1;
        const bool is_low = mode.found.stopped && mode.found.at[last] <= std::log(kLowestNu - 2.0);
        const bool is_high = !is_low && (mode.found.stopped || is_flat_in_nu(mode.found));
        if ((is_low || is_high) && !search.is_interrupted()) {
            VectorXd at = mode.found.at;
            at[last] = std::log((is_low ? kLowestNu : kGaussianNu) - 2.0);
            mode.found = search.held(at);
            mode.nu_is_held = true;
            mode.termination = is_low ? Termination::heavy_limit : Termination::gaussian_limit;
        }
    }
    if (!mode.found.converged) mode.termination = Termination::iteration_limit;
    return mode;
}

Result<Mode> best_mode(Search& search, const Rows& rows, const FitOptions& options, FitReport& report) {
    std::vector<Mode> modes;
    for (const VectorXd& start : starts(rows, options)) {
        modes.push_back(search_from(search, start, options));
        if (search.is_interrupted()) {
            return Error{ErrorCode::interrupted, "fit", "", "was stopped by its caller", {}};
        }
    }
    const double gap = std::abs(modes[0].found.last.value - modes[1].found.last.value);
    report.starts = static_cast<std::int64_t>(modes.size());
    report.starts_agree = gap <= 1e-6 && (modes[0].found.at - modes[1].found.at).norm() <= 1e-3;
    report.iterations = search.steps();
    const bool second = modes[1].found.last.value < modes[0].found.last.value - 1e-9;
    return modes[second ? 1 : 0];
}

Error singular_information(const Mode& mode, const State& state) {
    const Eigen::SelfAdjointEigenSolver<MatrixXd> solver(mode.found.last.hessian);
    Index worst = 0;
    solver.eigenvectors().col(0).cwiseAbs().maxCoeff(&worst);
    std::string column = "nu";
    if (worst < state.mean_size()) {
        column = "mean " + state.mean.columns[static_cast<std::size_t>(worst)].name;
    } else if (worst < state.mean_size() + state.scale_size()) {
        column = "scale " + state.scale.columns[static_cast<std::size_t>(worst - state.mean_size())].name;
    }
    return Error{ErrorCode::not_identified,
                 "observed information",
                 column,
                 "must be positive definite: the data do not determine this coefficient",
                 {}};
}

Result<void> take_mode(const Mode& mode, const Rows& rows, State& state) {
    const Index size = mode.found.at.size();
    const MatrixXd& information = mode.found.last.hessian;
    const Eigen::LLT<MatrixXd> factor(information);
    if (!mode.found.positive_definite || factor.info() != Eigen::Success) return singular_information(mode, state);
    state.mode = mode.found.at;
    state.covariance = MatrixXd::Zero(size, size);
    state.covariance.topLeftCorner(information.rows(), information.cols()) =
        factor.solve(MatrixXd::Identity(information.rows(), information.cols()));
    const double nu_variance = state.covariance(size - 1, size - 1);
    if (nu_variance > 0.0) {
        const VectorXd average = rows.scale.transpose() * rows.weight / rows.weight.sum();
        const auto with_nu = state.covariance.block(state.mean_size(), size - 1, state.scale_size(), 1);
        state.nu_coupling = average.dot(with_nu.col(0)) / nu_variance;
    }
    FitReport& report = state.report;
    report.termination = mode.termination;
    report.gradient = mode.found.last.gradient.cwiseAbs().maxCoeff();
    report.decrement = mode.found.decrement;
    const VectorXd length = information.diagonal().cwiseSqrt().cwiseInverse();
    const Eigen::SelfAdjointEigenSolver<MatrixXd> scaled(length.asDiagonal() * information * length.asDiagonal(),
                                                         Eigen::EigenvaluesOnly);
    report.condition = scaled.eigenvalues()[information.rows() - 1] / scaled.eigenvalues()[0];
    report.log_posterior = -mode.found.last.value;
    double observed = 0.0;
    for (Index i = 0; i < rows.weight.size(); ++i) {
        if (rows.censored.empty() || rows.censored[static_cast<std::size_t>(i)] == 0) observed += rows.weight[i];
    }
    report.log_likelihood = -negative_log_likelihood(rows, state.mode).value - observed * std::log(state.target_scale);
    return {};
}

void stamp(State& state) {
    FitOptions options = state.options;
    state.provenance["version"] = std::string(version());
    state.provenance["options_digest"] = fmt::format("{:016x}", digest64(options.settings().canonical_text()));
    state.provenance["seed"] = fmt::format("{}", options.seed);
}

}  // namespace

Result<std::shared_ptr<State>> fit_training(const Training& training, const std::vector<std::uint8_t>& chosen,
                                            const Progress& progress) {
    auto state = std::make_shared<State>();
    state->options = training.options;
    state->report.table_rows = static_cast<std::int64_t>(training.outcomes.completed.size());
    const Chosen used = choose(training, chosen, state->report);
    if (used.rows.empty()) {
        return Error{ErrorCode::not_identified, "table", "0 rows", "must have a row with a cost and every input", {}};
    }
    InputColumns columns = training.columns;
    assign_levels(columns, used.rows);
    state->inputs = columns.inputs;
    SLIPCAST_CHECK(scale_target(training.options, used, *state));
    const bool unscaled = training.options.unscaled;
    SLIPCAST_TRY(mean, build_part("mean", training.mean, columns, used.rows, used.weights, unscaled));
    SLIPCAST_TRY(scale, build_part("scale", training.scale, columns, used.rows, used.weights, unscaled));
    state->mean = mean.part;
    state->scale = scale.part;
    const Index p = state->mean_size(), q = state->scale_size();
    if (used.weights.size() <= p + q + 1) {
        return Error{ErrorCode::not_identified,
                     "table",
                     fmt::format("{} rows", used.rows.size()),
                     fmt::format("are no more than the {} parameters", p + q + 1),
                     {}};
    }
    const Rows rows = likelihood_rows(used, *state, mean, scale);
    const Prior prior = prior_of(training.options, p, q);
    Search search(rows, prior, training.options, progress);
    SLIPCAST_TRY(mode, best_mode(search, rows, training.options, state->report));
    SLIPCAST_CHECK(take_mode(mode, rows, *state));
    set_unseen(state->mean, state->mode.head(p));
    set_unseen(state->scale, state->mode.segment(p, q));
    SLIPCAST_CHECK(fit_completion(training, columns, chosen, *state));
    state->contexts = symbol_contexts(training, columns, chosen);
    stamp(*state);
    return state;
}

}  // namespace detail

Result<Model> fit(const Table& table, const FitOptions& options, const Progress& progress) {
    SLIPCAST_TRY(training, detail::read_training(table, options));
    SLIPCAST_TRY(state, detail::fit_training(training, {}, progress));
    return Model(std::move(state));
}

}  // namespace slipcast::cost
