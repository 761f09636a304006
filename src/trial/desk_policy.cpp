#include "desk_policy.hpp"

#include <limits>

namespace slipcast::trial {

namespace {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

}  // namespace

desk::Context DeskPolicy::context_of(const sim::PolicyView& view, State& state) const {
    const market::Order& order = parents_[view.parent].order;
    const market::Instrument& instrument = market_.instrument(order.instrument);
    if (!state.has_begun) {
        state.has_begun = true;
        state.volatility_bps = forecasts_.volatility_bps(order.instrument, view.time);
    }
    if (state.reference == Price{} && view.bid > Price{}) state.reference = midpoint(view.bid, view.ask);
    desk::Context context;
    context.time = view.time;
    context.order = view.parent + 1;
    context.side = order.side;
    context.quantity = order.quantity.units();
    context.filled = view.filled.units();
    context.lot = std::max<std::int64_t>(1, instrument.lot_size.units());
    context.deadline = *order.end_time;
    context.bid = view.bid;
    context.ask = view.ask;
    context.quote_time = view.quote_time;
    context.reference = state.reference;
    if (order.limit_price) context.limit_price = *order.limit_price;
    const Quantity one = Quantity::from_units(1);
    context.unit_value = instrument.value.cash(PriceMove::from_units(kPriceUnitsPerOne), one).to_double();
    context.volume_rate = forecasts_.volume_rate(order.instrument, view.time, *order.end_time).value_or(kUnknown);
    context.own_volume = static_cast<double>(view.own_volume.units());
    context.market_volume = static_cast<double>(view.market_volume.units());
    context.stress = {kUnknown, kUnknown, kUnknown};  // needs 20 days of history
    const auto done = finished_orders_.find(order.instrument);
    context.symbol_observations =
        surroundings_.learned_orders(order.instrument) + (done == finished_orders_.end() ? 0 : done->second);
    context.tier_median_p95_bps = surroundings_.tier_median_p95_bps(order.instrument);
    surroundings_.write_inputs(seen(order.side, view, state.volatility_bps), context.inputs);
    return context;
}

Result<void> DeskPolicy::plan(const sim::PolicyView& view, sim::PolicyPlan& plan) {
    clock_.advance_to(view.time);
    State& state = states_[view.parent];
    SLIPCAST_TRY(decision, desk_.step(context_of(view, state)));
    state.is_open =
        state.is_open || (decision.reason != desk::Reason::no_room && decision.reason != desk::Reason::bad_context);
    plan.next = std::max<Duration>(decision.interval, std::chrono::milliseconds{1});
    if (decision.action != desk::Action::trade) return {};
    const auto add = [&](std::int64_t units, std::optional<std::size_t> venue) {
        if (units <= 0) return;
        plan.children.push_back({.quantity = Quantity::from_units(units),
                                 .limit = decision.price,
                                 .rests = decision.tactic == desk::Tactic::passive,
                                 .dark = venue});
    };
    for (std::size_t i = 0; i < decision.dark.size; ++i) add(decision.dark.values[i], i);
    add(decision.lit, std::nullopt);
    return {};
}

Result<void> DeskPolicy::ended(const sim::PolicyEnd& end) {
    clock_.advance_to(end.time);
    desk::Outcome outcome;
    outcome.time = end.time;
    outcome.order = end.parent + 1;
    outcome.kind = end.is_rejected ? desk::OutcomeKind::rejected : desk::OutcomeKind::filled;
    if (end.dark) outcome.venue = static_cast<std::int32_t>(*end.dark);
    outcome.sent = end.sent.units();
    outcome.filled = end.filled.units();
    return desk_.record(outcome);
}

Result<void> DeskPolicy::finished(const sim::PolicyFinish& finish) {
    clock_.advance_to(finish.time);
    const market::Order& order = parents_[finish.parent].order;
    const State& state = states_[finish.parent];
    if (!state.is_open) return {};  // the desk never took it up
    desk::Outcome outcome;
    outcome.time = finish.time;
    outcome.order = finish.parent + 1;
    outcome.kind = desk::OutcomeKind::finished;
    outcome.cost_bps = kUnknown;
    const double filled = static_cast<double>(finish.filled.units()) / static_cast<double>(order.quantity.units());
    if (filled > 0.0 && state.reference > Price{}) {
        const double reference = state.reference.to_double();
        outcome.cost_bps = static_cast<double>(sign(order.side)) * (finish.average_price - reference) / reference * 1e4;
        outcome.weight = filled;
    }
    outcome.is_complete = finish.filled == order.quantity;
    outcome.is_discretionary = finish.is_cancelled;
    ++finished_orders_[order.instrument];
    return desk_.record(outcome);
}

}  // namespace slipcast::trial
