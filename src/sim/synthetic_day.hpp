#pragma once

#include <cstddef>
#include <vector>

#include "slipcast/market/tape.hpp"
#include "slipcast/sim/market.hpp"

namespace slipcast::sim {

inline constexpr Duration kSyntheticOpen = std::chrono::minutes{14 * 60 + 30};  ///< after midnight UTC
inline constexpr int kSyntheticSeconds = 6 * 3600 + 1800;                       ///< length of a session
inline constexpr double kMeanTradeSize = 250.0;       ///< shares of a continuous print, on average
inline constexpr double kOpeningAuctionShare = 0.02;  ///< of the continuous volume, on average
inline constexpr double kClosingAuctionShare = 0.06;

/// One symbol on one day of a synthetic market; everything below is a function of it.
struct SymbolDay {
    std::size_t symbol = 0;
    std::size_t day = 0;  ///< counted in trading days
    Timestamp open;
    VenueId lit;
    VenueId off_exchange;
};

/// Shares of the market's continuous session that a symbol trades on average, and with its auctions.
[[nodiscard]] double mean_continuous_volume(const MarketOptions& options);
[[nodiscard]] double mean_daily_volume(const MarketOptions& options);

/// The date of trading day `day`: weekdays from options.first_day on.
[[nodiscard]] Date synthetic_date(const MarketOptions& options, std::size_t day);

/// Volatility multiplier of each minute of the day, one for the whole market: 1 in calm, stress_factor in stress.
[[nodiscard]] std::vector<double> regime_minutes(const MarketOptions& options, std::size_t day);

/// Log of the efficient price in currency at the start of each second of the day and at its close
/// (kSyntheticSeconds + 1 values). Each day is a bridge to its own drawn total, so a day needs no earlier path.
[[nodiscard]] std::vector<double> efficient_log_prices(const MarketOptions& options, std::size_t symbol,
                                                       std::size_t day);

/// The halts of a symbol-day, in order, apart from each other.
[[nodiscard]] std::vector<TimeRange> synthetic_halts(const MarketOptions& options, const SymbolDay& at);

/// Times of the self-exciting events of a symbol-day as seconds since the open, ascending, all within the session.
[[nodiscard]] std::vector<double> event_times(const MarketOptions& options, const SymbolDay& at);

/// Quotes and prints of a symbol-day.
[[nodiscard]] market::MemoryTape::Series synthetic_day(const MarketOptions& options, const SymbolDay& at);

}  // namespace slipcast::sim
