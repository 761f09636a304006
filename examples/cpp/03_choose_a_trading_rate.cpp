// From a trading problem to guarded decisions: the closed form, a fast volatility factor, and a trader that remembers.
#include <array>
#include <cstdlib>
#include <iostream>

#include "slipcast/control/control.hpp"

namespace {

using namespace slipcast;

control::Parameters problem() {
    control::Parameters market;
    market.trading_cost = 1.0;
    market.impact = 0.1;
    market.impact_decay = 0.1;  // a day
    market.risk_aversion = 5.0;
    market.discount = 0.2;
    market.variance = 0.2;  // the mean
    control::Signal signal;
    signal.decay = 1.0;
    signal.variance = 1.0;
    market.signals = {signal};
    return market;
}

int refuse(const Error& error) {
    std::cerr << error.message() << '\n';
    return EXIT_FAILURE;
}

}  // namespace

int main() {
    const auto rule = control::solve(problem());
    if (!rule) return refuse(rule.error());
    std::cout << "rate " << rule->rate() << " a day, value A0 " << rule->coefficients().A0 << '\n';

    control::Factor variance;
    variance.mean = 0.2;
    variance.mean_reversion = 1.0;
    variance.volatility = 0.5;
    variance.speed = 10.0;  // reverts within a tenth of a day
    const auto fast = control::FastFactor::square_root(variance);
    if (!fast) return refuse(fast.error());

    control::Factors factors;
    factors.fast = *fast;
    control::TraderOptions options;
    options.market = problem();
    options.factors = factors;
    auto trader = control::Trader::make(options);
    if (!trader) return refuse(trader.error());

    double position = 0.0;
    const std::array<double, 6> signals = {0.8, 0.9, 4.0, 0.3, -0.2, -0.5};
    const std::array<double, 6> variances = {0.2, 0.2, 0.6, 0.5, 0.3, 0.2};
    for (std::size_t day = 0; day < signals.size(); ++day) {
        control::Situation now;
        now.time = static_cast<double>(day);
        now.position = position;
        now.signal = {&signals[day], 1};
        now.variance = variances[day];
        const auto decision = trader->decide(now);
        if (!decision) return refuse(decision.error());
        std::cout << "day " << day << ": trade " << decision->trade << " towards " << decision->aim << '\n';
        for (const control::GuardAction& action : decision->flags()) std::cout << "  " << reason(action) << '\n';
        position += decision->trade;
        const auto taken = trader->record({.time = now.time + 1.0, .quantity = decision->trade, .days = 1.0});
        if (!taken) return refuse(taken.error());
    }

    const auto again = control::Trader::restore(options, trader->state());
    const bool same = again && again->state() == trader->state();
    std::cout << "position " << position << ", state restored bit for bit: " << (same ? "yes" : "no") << '\n';
    return same ? EXIT_SUCCESS : EXIT_FAILURE;
}
