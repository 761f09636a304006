#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "slipcast/market/draft.hpp"

namespace slipcast::test {

/// A draft written the way a trader would tell it: one stock (tick 0.01, lot 100, USD) on 2013-10-07, times as
/// "10:30:00" New York wall clock stands for UTC here, quantities in shares, prices as text. Each call adds one row.
class TradingDay {
public:
    TradingDay() {
        market::Instrument stock;
        stock.id = draft.names.symbols.intern("IBM");
        stock.market = draft.names.labels.intern("XNYS");
        stock.tick_size = PriceMove::from_units(10'000'000);
        stock.lot_size = Quantity::from_units(100);
        stock.value = ContractValue::create(0, "1", Currency::parse("USD").value()).value();
        stock.as_of = Date::parse("2013-10-07").value();
        draft.instruments.add(stock);
    }

    static Timestamp at(std::string_view clock) {
        return Timestamp::parse("2013-10-07T" + std::string(clock) + "Z").value();
    }
    static Price price(std::string_view text) { return Price::parse(text).value(); }
    static Quantity shares(std::int64_t count) { return Quantity::from_units(count); }

    /// A buy of `quantity` that arrived at `arrival`; change the returned row as needed.
    market::Order& order(std::string_view id, std::int64_t quantity, std::string_view arrival) {
        market::Order row;
        row.id = draft.names.orders.intern(id);
        row.instrument = draft.names.symbols.find("IBM");
        row.quantity = shares(quantity);
        row.arrival_time = at(arrival);
        draft.orders.add(row);
        return draft.orders.rows.back();
    }
    market::OrderEvent& event(std::string_view order_id, market::OrderEventKind kind, std::string_view time) {
        market::OrderEvent row;
        row.order = draft.names.orders.intern(order_id);
        row.kind = kind;
        row.time = at(time);
        draft.order_events.add(row);
        return draft.order_events.rows.back();
    }
    market::Placement& placement(std::string_view id, std::string_view order_id, std::int64_t quantity,
                                 std::string_view sent, std::string_view done) {
        market::Placement row;
        row.id = draft.names.placements.intern(id);
        row.order = draft.names.orders.intern(order_id);
        row.venue = draft.names.venues.intern("XNYS");
        row.quantity = shares(quantity);
        row.filled_quantity = shares(quantity);
        row.sent_time = at(sent);
        row.done_time = at(done);
        draft.placements.add(row);
        return draft.placements.rows.back();
    }
    market::Fill& fill(std::string_view id, std::string_view order_id, std::int64_t quantity, std::string_view time,
                       std::string_view fill_price = "180.00", std::string_view placement_id = "") {
        market::Fill row;
        row.id = draft.names.fills.intern(id);
        row.order = draft.names.orders.intern(order_id);
        row.placement = draft.names.placements.intern(placement_id);
        row.quantity = shares(quantity);
        row.time = at(time);
        row.price = price(fill_price);
        draft.fills.add(row);
        return draft.fills.rows.back();
    }
    market::FillEvent& fill_event(std::string_view fill_id, market::FillEventKind kind, std::string_view time) {
        market::FillEvent row;
        row.fill = draft.names.fills.intern(fill_id);
        row.kind = kind;
        row.time = at(time);
        draft.fill_events.add(row);
        return draft.fill_events.rows.back();
    }

    /// Copies, so that one day can be assembled after each change.
    [[nodiscard]] Result<market::Dataset> assembled() const { return market::assemble(draft); }

    market::DatasetDraft draft;
};

/// The first finding of `table` with this disposition as "row N field: rule", or "" when there is none; rows by source.
inline std::string first_finding(const market::Dataset& dataset, std::string_view table,
                                 market::Disposition disposition = market::Disposition::quarantined) {
    const market::Finding* first = nullptr;
    for (const market::RuleCount& rule : dataset.quality.rules()) {
        if (rule.table != table || rule.disposition != disposition) continue;
        const market::Finding& example = rule.examples.front();
        if (first == nullptr || example.error.place.row < first->error.place.row) first = &example;
    }
    if (first == nullptr) return {};
    return "row " + std::to_string(first->error.place.row) + " " + first->error.field + ": " + first->error.rule;
}

}  // namespace slipcast::test
