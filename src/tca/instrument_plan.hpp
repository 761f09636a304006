#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "context.hpp"
#include "splits.hpp"
#include "tape_walk.hpp"

namespace slipcast::tca::detail {

inline constexpr Duration kOneMinute = std::chrono::minutes{1};
/// Auctions print at most this long outside their session; the same margin as the forecasts'.
inline constexpr Duration kAuctionMargin = std::chrono::hours{1};
/// How far realized volatility looks back from the decision.
inline constexpr Duration kVolatilityLookback = std::chrono::minutes{5};

/// Where one order's answers stand; -1 = not asked.
struct OrderSlots {
    std::size_t order = 0;
    std::int32_t decision = -1;
    std::int32_t desk_arrival = -1;
    std::int32_t arrival = -1;
    std::int32_t broker_arrival = -1;
    std::int32_t after_last_fill = -1;
    std::int32_t last_fill = -1;
    std::int32_t reverted = -1;
    std::int32_t cancel = -1;
    std::int32_t end = -1;
    std::int32_t first_amend = -1;  ///< one for each of the order's amends, in their order
    std::int32_t feature = -1;
    std::int32_t feature_lookback = -1;
    std::int32_t first_pwp = -1;
    std::int32_t session = -1;  ///< index into the sessions of the instrument's market
};

/// What one instrument's tape is asked, and which answer is whose.
struct InstrumentPlan {
    InstrumentId instrument;
    Splits splits;
    std::span<const market::Session> sessions;
    TimeRange extent;
    TapeWalk walk;
    TapeQuestions questions;
    std::vector<OrderSlots> orders;
    std::vector<std::size_t> fills;               ///< rows of dataset.fills, parallel to questions.events
    std::vector<std::size_t> placements;          ///< rows of dataset.placements, parallel to questions.sent
    std::vector<std::int32_t> offset_of_horizon;  ///< wall clock without window; -1 for the others
    std::size_t offset_1min = 0;
    /// First state (windowed wall clock) or reach (other clocks) of each fill, horizon-major; -1 = an offset serves it.
    std::vector<std::int32_t> slot_of_markout;
};

[[nodiscard]] InstrumentPlan plan_instrument(const Context& context, InstrumentId instrument);

/// When the desk knew what it wanted: the decision, else the arrival.
[[nodiscard]] std::optional<Timestamp> feature_time(const market::Order& order);
/// The session an instant belongs to: the one that holds it, else the one that closed within the auction margin before.
[[nodiscard]] const market::Session* session_around(const market::SessionCalendar& calendar, LabelId market,
                                                    Timestamp time);

}  // namespace slipcast::tca::detail
