#include "slipcast/math/resample.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <thread>
#include <vector>

#include "slipcast/math/sampling.hpp"

using namespace slipcast;
using namespace slipcast::math;

namespace {

std::vector<double> numbers(std::size_t count, std::uint64_t entity, double mean) {
    RandomStream stream(5, "test.blocks", entity);
    std::vector<double> values;
    for (std::size_t i = 0; i < count; ++i) values.push_back(mean + draw_normal(stream));
    return values;
}

}  // namespace

TEST(RatioInterval, SurroundsItsEstimate) {
    const auto cost = numbers(40, 1, 3.0);
    const std::vector<double> notional(40, 2.0);
    const RatioInterval interval = ratio_interval({cost, notional});
    EXPECT_EQ(interval.outcome, IntervalOutcome::available);
    EXPECT_EQ(interval.blocks, 40);
    EXPECT_DOUBLE_EQ(interval.effective_blocks, 40.0);
    ASSERT_TRUE(interval.estimate && interval.low && interval.high);
    EXPECT_LT(*interval.low, *interval.estimate);
    EXPECT_GT(*interval.high, *interval.estimate);
}

TEST(RatioInterval, AgreesWithStudentsForEqualBlocks) {
    // Equal denominators make the ratio a mean of normal values, whose exact interval is Student's: mean -/+ t s / sqrt
    // n.
    const auto cost = numbers(60, 2, 0.0);
    const std::vector<double> ones(60, 1.0);
    ResampleOptions options;
    options.resamples = 40'000;
    const RatioInterval interval = ratio_interval({cost, ones}, options);
    double mean = 0.0;
    for (const double x : cost) mean += x / 60.0;
    double squares = 0.0;
    for (const double x : cost) squares += (x - mean) * (x - mean);
    constexpr double kStudent = 2.00099538;  // 97.5 % point with 59 degrees of freedom (tables)
    const double half = kStudent * std::sqrt(squares / 59.0 / 60.0);
    EXPECT_NEAR(*interval.high - *interval.low, 2.0 * half, 0.03 * 2.0 * half);
    EXPECT_NEAR(0.5 * (*interval.high + *interval.low), mean, 0.05 * half);
}

TEST(RatioInterval, IsWiderForHigherConfidence) {
    const auto cost = numbers(25, 3, 1.0);
    const std::vector<double> ones(25, 1.0);
    ResampleOptions narrow;
    narrow.confidence = 0.8;
    ResampleOptions wide;
    wide.confidence = 0.99;
    EXPECT_LT(*ratio_interval({cost, ones}, wide).low, *ratio_interval({cost, ones}, narrow).low);
    EXPECT_GT(*ratio_interval({cost, ones}, wide).high, *ratio_interval({cost, ones}, narrow).high);
}

TEST(RatioInterval, NeedsTenBlocks) {
    const auto cost = numbers(10, 4, 1.0);
    const std::vector<double> ones(10, 1.0);
    EXPECT_EQ(ratio_interval({cost, ones}).outcome, IntervalOutcome::available);
    const RatioInterval few = ratio_interval({std::span(cost).first(9), std::span(ones).first(9)});
    EXPECT_EQ(few.outcome, IntervalOutcome::too_few_blocks);
    EXPECT_EQ(name(few.outcome), "too_few_blocks");
    EXPECT_TRUE(few.estimate);
    EXPECT_FALSE(few.low || few.high);
}

TEST(RatioInterval, CountsOnlyBlocksThatTakePart) {
    std::vector<double> cost = numbers(30, 5, 1.0);
    std::vector<double> notional(30, 1.0);
    for (std::size_t i = 9; i < 30; ++i) cost[i] = notional[i] = 0.0;
    const RatioInterval interval = ratio_interval({cost, notional});
    EXPECT_EQ(interval.blocks, 9);
    EXPECT_EQ(interval.outcome, IntervalOutcome::too_few_blocks);
}

TEST(RatioInterval, SaysWhenThereIsNothingToDivideBy) {
    const std::vector<double> cost(12, 1.0);
    const std::vector<double> zeros(12, 0.0);
    const RatioInterval none = ratio_interval({cost, zeros});
    EXPECT_EQ(none.outcome, IntervalOutcome::no_estimate);
    EXPECT_FALSE(none.estimate || none.low);
    EXPECT_EQ(none.blocks, 0);
    EXPECT_EQ(ratio_interval({{}, {}}).outcome, IntervalOutcome::no_estimate);

    std::vector<double> mixed(12, 1.0);
    for (std::size_t i = 0; i < 5; ++i) mixed[i] = -1.0;
    const RatioInterval unstable = ratio_interval({cost, mixed});
    EXPECT_EQ(unstable.outcome, IntervalOutcome::unstable_denominator);
    EXPECT_DOUBLE_EQ(*unstable.estimate, 6.0);
    EXPECT_FALSE(unstable.low || unstable.high);
}

