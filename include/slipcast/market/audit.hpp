#pragma once

#include <optional>
#include <vector>

#include "slipcast/core/result.hpp"
#include "slipcast/market/order.hpp"

// The fill/cancel state machine. A ledger follows one order or one placement through its life; rows come in time order.
// `refusal` says why a row cannot have happened (the row is then quarantined and the ledger stays as it was), `remark`
// what is odd about one that stands.

namespace slipcast::market {

/// Where a placement is in its life. The last four are ends.
enum class PlacementState : std::uint8_t { sent, partially_filled, filled, cancelled, rejected, expired };

/// "sent", "partially_filled", ...
[[nodiscard]] std::string_view name(PlacementState state);

///     sent ──fill──▶ partially_filled ──fill──▶ filled
///       └────────────────┴──end()──▶ cancelled | rejected | expired | filled, as the row says
class PlacementLedger {
public:
    /// `quantity_decimals` is the instrument's quantity scale, for the texts of refusals.
    PlacementLedger(const Placement& placement, int quantity_decimals)
        : placement_(placement), quantity_decimals_(quantity_decimals) {}

    /// Why `fill` cannot belong to the placement: before it was sent, after it was done, or more than was sent.
    [[nodiscard]] std::optional<Error> refusal(const Fill& fill) const;
    /// Takes a fill that `refusal` lets pass (asserted).
    void admit(const Fill& fill);
    /// The placement is done; no fill may follow.
    void end();

    [[nodiscard]] PlacementState state() const { return state_; }
    [[nodiscard]] Quantity filled() const { return filled_; }
    /// What the placement's row says against its admitted fills, once ended: filled_quantity is not their sum; ended
    /// `filled` and is not full; ended otherwise and is full; rejected after a fill.
    [[nodiscard]] std::vector<Error> disagreements() const;

private:
    Placement placement_;
    int quantity_decimals_;
    PlacementState state_ = PlacementState::sent;
    bool ended_ = false;
    Quantity filled_;
};

/// One parent: amendments, pauses and cancels in, its quantity, limit and end in force out.
class OrderLedger {
public:
    OrderLedger(const Order& order, int quantity_decimals) : order_(order), quantity_decimals_(quantity_decimals) {}

    /// Why the event cannot be: before the order arrived, after its cancel, an amend that changes nothing, below the
    /// filled quantity, or to an end that is already past.
    [[nodiscard]] std::optional<Error> refusal(const OrderEvent& event) const;
    /// What is odd: a pause of a paused order, a resume of a working one, a change after the end, a cancel of a full
    /// order.
    [[nodiscard]] std::optional<Error> remark(const OrderEvent& event) const;
    /// Applies an event that `refusal` lets pass (asserted).
    void apply(const OrderEvent& event);

    /// Why `fill` cannot be: before the order arrived, after its cancel or its end, or more than the quantity in force.
    [[nodiscard]] std::optional<Error> refusal(const Fill& fill) const;
    /// What is odd: worse than the limit price in force, or while paused.
    [[nodiscard]] std::optional<Error> remark(const Fill& fill) const;
    /// Takes a fill that `refusal` lets pass (asserted).
    void admit(const Fill& fill);

    /// The order with quantity, limit price, end and cancel time as the events left them.
    [[nodiscard]] const Order& order() const { return order_; }
    [[nodiscard]] Quantity filled() const { return filled_; }
    [[nodiscard]] bool is_paused() const { return is_paused_; }

private:
    [[nodiscard]] std::optional<Error> amend_refusal(const OrderEvent& event) const;

    Order order_;
    int quantity_decimals_;
    bool is_paused_ = false;
    Quantity filled_;
};

/// When the measured party first knew of the order: its arrival, else the desk arrival, else the decision.
[[nodiscard]] std::optional<Timestamp> life_begin(const Order& order);

/// Whether the parent's cumulative quantity, as the broker reported it when `placement` was done, can be right: between
/// the parent's fills before that instant and those up to and including it.
[[nodiscard]] std::optional<Error> cumulative_disagreement(const Placement& placement, Quantity before,
                                                           Quantity including, int quantity_decimals);

}  // namespace slipcast::market
