#pragma once

#include <string>

#include "slipcast/core/result.hpp"
#include "slipcast/interchange/arrow_abi.hpp"
#include "slipcast/market/route.hpp"

namespace slipcast::interchange {

/// Reads a table of routes: symbol, venue, sent, filled, and optionally min_quantity (missing: one lot), time, and
/// hypothetical: what was declared of a route that nobody sent (missing: it was sent).
/// `stream` is consumed and released. Sizes are whole lots as integers, decimals, floats or text. Quarantined with
/// their row: fields that do not decode (fractional, not finite), sent <= 0, filled outside [0, sent], a minimum
/// outside [1, sent], a fill below the minimum. Refused: a missing required column, an unknown one (nearest valid name
/// given).
[[nodiscard]] Result<market::RouteTable> decode_routes(ArrowArrayStream* stream, const std::string& file);

}  // namespace slipcast::interchange
