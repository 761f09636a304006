#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "slipcast/core/progress.hpp"
#include "slipcast/core/result.hpp"
#include "slipcast/core/table.hpp"
#include "slipcast/market/quality.hpp"

namespace slipcast::app {

/// What the program's exit status says, as printed by --help.
enum class Exit : int { done = 0, refused = 1, usage = 2, quarantined = 3, interrupted = 130 };

/// The options that every command which makes tables takes.
struct OutputOptions {
    bool json = false;          ///< tables as JSON on standard output instead of text
    bool csv = false;           ///< CSV beside the Parquet files of --out
    bool strict = false;        ///< rows in quarantine make the exit status 1 instead of 3
    bool quiet = false;         ///< no progress
    std::filesystem::path out;  ///< folder for the tables; empty = none
};

/// Prints the refusal on standard error and returns Exit::refused, or Exit::interrupted after Ctrl-C.
Exit refuse(const Error& error);

/// The exit status that a run with this quality report deserves.
[[nodiscard]] Exit exit_for(const market::QualityReport& quality, const OutputOptions& options);

/// As `max_rows`: every row.
inline constexpr std::size_t kAllRows = SIZE_MAX;

/// A table as aligned text: numbers to the right, units under the names, at most `max_rows` rows.
[[nodiscard]] std::string to_text(const Table& table, std::size_t max_rows = 40);
/// A cell of a cash column, exact, with at least two decimals; missing = "".
[[nodiscard]] std::string cash_text(const Table& table, std::size_t row, std::size_t column);

/// The tables as one JSON object: {"orders": {"columns": [...], "rows": [[...]]}}.
[[nodiscard]] std::string to_json(const std::vector<Table>& tables);

/// Prints the tables to standard output in the form asked for.
void print(const std::vector<Table>& tables, const OutputOptions& options, std::size_t max_rows = 40);

/// The quality report as people read it on a terminal: rows read, accepted, flagged, quarantined, and why.
[[nodiscard]] std::string to_text(const market::QualityReport& quality);

/// Prints the quality report: text, or with --json the counts and rules as tables.
void print_quality(const market::QualityReport& quality, const OutputOptions& options);

/// A progress bar on standard error when that is a terminal (nothing otherwise), which also asks the work to stop
/// after the first Ctrl-C. Install once per process.
[[nodiscard]] Progress terminal_progress(const OutputOptions& options);

/// True after Ctrl-C.
[[nodiscard]] bool interrupted();

}  // namespace slipcast::app
