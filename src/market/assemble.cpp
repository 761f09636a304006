#include <algorithm>
#include <map>

#include "assembly.hpp"
#include "row_rules.hpp"
#include "slipcast/market/audit.hpp"
#include "slipcast/market/corrections.hpp"

namespace slipcast::market {

namespace detail {

namespace {

Error unknown(const char* field, std::string_view value, const char* rule) {
    return Error{ErrorCode::not_found, field, std::string(value), rule, {}};
}

Error duplicate(const char* field, std::string_view value) {
    return Error{ErrorCode::inconsistent, field, std::string(value), "must be used once (the first row stays)", {}};
}

Error empty(const char* field) {
    return Error{ErrorCode::missing_field, field, "", "must not be empty", {}};
}

constexpr const char* kInstrumentRule = "must name an accepted row of instruments";
constexpr const char* kOrderRule = "must name an accepted row of orders";
constexpr const char* kPlacementRule = "must name an accepted row of placements";

}  // namespace

Assembly::Assembly(DatasetDraft draft)
    : draft_(std::move(draft)),
      instruments_("instruments", draft_.instruments, draft_.files),
      sessions_("sessions", draft_.sessions, draft_.files),
      orders_("orders", draft_.orders, draft_.files),
      order_events_("order_events", draft_.order_events, draft_.files),
      placements_("placements", draft_.placements, draft_.files),
      fills_("fills", draft_.fills, draft_.files),
      fill_events_("fill_events", draft_.fill_events, draft_.files),
      events_("events", draft_.events, draft_.files),
      fx_("fx", draft_.fx, draft_.files),
      actions_("corporate_actions", draft_.corporate_actions, draft_.files),
      is_busted_(draft_.fills.rows.size(), false) {
    out_.names = std::move(draft_.names);
    out_.quality = std::move(draft_.quality);
    out_.provenance = std::move(draft_.provenance);
    out_.tape = draft_.tape;
}

bool Assembly::has_instrument(InstrumentId id) const {
    const auto index = static_cast<std::size_t>(id.index());
    return !id.is_none() && index < out_.instruments.size() && !out_.instruments[index].id.is_none();
}

const Instrument& Assembly::instrument_at(InstrumentId id, Timestamp time) const {
    const Instrument* of_day = out_.instrument_on(id, Date::of_utc(time));
    return of_day != nullptr ? *of_day : out_.instrument(id);
}

const Order* Assembly::order_of(OrderId id) const {
    const std::int32_t row = order_rows_.find(id);
    return row < 0 ? nullptr : &draft_.orders.rows[static_cast<std::size_t>(row)];
}

const Instrument* Assembly::instrument_of(OrderId id) const {
    const Order* order = order_of(id);
    return order == nullptr ? nullptr : &out_.instrument(order->instrument);
}

void Assembly::accept_orders() {
    for (std::size_t row = 0; row < draft_.orders.rows.size(); ++row) {
        const Order& order = draft_.orders.rows[row];
        const std::optional<Timestamp> time = life_begin(order);
        if (order.id.is_none()) {
            orders_.quarantine(row, empty("order_id"), time);
        } else if (!has_instrument(order.instrument)) {
            orders_.quarantine(row, unknown("symbol", out_.names.symbols.name(order.instrument), kInstrumentRule),
                               time);
        } else if (auto broken = broken_rule(order, out_.instrument(order.instrument))) {
            orders_.quarantine(row, std::move(*broken), time);
        } else if (!order_rows_.insert(order.id, row)) {
            orders_.quarantine(row, duplicate("order_id", out_.names.orders.name(order.id)), time);
        }
    }
}

void Assembly::accept_fills() {
    SLIPCAST_ASSERT(draft_.fill_origins.empty() || draft_.fill_origins.size() == draft_.fills.rows.size(),
                    "one origin a fill, or none");
    for (std::size_t row = 0; row < draft_.fills.rows.size(); ++row) {
        const Fill& fill = draft_.fills.rows[row];
        const FillOrigin origin = draft_.fill_origins.empty() ? FillOrigin{} : draft_.fill_origins[row];
        const Order* order = order_of(fill.order);
        const InstrumentId instrument = order != nullptr ? order->instrument : origin.instrument;
        const std::string_view order_name = out_.names.orders.name(fill.order);
        if (fill.id.is_none() || fill.order.is_none()) {
            fills_.quarantine(row, empty(fill.id.is_none() ? "fill_id" : "order_id"), fill.time);
        } else if (draft_.orders.present && order == nullptr) {
            fills_.quarantine(row, unknown("order_id", order_name, kOrderRule), fill.time);
        } else if (order == nullptr && (origin.instrument.is_none() || !origin.side)) {
            fills_.quarantine(row,
                              Error{ErrorCode::missing_field,
                                    origin.side ? "symbol" : "side",
                                    "",
                                    "without an orders table a fill must carry symbol and side",
                                    {}},
                              fill.time);
        } else if (!has_instrument(instrument)) {
            fills_.quarantine(row, unknown("symbol", out_.names.symbols.name(instrument), kInstrumentRule), fill.time);
        } else if (order != nullptr && ((!origin.instrument.is_none() && origin.instrument != instrument) ||
                                        (origin.side && *origin.side != order->side))) {
            fills_.quarantine(row,
                              Error{ErrorCode::inconsistent,
                                    "order_id",
                                    std::string(order_name),
                                    "symbol and side must be those of the order",
                                    {}},
                              fill.time);
        } else if (auto broken = broken_rule(fill, out_.instrument(instrument))) {
            fills_.quarantine(row, std::move(*broken), fill.time);
        } else if (!fill_rows_.insert(fill.id, row)) {
            fills_.quarantine(row, duplicate("fill_id", out_.names.fills.name(fill.id)), fill.time);
        }
    }
}

void Assembly::correct_fills() {
    const auto instrument_of_fill = [&](std::size_t row) -> const Instrument& {
        const Instrument* instrument = instrument_of(draft_.fills.rows[row].order);
        return instrument != nullptr ? *instrument : out_.instrument(draft_.fill_origins[row].instrument);
    };
    std::vector<FillEvent> events;
    std::vector<std::size_t> event_rows;
    for (std::size_t row = 0; row < draft_.fill_events.rows.size(); ++row) {
        const FillEvent& event = draft_.fill_events.rows[row];
        if (const std::int32_t fill = fill_rows_.find(event.fill); fill < 0) {
            fill_events_.quarantine(
                row, unknown("fill_id", out_.names.fills.name(event.fill), "must name an accepted row of fills"),
                event.time);
        } else if (auto broken = broken_rule(event, instrument_of_fill(static_cast<std::size_t>(fill)))) {
            fill_events_.quarantine(row, std::move(*broken), event.time);
        } else {
            events.push_back(event);
            event_rows.push_back(row);
        }
    }
    if (events.empty()) return;

    std::vector<Fill> fills;
    std::vector<std::size_t> rows;
    for (std::size_t row = 0; row < draft_.fills.rows.size(); ++row) {
        if (!fills_.is_accepted(row)) continue;
        fills.push_back(draft_.fills.rows[row]);
        rows.push_back(row);
    }
    const CorrectionOutcome outcome = apply_corrections(fills, events);
    for (const auto& [event, error] : outcome.refused) {
        Error named = error;
        if (named.value.empty()) named.value = std::string(out_.names.fills.name(events[event].fill));
        fill_events_.quarantine(event_rows[event], std::move(named), events[event].time);
    }
    std::vector<bool> is_refused(events.size(), false);
    for (const auto& refusal : outcome.refused) is_refused[refusal.event] = true;
    for (std::size_t event = 0; event < events.size(); ++event) {
        if (is_refused[event]) continue;
        const auto row = static_cast<std::size_t>(fill_rows_.find(events[event].fill));
        first_reports_.emplace(row, draft_.fills.rows[row]);
    }
    for (std::size_t i = 0; i < rows.size(); ++i) {
        draft_.fills.rows[rows[i]] = fills[i];
        if (auto broken = broken_rule(fills[i], instrument_of_fill(rows[i]))) {
            fills_.quarantine(rows[i], std::move(*broken), fills[i].time);
        }
    }
    for (const std::size_t fill : outcome.busted) {
        is_busted_[rows[fill]] = true;
        fills_.flag(rows[fill],
                    Error{ErrorCode::inconsistent,
                          "fill_id",
                          std::string(out_.names.fills.name(fills[fill].id)),
                          "busted: taken out of every metric",
                          {}},
                    fills[fill].time);
    }
}

void Assembly::derive_orders() {
    if (draft_.orders.present) return;
    for (std::size_t row = 0; row < draft_.fills.rows.size(); ++row) {
        if (!fills_.is_accepted(row) || is_busted_[row]) continue;
        const Fill& fill = draft_.fills.rows[row];
        const FillOrigin& origin = draft_.fill_origins[row];
        if (order_rows_.insert(fill.order, draft_.orders.rows.size())) {
            Order order;
            order.id = fill.order;
            order.instrument = origin.instrument;
            order.side = *origin.side;
            order.derived = true;
            draft_.orders.rows.push_back(order);
        }
        Order& order = draft_.orders.rows[static_cast<std::size_t>(order_rows_.find(fill.order))];
        constexpr std::int64_t kMaxUnits = 1'000'000'000'000'000'000;
        if (order.instrument != origin.instrument || order.side != *origin.side) {
            fills_.quarantine(row,
                              Error{ErrorCode::inconsistent,
                                    "order_id",
                                    std::string(out_.names.orders.name(fill.order)),
                                    "fills with one order_id must share symbol and side",
                                    {}},
                              fill.time);
        } else if (order.quantity.units() > kMaxUnits - fill.quantity.units()) {
            fills_.quarantine(row,
                              Error{ErrorCode::out_of_range,
                                    "order_id",
                                    std::string(out_.names.orders.name(fill.order)),
                                    "fills with one order_id must sum to at most 1e18 units",
                                    {}},
                              fill.time);
        } else {
            order.quantity += fill.quantity;
        }
    }
}

void Assembly::resolve_placements() {
    for (std::size_t row = 0; row < draft_.placements.rows.size(); ++row) {
        const Placement& placement = draft_.placements.rows[row];
        const Instrument* instrument = instrument_of(placement.order);
        if (placement.id.is_none()) {
            placements_.quarantine(row, empty("placement_id"), placement.sent_time);
        } else if (instrument == nullptr) {
            placements_.quarantine(row, unknown("order_id", out_.names.orders.name(placement.order), kOrderRule),
                                   placement.sent_time);
        } else if (auto broken = broken_rule(placement, *instrument)) {
            placements_.quarantine(row, std::move(*broken), placement.sent_time);
        } else if (!placement_rows_.insert(placement.id, row)) {
            placements_.quarantine(row, duplicate("placement_id", out_.names.placements.name(placement.id)),
                                   placement.sent_time);
        }
    }
    for (std::size_t row = 0; row < draft_.fills.rows.size(); ++row) {
        Fill& fill = draft_.fills.rows[row];
        if (!fills_.is_accepted(row) || fill.placement.is_none()) continue;
        const std::int32_t placement = placement_rows_.find(fill.placement);
        const std::string name(out_.names.placements.name(fill.placement));
        if (placement < 0) {
            if (draft_.placements.present)
                fills_.quarantine(row, unknown("placement_id", name, kPlacementRule), fill.time);
        } else if (draft_.placements.rows[static_cast<std::size_t>(placement)].order != fill.order) {
            fills_.quarantine(row,
                              Error{ErrorCode::inconsistent,
                                    "placement_id",
                                    name,
                                    "a fill and its placement must belong to one order",
                                    {}},
                              fill.time);
        }
    }
}

void Assembly::resolve_order_events() {
    for (std::size_t row = 0; row < draft_.order_events.rows.size(); ++row) {
        const OrderEvent& event = draft_.order_events.rows[row];
        const Instrument* instrument = instrument_of(event.order);
        if (instrument == nullptr) {
            order_events_.quarantine(row, unknown("order_id", out_.names.orders.name(event.order), kOrderRule),
                                     event.time);
        } else if (auto broken = broken_rule(event, *instrument)) {
            order_events_.quarantine(row, std::move(*broken), event.time);
        }
    }
}

Result<Dataset> Assembly::run() {
    accept_instruments();
    accept_sessions();
    accept_market_events();
    accept_fx();
    accept_corporate_actions();
    accept_orders();
    accept_fills();
    correct_fills();
    derive_orders();
    resolve_placements();
    resolve_order_events();
    audit_orders();
    audit_placements();
    flag_similar_labels();
    collect();
    publish();
    const std::vector<Finding>& quarantine = out_.quality.quarantine();
    const std::string first =
        quarantine.empty() ? std::string{} : "; first of the quarantined rows: " + quarantine.front().error.message();
    if (out_.instruments.empty()) {
        return Error{ErrorCode::missing_field, "instruments", "", "must have at least one accepted row" + first, {}};
    }
    // A tape alone is a dataset too: replays work orders against it.
    const bool is_tape_alone = out_.tape && !draft_.orders.present && !draft_.fills.present;
    if (!is_tape_alone && out_.orders.empty() && out_.fills.empty()) {
        return Error{
            ErrorCode::missing_field, "fills", "", "orders or fills must have at least one accepted row" + first, {}};
    }
    note_degradations(draft_, out_);
    return std::move(out_);
}

}  // namespace detail

const Instrument* Dataset::instrument_on(InstrumentId id, Date date) const {
    const auto after = std::partition_point(instrument_days.begin(), instrument_days.end(), [&](const Instrument& day) {
        return day.id < id || (day.id == id && day.as_of <= date);
    });
    if (after == instrument_days.begin() || (after - 1)->id != id) return nullptr;
    return &*(after - 1);
}

Result<Dataset> assemble(DatasetDraft draft) {
    return detail::Assembly(std::move(draft)).run();
}

}  // namespace slipcast::market
