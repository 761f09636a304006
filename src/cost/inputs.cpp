#include "inputs.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "outcome_columns.hpp"
#include "slipcast/core/nearest.hpp"
#include "slipcast/core/side.hpp"
#include "slipcast/core/table_values.hpp"

namespace slipcast::cost::detail {

namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

const InputDefinition* definition_of(const std::string& input) {
    for (const InputDefinition& each : declared_inputs()) {
        if (each.name == input) return &each;
    }
    return nullptr;
}

bool has_source(const Table& table, const Source& source) {
    return table.find(source.first) != nullptr && (source.second.empty() || table.find(source.second) != nullptr);
}

std::string column_names(const Source& source) {
    return source.second.empty() ? source.first : source.first + " and " + source.second;
}

Result<std::vector<double>> seconds_between(const Column& from, const Column& to) {
    SLIPCAST_TRY(begin, times_of(from));
    SLIPCAST_TRY(end, times_of(to));
    std::vector<double> seconds(begin.size(), kMissing);
    for (std::size_t row = 0; row < seconds.size(); ++row) {
        if (from.is_valid(row) && to.is_valid(row)) seconds[row] = static_cast<double>(end[row] - begin[row]) / 1e9;
    }
    return seconds;
}

Result<std::vector<double>> signed_numbers(const Column& number, const Column& side) {
    SLIPCAST_TRY(values, numbers_of(number));
    SLIPCAST_TRY(sides, labels_of(side));
    std::vector<double> signs;
    for (const std::string& label : sides.labels) {
        SLIPCAST_TRY(parsed, parse_side(label, side.meta.name));
        signs.push_back(static_cast<double>(sign(parsed)));
    }
    for (std::size_t row = 0; row < values.size(); ++row) {
        const std::int32_t code = sides.code[row];
        values[row] = code < 0 ? kMissing : values[row] * signs[static_cast<std::size_t>(code)];
    }
    return values;
}

Result<std::vector<double>> read_numbers(const Table& table, const Source& source) {
    SLIPCAST_TRY(first, column_of(table, source.first, source.first));
    if (source.reading == Reading::column) return numbers_of(*first);
    SLIPCAST_TRY(second, column_of(table, source.second, source.second));
    return source.reading == Reading::seconds_between ? seconds_between(*first, *second)
                                                      : signed_numbers(*first, *second);
}

Result<void> append(const Table& table, const Input& input, InputColumns& out) {
    if (input.kind == InputKind::number) {
        SLIPCAST_TRY(values, read_numbers(table, input.source));
        out.values.push_back(std::move(values));
        out.texts.emplace_back();
    } else {
        SLIPCAST_TRY(column, column_of(table, input.name, input.source.first));
        SLIPCAST_TRY(labels, labels_of(*column));
        out.values.emplace_back(labels.code.begin(), labels.code.end());
        out.texts.push_back(std::move(labels.labels));
    }
    out.inputs.push_back(input);
    return {};
}

bool is_label(const Column& column) {
    return std::holds_alternative<DictionaryColumn>(column.data) ||
           std::holds_alternative<std::vector<std::string>>(column.data) ||
           std::holds_alternative<BoolColumn>(column.data);
}

}  // namespace

int TermReader::keep(Input input) {
    for (std::size_t i = 0; i < inputs_.size(); ++i) {
        if (inputs_[i].name == input.name) return static_cast<int>(i);
    }
    inputs_.push_back(std::move(input));
    return static_cast<int>(inputs_.size()) - 1;
}

Result<int> TermReader::place(const std::string& term, const std::string& input) {
    if (input.empty()) return -1;
    const InputDefinition* definition = definition_of(input);
    SLIPCAST_ASSERT(definition != nullptr, "a declared transform names declared inputs");
    std::string tried;
    for (const Source& source : definition->sources) {
        if (has_source(*table_, source)) return keep({definition->name, definition->kind, source, {}});
        tried += (tried.empty() ? "" : ", or ") + column_names(source);
    }
    return Error{ErrorCode::missing_field, input, term, "the term needs column " + tried, {}};
}

Result<Term> TermReader::own_column(const std::string& field, const std::string& name) {
    const Column* column = table_->find(name);
    if (column == nullptr) {
        std::vector<std::string> known;
        for (const TermDefinition& each : declared_terms()) known.push_back(each.name);
        for (const Column& each : table_->columns()) {
            if (!is_outcome(each.meta)) known.push_back(each.meta.name);
        }
        return Error{
            ErrorCode::unknown_field,
            field,
            name,
            "must be a declared term or a column of the table; did you mean '" + nearest_name(name, known) + "'?",
            {}};
    }
    if (is_outcome(column->meta)) {
        return invalid_value(field, name, "must be known before the trade; this column is an outcome of it");
    }
    const bool labels = is_label(*column);
    Term term;
    term.name = name;
    term.formula = labels ? Formula::level : Formula::value;
    term.first = keep({name, labels ? InputKind::label : InputKind::number, {Reading::column, name, {}}, {}});
    return term;
}

Result<Term> TermReader::find(const std::string& field, const std::string& name) {
    for (const TermDefinition& each : declared_terms()) {
        if (each.name != name) continue;
        auto first = place(name, each.first);
        auto second = place(name, each.second);
        if (first && second) return Term{name, each.formula, *first, *second, each.constant};
        // A table may hold the transform ready-made under its own name.
        if (table_->find(name) != nullptr) return own_column(field, name);
        return first ? second.error() : first.error();
    }
    return own_column(field, name);
}

Result<InputColumns> TermReader::read() const {
    InputColumns out;
    out.rows = table_->rows();
    for (const Input& input : inputs_) SLIPCAST_CHECK(append(*table_, input, out));
    return out;
}

Result<InputColumns> read_inputs(const Table& table, const std::vector<Input>& inputs) {
    InputColumns out;
    out.rows = table.rows();
    for (const Input& input : inputs) {
        Input chosen = input;
        const InputDefinition* definition = definition_of(input.name);
        if (!has_source(table, input.source) && definition != nullptr) {
            for (const Source& source : definition->sources) {
                if (!has_source(table, source)) continue;
                chosen.source = source;
                break;
            }
        }
        SLIPCAST_CHECK(append(table, chosen, out));
    }
    return out;
}

double term_value(const Term& term, double first, double second) {
    switch (term.formula) {
        case Formula::one:
            return 1.0;
        case Formula::value:
        case Formula::level:
            return first;
        case Formula::root:
            return first >= 0.0 ? std::sqrt(first) : kMissing;
        case Formula::logarithm:
            return first + term.constant > 0.0 ? std::log(first + term.constant) : kMissing;
        case Formula::product:
            return first * second;
        case Formula::root_product:
            return second >= 0.0 ? first * std::sqrt(second) : kMissing;
        case Formula::is_below:
            return std::isnan(first) ? kMissing : static_cast<double>(first < term.constant);
        case Formula::log_ratio:
            return first > 0.0 && second > 0.0 ? std::log(first / second) : kMissing;
        case Formula::root_ratio:
            return first >= 0.0 && second > 0.0 ? std::sqrt(first / second) : kMissing;
    }
    SLIPCAST_ASSERT(false, "every formula has a value");
}

}  // namespace slipcast::cost::detail
