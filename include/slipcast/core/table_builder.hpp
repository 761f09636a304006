#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "slipcast/core/money.hpp"
#include "slipcast/core/table.hpp"
#include "slipcast/core/words.hpp"

// The one way in which result tables are made: TableBuilder takes what a column means and its cells. Cells are a vector
// with one value a row, or a function of the row's number; of() projects the rows of a container. An absent optional is
// a missing cell. Which numbers mean "missing" is said where the column is added: finite(), known(), positive().

namespace slipcast {

/// What a column without a versioned definition means.
[[nodiscard]] inline ColumnMeta plain(std::string name, std::string meaning, std::string unit = {},
                                      SignTag sign = SignTag::none) {
    ColumnMeta meta;
    meta.name = std::move(name);
    meta.unit = std::move(unit);
    meta.sign = sign;
    meta.meaning = std::move(meaning);
    return meta;
}
/// What a metric of one row means; `version` is that of its definition.
[[nodiscard]] inline ColumnMeta metric(std::string name, std::string unit, SignTag sign, std::string meaning,
                                       std::string benchmark = {}, int version = 1) {
    ColumnMeta meta = plain(std::move(name), std::move(meaning), std::move(unit), sign);
    meta.benchmark = std::move(benchmark);
    meta.definition_version = version;
    return meta;
}
/// What a metric aggregated over rows as a ratio of sums means.
[[nodiscard]] inline ColumnMeta aggregated(std::string name, std::string unit, SignTag sign, std::string meaning,
                                           std::string benchmark = {}) {
    ColumnMeta meta = metric(std::move(name), std::move(unit), sign, std::move(meaning), std::move(benchmark));
    meta.weighting = "ratio_of_sums";
    return meta;
}

/// One property of each row: `value` is a function of a row or a member of it. The rows must outlive the cells.
template <typename Rows, typename Value>
[[nodiscard]] auto of(const Rows& rows, Value value) {
    return [&rows, value = std::move(value)](std::size_t row) {
        return std::decay_t<decltype(std::invoke(value, rows[row]))>(std::invoke(value, rows[row]));
    };
}
template <typename Rows, typename Value>
void of(const Rows&& rows, Value value) = delete;

namespace detail {

/// The cell at a row's number, or of a row: `cells` is a function, a member or a vector.
template <typename Cells, typename At>
[[nodiscard]] auto cell_at(const Cells& cells, const At& at) {
    if constexpr (std::is_invocable_v<const Cells&, const At&>) {
        return std::decay_t<std::invoke_result_t<const Cells&, const At&>>(std::invoke(cells, at));
    } else {
        return cells[at];
    }
}

/// The type of a cell that is there.
template <typename Cell>
struct Plain {
    using type = Cell;
};
template <typename Cell>
struct Plain<std::optional<Cell>> {
    using type = Cell;
};

/// The cells that keep a rule; the others are missing.
template <typename Cells, typename Rule>
[[nodiscard]] auto kept(Cells cells, Rule rule) {
    return [cells = std::move(cells), rule](const auto& at) {
        auto value = cell_at(cells, at);
        return rule(value) ? std::optional(std::move(value)) : std::nullopt;
    };
}

}  // namespace detail

// Rules of what is missing. Each takes cells, or the property of a row that of() projects.
/// A number that is not finite is missing.
template <typename Cells>
[[nodiscard]] auto finite(Cells cells) {
    return detail::kept(std::move(cells), [](double value) { return std::isfinite(value); });
}
/// NaN is missing; infinity is a value.
template <typename Cells>
[[nodiscard]] auto known(Cells cells) {
    return detail::kept(std::move(cells), [](double value) { return !std::isnan(value); });
}
/// A price of zero or below is missing.
template <typename Cells>
[[nodiscard]] auto positive(Cells cells) {
    return detail::kept(std::move(cells), [](Price value) { return value > Price{}; });
}

/// Makes a table column by column. A column lists its validity only when a cell is missing, and a missing cell holds
/// the zero of its type.
class TableBuilder {
public:
    TableBuilder(std::string name, std::size_t rows) : table_(std::move(name)), rows_(rows) {}

