#include "slipcast/tca/shortfall.hpp"

#include "slipcast/core/assert.hpp"

namespace slipcast::tca {

namespace {

/// Sums over the fills that the parts are made of.
struct Sums {
    Money paid;  ///< sum q p, unsigned
    Money spread;
    Money drift;     ///< against arrival
    Money unmarked;  ///< against arrival
};

Sums sums_of(const LedgerOrder& order, std::span<const LedgerFill> fills, Shortfall& parts) {
    Sums sums;
    for (const LedgerFill& fill : fills) {
        const auto cost = [&](PriceMove move) {
            return order.value.cash(signed_move(order.side, move), fill.quantity);
        };
        parts.filled += fill.quantity;
        parts.fees += fill.fee;
        sums.paid += order.value.notional(fill.price, fill.quantity);
        if (fill.mid) {
            sums.spread += cost(fill.price - *fill.mid);
            if (order.arrival) sums.drift += cost(*fill.mid - *order.arrival);
        } else {
            ++parts.unmarked_fills;
            if (order.arrival) sums.unmarked += cost(fill.price - *order.arrival);
        }
    }
    return sums;
}

/// s (sum q p + (Q - q) Pn - Q P) + F: the total straight from its definition.
Money paper_minus_real(const LedgerOrder& order, const Shortfall& parts, const Money& paid, Price paper) {
    const Quantity rest = order.quantity - parts.filled;
    Money real = paid;
    if (rest.units() != 0) real += order.value.notional(*order.end_price, rest);
    const Money difference = real - order.value.notional(paper, order.quantity);
    return (order.side == Side::buy ? difference : -difference) + parts.fees;
}

void assert_identity(const Shortfall& parts) {
    const Money trading = parts.spread + *parts.drift + *parts.unmarked + parts.fees;
    Money total = trading + *parts.opportunity;
    if (parts.delay) total += *parts.delay;
    SLIPCAST_ASSERT(total == *parts.total, "the parts of a shortfall add up to its total");
    if (!parts.delay_executed) return;
    SLIPCAST_ASSERT(trading + *parts.delay_executed + *parts.opportunity_executed == *parts.total,
                    "the parts add up on the executed basis");
}

}  // namespace

std::string_view describe(LedgerGap gap) {
    switch (gap) {
        case LedgerGap::none:
            return "";
        case LedgerGap::no_decision_price:
            return "no decision price: market-activity shortfall";
        case LedgerGap::no_arrival_price:
            return "no arrival price: no delay, drift, opportunity or total";
        case LedgerGap::no_end_price:
            return "no end price for the unfilled remainder: no opportunity or total";
    }
    return "";
}

Shortfall shortfall(const LedgerOrder& order, std::span<const LedgerFill> fills) {
    // Sums start in the order's currency, so that an empty part is zero of it.
    const Money zero = Money::from_units(0, order.value.currency());
    Shortfall parts;
    parts.fees = zero;
    const Sums sums = sums_of(order, fills, parts);
    parts.spread = zero + sums.spread;
    if (order.decision || order.arrival) {
        parts.paper_notional = order.value.notional(order.decision ? *order.decision : *order.arrival, order.quantity);
    }
    if (!order.arrival) {
        parts.gap = LedgerGap::no_arrival_price;
        return parts;
    }
    const auto cost = [&](PriceMove move, Quantity quantity) {
        return order.value.cash(signed_move(order.side, move), quantity);
    };
    const Quantity rest = order.quantity - parts.filled;
    parts.drift = zero + sums.drift;
    parts.unmarked = zero + sums.unmarked;
    if (order.decision) {
        parts.delay = cost(*order.arrival - *order.decision, order.quantity);
        parts.delay_executed = cost(*order.arrival - *order.decision, parts.filled);
    } else {
        parts.gap = LedgerGap::no_decision_price;
    }
    if (rest.units() != 0 && !order.end_price) {
        parts.gap = LedgerGap::no_end_price;
        return parts;
    }
    parts.opportunity = rest.units() == 0 ? zero : cost(*order.end_price - *order.arrival, rest);
    if (order.decision) {
        parts.opportunity_executed = rest.units() == 0 ? zero : cost(*order.end_price - *order.decision, rest);
    }
    parts.total = zero + paper_minus_real(order, parts, sums.paid, order.decision ? *order.decision : *order.arrival);
    assert_identity(parts);
    return parts;
}

std::optional<double> bps_of(const std::optional<Money>& part, const std::optional<Money>& whole) {
    if (!part || !whole || whole->units() <= 0) return std::nullopt;
    return ratio(*part, *whole) * 1e4;
}

}  // namespace slipcast::tca
