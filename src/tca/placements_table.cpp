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

/// What the fills that name a placement say of it.
struct OwnFills {
    std::optional<Timestamp> first;
    Executed executed;
};

/// What every column is computed from.
class View {
public:
    View(const Context& context, const Records& records)
        : dataset_(context.dataset),
          records_(records),
          order_rows_(static_cast<std::size_t>(dataset_.names.orders.size())),
          own_(static_cast<std::size_t>(dataset_.names.placements.size())) {
        for (std::size_t row = 0; row < dataset_.orders.size(); ++row) {
            order_rows_[static_cast<std::size_t>(dataset_.orders[row].id.index())] = row;
        }
        for (const market::Fill& fill : dataset_.fills) {
            if (fill.placement.is_none()) continue;
            OwnFills& own = own_[static_cast<std::size_t>(fill.placement.index())];
            if (!own.first || fill.time < *own.first) own.first = fill.time;
            own.executed.add(fill.price, fill.quantity);
        }
    }
    std::size_t rows() const { return dataset_.placements.size(); }
    const market::Placement& at(std::size_t row) const { return dataset_.placements[row]; }
    const market::Order& order(std::size_t row) const {
        return dataset_.orders[order_rows_[static_cast<std::size_t>(at(row).order.index())]];
    }
    const market::Instrument& instrument(std::size_t row) const { return dataset_.instrument(order(row).instrument); }
    const OwnFills& own(std::size_t row) const { return own_[static_cast<std::size_t>(at(row).id.index())]; }
    std::optional<Price> sent_mid(std::size_t row) const {
        const MidAt& mid = records_.sent_mids[row];
        return mid.is_usable() ? std::optional<Price>(mid.mid) : std::nullopt;
    }
    double units(std::size_t row, Quantity quantity) const {
        return quantity.to_double(instrument(row).value.quantity_decimals());
    }

private:
    const market::Dataset& dataset_;
    const Records& records_;
    std::vector<std::size_t> order_rows_;  ///< by the index of the order's id
    std::vector<OwnFills> own_;            ///< by the index of the placement's id
};

/// The slippage of each placement's fills against the mid before it was sent: the arrival of its own level.
void add_arrival(TableBuilder& builder, const View& view, const std::string& cash) {
    std::vector<std::optional<Slippage>> costs;
    for (std::size_t row = 0; row < view.rows(); ++row) {
        const market::Instrument& instrument = view.instrument(row);
        const auto mid = view.sent_mid(row);
        costs.push_back(
            mid ? slippage(view.order(row).side, view.own(row).executed, *mid, instrument.value, instrument.tick_size)
                : std::nullopt);
    }
    const auto meta = [&](const char* name, const std::string& unit, SignTag sign, const char* meaning) {
        return metric(name, unit, sign, meaning, "placement_arrival_price");
    };
    builder.add(meta("placement_arrival_price", cash, SignTag::none, "the mid strictly before sent_time"),
                [&](std::size_t row) { return view.sent_mid(row); });
    builder.add(metric("average_price", cash, SignTag::none, "of its fills, rounded half to even at 1e-9"),
                [&](std::size_t row) {
                    const Executed& sum = view.own(row).executed;
                    return average_price(sum.price_times_quantity, sum.quantity.units());
                });
    builder.add(meta("placement_arrival_cost_bps", "bps", SignTag::cost, "slippage of its fills against that mid"),
                [&](std::size_t row) { return costs[row] ? costs[row]->bps : std::nullopt; });
    builder.add(meta("placement_arrival_cost_ticks", "ticks", SignTag::cost, "the same in minimum price increments"),
                [&](std::size_t row) { return costs[row] ? std::optional(costs[row]->ticks) : std::nullopt; });
    builder.add(meta("placement_arrival_cost_cash", cash, SignTag::cost, "the same in cash, exact"),
                [&](std::size_t row) { return costs[row] ? std::optional(costs[row]->cash) : std::nullopt; });
}

}  // namespace

Table placements_table(const Context& context, const Records& records) {
    const market::Dataset& dataset = context.dataset;
    const auto& names = dataset.names;
    const View view(context, records);
    const auto at = [&](std::size_t row) -> const market::Placement& { return view.at(row); };
    TableBuilder builder("placements", dataset.placements.size());
    builder.add_coded(plain("placement_id", "the route or child order"),
                      pool_labels<decltype(names.placements), PlacementId>(names.placements),
                      [&](std::size_t row) { return at(row).id.index(); });
    builder.add_coded(plain("order_id", "its parent order"), pool_labels<decltype(names.orders), OrderId>(names.orders),
                      [&](std::size_t row) { return at(row).order.index(); });
    builder.add_label(plain("symbol", "the instrument"),
                      [&](std::size_t row) { return names.symbols.name(view.order(row).instrument); });
    builder.add_label(plain("venue", "where it was sent"),
                      [&](std::size_t row) { return names.venues.name(at(row).venue); });
    builder.add_label(plain("venue_kind", "lit, dark, auction, bilateral or unknown"),
                      [&](std::size_t row) { return name_in(kVenueKinds, at(row).venue_kind); });
    builder.add_label(plain("order_type", "limit, market, ..."),
                      [&](std::size_t row) { return names.labels.name(at(row).order_type); });
    builder.add(plain("quantity", "sent", "units"), [&](std::size_t row) { return view.units(row, at(row).quantity); });
    builder.add(plain("filled_quantity", "executed", "units"),
                [&](std::size_t row) { return view.units(row, at(row).filled_quantity); });
    builder.add(metric("fill_rate", "", SignTag::none, "filled over sent"),
                [&](std::size_t row) { return ratio(at(row).filled_quantity, at(row).quantity); });
    builder.add(metric("time_to_fill_s", "s", SignTag::none, "sent to its first fill"),
                [&](std::size_t row) -> std::optional<double> {
                    const auto& time = view.own(row).first;
                    if (!time) return std::nullopt;
                    return static_cast<double>((*time - at(row).sent_time).count()) / 1e9;
                });
    add_arrival(builder, view, cash_unit(context));
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
