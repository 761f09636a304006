#pragma once

#include <filesystem>

#include "slipcast/market/quality.hpp"

namespace slipcast::io::detail {

/// Table of a dataset folder that holds the rows left out when its tables were written: what a reader of a derived
/// dataset could not find again, because only accepted rows are written. Columns as in table `quarantine`.
inline constexpr const char* kLeftOut = "left_out";

/// Writes the report's quarantined rows beside the tables of `folder`; nothing when there are none.
Result<void> write_left_out(const market::QualityReport& quality, const std::filesystem::path& folder);

/// Adds the rows of such a file to `quality`, read and quarantined. Refused: a missing column, a code of no refusal.
Result<void> read_left_out(const std::filesystem::path& file, market::QualityReport& quality);

}  // namespace slipcast::io::detail
