#pragma once

#include <cstdint>
#include <optional>

#include "slipcast/market/order.hpp"
#include "slipcast/sim/queue.hpp"

namespace slipcast::sim {

enum class ChildState : std::uint8_t { in_flight, live, done };

/// One placement on its way or at a venue.
struct Child {
    std::size_t parent = 0;
    std::size_t number = 0;  ///< counted within the parent
    std::size_t venue = 0;   ///< lit venue, or with `dark` a dark one
    bool dark = false;       ///< meets the hidden size once, at the mid
    Price then_limit;        ///< dark: of what comes back, in a lit venue
    bool then_rests = false;
    Side side = Side::buy;
    bool rests = false;          ///< passive: queues at its limit; otherwise takes what comes
    std::optional<Price> limit;  ///< always there when it rests
    Quantity quantity;
    Quantity filled;
    Timestamp sent;
    Timestamp arrival;
    Timestamp done;
    Duration cancel_delay{};
    Duration acknowledgment_delay{};
    bool refused = false;  ///< the venue will reject it
    bool cancelling = false;
    ChildState state = ChildState::in_flight;
    QueuePosition queue;
    market::PlacementEnd end = market::PlacementEnd::filled;
    market::EndReason reason = market::EndReason::unknown;
    Quantity parent_filled;  ///< when it was done

    [[nodiscard]] Quantity remaining() const { return quantity - filled; }
    /// Whether `price` is no worse than the limit.
    [[nodiscard]] bool accepts(Price price) const {
        return !limit || (side == Side::buy ? price <= *limit : price >= *limit);
    }
};

}  // namespace slipcast::sim
