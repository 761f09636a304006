#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "slipcast/control/control.hpp"
#include "support/allocation_counter.hpp"
#include "support/trading_problem.hpp"

// Decisions and renewed coefficients allocate nothing: this program counts what it allocates.

using namespace slipcast;
using test::allocations;

TEST(Allocation, DecisionsAllocateNothing) {
    control::Rule rule = *control::solve(test::example_problem());
    control::Factor fast;
    fast.mean = 0.2;
    fast.mean_reversion = 1.0;
    fast.volatility = 0.5;
    fast.speed = 10.0;
    control::Factors factors;
    factors.fast = *control::FastFactor::square_root(fast);
    control::TraderOptions options;
    options.market = test::example_problem();
    options.factors = factors;
    const control::Trader trader = *control::Trader::make(options);
    const control::FactorRule& corrected = *trader.factor_rule();
    const std::array<double, 1> signal = {7.0};
    const std::vector<double> column = {0.1, 0.2, 0.3};
    std::vector<double> trade(3);
    control::Situation situation;
    situation.signal = signal;
    situation.variance = 0.3;

    std::size_t before = allocations;
    operator delete(operator new(1));  // called by name: an expression that makes what nobody reads may be left out
    EXPECT_EQ(allocations - before, 1U) << "the counter counts";

    before = allocations;
    double sum = rule.decide(0.1, 0.2, signal) + rule.decide(0.1, 0.2, 0.3) + rule.aim(0.2, signal);
    rule.decide({column, column, column}, trade);
    sum += corrected.decide(0.1, 0.2, signal, 0.3);
    corrected.decide({column, column, column}, column, trade);
    const bool renewed = rule.renew(0.25).has_value();
    const auto decision = trader.decide(situation);
    const std::size_t made = allocations - before;
    EXPECT_EQ(made, 0U);
    EXPECT_TRUE(renewed && decision && decision->is_flagged(control::Guard::aim));
    EXPECT_NE(sum, 0.0);
}
