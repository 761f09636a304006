#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "slipcast/market/tape.hpp"

namespace slipcast::io::detail {

/// What one bit of the source's sale conditions means for a print. The table is also in docs/how-to/import-us-ticks.md.
struct SaleCondition {
    int bit = 0;
    std::string_view name;
    bool in_volume = true;
    bool in_vwap = true;
    std::uint16_t adds = 0;  ///< TradeFlag bits
};
[[nodiscard]] std::span<const SaleCondition> sale_conditions();

/// The flags of a print with these condition bits, reported by `exchange`: it counts in volume (in VWAP) only when
/// every one of its conditions does. Nothing when a bit has no row in the table.
[[nodiscard]] std::optional<market::TradeFlags> trade_flags(std::uint64_t conditions, char exchange);

/// The MIC of an exchange letter, empty when unknown. D is the trade reporting facility of FINRA.
[[nodiscard]] std::string_view mic_of(char exchange);

/// Quote conditions of ordinary two-sided trading: none, regular, a participant's opening or closing quote.
[[nodiscard]] bool is_ordinary_quote(std::uint64_t conditions);

}  // namespace slipcast::io::detail
