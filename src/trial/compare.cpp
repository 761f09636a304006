#include "compare.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>

#include "slipcast/core/assert.hpp"
#include "slipcast/core/table_builder.hpp"

namespace slipcast::trial {

namespace {

// Of one policy, in bps: the mean, the quantiles, and what the desk's objective makes of the outcome.
constexpr std::array<const char*, 5> kCosts{"mean", "p50", "p90", "p95", "objective"};
constexpr std::array kLevels{0.5, 0.9, 0.95};
constexpr std::size_t kObjective = kCosts.size() - 1;
// And shares: how much of an order was filled, how many were filled whole.
constexpr std::size_t kCompletion = kCosts.size();
constexpr std::size_t kFinished = kCompletion + 1;
constexpr std::size_t kStatistics = kFinished + 1;

/// The orders' costs under one policy, cheapest first.
struct Ranked {
    std::vector<double> cost;
    std::vector<std::size_t> block;
    std::vector<double> completion;  ///< share filled; 1 = whole
};

/// Blocks numbered from 0, one an order.
struct Blocks {
    std::vector<std::size_t> of_order;
    std::size_t count = 0;
};

Blocks blocks_of(const std::vector<std::int64_t>& keys) {
    std::vector<std::int64_t> distinct = keys;
    std::sort(distinct.begin(), distinct.end());
    distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
    Blocks blocks{{}, distinct.size()};
    for (const std::int64_t key : keys) {
        const auto found = std::lower_bound(distinct.begin(), distinct.end(), key);
        blocks.of_order.push_back(static_cast<std::size_t>(found - distinct.begin()));
    }
    return blocks;
}

Ranked ranked(const std::vector<Worked>& worked, const Blocks& blocks) {
    std::vector<std::size_t> order(worked.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return worked[a].shortfall_bps < worked[b].shortfall_bps; });
    Ranked result;
    for (const std::size_t i : order) {
        result.cost.push_back(worked[i].shortfall_bps);
        result.block.push_back(blocks.of_order[i]);
        result.completion.push_back(worked[i].completion);
    }
    return result;
}

/// The quantile when an order of block b counts times[b] times, `count` in all: linear between order statistics, as
/// everywhere.
double quantile(const Ranked& ranked, std::span<const std::uint32_t> times, std::uint64_t count, double level) {
    const double position = level * static_cast<double>(count - 1);
    std::uint64_t seen = 0;
    double before = ranked.cost.front();
    for (std::size_t i = 0; i < ranked.cost.size(); ++i) {
        const std::uint64_t here = times[ranked.block[i]];
        if (here == 0) continue;
        const double first = static_cast<double>(seen);
        seen += here;
        // Among equal ones, or between the last of the costs before and the first of this one.
        if (position <= first) return ranked.cost[i] + (position - first) * (ranked.cost[i] - before);
        if (position <= static_cast<double>(seen - 1)) return ranked.cost[i];
        before = ranked.cost[i];
    }
    return before;
}

/// The statistics when an order of block b counts times[b] times.
void summarize(const Ranked& ranked, std::span<const std::uint32_t> times, const desk::ObjectiveOptions& objective,
               std::span<double> values) {
    std::uint64_t count = 0, finished = 0;
    double sum = 0.0, filled = 0.0;
    for (std::size_t i = 0; i < ranked.cost.size(); ++i) {
        const std::uint64_t here = times[ranked.block[i]];
        count += here;
        if (ranked.completion[i] >= 1.0) finished += here;
        sum += static_cast<double>(here) * ranked.cost[i];
        filled += static_cast<double>(here) * ranked.completion[i];
    }
    SLIPCAST_ASSERT(count > 0, "every resample holds orders");
    const auto orders = static_cast<double>(count);
    values[0] = sum / orders;
    values[kCompletion] = filled / orders;
    values[kFinished] = static_cast<double>(finished) / orders;
    for (std::size_t k = 0; k < kLevels.size(); ++k) values[1 + k] = quantile(ranked, times, count, kLevels[k]);
    values[kObjective] = values[0] + objective.tail_weight * quantile(ranked, times, count, objective.tail_quantile) +
                         objective.miss_weight * static_cast<double>(count - finished) / orders;
}

/// Adds a statistic with the ends of its interval, one row a result. `ends` begins the names of the ends.
void add_statistic(TableBuilder& table, const ColumnMeta& value, const std::string& ends,
                   const std::vector<math::StatisticInterval>& rows) {
    using math::StatisticInterval;
    table.add(value, of(rows, &StatisticInterval::estimate))
        .add(plain(ends + "_low", "lower end of the interval of " + value.name, value.unit, value.sign),
             of(rows, &StatisticInterval::low))
        .add(plain(ends + "_high", "upper end of the interval of " + value.name, value.unit, value.sign),
             of(rows, &StatisticInterval::high));
}

/// Statistic k of each of `rows` results.
std::vector<math::StatisticInterval> each_of(std::span<const math::StatisticInterval> statistics, std::size_t rows,
                                             std::size_t k) {
    std::vector<math::StatisticInterval> list;
    for (std::size_t row = 0; row < rows; ++row) list.push_back(statistics[row * kStatistics + k]);
    return list;
}

double mean_of(const std::vector<Worked>& worked, double Worked::* field) {
    double sum = 0.0;
    for (const Worked& each : worked) sum += each.*field;
    return sum / static_cast<double>(worked.size());
}

std::string meaning_of(std::size_t statistic) {
    if (statistic == kObjective) {
        return "the desk's objective in hindsight: mean + tail weight x tail quantile + miss weight x share of orders "
               "not filled whole";
    }
    return std::string(kCosts[statistic]) + " of the orders' implementation shortfall";
}

Table policies_table(const Comparison& all, std::span<const math::StatisticInterval> statistics) {
    using Orders = const std::vector<Worked>&;
    const std::size_t policies = all.policies.size();
    const auto children = [](Orders worked) {
        std::int64_t sent = 0;
        for (const Worked& each : worked) sent += each.children;
        return sent;
    };
    const auto mean = [](double Worked::* field) { return [field](Orders worked) { return mean_of(worked, field); }; };
    TableBuilder table("trial_policies", policies);
    table.add(plain("policy", "how the orders were worked"), all.policies)
        .add(plain("orders", "the same for every policy"),
             of(all.worked, [](Orders worked) { return static_cast<std::int64_t>(worked.size()); }));
    add_statistic(table, plain("completion", "mean share of an order that was filled"), "completion",
                  each_of(statistics, policies, kCompletion));
    add_statistic(table, plain("finished", "share of orders that were filled whole"), "finished",
                  each_of(statistics, policies, kFinished));
    for (std::size_t k = 0; k < kCosts.size(); ++k) {
        add_statistic(table, plain(std::string(kCosts[k]) + "_bps", meaning_of(k), "bps", SignTag::cost), kCosts[k],
                      each_of(statistics, policies, k));
    }
    table
        .add(plain("dark_share", "mean share of an order's fills in dark venues"),
             of(all.worked, mean(&Worked::dark_share)))
        .add(plain("children", "placements sent"), of(all.worked, children))
        .add(plain("fees_bps", "mean explicit cost; a rebate is negative", "bps", SignTag::cost),
             of(all.worked, mean(&Worked::fees_bps)));
    return table.take();
}

/// The first policy against each of the others.
std::vector<std::pair<std::size_t, std::size_t>> pairs_of(const std::vector<std::string>& policies) {
    std::vector<std::pair<std::size_t, std::size_t>> pairs;
    for (std::size_t other = 1; other < policies.size(); ++other) pairs.emplace_back(0, other);
    return pairs;
}

Table pairs_table(const Comparison& all, const std::vector<std::pair<std::size_t, std::size_t>>& pairs,
                  std::span<const math::StatisticInterval> differences) {
    std::vector<std::string> policy, baseline;
    std::vector<std::int64_t> orders;
    std::vector<double> cheaper, equal;
    for (const auto& [a, b] : pairs) {
        policy.push_back(all.policies[a]);
        baseline.push_back(all.policies[b]);
        orders.push_back(static_cast<std::int64_t>(all.worked[a].size()));
        std::size_t wins = 0, ties = 0;
        for (std::size_t i = 0; i < all.worked[a].size(); ++i) {
            const double own = all.worked[a][i].shortfall_bps, other = all.worked[b][i].shortfall_bps;
            wins += own < other ? 1 : 0;
            ties += own == other ? 1 : 0;
        }
        cheaper.push_back(static_cast<double>(wins) / static_cast<double>(all.worked[a].size()));
        equal.push_back(static_cast<double>(ties) / static_cast<double>(all.worked[a].size()));
    }
    TableBuilder table("trial_pairs", pairs.size());
    table.add(plain("policy", ""), std::move(policy))
        .add(plain("baseline", "what it is set against, on the same orders"), std::move(baseline))
        .add(plain("orders", ""), std::move(orders));
    for (std::size_t k = 0; k < kCosts.size(); ++k) {
        const std::string name = kCosts[k];
        add_statistic(table,
                      plain(name + "_difference_bps",
                            name + " of the policy less that of the baseline; negative: cheaper", "bps", SignTag::cost),
                      name, each_of(differences, pairs.size(), k));
    }
    table.add(plain("cheaper", "share of orders that the policy worked at less cost"), std::move(cheaper))
        .add(plain("equal", "share of orders that cost the same"), std::move(equal));
    add_statistic(table, plain("completion_difference", "mean share filled, less the baseline's"), "completion",
                  each_of(differences, pairs.size(), kCompletion));
    add_statistic(table, plain("finished_difference", "share of orders filled whole, less the baseline's"), "finished",
                  each_of(differences, pairs.size(), kFinished));
    return table.take();
}

/// A row an order and policy.
Table orders_table(const Comparison& all) {
    const std::size_t policies = all.policies.size();
    const auto of_order = [policies](const auto& values) {
        return [&values, policies](std::size_t row) { return values[row / policies]; };
    };
    const auto worked = [&all, policies](auto Worked::* field) {
        return [&all, policies, field](std::size_t row) { return all.worked[row % policies][row / policies].*field; };
    };
    return TableBuilder("trial_orders", all.order_id.size() * policies)
        .add(plain("order_id", ""), of_order(all.order_id))
        .add(plain("symbol", ""), of_order(all.symbol))
        .add(plain("side", ""), of_order(all.side))
        .add(plain("size", "ordered quantity over daily volume"), of_order(all.size))
        .add(plain("policy", "how it was worked"), [&](std::size_t row) { return all.policies[row % policies]; })
        .add(plain("shortfall_bps", "implementation shortfall", "bps", SignTag::cost), worked(&Worked::shortfall_bps))
        .add(plain("arrival_cost_bps", "fills against the arrival mid", "bps", SignTag::cost),
             known(worked(&Worked::arrival_cost_bps)))
        .add(plain("completion", "share filled"), worked(&Worked::completion))
        .add(plain("dark_share", "share of its fills in dark venues"), worked(&Worked::dark_share))
        .add(plain("children", "placements sent"), worked(&Worked::children))
        .take();
}

}  // namespace

