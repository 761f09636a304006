#include "slipcast/cost/estimate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "kernel.hpp"
#include "slipcast/core/nearest.hpp"
#include "slipcast/core/table_builder.hpp"
#include "slipcast/cost/predictor.hpp"

namespace slipcast::cost {

namespace {

using detail::State;
using detail::SymbolContext;

constexpr const char* kVolumeRate = "volume_per_s";

struct Taken {
    double value = 0.0;
    std::string text;
    std::string source;
};

double seconds(Duration duration) {
    return static_cast<double>(duration.count()) / 1e9;
}

Result<const SymbolContext*> context_of(const State& state, const std::string& symbol) {
    std::vector<std::string> known;
    for (const SymbolContext& each : state.contexts) {
        if (each.symbol == symbol) return &each;
        known.push_back(each.symbol);
    }
    std::string rule = "must be a symbol that the model was fitted on";
    if (!known.empty()) rule += "; did you mean '" + nearest_name(symbol, known) + "'?";
    return Error{ErrorCode::not_found, "symbol", symbol, std::move(rule), {}};
}

Result<void> check_known(const State& state, const Contemplated& order) {
    std::vector<std::string> known{kVolumeRate};
    for (const Input& input : state.inputs) known.push_back(input.name);
    const auto check = [&](const std::string& name) -> Result<void> {
        if (std::find(known.begin(), known.end(), name) != known.end()) return {};
        return Error{ErrorCode::unknown_field,
                     name,
                     "",
                     "is no input of this model; did you mean '" + nearest_name(name, known) + "'?",
                     {}};
    };
    for (const auto& [name, value] : order.numbers) SLIPCAST_CHECK(check(name));
    for (const auto& [name, value] : order.labels) SLIPCAST_CHECK(check(name));
    return {};
}

/// Reads the inputs of one order.
class InputTaker {
public:
    InputTaker(const State& state, const SymbolContext& context, const Contemplated& order, const Predictor& predictor)
        : state_(state), context_(context), order_(order), predictor_(predictor) {}

    /// Inputs of the order with its size and time scaled.
    Result<std::vector<Taken>> take(double size, double time) const {
        std::vector<Taken> all;
        for (std::size_t i = 0; i < state_.inputs.size(); ++i) {
            SLIPCAST_TRY(taken, state_.inputs[i].kind == InputKind::label ? label(i) : number(i, size, time));
            all.push_back(taken);
        }
        return all;
    }

private:
    Result<Taken> number(std::size_t i, double size, double time) const {
        const std::string& name = state_.inputs[i].name;
        if (const auto given = order_.numbers.find(name); given != order_.numbers.end()) {
            // A given participation is that of the order as it stands: it moves with its size and time.
            const double scale = name == "participation" ? size / time : (name == "quantity" ? size : 1.0);
            return Taken{given->second * scale, {}, "given"};
        }
        if (name == "quantity") return Taken{order_.quantity * size, {}, "the order"};
        if (name == "duration") return Taken{seconds(order_.over) * time, {}, "the order"};
        if (name == "participation") {
            const auto given = order_.numbers.find(kVolumeRate);
            const double rate = given == order_.numbers.end() ? context_.volume_per_s : given->second;
            if (!(rate > 0.0)) return missing(name);
            return Taken{order_.quantity * size / (rate * seconds(order_.over) * time),
                         {},
                         given == order_.numbers.end() ? "the order over the symbol's typical volume"
                                                       : "the order over the volume forecast"};
        }
        const auto median = context_.medians.find(name);
        if (median == context_.medians.end()) return missing(name);
        return Taken{median->second, {}, "the symbol's typical order"};
    }
    Result<Taken> label(std::size_t i) const {
        const std::string& input = state_.inputs[i].name;
        const auto taken = [&](const std::string& text, const char* source) {
            return Taken{predictor_.code(i, text), text, source};
        };
        if (const auto given = order_.labels.find(input); given != order_.labels.end()) {
            return taken(given->second, "given");
        }
        if (input == "side") return taken(std::string(name(order_.side)), "the order");
        if (input == state_.options.symbol) return taken(order_.symbol, "the order");
        const auto mode = context_.modes.find(input);
        if (mode == context_.modes.end()) return missing(input);
        return taken(mode->second, "the symbol's typical order");
    }
    Error missing(const std::string& name) const {
        return Error{ErrorCode::missing_field,
                     name,
                     order_.symbol,
                     "is not known of this symbol's orders: give it with the order",
                     {}};
    }

    const State& state_;
    const SymbolContext& context_;
    const Contemplated& order_;
    const Predictor& predictor_;
};

/// Predictions for several sizes and times of one order, as a table.
class CurveTable {
public:
    CurveTable(const char* name, const Predictor& predictor, bool has_completion)
        : name_(name),
          predictor_(predictor),
          has_completion_(has_completion),
          values_(6 + predictor.quantiles().size()) {}

