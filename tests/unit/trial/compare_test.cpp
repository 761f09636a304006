#include "trial/compare.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "slipcast/core/random.hpp"
#include "slipcast/core/table_values.hpp"
#include "slipcast/math/sampling.hpp"
#include "slipcast/math/statistics.hpp"

namespace slipcast::trial {
namespace {

constexpr std::size_t kOrders = 400;
constexpr std::size_t kBlocks = 20;

/// Two policies on the same orders: the second costs 3 bps less for each, plus noise of its own.
Comparison sample(double noise) {
    Comparison all;
    all.policies = {"desk", "twap"};
    all.worked.resize(2);
    RandomStream stream(3, "test.trial_compare");
    for (std::size_t i = 0; i < kOrders; ++i) {
        all.order_id.push_back("O" + std::to_string(i));
        all.symbol.emplace_back("A");
        all.side.emplace_back("buy");
        all.size.push_back(0.01);
        all.block.push_back(static_cast<std::int64_t>(i % kBlocks) * 7);
        const double path = 10.0 * math::draw_normal(stream);
        Worked desk{.shortfall_bps = path - 3.0, .arrival_cost_bps = path, .fees_bps = 0.5, .completion = 1.0};
        Worked twap{.shortfall_bps = path + noise * math::draw_normal(stream),
                    .arrival_cost_bps = std::nan(""),
                    .fees_bps = 0.2,
                    .completion = i % 4 == 0 ? 0.5 : 1.0,
                    .children = 2};
        all.worked[0].push_back(desk);
        all.worked[1].push_back(twap);
    }
    return all;
}

double cell(const Table& table, const char* column, std::size_t row) {
    return numbers_of(*table.find(column)).value()[row];
}

TEST(Compare, MeansAndQuantilesAreThoseOfTheOrders) {
    const Comparison all = sample(1.0);
    const auto tables = comparison_tables(all, {}, {});
    const Table& policies = tables[0];
    for (std::size_t p = 0; p < 2; ++p) {
        std::vector<double> costs;
        double sum = 0.0;
        for (const Worked& each : all.worked[p]) {
            costs.push_back(each.shortfall_bps);
            sum += each.shortfall_bps;
        }
        EXPECT_NEAR(cell(policies, "mean_bps", p), sum / kOrders, 1e-12);
        EXPECT_NEAR(cell(policies, "p50_bps", p), *math::quantile(costs, 0.5), 1e-12);
        EXPECT_NEAR(cell(policies, "p90_bps", p), *math::quantile(costs, 0.9), 1e-12);
        EXPECT_NEAR(cell(policies, "p95_bps", p), *math::quantile(costs, 0.95), 1e-12);
        const double missed = p == 0 ? 0.0 : 0.25;
        EXPECT_NEAR(cell(policies, "objective_bps", p),
                    sum / kOrders + 0.5 * *math::quantile(costs, 0.95) + 20.0 * missed, 1e-12);
        for (const char* name : {"mean", "p50", "p90", "p95", "objective"}) {
            const double value = cell(policies, (std::string(name) + "_bps").c_str(), p);
            EXPECT_LE(cell(policies, (std::string(name) + "_low").c_str(), p), value);
            EXPECT_GE(cell(policies, (std::string(name) + "_high").c_str(), p), value);
        }
    }
    EXPECT_EQ(cell(policies, "finished", 0), 1.0);
    EXPECT_EQ(cell(policies, "finished", 1), 0.75);
    EXPECT_EQ(cell(policies, "completion", 1), 0.875);
    EXPECT_EQ(cell(policies, "finished_low", 0), 1.0);
    EXPECT_LT(cell(policies, "finished_low", 1), 0.75);
    EXPECT_GT(cell(policies, "finished_high", 1), 0.75);
    EXPECT_EQ(cell(policies, "children", 1), 2.0 * kOrders);
    EXPECT_NEAR(cell(policies, "fees_bps", 1), 0.2, 1e-12);
}

TEST(Compare, ResampledQuantilesCountARepeatedBlockAsOftenAsItWasDrawn) {
    // With one order a block, the interval of the mean is that of ratio_interval on the same draws.
    Comparison all = sample(1.0);
    for (std::size_t i = 0; i < kOrders; ++i) all.block[i] = static_cast<std::int64_t>(i);
    const math::ResampleOptions options{.confidence = 0.9, .resamples = 500, .seed = 11};
    const auto tables = comparison_tables(all, {}, options);
    std::vector<double> costs, ones(kOrders, 1.0);
    for (const Worked& each : all.worked[0]) costs.push_back(each.shortfall_bps);
    const math::RatioInterval interval = math::ratio_interval({costs, ones}, options);
    EXPECT_NEAR(cell(tables[0], "mean_low", 0), *interval.low, 1e-9);
    EXPECT_NEAR(cell(tables[0], "mean_high", 0), *interval.high, 1e-9);
}

TEST(Compare, PairedDifferencesAreAsSharpAsTheirOwnNoise) {
    const auto tables = comparison_tables(sample(0.5), {}, {});
    const Table& pairs = tables[1];
    ASSERT_EQ(pairs.rows(), 1U);
    EXPECT_NEAR(cell(pairs, "mean_difference_bps", 0), -3.0, 0.1);  // 4 deviations of 0.5 / sqrt(400)
    EXPECT_LT(cell(pairs, "mean_high", 0), -2.8);
    EXPECT_GT(cell(pairs, "mean_low", 0), -3.2);
    EXPECT_GT(cell(pairs, "cheaper", 0), 0.99);
    EXPECT_EQ(cell(pairs, "equal", 0), 0.0);
    EXPECT_EQ(cell(pairs, "completion_difference", 0), 0.125);
    EXPECT_EQ(cell(pairs, "finished_difference", 0), 0.25);
    EXPECT_LT(cell(pairs, "finished_low", 0), 0.25);
    EXPECT_GT(cell(pairs, "finished_high", 0), 0.25);
    // The share is of the same orders whatever the resample: its interval is that of a mean over blocks.
    std::vector<double> missed, ones(kOrders, 1.0);
    Comparison by_order = sample(0.5);
    for (std::size_t i = 0; i < kOrders; ++i) by_order.block[i] = static_cast<std::int64_t>(i);
    for (std::size_t i = 0; i < kOrders; ++i) {
        missed.push_back(by_order.worked[0][i].completion - by_order.worked[1][i].completion);
    }
    const math::ResampleOptions options{.confidence = 0.95, .resamples = 400, .seed = 5};
    const math::RatioInterval expected = math::ratio_interval({missed, ones}, options);
    const auto single = comparison_tables(by_order, {}, options);
    EXPECT_NEAR(cell(single[1], "completion_low", 0), *expected.low, 1e-9);
    EXPECT_NEAR(cell(single[1], "completion_high", 0), *expected.high, 1e-9);
    // Unpaired, the paths alone would make the mean uncertain by ten times as much.
    EXPECT_GT(cell(tables[0], "mean_high", 0) - cell(tables[0], "mean_low", 0), 1.0);
}

TEST(Compare, FewBlocksHaveNoInterval) {
    Comparison all = sample(0.5);
    for (std::int64_t& block : all.block) block %= 3;
    const auto tables = comparison_tables(all, {}, {});
    EXPECT_FALSE(tables[0].find("mean_low")->is_valid(0));
    EXPECT_FALSE(tables[1].find("p95_high")->is_valid(0));
    EXPECT_TRUE(tables[0].find("mean_bps")->is_valid(0));
}

TEST(Compare, OrdersTableHoldsEveryOrderOfEveryPolicy) {
    const auto tables = comparison_tables(sample(0.5), {}, {});
    const Table& orders = tables[2];
    EXPECT_EQ(orders.name(), "trial_orders");
    EXPECT_EQ(orders.rows(), 2 * kOrders);
    EXPECT_TRUE(orders.find("arrival_cost_bps")->is_valid(0));
    EXPECT_FALSE(orders.find("arrival_cost_bps")->is_valid(1));
}

}  // namespace
}  // namespace slipcast::trial
