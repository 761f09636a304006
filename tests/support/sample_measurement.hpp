#pragma once

#include <array>
#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include "slipcast/core/money.hpp"
#include "slipcast/tca/measure.hpp"
#include "support/sample_orders.hpp"

namespace slipcast::test {

/// A hand-made measurement: every table and column name a page reads, with numbers of plausible size that are NOT the
/// result of measuring anything. Use it to test what is shown, never what is measured.
namespace sample {

inline Table summary_table() {
    Table table("summary");
    table.add(labels("metric",
                     {"orders", "fills", "shortfall_bps", "arrival_cost_bps", "interval_vwap_cost_bps", "spread_bps",
                      "fees_bps", "completion", "participation", "price_improvement_bps", "reversion_bps"}));
    table.add(labels(
        "label", {"orders measured", "fills", "implementation shortfall", "arrival cost", "interval VWAP cost",
                  "spread paid", "fees", "completion", "participation", "price improvement", "reversion after 5 min"}));
    table.add(numbers("value", "", {399, 9600, 12.4321, 9.8765, 1.2345, 2.1, 0.42, 0.9734, 0.0812, 0.31, -0.45}));
    table.add(labels("unit", {"", "", "bps", "bps", "bps", "bps", "bps", "", "", "bps", "bps"}));
    const std::vector<std::uint8_t> valid{0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1};
    table.add(numbers("low", "", {0, 0, 7.1, 4.2, -0.4, 1.9, 0.4, 0.95, 0.07, 0.1, -1.6}, valid));
    table.add(numbers("high", "", {0, 0, 17.8, 15.3, 2.9, 2.3, 0.44, 0.99, 0.09, 0.5, 0.7}, valid));
    table.add(numbers("level", "", std::vector<double>(11, 0.95), valid));
    table.add(labels("sign", {"none", "none", "cost", "cost", "cost", "cost", "cost", "none", "none", "gain", "cost"}));
    table.add(counts("count", {399, 9600, 399, 399, 399, 9600, 9600, 399, 399, 9600, 399}));
    table.add(counts("blocks", {0, 0, 22, 22, 22, 22, 22, 22, 22, 22, 22}));
    table.add(numbers("effective_blocks", "", std::vector<double>(11, 17.3), valid));
    table.add(labels("block_kind", {"", "", "symbol-hour", "symbol-hour", "symbol-hour", "symbol-hour", "symbol-hour",
                                    "symbol-hour", "symbol-hour", "symbol-hour", "symbol-hour"}));
    table.add(labels("weighting",
                     {"", "", "ratio_of_sums", "ratio_of_sums", "ratio_of_sums", "ratio_of_sums", "ratio_of_sums",
                      "ratio_of_sums", "executed_notional", "ratio_of_sums", "executed_notional"}));
    table.add(labels(
        "note", {"", "", "", "", "own volume included", "", "", "", "", "", "paid temporary impact when positive"}));
    return table;
}

inline Table shortfall_table(const Table& orders) {
    const std::vector<std::string> parts{"delay", "spread", "drift", "opportunity", "fees", "unmarked"};
    std::vector<std::string> part, basis;
    MoneyColumn money;
    std::vector<double> bps, low, high;
    double paper = 0.0;
    const auto& quantity = std::get<std::vector<double>>(orders.find("quantity")->data);
    const auto& arrival = std::get<std::vector<Price>>(orders.find("arrival_price")->data);
    for (std::size_t i = 0; i < orders.rows(); ++i) paper += quantity[i] * arrival[i].to_double();
    for (const char* base : {"order", "executed"}) {
        Int128 total = 0;
        const auto push = [&](const std::string& name, Int128 units) {
            part.push_back(name);
            basis.emplace_back(base);
            money.units.push_back(units);
            bps.push_back(Money::from_units(units, Currency{}).to_double() / paper * 1e4);
            const double half = 0.4 + std::abs(bps.back()) * 0.35;
            low.push_back(bps.back() - half);
            high.push_back(bps.back() + half);
        };
        for (const std::string& name : parts) {
            Int128 sum = 0;
            for (const Int128 units : std::get<MoneyColumn>(orders.find(name + "_cash")->data).units) sum += units;
            total += sum;
            push(name, sum);
        }
        push("total", total);
    }
    Table table("shortfall");
    table.add(labels("part", part));
    table.add(column("cash", "USD", money));
    table.add(numbers("bps", "bps", bps));
    table.add(numbers("low", "bps", low));
    table.add(numbers("high", "bps", high));
    table.add(labels("basis", basis));
    return table;
}

inline Table size_bins_table(const std::vector<Order>& list) {
    constexpr int kBins = 13;
    std::vector<double> x_low, x_high, mean, std_dev, std_error, low, high;
    std::vector<std::int64_t> count, total;
    for (int bin = 0; bin < kBins; ++bin) {
        const double from = std::pow(10.0, -4.2 + 0.2 * bin);
        const double to = std::pow(10.0, -4.0 + 0.2 * bin);
        double sum = 0.0;
        double squares = 0.0;
        std::int64_t n = 0;
        std::int64_t spent = 0;
        for (const Order& order : list) {
            if (order.size < from || order.size >= to) continue;
            sum += order.cost_bps;
            squares += order.cost_bps * order.cost_bps;
            spent += cost_cents(order);
            ++n;
        }
        const double average = sum / static_cast<double>(n);
        const double deviation = std::sqrt(squares / static_cast<double>(n) - average * average);
        x_low.push_back(from);
        x_high.push_back(to);
        count.push_back(n);
        mean.push_back(average);
        std_dev.push_back(deviation);
        std_error.push_back(deviation / std::sqrt(static_cast<double>(n)));
        low.push_back(average - 2.1 * std_error.back());
        high.push_back(average + 2.1 * std_error.back());
        total.push_back(spent);
    }
    Table table("size_bins");
    table.add(numbers("x_low", "", x_low));
    table.add(numbers("x_high", "", x_high));
    table.add(counts("count", count));
    table.add(numbers("mean", "bps", mean));
    table.add(numbers("std", "bps", std_dev));
    table.add(numbers("std_error", "bps", std_error));
    table.add(cash("total_cash", total));
    table.add(numbers("low", "bps", low));
    table.add(numbers("high", "bps", high));
    return table;
}

inline Table markout_table() {
    const std::array horizons{"-10s", "-1s", "100ms", "1s", "5s", "30s", "1min", "5min"};
    std::vector<std::string> by, group, horizon, clock;
    std::vector<double> fill, low, high, mid, mid_low, mid_high;
    std::vector<std::int64_t> order, observed, missing;
    const auto add = [&](const char* group_by, const char* name, double level) {
        for (std::size_t i = 0; i < horizons.size(); ++i) {
            const double move = i < 2 ? -0.6 * static_cast<double>(2 - i) : 0.5 * std::log1p(static_cast<double>(i));
            by.emplace_back(group_by);
            group.emplace_back(name);
            horizon.emplace_back(horizons[i]);
            clock.emplace_back("wall");
            order.push_back(static_cast<std::int64_t>(i));
            mid.push_back(move * level);
            mid_low.push_back(mid.back() - 0.25 - 0.05 * static_cast<double>(i));
            mid_high.push_back(mid.back() + 0.25 + 0.05 * static_cast<double>(i));
            fill.push_back(mid.back() - 1.1);
            low.push_back(mid_low.back() - 1.1);
            high.push_back(mid_high.back() - 1.1);
            observed.push_back(9600 - static_cast<std::int64_t>(i * i) * 20);
            missing.push_back(static_cast<std::int64_t>(i * i) * 20);
        }
    };
    add("all", "all", 1.0);
    for (std::size_t i = 0; i < kVenues.size(); ++i) add("venue", kVenues[i], 0.6 + 0.3 * static_cast<double>(i));
    for (std::size_t i = 0; i < kBrokers.size(); ++i) add("broker", kBrokers[i], 0.8 + 0.2 * static_cast<double>(i));
    for (std::size_t i = 0; i < kLiquidity.size(); ++i)
        add("liquidity", kLiquidity[i], 0.4 + 0.4 * static_cast<double>(i));
    // More groups than a chart draws at first.
    for (int i = 1; i <= 9; ++i) add("desk", ("desk " + std::to_string(i)).c_str(), 0.2 * i);
    Table table("markout_curves");
    table.add(labels("group_by", by));
    table.add(labels("group", group));
    table.add(labels("horizon", horizon));
    table.add(counts("horizon_order", order));
    table.add(labels("clock", clock));
    table.add(numbers("fill_anchored_bps", "bps", fill));
    table.add(numbers("low", "bps", low));
    table.add(numbers("high", "bps", high));
    table.add(numbers("mid_anchored_bps", "bps", mid));
    table.add(numbers("mid_low", "bps", mid_low));
    table.add(numbers("mid_high", "bps", mid_high));
    table.add(counts("observed", observed));
    table.add(counts("missing", missing));
    return table;
}

template <std::size_t kSize>
Table group_table(const char* name, const std::array<const char*, kSize>& groups) {
    std::vector<std::string> group;
    std::vector<std::uint8_t> separable;
    std::vector<std::int64_t> orders, fills, notional, blocks;
    std::vector<double> cost, low, high, spread, fees, completion, improvement, markout;
    for (std::size_t i = 0; i < kSize; ++i) {
        const double step = static_cast<double>(i);
        group.emplace_back(groups[i]);
        orders.push_back(static_cast<std::int64_t>(400 / kSize + 7 * i));
        fills.push_back(orders.back() * kFillsAnOrder);
        notional.push_back(123'456'700 * static_cast<std::int64_t>(i + 1));
        cost.push_back(4.0 + 2.75 * step);
        low.push_back(cost.back() - 3.5 + step);
        high.push_back(cost.back() + 4.0 - step);
        spread.push_back(1.5 + 0.21 * step);
        fees.push_back(0.3 - 0.2 * step);
        completion.push_back(0.99 - 0.01 * step);
        improvement.push_back(0.2 + 0.1 * step);
        markout.push_back(-0.4 + 0.3 * step);
        separable.push_back(i + 1 == kSize ? 1 : 0);
        blocks.push_back(static_cast<std::int64_t>(22 - i));
    }
    Table table(name);
    table.add(labels("group", group));
    table.add(counts("orders", orders));
    table.add(counts("fills", fills));
    table.add(cash("notional_cash", notional));
    table.add(numbers("arrival_cost_bps", "bps", cost));
    table.add(numbers("low", "bps", low));
    table.add(numbers("high", "bps", high));
    table.add(numbers("spread_bps", "bps", spread));
    table.add(numbers("fees_bps", "bps", fees));
    table.add(numbers("completion", "", completion));
    table.add(numbers("price_improvement_bps", "bps", improvement));
    table.add(numbers("markout_1min_bps", "bps", markout));
    table.add(flags("separable", separable));
    table.add(counts("blocks", blocks));
    return table;
}

inline void add_quality(std::vector<Table>& tables) {
    Table counted("quality");
    counted.add(labels("table", {"orders", "fills", "placements", "quotes", "trades"}));
    counted.add(counts("read", {402, 9604, 9650, 57'360, 14'400}));
    counted.add(counts("accepted", {400, 9600, 9650, 57'360, 14'400}));
    counted.add(counts("flagged", {0, 3, 0, 1'204, 17}));
    counted.add(counts("quarantined", {2, 4, 0, 0, 0}));
    Table rules("quality_rules");
    rules.add(labels("table", {"orders", "fills", "quotes"}));
    rules.add(labels("field", {"quantity", "price", "bid"}));
    rules.add(labels("rule", {"must be > 0", "must be > 0", "locked: bid equals ask"}));
    rules.add(labels("disposition", {"quarantined", "quarantined", "flagged"}));
    rules.add(counts("count", {2, 4, 1'204}));
    rules.add(labels("example", {"orders.csv row 17: quantity = -5", "fills.csv row 8: price = 0</script><b>",
                                 "quotes/AIG.parquet row 211 at 14:03:11.250"}));
    Table degradations("degradations");
    degradations.add(labels("table", {"orders", "instruments"}));
    degradations.add(labels("missing", {"decision_time", "adv"}));
    degradations.add(labels("effect", {"No delay part: shortfall is measured from arrival.",
                                       "Size is a share of the forecast day volume instead of ADV."}));
    degradations.add(counts("rows", {37, 2}));
    tables.push_back(std::move(counted));
    tables.push_back(std::move(rules));
    tables.push_back(std::move(degradations));
}

}  // namespace sample

inline tca::Measurement sample_measurement() {
    const std::vector<sample::Order> list = sample::orders();
    tca::Measurement measurement;
    measurement.tables.push_back(sample::orders_table(list));
    measurement.tables.push_back(sample::fills_table(list));
    measurement.tables.push_back(sample::summary_table());
    measurement.tables.push_back(sample::shortfall_table(measurement.tables.front()));
    measurement.tables.push_back(sample::size_bins_table(list));
    measurement.tables.push_back(sample::markout_table());
    measurement.tables.push_back(sample::group_table("venues", sample::kVenues));
    measurement.tables.push_back(sample::group_table("brokers", sample::kBrokers));
    measurement.tables.push_back(sample::group_table("algos", sample::kAlgos));
    measurement.tables.push_back(sample::group_table("symbols", std::array{"AIG", "BAC"}));
    sample::add_quality(measurement.tables);
    measurement.provenance = {{"version", "0.1.0"},
                              {"seed", "1"},
                              {"options_digest", "9f86d081884c7d659a2feaa0c55ad015"},
                              {"data_digest", "60303ae22b998861bce3b28f33eec1be"}};
    std::vector<std::int32_t> worst(list.size());
    std::iota(worst.begin(), worst.end(), 0);
    std::stable_sort(worst.begin(), worst.end(), [&](std::int32_t a, std::int32_t b) {
        return sample::cost_cents(list[static_cast<std::size_t>(a)]) >
               sample::cost_cents(list[static_cast<std::size_t>(b)]);
    });
    worst.resize(12);
    measurement.worst_orders = std::move(worst);
    return measurement;
}

}  // namespace slipcast::test
