#include "slipcast/desk/desk.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "slipcast/core/random.hpp"

namespace slipcast::desk {

namespace {

double clip_of(Rung rung, const SizingOptions& o) {
    return rung == Rung::green ? 1.0 : rung == Rung::amber ? o.amber_clip : o.red_clip;
}
double patience_of(Rung rung, const SizingOptions& o) {
    return rung == Rung::green ? 1.0 : rung == Rung::amber ? o.amber_patience : o.red_patience;
}
double randomness_of(Rung rung, const SizingOptions& o) {
    return rung == Rung::green ? o.green_randomness : rung == Rung::amber ? o.amber_randomness : o.red_randomness;
}
/// Of the participation that a limit allows.
double cap_factor(const Need& need, const LadderOptions& o) {
    return need.is_cold ? o.cold_start_cap : 1.0;
}
double seconds_of(Duration duration) {
    return static_cast<double>(duration.count()) / 1e9;
}

/// Limit of a child: passive rests at the near touch, everything else takes the far one, never beyond the parent's.
Price price_of(const Context& context, Tactic tactic, Side side) {
    Price price = touch_of(tactic, side, context.bid, context.ask);
    if (context.limit_price > Price{}) {
        price = side == Side::buy ? std::min(price, context.limit_price) : std::max(price, context.limit_price);
    }
    return price;
}

/// The parent's limit is worse than resting at the near touch.
bool is_out_of_reach(const Context& context, Side side) {
    if (context.limit_price == Price{}) return false;
    return side == Side::buy ? context.limit_price < context.bid : context.limit_price > context.ask;
}

/// Chance on a rung stays within the cap: no child above it, and none so small that the rest could not be worked at the
/// cap until the deadline, short of a rounding. `lots` as drawn, for an interval.
double within_cap(double lots, double lot, double interval_s, const Need& need, double participation) {
    const double cap = need.cap * need.volume_rate / lot;  // lots a second
    lots = std::min(lots, cap * interval_s);
    if (need.kind != market::OrderKind::work || participation < need.pace) return lots;
    const double later = cap * (need.horizon_s - interval_s) * (1.0 - 1e-12);
    return std::max(lots, std::ceil(need.quantity / lot - later));
}

bool is_beyond(Price price, Price limit, Side side) {
    return side == Side::buy ? price > limit : price < limit;
}

/// The outermost price of what may still work after the step.
void remember_price(const Decision& decision, Side& side, Price& outermost) {
    if (decision.cancel_working) outermost = Price{};
    if (decision.action != Action::trade) return;
    if (side != decision.side) outermost = Price{};
    side = decision.side;
    if (outermost == Price{} || is_beyond(decision.price, outermost, side)) outermost = decision.price;
}

void wait(Decision& decision, Reason reason) {
    decision.action = Action::wait;
    decision.reason = reason;
    decision.quantity = 0;
}

}  // namespace

Decision Desk::step(const Context& context) {
    Decision decision;
    decision.time = context.time;
    decision.order = context.order;
    decision.side = context.side;
    decision.interval = setup_.options.sizing.interval;
    if (models_) decision.model = models_->champion_version();
    decision.stress = stress_score(context.stress);
    decision.cancel_working = guards_.is_killed();
    decision.field = fault_of(context, find(context.order));
    if (decision.field != ContextField::none) {
        wait(decision, Reason::bad_context);
        return decision;
    }
    guards_.arrive(context.time);
    Slot* slot = open(context);
    if (slot == nullptr) {
        wait(decision, Reason::no_room);
        return decision;
    }
    decision.step = slot->steps++;
    slot->is_stressed = is_stressed(slot->is_stressed, decision.stress, setup_.options.ladder);
    const Need need = need_of(context, decision);
    decide(context, *slot, need, decision);
    decision.cancel_working = must_cancel(context, *slot, decision);
    remember_price(decision, slot->side, slot->outermost);
    return decision;
}

// What works keeps its price and its place: it goes only where nobody would have sent it now.
bool Desk::must_cancel(const Context& context, const Slot& slot, const Decision& decision) const {
    const bool is_late = context.kind == market::OrderKind::work && context.deadline <= context.time;
    const bool is_limited = context.limit_price > Price{} && slot.outermost > Price{};
    return guards_.is_killed() || guards_.is_stale(context.time, context.quote_time) || is_late ||
           decision.reason == Reason::reversing ||
           (is_limited && is_beyond(slot.outermost, context.limit_price, slot.side));
}

Need Desk::need_of(const Context& context, Decision& decision) const {
    Need need;
    need.kind = context.kind;
    need.volume_rate = context.volume_rate;
    need.is_cold = context.symbol_observations < setup_.options.ladder.least_observations;
    need.cap = allowed_participation(setup_.options.guards) * cap_factor(need, setup_.options.ladder);
    if (context.kind == market::OrderKind::work) {
        need.quantity = static_cast<double>(context.quantity - context.filled - context.working);
        need.horizon_s = seconds_of(context.deadline - context.time);
        need.pace = need.quantity / (need.horizon_s * context.volume_rate);
        return need;
    }
    const control::Rule& rule = setup_.rules[static_cast<std::size_t>(context.rule)];
    // What is sent and not ended is taken to fill.
    const double position = context.position + static_cast<double>(context.working) / context.position_units;
    const double trade = rule.decide(position, context.impact_level,
                                     std::span<const double>(context.signals.values.data(), context.signals.size));
    decision.side = trade < 0.0 ? Side::sell : Side::buy;
    const double rate = std::abs(trade) * context.position_units / context.day_seconds;
    need.horizon_s = seconds_of(setup_.options.sizing.interval);
    need.quantity = rate * need.horizon_s;
    need.pace = rate / context.volume_rate;
    return need;
}

void Desk::decide(const Context& context, Slot& slot, const Need& need, Decision& decision) {
    const auto lot = static_cast<double>(context.lot);
    if (context.kind == market::OrderKind::work) {
        if (need.quantity < 1.0) return wait(decision, Reason::all_working);
        if (need.horizon_s <= 0.0) return wait(decision, Reason::past_deadline);
    } else if (!(need.quantity >= lot)) {
        return wait(decision, Reason::at_target);
    } else if (context.working != 0 && (context.working > 0) != (decision.side == Side::buy)) {
        return wait(decision, Reason::reversing);
    }
    const double wish = choose(context, slot, need, decision);
    keep_forecast(context, need, decision, slot);
    size(context, need, wish, decision);
    if (is_out_of_reach(context, decision.side)) return wait(decision, Reason::price_limit);
    guard(context, need, decision);
    if (decision.quantity == 0) return wait(decision, Reason::guard);
    if (decision.ladder.rung == Rung::red && setup_.options.sizing.red_pause) return wait(decision, Reason::paused);
    decision.action = Action::trade;
    split(context, decision);
}

// Returns the share of the volume that the desk would work at on GREEN.
double Desk::choose(const Context& context, const Slot& slot, const Need& need, Decision& decision) {
    const DeskOptions& o = setup_.options;
    const Scoring scoring{.predictor = models_ ? &models_->champion().predictor() : nullptr,
                          .where = where_,
                          .objective = o.objective,
                          .cold_start_uncertainty = o.ladder.cold_start_uncertainty};
    make_plan(need, context.inputs, scoring, plan_);
    // The rung judges what the desk would do were nothing forbidden: the tail of a pace that it would not keep says
    // nothing of it.
    decision.chosen = wished(plan_);
    const Forecast& judged = plan_.forecasts[decision.chosen];
    decision.ladder = ladder({.p95_bps = judged.p95,
                              .tier_median_p95_bps = context.tier_median_p95_bps,
                              .epistemic_sd_bps = judged.epistemic_sd,
                              .aleatoric_sd_bps = judged.aleatoric_sd,
                              .symbol_observations = context.symbol_observations,
                              .is_stressed = slot.is_stressed,
                              .portfolio = context.portfolio},
                             o.ladder);
    const Rung rung = decision.ladder.rung;
    double wish = plan_.candidates.values[decision.chosen].participation;
    if (!plan_.is_confident) wish = std::min(wish, o.sizing.fallback_participation);
    const double limit = rung_limit(need, wish, clip_of(rung, o.sizing) / patience_of(rung, o.sizing));
    if (plan_.is_confident && rung != Rung::green) {
        decision.chosen = chosen_within(limit, need, context.inputs, scoring, plan_);
    }
    decision.candidates = plan_.candidates;
    decision.forecast = plan_.forecasts[decision.chosen];
    const Candidate& best = plan_.candidates.values[decision.chosen];
    decision.reason = plan_.is_confident ? Reason::best_score : Reason::fallback;
    decision.tactic = best.tactic;
    decision.participation = plan_.is_confident ? best.participation : limit;
    return wish;
}

// The first forecast of a parent is the one that its outcome is compared with.
void Desk::keep_forecast(const Context& context, const Need& need, const Decision& decision, Slot& slot) {
    if (slot.has_forecast || decision.reason == Reason::fallback) return;
    slot.inputs = context.inputs;
    double duration = need.quantity / (decision.participation * need.volume_rate);
    if (need.kind == market::OrderKind::work) duration = std::min(duration, need.horizon_s);
    where_.write(slot.inputs, decision.tactic, decision.participation, duration, need.quantity);
    models_->forecast({slot.inputs.values.data(), slot.inputs.size}, slot.made);
    slot.has_forecast = true;
}

void Desk::size(const Context& context, const Need& need, double wish, Decision& decision) const {
    const SizingOptions& o = setup_.options.sizing;
    const Rung rung = decision.ladder.rung;
    const bool is_work = need.kind == market::OrderKind::work;
    const auto lot = static_cast<double>(context.lot);
    RandomStream stream(setup_.options.seed, "desk.child", context.order);
    stream.seek(2 * decision.step);
    const double width = randomness_of(rung, o);
    const double vary_size = 1.0 + width * (2.0 * stream.next_uniform() - 1.0);
    const double vary_time = 1.0 + width * (2.0 * stream.next_uniform() - 1.0);
    // The speed is settled: a longer interval makes a larger child. So patience goes as far as the child stays within
    // the rung's part of the one that would go on GREEN, which is never less than a lot.
    const double green_s = seconds_of(o.interval);
    const double speed = decision.participation * need.volume_rate;
    const double most_units = std::max(clip_of(rung, o) * wish * need.volume_rate * green_s, lot);
    const double base_s = green_s * std::clamp(most_units / (speed * green_s), 1.0, patience_of(rung, o));
    double interval_s = base_s * vary_time;
    if (is_work) interval_s = std::min(interval_s, need.horizon_s);
    decision.interval = Duration{static_cast<std::int64_t>(interval_s * 1e9)};
    // The last child before a deadline carries all that its participation allows: what it left out could not follow.
    const bool is_last = is_work && interval_s >= need.horizon_s;
    double units = speed * (is_last ? need.horizon_s : is_work ? std::min(base_s, need.horizon_s) : base_s);
    if (!is_last) units *= vary_size;
    if (is_work) units = std::min(units, need.quantity);
    // A pace is a quotient: times what it was divided by it may come out a rounding short.
    double lots = std::min(units / lot * (1.0 + 1e-9), static_cast<double>(kMaxQuantity) / lot);
    if (rung != Rung::green) lots = within_cap(lots, lot, interval_s, need, decision.participation);
    // Below one lot the smallest child still goes, else a slow order would never start.
    decision.quantity = std::max<std::int64_t>(1, static_cast<std::int64_t>(lots)) * context.lot;
    // Less than a lot that would be left alone goes with the child.
    const double left = need.quantity - static_cast<double>(decision.quantity);
    if (need.kind == market::OrderKind::work && left < lot) {
        decision.quantity = static_cast<std::int64_t>(need.quantity);
    }
    decision.price = price_of(context, decision.tactic, decision.side);
}

void Desk::guard(const Context& context, const Need& need, Decision& decision) {
    Child child;
    child.time = context.time;
    child.quote_time = context.quote_time;
    child.bid = context.bid;
    child.ask = context.ask;
    child.side = decision.side;
    child.price = decision.price;
    child.reference = context.reference;
    child.quantity = decision.quantity;
    child.lot = context.lot;
    child.unit_value = context.unit_value;
    child.own_volume = context.own_volume + std::abs(static_cast<double>(context.working));
    child.market_volume = context.market_volume + context.volume_rate * seconds_of(decision.interval);
    child.participation_cap = setup_.options.guards.participation * cap_factor(need, setup_.options.ladder);
    const GuardVerdict verdict = guards_.check(child);
    decision.guards = verdict.readings;
    decision.binding = verdict.binding;
    decision.quantity = verdict.quantity;
}

// Lots go dark where the optimistic end of what is believed fills them with at least the chance asked for; a probe
// keeps a venue that was given up from staying unknown.
void Desk::split(const Context& context, Decision& decision) {
    decision.lit = decision.quantity;
    int messages = 1;  // the lit child
    const auto venues = setup_.router ? setup_.router->venues() : 0;
    const bool has_room = guards_.message_room(context.time) > 2 * static_cast<int>(venues);
    if (venues > 0 && has_room) {
        const std::int64_t lots = std::min(decision.quantity / context.lot, setup_.router->max_order());
        if (allocator_->allocate(lots, split_)) {
            decision.dark.size = static_cast<std::uint32_t>(venues);
            for (std::size_t i = 0; i < venues; ++i) decision.dark.values[i] = split_.quantity[i] * context.lot;
            for (std::size_t i = 0; i < venues; ++i) decision.lit -= decision.dark.values[i];
            probe(context, venues, decision);
        }
        // One to the dark venue and one for what comes back from it.
        for (std::size_t i = 0; i < decision.dark.size; ++i) messages += decision.dark.values[i] > 0 ? 2 : 0;
    }
    guards_.sent(context.time, messages,
                 static_cast<double>(decision.quantity) * decision.price.to_double() * context.unit_value);
}

void Desk::probe(const Context& context, std::size_t venues, Decision& decision) const {
    RandomStream stream(setup_.options.seed, "desk.probe", context.order);
    stream.seek(2 * decision.step);
    const bool is_probing = stream.next_uniform() < setup_.options.sizing.dark_probe;
    const auto drawn = static_cast<std::size_t>(stream.next_uniform() * static_cast<double>(venues));
    if (!is_probing || decision.lit < context.lot || decision.dark.values[drawn] > 0) return;
    decision.dark.values[drawn] = context.lot;
    decision.lit -= context.lot;
}

}  // namespace slipcast::desk
