#include "slipcast/core/random.hpp"

#include <gtest/gtest.h>

#include <set>
#include <vector>

using namespace slipcast;

// The three vectors "philox4x32 10" of the file kat_vectors in Random123, the generator's reference distribution
// (Salmon, Moraes, Dror, Shaw 2011).
TEST(Philox, GivesThePublishedAnswers) {
    using Words = std::array<std::uint32_t, 4>;
    EXPECT_EQ(RandomStream::philox({0, 0, 0, 0}, {0, 0}), (Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
    EXPECT_EQ(RandomStream::philox({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff}),
              (Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
    EXPECT_EQ(RandomStream::philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
              (Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(RandomStream, ADrawDependsOnItsNumberAndNotOnTheOrder) {
    RandomStream forward(7, "test", 3);
    std::vector<std::uint64_t> draws;
    for (int i = 0; i < 50; ++i) draws.push_back(forward.next_bits());
    EXPECT_EQ(forward.position(), 50U);
    RandomStream jumping(7, "test", 3);
    for (std::size_t i = 50; i-- > 0;) {
        jumping.seek(i);
        EXPECT_EQ(jumping.next_bits(), draws[i]) << i;
    }
    // Two streams that take turns do not disturb each other.
    RandomStream one(7, "test", 3);
    RandomStream other(7, "test", 4);
    for (const std::uint64_t draw : draws) {
        EXPECT_EQ(one.next_bits(), draw);
        static_cast<void>(other.next_bits());
    }
}

TEST(RandomStream, SeedPurposeAndEntityEachChangeEveryDraw) {
    const auto draws = [](RandomStream stream) {
        std::vector<std::uint64_t> bits;
        for (int i = 0; i < 20; ++i) bits.push_back(stream.next_bits());
        return bits;
    };
    std::set<std::uint64_t> all;
    std::size_t count = 0;
    for (const auto& bits : {draws({1, "a", 0}), draws({2, "a", 0}), draws({1, "b", 0}), draws({1, "a", 1}),
                             draws({1, "a", 1ULL << 32}), draws({1ULL << 32, "a", 0})}) {
        all.insert(bits.begin(), bits.end());
        count += bits.size();
    }
    EXPECT_EQ(all.size(), count) << "no word appears in two streams";
}

TEST(RandomStream, UniformsStayInsideTheOpenInterval) {
    RandomStream stream(1, "test");
    for (int i = 0; i < 100'000; ++i) {
        const double u = stream.next_uniform();
        ASSERT_TRUE(u > 0.0 && u < 1.0);
    }
}

// The published test values of FNV-1a with 64 bits (Fowler, Noll, Vo).
TEST(Digest64, GivesThePublishedAnswers) {
    EXPECT_EQ(digest64(""), 0xcbf29ce484222325ULL);
    EXPECT_EQ(digest64("a"), 0xaf63dc4c8601ec8cULL);
    EXPECT_EQ(digest64("foobar"), 0x85944171f73967e8ULL);
    EXPECT_EQ(digest64("bar", digest64("foo")), digest64("foobar"));
}
