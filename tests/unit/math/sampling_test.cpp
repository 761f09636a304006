#include "slipcast/math/sampling.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <vector>

using namespace slipcast;
using namespace slipcast::math;

TEST(Sampling, ANormalCostsOneDrawSoThatItCanBeReachedAgain) {
    RandomStream stream(1, "test");
    std::vector<double> draws;
    for (int i = 0; i < 10; ++i) draws.push_back(draw_normal(stream));
    EXPECT_EQ(stream.position(), 10U);
    stream.seek(7);
    EXPECT_EQ(draw_normal(stream), draws[7]);
}

TEST(Sampling, EdgesOfTheParameters) {
    RandomStream stream(1, "test");
    for (int i = 0; i < 1000; ++i) {
        ASSERT_EQ(draw_index(stream, 1), 0U);
        ASSERT_FALSE(draw_bernoulli(stream, 0.0));
        ASSERT_TRUE(draw_bernoulli(stream, 1.0));
        ASSERT_EQ(draw_poisson(stream, 0.0), 0);
        ASSERT_EQ(draw_geometric(stream, 1.0), 0);
        ASSERT_GE(draw_geometric(stream, 1e-17), 0);
        ASSERT_EQ(draw_zeta(stream, 2.0, 1), 1);
        ASSERT_DOUBLE_EQ(draw_lognormal(stream, 2.0, 0.0), std::exp(2.0));
        ASSERT_GE(draw_pareto(stream, 3.0, 2.0), 3.0);
        const std::int64_t k = draw_zeta(stream, 1.0001, 50);
        ASSERT_TRUE(k >= 1 && k <= 50);
    }
}

TEST(Sampling, IndexCoversTheWholeRangeOf64Bits) {
    RandomStream stream(1, "test");
    constexpr std::uint64_t kCount = 0xC000000000000000ULL;  // rejects a quarter of the words
    std::uint64_t largest = 0;
    for (int i = 0; i < 1000; ++i) {
        const std::uint64_t index = draw_index(stream, kCount);
        ASSERT_LT(index, kCount);
        largest = std::max(largest, index);
    }
    EXPECT_GT(largest, kCount / 100 * 97);
    EXPECT_GT(stream.position(), 1000U);
}

TEST(Sampling, ShuffleKeepsTheValues) {
    RandomStream stream(1, "test");
    std::vector<int> values(100);
    std::iota(values.begin(), values.end(), 0);
    shuffle(stream, std::span<int>(values));
    EXPECT_FALSE(std::is_sorted(values.begin(), values.end()));
    std::sort(values.begin(), values.end());
    for (int i = 0; i < 100; ++i) EXPECT_EQ(values[static_cast<std::size_t>(i)], i);
}

TEST(Sampling, OneCategoryIsCertain) {
    RandomStream stream(1, "test");
    const std::array<double, 3> weights{0.0, 2.0, 0.0};
    const CategoricalSampler sampler(weights);
    EXPECT_EQ(sampler.size(), 3U);
    for (int i = 0; i < 1000; ++i) ASSERT_EQ(sampler.draw(stream), 1U);
}

TEST(Sampling, ParametersOutOfRangeAreABug) {
    RandomStream stream(1, "test");
    EXPECT_DEATH(static_cast<void>(draw_index(stream, 0)), "choose from");
    EXPECT_DEATH(static_cast<void>(draw_poisson(stream, -1.0)), "draw_poisson");
    EXPECT_DEATH(static_cast<void>(draw_gamma(stream, 0.0, 1.0)), "draw_gamma");
    const std::array<double, 2> zeros{0.0, 0.0};
    EXPECT_DEATH(CategoricalSampler{zeros}, "positive finite sum");
}
