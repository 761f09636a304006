#include "slipcast/core/random.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <string>
#include <vector>

#include "support/false_alarm.hpp"

// The bits of a stream, and of streams beside each other, against independent fair coins. The file may fail a correct
// generator once in 1e6 choices of seed, a budget shared by its 7 assertions.

using namespace slipcast;
using namespace slipcast::test;

namespace {

constexpr double kLevel = false_alarm_share(7);
constexpr int kDraws = 400'000;

// Counts of 256 equally likely values: 255 degrees of freedom.
double byte_chi_square(const std::vector<std::uint8_t>& bytes) {
    std::vector<double> observed(256, 0.0);
    for (const std::uint8_t byte : bytes) observed[byte] += 1.0;
    const std::vector<double> expected(256, static_cast<double>(bytes.size()) / 256.0);
    return chi_square(observed, expected);
}

// Ones that differ between consecutive words of `next`: a fair coin each.
template <typename Next>
std::int64_t differing_bits(int words, Next next) {
    std::int64_t ones = 0;
    std::uint64_t before = next();
    for (int i = 0; i < words; ++i) {
        const std::uint64_t word = next();
        ones += std::popcount(word ^ before);
        before = word;
    }
    return ones;
}

bool is_fair(std::int64_t ones, std::int64_t coins) {
    return !is_below_promise(ones, coins, 0.5, kLevel / 2) && !is_above_promise(ones, coins, 0.5, kLevel / 2);
}

}  // namespace

TEST(RandomStream, UniformsAreUniform) {
    RandomStream stream(1, "test.uniform");
    std::vector<double> draws;
    for (int i = 0; i < kDraws; ++i) draws.push_back(stream.next_uniform());
    EXPECT_LT(largest_gap(draws, [](double x) { return x; }), largest_gap_allowed(draws.size(), kLevel));
}

TEST(RandomStream, HighAndLowBytesAreUniform) {
    RandomStream stream(1, "test.bytes");
    std::vector<std::uint8_t> low;
    std::vector<std::uint8_t> high;
    for (int i = 0; i < kDraws; ++i) {
        const std::uint64_t bits = stream.next_bits();
        low.push_back(static_cast<std::uint8_t>(bits));
        high.push_back(static_cast<std::uint8_t>(bits >> 56U));
    }
    EXPECT_LT(byte_chi_square(low), chi_square_allowed(255.0, kLevel));
    EXPECT_LT(byte_chi_square(high), chi_square_allowed(255.0, kLevel));
}

TEST(RandomStream, NeighborsDoNotKnowOfEachOther) {
    constexpr int kWords = 50'000;
    RandomStream stream(1, "test.neighbors");
    EXPECT_TRUE(is_fair(differing_bits(kWords, [&] { return stream.next_bits(); }), kWords * 64LL)) << "draws";
    std::uint64_t entity = 0;
    EXPECT_TRUE(
        is_fair(differing_bits(kWords, [&] { return RandomStream(1, "test", entity++).next_bits(); }), kWords * 64LL))
        << "entities";
    std::uint64_t seed = 0;
    EXPECT_TRUE(
        is_fair(differing_bits(kWords, [&] { return RandomStream(seed++, "test").next_bits(); }), kWords * 64LL))
        << "seeds";
    std::uint64_t purpose = 0;
    EXPECT_TRUE(is_fair(
        differing_bits(kWords, [&] { return RandomStream(1, "test." + std::to_string(purpose++)).next_bits(); }),
        kWords * 64LL))
        << "purposes";
}

// Power: what the assertions above must catch.
TEST(RandomStream, PlantedDefectsAreCaught) {
    std::uint64_t counter = 0;
    EXPECT_FALSE(is_fair(differing_bits(1000, [&] { return ++counter * 0x9E3779B97F4A7C15ULL << 8U; }), 64'000))
        << "a counter times a constant, its low byte lost";
    RandomStream stream(1, "test.planted");
    std::vector<std::uint8_t> bytes;
    for (int i = 0; i < kDraws; ++i) bytes.push_back(static_cast<std::uint8_t>(stream.next_bits() % 250));
    EXPECT_GT(byte_chi_square(bytes), chi_square_allowed(255.0, kLevel)) << "six values that never come";
}
