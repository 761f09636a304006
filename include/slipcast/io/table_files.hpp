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

/// Writes one table to a file of that name; its ending says the format. Refused: an ending other than .parquet and
/// .csv.
Result<void> write_table(const Table& table, const std::filesystem::path& file,
                         const std::map<std::string, std::string>& provenance);

/// Reads a result table written by write_tables.
[[nodiscard]] Result<Table> read_table(const std::filesystem::path& file);

/// One workbook, a sheet a table. First the sheet `contents`: what each table holds, on which sheet it stands, and its
/// Parquet file in `parquet_folder` (empty: none was written); then the sheet `columns` with their meanings. A table of
/// more than 1,048,575 rows does not fit a sheet: it is left out, and `contents` says so. Refused: more than 16,384
/// columns, a name no sheet can have.
Result<void> write_workbook(const std::vector<Table>& tables, const std::filesystem::path& file,
                            const std::map<std::string, std::string>& provenance,
                            const std::filesystem::path& parquet_folder = {});

}  // namespace slipcast::io
