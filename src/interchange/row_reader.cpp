#include "row_reader.hpp"

#include <algorithm>

#include "slipcast/core/nearest.hpp"

namespace slipcast::interchange::detail {

Result<Binding> bind_columns(const TableSpec& table, const std::vector<std::string>& names) {
    Binding binding{&table, std::vector<std::int64_t>(table.columns.size(), -1)};
    std::vector<std::string> valid;
    for (const ColumnSpec& column : table.columns) valid.emplace_back(column.name);
    const std::string table_name(table.name);
    for (std::size_t child = 0; child < names.size(); ++child) {
        const auto found = std::find(valid.begin(), valid.end(), names[child]);
        if (found == valid.end()) {
            return Error{ErrorCode::unknown_field,
                         table_name,
                         names[child],
                         "unknown column; did you mean " + nearest_name(names[child], valid) + "?",
                         {}};
        }
        std::int64_t& bound = binding.child[static_cast<std::size_t>(found - valid.begin())];
        if (bound >= 0) return Error{ErrorCode::inconsistent, table_name, names[child], "the column appears twice", {}};
        bound = static_cast<std::int64_t>(child);
    }
    for (std::size_t column = 0; column < table.columns.size(); ++column) {
        if (table.columns[column].required && !binding.has(column)) {
            return Error{
                ErrorCode::missing_field, table_name, table.columns[column].name, "the required column is missing", {}};
        }
    }
    return binding;
}

std::string RowReader::choice_rule(const char* const* names, std::size_t count) {
    std::string rule = "must be ";
    for (std::size_t i = 0; i < count; ++i) {
        if (i > 0) rule += i + 1 == count ? " or " : ", ";
        rule += names[i];
    }
    return rule;
}

}  // namespace slipcast::interchange::detail
