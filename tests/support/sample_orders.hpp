#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "slipcast/core/random.hpp"
#include "slipcast/core/table.hpp"
#include "support/sample_market.hpp"
#include "support/table_columns.hpp"

namespace slipcast::test {

/// Orders of the sample measurement and the tables that follow them row by row. Numbers of plausible size, not
/// measured.
namespace sample {

inline constexpr std::size_t kOrders = 400;
inline constexpr std::int64_t kFillsAnOrder = 24;

struct Order {
    std::string id;
    std::size_t symbol = 0;
    bool is_buy = true;
    std::int64_t begin_s = 0;
    std::int64_t length_s = 0;
    std::int64_t quantity = 0;
    std::int64_t filled = 0;
    double size = 0.0;
    double cost_bps = 0.0;
    std::int64_t arrival_cents = 0;
};

// Sum of twelve uniforms: near normal, and enough for a picture.
inline double bell(RandomStream& random) {
    double sum = -6.0;
    for (int i = 0; i < 12; ++i) sum += random.next_uniform();
    return sum;
}

inline std::vector<Order> orders() {
    std::vector<Order> list;
    for (std::size_t i = 0; i < kOrders; ++i) {
        RandomStream random(11, "test.sample_orders", i);
        Order order;
        order.id = "P-" + std::to_string(10'000 + i);
        order.symbol = i % 3 == 0 ? 1 : 0;
        order.is_buy = random.next_uniform() < 0.55;
        order.begin_s = 300 + static_cast<std::int64_t>(4500 * random.next_uniform());
        order.length_s = 60 + static_cast<std::int64_t>(1740 * random.next_uniform());
        order.size = std::pow(10.0, -4.2 + 2.6 * random.next_uniform());
        order.quantity = 100 * std::max<std::int64_t>(1, std::llround(order.size * 90'000.0));
        order.filled = i % 7 == 0 ? order.quantity * 4 / 5 : order.quantity;
        order.cost_bps = 1.2 + 45.0 * std::sqrt(order.size) + (3.0 + 60.0 * std::sqrt(order.size)) * bell(random);
        order.arrival_cents = sample_mid_cents(order.begin_s) + static_cast<std::int64_t>(order.symbol) * 120;
        list.push_back(std::move(order));
    }
    return list;
}

template <typename Value, typename Make>
std::vector<Value> each(const std::vector<Order>& orders, Make make) {
    std::vector<Value> values;
    for (std::size_t i = 0; i < orders.size(); ++i) values.push_back(static_cast<Value>(make(orders[i], i)));
    return values;
}

inline Timestamp at(std::int64_t second) {
    return kSampleStart + std::chrono::seconds{second};
}
inline std::int64_t notional_cents(const Order& order) {
    return order.filled * order.arrival_cents;
}
inline std::int64_t cost_cents(const Order& order) {
    return std::llround(order.cost_bps * 1e-4 * static_cast<double>(notional_cents(order)));
}

inline constexpr std::array kAlgos{"TWAP", "VWAP", "POV", "passive-then-aggressive"};
inline constexpr std::array kBrokers{"Alder", "Birch", "Cedar"};
inline constexpr std::array kVenues{"XNYS", "ARCX", "BATS", "dark & quiet <1>"};
inline constexpr std::array kLiquidity{"added", "removed", "hidden", "auction"};

inline void add_benchmarks(Table& table, const std::vector<Order>& list) {
    const auto price = [&](double share) {
        return each<Price>(list, [&](const Order& order, std::size_t) {
            const double bps = order.cost_bps * share * (order.is_buy ? 1.0 : -1.0);
            return cents(order.arrival_cents + std::llround(static_cast<double>(order.arrival_cents) * bps * 1e-4));
        });
    };
    table.add(prices("arrival_price", price(0.0)));
    table.add(prices("average_price", price(1.0)));
    table.add(prices("interval_vwap", price(0.7)));
    table.add(prices("interval_twap", price(0.6)));
    table.add(prices("decision_price", price(-0.2)));
    table.add(prices("close", price(2.5)));
    for (const auto& [name, share] : {std::pair{"arrival", 1.0}, std::pair{"interval_vwap", 0.3},
                                      std::pair{"interval_twap", 0.4}, std::pair{"decision", 1.2}}) {
        const double part = share;
        table.add(
            numbers(std::string(name) + "_cost_bps", "bps",
                    each<double>(list, [part](const Order& order, std::size_t) { return order.cost_bps * part; })));
        table.add(
            cash(std::string(name) + "_cost_cash", each<std::int64_t>(list, [part](const Order& order, std::size_t) {
                     return std::llround(static_cast<double>(cost_cents(order)) * part);
                 })));
    }
}

// Parts that add up: delay + spread + drift + opportunity + fees + unmarked = shortfall, in cents.
inline void add_parts(Table& table, const std::vector<Order>& list) {
    std::vector<std::int64_t> total(list.size());
    const auto add = [&](const char* name, double share) {
        const auto part = each<std::int64_t>(list, [&](const Order& order, std::size_t) {
            return std::llround(static_cast<double>(cost_cents(order)) * share);
        });
        for (std::size_t i = 0; i < part.size(); ++i) total[i] += part[i];
        table.add(cash(std::string(name) + "_cash", part));
        table.add(numbers(std::string(name) + "_bps", "bps", each<double>(list, [&](const Order& order, std::size_t i) {
                              return 1e4 * static_cast<double>(part[i]) /
                                     static_cast<double>(order.quantity * order.arrival_cents);
                          })));
    };
    add("delay", 0.2);
    add("spread", 0.25);
    add("drift", 0.75);
    add("opportunity", 0.15);
    add("fees", 0.04);
    add("unmarked", 0.0);
    table.add(cash("shortfall_cash", total));
    table.add(numbers("shortfall_bps", "bps", each<double>(list, [&](const Order& order, std::size_t i) {
                          return 1e4 * static_cast<double>(total[i]) /
                                 static_cast<double>(order.quantity * order.arrival_cents);
                      })));
}

inline Table orders_table(const std::vector<Order>& list) {
    Table table("orders");
    table.add(labels("order_id", each<std::string>(list, [](const Order& order, std::size_t) { return order.id; })));
    table.add(labels("symbol", each<std::string>(list, [](const Order& order, std::size_t) {
                         return order.symbol == 0 ? "AIG" : "BAC";
                     })));
    table.add(labels("side", each<std::string>(
                                 list, [](const Order& order, std::size_t) { return order.is_buy ? "buy" : "sell"; })));
    table.add(labels("algo", each<std::string>(list, [](const Order&, std::size_t i) { return kAlgos[i % 4]; })));
    table.add(labels("broker", each<std::string>(list, [](const Order&, std::size_t i) { return kBrokers[i % 3]; })));
    table.add(flags("included", each<std::uint8_t>(list, [](const Order&, std::size_t i) { return i != 5 ? 1 : 0; })));
    table.add(times("arrival_time",
                    each<Timestamp>(list, [](const Order& order, std::size_t) { return at(order.begin_s); })));
    table.add(times("last_fill_time", each<Timestamp>(list, [](const Order& order, std::size_t) {
                        return at(order.begin_s + order.length_s * (kFillsAnOrder - 1) / kFillsAnOrder);
                    })));
    table.add(times("end_time", each<Timestamp>(list, [](const Order& order, std::size_t) {
                        return at(order.begin_s + order.length_s);
                    })));
    table.add(numbers("quantity", "shares",
                      each<double>(list, [](const Order& order, std::size_t) { return order.quantity; })));
    table.add(numbers("filled_quantity", "shares",
                      each<double>(list, [](const Order& order, std::size_t) { return order.filled; })));
    table.add(counts("fills", each<std::int64_t>(list, [](const Order&, std::size_t) { return kFillsAnOrder; })));
    table.add(cash("notional_cash",
                   each<std::int64_t>(list, [](const Order& order, std::size_t) { return notional_cents(order); })));
    table.add(numbers("size", "", each<double>(list, [](const Order& order, std::size_t) { return order.size; })));
    table.add(
        numbers("duration_s", "s", each<double>(list, [](const Order& order, std::size_t) { return order.length_s; })));
    table.add(numbers("completion", "", each<double>(list, [](const Order& order, std::size_t) {
                          return static_cast<double>(order.filled) / static_cast<double>(order.quantity);
                      })));
    table.add(numbers("participation", "", each<double>(list, [](const Order& order, std::size_t) {
                          return std::min(0.6, order.size * 8.0);
                      })));
    table.add(flags("spread_indicative",
                    each<std::uint8_t>(list, [](const Order& order, std::size_t) { return order.symbol; })));
    add_benchmarks(table, list);
    add_parts(table, list);
    return table;
}

inline Table fills_table(const std::vector<Order>& list) {
    std::vector<std::string> fill_id, order_id, symbol, side, venue, liquidity;
    std::vector<Timestamp> time;
    std::vector<Price> price;
    std::vector<double> quantity;
    for (const Order& order : list) {
        for (std::int64_t k = 0; k < kFillsAnOrder; ++k) {
            RandomStream random(13, "test.sample_fills", time.size());
            const std::int64_t second = order.begin_s + order.length_s * k / kFillsAnOrder;
            const auto which = static_cast<std::size_t>(random.next_uniform() * 3.99);
            const std::int64_t crossed = which == 1 ? 1 : which == 0 ? -1 : 0;
            const std::int64_t mid = sample_mid_cents(second) + static_cast<std::int64_t>(order.symbol) * 120;
            fill_id.push_back("F-" + std::to_string(time.size()));
            order_id.push_back(order.id);
            symbol.push_back(order.symbol == 0 ? "AIG" : "BAC");
            side.push_back(order.is_buy ? "buy" : "sell");
            venue.push_back(kVenues[(which + time.size()) % 4]);
            liquidity.push_back(kLiquidity[which]);
            time.push_back(at(second));
            price.push_back(cents(mid + (order.is_buy ? crossed : -crossed)));
            const std::int64_t before = order.filled * k / kFillsAnOrder,
                               after = order.filled * (k + 1) / kFillsAnOrder;
            quantity.push_back(static_cast<double>(after - before));
        }
    }
    Table table("fills");
    table.add(labels("fill_id", fill_id));
    table.add(labels("order_id", order_id));
    table.add(labels("symbol", symbol));
    table.add(labels("side", side));
    table.add(times("time", time));
    table.add(prices("price", price));
    table.add(numbers("quantity", "shares", quantity));
    table.add(labels("venue", venue));
    table.add(labels("liquidity", liquidity));
    return table;
}

}  // namespace sample
}  // namespace slipcast::test
