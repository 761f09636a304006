#pragma once

#include <cstdint>
#include <optional>

#include "slipcast/core/bps.hpp"
#include "slipcast/core/id.hpp"
#include "slipcast/core/money.hpp"
#include "slipcast/core/side.hpp"
#include "slipcast/core/time.hpp"

namespace slipcast::market {

enum class OrderKind : std::uint8_t {
    work,    ///< a quantity by a deadline
    target,  ///< a position that follows a signal
};

/// A parent order (DATA contract table `orders`) as it was first given: what amends made of quantity, limit and end
/// time stands in the order's events. An absent time or price is missing, never replaced by another.
struct Order {
    OrderId id;
    LabelId basket;
    InstrumentId instrument;
    Side side = Side::buy;
    Quantity quantity;  ///< > 0, at the instrument's scale
    std::optional<Timestamp> decision_time;
    std::optional<Price> decision_price;  ///< else the mid at decision_time
    std::optional<Timestamp> desk_arrival_time;
    std::optional<Timestamp> arrival_time;  ///< the level measured by default
    std::optional<Timestamp> broker_arrival_time;
    std::optional<Timestamp> end_time;
    std::optional<Price> limit_price;
    LabelId benchmark, algo, tactic, urgency, broker, trader, client;
    bool is_private = false;
    OrderKind kind = OrderKind::work;
    std::optional<Bps> expected_alpha;
    std::optional<Duration> alpha_half_life;
    bool critical = false;
    std::optional<double> min_completion;     ///< fraction in [0, 1]
    std::optional<double> max_participation;  ///< fraction in (0, 1]
    LabelId wheel_arm;
    std::optional<double> assignment_probability;  ///< in (0, 1]
    bool derived = false;                          ///< made from fills-only data by a stated rule
    std::optional<Timestamp> cancel_time;          ///< set from order_events when the parent was cancelled
    std::int64_t quarantined_fills = 0;            ///< its fills that were left out: what it executed is not known
};

enum class OrderEventKind : std::uint8_t { amend, pause, resume, cancel };

/// A change of a parent (table `order_events`).
struct OrderEvent {
    OrderId order;
    Timestamp time;
    OrderEventKind kind = OrderEventKind::amend;
    std::optional<Quantity> quantity;
    std::optional<Price> limit_price;
    std::optional<Timestamp> end_time;
};

enum class VenueKind : std::uint8_t { lit, dark, auction, bilateral, unknown };
enum class PlacementEnd : std::uint8_t { filled, cancelled, rejected, expired };
enum class EndReason : std::uint8_t { market, deadline, discretionary, venue, unknown };

/// One route or child order, filled or not (table `placements`).
struct Placement {
    PlacementId id;
    OrderId order;
    VenueId venue;
    VenueKind venue_kind = VenueKind::lit;
    LabelId order_type;  ///< e.g. limit, market, midpoint_peg
    std::optional<Price> limit_price;
    std::optional<Quantity> min_quantity;
    Quantity quantity;  ///< sent, > 0
    Timestamp sent_time;
    Timestamp done_time;
    PlacementEnd end = PlacementEnd::filled;
    EndReason end_reason = EndReason::unknown;
    Quantity filled_quantity;
    std::optional<Quantity> cumulative_quantity;  ///< of the parent, as the broker reported it at done_time
};

enum class Liquidity : std::uint8_t { added, removed, auction, hidden, unknown };

/// One execution (table `fills`).
struct Fill {
    FillId id;
    PlacementId placement;  ///< none() when the source has no routes
    OrderId order;
    Timestamp time;
    Price price;
    Quantity quantity;  ///< > 0
    VenueId venue;
    Liquidity liquidity = Liquidity::unknown;
    Money fee;  ///< cash; a rebate is negative
};

enum class FillEventKind : std::uint8_t { correct, bust };

/// A change to a fill (table `fill_events`); applied before any metric.
struct FillEvent {
    FillId fill;
    Timestamp time;
    FillEventKind kind = FillEventKind::correct;
    std::optional<Price> price;
    std::optional<Quantity> quantity;
};

}  // namespace slipcast::market
