#include <algorithm>
#include <array>
#include <map>

#include "execution_chart.hpp"
#include "number_text.hpp"
#include "sections.hpp"
#include "table_view.hpp"

namespace slipcast::report {

namespace {

struct Named {
    const char* name;
    const char* label;
};

// Benchmarks in the order a trader reads them: the one this order is measured against first.
constexpr std::array kBenchmarks{
    Named{"arrival", "Arrival"},
    Named{"interval_vwap", "Interval VWAP"},
    Named{"interval_vwap_ex_own", "VWAP without own"},
    Named{"interval_twap", "Interval TWAP"},
    Named{"decision", "Decision"},
    Named{"desk_arrival", "Desk arrival"},
    Named{"broker_arrival", "Broker arrival"},
    Named{"day_vwap", "Day VWAP"},
    Named{"pwp_5", "PWP 5 %"},
    Named{"pwp_10", "PWP 10 %"},
    Named{"pwp_20", "PWP 20 %"},
    Named{"near_touch", "Near touch"},
    Named{"far_touch", "Far touch"},
    Named{"open", "Open"},
    Named{"close", "Close"},
    Named{"prev_close", "Previous close"},
};

constexpr std::array kParts{
    Named{"delay", "Delay"},         Named{"spread", "Spread"},
    Named{"drift", "Drift"},         Named{"opportunity", "Opportunity"},
    Named{"fees", "Fees"},           Named{"unmarked", "Unmarked"},
    Named{"shortfall", "Shortfall"},
};

Json benchmarks_json(const TableView& orders, std::size_t row, PriceMove tick) {
    Json list = Json::array();
    for (const Named& benchmark : kBenchmarks) {
        const std::string name = benchmark.name;
        auto price = orders.price(row, name);
        if (!price) price = orders.price(row, name + "_price");
        if (!price) continue;
        list.push_back({{"name", name},
                        {"label", benchmark.label},
                        {"price", price_text(*price, tick)},
                        {"bps", cell_json(orders.number(row, name + "_cost_bps"), NumberKind::bps)},
                        {"ticks", cell_json(orders.number(row, name + "_cost_ticks"), NumberKind::ticks)},
                        {"cash", cash_json(orders, row, name + "_cost_cash")}});
    }
    return list;
}

// All parts with the digits that show each exactly, so that a reader can add them up.
Json parts_json(const TableView& orders, std::size_t row) {
    int fraction = 2;
    for (const Named& part : kParts) {
        if (const auto cash = orders.money(row, std::string(part.name) + "_cash")) {
            fraction = std::max(fraction, exact_fraction(*cash));
        }
    }
    Json list = Json::array();
    for (const Named& part : kParts) {
        const std::string name = part.name;
        Json cash = cash_json(orders, row, name + "_cash", fraction);
        if (cash.is_null()) continue;
        list.push_back({{"part", name},
                        {"label", part.label},
                        {"cash", std::move(cash)},
                        {"bps", cell_json(orders.number(row, name + "_bps"), NumberKind::bps)}});
    }
    return list;
}

void add_fact(Json& facts, const char* label, const std::string& text) {
    if (!text.empty()) facts.push_back({{"name", label}, {"value", text}});
}

Json facts_json(const TableView& orders, std::size_t row, PriceMove tick) {
    Json facts = Json::array();
    const auto number = [&](const char* column, NumberKind kind) {
        const auto value = orders.number(row, column);
        return value ? number_text(*value, kind) : std::string{};
    };
    add_fact(facts, "Algo", orders.label(row, "algo"));
    add_fact(facts, "Broker", orders.label(row, "broker"));
    add_fact(facts, "Arrival", orders.label(row, "arrival_time"));
    add_fact(facts, "Last fill", orders.label(row, "last_fill_time"));
    add_fact(facts, "Deadline", orders.label(row, "amended_end_time"));
    add_fact(facts, "Cancelled", orders.label(row, "cancel_time"));
    for (const auto& [label, column] : {std::pair{"Raised by amends", "increased_quantity"},
                                        std::pair{"Taken back by amends", "withdrawn_quantity"}}) {
        if (orders.number(row, column).value_or(0.0) <= 0.0) continue;
        add_fact(facts, label, number(column, NumberKind::quantity));
    }
    add_fact(facts, "Duration", number("duration_s", NumberKind::duration));
    add_fact(facts, "Fills", number("fills", NumberKind::count));
    const std::optional<Price> average = orders.price(row, "average_price");
    if (average) add_fact(facts, "Average price", price_text(*average, tick));
    add_fact(facts, "Completion", number("completion", NumberKind::ratio));
    add_fact(facts, "Participation", number("participation", NumberKind::ratio));
    add_fact(facts, "Size of day volume", number("size", NumberKind::ratio));
    add_fact(facts, "End price from", orders.label(row, "end_price_policy"));
    add_fact(facts, "Note", orders.label(row, "shortfall_basis_missing"));
    return facts;
}

Json order_json(const TableView& orders, std::size_t row) {
    const auto quantity = orders.number(row, "quantity");
    return Json{{"id", orders.label(row, "order_id")},
                {"symbol", orders.label(row, "symbol")},
                {"side", orders.label(row, "side")},
                {"currency", orders.label(row, "currency")},
                {"quantity", cell_json(quantity, NumberKind::quantity)},
                {"algo", orders.label(row, "algo")},
                {"broker", orders.label(row, "broker")},
                {"arrival", orders.label(row, "arrival_time")},
                {"completion", cell_json(orders.number(row, "completion"), NumberKind::ratio)},
                {"participation", cell_json(orders.number(row, "participation"), NumberKind::ratio)},
                {"cost_bps", cell_json(orders.number(row, "arrival_cost_bps"), NumberKind::bps)},
                {"cost_cash", cash_json(orders, row, "arrival_cost_cash")},
                {"shortfall_cash", cash_json(orders, row, "shortfall_cash")},
                {"shortfall_bps", cell_json(orders.number(row, "shortfall_bps"), NumberKind::bps)},
                {"spread_indicative", orders.flag(row, "spread_indicative", false)},
                {"detail", nullptr}};
}

PriceMove tick_of(const market::Dataset& dataset, const std::string& symbol) {
    const InstrumentId id = dataset.names.symbols.find(symbol);
    return id.is_none() ? PriceMove{} : dataset.instrument(id).tick_size;
}

using FillRows = std::map<std::string, std::vector<std::size_t>>;

// Fill rows of the wanted orders, in time order.
FillRows fill_rows(const TableView& fills, const std::vector<std::string>& wanted) {
    FillRows rows;
    for (const std::string& id : wanted) rows[id] = {};
    for (std::size_t row = 0; row < fills.rows(); ++row) {
        if (const auto found = rows.find(fills.label(row, "order_id")); found != rows.end()) {
            found->second.push_back(row);
        }
    }
    for (auto& [id, list] : rows) {
        std::stable_sort(list.begin(), list.end(), [&](std::size_t a, std::size_t b) {
            return fills.time(a, "time").value_or(Timestamp{}) < fills.time(b, "time").value_or(Timestamp{});
        });
    }
    return rows;
}

}  // namespace

Result<Json> orders_json(const tca::Measurement& measurement, const market::Dataset& dataset,
                         const PageOptions& options) {
    const TableView orders(measurement.find("orders"));
    const TableView fills(measurement.find("fills"));
    const auto charted = std::min(static_cast<std::size_t>(options.execution_charts), measurement.worst_orders.size());
    std::vector<std::string> wanted;
    for (std::size_t i = 0; i < charted; ++i) {
        wanted.push_back(orders.label(static_cast<std::size_t>(measurement.worst_orders[i]), "order_id"));
    }
    const FillRows rows = fill_rows(fills, wanted);
    Json list = Json::array();
    for (std::size_t i = 0; i < measurement.worst_orders.size(); ++i) {
        const auto row = static_cast<std::size_t>(measurement.worst_orders[i]);
        Json order = order_json(orders, row);
        if (i < charted) {
            const PriceMove tick = tick_of(dataset, orders.label(row, "symbol"));
            SLIPCAST_TRY(chart, execution_chart({orders, row, fills, rows.at(wanted[i]), tick}, dataset));
            order["detail"] = {{"facts", facts_json(orders, row, tick)},
                               {"benchmarks", benchmarks_json(orders, row, tick)},
                               {"parts", parts_json(orders, row)},
                               {"chart", std::move(chart)}};
        }
        list.push_back(std::move(order));
    }
    return list;
}

}  // namespace slipcast::report
