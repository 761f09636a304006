#include "artifact.hpp"

#include <Eigen/Cholesky>
#include <cmath>

namespace slipcast::cost {

namespace detail {

namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr const char* kFormat = "slipcast.cost.model";
// Version 1: the first. Reading an older version means: fill in what it did not have, here, before anything is read.
constexpr int kVersion = 1;

template <typename Enum>
std::optional<Enum> named(std::string_view text, int count) {
    for (int i = 0; i < count; ++i) {
        if (name(static_cast<Enum>(i)) == text) return static_cast<Enum>(i);
    }
    return std::nullopt;
}

Json options_json(FitOptions options) {
    Json json = Json::object();
    for (const Setting& setting : options.settings().all()) json[setting.name] = setting.get();
    return json;
}

Result<FitOptions> options_from(const Json& json) {
    FitOptions options;
    Settings settings = options.settings();
    if (!json.is_object()) return Error{ErrorCode::malformed, "options", "", "must be an object", {}};
    for (const auto& [key, value] : json.items()) {
        if (!value.is_string()) return Error{ErrorCode::malformed, "options." + key, "", "must be text", {}};
        SLIPCAST_CHECK(settings.set(key, value.get<std::string>()));
    }
    SLIPCAST_CHECK(options.validate());
    return options;
}

constexpr const char* kReadings[] = {"column", "seconds_between", "signed_by_side"};

Json input_json(const Input& input) {
    return {{"name", input.name},
            {"kind", input.kind == InputKind::number ? "number" : "label"},
            {"reading", kReadings[static_cast<std::size_t>(input.source.reading)]},
            {"first", input.source.first},
            {"second", input.source.second},
            {"levels", input.levels}};
}

Result<Input> input_from(const Json& json) {
    Input input;
    std::string kind, reading;
    JsonReader reader(json, "inputs.");
    reader.take("name", input.name).take("kind", kind).take("reading", reading).take("first", input.source.first);
    reader.take("second", input.source.second).take("levels", input.levels);
    if (kind != "number" && kind != "label") reader.refuse("kind", "must be number or label");
    input.kind = kind == "label" ? InputKind::label : InputKind::number;
    bool is_known = false;
    for (std::size_t i = 0; i < std::size(kReadings); ++i) {
        if (reading != kReadings[i]) continue;
        input.source.reading = static_cast<Reading>(i);
        is_known = true;
    }
    if (!is_known) reader.refuse("reading", "must be column, seconds_between or signed_by_side");
    SLIPCAST_CHECK(reader.finish());
    return input;
}

Json part_json(const Part& part, const VectorXd& coefficients) {
    Json columns = Json::array();
    for (std::size_t i = 0; i < part.columns.size(); ++i) {
        const DesignColumn& column = part.columns[i];
        columns.push_back({{"name", column.name},
                           {"term", column.term},
                           {"formula", name(column.formula)},
                           {"first", column.first},
                           {"second", column.second},
                           {"constant", column.constant},
                           {"level", column.level},
                           {"levels", column.levels},
                           {"center", column.center},
                           {"deviation", column.deviation},
                           {"coefficient", coefficients[static_cast<Index>(i)]}});
    }
    Json unseen = Json::array();
    for (const Unseen& each : part.unseen) unseen.push_back({{"input", each.input}, {"variance", each.variance}});
    return {{"columns", std::move(columns)}, {"unseen", std::move(unseen)}};
}

Result<DesignColumn> design_column_from(const Json& json, const State& state, double& coefficient) {
    DesignColumn column;
    std::string formula;
    JsonReader reader(json, "columns.");
    reader.take("name", column.name).take("term", column.term).take("formula", formula).take("first", column.first);
    reader.take("second", column.second).take("constant", column.constant).take("level", column.level);
    reader.take("levels", column.levels).take("center", column.center).take("deviation", column.deviation);
    reader.take("coefficient", coefficient);
    const auto known = named<Formula>(formula, 10);
    if (!known) reader.refuse("formula", "must be a formula by name");
    column.formula = known.value_or(Formula::one);
    const auto is_input = [&](int at) { return at >= 0 && at < static_cast<int>(state.inputs.size()); };
    const bool needs_two = column.formula == Formula::product || column.formula == Formula::root_product ||
                           column.formula == Formula::log_ratio || column.formula == Formula::root_ratio;
    if (column.formula != Formula::one && !is_input(column.first))
        reader.refuse("first", "must be the place of an input");
    if (needs_two && !is_input(column.second)) reader.refuse("second", "must be the place of an input");
    if (column.formula == Formula::level && column.levels < 1) reader.refuse("levels", "must be positive");
    if (!(column.deviation > 0.0)) reader.refuse("deviation", "must be positive");
    SLIPCAST_CHECK(reader.finish());
    return column;
}

struct PartAndCoefficients {
    Part part;
    std::vector<double> coefficients;
};

Result<PartAndCoefficients> part_from(const Json& json, const char* which, const State& state) {
    PartAndCoefficients out;
    JsonReader reader(json, std::string(which) + ".");
    const Json* columns = reader.object("columns");
    const Json* unseen = reader.object("unseen");
    SLIPCAST_CHECK(reader.finish());
    if (!columns->is_array() || columns->size() > kMaxColumns || !unseen->is_array()) {
        return Error{ErrorCode::malformed, std::string(which), "", "must be lists of at most 64 columns", {}};
    }
    for (const Json& each : *columns) {
        double coefficient = 0.0;
        SLIPCAST_TRY(column, design_column_from(each, state, coefficient));
        out.part.columns.push_back(column);
        out.coefficients.push_back(coefficient);
    }
    for (const Json& each : *unseen) {
        Unseen one;
        JsonReader fields(each, std::string(which) + ".unseen.");
        fields.take("input", one.input).take("variance", one.variance);
        if (one.input < 0 || one.input >= static_cast<int>(state.inputs.size()) || !(one.variance >= 0.0)) {
            fields.refuse("input", "must be the place of an input with a variance >= 0");
        }
        SLIPCAST_CHECK(fields.finish());
        out.part.unseen.push_back(one);
    }
    return out;
}

Json report_json(const FitReport& report) {
    return {{"termination", name(report.termination)},
            {"iterations", report.iterations},
            {"starts", report.starts},
            {"starts_agree", report.starts_agree},
            {"gradient", report.gradient},
            {"decrement", report.decrement},
            {"condition", report.condition},
            {"log_likelihood", report.log_likelihood},
            {"log_posterior", report.log_posterior},
            {"table_rows", report.table_rows},
            {"rows", report.rows},
            {"whole", report.whole},
            {"filled_parts", report.filled_parts},
            {"censored", report.censored},
            {"cancelled_rests", report.cancelled_rests},
            {"weight", report.weight},
            {"left_out", report.left_out},
            {"completion_rows", report.completion_rows},
            {"completion_missed", report.completion_missed},
            {"separated", report.separated},
            {"no_completion", report.no_completion}};
}

Result<FitReport> report_from(const Json& json) {
    FitReport report;
    std::string termination;
    JsonReader reader(json, "fit.");
    reader.take("termination", termination).take("iterations", report.iterations).take("starts", report.starts);
    reader.take("starts_agree", report.starts_agree).take("gradient", report.gradient);
    reader.take("decrement", report.decrement).take("condition", report.condition);
    reader.take("log_likelihood", report.log_likelihood).take("log_posterior", report.log_posterior);
    reader.take("table_rows", report.table_rows).take("rows", report.rows).take("whole", report.whole);
    reader.take("filled_parts", report.filled_parts).take("censored", report.censored);
    reader.take("cancelled_rests", report.cancelled_rests).take("weight", report.weight);
    reader.take("left_out", report.left_out).take("completion_rows", report.completion_rows);
    reader.take("completion_missed", report.completion_missed).take("separated", report.separated);
    reader.take("no_completion", report.no_completion);
    const auto known = named<Termination>(termination, 4);
    if (!known) reader.refuse("termination", "must be a termination by name");
    report.termination = known.value_or(Termination::converged);
    SLIPCAST_CHECK(reader.finish());
    return report;
}

Json contexts_json(const std::vector<SymbolContext>& contexts) {
    Json all = Json::array();
    for (const SymbolContext& each : contexts) {
        all.push_back({{"symbol", each.symbol},
                       {"orders", each.orders},
                       {"volume_per_s", each.volume_per_s},
                       {"medians", each.medians},
                       {"modes", each.modes}});
    }
    return all;
}

Result<std::vector<SymbolContext>> contexts_from(const Json& json) {
    std::vector<SymbolContext> contexts;
    if (!json.is_array()) return Error{ErrorCode::malformed, "contexts", "", "must be a list", {}};
    for (const Json& each : json) {
        SymbolContext context;
        JsonReader reader(each, "contexts.");
        reader.take("symbol", context.symbol).take("orders", context.orders).take("volume_per_s", context.volume_per_s);
        reader.take("medians", context.medians).take("modes", context.modes);
        SLIPCAST_CHECK(reader.finish());
        contexts.push_back(std::move(context));
    }
    return contexts;
}

// Everything in the artifact but the options, which are read first.
struct Sections {
    std::string format, method;
    std::int64_t version = 0;
    std::map<std::string, std::string> provenance;
    double target_center = 0.0, target_scale = 1.0, log_excess_nu = 0.0, nu_coupling = 0.0;
    std::vector<std::vector<double>> covariance, completion_covariance;
    const Json *options = nullptr, *inputs = nullptr, *mean = nullptr, *scale = nullptr, *completion = nullptr,
               *fit = nullptr, *contexts = nullptr;
};

Result<Sections> sections_of(const Json& json) {
    Sections all;
    JsonReader reader(json, "");
    reader.take("format", all.format).take("version", all.version);
    if (!reader.has_failed() && all.format != kFormat) reader.refuse("format", std::string("must be ") + kFormat);
    if (!reader.has_failed() && (all.version < 1 || all.version > kVersion)) {
        reader.refuse("version", "must be 1 to " + std::to_string(kVersion) + ": written by a later release");
    }
    reader.take("method", all.method).take("provenance", all.provenance).take("target_center", all.target_center);
    reader.take("target_scale", all.target_scale).take("log_excess_nu", all.log_excess_nu);
    reader.take("nu_coupling", all.nu_coupling).take("covariance", all.covariance);
    reader.take("completion_covariance", all.completion_covariance);
    all.options = reader.object("options");
    all.inputs = reader.object("inputs");
    all.mean = reader.object("mean");
    all.scale = reader.object("scale");
    all.completion = reader.object("completion");
    all.fit = reader.object("fit");
    all.contexts = reader.object("contexts");
    if (!reader.has_failed() && all.method != "global") reader.refuse("method", "must be global");
    if (!reader.has_failed() && !(all.target_scale > 0.0)) reader.refuse("target_scale", "must be positive");
    if (!reader.has_failed() && !all.inputs->is_array()) reader.refuse("inputs", "must be a list");
    SLIPCAST_CHECK(reader.finish());
    return all;
}

Result<void> take_posterior(const Sections& from, const PartAndCoefficients& mean, const PartAndCoefficients& scale,
                            State& state) {
    if (mean.coefficients.empty() || scale.coefficients.empty()) {
        return Error{ErrorCode::malformed, "mean, scale", "", "must have an intercept", {}};
    }
    std::vector<double> mode = mean.coefficients;
    mode.insert(mode.end(), scale.coefficients.begin(), scale.coefficients.end());
    mode.push_back(from.log_excess_nu);
    const auto size = static_cast<Index>(mode.size());
    SLIPCAST_TRY(vector, vector_from(mode, size, "coefficient"));
    SLIPCAST_TRY(covariance, matrix_from(from.covariance, size, "covariance"));
    const MatrixXd linear = covariance.topLeftCorner(size - 1, size - 1);
    if (linear.llt().info() != Eigen::Success || covariance(size - 1, size - 1) < 0.0) {
        return Error{ErrorCode::inconsistent, "covariance", "", "must be positive definite", {}};
    }
    state.mode = vector;
    state.covariance = covariance;
    return {};
}

Result<void> take_completion(const Sections& from, const PartAndCoefficients& completion, State& state) {
    const auto size = static_cast<Index>(completion.coefficients.size());
    SLIPCAST_TRY(vector, vector_from(completion.coefficients, size, "coefficient"));
    SLIPCAST_TRY(covariance, matrix_from(from.completion_covariance, size, "completion_covariance"));
    if (size > 0 && covariance.llt().info() != Eigen::Success) {
        return Error{ErrorCode::inconsistent, "completion_covariance", "", "must be positive definite", {}};
    }
    state.completion_mode = vector;
    state.completion_covariance = covariance;
    return {};
}

}  // namespace

Json to_json(const VectorXd& vector) {
    return std::vector<double>(vector.data(), vector.data() + vector.size());
}

Json to_json(const MatrixXd& matrix) {
    Json rows = Json::array();
    for (Index i = 0; i < matrix.rows(); ++i) rows.push_back(to_json(VectorXd(matrix.row(i))));
    return rows;
}

Result<VectorXd> vector_from(const std::vector<double>& values, Index size, const char* field) {
    VectorXd out = Eigen::Map<const VectorXd>(values.data(), static_cast<Index>(values.size()));
    if (out.size() == size && out.allFinite()) return out;
    return Error{ErrorCode::inconsistent, field, "", "must be " + std::to_string(size) + " finite numbers", {}};
}

Result<MatrixXd> matrix_from(const std::vector<std::vector<double>>& rows, Index size, const char* field) {
    MatrixXd out(size, size);
    bool fits = static_cast<Index>(rows.size()) == size;
    for (Index i = 0; fits && i < size; ++i) {
        const std::vector<double>& row = rows[static_cast<std::size_t>(i)];
        fits = static_cast<Index>(row.size()) == size;
        for (Index j = 0; fits && j < size; ++j) out(i, j) = row[static_cast<std::size_t>(j)];
    }
    if (fits && out.allFinite() && out.isApprox(out.transpose(), 1e-9)) return out;
    return Error{ErrorCode::inconsistent,
                 field,
                 "",
                 "must be a symmetric matrix of " + std::to_string(size) + " rows of finite numbers",
                 {}};
}

Result<Json> parsed(std::string_view text) {
    Json json = Json::parse(text.begin(), text.end(), nullptr, false);
    if (json.is_discarded()) return Error{ErrorCode::malformed, "artifact", "", "must be JSON", {}};
    return json;
}

Json to_json(const State& state) {
    const Index p = state.mean_size(), q = state.scale_size();
    Json inputs = Json::array();
    for (const Input& input : state.inputs) inputs.push_back(input_json(input));
    return {{"format", kFormat},
            {"version", kVersion},
            {"method", "global"},
            {"options", options_json(state.options)},
            {"inputs", std::move(inputs)},
            {"mean", part_json(state.mean, state.mode.head(p))},
            {"scale", part_json(state.scale, state.mode.segment(p, q))},
            {"completion", part_json(state.completion, state.completion_mode)},
            {"target_center", state.target_center},
            {"target_scale", state.target_scale},
            {"log_excess_nu", state.log_excess_nu()},
            {"nu_coupling", state.nu_coupling},
            {"covariance", to_json(state.covariance)},
            {"completion_covariance", to_json(state.completion_covariance)},
            {"fit", report_json(state.report)},
            {"contexts", contexts_json(state.contexts)},
            {"provenance", state.provenance}};
}

Result<std::shared_ptr<State>> state_from_json(const Json& json) {
    SLIPCAST_TRY(sections, sections_of(json));
    auto state = std::make_shared<State>();
    SLIPCAST_TRY(options, options_from(*sections.options));
    state->options = std::move(options);
    for (const Json& each : *sections.inputs) {
        SLIPCAST_TRY(input, input_from(each));
        state->inputs.push_back(std::move(input));
    }
    if (state->inputs.size() > kMaxInputs) {
        return Error{ErrorCode::malformed, "inputs", "", "must be at most 64", {}};
    }
    SLIPCAST_TRY(mean, part_from(*sections.mean, "mean", *state));
    SLIPCAST_TRY(scale, part_from(*sections.scale, "scale", *state));
    SLIPCAST_TRY(completion, part_from(*sections.completion, "completion", *state));
    state->mean = mean.part;
    state->scale = scale.part;
    state->completion = completion.part;
    state->target_center = sections.target_center;
    state->target_scale = sections.target_scale;
    state->nu_coupling = sections.nu_coupling;
    state->provenance = sections.provenance;
    SLIPCAST_CHECK(take_posterior(sections, mean, scale, *state));
    SLIPCAST_CHECK(take_completion(sections, completion, *state));
    SLIPCAST_TRY(report, report_from(*sections.fit));
    state->report = std::move(report);
    SLIPCAST_TRY(contexts, contexts_from(*sections.contexts));
    state->contexts = std::move(contexts);
    return state;
}

}  // namespace detail

std::string Model::to_json() const {
    return detail::to_json(*state_).dump(1) + "\n";
}

Result<Model> Model::from_json(std::string_view text) {
    SLIPCAST_TRY(json, detail::parsed(text));
    SLIPCAST_TRY(state, detail::state_from_json(json));
    return Model(std::move(state));
}

}  // namespace slipcast::cost
