#include "slipcast/market/audit.hpp"

#include <fmt/format.h>

#include "slipcast/core/assert.hpp"

namespace slipcast::market {

namespace {

Error contradiction(const char* field, std::string value, const char* rule) {
    return Error{ErrorCode::inconsistent, field, std::move(value), rule, {}};
}

PlacementState end_state(PlacementEnd end) {
    switch (end) {
        case PlacementEnd::filled:
            return PlacementState::filled;
        case PlacementEnd::cancelled:
            return PlacementState::cancelled;
        case PlacementEnd::rejected:
            return PlacementState::rejected;
        case PlacementEnd::expired:
            return PlacementState::expired;
    }
    SLIPCAST_ASSERT(false, "a PlacementEnd outside its enumerators");
}

bool is_beyond_limit(Side side, Price price, Price limit) {
    return signed_move(side, price - limit) > PriceMove{};
}

}  // namespace

std::string_view name(PlacementState state) {
    switch (state) {
        case PlacementState::sent:
            return "sent";
        case PlacementState::partially_filled:
            return "partially_filled";
        case PlacementState::filled:
            return "filled";
        case PlacementState::cancelled:
            return "cancelled";
        case PlacementState::rejected:
            return "rejected";
        case PlacementState::expired:
            return "expired";
    }
    SLIPCAST_ASSERT(false, "a PlacementState outside its enumerators");
}

std::optional<Error> PlacementLedger::refusal(const Fill& fill) const {
    if (fill.time < placement_.sent_time) {
        return contradiction("time", fill.time.to_string(), "a fill must not come before its placement was sent");
    }
    if (ended_ || fill.time > placement_.done_time) {
        return contradiction("time", fill.time.to_string(), "a fill must not come after its placement's end");
    }
    if (filled_ + fill.quantity > placement_.quantity) {
        return contradiction("quantity", fill.quantity.to_string(quantity_decimals_),
                             "fills must not exceed the quantity that the placement sent");
    }
    return std::nullopt;
}

void PlacementLedger::admit(const Fill& fill) {
    SLIPCAST_ASSERT(!refusal(fill), "an admitted fill breaks no rule of its placement");
    filled_ += fill.quantity;
    state_ = filled_ == placement_.quantity ? PlacementState::filled : PlacementState::partially_filled;
}

void PlacementLedger::end() {
    ended_ = true;
    state_ = end_state(placement_.end);
}

std::vector<Error> PlacementLedger::disagreements() const {
    std::vector<Error> found;
    const auto text = [this](Quantity quantity) { return quantity.to_string(quantity_decimals_); };
    if (placement_.filled_quantity != filled_) {
        found.push_back(contradiction(
            "filled_quantity", fmt::format("{} (fills sum to {})", text(placement_.filled_quantity), text(filled_)),
            "must equal the sum of the placement's fills"));
    }
    const bool is_full = filled_ == placement_.quantity;
    if (placement_.end == PlacementEnd::filled && !is_full) {
        found.push_back(contradiction("end", fmt::format("filled ({} of {})", text(filled_), text(placement_.quantity)),
                                      "a placement that ended filled must be filled in full"));
    }
    if (placement_.end == PlacementEnd::rejected && filled_ > Quantity{}) {
        found.push_back(contradiction("end", "rejected", "a rejected placement must have no fill"));
    } else if (placement_.end != PlacementEnd::filled && is_full) {
        found.push_back(contradiction("end", std::string(name(end_state(placement_.end))),
                                      "a placement that was filled in full must have ended filled"));
    }
    return found;
}

std::optional<Timestamp> life_begin(const Order& order) {
    if (order.arrival_time) return order.arrival_time;
    if (order.desk_arrival_time) return order.desk_arrival_time;
    return order.decision_time;
}

std::optional<Error> OrderLedger::amend_refusal(const OrderEvent& event) const {
    if (!event.quantity && !event.limit_price && !event.end_time) {
        return contradiction("event", "amend", "an amend must change the quantity, the limit price or the end time");
    }
    if (event.quantity && *event.quantity <= Quantity{}) {
        return contradiction("quantity", event.quantity->to_string(quantity_decimals_), "must be > 0");
    }
    if (event.quantity && *event.quantity < filled_) {
        return contradiction("quantity",
                             fmt::format("{} ({} filled)", event.quantity->to_string(quantity_decimals_),
                                         filled_.to_string(quantity_decimals_)),
                             "an amend must not go below the quantity already filled");
    }
    if (event.end_time && *event.end_time < event.time) {
        return contradiction("end_time", event.end_time->to_string(), "an amend must not end the order in the past");
    }
    if (event.end_time && order_.broker_arrival_time && *event.end_time < *order_.broker_arrival_time) {
        return contradiction("end_time", event.end_time->to_string(),
                             "an amend must not end the order before it reached the broker");
    }
    return std::nullopt;
}

std::optional<Error> OrderLedger::refusal(const OrderEvent& event) const {
    const std::optional<Timestamp> begin = life_begin(order_);
    if (begin && event.time < *begin) {
        return contradiction("time", event.time.to_string(), "an order event must not come before its order arrived");
    }
    if (order_.cancel_time) {
        return contradiction("time", event.time.to_string(), "an order event must not come after its order's cancel");
    }
    if (event.kind == OrderEventKind::amend) return amend_refusal(event);
    return std::nullopt;
}

std::optional<Error> OrderLedger::remark(const OrderEvent& event) const {
    if (order_.end_time && event.time > *order_.end_time) {
        return contradiction("time", event.time.to_string(), "an order event after its order's end");
    }
    if (event.kind == OrderEventKind::pause && is_paused_) {
        return contradiction("event", "pause", "a pause of an order that is paused");
    }
    if (event.kind == OrderEventKind::resume && !is_paused_) {
        return contradiction("event", "resume", "a resume of an order that is not paused");
    }
    if (event.kind == OrderEventKind::cancel && filled_ == order_.quantity) {
        return contradiction("event", "cancel", "a cancel of an order that is filled in full");
    }
    return std::nullopt;
}

void OrderLedger::apply(const OrderEvent& event) {
    SLIPCAST_ASSERT(!refusal(event), "an applied event breaks no rule of its order");
    switch (event.kind) {
        case OrderEventKind::amend:
            if (event.quantity) order_.quantity = *event.quantity;
            if (event.limit_price) order_.limit_price = event.limit_price;
            if (event.end_time) order_.end_time = event.end_time;
            return;
        case OrderEventKind::pause:
            is_paused_ = true;
            return;
        case OrderEventKind::resume:
            is_paused_ = false;
            return;
        case OrderEventKind::cancel:
            order_.cancel_time = event.time;
            return;
    }
}

std::optional<Error> OrderLedger::refusal(const Fill& fill) const {
    const std::optional<Timestamp> begin = life_begin(order_);
    if (begin && fill.time < *begin) {
        return contradiction("time", fill.time.to_string(), "a fill must not come before its order arrived");
    }
    if (order_.cancel_time && fill.time > *order_.cancel_time) {
        return contradiction("time", fill.time.to_string(), "a fill must not come after its order's cancel");
    }
    if (order_.end_time && fill.time > *order_.end_time) {
        return contradiction("time", fill.time.to_string(), "a fill must not come after its order's end");
    }
    if (filled_ + fill.quantity > order_.quantity) {
        return contradiction("quantity", fill.quantity.to_string(quantity_decimals_),
                             "fills must not exceed the order's quantity");
    }
    return std::nullopt;
}

std::optional<Error> OrderLedger::remark(const Fill& fill) const {
    if (is_paused_) return contradiction("time", fill.time.to_string(), "a fill while its order was paused");
    if (order_.limit_price && is_beyond_limit(order_.side, fill.price, *order_.limit_price)) {
        return contradiction("price", fill.price.to_string(), "a fill worse than its order's limit price");
    }
    return std::nullopt;
}

void OrderLedger::admit(const Fill& fill) {
    SLIPCAST_ASSERT(!refusal(fill), "an admitted fill breaks no rule of its order");
    filled_ += fill.quantity;
}

std::optional<Error> cumulative_disagreement(const Placement& placement, Quantity before, Quantity including,
                                             int quantity_decimals) {
    if (!placement.cumulative_quantity) return std::nullopt;
    const Quantity reported = *placement.cumulative_quantity;
    if (before <= reported && reported <= including) return std::nullopt;
    return contradiction("cumulative_quantity",
                         fmt::format("{} (fills sum to {})", reported.to_string(quantity_decimals),
                                     including.to_string(quantity_decimals)),
                         "must equal the sum of the order's fills up to the placement's end");
}

}  // namespace slipcast::market
