#include "recorder.hpp"

namespace slipcast::tca::detail {

std::optional<Price> time_weighted_mid(const TapeState& begin, const TapeState& end) {
    const std::int64_t usable = end.usable_ns - begin.usable_ns;
    if (usable <= 0) return std::nullopt;
    return Price::from_units(narrow(divide_half_even(end.twice_mid_time - begin.twice_mid_time, Int128{2} * usable)));
}

void Recorder::record_benchmarks(const OrderSlots& slots, OrderRecord& record) const {
    const market::Order& order = dataset().orders[slots.order];
    const auto set = [&](Benchmark which, std::optional<Price> price) {
        record.benchmarks[static_cast<std::size_t>(which)] = price;
    };
    // A price from before a split is no benchmark of what was executed after it, and whether the quantity was decided
    // in old or new shares nobody says.
    const auto since = [&](const std::optional<Timestamp>& time, std::optional<Price> price) {
        return plan_.splits.lie_between(time, order.arrival_time) ? std::nullopt : price;
    };
    set(Benchmark::decision,
        since(order.decision_time, order.decision_price ? order.decision_price : mid(slots.decision)));
    set(Benchmark::arrival, mid(slots.arrival));
    set(Benchmark::desk_arrival, since(order.desk_arrival_time, mid(slots.desk_arrival)));
    set(Benchmark::broker_arrival, mid(slots.broker_arrival));
    if (const TapeState* arrival = state(slots.arrival); arrival != nullptr && arrival->quote.is_usable()) {
        const bool buys = order.side == Side::buy;
        set(Benchmark::near_touch, buys ? arrival->quote.bid : arrival->quote.ask);
        set(Benchmark::far_touch, buys ? arrival->quote.ask : arrival->quote.bid);
    }
    if (const auto& arrival = record.benchmark(Benchmark::arrival); arrival && record.fills > 0) {
        record.notional = instrument_.value.notional(*arrival, record.executed.quantity);
    }
}

void Recorder::record_interval(const OrderSlots& slots, OrderRecord& record) const {
    const TapeState* begin = state(slots.arrival);
    const TapeState* end = state(slots.after_last_fill);
    if (begin == nullptr || end == nullptr) return;
    const auto set = [&](Benchmark which, std::optional<Price> price) {
        record.benchmarks[static_cast<std::size_t>(which)] = price;
    };
    Executed missing;  // own executions that a replay's source tape does not show
    if (context_.is_replay && !answers_.has_own_prints) {
        for (const std::size_t row : context_.fills_of(slots.order)) {
            const market::Fill& fill = dataset().fills[row];
            missing.add(fill.price, fill.quantity);
        }
    }
    record.own_volume_added = missing.quantity.units() > 0;
    const Int128 notional = end->vwap_notional - begin->vwap_notional + missing.price_times_quantity;
    const std::int64_t regular = end->vwap_volume - begin->vwap_volume + missing.quantity.units();
    const std::int64_t volume = end->volume - begin->volume + missing.quantity.units();
    const std::int64_t own = record.executed.quantity.units();
    set(Benchmark::interval_vwap, average_price(notional, regular));
    set(Benchmark::interval_vwap_ex_own, average_price(notional - record.executed.price_times_quantity, regular - own));
    if (volume > 0) record.participation = static_cast<double>(own) / static_cast<double>(volume);
    set(Benchmark::interval_twap, time_weighted_mid(*begin, *end));
    const std::int64_t printed = end->vwap_volume - begin->vwap_volume;
    if (printed > 0) {
        const std::int64_t above = end->volume_above - begin->volume_above;
        const std::int64_t below = end->volume_below - begin->volume_below;
        const std::int64_t better = (above - below) * sign(dataset().orders[slots.order].side);
        record.relative_performance = 0.5 * static_cast<double>(printed + better) / static_cast<double>(printed);
    }
}

void Recorder::record_session_prices(const OrderSlots& slots, OrderRecord& record) const {
    if (slots.session < 0) return;
    const auto session = static_cast<std::size_t>(slots.session);
    const SessionPrices& prices = answers_.sessions[session];
    const auto set = [&](Benchmark which, std::optional<Price> price) {
        record.benchmarks[static_cast<std::size_t>(which)] = price;
    };
    set(Benchmark::open, prices.open);
    set(Benchmark::close, prices.close);
    set(Benchmark::day_vwap, average_price(prices.vwap_notional, prices.vwap_volume));
    if (const auto& before = session > 0 ? answers_.sessions[session - 1].close : std::nullopt) {
        const Timestamp closed = plan_.sessions[session - 1].close;
        set(Benchmark::prev_close, plan_.splits.carried(*before, closed, plan_.sessions[session].open));
    }
    if (prices.volume > 0) {
        record.size =
            static_cast<double>(dataset().orders[slots.order].quantity.units()) / static_cast<double>(prices.volume);
        record.size_basis = kSizeBases[2];
    }
}

void Recorder::record_pwp(const OrderSlots& slots, OrderRecord& record) const {
    if (slots.first_pwp < 0) return;
    for (std::size_t k = 0; k < record.pwp.size(); ++k) {
        const std::size_t slot = static_cast<std::size_t>(slots.first_pwp) + k;
        const Reach& reach = answers_.reaches[slot];
        const std::int32_t session = slots.session;
        const bool in_day = session < 0 || reach.time <= plan_.sessions[static_cast<std::size_t>(session)].close;
        if (!reach.found || !in_day) continue;
        record.pwp[k] = average_price(reach.vwap_notional, plan_.questions.reaches[slot].amount);
    }
}

}  // namespace slipcast::tca::detail
