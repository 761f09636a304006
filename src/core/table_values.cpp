#include "slipcast/core/table_values.hpp"

#include <cmath>
#include <functional>
#include <limits>

#include "slipcast/core/money.hpp"
#include "slipcast/core/nearest.hpp"
#include "slipcast/core/price.hpp"
#include "slipcast/core/words.hpp"

namespace slipcast {

namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

Error wrong_type(const Column& column, const char* rule) {
    return invalid_value(column.meta.name, "", rule);
}

template <typename Values, typename Convert>
std::vector<double> converted(const Column& column, const Values& values, const Convert& convert) {
    std::vector<double> out(values.size());
    for (std::size_t row = 0; row < values.size(); ++row) {
        out[row] = column.is_valid(row) ? convert(values[row]) : kMissing;
    }
    return out;
}

DictionaryColumn encoded(const Column& column, std::size_t rows, const std::function<std::string(std::size_t)>& text) {
    return words(rows, [&](std::size_t row) { return column.is_valid(row) ? text(row) : std::string{}; });
}

}  // namespace

Result<std::vector<double>> numbers_of(const Column& column) {
    if (const auto* reals = std::get_if<std::vector<double>>(&column.data)) {
        return converted(column, *reals, [](double value) { return std::isfinite(value) ? value : kMissing; });
    }
    if (const auto* integers = std::get_if<std::vector<std::int64_t>>(&column.data)) {
        return converted(column, *integers, [](std::int64_t value) { return static_cast<double>(value); });
    }
    if (const auto* prices = std::get_if<std::vector<Price>>(&column.data)) {
        return converted(column, *prices, [](Price price) { return static_cast<double>(price.units()) / 1e9; });
    }
    if (const auto* money = std::get_if<MoneyColumn>(&column.data)) {
        return converted(column, money->units, [](Int128 units) { return static_cast<double>(units) / 1e18; });
    }
    if (const auto* flags = std::get_if<BoolColumn>(&column.data)) {
        return converted(column, flags->value, [](std::uint8_t flag) { return flag != 0 ? 1.0 : 0.0; });
    }
    return wrong_type(column, "must be a column of numbers");
}

Result<DictionaryColumn> labels_of(const Column& column) {
    if (const auto* dictionary = std::get_if<DictionaryColumn>(&column.data)) {
        return encoded(column, dictionary->code.size(), [&](std::size_t row) {
            const std::int32_t code = dictionary->code[row];
            return code < 0 ? std::string{} : dictionary->labels[static_cast<std::size_t>(code)];
        });
    }
    if (const auto* texts = std::get_if<std::vector<std::string>>(&column.data)) {
        return encoded(column, texts->size(), [&](std::size_t row) { return (*texts)[row]; });
    }
    if (const auto* integers = std::get_if<std::vector<std::int64_t>>(&column.data)) {
        return encoded(column, integers->size(), [&](std::size_t row) { return std::to_string((*integers)[row]); });
    }
    if (const auto* flags = std::get_if<BoolColumn>(&column.data)) {
        return encoded(column, flags->value.size(),
                       [&](std::size_t row) { return std::string(flags->value[row] != 0 ? "true" : "false"); });
    }
    return wrong_type(column, "must be a column of labels: text, dictionary, whole numbers or true/false");
}

Result<std::vector<std::int64_t>> times_of(const Column& column) {
    const auto* times = std::get_if<std::vector<Timestamp>>(&column.data);
    if (times == nullptr) return wrong_type(column, "must be a column of times with a zone");
    std::vector<std::int64_t> out(times->size());
    for (std::size_t row = 0; row < out.size(); ++row) out[row] = (*times)[row].ns();
    return out;
}

Result<const Column*> column_of(const Table& table, const std::string& field, const std::string& name) {
    if (const Column* found = table.find(name)) return found;
    std::vector<std::string> names;
    for (const Column& column : table.columns()) names.push_back(column.meta.name);
    std::string rule = "must be a column of the table";
    if (!names.empty()) rule += "; did you mean '" + nearest_name(name, names) + "'?";
    return Error{ErrorCode::missing_field, field, name, std::move(rule), {}};
}

}  // namespace slipcast
