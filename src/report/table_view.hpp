#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "json.hpp"
#include "slipcast/core/int128.hpp"
#include "slipcast/core/table.hpp"
#include "slipcast/report/document.hpp"

namespace slipcast::report {

/// Reads cells of a result table by column name. A table or column that is not there reads as missing, because a
/// measurement leaves out what its data cannot supply; the page then says less.
class TableView {
public:
    explicit TableView(const Table* table) : table_(table) {}
    [[nodiscard]] std::size_t rows() const { return table_ == nullptr ? 0 : table_->rows(); }
    /// True when the column is there and at least one row has a value.
    [[nodiscard]] bool has_values(std::string_view column) const;
    /// Name of the first column; empty without a table.
    [[nodiscard]] std::string first_column() const;
    [[nodiscard]] const ColumnMeta* meta(std::string_view column) const;

    [[nodiscard]] std::optional<double> number(std::size_t row, std::string_view column) const;
    [[nodiscard]] std::optional<Int128> money(std::size_t row, std::string_view column) const;
    [[nodiscard]] std::optional<Price> price(std::size_t row, std::string_view column) const;
    [[nodiscard]] std::optional<Timestamp> time(std::size_t row, std::string_view column) const;
    [[nodiscard]] bool flag(std::size_t row, std::string_view column, bool when_missing) const;
    /// Text of a label, string or any other cell; empty when missing.
    [[nodiscard]] std::string label(std::size_t row, std::string_view column) const;

private:
    [[nodiscard]] const Column* cell(std::size_t row, std::string_view column) const;
    const Table* table_;
};

/// The cell {"t": text, "v": number} of a table, or null when missing.
[[nodiscard]] Json cell_json(std::optional<double> value, NumberKind kind);
/// The cell of a column that holds cash (exact) or, when the table holds it as a double, that double to two digits.
[[nodiscard]] Json cash_json(const TableView& table, std::size_t row, std::string_view column, int fraction = 2);
/// The text alone.
[[nodiscard]] std::string number_text(double value, NumberKind kind);

}  // namespace slipcast::report
