#include "slipcast/core/bps.hpp"
#include "table_decoder.hpp"
#include "vocabulary.hpp"

namespace slipcast::interchange::detail {

using namespace market;

void TableDecoder::order(RowReader& reader, std::int64_t row) {
    namespace c = order_column;
    Order order;
    const std::string id = reader.required(c::order_id, to_label);
    const std::string symbol = reader.required(c::symbol, to_label);
    order.side = reader.required(c::side, to_side);
    const Instrument* instrument = instrument_of(draft_.names.symbols.find(symbol));
    order.quantity = reader.required(c::quantity, to_quantity(instrument));
    order.decision_time = reader.optional(c::decision_time, to_time);
    order.decision_price = reader.optional(c::decision_price, to_price_of(instrument));
    order.desk_arrival_time = reader.optional(c::desk_arrival_time, to_time);
    order.arrival_time = reader.optional(c::arrival_time, to_time);
    order.broker_arrival_time = reader.optional(c::broker_arrival_time, to_time);
    order.end_time = reader.optional(c::end_time, to_time);
    order.limit_price = reader.optional(c::limit_price, to_price_of(instrument));
    order.is_private = reader.optional(c::is_private, to_bool).value_or(false);
    order.kind = reader.choice<OrderKind>(c::kind, kOrderKinds).value_or(OrderKind::work);
    if (const auto alpha = reader.optional(c::expected_alpha, to_real)) order.expected_alpha = Bps{*alpha};
    order.alpha_half_life = reader.optional(c::alpha_half_life, to_duration);
    order.critical = reader.optional(c::critical, to_bool).value_or(false);
    order.min_completion = reader.optional(c::min_completion, to_real);
    order.max_participation = reader.optional(c::max_participation, to_real);
    order.assignment_probability = reader.optional(c::assignment_probability, to_real);

    struct Label {
        std::size_t column = 0;
        LabelId Order::* member = nullptr;
        std::optional<std::string> text;
    };
    Label labels[] = {{c::basket_id, &Order::basket, {}},   {c::benchmark, &Order::benchmark, {}},
                      {c::algo, &Order::algo, {}},          {c::tactic, &Order::tactic, {}},
                      {c::urgency, &Order::urgency, {}},    {c::broker, &Order::broker, {}},
                      {c::trader, &Order::trader, {}},      {c::client, &Order::client, {}},
                      {c::wheel_arm, &Order::wheel_arm, {}}};
    for (Label& label : labels) label.text = reader.optional(label.column, to_label);
    if (reader.failed()) return;
    order.id = draft_.names.orders.intern(id);
    order.instrument = draft_.names.symbols.intern(symbol);
    for (const Label& label : labels) order.*label.member = named(draft_.names.labels, label.text);
    draft_.orders.add(order, row, file_);
}

void TableDecoder::order_event(RowReader& reader, std::int64_t row) {
    namespace c = order_event_column;
    OrderEvent event;
    const std::string order_id = reader.required(c::order_id, to_label);
    event.time = reader.required(c::time, to_time);
    event.kind = reader.required_choice<OrderEventKind>(c::event, kOrderEvents);
    const Instrument* instrument = instrument_of(draft_.names.orders.find(order_id));
    event.quantity = reader.optional(c::quantity, to_quantity(instrument));
    event.limit_price = reader.optional(c::limit_price, to_price_of(instrument));
    event.end_time = reader.optional(c::end_time, to_time);
    if (reader.failed()) return;
    event.order = draft_.names.orders.intern(order_id);
    draft_.order_events.add(event, row, file_);
}

void TableDecoder::placement(RowReader& reader, std::int64_t row) {
    namespace c = placement_column;
    Placement placement;
    const std::string id = reader.required(c::placement_id, to_label);
    const std::string order_id = reader.required(c::order_id, to_label);
    const Instrument* instrument = instrument_of(draft_.names.orders.find(order_id));
    const auto quantity = to_quantity(instrument);
    const std::string venue = reader.required(c::venue, to_label);
    placement.venue_kind = reader.choice<VenueKind>(c::venue_kind, kVenueKinds).value_or(VenueKind::unknown);
    const auto order_type = reader.optional(c::order_type, to_label);
    placement.limit_price = reader.optional(c::limit_price, to_price_of(instrument));
    placement.min_quantity = reader.optional(c::min_quantity, quantity);
    placement.quantity = reader.required(c::quantity, quantity);
    placement.sent_time = reader.required(c::sent_time, to_time);
    placement.done_time = reader.required(c::done_time, to_time);
    placement.end = reader.required_choice<PlacementEnd>(c::end, kPlacementEnds);
    placement.end_reason = reader.choice<EndReason>(c::end_reason, kEndReasons).value_or(EndReason::unknown);
    placement.filled_quantity = reader.required(c::filled_quantity, quantity);
    placement.cumulative_quantity = reader.optional(c::cumulative_quantity, quantity);
    if (reader.failed()) return;
    placement.id = draft_.names.placements.intern(id);
    placement.order = draft_.names.orders.intern(order_id);
    placement.venue = draft_.names.venues.intern(venue);
    placement.order_type = named(draft_.names.labels, order_type);
    draft_.placements.add(placement, row, file_);
}

std::string parent_of_fill(RowReader& reader) {
    return reader.optional(fill_column::order_id, to_label).value_or(std::string());
}

void TableDecoder::fill(RowReader& reader, std::int64_t row) {
    namespace c = fill_column;
    Fill fill;
    const std::string id = reader.required(c::fill_id, to_label);
    const std::string order_id = reader.required(c::order_id, to_label);
    const auto symbol = reader.optional(c::symbol, to_label);
    FillOrigin origin;
    origin.side = reader.optional(c::side, to_side);
    const Instrument* instrument = instrument_of(draft_.names.orders.find(order_id));
    if (instrument == nullptr && symbol) instrument = instrument_of(draft_.names.symbols.find(*symbol));
    fill.time = reader.required(c::time, to_time);
    fill.price = reader.required(c::price, to_price_of(instrument));
    fill.quantity = reader.required(c::quantity, to_quantity(instrument));
    const auto placement_id = reader.optional(c::placement_id, to_label);
    const auto venue = reader.optional(c::venue, to_label);
    fill.liquidity = reader.choice<Liquidity>(c::liquidity, kLiquidity).value_or(Liquidity::unknown);
    if (const auto fee = reader.optional(c::fee, to_money_units)) {
        fill.fee = Money::from_units(*fee, instrument == nullptr ? Currency{} : instrument->value.currency());
    }
    if (reader.failed()) return;
    fill.id = draft_.names.fills.intern(id);
    fill.order = draft_.names.orders.intern(order_id);
    fill.placement = named(draft_.names.placements, placement_id);
    fill.venue = named(draft_.names.venues, venue);
    origin.instrument = named(draft_.names.symbols, symbol);
    draft_.fills.add(fill, row, file_);
    draft_.fill_origins.push_back(origin);
}

void TableDecoder::fill_event(RowReader& reader, std::int64_t row) {
    namespace c = fill_event_column;
    FillEvent event;
    const std::string fill_id = reader.required(c::fill_id, to_label);
    event.time = reader.required(c::time, to_time);
    event.kind = reader.required_choice<FillEventKind>(c::event, kFillEvents);
    const Instrument* instrument = instrument_of(draft_.names.fills.find(fill_id));
    event.price = reader.optional(c::price, to_price_of(instrument));
    event.quantity = reader.optional(c::quantity, to_quantity(instrument));
    if (reader.failed()) return;
    event.fill = draft_.names.fills.intern(fill_id);
    draft_.fill_events.add(event, row, file_);
}

}  // namespace slipcast::interchange::detail
