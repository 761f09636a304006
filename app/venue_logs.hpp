#pragma once

#include <filesystem>

#include "slipcast/core/progress.hpp"
#include "slipcast/core/result.hpp"
#include "slipcast/market/quality.hpp"
#include "slipcast/venue/log.hpp"

namespace slipcast::app {

/// Venue logs and the quality of what they were read from.
struct VenueLogs {
    venue::PairLogs logs;
    market::QualityReport quality;
};

/// From a dataset folder (placements by the rules of `options`) or a table of routes (Parquet or CSV).
[[nodiscard]] Result<VenueLogs> read_venue_logs(const std::filesystem::path& source, const venue::LogOptions& options,
                                                const Progress& progress);

}  // namespace slipcast::app
