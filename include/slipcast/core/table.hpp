#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "slipcast/core/int128.hpp"
#include "slipcast/core/price.hpp"
#include "slipcast/core/result.hpp"
#include "slipcast/core/side.hpp"
#include "slipcast/core/time.hpp"

namespace slipcast {

/// What a result column means. Every metric names its unit, sign, benchmark, definition version and weighting.
struct ColumnMeta {
    std::string name;  ///< snake_case, as users type it
    std::string unit;  ///< "bps", "USD", "ticks", "ns", "shares", "" for counts and labels
    SignTag sign = SignTag::none;
    std::string benchmark;       ///< e.g. "arrival_price"; empty when there is none
    int definition_version = 0;  ///< of the benchmark or metric; 0 = not a versioned metric
    std::string weighting;       ///< e.g. "ratio_of_sums"; empty for per-row values
    std::string meaning;         ///< one sentence
};

/// Text with few distinct values: `code[i]` indexes `labels`, -1 is missing.
struct DictionaryColumn {
    std::vector<std::int32_t> code;
    std::vector<std::string> labels;
    friend bool operator==(const DictionaryColumn&, const DictionaryColumn&) = default;
};
/// Cash in units of 1e-18 (kMoneyDecimals), written as decimal128(38, 18).
struct MoneyColumn {
    std::vector<Int128> units;
    friend bool operator==(const MoneyColumn&, const MoneyColumn&) = default;
};
/// True or false, one byte each.
struct BoolColumn {
    std::vector<std::uint8_t> value;
    friend bool operator==(const BoolColumn&, const BoolColumn&) = default;
};

using ColumnData = std::variant<std::vector<std::int64_t>, std::vector<double>, std::vector<std::string>,
                                std::vector<Timestamp>, std::vector<Price>, DictionaryColumn, MoneyColumn, BoolColumn>;

/// One column; `valid` is empty when every row is present, else one byte a row (0 = missing).
struct Column {
    ColumnMeta meta;
    ColumnData data;
    std::vector<std::uint8_t> valid;
    [[nodiscard]] std::size_t size() const;
    [[nodiscard]] bool is_valid(std::size_t row) const { return valid.empty() || valid[row] != 0; }
};

/// A result as columns: the one form in which tables leave the engine. `io` writes it as Parquet, CSV and
/// XLSX, Python hands it out through Arrow, the CLI prints it, the report embeds it.
class Table {
public:
    Table() = default;
    explicit Table(std::string name) : name_(std::move(name)) {}
    /// Appends a column; asserts equal lengths and a new name.
    void add(Column column);
    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] std::size_t rows() const { return columns_.empty() ? 0 : columns_.front().size(); }
    [[nodiscard]] const std::vector<Column>& columns() const { return columns_; }
    /// The column called `name`, or null.
    [[nodiscard]] const Column* find(std::string_view name) const;
    /// One cell as people read it (prices and cash as decimals, times ISO, missing = ""); `digits` after the point for
    /// doubles and cash.
    [[nodiscard]] std::string text(std::size_t row, std::size_t column, int digits = 4) const;

private:
    std::string name_;
    std::vector<Column> columns_;
};

}  // namespace slipcast
