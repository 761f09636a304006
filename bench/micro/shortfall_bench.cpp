#include <benchmark/benchmark.h>

#include <vector>

#include "slipcast/core/random.hpp"
#include "slipcast/math/sampling.hpp"
#include "slipcast/tca/shortfall.hpp"

namespace slipcast::bench {
namespace {

/// An order half filled in `fills` pieces at random prices.
struct Case {
    tca::LedgerOrder order;
    std::vector<tca::LedgerFill> fills;

    explicit Case(std::size_t count) {
        RandomStream random(1, "bench.shortfall");
        const auto price = [&] {
            return Price::from_units(100'000'000'000 +
                                     10'000'000 * static_cast<std::int64_t>(math::draw_index(random, 50)));
        };
        order.quantity = Quantity::from_units(200 * static_cast<std::int64_t>(count));
        order.decision = price();
        order.arrival = price();
        order.end_price = price();
        for (std::size_t i = 0; i < count; ++i)
            fills.push_back({price(), Quantity::from_units(100), price(), Money::from_units(1'000, {})});
    }
};

/// The definition of Perold's total in one line of 128-bit integers: s (sum q p + (Q - q) Pn - Q Pd) + F, at 1e-18.
Int128 reference_total(const Case& each) {
    Int128 paid = 0, fees = 0, filled = 0;
    for (const tca::LedgerFill& fill : each.fills) {
        paid += static_cast<Int128>(fill.price.units()) * fill.quantity.units();
        filled += fill.quantity.units();
        fees += fill.fee.units();
    }
    const Int128 quantity = each.order.quantity.units();
    return (paid + (quantity - filled) * each.order.end_price->units() - quantity * each.order.decision->units()) *
               each.order.value.factor() +
           fees;
}

void shortfall_ledger(benchmark::State& state) {
    const Case each(static_cast<std::size_t>(state.range(0)));
    const tca::Shortfall ledger = tca::shortfall(each.order, each.fills);
    if (!ledger.total || ledger.total->units() != reference_total(each)) {
        state.SkipWithError("the total differs from its definition");
        return;
    }
    for (auto _ : state) benchmark::DoNotOptimize(tca::shortfall(each.order, each.fills));
    state.counters["fills/s"] =
        benchmark::Counter(static_cast<double>(state.iterations() * state.range(0)), benchmark::Counter::kIsRate);
}

BENCHMARK(shortfall_ledger)->Arg(1)->Arg(10)->Arg(1000);

}  // namespace
}  // namespace slipcast::bench
