#include "slipcast/tca/shortfall.hpp"

#include <algorithm>

#include "slipcast/core/assert.hpp"

namespace slipcast::tca {

namespace {

/// Shares decided together: the order as given, then each increase.
struct Tranche {
    Quantity quantity;  ///< decided
    Quantity wanted;    ///< not taken back
    std::optional<Price> decision;
    std::optional<Price> arrival;
};

/// Sums over executions and over what was never executed.
class Ledger {
public:
    explicit Ledger(const LedgerOrder& order)
        : order_(order), zero_(Money::from_units(0, order.value.currency())), executed_(zero_), judged_(zero_) {
        opportunity_ = opportunity_executed_ = drift_ = unmarked_ = zero_;
        parts_.fees = parts_.spread = zero_;
        tranches_.push_back({order.quantity, order.quantity, order.decision, order.arrival});
        for (const LedgerAmend& amend : order.amends) {
            amend.change > Quantity{} ? add(amend) : take_back(-amend.change, amend.price);
        }
    }

    Shortfall written(std::span<const LedgerFill> fills) {
        for (const LedgerFill& fill : fills) execute(fill);
        leave_rest();
        parts_.paper_notional = paper_notional();
        if (order_.arrival && order_.decision) {
            const PriceMove waited = *order_.arrival - *order_.decision;
            parts_.delay = cost(waited, order_.quantity);
            parts_.delay_executed = cost(waited, executed_first_);
        }
        if (!has_arrivals()) {
            parts_.gap = order_.arrival ? LedgerGap::no_amend_price : LedgerGap::no_arrival_price;
            if (order_.is_partly_quarantined) parts_.delay_executed.reset();
            return parts_;
        }
        parts_.drift = drift_;
        parts_.unmarked = unmarked_;
        if (!order_.decision) parts_.gap = LedgerGap::no_decision_price;
        if (order_.is_partly_quarantined || lacks_end_price_) {
            parts_.gap = order_.is_partly_quarantined ? LedgerGap::fills_quarantined : LedgerGap::no_end_price;
            if (order_.is_partly_quarantined) parts_.delay_executed.reset();
            return parts_;
        }
        parts_.opportunity = opportunity_;
        if (order_.decision) parts_.opportunity_executed = opportunity_executed_;
        // s (sum q p + sum (Q - q) Pn - sum Q Pd) + F: the total straight from its definition.
        const Money difference = executed_ + judged_ - *parts_.paper_notional;
        parts_.total = (order_.side == Side::buy ? difference : -difference) + parts_.fees;
        assert_identity();
        return parts_;
    }

private:
    [[nodiscard]] Money cost(PriceMove move, Quantity quantity) const {
        return order_.value.cash(signed_move(order_.side, move), quantity);
    }
    [[nodiscard]] bool has_arrivals() const {
        return std::all_of(tranches_.begin(), tranches_.end(), [](const Tranche& t) { return t.arrival.has_value(); });
    }

