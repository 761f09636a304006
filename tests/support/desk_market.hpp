#pragma once

#include <cmath>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cost_orders.hpp"
#include "slipcast/control/rule.hpp"
#include "slipcast/cost/cost.hpp"
#include "slipcast/desk/desk.hpp"
#include "slipcast/math/sampling.hpp"
#include "table_columns.hpp"

namespace slipcast::test {

/// A cost model of CostOrders: participation, spread, volatility; whether orders finish by participation.
inline cost::Model desk_model(std::uint64_t seed = 1, std::size_t orders = 1'500, bool with_completion = true) {
    cost::FitOptions options;
    options.target = "cost_bps";
    options.mean = {"sqrt_participation", "spread"};
    options.scale = {"log_volatility"};
    options.completion = {};
    options.partial = static_cast<int>(cost::PartialOrders::whole);
    if (with_completion) {
        options.completion = {"log_participation"};
        options.completed = "finished";
    }
    return cost::fit(CostOrders(orders, seed).table(), options).value();
}

/// A cost model of orders whose spread grows with the root of the time that they take, and hardly with anything else: a
/// desk that believes it wants to be fast. Inputs: participation and duration.
inline cost::Model slow_is_risky_model() {
    RandomStream stream(8, "test.slow_is_risky");
    std::vector<double> participation, duration, cost;
    for (int i = 0; i < 1'500; ++i) {
        participation.push_back(std::exp(-3.0 + math::draw_normal(stream)));
        duration.push_back(std::exp(3.0 + 5.0 * stream.next_uniform()));
        cost.push_back(1.0 + std::sqrt(participation.back()) +
                       0.2 * std::sqrt(duration.back()) * math::draw_normal(stream));
    }
    Table table("orders");
    table.add(numbers("participation", "", std::move(participation)));
    table.add(numbers("planned_duration_s", "s", std::move(duration)));
    table.add(numbers("cost_bps", "bps", std::move(cost)));
    cost::FitOptions options;
    options.target = "cost_bps";
    options.mean = {"sqrt_participation"};
    options.scale = {"log_duration"};
    options.completion = {};
    options.partial = static_cast<int>(cost::PartialOrders::whole);
    return cost::fit(table, options).value();
}

inline desk::DeskSetup desk_setup(int dark_venues = 0) {
    static const cost::Model kModel = desk_model();
    desk::DeskSetup setup;
    setup.champion = kModel;
    setup.rules.push_back(control::solve({.trading_cost = 1.0,
                                          .impact = 0.1,
                                          .impact_decay = 0.1,
                                          .risk_aversion = 5.0,
                                          .discount = 0.2,
                                          .variance = 0.2,
                                          .signals = {{.decay = 1.0, .variance = 1.0}}})
                              .value());
    if (dark_venues > 0) {
        setup.router = venue::Router::create(static_cast<std::size_t>(dark_venues), 100'000).value();
    }
    return setup;
}

inline Timestamp desk_time(std::string_view clock) {
    return Timestamp::parse("2024-03-05T" + std::string(clock) + "Z").value();
}

/// Buy 12,000 between 14:30 and 15:30 in a calm market of 100 units a second at 99.99 / 100.00: 3.3 % of the volume.
inline desk::Context calm_context(std::string_view clock = "14:30:00", std::uint64_t order = 1) {
    desk::Context context;
    context.time = desk_time(clock);
    context.order = order;
    context.quantity = 12'000;
    context.deadline = desk_time("15:30:00");
    context.bid = Price::parse("99.99").value();
    context.ask = Price::parse("100").value();
    context.quote_time = context.time;
    context.reference = context.ask;
    context.volume_rate = 100.0;
    context.market_volume = 6'000.0;
    context.symbol_observations = 200;
    context.tier_median_p95_bps = 14.0;
    context.inputs.size = 3;
    const auto& inputs = desk_setup().champion->inputs();
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        context.inputs.values[i] = inputs[i].name == "spread" ? 1.0 : inputs[i].name == "volatility" ? 100.0 : 0.0;
    }
    return context;
}

/// A desk that wants to be fast, and the calm market's order as it sees it.
inline desk::DeskSetup hurried_setup() {
    static const cost::Model kModel = slow_is_risky_model();
    desk::DeskSetup setup = desk_setup();
    setup.champion = kModel;
    return setup;
}
inline desk::Context hurried_context(std::string_view clock = "14:30:00", std::uint64_t order = 1) {
    desk::Context context = calm_context(clock, order);
    context.inputs.size = 2;
    context.tier_median_p95_bps = 1e6;  // nothing is far above it
    return context;
}

/// Writes one named input of the model into a context.
inline void set_input(desk::Context& context, std::string_view name, double value) {
    const auto& inputs = desk_setup().champion->inputs();
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        if (inputs[i].name == name) context.inputs.values[i] = value;
    }
}

}  // namespace slipcast::test
