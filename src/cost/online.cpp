#include "slipcast/cost/online.hpp"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <limits>

#include "artifact.hpp"
#include "kernel.hpp"
#include "outcomes.hpp"

namespace slipcast::cost {

using detail::Json;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

constexpr const char* kFormat = "slipcast.cost.online";
constexpr int kVersion = 1;

MatrixXd inverse_of(const MatrixXd& information) {
    return information.llt().solve(MatrixXd::Identity(information.rows(), information.cols()));
}

// The covariance of mean and log scale at the fitted nu.
MatrixXd linear_given_nu(const detail::State& state) {
    const Index linear = state.mode.size() - 1;
    MatrixXd given = state.covariance.topLeftCorner(linear, linear);
    const double nu_variance = state.covariance(linear, linear);
    if (nu_variance > 0.0) {
        const VectorXd with_nu = state.covariance.block(0, linear, linear, 1);
        given -= with_nu * with_nu.transpose() / nu_variance;
    }
    return given;
}

VectorXd prior_precision(const detail::State& state) {
    const FitOptions& options = state.options;
    const auto precision = [](double sd) { return sd == 0.0 ? 0.0 : 1.0 / (sd * sd); };
    VectorXd all = VectorXd::Constant(state.mode.size() - 1, precision(options.prior_mean_sd));
    all[0] = precision(options.prior_intercept_sd);
    all.tail(state.scale_size()).setConstant(precision(options.prior_scale_sd));
    all[state.mean_size()] = precision(options.prior_scale_intercept_sd);
    return all;
}

}  // namespace

Settings OnlineOptions::settings() {
    Settings all;
    all.number("half_life", "orders", half_life, {.low = 0.0, .high = std::numeric_limits<double>::infinity()},
               "orders after which an observation counts half; 0 = nothing is forgotten");
    return all;
}

Result<void> OnlineOptions::validate() const {
    OnlineOptions copy = *this;
    return copy.settings().validate();
}

struct Online::Filter {
    Filter(const Model& of, const OnlineOptions& with, Predictor ready)
        : model(of), options(with), predictor(std::move(ready)), prior(prior_precision(of.state())) {
        const detail::State& from = model.state();
        state = from.mode.head(from.mode.size() - 1);
        information = inverse_of(linear_given_nu(from));
        refresh();
    }

    void refresh() { predictor.kernel_->set_posterior(state, inverse_of(information)); }

    void forget() {
        if (options.half_life == 0.0) return;
        const double kept = std::exp2(-1.0 / options.half_life);
        const VectorXd moments = kept * (information * state);
        information *= kept;
        information.diagonal() += (1.0 - kept) * prior;
        state = information.llt().solve(moments);
        refresh();
    }

    void learn(const double* const* inputs, double target, double weight) {
        const detail::State& fitted = model.state();
        const Index p = fitted.mean_size(), q = fitted.scale_size();
        VectorXd x(p), w(q);
        predictor.kernel_->mean().design_row(inputs, x.data());
        predictor.kernel_->scale().design_row(inputs, w.data());
        const double nu = 2.0 + std::exp(fitted.log_excess_nu());
        const double inverse_s = std::exp(-w.dot(state.tail(q)));
        const double r = (target - x.dot(state.head(p))) * inverse_s;
        const double t = (nu + 1.0) / (nu + r * r);
        information.topLeftCorner(p, p) +=
            weight * (nu + 1.0) / (nu + 3.0) * inverse_s * inverse_s * (x * x.transpose());
        information.bottomRightCorner(q, q) += weight * 2.0 * nu / (nu + 3.0) * (w * w.transpose());
        VectorXd score(p + q);
        score << weight * t * r * inverse_s * x, weight * (t * r * r - 1.0) * w;
        state += information.llt().solve(score);
        refresh();
    }

    Model model;
    OnlineOptions options;
    Predictor predictor;
    VectorXd prior;
    VectorXd state;
    MatrixXd information;
    std::int64_t updates = 0;
    double log_score = 0.0;  ///< sum
};

Online::Online(std::unique_ptr<Filter> filter) : filter_(std::move(filter)) {}
Online::Online(Online&&) noexcept = default;
Online& Online::operator=(Online&&) noexcept = default;
Online::~Online() = default;

Result<Online> Online::create(const Model& model, const OnlineOptions& options, const std::vector<double>& quantiles) {
    SLIPCAST_CHECK(options.validate());
    SLIPCAST_TRY(predictor, Predictor::create(model, quantiles));
    return Online(std::make_unique<Filter>(model, options, std::move(predictor)));
}

