#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "local_time.hpp"
#include "slipcast/core/result.hpp"

// How a user's own files become contract tables, as written in TOML (docs/how-to/import-a-table.md).

namespace slipcast::io::detail {

/// Where the value of one contract column comes from: exactly one of the first five.
struct ValueRule {
    std::optional<std::string> column;    ///< a source column
    std::optional<std::string> constant;  ///< the same text in every row
    std::vector<std::string> join;        ///< source columns, one after the other
    std::vector<std::string> quotient;    ///< two source columns: the first over the second, when exact at 1e-9
    std::optional<std::string> row;       ///< this prefix and the source's row number

    std::string separator;                     ///< between joined columns
    std::map<std::string, std::string> words;  ///< source word -> contract word; others are refused
    std::vector<std::string> patterns;         ///< of a local time, strftime-like; the first that matches
    std::optional<LocalZone> time_zone;        ///< of a local time
    std::optional<std::string> scale;          ///< a decimal that the value is multiplied with
    std::string precision;                     ///< how exact the source's times are, when coarser than a second
    std::shared_ptr<ValueRule> otherwise;      ///< when this one is empty
    [[nodiscard]] std::vector<std::string> source_columns() const;  ///< its own, without `otherwise`
};

struct TableRule {
    std::string name;                          ///< contract table
    std::vector<std::string> sources;          ///< file names, * stands for any text; empty = all
    std::vector<std::string> distinct;         ///< contract columns: only the first row of each value
    std::map<std::string, ValueRule> columns;  ///< by contract column
    [[nodiscard]] bool takes(const std::string& file_name) const;
};

struct Mapping {
    char delimiter = ',';
    std::vector<TableRule> tables;
};

/// Refuses, with the line: TOML that does not parse, unknown keys and columns (nearest valid name given), a missing
/// required column, unknown time zones, rules that contradict each other.
[[nodiscard]] Result<Mapping> parse_mapping(std::string_view text, const std::string& shown);

}  // namespace slipcast::io::detail
