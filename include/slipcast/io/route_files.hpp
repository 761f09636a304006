#pragma once

#include <filesystem>

#include "slipcast/core/result.hpp"
#include "slipcast/market/route.hpp"

namespace slipcast::io {

/// Reads a table of routes (symbol, venue, sent, filled, min_quantity?, time?, hypothetical?) from a Parquet or CSV
/// file; rows that break a rule are quarantined in the result's quality (interchange/routes.hpp).
[[nodiscard]] Result<market::RouteTable> read_routes(const std::filesystem::path& file);

}  // namespace slipcast::io
