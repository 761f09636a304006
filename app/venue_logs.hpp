#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "slipcast/core/progress.hpp"
#include "slipcast/core/result.hpp"
#include "slipcast/core/table.hpp"
#include "slipcast/market/quality.hpp"
#include "slipcast/venue/log.hpp"

namespace slipcast::app {

/// Venue logs and the quality of what they were read from.
struct VenueLogs {
    venue::PairLogs logs;
    market::QualityReport quality;
};

/// `made` and the rows in quarantine: what --out writes and --json prints.
[[nodiscard]] std::vector<Table> with_quarantine(std::vector<Table> made, const VenueLogs& read);

/// Prints what of the log was left out by which rule, if anything.
void print_quarantine(const VenueLogs& read);

/// Prints what numbers from this log cannot say, if its routes were never sent.
void print_caveat(const VenueLogs& read);

/// Where the log came from, as provenance and pages say it: with what its numbers cannot say.
[[nodiscard]] std::string described(const std::filesystem::path& source, const VenueLogs& read);

/// From a dataset folder (placements by the rules of `options`) or a table of routes (Parquet or CSV).
[[nodiscard]] Result<VenueLogs> read_venue_logs(const std::filesystem::path& source, const venue::LogOptions& options,
                                                const Progress& progress);

}  // namespace slipcast::app
