#include <fmt/format.h>

#include <cmath>
#include <map>

#include "slipcast/math/statistics.hpp"
#include "slipcast/sim/sim.hpp"
#include "slipcast/tca/tca.hpp"
#include "support/raw_columns.hpp"

/// `quality_planted_impact [WORLDS]`: orders of one size worked in many synthetic markets, with a linear lasting impact
/// of our own planted and without. Drift is what the measurement says; planted is what the overlay's formula says of
/// the same fills. Settled is the drift to the mid one second after each fill: a resting order is filled by prints that
/// know where the price is going, so the mid just before such a fill is about to move against it. Intervals are of
/// means over worlds, 1.96 standard errors.

namespace slipcast::bench {
namespace {

constexpr double kOwnBps = 4'000.0;  // 40 bps when 1 % of ADV has traded

struct Drift {
    double bps = 0.0, low = 0.0, high = 0.0;
};

double number(const Table& table, const char* name, std::size_t row) {
    const Column* column = table.find(name);
    if (column == nullptr || !column->is_valid(row)) fail(fmt::format("{} is missing", name));
    if (const auto* prices = std::get_if<std::vector<Price>>(&column->data)) return (*prices)[row].to_double();
    if (const auto* cash = std::get_if<MoneyColumn>(&column->data)) {
        return Money::from_units(cash->units[row], Currency{}).to_double();
    }
    return std::get<std::vector<double>>(column->data)[row];
}

Drift drift_of(const tca::Measurement& measured) {
    const Table& parts = *measured.find("shortfall");
    for (std::size_t row = 0; row < parts.rows(); ++row) {
        if (parts.text(row, 0) != "drift") continue;
        return {number(parts, "bps", row), number(parts, "low", row), number(parts, "high", row)};
    }
    fail("no drift");
}

/// What the mid moves in the first second after a fill, in the direction of the order.
double first_second(const tca::Measurement& measured) {
    const Table& curves = *measured.find("markout_curves");
    for (std::size_t row = 0; row < curves.rows(); ++row) {
        if (curves.text(row, 0) == "all") return number(curves, "mid_anchored_bps", row);
    }
    fail("no mark-out");
}

/// Each fill pays for the order's own fills before it, over what was ordered.
double planted_bps(const market::Dataset& dataset, const tca::Measurement& measured) {
    std::map<std::int32_t, double> before, sum;
    const double adv = *dataset.instruments.front().adv;
    for (const market::Fill& fill : dataset.fills) {
        const auto quantity = static_cast<double>(fill.quantity.units());
        sum[fill.order.index()] += quantity * kOwnBps * before[fill.order.index()] / adv;
        before[fill.order.index()] += quantity;
    }
    double cash = 0.0, notional = 0.0;
    const Table& orders = *measured.find("orders");
    for (std::size_t row = 0; row < dataset.orders.size(); ++row) {
        cash += sum[dataset.orders[row].id.index()] * number(orders, "arrival_price", row);
        notional += number(orders, "paper_notional_cash", row);
    }
    return cash / notional;
}

struct Found {
    math::Moments planted, drift, error, settled;
    int covered = 0;
    int worlds = 0;
};

void add_world(double size, bool with_impact, std::uint64_t seed, Found& found) {
    sim::MarketOptions market_options;
    market_options.symbols = 12;
    market_options.days = 3;
    market_options.seed = seed;
    market_options.quotes_per_day = 1'500;
    market_options.correlation = 0.0;
    market_options.stress_share = 0.0;
    market_options.halt_rate = 0.0;
    sim::ParentOptions parents;
    parents.count = 36;
    parents.seed = seed;
    parents.min_size = parents.max_size = size;
    parents.min_horizon = std::chrono::minutes{40};
    parents.max_horizon = std::chrono::minutes{90};
    parents.style_weights = {1.0, 0.0, 0.0, 0.0, 0.0};
    parents.limit_share = 0.0;
    parents.cancel_share = 0.0;
    auto market = sim::synthetic_market(market_options);
    if (!market) fail(market.error().message());
    auto book = sim::generate_parents(*market, parents);
    if (!book) fail(book.error().message());
    sim::ReplayOptions options;
    options.impact.enabled = with_impact;
    options.impact.own_bps = kOwnBps;
    options.impact.gamma = 1.0;
    options.impact.decays.front().half_life = std::chrono::hours{24 * 365};
    const auto replayed = sim::replay_in_memory(std::move(*market), std::move(*book), options);
    if (!replayed) fail(replayed.error().message());
    tca::MeasureOptions measure_options;
    measure_options.markouts = {"1s"};
    const auto measured = tca::measure(replayed->dataset, measure_options);
    if (!measured) fail(measured.error().message());
    const Drift drift = drift_of(*measured);
    const double planted = with_impact ? planted_bps(replayed->dataset, *measured) : 0.0;
    found.planted.add(planted);
    found.drift.add(drift.bps);
    found.error.add(drift.bps - planted);
    found.settled.add(drift.bps + first_second(*measured));
    found.covered += drift.low <= planted && planted <= drift.high ? 1 : 0;
    ++found.worlds;
}

}  // namespace
}  // namespace slipcast::bench

int main(int argc, char** argv) {
    using namespace slipcast;
    const int worlds = argc > 1 ? std::atoi(argv[1]) : 24;
    if (worlds < 2) bench::fail("usage: quality_planted_impact [WORLDS]");
    fmt::print(
        "| overlay | size, of ADV | planted bps | measured drift bps | its interval | settled bps | its interval "
        "| worlds whose own interval holds it |\n|---|---|---|---|---|---|---|---|\n");
    for (const bool with_impact : {true, false}) {
        for (const double size : {2e-3, 5e-3, 1e-2, 2e-2}) {
            bench::Found found;
            for (int world = 0; world < worlds; ++world) {
                bench::add_world(size, with_impact, static_cast<std::uint64_t>(500 + world), found);
            }
            const double half = 1.96 * *found.error.standard_error();
            const double settled = *found.settled.mean();
            const double settled_half = 1.96 * *found.settled.standard_error();
            fmt::print("| {} | {:g} | {:.2f} | {:.2f} | {:.2f} to {:.2f} | {:.2f} | {:.2f} to {:.2f} | {} of {} |\n",
                       with_impact ? "on" : "off", size, *found.planted.mean(), *found.drift.mean(),
                       *found.drift.mean() - half, *found.drift.mean() + half, settled, settled - settled_half,
                       settled + settled_half, found.covered, found.worlds);
        }
    }
    return 0;
}
