#include <algorithm>
#include <set>
#include <string_view>

#include "assembly.hpp"

namespace slipcast::market::detail {

namespace {

template <typename Rows, typename Missing>
void note_missing(Dataset& dataset, const Rows& rows, const Degradation& degradation, const Missing& missing) {
    const auto count = std::count_if(rows.begin(), rows.end(), missing);
    if (count == 0) return;
    dataset.quality.add(Degradation{degradation.table, degradation.missing, degradation.effect, count});
}

void note_orders(Dataset& dataset) {
    const std::vector<Order>& orders = dataset.orders;
    const auto note = [&](const char* column, const char* effect, const auto& missing) {
        note_missing(dataset, orders, {"orders", column, effect, 0}, missing);
    };
    note("orders", "derived from fills with one order_id: no arrival, delay, opportunity or completion",
         [](const Order& o) { return o.derived; });
    note("decision_time", "no delay cost: market-activity shortfall",
         [](const Order& o) { return !o.decision_time && !o.decision_price; });
    note("arrival_time", "no arrival price: no slippage against arrival, no drift, no opportunity",
         [](const Order& o) { return !o.arrival_time; });
    note("desk_arrival_time", "no desk-level arrival price", [](const Order& o) { return !o.desk_arrival_time; });
    note("broker_arrival_time", "no broker-level arrival price", [](const Order& o) { return !o.broker_arrival_time; });
    note("end_time", "no deadline: an unfilled remainder without a cancel is judged at the official close",
         [](const Order& o) { return !o.end_time && !o.derived; });
    note("broker", "left out of the broker table", [](const Order& o) { return o.broker.is_none(); });
    note("client", "no filter on clients who cancel", [](const Order& o) { return o.client.is_none(); });
    note("algo", "left out of the style table", [](const Order& o) { return o.algo.is_none() && o.tactic.is_none(); });
}

void note_executions(const DatasetDraft& draft, Dataset& dataset) {
    const auto note = [&](const char* table, const char* column, const char* effect, const auto& rows,
                          const auto& missing) { note_missing(dataset, rows, {table, column, effect, 0}, missing); };
    const auto orders = static_cast<std::int64_t>(dataset.orders.size());
    if (!draft.fills.present)
        dataset.quality.add(Degradation{"fills", "fills", "no executions: every order counts as unfilled", orders});
    if (!draft.placements.present) {
        dataset.quality.add(Degradation{"placements", "placements",
                                        "no fill rates, no time to fill, no missed minimum quantities", orders});
    } else {
        note("fills", "placement_id", "no audit against placements, no time to fill", dataset.fills,
             [](const Fill& f) { return f.placement.is_none(); });
    }
    note("fills", "venue", "left out of the venue table", dataset.fills,
         [](const Fill& f) { return f.venue.is_none(); });
    note("fills", "liquidity", "not split by added and removed liquidity", dataset.fills,
         [](const Fill& f) { return f.liquidity == Liquidity::unknown; });
    note("placements", "end_reason", "a remainder's end is not told between market, deadline and own decision",
         dataset.placements,
         [](const Placement& p) { return p.end != PlacementEnd::filled && p.end_reason == EndReason::unknown; });
    note("placements", "cumulative_quantity", "fills are not checked against the broker's running total",
         dataset.placements, [](const Placement& p) { return !p.cumulative_quantity; });
}

/// Columns whose absence the rows themselves do not show.
void note_columns(const DatasetDraft& draft, Dataset& dataset) {
    struct Effect {
        std::string_view column;
        const char* effect;
    };
    static constexpr Effect kEffects[] = {
        {"orders.basket_id", "no basket results"},
        {"orders.limit_price", "limit orders cannot be told from market orders, nor left out"},
        {"orders.kind", "every order is taken as work: a quantity by a deadline"},
        {"fills.fee", "no explicit costs: the shortfall's fees are zero"},
        {"placements.min_quantity", "no missed minimum quantities"},
        {"placements.venue_kind", "lit, dark and auction placements are not told apart"},
        {"quotes.quotes", "no quotes: no mids, spreads, mark-outs, price improvement"},
        {"trades.trades", "no prints: no market volume, VWAP, participation, open and close"},
        {"quotes.bid_size", "no depth, no imbalance at the touch"},
        {"quotes.ask_size", "no depth, no imbalance at the touch"},
        {"trades.venue", "market volume is not split by venue"},
        {"trades.condition", "every print counts in volume and VWAP"},
        {"trades.aggressor", "no signed market flow"},
        {"instruments.sector", "no same-sector flow, no groups by sector"},
        {"instruments.adv", "size is not measured in ADV"},
        {"instruments.daily_volatility", "cost is not measured against volatility"},
    };
    for (const Effect& entry : kEffects) {
        if (std::find(draft.missing_columns.begin(), draft.missing_columns.end(), entry.column) ==
            draft.missing_columns.end())
            continue;
        const std::size_t dot = entry.column.find('.');
        dataset.quality.add(Degradation{std::string(entry.column.substr(0, dot)),
                                        std::string(entry.column.substr(dot + 1)), entry.effect, 0});
    }
}

void note_reference(const DatasetDraft& draft, Dataset& dataset) {
    const auto note = [&](const char* table, const char* column, const char* effect, const auto& missing) {
        note_missing(dataset, dataset.orders, {table, column, effect, 0}, missing);
    };
    const auto begin_of = [](const Order& o) { return o.arrival_time ? o.arrival_time : o.decision_time; };
    note("instruments", "as_of", "nothing was known of the instrument by then: no size in ADV, no volatility",
         [&](const Order& o) {
             const auto begin = begin_of(o);
             return begin && dataset.instrument_on(o.instrument, Date::of_utc(*begin)) == nullptr;
         });
    if (!draft.sessions.present) {
        dataset.quality.add(Degradation{"sessions", "sessions",
                                        "no open, close, previous close and full-day VWAP; a horizon past the close is "
                                        "not told from one inside the day",
                                        static_cast<std::int64_t>(dataset.orders.size())});
    } else {
        note("sessions", "session", "arrived outside every known session: no open, close and full-day VWAP",
             [&](const Order& o) {
                 return o.arrival_time &&
                        dataset.sessions.at(dataset.instrument(o.instrument).market, *o.arrival_time) == nullptr;
             });
    }
    if (!dataset.tape) {
        dataset.quality.add(Degradation{"quotes", "quotes", "no market data: no benchmark prices, spreads, mark-outs",
                                        static_cast<std::int64_t>(dataset.orders.size())});
    } else {
        note("quotes", "rows", "no market data for the instrument: no benchmark prices, spreads, mark-outs",
             [&](const Order& o) { return dataset.tape->extent(o.instrument) == TimeRange{}; });
    }
    std::set<Currency> currencies;
    for (const Order& order : dataset.orders) currencies.insert(dataset.instrument(order.instrument).value.currency());
    if (currencies.size() > 1) {
        dataset.quality.add(Degradation{"fx", "conversion",
                                        "orders in several currencies: cash is shown in each instrument's own currency "
                                        "and not summed across them; fx rates are kept and not used",
                                        static_cast<std::int64_t>(dataset.orders.size())});
    }
}

}  // namespace

void note_degradations(const DatasetDraft& draft, Dataset& dataset) {
    note_orders(dataset);
    note_executions(draft, dataset);
    note_columns(draft, dataset);
    note_reference(draft, dataset);
}

}  // namespace slipcast::market::detail
