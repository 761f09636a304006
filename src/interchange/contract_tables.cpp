#include <algorithm>
#include <cmath>
#include <set>

#include "contract_table.hpp"
#include "slipcast/core/decimal.hpp"
#include "slipcast/interchange/encode.hpp"
#include "vocabulary.hpp"

namespace slipcast::interchange {

using namespace market;

namespace {

using detail::ContractTable;

template <typename Rows>
constexpr auto kRequired = ContractTable<Rows>::Presence::required;
template <typename Rows>
constexpr auto kOptional = ContractTable<Rows>::Presence::optional;

std::optional<std::int64_t> units(const std::optional<Price>& price) {
    return price ? std::optional(price->units()) : std::nullopt;
}
std::optional<std::int64_t> units(const std::optional<Quantity>& quantity) {
    return quantity ? std::optional(quantity->units()) : std::nullopt;
}

template <typename Enumeration, std::size_t kCount>
const char* text(const char* const (&names)[kCount], Enumeration value) {
    return names[static_cast<std::size_t>(value)];
}

/// The basis points that decoding turns into exactly this volatility; the nearest ones when there are none.
double volatility_bps(DailyVolatility volatility) {
    const double nearest = volatility.bps_per_sqrt_day().value();
    for (const double bps : {nearest, std::nextafter(nearest, 0.0), std::nextafter(nearest, nearest * 2.0)}) {
        if (Bps{bps}.to_ratio() == volatility.per_sqrt_day()) return bps;
    }
    return nearest;
}

Table instruments_table(const Dataset& dataset) {
    using Rows = std::vector<Instrument>;
    const NamePool<LabelId>& labels = dataset.names.labels;
    ContractTable<Rows> builder("instruments", dataset.instrument_days);
    builder.labels("symbol", kRequired<Rows>, [&](const Instrument& i) { return dataset.names.symbols.name(i.id); })
        .labels("market", kRequired<Rows>, [&](const Instrument& i) { return labels.name(i.market); })
        .labels("currency", kRequired<Rows>, [](const Instrument& i) { return std::string(i.value.currency().code()); })
        .integers("tick_size", "1e-9", kRequired<Rows>,
                  [](const Instrument& i) { return std::optional(i.tick_size.units()); })
        .integers("lot_size", "units", kRequired<Rows>,
                  [](const Instrument& i) { return std::optional(i.lot_size.units()); })
        .integers("quantity_scale", "digits", kRequired<Rows>,
                  [](const Instrument& i) { return std::optional(std::int64_t{i.value.quantity_decimals()}); })
        .labels("multiplier", kRequired<Rows>,
                [](const Instrument& i) {
                    return format_decimal(i.value.factor(), kPriceDecimals - i.value.quantity_decimals());
                })
        .labels("as_of", kRequired<Rows>, [](const Instrument& i) { return i.as_of.to_string(); })
        .labels("sector", kOptional<Rows>, [&](const Instrument& i) { return labels.name(i.sector); })
        .labels("market_bucket", kOptional<Rows>, [&](const Instrument& i) { return labels.name(i.market_bucket); })
        .labels("liquidity_tier", kOptional<Rows>, [&](const Instrument& i) { return labels.name(i.liquidity_tier); })
        .labels("cap_bucket", kOptional<Rows>, [&](const Instrument& i) { return labels.name(i.cap_bucket); })
        .labels("contract_kind", kRequired<Rows>,
                [](const Instrument& i) { return text(detail::kContractKinds, i.kind); })
        .labels("expiry", kOptional<Rows>,
                [](const Instrument& i) { return i.expiry ? i.expiry->to_string() : std::string{}; })
        .labels("front_month", kOptional<Rows>,
                [](const Instrument& i) { return i.front_month ? (*i.front_month ? "true" : "false") : ""; })
        .reals("adv", "units/day", [](const Instrument& i) { return i.adv; })
        .reals("daily_volatility", "bps", [](const Instrument& i) {
            return i.daily_volatility ? std::optional(volatility_bps(*i.daily_volatility)) : std::nullopt;
        });
    return builder.take();
}

Table sessions_table(const Dataset& dataset) {
    using Rows = std::vector<Session>;
    ContractTable<Rows> builder("sessions", dataset.sessions.all());
    builder.labels("market", kRequired<Rows>, [&](const Session& s) { return dataset.names.labels.name(s.market); })
        .labels("date", kRequired<Rows>, [](const Session& s) { return s.date.to_string(); })
        .times("open", kRequired<Rows>, [](const Session& s) { return std::optional(s.open); })
        .times("close", kRequired<Rows>, [](const Session& s) { return std::optional(s.close); })
        .times("opening_auction", kOptional<Rows>, [](const Session& s) { return s.opening_auction; })
        .times("closing_auction", kOptional<Rows>, [](const Session& s) { return s.closing_auction; })
        .values("half_day", "", [](const Session& s) { return s.half_day; });
    return builder.take();
}

Table orders_table(const Dataset& dataset) {
    using Rows = std::vector<Order>;
    ContractTable<Rows> builder("orders", dataset.orders);
    builder.texts("order_id", kRequired<Rows>, [&](const Order& o) { return dataset.names.orders.name(o.id); })
        .labels("symbol", kRequired<Rows>, [&](const Order& o) { return dataset.names.symbols.name(o.instrument); })
        .integers("side", "", kRequired<Rows>, [](const Order& o) { return std::optional(sign(o.side)); })
        .integers("quantity", "units", kRequired<Rows>,
                  [](const Order& o) { return std::optional(o.quantity.units()); })
        .times("decision_time", kOptional<Rows>, [](const Order& o) { return o.decision_time; })
        .integers("decision_price", "1e-9", kOptional<Rows>, [](const Order& o) { return units(o.decision_price); })
        .times("desk_arrival_time", kOptional<Rows>, [](const Order& o) { return o.desk_arrival_time; })
        .times("arrival_time", kOptional<Rows>, [](const Order& o) { return o.arrival_time; })
        .times("broker_arrival_time", kOptional<Rows>, [](const Order& o) { return o.broker_arrival_time; })
        .times("end_time", kOptional<Rows>, [](const Order& o) { return o.end_time; })
        .integers("limit_price", "1e-9", kOptional<Rows>, [](const Order& o) { return units(o.limit_price); })
        .labels("kind", kRequired<Rows>, [](const Order& o) { return text(detail::kOrderKinds, o.kind); })
        .reals(
            "expected_alpha", "bps",
            [](const Order& o) { return o.expected_alpha ? std::optional(o.expected_alpha->value()) : std::nullopt; })
        .integers("alpha_half_life", "ns", kOptional<Rows>,
                  [](const Order& o) {
                      return o.alpha_half_life ? std::optional(std::int64_t{o.alpha_half_life->count()}) : std::nullopt;
                  })
        .reals("min_completion", "", [](const Order& o) { return o.min_completion; })
        .reals("max_participation", "", [](const Order& o) { return o.max_participation; })
        .reals("assignment_probability", "", [](const Order& o) { return o.assignment_probability; })
        .values("private", "", [](const Order& o) { return o.is_private; })
        .values("critical", "", [](const Order& o) { return o.critical; });
    const std::pair<const char*, LabelId Order::*> labels[] = {
        {"basket_id", &Order::basket}, {"benchmark", &Order::benchmark}, {"algo", &Order::algo},
        {"tactic", &Order::tactic},    {"urgency", &Order::urgency},     {"broker", &Order::broker},
        {"trader", &Order::trader},    {"client", &Order::client},       {"wheel_arm", &Order::wheel_arm}};
    for (const auto& [column, member] : labels) {
        builder.labels(column, kOptional<Rows>,
                       [&, label = member](const Order& o) { return dataset.names.labels.name(o.*label); });
    }
    return builder.take();
}

Table order_events_table(const Dataset& dataset) {
    using Rows = std::vector<OrderEvent>;
    ContractTable<Rows> builder("order_events", dataset.order_events);
    builder.texts("order_id", kRequired<Rows>, [&](const OrderEvent& e) { return dataset.names.orders.name(e.order); })
        .times("time", kRequired<Rows>, [](const OrderEvent& e) { return std::optional(e.time); })
        .labels("event", kRequired<Rows>, [](const OrderEvent& e) { return text(detail::kOrderEvents, e.kind); })
        .integers("quantity", "units", kOptional<Rows>, [](const OrderEvent& e) { return units(e.quantity); })
        .integers("limit_price", "1e-9", kOptional<Rows>, [](const OrderEvent& e) { return units(e.limit_price); })
        .times("end_time", kOptional<Rows>, [](const OrderEvent& e) { return e.end_time; });
    return builder.take();
}

Table placements_table(const Dataset& dataset) {
    using Rows = std::vector<Placement>;
    const Names& names = dataset.names;
    ContractTable<Rows> builder("placements", dataset.placements);
    builder.texts("placement_id", kRequired<Rows>, [&](const Placement& p) { return names.placements.name(p.id); })
        .texts("order_id", kRequired<Rows>, [&](const Placement& p) { return names.orders.name(p.order); })
        .labels("venue", kRequired<Rows>, [&](const Placement& p) { return names.venues.name(p.venue); })
        .integers("quantity", "units", kRequired<Rows>,
                  [](const Placement& p) { return std::optional(p.quantity.units()); })
        .times("sent_time", kRequired<Rows>, [](const Placement& p) { return std::optional(p.sent_time); })
        .times("done_time", kRequired<Rows>, [](const Placement& p) { return std::optional(p.done_time); })
        .labels("end", kRequired<Rows>, [](const Placement& p) { return text(detail::kPlacementEnds, p.end); })
        .integers("filled_quantity", "units", kRequired<Rows>,
                  [](const Placement& p) { return std::optional(p.filled_quantity.units()); })
        .labels("venue_kind", kRequired<Rows>,
                [](const Placement& p) { return text(detail::kVenueKinds, p.venue_kind); })
        .labels("order_type", kOptional<Rows>, [&](const Placement& p) { return names.labels.name(p.order_type); })
        .integers("limit_price", "1e-9", kOptional<Rows>, [](const Placement& p) { return units(p.limit_price); })
        .integers("min_quantity", "units", kOptional<Rows>, [](const Placement& p) { return units(p.min_quantity); })
        .labels("end_reason", kRequired<Rows>,
                [](const Placement& p) { return text(detail::kEndReasons, p.end_reason); })
        .integers("cumulative_quantity", "units", kOptional<Rows>,
                  [](const Placement& p) { return units(p.cumulative_quantity); });
    return builder.take();
}

/// Derived orders are not written: their fills carry symbol and side instead, from which they are derived again.
Table fills_table(const Dataset& dataset) {
    using Rows = std::vector<Fill>;
    const Names& names = dataset.names;
    std::vector<const Order*> derived(static_cast<std::size_t>(names.orders.size()), nullptr);
    for (const Order& order : dataset.orders) {
        if (order.derived) derived[static_cast<std::size_t>(order.id.index())] = &order;
    }
    const auto origin = [&](const Fill& f) { return derived[static_cast<std::size_t>(f.order.index())]; };
    ContractTable<Rows> builder("fills", dataset.fills);
    builder.texts("fill_id", kRequired<Rows>, [&](const Fill& f) { return names.fills.name(f.id); })
        .texts("order_id", kRequired<Rows>, [&](const Fill& f) { return names.orders.name(f.order); })
        .times("time", kRequired<Rows>, [](const Fill& f) { return std::optional(f.time); })
        .integers("price", "1e-9", kRequired<Rows>, [](const Fill& f) { return std::optional(f.price.units()); })
        .integers("quantity", "units", kRequired<Rows>, [](const Fill& f) { return std::optional(f.quantity.units()); })
        .texts("placement_id", kOptional<Rows>, [&](const Fill& f) { return names.placements.name(f.placement); })
        .labels("venue", kOptional<Rows>, [&](const Fill& f) { return names.venues.name(f.venue); })
        .labels("liquidity", kRequired<Rows>, [](const Fill& f) { return text(detail::kLiquidity, f.liquidity); })
        .values("fee", "currency", [](const Fill& f) { return f.fee; })
        .labels(
            "symbol", kOptional<Rows>,
            [&](const Fill& f) { return origin(f) ? names.symbols.name(origin(f)->instrument) : std::string_view{}; })
        .integers("side", "", kOptional<Rows>,
                  [&](const Fill& f) { return origin(f) ? std::optional(sign(origin(f)->side)) : std::nullopt; });
    return builder.take();
}

/// Events of fills that are still there: a busted fill and its events are not part of the dataset that is written.
Table fill_events_table(const Dataset& dataset) {
    using Rows = std::vector<FillEvent>;
    std::set<FillId> alive;
    for (const Fill& fill : dataset.fills) alive.insert(fill.id);
    Rows rows;
    std::copy_if(dataset.fill_events.begin(), dataset.fill_events.end(), std::back_inserter(rows),
                 [&](const FillEvent& e) { return alive.contains(e.fill); });
    ContractTable<Rows> builder("fill_events", rows);
    builder.texts("fill_id", kRequired<Rows>, [&](const FillEvent& e) { return dataset.names.fills.name(e.fill); })
        .times("time", kRequired<Rows>, [](const FillEvent& e) { return std::optional(e.time); })
        .labels("event", kRequired<Rows>, [](const FillEvent& e) { return text(detail::kFillEvents, e.kind); })
        .integers("price", "1e-9", kOptional<Rows>, [](const FillEvent& e) { return units(e.price); })
        .integers("quantity", "units", kOptional<Rows>, [](const FillEvent& e) { return units(e.quantity); });
    return builder.take();
}

Table events_table(const Dataset& dataset) {
    using Rows = std::vector<MarketEvent>;
    ContractTable<Rows> builder("events", dataset.events);
    builder.times("start", kRequired<Rows>, [](const MarketEvent& e) { return std::optional(e.window.begin); })
        .times("end", kRequired<Rows>, [](const MarketEvent& e) { return std::optional(e.window.end); })
        .labels("kind", kRequired<Rows>, [](const MarketEvent& e) { return text(detail::kMarketEvents, e.kind); })
        .labels("symbol", kOptional<Rows>,
                [&](const MarketEvent& e) { return dataset.names.symbols.name(e.instrument); })
        .labels("market", kOptional<Rows>, [&](const MarketEvent& e) { return dataset.names.labels.name(e.market); });
    return builder.take();
}

Table fx_table(const Dataset& dataset) {
    using Rows = std::vector<FxRate>;
    ContractTable<Rows> builder("fx", dataset.fx);
    builder.labels("currency", kRequired<Rows>, [](const FxRate& r) { return r.currency.code(); })
        .times("time", kRequired<Rows>, [](const FxRate& r) { return std::optional(r.time); })
        .integers("rate", "1e-9", kRequired<Rows>, [](const FxRate& r) { return std::optional(r.rate.units()); });
    return builder.take();
}

Table corporate_actions_table(const Dataset& dataset) {
    using Rows = std::vector<CorporateAction>;
    const NamePool<InstrumentId>& symbols = dataset.names.symbols;
    ContractTable<Rows> builder("corporate_actions", dataset.corporate_actions);
    builder.labels("symbol", kRequired<Rows>, [&](const CorporateAction& a) { return symbols.name(a.instrument); })
        .times("ex_time", kRequired<Rows>, [](const CorporateAction& a) { return std::optional(a.ex_time); })
        .labels("kind", kRequired<Rows>,
                [](const CorporateAction& a) { return text(detail::kCorporateActions, a.kind); })
        .integers("ratio", "1e-9", kOptional<Rows>,
                  [](const CorporateAction& a) { return std::optional(a.ratio.units()); })
        .labels("new_symbol", kOptional<Rows>, [&](const CorporateAction& a) { return symbols.name(a.new_symbol); });
    return builder.take();
}

}  // namespace

std::vector<Table> contract_tables_of(const Dataset& dataset) {
    std::vector<Table> tables;
    const bool is_derived =
        std::any_of(dataset.orders.begin(), dataset.orders.end(), [](const Order& o) { return o.derived; });
    tables.push_back(instruments_table(dataset));
    if (!dataset.sessions.all().empty()) tables.push_back(sessions_table(dataset));
    if (!dataset.orders.empty() && !is_derived) tables.push_back(orders_table(dataset));
    if (!dataset.order_events.empty()) tables.push_back(order_events_table(dataset));
    if (!dataset.placements.empty()) tables.push_back(placements_table(dataset));
    if (!dataset.fills.empty()) tables.push_back(fills_table(dataset));
    if (!dataset.fill_events.empty()) tables.push_back(fill_events_table(dataset));
    if (!dataset.events.empty()) tables.push_back(events_table(dataset));
    if (!dataset.fx.empty()) tables.push_back(fx_table(dataset));
    if (!dataset.corporate_actions.empty()) tables.push_back(corporate_actions_table(dataset));
    return tables;
}

}  // namespace slipcast::interchange
