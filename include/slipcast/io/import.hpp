#pragma once

#include <filesystem>
#include <vector>

#include "slipcast/core/progress.hpp"
#include "slipcast/core/result.hpp"
#include "slipcast/core/settings.hpp"
#include "slipcast/market/quality.hpp"

namespace slipcast::io {

/// Imports QuantConnect Lean / AlgoSeek US equity data (`ROOT/{tick,second,minute}/SYMBOL/YYYYMMDD_{trade,quote}.zip`)
/// into a dataset folder: instruments, sessions (XNYS calendar) and the tape. Tick quotes carry one side a row: the
/// national best is the last bid with the last ask. Where tick quotes are missing, one-second quote bars stand in,
/// stamped at their END and marked indicative. Prices are x 10,000, times milliseconds after midnight in New York.
/// Sale-condition bits are mapped by a shipped table; suspicious rows are quarantined. Streams: memory is bounded by
/// one zip entry's buffer and one row group.
[[nodiscard]] Result<market::QualityReport> import_lean(const std::filesystem::path& root,
                                                        const std::filesystem::path& out,
                                                        const Progress& progress = {});

/// How LOBSTER files are read.
struct LobsterOptions {
    std::int64_t levels = 1000;     ///< of the book to keep, >= 1
    double max_inconsistent = 0.5;  ///< share of rows, in [0, 1]
    /// Nasdaq TotalView-ITCH: from this day on the side of a non-displayed order is always "buy" and tells nothing.
    Date hidden_without_side_from = Date::from_days(16'265);  ///< 2014-07-14

    [[nodiscard]] Settings settings();
};

/// Imports LOBSTER's reconstruction of Nasdaq order books (`TICKER_DATE_START_END_{message,orderbook}_LEVELS.csv` in
/// pairs, plain or zipped, or folders of them) into a dataset folder: instruments, sessions (US calendar), halts as
/// `events`, and the tape with as many levels as the files have. Prices are x 10,000, times seconds after midnight in
/// New York. A row of the orderbook is the book AFTER its message: a quote is written where a level changed. Visible
/// and hidden executions and crosses become trades; a message's direction is the RESTING order's, so the aggressor is
/// the other side. Lines that do not parse or break a rule are quarantined with file, row, field, value and rule; a
/// book that its message does not explain is kept and flagged. Refused: files of different length, files that are
/// shifted against each other, half a pair. Streams: memory is bounded by a block of each file, one chunk and one row
/// group.
[[nodiscard]] Result<market::QualityReport> import_lobster(const std::vector<std::filesystem::path>& sources,
                                                           const std::filesystem::path& out,
                                                           const LobsterOptions& options = {},
                                                           const Progress& progress = {});

/// Imports a user's own CSV or Parquet files by a TOML mapping (docs/how-to/import-a-table.md). Unknown keys are
/// refused with the nearest valid name; every row is accepted or quarantined.
[[nodiscard]] Result<market::QualityReport> import_table(const std::vector<std::filesystem::path>& sources,
                                                         const std::filesystem::path& mapping,
                                                         const std::filesystem::path& out,
                                                         const Progress& progress = {});

}  // namespace slipcast::io
