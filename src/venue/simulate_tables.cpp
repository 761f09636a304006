#include "simulate_tables.hpp"

#include <cmath>
#include <functional>
#include <utility>

#include "columns.hpp"
#include "slipcast/math/statistics.hpp"

namespace slipcast::venue::detail {
namespace {

void add_each(std::vector<double>& sum, const std::vector<double>& other, double count) {
    sum.resize(other.size(), 0.0);
    for (std::size_t i = 0; i < other.size(); ++i) sum[i] += other[i] / count;
}

math::Moments over(std::span<const Outcome> trials, const std::function<double(const Outcome&)>& value) {
    math::Moments moments;
    for (const Outcome& trial : trials) moments.add(value(trial));
    return moments;
}

/// A mean and its standard error; missing is NaN.
void put(std::array<std::vector<double>, 8>& numbers, std::size_t at, const math::Moments& moments) {
    numbers[at].push_back(moments.mean().value_or(std::nan("")));
    numbers[at + 1].push_back(moments.standard_error().value_or(std::nan("")));
}

constexpr const char* kError = "Standard error over trials";

}  // namespace

void Outcome::add(const Outcome& other, double count) {
    add_each(of_ideal, other.of_ideal, count);
    add_each(executed, other.executed, count);
    add_each(lost, other.lost, count);
    add_each(half_life, other.half_life, count);
    regret += other.regret / count;
    last_half_life += other.last_half_life / count;
    unfinished += other.unfinished;
}

void SimulationTables::add(Algorithm algorithm, std::span<const Outcome> trials, const SimulateOptions& options) {
    const std::string label{name(algorithm)};
    const std::size_t windows = trials.front().of_ideal.size();
    for (std::size_t w = 0; w < windows; ++w) {
        curve_algorithm_.push_back(label);
        curve_episode_.push_back(static_cast<std::int64_t>(w + 1) * options.window);
        put(curve_, 0, over(trials, [w](const Outcome& trial) { return trial.of_ideal[w]; }));
        put(curve_, 2, over(trials, [w](const Outcome& trial) { return trial.executed[w]; }));
        put(curve_, 4, over(trials, [w](const Outcome& trial) { return trial.lost[w]; }));
        const bool has_half_life = options.half_life_curve_orders > 0;
        put(curve_, 6,
            has_half_life ? over(trials, [w](const Outcome& trial) { return trial.half_life[w]; }) : math::Moments{});
    }
    algorithm_.push_back(label);
    put(summary_, 0, over(trials, [](const Outcome& trial) { return trial.of_ideal.back(); }));
    put(summary_, 2, over(trials, [](const Outcome& trial) { return trial.executed.back(); }));
    put(summary_, 4, over(trials, [](const Outcome& trial) { return trial.regret; }));
    const bool has_half_life = options.half_life_orders > 0;
    put(summary_, 6,
        has_half_life ? over(trials, [](const Outcome& trial) { return trial.last_half_life; }) : math::Moments{});
    unfinished_.push_back(0);
    for (const Outcome& trial : trials) unfinished_.back() += trial.unfinished;
}

Simulation SimulationTables::made() {
    Simulation made{Table{"curves"}, Table{"summary"}};
    Table& curves = made.curves;
    curves.add(column("algorithm", "", std::move(curve_algorithm_), "How orders were split"));
    curves.add(column("episode", "", std::move(curve_episode_), "The window's last order"));
    fractions(curves, curve_);
    curves.add(column("cumulative_regret", "lots", std::move(curve_[4]),
                      "Expected lots lost to the ideal split by all orders so far"));
    curves.add(column("cumulative_regret_std_error", "lots", std::move(curve_[5]), kError));
    curves.add(column("half_life", "rounds", std::move(curve_[6]),
                      "Times the remainder is sent until more than half of an order is done, after this window"));
    curves.add(column("half_life_std_error", "rounds", std::move(curve_[7]), kError));
    Table& summary = made.summary;
    summary.add(column("algorithm", "", std::move(algorithm_), "How orders were split"));
    fractions(summary, summary_);
    summary.add(column("regret", "lots", std::move(summary_[4]),
                       "Expected lots lost to the ideal split, per order, over all episodes"));
    summary.add(column("regret_std_error", "lots", std::move(summary_[5]), kError));
    summary.add(column("half_life", "rounds", std::move(summary_[6]),
                       "Times the remainder is sent until more than half of an order is done"));
    summary.add(column("half_life_std_error", "rounds", std::move(summary_[7]), kError));
    summary.add(
        column("unfinished", "", std::move(unfinished_), "Orders not half done after 200 rounds, which count as 200"));
    return made;
}

void SimulationTables::fractions(Table& table, Numbers& numbers) {
    table.add(column("fraction_of_ideal", "", std::move(numbers[0]), "Expected fill over that of the ideal split"));
    table.add(column("of_ideal_std_error", "", std::move(numbers[1]), kError));
    table.add(column("fraction_executed", "", std::move(numbers[2]), "Expected fill over volume"));
    table.add(column("executed_std_error", "", std::move(numbers[3]), kError));
}

}  // namespace slipcast::venue::detail
