#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "slipcast/core/packing.hpp"
#include "slipcast/desk/desk.hpp"

// How a desk begins, what it remembers, what it learns.

namespace slipcast::desk {

Desk::Desk(DeskSetup setup)
    : setup_(std::move(setup)),
      guards_(setup_.options.guards),
      slots_(static_cast<std::size_t>(setup_.options.max_orders)) {}

Result<Desk> Desk::create(DeskSetup setup) {
    SLIPCAST_CHECK(setup.options.validate());
    if (setup.challenger && !setup.champion) {
        return Error{ErrorCode::inconsistent, "challenger", "", "must stand beside a champion", {}};
    }
    for (const control::Rule& rule : setup.rules) {
        if (rule.coefficients().Aqx.size() <= kMaxSignals) continue;
        return invalid_value("rules", std::to_string(rule.coefficients().Aqx.size()), "must have at most 8 signals");
    }
    Desk desk(std::move(setup));
    if (desk.setup_.champion) {
        SLIPCAST_TRY(models, Models::create(*desk.setup_.champion, desk.setup_.challenger, desk.setup_.online,
                                            forecast_levels(desk.setup_.options.objective.tail_quantile)));
        SLIPCAST_CHECK(desk.use_models(std::move(models)));
    }
    SLIPCAST_CHECK(desk.make_split_ready());
    return desk;
}

Result<void> Desk::use_models(Models models) {
    models_.emplace(std::move(models));
    where_ = CandidateInputs(models_->champion().model(), models_->champion().predictor());
    return {};
}

Result<void> Desk::make_split_ready() {
    if (!setup_.router) return {};
    const std::size_t venues = setup_.router->venues();
    if (venues > kMaxVenues) return invalid_value("router", std::to_string(venues), "must have at most 16 venues");
    std::vector<venue::VenueTerms> terms;
    for (std::size_t i = 0; i < venues; ++i) terms.push_back({.liquidity = setup_.router->belief(i).optimistic()});
    SLIPCAST_TRY(allocator, venue::Allocator::create(std::move(terms),
                                                     {.reservation_value = setup_.options.sizing.least_dark_chance}));
    allocator_.emplace(std::move(allocator));
    // Makes its room on its first call.
    return allocator_->allocate(1, split_);
}

// A belief changes only with an outcome: asking it makes room, which a step must not.
void Desk::refresh_split(std::size_t venue) {
    allocator_->replace(venue, setup_.router->belief(venue).optimistic());
}

Desk::Slot* Desk::find(std::uint64_t order) {
    const auto found = std::find_if(slots_.begin(), slots_.end(),
                                    [order](const Slot& slot) { return slot.is_used && slot.order == order; });
    return found == slots_.end() ? nullptr : &*found;
}

Desk::Slot* Desk::open(const Context& context) {
    Slot* slot = find(context.order);
    if (slot == nullptr) {
        const auto free = std::find_if(slots_.begin(), slots_.end(), [](const Slot& each) { return !each.is_used; });
        if (free == slots_.end()) return nullptr;
        slot = &*free;
        *slot = {};
        slot->is_used = true;
        slot->order = context.order;
        slot->kind = context.kind;
        slot->side = context.side;
    }
    slot->lot = context.lot;
    return slot;
}

std::size_t Desk::open_orders() const {
    return static_cast<std::size_t>(
        std::count_if(slots_.begin(), slots_.end(), [](const Slot& slot) { return slot.is_used; }));
}

namespace {

/// What cannot have happened, and what would ruin a model: refused before anything is counted or learned.
Result<void> check(const Outcome& outcome, std::size_t venues) {
    if (outcome.sent < 0) return invalid_value("sent", std::to_string(outcome.sent), "must be >= 0");
    if (outcome.filled < 0 || outcome.filled > outcome.sent) {
        return invalid_value("filled", std::to_string(outcome.filled), "must be 0 to what was sent");
    }
    if (outcome.venue < -1 || outcome.venue >= static_cast<std::int64_t>(venues)) {
        return invalid_value("venue", std::to_string(outcome.venue), "must be one of the router's, or -1: lit");
    }
    if (outcome.kind != OutcomeKind::finished) return {};
    if (!(outcome.weight >= 0.0 && outcome.weight <= 1.0)) {
        return invalid_value("weight", fmt::format("{}", outcome.weight), "must be 0 to 1: the filled fraction");
    }
    if (std::abs(outcome.cost_bps) > kMaxCostBps) {
        return invalid_value("cost_bps", fmt::format("{}", outcome.cost_bps),
                             "must be at most a million either way; NaN = unknown");
    }
    return {};
}

}  // namespace

Result<void> Desk::record(const Outcome& outcome, Lesson* lesson) {
    Lesson untold;
    Lesson& made = lesson != nullptr ? *lesson : untold;
    made = {.taken = Taken::refused, .scores = {}};
    Slot* slot = find(outcome.order);
    if (slot == nullptr) {
        return Error{ErrorCode::not_found, "order", std::to_string(outcome.order), "must have had a step", {}};
    }
    SLIPCAST_CHECK(check(outcome, setup_.router ? setup_.router->venues() : 0));
    if (outcome.kind == OutcomeKind::rejected) guards_.rejected(outcome.time);
    if (outcome.kind == OutcomeKind::filled) SLIPCAST_CHECK(observe(outcome, slot->lot));
    made.taken = Taken::whole;
    if (outcome.kind != OutcomeKind::finished) return {};
    slot->is_used = false;
    if (!models_ || !slot->has_forecast) return {};
    Result<void> learned =
        models_->learn({slot->inputs.values.data(), slot->inputs.size}, slot->made, outcome, made.scores);
    if (!learned) made.taken = Taken::not_learned;
    return learned;
}

/// What a dark venue filled of what was sent to it.
Result<void> Desk::observe(const Outcome& outcome, std::int64_t lot) {
    if (outcome.venue < 0 || outcome.sent == 0) return {};
    const auto at = static_cast<std::size_t>(outcome.venue);
    SLIPCAST_CHECK(setup_.router->observe(at, {.sent = outcome.sent / lot, .filled = outcome.filled / lot}));
    refresh_split(at);
    return {};
}

Result<void> Desk::promote() {
    if (!models_) return Error{ErrorCode::not_found, "challenger", "", "must be there to be promoted", {}};
    SLIPCAST_CHECK(models_->promote());
    swap_forecasts();
    return {};
}

// What a model forecast for an open order stays its own when it changes its seat.
void Desk::swap_forecasts() {
    for (Slot& slot : slots_) std::swap(slot.made.front(), slot.made.back());
}

namespace {

void put(Packer& packer, const std::vector<std::int64_t>& values) {
    packer.put(static_cast<std::uint64_t>(values.size()));
    for (const std::int64_t each : values) packer.put(each);
}
std::vector<std::int64_t> integers(Unpacker& unpacker) {
    std::vector<std::int64_t> values(unpacker.count());
    for (std::int64_t& each : values) each = unpacker.integer();
    return values;
}
template <std::size_t kRoom>
void put(Packer& packer, const Few<double, kRoom>& list) {
    packer.put(static_cast<std::uint64_t>(list.size));
    for (std::size_t i = 0; i < list.size; ++i) packer.put(list.values[i]);
}
template <std::size_t kRoom>
void get(Unpacker& unpacker, Few<double, kRoom>& list) {
    list.size = static_cast<std::uint32_t>(std::min(unpacker.count(), kRoom));
    for (std::size_t i = 0; i < list.size; ++i) list.values[i] = unpacker.real();
}

}  // namespace

std::string Desk::save() const {
    Packer packer;
    packer.put(models_ ? models_->save() : std::string{});
    packer.put(setup_.router ? setup_.router->save() : std::string{});
    const Guards::State guards = guards_.state();
    put(packer, guards.messages);
    put(packer, guards.rejects);
    for (const DayNotional& each : guards.days) {
        packer.put(std::int64_t{each.day});
        packer.put(each.notional);
    }
    packer.put(std::uint64_t{guards.is_killed});
    packer.put(static_cast<std::uint64_t>(open_orders()));
    for (const Slot& slot : slots_) {
        if (!slot.is_used) continue;
        packer.put(slot.order);
        packer.put(slot.steps);
        packer.put(slot.lot);
        packer.put(static_cast<std::uint64_t>(slot.kind));
        packer.put(std::uint64_t{slot.side == Side::buy});
        packer.put(slot.outermost.units());
        packer.put(std::uint64_t{slot.is_stressed});
        packer.put(std::uint64_t{slot.has_forecast});
        put(packer, slot.inputs);
        for (const auto& made : slot.made) put(packer, made);
    }
    return packer.take();
}

Result<void> Desk::roll_back(std::string_view state) {
    if (!models_ && !setup_.router) {
        return Error{ErrorCode::not_found, "champion", "", "must be there to be rolled back", {}};
    }
    Unpacker unpacker(state);
    const std::string_view models = unpacker.text();
    return take_learned(models, unpacker.text());
}

// Both or nothing.
Result<void> Desk::take_learned(std::string_view models, std::string_view router) {
    const Error other{ErrorCode::inconsistent, "state", "", "must be of a desk of the same setup", {}};
    if (models.empty() != !models_ || router.empty() != !setup_.router) return other;
    std::optional<Models> learned;
    if (models_) {
        SLIPCAST_TRY(restored, Models::restore(models, forecast_levels(setup_.options.objective.tail_quantile)));
        learned.emplace(std::move(restored));
    }
    if (setup_.router) {
        SLIPCAST_TRY(restored, venue::Router::restore(router));
        if (restored.venues() != setup_.router->venues()) return other;
        setup_.router.emplace(std::move(restored));
        for (std::size_t i = 0; i < setup_.router->venues(); ++i) refresh_split(i);
    }
    if (!learned) return {};
    const std::uint64_t leads = learned->champion_version().digest;
    if (leads != models_->champion_version().digest && leads == models_->challenger_version().digest) swap_forecasts();
    return use_models(std::move(*learned));
}

Result<void> Desk::restore(std::string_view state) {
    Unpacker unpacker(state);
    const std::string_view models = unpacker.text(), router = unpacker.text();
    Guards::State guards;
    guards.messages = integers(unpacker);
    guards.rejects = integers(unpacker);
    for (DayNotional& each : guards.days) {
        each.day = static_cast<std::int32_t>(unpacker.integer());
        each.notional = unpacker.real();
    }
    guards.is_killed = unpacker.number() != 0;
    std::vector<Slot> slots(slots_.size());
    const std::size_t open = std::min(unpacker.count(), slots.size());
    for (std::size_t i = 0; i < open; ++i) {
        Slot& slot = slots[i];
        slot.is_used = true;
        slot.order = unpacker.number();
        slot.steps = unpacker.number();
        slot.lot = unpacker.integer();
        slot.kind = unpacker.number() == 0 ? market::OrderKind::work : market::OrderKind::target;
        slot.side = unpacker.number() != 0 ? Side::buy : Side::sell;
        slot.outermost = Price::from_units(unpacker.integer());
        slot.is_stressed = unpacker.number() != 0;
        slot.has_forecast = unpacker.number() != 0;
        get(unpacker, slot.inputs);
        for (auto& made : slot.made) get(unpacker, made);
    }
    SLIPCAST_CHECK(unpacker.finish());
    SLIPCAST_CHECK(take_learned(models, router));
    guards_.restore(guards);
    slots_ = std::move(slots);
    return {};
}

}  // namespace slipcast::desk
