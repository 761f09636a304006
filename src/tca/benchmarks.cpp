#include "slipcast/tca/benchmarks.hpp"

#include "slipcast/core/assert.hpp"

namespace slipcast::tca {

namespace {

constexpr std::array<BenchmarkDefinition, kBenchmarks> kDefinitions{{
    {"decision", "decision_price", 1,
     "the decision price of the order's row, else the mid strictly before decision_time"},
    {"arrival", "arrival_price", 1, "the mid strictly before arrival_time"},
    {"desk_arrival", "desk_arrival_price", 1, "the mid strictly before desk_arrival_time"},
    {"broker_arrival", "broker_arrival_price", 1, "the mid strictly before broker_arrival_time"},
    {"interval_vwap", "interval_vwap", 1,
     "VWAP of regular prints from arrival to the last fill, both included, own executions included"},
    {"interval_vwap_ex_own", "interval_vwap_ex_own", 1, "interval_vwap without the order's own executions"},
    {"day_vwap", "day_vwap", 1,
     "VWAP of regular prints of the arrival's session: open to close, and its auctions by flag"},
    {"interval_twap", "interval_twap", 1,
     "mid from arrival to the last fill weighted by how long it stood, within sessions and outside feed gaps"},
    {"open", "open", 1, "price of the session's opening auction; the first regular print where there is no auction"},
    {"close", "close", 1, "price of the session's closing auction; the last regular print where there is no auction"},
    {"prev_close", "prev_close", 2, "the close of the session before, a split since then carried over"},
    {"near_touch", "near_touch", 1, "the best quote on the order's own side strictly before arrival_time"},
    {"far_touch", "far_touch", 1, "the best quote on the opposite side strictly before arrival_time"},
}};

}  // namespace

const BenchmarkDefinition& definition(Benchmark benchmark) {
    return kDefinitions[static_cast<std::size_t>(benchmark)];
}

std::optional<Price> average_price(Int128 price_times_quantity, std::int64_t quantity) {
    if (quantity <= 0) return std::nullopt;
    return Price::from_units(narrow(divide_half_even(price_times_quantity, quantity)));
}

std::optional<Slippage> slippage(Side side, const Executed& executed, Price benchmark, const ContractValue& value,
                                 PriceMove tick_size) {
    SLIPCAST_ASSERT(tick_size.units() > 0, "a tick is positive");
    if (executed.quantity.units() <= 0) return std::nullopt;
    const Int128 at_benchmark = static_cast<Int128>(benchmark.units()) * executed.quantity.units();
    const Int128 cost = (executed.price_times_quantity - at_benchmark) * sign(side);
    Slippage result;
    result.cash = Money::from_units(checked_multiply(cost, value.factor()), value.currency());
    if (benchmark.units() > 0) result.bps = static_cast<double>(cost) / static_cast<double>(at_benchmark) * 1e4;
    result.ticks = static_cast<double>(cost) /
                   static_cast<double>(static_cast<Int128>(tick_size.units()) * executed.quantity.units());
    return result;
}

}  // namespace slipcast::tca
