#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "slipcast/core/bps.hpp"
#include "slipcast/core/id.hpp"
#include "slipcast/core/money.hpp"
#include "slipcast/core/price.hpp"
#include "slipcast/core/time.hpp"

namespace slipcast::market {

enum class ContractKind : std::uint8_t { outright, spread };

/// An instrument as of a day (DATA contract table `instruments`).
struct Instrument {
    InstrumentId id;
    LabelId market;       ///< MIC, e.g. XNYS
    PriceMove tick_size;  ///< minimum price increment, > 0
    Quantity lot_size;    ///< round lot, > 0
    ContractValue value;  ///< quantity scale, multiplier, currency
    LabelId sector, market_bucket, liquidity_tier, cap_bucket;
    ContractKind kind = ContractKind::outright;
    std::optional<Date> expiry;
    std::optional<bool> front_month;
    std::optional<double> adv;  ///< average daily volume [units/day], known as of `as_of`
    std::optional<DailyVolatility> daily_volatility;
    Date as_of;
};

}  // namespace slipcast::market
