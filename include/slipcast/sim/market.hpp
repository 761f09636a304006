#pragma once

#include <cstdint>

#include "slipcast/core/result.hpp"
#include "slipcast/core/settings.hpp"
#include "slipcast/core/time.hpp"
#include "slipcast/market/dataset.hpp"

namespace slipcast::sim {

/// A synthetic market: what a machine without a tape trades on.
struct MarketOptions {
    int symbols = 4;  ///< >= 1
    int days = 3;     ///< trading days (weekdays), >= 1
    std::uint64_t seed = 1;
    Date first_day = Date::from_days(19'723);  ///< 2024-01-01; weekends are skipped
    double quotes_per_day = 60'000;            ///< mean quote rows of a symbol-day, >= 1000
    double trade_share = 0.12;                 ///< trades per quote-side event, in (0, 0.5]
    double correlation = 0.4;                  ///< of efficient returns between symbols, in [0, 0.95]
    double daily_volatility = 0.015;           ///< of efficient returns in the calm regime, > 0
    double stress_factor = 2.5;                ///< volatility multiplier of the stress regime, >= 1
    double stress_share = 0.1;                 ///< long-run share of minutes in stress, in [0, 0.9]
    double clustering = 0.6;                   ///< branching ratio of the Hawkes event times, in [0, 0.95)
    double halt_rate = 0.05;                   ///< halts per symbol-day, >= 0
    double off_exchange_share = 0.25;          ///< of trades, in [0, 0.9]

    [[nodiscard]] Settings settings();
    [[nodiscard]] Result<void> validate() const;
};

/// Instruments, sessions, halts and a lazily generated tape. A symbol-day is a function of (seed, symbol, day): any
/// number of threads may load at once. Efficient log prices share one market factor (equal correlation) on a one-second
/// grid, with a two-state volatility regime for the whole market; event times are a self-exciting (Hawkes) process over
/// a U-shaped rate; trade signs come in runs with a heavy-tailed length and lean towards the efficient price; quotes
/// follow it in whole ticks, spread >= 1 tick, never crossed. Opening and closing auctions print with their flags.
/// Sessions 14:30 to 21:00 UTC, market XSYN. ADV and volatility are those of the generating model. Provenance "source"
/// says that it is synthetic.
[[nodiscard]] Result<market::Dataset> synthetic_market(const MarketOptions& options);

}  // namespace slipcast::sim
