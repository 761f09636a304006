#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "slipcast/core/result.hpp"
#include "slipcast/core/time.hpp"

namespace slipcast::tca {

/// What counts the distance of a mark-out from its fill.
enum class MarkoutClock : std::uint8_t { wall, trades, volume };
[[nodiscard]] std::string_view name(MarkoutClock clock);

/// One mark-out horizon: after the fill when positive, before it when negative, at it when zero.
struct Horizon {
    std::string text;  ///< as the user wrote it
    MarkoutClock clock = MarkoutClock::wall;
    Duration wall{};          ///< of the wall clock
    std::int64_t amount = 0;  ///< prints of the trade clock, whole units of the volume clock; not zero there
};

/// From "-10s", "1min" (wall clock), "50trades" (prints in market volume), "10000shares" or "10000units" (market
/// volume). Refused: anything else, zero trades or volume, a wall horizon of more than 31 days.
[[nodiscard]] Result<Horizon> parse_horizon(std::string_view text, std::string_view field = "markouts");

}  // namespace slipcast::tca
