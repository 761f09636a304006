#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "slipcast/core/money.hpp"
#include "slipcast/core/table.hpp"

namespace slipcast::tca::detail {

/// Makes the columns of one table from functions of the row: an absent value becomes a missing cell.
class TableBuilder {
public:
    TableBuilder(std::string name, std::size_t rows) : table_(std::move(name)), rows_(rows) {}

    /// cell(row) is an optional of double, int64, bool, Timestamp or Price, or the plain type when it is never missing.
    template <typename Cell>
    TableBuilder& add(ColumnMeta meta, const Cell& cell) {
        using Raw = std::decay_t<decltype(cell(std::size_t{0}))>;
        if constexpr (std::is_same_v<Raw, Money>) {
            return add_cells<Money>(std::move(meta), [&](std::size_t row) { return std::optional<Money>(cell(row)); });
        } else if constexpr (requires(Raw raw) { raw.has_value(); }) {
            return add_cells<typename Raw::value_type>(std::move(meta), cell);
        } else {
            return add_cells<Raw>(std::move(meta), [&](std::size_t row) { return std::optional<Raw>(cell(row)); });
        }
    }
    /// label(row) is text with few distinct values; the empty text is missing.
    template <typename Label>
    TableBuilder& add_label(ColumnMeta meta, const Label& label) {
        DictionaryColumn column;
        column.code.reserve(rows_);
        std::map<std::string, std::int32_t, std::less<>> codes;
        for (std::size_t row = 0; row < rows_; ++row) {
            const auto made = label(row);  // owns its text where the label is a string
            const std::string_view text = made;
            if (text.empty()) {
                column.code.push_back(-1);
                continue;
            }
            auto found = codes.find(text);
            if (found == codes.end()) {
                found = codes.emplace(std::string(text), static_cast<std::int32_t>(column.labels.size())).first;
                column.labels.emplace_back(text);
            }
            column.code.push_back(found->second);
        }
        std::vector<std::uint8_t> valid = present_codes(column);
        return push(std::move(meta), std::move(column), std::move(valid));
    }
    /// Labels of a pool: code(row) indexes `labels`, -1 is missing.
    template <typename Code>
    TableBuilder& add_coded(ColumnMeta meta, std::vector<std::string> labels, const Code& code) {
        DictionaryColumn column;
        column.labels = std::move(labels);
        column.code.reserve(rows_);
        for (std::size_t row = 0; row < rows_; ++row) column.code.push_back(code(row));
        std::vector<std::uint8_t> valid = present_codes(column);
        return push(std::move(meta), std::move(column), std::move(valid));
    }
    /// A column that is there already; `valid` as in Column.
    TableBuilder& add_made(ColumnMeta meta, ColumnData data, std::vector<std::uint8_t> valid = {}) {
        return push(std::move(meta), std::move(data), std::move(valid));
    }
    [[nodiscard]] Table take() { return std::move(table_); }

private:
    static std::vector<std::uint8_t> present_codes(const DictionaryColumn& column) {
        std::vector<std::uint8_t> valid;
        for (std::size_t row = 0; row < column.code.size(); ++row) {
            if (column.code[row] >= 0) continue;
            if (valid.empty()) valid.assign(column.code.size(), 1);
            valid[row] = 0;
        }
        return valid;
    }
    template <typename T, typename Cell>
    TableBuilder& add_cells(ColumnMeta meta, const Cell& cell) {
        using Stored = std::conditional_t<std::is_same_v<T, Money>, Int128,
                                          std::conditional_t<std::is_same_v<T, bool>, std::uint8_t, T>>;
        std::vector<Stored> values(rows_);
        std::vector<std::uint8_t> valid;
        for (std::size_t row = 0; row < rows_; ++row) {
            const std::optional<T> value = cell(row);
            if (!value) {
                if (valid.empty()) valid.assign(rows_, 1);
                valid[row] = 0;
            } else if constexpr (std::is_same_v<T, Money>) {
                values[row] = value->units();
            } else {
                values[row] = static_cast<Stored>(*value);
            }
        }
        if constexpr (std::is_same_v<T, Money>) {
            return push(std::move(meta), MoneyColumn{std::move(values)}, std::move(valid));
        } else if constexpr (std::is_same_v<T, bool>) {
            return push(std::move(meta), BoolColumn{std::move(values)}, std::move(valid));
        } else {
            return push(std::move(meta), std::move(values), std::move(valid));
        }
    }
    TableBuilder& push(ColumnMeta meta, ColumnData data, std::vector<std::uint8_t> valid) {
        table_.add(Column{std::move(meta), std::move(data), std::move(valid)});
        return *this;
    }

    Table table_;
    std::size_t rows_;
};

/// A column that is no metric.
[[nodiscard]] inline ColumnMeta plain(std::string name, std::string meaning, std::string unit = {}) {
    ColumnMeta meta;
    meta.name = std::move(name);
    meta.unit = std::move(unit);
    meta.meaning = std::move(meaning);
    return meta;
}
/// A metric of one row.
[[nodiscard]] inline ColumnMeta metric(std::string name, std::string unit, SignTag sign, std::string meaning,
                                       std::string benchmark = {}, int version = 1) {
    ColumnMeta meta = plain(std::move(name), std::move(meaning), std::move(unit));
    meta.sign = sign;
    meta.benchmark = std::move(benchmark);
    meta.definition_version = version;
    return meta;
}
/// A metric aggregated over rows as a ratio of sums.
[[nodiscard]] inline ColumnMeta aggregated(std::string name, std::string unit, SignTag sign, std::string meaning,
                                           std::string benchmark = {}) {
    ColumnMeta meta = metric(std::move(name), std::move(unit), sign, std::move(meaning), std::move(benchmark));
    meta.weighting = "ratio_of_sums";
    return meta;
}

}  // namespace slipcast::tca::detail
