#include "slipcast/core/table.hpp"

#include <fmt/format.h>

#include <type_traits>

#include "slipcast/core/decimal.hpp"
#include "slipcast/core/money.hpp"

namespace slipcast {

std::size_t Column::size() const {
    return std::visit(
        [](const auto& values) -> std::size_t {
            using Values = std::decay_t<decltype(values)>;
            if constexpr (std::is_same_v<Values, DictionaryColumn>) {
                return values.code.size();
            } else if constexpr (std::is_same_v<Values, MoneyColumn>) {
                return values.units.size();
            } else if constexpr (std::is_same_v<Values, BoolColumn>) {
                return values.value.size();
            } else {
                return values.size();
            }
        },
        data);
}

void Table::add(Column column) {
    SLIPCAST_ASSERT(columns_.empty() || column.size() == rows(), "columns of one table have one length");
    SLIPCAST_ASSERT(column.valid.empty() || column.valid.size() == column.size(), "one validity byte a row");
    SLIPCAST_ASSERT(find(column.meta.name) == nullptr, "column names of one table are distinct");
    columns_.push_back(std::move(column));
}

const Column* Table::find(std::string_view name) const {
    for (const Column& column : columns_) {
        if (column.meta.name == name) return &column;
    }
    return nullptr;
}

std::string Table::text(std::size_t row, std::size_t column, int digits) const {
    const Column& cell = columns_[column];
    if (!cell.is_valid(row)) return {};
    return std::visit(
        [row, digits](const auto& values) -> std::string {
            using Values = std::decay_t<decltype(values)>;
            if constexpr (std::is_same_v<Values, DictionaryColumn>) {
                const std::int32_t code = values.code[row];
                return code < 0 ? std::string{} : values.labels[static_cast<std::size_t>(code)];
            } else if constexpr (std::is_same_v<Values, MoneyColumn>) {
                return format_fixed(values.units[row], kMoneyDecimals, digits);
            } else if constexpr (std::is_same_v<Values, BoolColumn>) {
                return values.value[row] != 0 ? "true" : "false";
            } else if constexpr (std::is_same_v<Values, std::vector<double>>) {
                return fmt::format("{:.{}f}", values[row], digits);
            } else if constexpr (std::is_same_v<Values, std::vector<std::string>>) {
                return values[row];
            } else if constexpr (std::is_same_v<Values, std::vector<std::int64_t>>) {
                return fmt::format("{}", values[row]);
            } else {
                return values[row].to_string();
            }
        },
        cell.data);
}

}  // namespace slipcast
