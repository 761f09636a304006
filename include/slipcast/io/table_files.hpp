#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "slipcast/core/result.hpp"
#include "slipcast/core/table.hpp"

namespace slipcast::io {

/// Writes each table as FOLDER/NAME.parquet (and NAME.csv when `csv`), with column meanings, units and `provenance`
/// (version, digests, seed) in the file's metadata. A file appears under its name only when whole.
Result<void> write_tables(const std::vector<Table>& tables, const std::filesystem::path& folder, bool csv,
                          const std::map<std::string, std::string>& provenance);

/// Reads a result table written by write_tables.
[[nodiscard]] Result<Table> read_table(const std::filesystem::path& file);

/// One workbook, a sheet a table (at most 1,048,575 rows each; more is refused), with a sheet of column meanings first.
Result<void> write_workbook(const std::vector<Table>& tables, const std::filesystem::path& file,
                            const std::map<std::string, std::string>& provenance);

}  // namespace slipcast::io
