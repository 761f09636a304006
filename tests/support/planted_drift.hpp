#pragma once

#include <map>
#include <vector>

#include "slipcast/core/table_values.hpp"
#include "slipcast/market/dataset.hpp"

namespace slipcast::test {

/// The drift [bps] that a linear lasting overlay plants, straight from its definition: each of our fills moves the
/// price of its instrument for good, by own_bps when one average daily volume trades, and a fill pays for what moved it
/// since its order's arrival. As the measurement weighs it: cash over what was ordered at the decision price. `orders`
/// is the measurement's table; all instruments have one ADV.
inline double planted_drift_bps(const market::Dataset& dataset, const Table& orders, double own_bps) {
    const auto column = [&](const char* name) { return numbers_of(*orders.find(name)).value(); };
    const std::vector<double> arrival = column("arrival_price");
    const double adv = *dataset.instruments.front().adv;
    std::map<OrderId, std::size_t> rows;
    for (std::size_t row = 0; row < dataset.orders.size(); ++row) rows[dataset.orders[row].id] = row;
    const auto parent = [&](const market::Fill& fill) -> const market::Order& {
        return dataset.orders[rows[fill.order]];
    };
    std::map<InstrumentId, std::vector<const market::Fill*>> fills;
    for (const market::Fill& fill : dataset.fills) fills[parent(fill).instrument].push_back(&fill);
    double cash = 0.0, notional = 0.0;
    for (const market::Fill& fill : dataset.fills) {
        const market::Order& order = parent(fill);
        std::int64_t moved = 0;  // in the order's direction, between its arrival and the fill
        for (const market::Fill* other : fills[order.instrument]) {
            if (other->time < *order.arrival_time || other->time >= fill.time) continue;
            moved += other->quantity.units() * sign(order.side) * sign(parent(*other).side);
        }
        cash += static_cast<double>(fill.quantity.units()) * own_bps * static_cast<double>(moved) / adv *
                arrival[rows[order.id]];
    }
    for (const double each : column("paper_notional_cash")) notional += each;
    return cash / notional;
}

}  // namespace slipcast::test
