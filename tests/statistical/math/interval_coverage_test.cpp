#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <iostream>

#include "slipcast/math/resample.hpp"
#include "slipcast/math/sampling.hpp"
#include "support/false_alarm.hpp"

// How often the nominal 95 % interval holds the truth, on simulated orders that share a cost within their block.
// Promise: between 90.5 % and 98 %, for as few as 12 blocks and sizes that differ tenfold. The file's budget is shared
// by its eight assertions; the planted defect shows that the same assertion catches intervals that ignore the blocks.

using namespace slipcast;
using namespace slipcast::math;
using namespace slipcast::test;

namespace {

constexpr double kLevel = false_alarm_share(6);
constexpr double kTruth = 4.0;  // bps
constexpr std::int64_t kTrials = 3000;
constexpr std::int64_t kOrdersOfBlock = 12;

struct Population {
    int blocks = 0;
    double size_deviation = 0.0;  ///< of the logarithm of a block's notional
    bool skewed = false;          ///< exponential instead of normal block effects
};

struct Sample {
    std::vector<double> cost;
    std::vector<double> notional;
};

// Orders of one block share its effect, so that only blocks are independent. With `by_order` each order is its own
// block, which is what an interval that ignores the blocks assumes.
Sample draw_sample(const Population& population, std::uint64_t trial, bool by_order) {
    Sample sample;
    for (int block = 0; block < population.blocks; ++block) {
        RandomStream stream(9, "test.coverage", trial * 1000 + static_cast<std::uint64_t>(block));
        const double size = draw_lognormal(stream, 0.0, population.size_deviation);
        const double effect = population.skewed ? draw_exponential(stream, 1.0) - 1.0 : draw_normal(stream);
        double cost_of_block = 0.0;
        for (std::int64_t order = 0; order < kOrdersOfBlock; ++order) {
            const double cost = size * (kTruth + 10.0 * effect + 10.0 * draw_normal(stream));
            cost_of_block += cost;
            if (by_order) sample.cost.push_back(cost);
            if (by_order) sample.notional.push_back(size);
        }
        if (!by_order) sample.cost.push_back(cost_of_block);
        if (!by_order) sample.notional.push_back(size * static_cast<double>(kOrdersOfBlock));
    }
    return sample;
}

std::int64_t covered(const Population& population, std::int64_t trials, bool by_order) {
    std::int64_t count = 0;
    for (std::int64_t trial = 0; trial < trials; ++trial) {
        const Sample sample = draw_sample(population, static_cast<std::uint64_t>(trial), by_order);
        ResampleOptions options;
        options.resamples = 400;
        options.seed = static_cast<std::uint64_t>(trial);
        const RatioInterval interval = ratio_interval({sample.cost, sample.notional}, options);
        if (interval.low && *interval.low <= kTruth && kTruth <= *interval.high) ++count;
    }
    return count;
}

}  // namespace

TEST(IntervalCoverage, KeepsItsPromise) {
    for (const Population& population :
         {Population{12, 0.3, false}, Population{20, 1.0, true}, Population{60, 1.0, true}}) {
        const std::int64_t count = covered(population, kTrials, false);
        std::cout << population.blocks << " blocks: coverage " << static_cast<double>(count) / kTrials << '\n';
        EXPECT_FALSE(is_below_promise(count, kTrials, 0.905, kLevel)) << population.blocks << " blocks: " << count;
        EXPECT_FALSE(is_above_promise(count, kTrials, 0.98, kLevel)) << population.blocks << " blocks: " << count;
    }
}

TEST(IntervalCoverage, OrdersTakenAsIndependentAreCaught) {
    const std::int64_t trials = kTrials / 10;
    const std::int64_t count = covered({20, 0.3, false}, trials, true);
    EXPECT_TRUE(is_below_promise(count, trials, 0.905, kLevel)) << count;
}
