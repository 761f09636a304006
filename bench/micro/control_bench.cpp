#include <benchmark/benchmark.h>

#include <array>
#include <cmath>
#include <vector>

#include "slipcast/control/control.hpp"
#include "slipcast/core/random.hpp"

// Coefficients in closed form, and decisions: in batches from columns, and chained, where each moves the state of the
// next. The target of each is in the comment above it.

namespace slipcast::bench {
namespace {

control::Parameters example() {
    return {1.0, 0.1, 0.1, 5.0, 0.2, 0.2, {{1.0, 1.0, 1.0}}};
}

/// Under 100 ns: all seven coefficients and three gains at a new variance.
void control_coefficients(benchmark::State& state) {
    const control::Parameters problem = example();
    control::Rule rule = *control::solve(problem);
    if (!(control::residual(problem, {rule.coefficients(), rule.gains()}) < 1e-14)) {
        state.SkipWithError("the coefficients do not solve their equations");
        return;
    }
    double variance = 0.2;
    for (auto _ : state) {
        variance = variance > 0.4 ? 0.2 : variance + 1e-6;
        benchmark::DoNotOptimize(rule.renew(variance).has_value());
        benchmark::DoNotOptimize(rule.coefficients().A0);
    }
}
BENCHMARK(control_coefficients);

/// States of a cache-resident batch.
struct Batch {
    std::vector<double> q;
    std::vector<double> l;
    std::vector<double> x;
    std::vector<double> y;
    std::vector<double> trade;

    explicit Batch(std::size_t count) : trade(count) {
        RandomStream stream(1, "bench.control");
        for (std::size_t i = 0; i < count; ++i) {
            q.push_back(stream.next_uniform() - 0.5);
            l.push_back(stream.next_uniform() - 0.5);
            x.push_back(stream.next_uniform() - 0.5);
            y.push_back(0.1 + 0.2 * stream.next_uniform());
        }
    }
    void report(benchmark::State& state) const {
        state.counters["decisions/s"] = benchmark::Counter(
            static_cast<double>(state.iterations()) * static_cast<double>(trade.size()), benchmark::Counter::kIsRate);
    }
};

/// About 1 ns each.
void control_decide_batch(benchmark::State& state) {
    const control::Rule rule = *control::solve(example());
    Batch batch(static_cast<std::size_t>(state.range(0)));
    rule.decide({batch.q, batch.l, batch.x}, batch.trade);
    for (std::size_t i = 0; i < batch.trade.size(); ++i) {
        // Against the published coefficients of the example.
        const double u = -0.895840542121 * batch.q[i] - 0.0831891575846 * batch.l[i] + 0.475393729592 * batch.x[i];
        if (!(std::abs(batch.trade[i] - u) < 1e-11)) {
            state.SkipWithError("a decision differs from the rule");
            return;
        }
    }
    for (auto _ : state) {
        rule.decide({batch.q, batch.l, batch.x}, batch.trade);
        benchmark::ClobberMemory();
    }
    batch.report(state);
}
BENCHMARK(control_decide_batch)->Arg(1024);

control::FactorRule with_fast(control::FastOrder order) {
    control::Factors factors;
    factors.fast = *control::FastFactor::square_root({control::FactorKind::square_root, 0.2, 1.0, 0.5, 10.0, {}});
    factors.fast_order = order;
    return *control::FactorRule::make(*control::solve(example()), factors);
}

void control_decide_fast_batch(benchmark::State& state) {
    const control::FactorRule rule = with_fast(control::FastOrder::one);
    Batch batch(static_cast<std::size_t>(state.range(0)));
    rule.decide({batch.q, batch.l, batch.x}, batch.y, batch.trade);
    for (std::size_t i = 0; i < batch.trade.size(); ++i) {
        const double u = (-0.895840542121 - 0.5 * (batch.y[i] - 0.2)) * batch.q[i] - 0.0831891575846 * batch.l[i] +
                         0.475393729592 * batch.x[i];
        if (!(std::abs(batch.trade[i] - u) < 1e-11)) {
            state.SkipWithError("a decision differs from the corrected rule");
            return;
        }
    }
    for (auto _ : state) {
        rule.decide({batch.q, batch.l, batch.x}, batch.y, batch.trade);
        benchmark::ClobberMemory();
    }
    batch.report(state);
}
BENCHMARK(control_decide_fast_batch)->Arg(1024);

/// Under 25 ns: decide, move position and impact level, decide again.
void control_decide_chained(benchmark::State& state) {
    const control::Rule rule = *control::solve(example());
    double q = 0.0;
    double l = 0.0;
    constexpr double kStep = 0.01;
    for (auto _ : state) {
        const double u = rule.decide(q, l, 0.4);
        q += kStep * u;
        l += kStep * (0.1 * u - 0.1 * l);
        benchmark::DoNotOptimize(q);
    }
    // Where it comes to rest the rule trades nothing: l = 0 and q = P x/-M.
    double rest = 0.0;
    double level = 0.0;
    for (int i = 0; i < 200'000; ++i) {
        const double u = rule.decide(rest, level, 0.4);
        rest += kStep * u;
        level += kStep * (0.1 * u - 0.1 * level);
    }
    if (!(std::abs(rest - rule.aim(0.0, std::array<double, 1>{0.4})) < 1e-9)) state.SkipWithError("no rest at the aim");
}
BENCHMARK(control_decide_chained);

/// The whole guarded decision of a trader with a fast factor.
void control_trader_decide(benchmark::State& state) {
    control::TraderOptions options;
    options.market = example();
    options.factors = with_fast(control::FastOrder::one).factors();
    const control::Trader trader = *control::Trader::make(options);
    const std::array<double, 1> signal = {0.4};
    control::Situation situation;
    situation.signal = signal;
    situation.variance = 0.25;
    const auto first = trader.decide(situation);
    if (!first || std::abs(first->trade - trader.factor_rule()->decide(0.0, 0.0, signal, 0.25)) > 1e-15) {
        state.SkipWithError("a calm decision differs from the rule");
        return;
    }
    for (auto _ : state) {
        situation.position = -situation.position;
        benchmark::DoNotOptimize(trader.decide(situation)->trade);
    }
}
BENCHMARK(control_trader_decide);

}  // namespace
}  // namespace slipcast::bench
