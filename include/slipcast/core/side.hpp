#pragma once

#include <cstdint>
#include <string_view>

#include "slipcast/core/price.hpp"
#include "slipcast/core/result.hpp"

namespace slipcast {

/// Side of an order: +1 buys, -1 sells.
enum class Side : std::int8_t { sell = -1, buy = +1 };

/// +1 for a buy, -1 for a sell: the factor that makes every cost positive when it hurts.
[[nodiscard]] constexpr std::int64_t sign(Side side) {
    return static_cast<std::int64_t>(side);
}
[[nodiscard]] constexpr Side opposite(Side side) {
    return side == Side::buy ? Side::sell : Side::buy;
}
[[nodiscard]] constexpr std::string_view name(Side side) {
    return side == Side::buy ? "buy" : "sell";
}

/// Accepts buy, sell, b, s, +1, 1, -1 (any case); an unknown side is refused, never guessed.
[[nodiscard]] Result<Side> parse_side(std::string_view text, std::string_view field = "side");

/// What a positive number means; every metric carries exactly one of these.
enum class SignTag : std::uint8_t {
    cost,       ///< positive hurts: slippage, shortfall and its parts, spreads, fees, reversion
    gain,       ///< positive helps: price improvement, fill-anchored mark-out
    direction,  ///< positive = the price moved the way we traded: mid-anchored mark-out, price impact
    none,       ///< counts and ratios
};
[[nodiscard]] std::string_view name(SignTag tag);

/// sign(side) x move: positive when the move raised the price paid or lowered the price received.
[[nodiscard]] constexpr PriceMove signed_move(Side side, PriceMove move) {
    return move * sign(side);
}

}  // namespace slipcast