    void add(double quantity, double minutes, const std::vector<Taken>& inputs) {
        std::vector<double> row;
        for (const Taken& each : inputs) row.push_back(each.value);
        Prediction out;
        std::vector<double> quantiles(predictor_.quantiles().size());
        predictor_.predict(row, out, quantiles);
        const double fields[] = {quantity, minutes, out.mean, out.epistemic_sd, out.aleatoric_sd, out.miss_risk};
        for (std::size_t i = 0; i < std::size(fields); ++i) values_[i].push_back(fields[i]);
        for (std::size_t k = 0; k < quantiles.size(); ++k) values_[6 + k].push_back(quantiles[k]);
    }
    Table take() {
        TableBuilder table(name_, values_[0].size());
        table.add(plain("quantity", "ordered", "units"), std::move(values_[0]))
            .add(plain("minutes", "planned life", "min"), std::move(values_[1]))
            .add(plain("mean", "expected cost", "bps"), std::move(values_[2]));
        for (std::size_t k = 0; k < predictor_.quantiles().size(); ++k) {
            const double p = predictor_.quantiles()[k];
            table.add(
                plain(detail::quantile_name(p), fmt::format("the cost is below this with probability {}", p), "bps"),
                std::move(values_[6 + k]));
        }
        table.add(plain("epistemic_sd", "of the expected cost", "bps"), std::move(values_[3]))
            .add(plain("aleatoric_sd", "around the expected cost", "bps"), std::move(values_[4]));
        if (has_completion_) {
            table.add(plain("miss_risk", "probability of not being filled by the deadline"), std::move(values_[5]));
        }
        return table.take();
    }

private:
    const char* name_;
    const Predictor& predictor_;
    bool has_completion_;
    std::vector<std::vector<double>> values_;
};

Table inputs_table(const State& state, const std::vector<Taken>& inputs) {
    std::vector<std::string> names, values, sources;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        names.push_back(state.inputs[i].name);
        values.push_back(inputs[i].text.empty() ? fmt::format("{:.6g}", inputs[i].value) : inputs[i].text);
        sources.push_back(inputs[i].source);
    }
    return TableBuilder("cost_inputs", names.size())
        .add(plain("input", "of the model"), std::move(names))
        .add(plain("value", "taken"), std::move(values))
        .add(plain("source", "where it is from"), std::move(sources))
        .take();
}

}  // namespace

const Table* Estimate::find(std::string_view name) const {
    for (const Table& table : tables) {
        if (table.name() == name) return &table;
    }
    return nullptr;
}

Result<Estimate> estimate(const Model& model, const Contemplated& order, const std::vector<double>& quantiles) {
    if (!(order.quantity > 0.0 && std::isfinite(order.quantity))) {
        return invalid_value("quantity", fmt::format("{}", order.quantity), "must be positive");
    }
    if (order.over <= Duration{}) return invalid_value("over", to_string(order.over), "must be positive");
    const State& state = model.state();
    SLIPCAST_CHECK(check_known(state, order));
    SLIPCAST_TRY(context, context_of(state, order.symbol));
    SLIPCAST_TRY(predictor, Predictor::create(model, quantiles));
    const InputTaker taker(state, *context, order, predictor);
    const double minutes = seconds(order.over) / 60.0;
    const auto curve = [&](const char* name, const std::vector<std::pair<double, double>>& scales) -> Result<Table> {
        CurveTable table(name, predictor, model.has_completion());
        for (const auto& [size, time] : scales) {
            SLIPCAST_TRY(inputs, taker.take(size, time));
            table.add(order.quantity * size, minutes * time, inputs);
        }
        return table.take();
    };
    Estimate made;
    SLIPCAST_TRY(one, curve("cost_estimate", {{1.0, 1.0}}));
    SLIPCAST_TRY(sizes, curve("cost_by_size", {{0.1, 1}, {0.25, 1}, {0.5, 1}, {1, 1}, {2, 1}, {4, 1}, {10, 1}}));
    SLIPCAST_TRY(horizons, curve("cost_by_horizon", {{1, 0.25}, {1, 0.5}, {1, 1}, {1, 2}, {1, 4}}));
    SLIPCAST_TRY(inputs, taker.take(1.0, 1.0));
    made.tables = {std::move(one), std::move(sizes), std::move(horizons), inputs_table(state, inputs)};
    return made;
}

std::map<std::string, double> forecast_inputs(const forecast::Forecaster& forecaster, InstrumentId instrument,
                                              Timestamp time, Duration over) {
    const forecast::Forecast known = forecaster.at(instrument, time);
    std::map<std::string, double> inputs;
    const auto volume = forecaster.window_volume(instrument, {time, time + over});
    if (volume && volume->median > 0.0) inputs[kVolumeRate] = volume->median / seconds(over);
    if (known.spread) inputs["spread"] = known.spread->median;
    if (known.daily_volatility) {
        inputs["volatility"] = known.daily_volatility->bps_per_sqrt_day().value();
    } else if (known.session_volatility) {
        inputs["volatility"] = known.session_volatility->median * 1e4;
    }
    if (known.session) {
        inputs["minutes_from_open"] = seconds(time - known.session->begin) / 60.0;
        inputs["minutes_to_close"] = seconds(known.session->end - time) / 60.0;
    }
    return inputs;
}

}  // namespace slipcast::cost
