#pragma once

#include <cstdint>
#include <string_view>

#include "slipcast/core/price.hpp"
#include "slipcast/core/quantity.hpp"
#include "slipcast/core/result.hpp"
#include "slipcast/core/time.hpp"
#include "slipcast/market/tape.hpp"

// One line of a QuantConnect Lean / AlgoSeek file each. Prices are decimals of 1e-4, times milliseconds after midnight
// on the wall clock; refusals name the source's field. Nothing here knows about days or zones.

namespace slipcast::io::detail {

/// ms, price, size, exchange letter, condition bits (hexadecimal), suspicious
struct LeanTrade {
    Duration since_midnight{};
    Price price;
    Quantity size;
    std::string_view mic;
    market::TradeFlags flags;
};
[[nodiscard]] Result<LeanTrade> parse_lean_trade(std::string_view line);

/// One side of a quote; price 0 in a tick row means "unchanged".
struct LeanSide {
    Price price;
    Quantity size;
    [[nodiscard]] bool is_there() const { return price != Price{}; }
};
/// ms, bid, bid size, ask, ask size, exchange letter, condition bits (hexadecimal), suspicious
struct LeanQuote {
    Duration since_midnight{};
    LeanSide bid, ask;
    bool is_ordinary = true;
};
[[nodiscard]] Result<LeanQuote> parse_lean_quote(std::string_view line);

/// ms of the bar's start, bid open, high, low, close, size, ask open, high, low, close, size; a side without a quote is
/// empty. The result holds the closing quote.
[[nodiscard]] Result<LeanQuote> parse_lean_quote_bar(std::string_view line);

/// ms of the bar's start, open, high, low, close, volume. The result holds the close and the volume.
[[nodiscard]] Result<LeanTrade> parse_lean_trade_bar(std::string_view line);

}  // namespace slipcast::io::detail
