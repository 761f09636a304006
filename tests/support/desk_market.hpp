#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "cost_orders.hpp"
#include "slipcast/control/rule.hpp"
#include "slipcast/cost/cost.hpp"
#include "slipcast/desk/desk.hpp"

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

/// Writes one named input of the model into a context.
inline void set_input(desk::Context& context, std::string_view name, double value) {
    const auto& inputs = desk_setup().champion->inputs();
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        if (inputs[i].name == name) context.inputs.values[i] = value;
    }
}

}  // namespace slipcast::test