Result<void> Online::update(std::span<const double> inputs, double cost_bps, double weight) {
    SLIPCAST_ASSERT(inputs.size() == filter_->predictor.inputs(), "one value an input");
    if (!std::isfinite(cost_bps)) return invalid_value("cost_bps", std::to_string(cost_bps), "must be finite");
    if (!(weight > 0.0 && std::isfinite(weight))) return invalid_value("weight", std::to_string(weight), "must be > 0");
    const double* columns[detail::kMaxInputs];
    for (std::size_t i = 0; i < inputs.size(); ++i) columns[i] = &inputs[i];
    const detail::Kernel::Law before = filter_->predictor.kernel_->law(columns);
    if (!std::isfinite(before.mu) || !std::isfinite(before.s)) {
        return Error{ErrorCode::missing_field, "inputs", "", "must all be there and inside their terms' domains", {}};
    }
    const detail::State& fitted = filter_->model.state();
    filter_->log_score +=
        filter_->predictor.kernel_->mixture().log_density((cost_bps - before.mu) / before.s, before.a, before.b) -
        std::log(before.s);
    filter_->forget();
    filter_->learn(columns, (cost_bps - fitted.target_center) / fitted.target_scale, weight);
    ++filter_->updates;
    return {};
}

Result<std::int64_t> Online::update(const Table& orders) {
    const FitOptions& options = filter_->model.options();
    SLIPCAST_TRY(outcomes, detail::read_outcomes(orders, options));
    SLIPCAST_TRY(columns, detail::read_inputs(orders, filter_->model.inputs()));
    detail::map_levels(columns, filter_->model.inputs());
    std::vector<const detail::Outcome*> sorted;
    for (const detail::Outcome& each : outcomes.costs) {
        if (!each.censored) sorted.push_back(&each);
    }
    if (!outcomes.decided.empty()) {
        std::stable_sort(sorted.begin(), sorted.end(), [&](const detail::Outcome* x, const detail::Outcome* y) {
            return outcomes.decided[x->row] < outcomes.decided[y->row];
        });
    }
    std::int64_t learned = 0;
    std::vector<double> row(columns.values.size());
    for (const detail::Outcome* each : sorted) {
        for (std::size_t i = 0; i < row.size(); ++i) row[i] = columns.values[i][each->row];
        const Result<void> done = update(row, each->target, each->weight);
        if (!done && done.error().code != ErrorCode::missing_field) return done.error();
        learned += done ? 1 : 0;
    }
    return learned;
}

const Predictor& Online::predictor() const {
    return filter_->predictor;
}
const Model& Online::model() const {
    return filter_->model;
}
std::int64_t Online::updates() const {
    return filter_->updates;
}
double Online::mean_log_score() const {
    return filter_->updates == 0 ? 0.0 : filter_->log_score / static_cast<double>(filter_->updates);
}
std::vector<double> Online::coefficients() const {
    return {filter_->state.data(), filter_->state.data() + filter_->state.size()};
}

std::string Online::to_json() const {
    const Json json{{"format", kFormat},
                    {"version", kVersion},
                    {"model", detail::to_json(filter_->model.state())},
                    {"half_life", filter_->options.half_life},
                    {"updates", filter_->updates},
                    {"log_score", filter_->log_score},
                    {"state", detail::to_json(filter_->state)},
                    {"information", detail::to_json(filter_->information)}};
    return json.dump(1) + "\n";
}

Result<Online> Online::from_json(std::string_view text, const std::vector<double>& quantiles) {
    SLIPCAST_TRY(json, detail::parsed(text));
    std::string format;
    std::int64_t version = 0, updates = 0;
    OnlineOptions options;
    double log_score = 0.0;
    std::vector<double> values;
    std::vector<std::vector<double>> rows;
    detail::JsonReader reader(json, "");
    reader.take("format", format).take("version", version).take("half_life", options.half_life);
    reader.take("updates", updates).take("log_score", log_score).take("state", values).take("information", rows);
    const Json* model_json = reader.object("model");
    if (!reader.has_failed() && format != kFormat) reader.refuse("format", std::string("must be ") + kFormat);
    if (!reader.has_failed() && version != kVersion) reader.refuse("version", "must be 1");
    SLIPCAST_CHECK(reader.finish());
    SLIPCAST_TRY(model_state, detail::state_from_json(*model_json));
    SLIPCAST_TRY(online, create(Model(std::move(model_state)), options, quantiles));
    Filter& filter = *online.filter_;
    SLIPCAST_TRY(state, detail::vector_from(values, filter.state.size(), "state"));
    SLIPCAST_TRY(information, detail::matrix_from(rows, filter.state.size(), "information"));
    if (information.llt().info() != Eigen::Success) {
        return Error{ErrorCode::inconsistent, "information", "", "must be positive definite", {}};
    }
    filter.state = state;
    filter.information = information;
    filter.updates = updates;
    filter.log_score = log_score;
    filter.refresh();
    return std::move(online);
}

}  // namespace slipcast::cost