    void add(const LedgerAmend& amend) { tranches_.push_back({amend.change, amend.change, amend.price, amend.price}); }
    void take_back(Quantity quantity, const std::optional<Price>& price) {
        for (auto tranche = tranches_.rbegin(); quantity > Quantity{}; ++tranche) {
            SLIPCAST_ASSERT(tranche != tranches_.rend(), "an amend takes back no more than was ordered");
            const Quantity part = std::min(quantity, tranche->wanted);
            tranche->wanted -= part;
            quantity -= part;
            leave(*tranche, part, price);
        }
    }
    /// `quantity` shares of the tranche were never executed and are judged at `price`.
    void leave(const Tranche& tranche, Quantity quantity, const std::optional<Price>& price) {
        if (quantity.units() == 0) return;
        if (!price) lacks_end_price_ = true;
        if (!price || !tranche.arrival) return;
        opportunity_ += cost(*price - *tranche.arrival, quantity);
        if (tranche.decision) opportunity_executed_ += cost(*price - *tranche.decision, quantity);
        judged_ += order_.value.notional(*price, quantity);
    }
    void execute(const LedgerFill& fill) {
        parts_.filled += fill.quantity;
        parts_.fees += fill.fee;
        executed_ += order_.value.notional(fill.price, fill.quantity);
        if (fill.mid) parts_.spread += cost(fill.price - *fill.mid, fill.quantity);
        if (!fill.mid) ++parts_.unmarked_fills;
        for (Quantity rest = fill.quantity; rest > Quantity{};) {
            const Tranche& tranche = tranches_[current_];
            const bool is_last = current_ + 1 == tranches_.size();
            const Quantity part = is_last ? rest : std::min(rest, tranche.wanted - taken_);
            taken_ += part;
            rest -= part;
            if (current_ == 0) executed_first_ += part;
            if (tranche.arrival) {
                (fill.mid ? drift_ : unmarked_) += cost(fill.mid.value_or(fill.price) - *tranche.arrival, part);
            }
            if (rest > Quantity{}) advance();
        }
    }
    /// To the next tranche: this one is executed as far as it is wanted.
    void advance() {
        ++current_;
        taken_ = {};
    }
    void leave_rest() {
        for (; current_ < tranches_.size(); advance()) {
            leave(tranches_[current_], tranches_[current_].wanted - taken_, order_.end_price);
        }
    }
    /// Each tranche at its decision price, the first at its arrival price when it has no other.
    [[nodiscard]] std::optional<Money> paper_notional() const {
        Money sum = zero_;
        for (const Tranche& tranche : tranches_) {
            const auto& price = tranche.decision ? tranche.decision : tranche.arrival;
            if (!price) return std::nullopt;
            sum += order_.value.notional(*price, tranche.quantity);
        }
        return sum;
    }
    void assert_identity() const {
        const Money trading = parts_.spread + *parts_.drift + *parts_.unmarked + parts_.fees;
        Money total = trading + *parts_.opportunity;
        if (parts_.delay) total += *parts_.delay;
        SLIPCAST_ASSERT(total == *parts_.total, "the parts of a shortfall add up to its total");
        if (!parts_.delay_executed) return;
        SLIPCAST_ASSERT(trading + *parts_.delay_executed + *parts_.opportunity_executed == *parts_.total,
                        "the parts add up on the executed basis");
    }

    const LedgerOrder& order_;
    Money zero_;  ///< sums start in the order's currency, so that an empty part is zero of it
    Shortfall parts_;
    std::vector<Tranche> tranches_;
    std::size_t current_ = 0;  ///< tranche that the next execution takes from
    Quantity taken_;           ///< of the current tranche
    Quantity executed_first_;  ///< of the order as first given
    Money executed_;           ///< sum q p, unsigned
    Money judged_;             ///< sum (Q - q) Pn, unsigned
    Money drift_, unmarked_, opportunity_, opportunity_executed_;
    bool lacks_end_price_ = false;
};

}  // namespace

std::string_view describe(LedgerGap gap) {
    switch (gap) {
        case LedgerGap::none:
            return "";
        case LedgerGap::no_decision_price:
            return "no decision price: market-activity shortfall";
        case LedgerGap::no_arrival_price:
            return "no arrival price: no delay, drift, unmarked part, opportunity or total";
        case LedgerGap::no_end_price:
            return "no end price for the unfilled remainder: no opportunity or total";
        case LedgerGap::fills_quarantined:
            return "fills quarantined: what was executed is not known, so no opportunity or total";
        case LedgerGap::no_amend_price:
            return "no price when the quantity was raised: no drift, unmarked part, opportunity or total";
    }
    return "";
}

Shortfall shortfall(const LedgerOrder& order, std::span<const LedgerFill> fills) {
    return Ledger(order).written(fills);
}

std::optional<double> bps_of(const std::optional<Money>& part, const std::optional<Money>& whole) {
    if (!part || !whole || whole->units() <= 0) return std::nullopt;
    return ratio(*part, *whole) * 1e4;
}

}  // namespace slipcast::tca