    /// A column as it is, or of a whole vector (dictionary, flags or cash): every cell is there.
    TableBuilder& add(Column column) {
        table_.add(std::move(column));
        return *this;
    }
    TableBuilder& add(ColumnMeta meta, ColumnData data) { return add({std::move(meta), std::move(data), {}}); }

    /// cells(row) is a double, int64, bool, string, Timestamp, Price or Money, or an optional of it.
    template <typename Cells>
        requires std::is_invocable_v<const Cells&, std::size_t>
    TableBuilder& add(ColumnMeta meta, const Cells& cells) {
        return add(column_of(std::move(meta), cells));
    }
    /// The same, left out when every cell is missing.
    template <typename Cells>
    TableBuilder& add_unless_missing(ColumnMeta meta, const Cells& cells) {
        Column column = column_of(std::move(meta), cells);
        const bool is_missing =
            rows_ == 0 ||
            (!column.valid.empty() && std::find(column.valid.begin(), column.valid.end(), 1) == column.valid.end());
        return is_missing ? *this : add(std::move(column));
    }
    /// label(row) is text with few distinct values; the empty text is missing.
    template <typename Label>
    TableBuilder& add_label(ColumnMeta meta, const Label& label) {
        return add_marked(std::move(meta), words(rows_, label));
    }
    /// Labels of a pool: code(row) indexes `labels`, -1 is missing.
    template <typename Code>
    TableBuilder& add_coded(ColumnMeta meta, std::vector<std::string> labels, const Code& code) {
        DictionaryColumn column{{}, std::move(labels)};
        column.code.reserve(rows_);
        for (std::size_t row = 0; row < rows_; ++row) column.code.push_back(code(row));
        return add_marked(std::move(meta), std::move(column));
    }
    [[nodiscard]] Table take() { return std::move(table_); }

private:
    /// Marks labels that are missing in the validity too.
    TableBuilder& add_marked(ColumnMeta meta, DictionaryColumn column) {
        std::vector<std::uint8_t> valid;
        for (std::size_t row = 0; row < column.code.size(); ++row) {
            if (column.code[row] < 0) mark(valid, row);
        }
        return add({std::move(meta), std::move(column), std::move(valid)});
    }
    void mark(std::vector<std::uint8_t>& valid, std::size_t row) const {
        if (valid.empty()) valid.assign(rows_, 1);
        valid[row] = 0;
    }
    template <typename Cells>
    [[nodiscard]] Column column_of(ColumnMeta meta, const Cells& cells) const {
        using Cell = std::decay_t<decltype(cells(std::size_t{0}))>;
        using T = typename detail::Plain<Cell>::type;
        using Stored = std::conditional_t<std::is_same_v<T, Money>, Int128,
                                          std::conditional_t<std::is_same_v<T, bool>, std::uint8_t, T>>;
        std::vector<Stored> values(rows_);
        std::vector<std::uint8_t> valid;
        for (std::size_t row = 0; row < rows_; ++row) {
            std::optional<T> value(cells(row));
            if (!value) {
                mark(valid, row);
            } else if constexpr (std::is_same_v<T, Money>) {
                values[row] = value->units();
            } else {
                values[row] = static_cast<Stored>(*std::move(value));
            }
        }
        if constexpr (std::is_same_v<T, Money>) {
            return {std::move(meta), MoneyColumn{std::move(values)}, std::move(valid)};
        } else if constexpr (std::is_same_v<T, bool>) {
            return {std::move(meta), BoolColumn{std::move(values)}, std::move(valid)};
        } else {
            return {std::move(meta), std::move(values), std::move(valid)};
        }
    }

    Table table_;
    std::size_t rows_;
};

}  // namespace slipcast
