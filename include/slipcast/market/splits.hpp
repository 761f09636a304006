#pragma once

#include <vector>

#include "slipcast/market/dataset.hpp"

namespace slipcast::market {

/// The declared splits of one instrument, by ex_time (ties in the dataset's order).
[[nodiscard]] std::vector<CorporateAction> splits_of(const Dataset& dataset, InstrumentId instrument);

}  // namespace slipcast::market
