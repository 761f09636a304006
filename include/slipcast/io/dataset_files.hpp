#pragma once

#include <filesystem>
#include <memory>

#include "slipcast/core/progress.hpp"
#include "slipcast/core/result.hpp"
#include "slipcast/market/dataset.hpp"

namespace slipcast::io {

/// Opens a dataset folder: each contract table as NAME.parquet, NAME.csv, NAME.csv.gz or a folder NAME/ of such files.
/// Quotes and trades that TapeWriter wrote stay on disk and stream by instrument and window (tape_files.hpp); those in
/// other files are decoded into memory. Validates (market::assemble) and fills the quality report; provenance gets
/// `data_digest` and what write_dataset stored. Refused: an unknown table name (nearest given), a table given twice, a
/// file that does not parse. Files that are no tables are left alone. The quality report holds the rows of table
/// `left_out` as if they had been read and quarantined now.
[[nodiscard]] Result<market::Dataset> open_dataset(const std::filesystem::path& folder, const Progress& progress = {});

/// Writes the contract tables of `dataset` (not its tape) as Parquet, each file renamed into place when whole; and,
/// when rows were quarantined, table `left_out` (as `quarantine`), so that they stay with every dataset made from this
/// one.
Result<void> write_dataset(const market::Dataset& dataset, const std::filesystem::path& folder);

/// The counts, rules, absences and quarantined rows, as tables `quality`, `quality_rules`, `degradations`,
/// `quarantine`.
Result<void> write_quality(const market::QualityReport& quality, const std::filesystem::path& folder);

}  // namespace slipcast::io
