#include "simulate_tables.hpp"

#include <cmath>
#include <functional>
#include <utility>

#include "slipcast/core/table_builder.hpp"
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
    TableBuilder curves("curves", curve_episode_.size());
    curves.add(plain("algorithm", "How orders were split"), std::move(curve_algorithm_))
        .add(plain("episode", "The window's last order"), std::move(curve_episode_));
    fractions(curves, curve_);
    curves
        .add(plain("cumulative_regret", "Expected lots lost to the ideal split by all orders so far", "lots"),
             known(std::move(curve_[4])))
        .add(plain("cumulative_regret_std_error", kError, "lots"), known(std::move(curve_[5])))
        .add(plain("half_life",
                   "Times the remainder is sent until more than half of an order is done, after this window", "rounds"),
             known(std::move(curve_[6])))
        .add(plain("half_life_std_error", kError, "rounds"), known(std::move(curve_[7])));
    TableBuilder summary("summary", algorithm_.size());
    summary.add(plain("algorithm", "How orders were split"), std::move(algorithm_));
    fractions(summary, summary_);
    summary
        .add(plain("regret", "Expected lots lost to the ideal split, per order, over all episodes", "lots"),
             known(std::move(summary_[4])))
        .add(plain("regret_std_error", kError, "lots"), known(std::move(summary_[5])))
        .add(plain("half_life", "Times the remainder is sent until more than half of an order is done", "rounds"),
             known(std::move(summary_[6])))
        .add(plain("half_life_std_error", kError, "rounds"), known(std::move(summary_[7])))
        .add(plain("unfinished", "Orders not half done after 200 rounds, which count as 200"), std::move(unfinished_));
    return {curves.take(), summary.take()};
}

void SimulationTables::fractions(TableBuilder& table, Numbers& numbers) {
    table.add(plain("fraction_of_ideal", "Expected fill over that of the ideal split"), known(std::move(numbers[0])))
        .add(plain("of_ideal_std_error", kError), known(std::move(numbers[1])))
        .add(plain("fraction_executed", "Expected fill over volume"), known(std::move(numbers[2])))
        .add(plain("executed_std_error", kError), known(std::move(numbers[3])));
}

}  // namespace slipcast::venue::detail