std::vector<Table> comparison_tables(const Comparison& comparison, const desk::ObjectiveOptions& objective,
                                     const math::ResampleOptions& resample) {
    const Blocks blocks = blocks_of(comparison.block);
    std::vector<Ranked> policies;
    for (const auto& worked : comparison.worked) policies.push_back(ranked(worked, blocks));
    const auto pairs = pairs_of(comparison.policies);
    const std::size_t own = policies.size() * kStatistics;
    // One resampling for all: a difference is that of two policies on the same blocks.
    const auto evaluate = [&](std::span<const std::uint32_t> times, std::span<double> values) {
        for (std::size_t p = 0; p < policies.size(); ++p) {
            summarize(policies[p], times, objective, values.subspan(p * kStatistics, kStatistics));
        }
        for (std::size_t p = 0; p < pairs.size(); ++p) {
            for (std::size_t k = 0; k < kStatistics; ++k) {
                values[own + p * kStatistics + k] =
                    values[pairs[p].first * kStatistics + k] - values[pairs[p].second * kStatistics + k];
            }
        }
    };
    const auto statistics =
        math::statistic_intervals(blocks.count, own + pairs.size() * kStatistics, evaluate, resample);
    std::vector<Table> tables;
    tables.push_back(policies_table(comparison, statistics));
    tables.push_back(pairs_table(comparison, pairs, std::span(statistics).subspan(own)));
    tables.push_back(orders_table(comparison));
    return tables;
}

}  // namespace slipcast::trial
