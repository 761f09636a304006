#include "slipcast/math/statistics.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "slipcast/math/normal.hpp"

using namespace slipcast::math;

namespace {

constexpr double kNotANumber = std::numeric_limits<double>::quiet_NaN();

Moments moments_of(const std::vector<double>& values) {
    Moments moments;
    for (const double value : values) moments.add(value);
    return moments;
}

}  // namespace

TEST(Moments, OfASmallSampleByHand) {
    const Moments moments = moments_of({2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0});
    EXPECT_EQ(moments.count(), 8);
    EXPECT_DOUBLE_EQ(*moments.mean(), 5.0);
    EXPECT_DOUBLE_EQ(*moments.variance(), 32.0 / 7.0);
    EXPECT_DOUBLE_EQ(*moments.deviation(), std::sqrt(32.0 / 7.0));
    EXPECT_DOUBLE_EQ(*moments.standard_error(), std::sqrt(32.0 / 7.0 / 8.0));
    EXPECT_DOUBLE_EQ(moments.sum(), 40.0);
    EXPECT_DOUBLE_EQ(moments.effective_count(), 8.0);
    EXPECT_EQ(moments.smallest(), 2.0);
    EXPECT_EQ(moments.largest(), 9.0);
}

TEST(Moments, WeightedByHand) {
    Moments moments;
    moments.add(1.0, 1.0);
    moments.add(5.0, 3.0);
    moments.add(100.0, 0.0);
    EXPECT_EQ(moments.count(), 2);
    EXPECT_DOUBLE_EQ(*moments.mean(), 4.0);
    // sum w (x - 4)^2 = 9 + 3; W - sum w^2 / W = 4 - 10/4.
    EXPECT_DOUBLE_EQ(*moments.variance(), 12.0 / 1.5);
    EXPECT_DOUBLE_EQ(moments.effective_count(), 1.6);
}

TEST(Moments, SaysWhatItCannotKnow) {
    Moments moments;
    EXPECT_FALSE(moments.mean());
    EXPECT_FALSE(moments.smallest());
    EXPECT_EQ(moments.effective_count(), 0.0);
    moments.add(3.0);
    EXPECT_EQ(moments.mean(), 3.0);
    EXPECT_FALSE(moments.variance());
    EXPECT_FALSE(moments.standard_error());
}

TEST(Moments, KeepDigitsFarFromZero) {
    // The sum-of-squares formula returns nonsense here: 1e9 squared leaves no room for the variance.
    const Moments moments = moments_of({1e9 + 4.0, 1e9 + 7.0, 1e9 + 13.0, 1e9 + 16.0});
    EXPECT_DOUBLE_EQ(*moments.mean(), 1e9 + 10.0);
    EXPECT_DOUBLE_EQ(*moments.variance(), 30.0);
}

TEST(Moments, RefuseWhatIsNotANumber) {
    Moments moments;
    EXPECT_DEATH(moments.add(kNotANumber), "finite values");
    EXPECT_DEATH(moments.add(1.0, -1.0), "finite values");
}

TEST(PairwiseSum, BeatsTheRunningSum) {
    const std::vector<double> tenths(1'000'000, 0.1);
    double running = 0.0;
    for (const double tenth : tenths) running += tenth;
    EXPECT_LT(std::abs(pairwise_sum(tenths) - 1e5), 1e-9);
    EXPECT_GT(std::abs(running - 1e5), 1e-7);
    EXPECT_EQ(pairwise_sum({}), 0.0);
}

TEST(RatioOfSums, IsNotTheMeanOfRatios) {
    const std::array<double, 2> cost{10.0, 0.0};
    const std::array<double, 2> notional{1.0, 9.0};
    EXPECT_DOUBLE_EQ(*ratio_of_sums(cost, notional), 1.0);
    EXPECT_FALSE(ratio_of_sums({}, {}));
    const std::array<double, 2> flat{1.0, -1.0};
    EXPECT_FALSE(ratio_of_sums(cost, flat));
}

TEST(Correlation, OfLinesIsOneAndOfConstantsIsMissing) {
    const std::array<double, 4> x{1.0, 2.0, 3.0, 4.0};
    const std::array<double, 4> up{3.0, 5.0, 7.0, 9.0};
    const std::array<double, 4> down{-1.0, -2.0, -3.0, -4.0};
    const std::array<double, 4> flat{2.0, 2.0, 2.0, 2.0};
    const std::array<double, 4> bent{1.0, -1.0, -1.0, 1.0};
    EXPECT_DOUBLE_EQ(*correlation(x, up), 1.0);
    EXPECT_DOUBLE_EQ(*correlation(x, down), -1.0);
    EXPECT_DOUBLE_EQ(*correlation(x, bent), 0.0);
    EXPECT_FALSE(correlation(x, flat));
    EXPECT_FALSE(correlation({}, {}));
}

TEST(Quantile, TypeSevenByHand) {
    const std::array<double, 4> values{40.0, 10.0, 30.0, 20.0};
    EXPECT_EQ(quantile(values, 0.0), 10.0);
    EXPECT_EQ(quantile(values, 1.0), 40.0);
    EXPECT_DOUBLE_EQ(*quantile(values, 0.25), 17.5);
    EXPECT_DOUBLE_EQ(*quantile(values, 0.9), 37.0);
    EXPECT_DOUBLE_EQ(*median(values), 25.0);
    EXPECT_FALSE(median({}));
    const std::array<double, 1> one{7.0};
    EXPECT_EQ(quantile(one, 0.3), 7.0);
}

TEST(MedianAbsoluteDeviation, ByHandAndUnmovedByAnOutlier) {
    const std::array<double, 7> values{1.0, 1.0, 2.0, 2.0, 4.0, 6.0, 9.0};
    EXPECT_DOUBLE_EQ(*median_absolute_deviation(values), 1.0);
    const std::array<double, 7> wild{1.0, 1.0, 2.0, 2.0, 4.0, 6.0, 1e9};
    EXPECT_DOUBLE_EQ(*median_absolute_deviation(wild), 1.0);
    EXPECT_FALSE(median_absolute_deviation({}));
    EXPECT_NEAR(kDeviationOfNormal, 1.0 / normal_quantile(0.75), 1e-15);
}
