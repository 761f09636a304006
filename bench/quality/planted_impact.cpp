#include <fmt/format.h>

#include <cmath>

#include "slipcast/math/statistics.hpp"
#include "slipcast/math/student.hpp"
#include "slipcast/sim/sim.hpp"
#include "slipcast/tca/tca.hpp"
#include "support/planted_drift.hpp"
#include "support/raw_columns.hpp"

/// `quality_planted_impact [WORLDS]`: orders of one size worked in many synthetic markets, with a linear lasting impact
/// of our own planted and without. Drift is what the measurement says; planted is what the overlay's formula says of
/// the same fills. Worked by the clock, each slice crosses at its beginning, and no fill is chosen by the price.
/// Resting first, a fill comes when somebody trades who knows where the price is going, and what does not fill is
/// crossed where it went: its drift holds that choice too, and only the difference of two runs of one world holds the
/// impact alone. Intervals are of means over worlds: 95 % by Student's quantile with one degree of freedom less than
/// worlds.

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

struct Setting {
    double size = 0.0;
    bool crosses = true;
};

/// One world, measured.
struct World {
    Drift drift;
    double planted = 0.0;
};

struct Found {
    math::Moments planted, drift, error;
    int covered = 0;

    void add(const World& world) {
        planted.add(world.planted);
        drift.add(world.drift.bps);
        error.add(world.drift.bps - world.planted);
        covered += world.drift.low <= world.planted && world.planted <= world.drift.high ? 1 : 0;
    }
    void print(const Setting& setting, const char* run, int worlds, bool has_own_intervals) const {
        const double reach = math::student_quantile(0.975, worlds - 1.0);
        const double half = reach * *drift.standard_error();
        const double half_error = reach * *error.standard_error();
        fmt::print("| {} | {} | {:g} | {:.2f} | {:.2f} | {:.2f} to {:.2f} | {:.2f} to {:.2f} | {} |\n",
                   setting.crosses ? "by the clock" : "resting first", run, setting.size, *planted.mean(),
                   *drift.mean(), *drift.mean() - half, *drift.mean() + half, *error.mean() - half_error,
                   *error.mean() + half_error, has_own_intervals ? fmt::format("{} of {}", covered, worlds) : "");
    }
};

World world_of(const Setting& setting, bool with_impact, std::uint64_t seed) {
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
    parents.min_size = parents.max_size = setting.size;
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
    options.crosses_schedules = setting.crosses;
    options.impact.enabled = with_impact;
    options.impact.own_bps = kOwnBps;
    options.impact.gamma = 1.0;
    options.impact.decays.front().half_life = std::chrono::hours{24 * 365};
    const auto replayed = sim::replay_in_memory(std::move(*market), *book, options);
    if (!replayed) fail(replayed.error().message());
    tca::MeasureOptions measure_options;
    measure_options.markouts = {"1min"};
    const auto measured = tca::measure(replayed->dataset, measure_options);
    if (!measured) fail(measured.error().message());
    return {drift_of(*measured),
            with_impact ? test::planted_drift_bps(replayed->dataset, *measured->find("orders"), kOwnBps) : 0.0};
}

}  // namespace
}  // namespace slipcast::bench

int main(int argc, char** argv) {
    using namespace slipcast;
    const int worlds = argc > 1 ? std::atoi(argv[1]) : 24;
    if (worlds < 2) bench::fail("usage: quality_planted_impact [WORLDS]");
    fmt::print(
        "| worked | impact | size, of ADV | planted bps | drift bps | its interval | interval of drift less planted "
        "| worlds whose own interval holds planted |\n|---|---|---|---|---|---|---|---|\n");
    for (const bool crosses : {true, false}) {
        for (const double size : {2e-3, 5e-3, 1e-2, 2e-2}) {
            const bench::Setting setting{size, crosses};
            bench::Found on, off, paired;
            for (int world = 0; world < worlds; ++world) {
                const auto seed = static_cast<std::uint64_t>(500 + world);
                const bench::World with = bench::world_of(setting, true, seed);
                const bench::World without = bench::world_of(setting, false, seed);
                on.add(with);
                off.add(without);
                paired.add({{with.drift.bps - without.drift.bps, 0.0, 0.0}, with.planted});
            }
            on.print(setting, "on", worlds, true);
            off.print(setting, "off", worlds, true);
            paired.print(setting, "on less off", worlds, false);
        }
    }
    return 0;
}
