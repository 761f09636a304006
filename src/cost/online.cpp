#include "slipcast/cost/online.hpp"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <limits>

#include "artifact.hpp"
#include "completion_filter.hpp"
#include "kernel.hpp"
#include "outcomes.hpp"

namespace slipcast::cost {

using detail::Json;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

constexpr const char* kFormat = "slipcast.cost.online";
constexpr int kVersion = 2;

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
        if (model.has_completion()) completion = detail::CompletionFilter(from);
        // From what is saved and nothing else, so that a state that comes back predicts the same bits at once.
        refresh();
        refresh_completion();
    }

    void refresh() { predictor.kernel_->set_posterior(state, inverse_of(information)); }
    void refresh_completion() {
        if (!completion.is_empty()) predictor.kernel_->set_completion(completion.mode(), completion.covariance());
    }
    // What stays of the past when one observation comes in.
    [[nodiscard]] double kept() const { return std::exp2(-1.0 / options.half_life); }

    void forget() {
        if (options.half_life == 0.0) return;
        const double kept = this->kept();
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

    void learn_completion(const double* const* inputs, bool is_finished, double weight) {
        if (options.half_life != 0.0) completion.forget(kept());
        VectorXd x(completion.mode().size());
        predictor.kernel_->completion().design_row(inputs, x.data());
        completion.learn(x, is_finished, weight);
        refresh_completion();
    }

    Model model;
    OnlineOptions options;
    Predictor predictor;
    VectorXd prior;
    VectorXd state;
    MatrixXd information;
    detail::CompletionFilter completion;
    Learned learned;
    double log_score = 0.0;             ///< sum
    double completion_log_score = 0.0;  ///< sum
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

namespace {

Result<void> check_weight(double weight) {
    if (weight > 0.0 && std::isfinite(weight)) return {};
    return invalid_value("weight", std::to_string(weight), "must be > 0");
}

Error incomplete_inputs() {
    return Error{ErrorCode::missing_field, "inputs", "", "must all be there and inside their terms' domains", {}};
}

struct Pointers {
    explicit Pointers(std::span<const double> inputs) {
        for (std::size_t i = 0; i < inputs.size(); ++i) columns[i] = &inputs[i];
    }
    const double* columns[detail::kMaxInputs] = {};
};

}  // namespace

Result<void> Online::update(std::span<const double> inputs, double cost_bps, double weight) {
    SLIPCAST_ASSERT(inputs.size() == filter_->predictor.inputs(), "one value an input");
    if (!std::isfinite(cost_bps)) return invalid_value("cost_bps", std::to_string(cost_bps), "must be finite");
    SLIPCAST_CHECK(check_weight(weight));
    const Pointers row(inputs);
    const detail::Kernel::Law before = filter_->predictor.kernel_->law(row.columns);
    if (!std::isfinite(before.mu) || !std::isfinite(before.s)) return incomplete_inputs();
    const detail::State& fitted = filter_->model.state();
    filter_->log_score +=
        filter_->predictor.kernel_->mixture().log_density((cost_bps - before.mu) / before.s, before.a, before.b) -
        std::log(before.s);
    filter_->forget();
    filter_->learn(row.columns, (cost_bps - fitted.target_center) / fitted.target_scale, weight);
    ++filter_->learned.costs;
    return {};
}

Result<void> Online::update_completion(std::span<const double> inputs, bool is_finished, double weight) {
    SLIPCAST_ASSERT(inputs.size() == filter_->predictor.inputs(), "one value an input");
    if (filter_->completion.is_empty()) {
        return Error{ErrorCode::not_found, "completion", "", filter_->model.why_no_completion(), {}};
    }
    SLIPCAST_CHECK(check_weight(weight));
    const Pointers row(inputs);
    const double missed = filter_->predictor.kernel_->miss_risk(row.columns);
    if (!std::isfinite(missed)) return incomplete_inputs();
    filter_->completion_log_score += std::log(is_finished ? 1.0 - missed : missed);
    filter_->learn_completion(row.columns, is_finished, weight);
    ++filter_->learned.completions;
    return {};
}

namespace {

// What a table teaches, in the order in which it was decided; a row may say its cost and whether it finished.
struct Lesson {
    std::size_t row = 0;
    const detail::Outcome* cost = nullptr;  ///< null = the lesson is whether the order finished
};

std::vector<Lesson> lessons_of(const detail::Outcomes& outcomes, bool with_completion) {
    std::vector<Lesson> all;
    for (const detail::Outcome& each : outcomes.costs) {
        if (!each.censored) all.push_back({each.row, &each});
    }
    for (std::size_t row = 0; with_completion && row < outcomes.completed.size(); ++row) {
        if (outcomes.completed[row] >= 0) all.push_back({row, nullptr});
    }
    std::stable_sort(all.begin(), all.end(), [&](const Lesson& x, const Lesson& y) {
        if (outcomes.decided.empty()) return x.row < y.row;
        return outcomes.decided[x.row] < outcomes.decided[y.row];
    });
    return all;
}

}  // namespace

Result<Learned> Online::update(const Table& orders) {
    const FitOptions& options = filter_->model.options();
    SLIPCAST_TRY(outcomes, detail::read_outcomes(orders, options));
    SLIPCAST_TRY(columns, detail::read_inputs(orders, filter_->model.inputs()));
    detail::map_levels(columns, filter_->model.inputs());
    Learned learned;
    std::vector<double> row(columns.values.size());
    for (const Lesson& each : lessons_of(outcomes, !filter_->completion.is_empty())) {
        for (std::size_t i = 0; i < row.size(); ++i) row[i] = columns.values[i][each.row];
        const Result<void> done = each.cost != nullptr ? update(row, each.cost->target, each.cost->weight)
                                                       : update_completion(row, outcomes.completed[each.row] == 1);
        if (!done && done.error().code != ErrorCode::missing_field) return done.error();
        (each.cost != nullptr ? learned.costs : learned.completions) += done ? 1 : 0;
    }
    return learned;
}

const Predictor& Online::predictor() const {
    return filter_->predictor;
}
const Model& Online::model() const {
    return filter_->model;
}
const Learned& Online::learned() const {
    return filter_->learned;
}
double Online::mean_log_score() const {
    const auto count = static_cast<double>(filter_->learned.costs);
    return count == 0.0 ? 0.0 : filter_->log_score / count;
}
double Online::mean_completion_log_score() const {
    const auto count = static_cast<double>(filter_->learned.completions);
    return count == 0.0 ? 0.0 : filter_->completion_log_score / count;
}
std::vector<double> Online::coefficients() const {
    return {filter_->state.data(), filter_->state.data() + filter_->state.size()};
}

std::string Online::to_json() const {
    const Json json{{"format", kFormat},
                    {"version", kVersion},
                    {"model", detail::to_json(filter_->model.state())},
                    {"half_life", filter_->options.half_life},
                    {"updates", filter_->learned.costs},
                    {"log_score", filter_->log_score},
                    {"state", detail::to_json(filter_->state)},
                    {"information", detail::to_json(filter_->information)},
                    {"completions", filter_->learned.completions},
                    {"completion_log_score", filter_->completion_log_score},
                    {"completion_state", detail::to_json(filter_->completion.mode())},
                    {"completion_information", detail::to_json(filter_->completion.information())}};
    return json.dump(1) + "\n";
}

namespace {

// A normal belief as a file states it.
struct Belief {
    std::vector<double> mode;
    std::vector<std::vector<double>> information;
};

struct CheckedBelief {
    VectorXd mode;
    MatrixXd information;
};

Result<CheckedBelief> checked(const Belief& belief, Index size, const char* mode_field, const char* field) {
    SLIPCAST_TRY(mode, detail::vector_from(belief.mode, size, mode_field));
    SLIPCAST_TRY(information, detail::matrix_from(belief.information, size, field));
    if (size > 0 && information.llt().info() != Eigen::Success) {
        return Error{ErrorCode::inconsistent, field, "", "must be positive definite", {}};
    }
    return CheckedBelief{std::move(mode), std::move(information)};
}

}  // namespace

Result<Online> Online::from_json(std::string_view text, const std::vector<double>& quantiles) {
    SLIPCAST_TRY(json, detail::parsed(text));
    std::string format;
    std::int64_t version = 0;
    OnlineOptions options;
    Learned learned;
    double log_score = 0.0, completion_log_score = 0.0;
    Belief cost, completion;
    detail::JsonReader reader(json, "");
    reader.take("format", format).take("version", version).take("half_life", options.half_life);
    if (!reader.has_failed() && format != kFormat) reader.refuse("format", std::string("must be ") + kFormat);
    if (!reader.has_failed() && (version < 1 || version > kVersion)) reader.refuse("version", "must be 1 or 2");
    reader.take("updates", learned.costs).take("log_score", log_score);
    reader.take("state", cost.mode).take("information", cost.information);
    // Version 1 knew no completion head: there it starts from the model's.
    const bool knows_completion = version > 1;
    if (knows_completion) {
        reader.take("completions", learned.completions).take("completion_log_score", completion_log_score);
        reader.take("completion_state", completion.mode).take("completion_information", completion.information);
    }
    const Json* model_json = reader.object("model");
    SLIPCAST_CHECK(reader.finish());
    SLIPCAST_TRY(model_state, detail::state_from_json(*model_json));
    SLIPCAST_TRY(online, create(Model(std::move(model_state)), options, quantiles));
    Filter& filter = *online.filter_;
    SLIPCAST_TRY(of_cost, checked(cost, filter.state.size(), "state", "information"));
    filter.state = std::move(of_cost.mode);
    filter.information = std::move(of_cost.information);
    if (knows_completion) {
        const Index size = filter.completion.mode().size();
        SLIPCAST_TRY(of_completion, checked(completion, size, "completion_state", "completion_information"));
        if (size > 0) filter.completion.set(of_completion.mode, of_completion.information);
    }
    filter.learned = learned;
    filter.log_score = log_score;
    filter.completion_log_score = completion_log_score;
    filter.refresh();
    filter.refresh_completion();
    return std::move(online);
}

}  // namespace slipcast::cost
