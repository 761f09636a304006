#include <algorithm>

#include "slipcast/core/table_builder.hpp"
#include "tables.hpp"

namespace slipcast::tca::detail {

namespace {

template <std::size_t kCount, typename Enum>
std::string_view name_in(const std::array<std::string_view, kCount>& names, Enum value) {
    return names[static_cast<std::size_t>(value)];
}
constexpr std::array<std::string_view, 5> kVenueKinds{"lit", "dark", "auction", "bilateral", "unknown"};
constexpr std::array<std::string_view, 4> kEnds{"filled", "cancelled", "rejected", "expired"};
constexpr std::array<std::string_view, 5> kReasons{"market", "deadline", "discretionary", "venue", "unknown"};

/// The first fill of each placement, by the index of its id.
std::vector<std::optional<Timestamp>> first_fills(const market::Dataset& dataset) {
    std::vector<std::optional<Timestamp>> first(static_cast<std::size_t>(dataset.names.placements.size()));
    for (const market::Fill& fill : dataset.fills) {
        if (fill.placement.is_none()) continue;
        auto& time = first[static_cast<std::size_t>(fill.placement.index())];
        if (!time || fill.time < *time) time = fill.time;
    }
    return first;
}

}  // namespace

Table placements_table(const Context& context) {
    const market::Dataset& dataset = context.dataset;
    const auto& names = dataset.names;
    std::vector<InstrumentId> instrument_of(static_cast<std::size_t>(names.orders.size()));
    for (const market::Order& order : dataset.orders) {
        instrument_of[static_cast<std::size_t>(order.id.index())] = order.instrument;
    }
    const auto first = first_fills(dataset);
    const auto at = [&](std::size_t row) -> const market::Placement& { return dataset.placements[row]; };
    const auto instrument = [&](std::size_t row) {
        return instrument_of[static_cast<std::size_t>(at(row).order.index())];
    };
    const auto units = [&](std::size_t row, Quantity quantity) {
        return quantity.to_double(dataset.instrument(instrument(row)).value.quantity_decimals());
    };
    TableBuilder builder("placements", dataset.placements.size());
    builder.add_coded(plain("placement_id", "the route or child order"),
                      pool_labels<decltype(names.placements), PlacementId>(names.placements),
                      [&](std::size_t row) { return at(row).id.index(); });
    builder.add_coded(plain("order_id", "its parent order"), pool_labels<decltype(names.orders), OrderId>(names.orders),
                      [&](std::size_t row) { return at(row).order.index(); });
    builder.add_label(plain("symbol", "the instrument"),
                      [&](std::size_t row) { return names.symbols.name(instrument(row)); });
    builder.add_label(plain("venue", "where it was sent"),
                      [&](std::size_t row) { return names.venues.name(at(row).venue); });
    builder.add_label(plain("venue_kind", "lit, dark, auction, bilateral or unknown"),
                      [&](std::size_t row) { return name_in(kVenueKinds, at(row).venue_kind); });
    builder.add_label(plain("order_type", "limit, market, ..."),
                      [&](std::size_t row) { return names.labels.name(at(row).order_type); });
    builder.add(plain("quantity", "sent", "units"), [&](std::size_t row) { return units(row, at(row).quantity); });
    builder.add(plain("filled_quantity", "executed", "units"),
                [&](std::size_t row) { return units(row, at(row).filled_quantity); });
    builder.add(metric("fill_rate", "", SignTag::none, "filled over sent"),
                [&](std::size_t row) { return ratio(at(row).filled_quantity, at(row).quantity); });
    builder.add(metric("time_to_fill_s", "s", SignTag::none, "sent to its first fill"),
                [&](std::size_t row) -> std::optional<double> {
                    const auto& time = first[static_cast<std::size_t>(at(row).id.index())];
                    if (!time) return std::nullopt;
                    return static_cast<double>((*time - at(row).sent_time).count()) / 1e9;
                });
    builder.add_label(plain("end", "filled, cancelled, rejected or expired"),
                      [&](std::size_t row) { return name_in(kEnds, at(row).end); });
    builder.add_label(plain("end_reason", "market, deadline, discretionary, venue or unknown"),
                      [&](std::size_t row) { return name_in(kReasons, at(row).end_reason); });
    builder.add(plain("partial", "filled in part"), [&](std::size_t row) {
        return at(row).filled_quantity.units() > 0 && at(row).filled_quantity < at(row).quantity;
    });
    builder.add(
        plain("missed_minimum", "had a minimum quantity and found no counterparty of that size"), [&](std::size_t row) {
            return at(row).min_quantity && at(row).min_quantity->units() > 0 &&
                   at(row).filled_quantity < *at(row).min_quantity && at(row).end != market::PlacementEnd::rejected;
        });
    builder.add(plain("sent_time", "when it was sent", "ns"), [&](std::size_t row) { return at(row).sent_time; });
    builder.add(plain("done_time", "when it ended", "ns"), [&](std::size_t row) { return at(row).done_time; });
    return builder.take();
}

}  // namespace slipcast::tca::detail
