#include "compare.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>

#include "slipcast/core/assert.hpp"

namespace slipcast::trial {

namespace {

// Of one policy: the mean, the quantiles, and what the desk's objective makes of the outcome.
constexpr std::array<const char*, 5> kNames{"mean", "p50", "p90", "p95", "objective"};
constexpr std::array kLevels{0.5, 0.9, 0.95};
constexpr std::size_t kStatistics = kNames.size();

/// The orders' costs under one policy, cheapest first.
struct Ranked {
    std::vector<double> cost;
    std::vector<std::size_t> block;
    std::vector<std::uint8_t> is_missed;  ///< not filled whole
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
        result.is_missed.push_back(worked[i].completion < 1.0 ? 1 : 0);
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
    std::uint64_t count = 0, missed = 0;
    double sum = 0.0;
    for (std::size_t i = 0; i < ranked.cost.size(); ++i) {
        const std::uint64_t here = times[ranked.block[i]];
        count += here;
        missed += here * ranked.is_missed[i];
        sum += static_cast<double>(here) * ranked.cost[i];
    }
    SLIPCAST_ASSERT(count > 0, "every resample holds orders");
    values[0] = sum / static_cast<double>(count);
    for (std::size_t k = 0; k < kLevels.size(); ++k) values[1 + k] = quantile(ranked, times, count, kLevels[k]);
    values[kStatistics - 1] = values[0] +
                              objective.tail_weight * quantile(ranked, times, count, objective.tail_quantile) +
                              objective.miss_weight * static_cast<double>(missed) / static_cast<double>(count);
}

class TableMaker {
public:
    explicit TableMaker(const char* name) : table_(name) {}
    template <typename Data>
    TableMaker& add(std::string name, const char* unit, Data data, std::string meaning, SignTag sign = SignTag::none) {
        Column column;
        column.meta.name = std::move(name);
        column.meta.unit = unit;
        column.meta.sign = sign;
        column.meta.meaning = std::move(meaning);
        column.data = std::move(data);
        table_.add(std::move(column));
        return *this;
    }
    TableMaker& add_interval_end(std::string name, const std::vector<std::optional<double>>& ends,
                                 std::string meaning) {
        Column column;
        column.meta.name = std::move(name);
        column.meta.unit = "bps";
        column.meta.sign = SignTag::cost;
        column.meta.meaning = std::move(meaning);
        std::vector<double> values;
        for (const auto& end : ends) {
            values.push_back(end.value_or(std::numeric_limits<double>::quiet_NaN()));
            column.valid.push_back(end ? 1 : 0);
        }
        column.data = std::move(values);
        table_.add(std::move(column));
        return *this;
    }
    /// A statistic in bps with its interval, one row a result.
    void add_statistic(const std::string& value, const std::string& ends, const std::string& meaning,
                       const std::vector<math::StatisticInterval>& rows) {
        std::vector<double> estimates;
        std::vector<std::optional<double>> low, high;
        for (const math::StatisticInterval& row : rows) {
            estimates.push_back(row.estimate);
            low.push_back(row.low);
            high.push_back(row.high);
        }
        add(value, "bps", std::move(estimates), meaning, SignTag::cost);
        add_interval_end(ends + "_low", low, "lower end of the interval of " + value);
        add_interval_end(ends + "_high", high, "upper end of the interval of " + value);
    }
    [[nodiscard]] Table take() { return std::move(table_); }

private:
    Table table_;
};

double mean_of(const std::vector<Worked>& worked, double Worked::* field) {
    double sum = 0.0;
    for (const Worked& each : worked) sum += each.*field;
    return sum / static_cast<double>(worked.size());
}

std::string meaning_of(std::size_t statistic) {
    if (statistic == kStatistics - 1) {
        return "the desk's objective in hindsight: mean + tail weight x tail quantile + miss weight x share of orders "
               "not filled whole";
    }
    return std::string(kNames[statistic]) + " of the orders' implementation shortfall";
}

Table policies_table(const Comparison& all, const std::vector<math::StatisticInterval>& statistics) {
    std::vector<std::int64_t> orders, children;
    std::vector<double> completion, finished, dark, fees;
    for (const std::vector<Worked>& worked : all.worked) {
        orders.push_back(static_cast<std::int64_t>(worked.size()));
        completion.push_back(mean_of(worked, &Worked::completion));
        const auto whole =
            std::count_if(worked.begin(), worked.end(), [](const Worked& each) { return each.completion >= 1.0; });
        finished.push_back(static_cast<double>(whole) / static_cast<double>(worked.size()));
        dark.push_back(mean_of(worked, &Worked::dark_share));
        fees.push_back(mean_of(worked, &Worked::fees_bps));
        std::int64_t sent = 0;
        for (const Worked& each : worked) sent += each.children;
        children.push_back(sent);
    }
    TableMaker table("trial_policies");
    table.add("policy", "", all.policies, "how the orders were worked")
        .add("orders", "", std::move(orders), "the same for every policy")
        .add("completion", "", std::move(completion), "mean share of an order that was filled")
        .add("finished", "", std::move(finished), "share of orders that were filled whole");
    for (std::size_t k = 0; k < kStatistics; ++k) {
        std::vector<math::StatisticInterval> rows;
        for (std::size_t p = 0; p < all.policies.size(); ++p) rows.push_back(statistics[p * kStatistics + k]);
        table.add_statistic(std::string(kNames[k]) + "_bps", kNames[k], meaning_of(k), rows);
    }
    table.add("dark_share", "", std::move(dark), "mean share of an order's fills in dark venues")
        .add("children", "", std::move(children), "placements sent")
        .add("fees_bps", "bps", std::move(fees), "mean explicit cost; a rebate is negative", SignTag::cost);
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
    std::vector<double> cheaper, completion;
    for (const auto& [a, b] : pairs) {
        policy.push_back(all.policies[a]);
        baseline.push_back(all.policies[b]);
        orders.push_back(static_cast<std::int64_t>(all.worked[a].size()));
        double wins = 0.0;
        for (std::size_t i = 0; i < all.worked[a].size(); ++i) {
            const double own = all.worked[a][i].shortfall_bps, other = all.worked[b][i].shortfall_bps;
            wins += own < other ? 1.0 : own == other ? 0.5 : 0.0;
        }
        cheaper.push_back(wins / static_cast<double>(all.worked[a].size()));
        completion.push_back(mean_of(all.worked[a], &Worked::completion) - mean_of(all.worked[b], &Worked::completion));
    }
    TableMaker table("trial_pairs");
    table.add("policy", "", std::move(policy), "")
        .add("baseline", "", std::move(baseline), "what it is set against, on the same orders")
        .add("orders", "", std::move(orders), "");
    for (std::size_t k = 0; k < kStatistics; ++k) {
        std::vector<math::StatisticInterval> rows;
        for (std::size_t p = 0; p < pairs.size(); ++p) rows.push_back(differences[p * kStatistics + k]);
        table.add_statistic(std::string(kNames[k]) + "_difference_bps", kNames[k],
                            std::string(kNames[k]) + " of the policy less that of the baseline; negative: cheaper",
                            rows);
    }
    table
        .add("cheaper", "", std::move(cheaper),
             "share of orders that the policy worked at less cost; equal costs count half")
        .add("completion_difference", "", std::move(completion), "mean share filled, less the baseline's");
    return table.take();
}

Table orders_table(const Comparison& all) {
    std::vector<std::string> id, symbol, side, policy;
    std::vector<double> size, shortfall, arrival, completion, dark;
    std::vector<std::int64_t> children;
    for (std::size_t i = 0; i < all.order_id.size(); ++i) {
        for (std::size_t p = 0; p < all.policies.size(); ++p) {
            const Worked& worked = all.worked[p][i];
            id.push_back(all.order_id[i]);
            symbol.push_back(all.symbol[i]);
            side.push_back(all.side[i]);
            policy.push_back(all.policies[p]);
            size.push_back(all.size[i]);
            shortfall.push_back(worked.shortfall_bps);
            arrival.push_back(worked.arrival_cost_bps);
            completion.push_back(worked.completion);
            dark.push_back(worked.dark_share);
            children.push_back(worked.children);
        }
    }
    TableMaker table("trial_orders");
    table.add("order_id", "", std::move(id), "")
        .add("symbol", "", std::move(symbol), "")
        .add("side", "", std::move(side), "")
        .add("size", "", std::move(size), "ordered quantity over daily volume")
        .add("policy", "", std::move(policy), "how it was worked")
        .add("shortfall_bps", "bps", std::move(shortfall), "implementation shortfall", SignTag::cost);
    std::vector<std::optional<double>> known;
    for (const double each : arrival) known.push_back(std::isnan(each) ? std::nullopt : std::optional(each));
    table.add_interval_end("arrival_cost_bps", known, "fills against the arrival mid");
    table.add("completion", "", std::move(completion), "share filled")
        .add("dark_share", "", std::move(dark), "share of its fills in dark venues")
        .add("children", "", std::move(children), "placements sent");
    return table.take();
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
