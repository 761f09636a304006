#include "training.hpp"

#include <algorithm>
#include <cmath>

#include "slipcast/core/table_values.hpp"
#include "slipcast/math/statistics.hpp"

namespace slipcast::cost::detail {

namespace {

Result<std::vector<Term>> find_terms(TermReader& reader, const char* field, const std::vector<std::string>& names) {
    std::vector<Term> terms;
    for (const std::string& name : names) {
        SLIPCAST_TRY(term, reader.find(field, name));
        terms.push_back(term);
    }
    return terms;
}

double median_of(std::vector<double> values) {
    return math::median(values).value_or(0.0);
}

}  // namespace

Result<Training> read_training(const Table& table, const FitOptions& options) {
    SLIPCAST_CHECK(options.validate());
    Training training;
    training.options = options;
    SLIPCAST_TRY(outcomes, read_outcomes(table, options));
    training.outcomes = std::move(outcomes);
    TermReader reader(table);
    SLIPCAST_TRY(mean, find_terms(reader, "mean", options.mean));
    SLIPCAST_TRY(scale, find_terms(reader, "scale", options.scale));
    training.mean = std::move(mean);
    training.scale = std::move(scale);
    if (training.outcomes.has_completion) {
        SLIPCAST_TRY(completion, find_terms(reader, "completion", options.completion));
        training.completion = std::move(completion);
    }
    SLIPCAST_TRY(columns, reader.read());
    training.columns = std::move(columns);
    if (training.columns.inputs.size() > kMaxInputs) {
        return invalid_value("mean, scale, completion", std::to_string(training.columns.inputs.size()),
                             "inputs: at most " + std::to_string(kMaxInputs));
    }
    if (const Column* symbol = table.find(options.symbol)) {
        SLIPCAST_TRY(symbols, labels_of(*symbol));
        training.symbols = std::move(symbols);
    }
    if (const Column* quantity = table.find("quantity")) {
        SLIPCAST_TRY(quantities, numbers_of(*quantity));
        training.quantities = std::move(quantities);
    }
    return training;
}

bool is_complete(const std::vector<Term>& terms, const InputColumns& columns, std::size_t row, std::string* culprit) {
    for (const Term& term : terms) {
        const double a = term.first < 0 ? 0.0 : columns.values[static_cast<std::size_t>(term.first)][row];
        const double b = term.second < 0 ? 0.0 : columns.values[static_cast<std::size_t>(term.second)][row];
        if (std::isfinite(term_value(term, a, b))) continue;
        if (culprit != nullptr) *culprit = term.name;
        return false;
    }
    return true;
}

std::vector<SymbolContext> symbol_contexts(const Training& training, const InputColumns& columns,
                                           const std::vector<std::uint8_t>& chosen) {
    std::vector<SymbolContext> contexts;
    const auto input_of = [&](const char* name) -> const std::vector<double>* {
        for (std::size_t i = 0; i < columns.inputs.size(); ++i) {
            if (columns.inputs[i].name == name) return &columns.values[i];
        }
        return nullptr;
    };
    const std::vector<double>* participation = input_of("participation");
    const std::vector<double>* duration = input_of("duration");
    for (std::size_t symbol = 0; symbol < training.symbols.labels.size(); ++symbol) {
        SymbolContext context;
        context.symbol = training.symbols.labels[symbol];
        std::vector<std::size_t> rows;
        for (std::size_t row = 0; row < training.symbols.code.size(); ++row) {
            const bool is_used = chosen.empty() || chosen[row] != 0;
            if (is_used && training.symbols.code[row] == static_cast<std::int32_t>(symbol)) rows.push_back(row);
        }
        context.orders = static_cast<std::int64_t>(rows.size());
        std::vector<double> rates;
        for (const std::size_t row : rows) {
            if (participation == nullptr || duration == nullptr || training.quantities.empty()) break;
            const double rate = training.quantities[row] / ((*participation)[row] * (*duration)[row]);
            if (std::isfinite(rate) && rate > 0.0) rates.push_back(rate);
        }
        context.volume_per_s = median_of(std::move(rates));
        for (std::size_t i = 0; i < columns.inputs.size(); ++i) {
            std::vector<double> values;
            std::vector<std::int64_t> count(columns.inputs[i].levels.size());
            for (const std::size_t row : rows) {
                const double value = columns.values[i][row];
                if (columns.inputs[i].kind == InputKind::label) {
                    if (value >= 0.0) ++count[static_cast<std::size_t>(value)];
                } else if (std::isfinite(value)) {
                    values.push_back(value);
                }
            }
            const std::string& name = columns.inputs[i].name;
            if (!values.empty()) context.medians[name] = median_of(std::move(values));
            const auto most = std::max_element(count.begin(), count.end());
            if (most != count.end() && *most > 0) {
                context.modes[name] = columns.inputs[i].levels[static_cast<std::size_t>(most - count.begin())];
            }
        }
        if (!rows.empty()) contexts.push_back(std::move(context));
    }
    return contexts;
}

}  // namespace slipcast::cost::detail
