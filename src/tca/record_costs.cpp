#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "recorder.hpp"

namespace slipcast::tca::detail {

/// The mid before the instant that gave the shares up, else before the deadline, else the close.
Recorder::EndPrice Recorder::end_price(const OrderSlots& slots, const OrderRecord& record, std::int32_t given_up,
                                       const char* policy) const {
    if (const auto price = mid(given_up)) return {price, policy};
    if (const auto price = mid(slots.end)) return {price, "end_time"};
    return {record.benchmark(Benchmark::close), "close"};
}

/// Sets what the ledger needs of the order's amends and of what was left of it, and the record's one price for all that
/// was never executed.
void Recorder::record_end_price(const OrderSlots& slots, OrderRecord& record, LedgerOrder& ledger) const {
    const OrderCourse& course = context_.courses[slots.order];
    Executed unfilled;
    bool is_judged = true;
    std::vector<std::string_view> policies;
    const auto leave = [&](const EndPrice& end, Quantity quantity) {
        is_judged = is_judged && end.price.has_value();
        if (!end.price) return;
        unfilled.add(*end.price, quantity);
        if (std::find(policies.begin(), policies.end(), end.policy) == policies.end()) policies.push_back(end.policy);
    };
    for (std::size_t i = 0; i < course.amends.size(); ++i) {
        const Amend& amend = course.amends[i];
        const std::int32_t slot = slots.first_amend + static_cast<std::int32_t>(i);
        if (amend.change == Quantity{}) continue;
        LedgerAmend& line = ledger.amends.emplace_back(LedgerAmend{amend.change, mid(slot)});
        if (amend.change > Quantity{}) continue;
        const EndPrice end = end_price(slots, record, slot, "amend");
        line.price = end.price;
        leave(end, -amend.change);
    }
    if (const Quantity rest = course.ordered - course.withdrawn - record.executed.quantity; rest != Quantity{}) {
        const EndPrice end = end_price(slots, record, slots.cancel, "cancel");
        ledger.end_price = end.price;
        leave(end, rest);
    }
    if (!is_judged || policies.empty()) return;
    record.end_price = average_price(unfilled.price_times_quantity, unfilled.quantity.units());
    record.end_price_policy = fmt::format("{}", fmt::join(policies, ", "));
}

void Recorder::record_ledger(const OrderSlots& slots, OrderRecord& record) const {
    const market::Order& order = dataset().orders[slots.order];
    LedgerOrder ledger;
    ledger.side = order.side;
    ledger.quantity = order.quantity;
    ledger.decision = record.benchmark(Benchmark::decision);
    ledger.arrival = record.benchmark(Benchmark::arrival);
    ledger.value = instrument_.value;
    ledger.is_partly_quarantined = order.quarantined_fills > 0;
    record_end_price(slots, record, ledger);
    std::vector<LedgerFill> fills;
    for (const std::size_t row : context_.fills_of(slots.order)) {
        const market::Fill& fill = dataset().fills[row];
        const MidAt mid_before = records_.fills[row].quote.mid_at();
        LedgerFill& line = fills.emplace_back();
        line.price = fill.price;
        line.quantity = fill.quantity;
        if (mid_before.is_usable()) line.mid = mid_before.mid;
        if (fill.fee.units() != 0) line.fee = fill.fee;
    }
    record.ledger = shortfall(ledger, fills);
}

void Recorder::record_spreads(const OrderSlots& slots, OrderRecord& record) const {
    const market::Order& order = dataset().orders[slots.order];
    const Money zero = Money::from_units(0, instrument_.value.currency());
    for (Money* sum :
         {&record.effective_spread, &record.quoted_spread, &record.marked_notional, &record.realized_spread,
          &record.realized_notional, &record.price_improvement, &record.touch_notional}) {
        *sum = zero;
    }
    for (const std::size_t row : context_.fills_of(slots.order)) {
        const market::Fill& fill = dataset().fills[row];
        const FillRecord& at = records_.fills[row];
        if (!at.quote.is_usable()) continue;
        const auto cash = [&](PriceMove move) { return instrument_.value.cash(move, fill.quantity); };
        const auto notional = [&](Price price) { return instrument_.value.notional(price, fill.quantity); };
        const Price mid_before = at.quote.mid_at().mid;
        const Price far = order.side == Side::buy ? at.quote.ask : at.quote.bid;
        ++record.marked_fills;
        record.effective_spread += cash(signed_move(order.side, fill.price - mid_before) * 2);
        record.quoted_spread += cash(at.quote.ask - at.quote.bid);
        record.marked_notional += notional(mid_before);
        record.price_improvement += cash(signed_move(order.side, far - fill.price));
        record.touch_notional += notional(far);
        if (!at.observed_1min) continue;
        record.realized_spread += cash(signed_move(order.side, fill.price - at.mid_1min.mid) * 2);
        record.realized_notional += notional(mid_before);
    }
}

void Recorder::record_reversion(const OrderSlots& slots, OrderRecord& record) const {
    const auto end = mid(slots.last_fill);
    const auto later = mid(slots.reverted);
    if (!end || !later || end->units() <= 0) return;
    const Timestamp last = *record.last_fill_time;
    if (!is_visible(last, last + context_.options.reversion_horizon)) return;
    const Side side = dataset().orders[slots.order].side;
    record.reversion_bps = ratio(signed_move(side, *end - *later), *end) * 1e4;
}

}  // namespace slipcast::tca::detail
