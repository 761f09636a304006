#pragma once

#include <filesystem>

#include "slipcast/market/dataset.hpp"

namespace slipcast::bench {

/// A market made of one-minute bars, from the columns that bar_columns.py writes: each bar is one print of its volume
/// and one quote at its closing price (bid = ask, so spreads are zero and not scored), both at the bar's last
/// nanosecond. A bar that starts at the close is the closing auction.
[[nodiscard]] market::Dataset bar_market(const std::filesystem::path& folder);

}  // namespace slipcast::bench
