#pragma once

#include <filesystem>
#include <vector>

#include "slipcast/core/progress.hpp"
#include "slipcast/core/result.hpp"
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

/// Imports a user's own CSV or Parquet files by a TOML mapping (docs/how-to/import-a-table.md). Unknown keys are
/// refused with the nearest valid name; every row is accepted or quarantined.
[[nodiscard]] Result<market::QualityReport> import_table(const std::vector<std::filesystem::path>& sources,
                                                         const std::filesystem::path& mapping,
                                                         const std::filesystem::path& out,
                                                         const Progress& progress = {});

}  // namespace slipcast::io
