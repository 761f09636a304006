#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "slipcast/core/time.hpp"
#include "slipcast/market/quality.hpp"

namespace slipcast::market {

/// One row of a table of routes: what was sent to a venue and what it filled, in whole lots of the source's choosing.
struct Route {
    std::string symbol;
    std::string venue;
    std::int64_t sent = 0;
    std::int64_t filled = 0;
    std::int64_t min_quantity = 1;
    std::optional<Timestamp> time;
};

/// A table of routes as read: rows whose fields do not decode, or that cannot have happened, stand in `quality`.
struct RouteTable {
    std::vector<Route> rows;
    QualityReport quality;
    /// Rows that stand for no route ever sent, by what was declared of them (column `hypothetical`).
    std::map<std::string, std::int64_t> hypothetical;
};

}  // namespace slipcast::market
