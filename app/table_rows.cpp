#include "table_rows.hpp"

#include <type_traits>

#include "slipcast/core/table_builder.hpp"
#include "surface.hpp"

namespace slipcast::app {
namespace {

template <typename T>
std::vector<T> picked(const std::vector<T>& values, const std::vector<std::size_t>& rows) {
    std::vector<T> out;
    out.reserve(rows.size());
    for (const std::size_t row : rows) out.push_back(values[row]);
    return out;
}

ColumnData picked(const ColumnData& data, const std::vector<std::size_t>& rows) {
    return std::visit(
        [&rows](const auto& values) -> ColumnData {
            using Values = std::decay_t<decltype(values)>;
            if constexpr (std::is_same_v<Values, DictionaryColumn>) {
                return DictionaryColumn{.code = picked(values.code, rows), .labels = values.labels};
            } else if constexpr (std::is_same_v<Values, MoneyColumn>) {
                return MoneyColumn{.units = picked(values.units, rows)};
            } else if constexpr (std::is_same_v<Values, BoolColumn>) {
                return BoolColumn{.value = picked(values.value, rows)};
            } else {
                return picked(values, rows);
            }
        },
        data);
}

}  // namespace

std::vector<std::size_t> rows_where(const Table& table, std::string_view name, std::string_view text) {
    std::vector<std::size_t> rows;
    for (std::size_t c = 0; c < table.columns().size(); ++c) {
        if (table.columns()[c].meta.name != name) continue;
        for (std::size_t row = 0; row < table.rows(); ++row) {
            if (table.text(row, c) == text) rows.push_back(row);
        }
    }
    return rows;
}

Table selected_rows(const Table& table, const std::vector<std::size_t>& rows) {
    Table out{table.name()};
    for (const Column& column : table.columns()) {
        Column copy{.meta = column.meta, .data = picked(column.data, rows), .valid = {}};
        if (!column.valid.empty()) copy.valid = picked(column.valid, rows);
        out.add(std::move(copy));
    }
    return out;
}

Table record(const Table& table, std::size_t row) {
    std::vector<std::string> fields, values, units;
    for (std::size_t c = 0; c < table.columns().size(); ++c) {
        const bool is_cash = std::holds_alternative<MoneyColumn>(table.columns()[c].data);
        std::string value = is_cash ? cash_text(table, row, c) : table.text(row, c);
        if (value.empty()) continue;
        fields.push_back(table.columns()[c].meta.name);
        values.push_back(std::move(value));
        units.push_back(table.columns()[c].meta.unit);
    }
    return TableBuilder(table.name(), fields.size())
        .add(plain("field", ""), std::move(fields))
        .add(plain("value", ""), std::move(values))
        .add(plain("unit", ""), std::move(units))
        .take();
}

}  // namespace slipcast::app