TEST(RatioInterval, NegativeDenominatorsAreFine) {
    const auto cost = numbers(20, 6, 1.0);
    const std::vector<double> minus(20, -1.0);
    const std::vector<double> plus(20, 1.0);
    const RatioInterval down = ratio_interval({cost, minus});
    const RatioInterval up = ratio_interval({cost, plus});
    EXPECT_DOUBLE_EQ(*down.low, -*up.high);
    EXPECT_DOUBLE_EQ(*down.high, -*up.low);
}

TEST(RatioInterval, OneLargeBlockCostsEffectiveBlocks) {
    const auto cost = numbers(20, 7, 1.0);
    std::vector<double> notional(20, 1.0);
    notional[3] = 100.0;
    const RatioInterval interval = ratio_interval({cost, notional});
    EXPECT_EQ(interval.blocks, 20);
    EXPECT_DOUBLE_EQ(interval.effective_blocks, 119.0 * 119.0 / (19.0 + 10'000.0));
}

TEST(RatioIntervals, EqualTheSingleOnesAndPartsAddUp) {
    const auto spread = numbers(30, 8, 2.0);
    const auto drift = numbers(30, 9, -1.0);
    std::vector<double> total(30);
    for (std::size_t i = 0; i < 30; ++i) total[i] = spread[i] + drift[i];
    const std::vector<double> notional(30, 4.0);
    const std::vector<BlockSums> metrics{{spread, notional}, {drift, notional}, {total, notional}};
    const auto intervals = ratio_intervals(metrics);
    for (std::size_t i = 0; i < metrics.size(); ++i) {
        const RatioInterval alone = ratio_interval(metrics[i]);
        EXPECT_EQ(intervals[i].estimate, alone.estimate);
        EXPECT_EQ(intervals[i].low, alone.low);
        EXPECT_EQ(intervals[i].high, alone.high);
    }
    EXPECT_NEAR(*intervals[2].estimate, *intervals[0].estimate + *intervals[1].estimate, 1e-12);
    EXPECT_LE(*intervals[2].high, *intervals[0].high + *intervals[1].high);
}

TEST(RatioIntervals, AreTheSameFromAnyThreadAndChangeWithTheSeed) {
    const auto cost = numbers(30, 10, 2.0);
    const std::vector<double> ones(30, 1.0);
    const RatioInterval here = ratio_interval({cost, ones});
    RatioInterval there;
    std::thread([&] { there = ratio_interval({cost, ones}); }).join();
    EXPECT_EQ(here.low, there.low);
    EXPECT_EQ(here.high, there.high);
    ResampleOptions other;
    other.seed = 2;
    EXPECT_NE(here.low, ratio_interval({cost, ones}, other).low);
}

TEST(RatioIntervals, OptionsOutOfRangeAreABug) {
    const std::vector<double> ones(12, 1.0);
    ResampleOptions options;
    options.confidence = 1.0;
    EXPECT_DEATH(static_cast<void>(ratio_interval({ones, ones}, options)), "confidence");
    EXPECT_DEATH(static_cast<void>(ratio_interval({ones, std::span(ones).first(3)})), "same blocks");
}

TEST(StatisticIntervals, OfAMeanAreThoseOfARatioOfSums) {
    const auto cost = numbers(40, 4, 3.0);
    const std::vector<double> ones(40, 1.0);
    const ResampleOptions options{.confidence = 0.9, .resamples = 500, .seed = 7};
    const RatioInterval ratio = ratio_interval({cost, ones}, options);
    const auto mean = [&](std::span<const std::uint32_t> times, std::span<double> values) {
        values[0] = 0.0;
        for (std::size_t b = 0; b < times.size(); ++b) values[0] += times[b] * cost[b] / 40.0;
        values[1] = 2.0 * values[0];
    };
    const auto intervals = statistic_intervals(40, 2, mean, options);
    EXPECT_NEAR(intervals[0].estimate, *ratio.estimate, 1e-12);
    EXPECT_NEAR(*intervals[0].low, *ratio.low, 1e-12);
    EXPECT_NEAR(*intervals[0].high, *ratio.high, 1e-12);
    // The same draws for every statistic: twice the mean has twice the interval.
    EXPECT_NEAR(*intervals[1].high, 2.0 * *intervals[0].high, 1e-12);
}

TEST(StatisticIntervals, FewBlocksHaveAnEstimateAlone) {
    const auto intervals = statistic_intervals(
        9, 1, [](std::span<const std::uint32_t> times, std::span<double> values) { values[0] = times[0]; });
    EXPECT_EQ(intervals[0].estimate, 1.0);
    EXPECT_FALSE(intervals[0].low);
    EXPECT_FALSE(intervals[0].high);
}
