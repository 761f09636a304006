#include "slipcast/venue/allocate.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "slipcast/core/random.hpp"
#include "support/greedy_split.hpp"

// Splits: large orders, ties, refusals, words.

using namespace slipcast;
using namespace slipcast::venue;

namespace {

std::vector<VenueTerms> drawn_venues(std::size_t count, std::int64_t max_liquidity) {
    RandomStream stream(11, "test.venue.allocate");
    std::vector<VenueTerms> venues;
    for (std::size_t i = 0; i < count; ++i) {
        const double zero_bin = 0.67 + 0.29 * stream.next_uniform();
        const double exponent = -0.5 + 1.8 * stream.next_uniform();
        venues.push_back({.liquidity = *Liquidity::power_law(zero_bin, exponent, max_liquidity)});
    }
    return venues;
}

}  // namespace

TEST(Allocate, EqualsTheHeapOnLargeOrders) {
    for (const std::size_t count : {4U, 40U}) {
        for (const std::int64_t volume : {1'000, 10'000, 100'000, 1'000'000}) {
            Allocator allocator = *Allocator::create(drawn_venues(count, 2'000'000));
            Split split;
            ASSERT_TRUE(allocator.allocate(volume, split));
            EXPECT_EQ(split.quantity, test::greedy_split(allocator, volume)) << count << " " << volume;
        }
    }
}

TEST(Allocate, ATrillionLotsAreSplitAtOneThreshold) {
    Allocator allocator = *Allocator::create(drawn_venues(7, kLargestSize));
    Split split;
    ASSERT_TRUE(allocator.allocate(kLargestSize, split));
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < 7; ++i) {
        sum += split.quantity[i];
        EXPECT_GE(allocator.marginal(i, split.quantity[i]), split.threshold);
        EXPECT_LE(allocator.marginal(i, split.quantity[i] + 1), split.threshold);
    }
    EXPECT_EQ(sum, kLargestSize);
}

TEST(Allocate, TiesAreSharedEvenlyAndRemaindersGoByTheOrderOfVenues) {
    const VenueTerms flat{.liquidity = *Liquidity::exponential(0.5, 1.0)};
    EXPECT_EQ(allocation(11, {flat, flat, flat})->quantity, (std::vector<std::int64_t>{4, 4, 3}));
    // Beyond all liquidity every lot is worth zero; the small venue's own lots come first.
    const VenueTerms small{.liquidity = *Liquidity::uniform(0.0, 2)};
    EXPECT_EQ(allocation(10, {small, small})->quantity, (std::vector<std::int64_t>{5, 5}));
    const VenueTerms steps{.liquidity = *Liquidity::empirical({3, 100}, {0.9, 0.5})};
    EXPECT_EQ(allocation(13, {steps, flat})->quantity, (std::vector<std::int64_t>{8, 5}));
}

TEST(Allocate, BetterVenuesAndCheaperOnesGetMore) {
    const Liquidity liquidity = *Liquidity::power_law(0.8, 0.7, 10'000);
    const Split by_value =
        *allocation(1000, {{.liquidity = liquidity, .value = 1.0}, {.liquidity = liquidity, .value = 1.5}});
    EXPECT_LT(by_value.quantity[0], by_value.quantity[1]);
    const Split by_leakage = *allocation(
        1000, {{.liquidity = liquidity, .leakage_rate = 1e-5, .leakage_power = 2.0}, {.liquidity = liquidity}});
    EXPECT_LT(by_leakage.quantity[0], by_leakage.quantity[1]);
    const Split toxic = *allocation(1000, {{.liquidity = liquidity, .value = -0.2}, {.liquidity = liquidity}},
                                    {.reservation_value = 0.0});
    EXPECT_EQ(toxic.quantity[0], 0);
}

TEST(Allocate, ManyMinimumSizesStopAtTheNodeLimitWithAnHonestGap) {
    std::vector<VenueTerms> venues = drawn_venues(14, 10'000);
    for (std::size_t i = 0; i < venues.size(); ++i) venues[i].min_quantity = 300 + 40 * static_cast<std::int64_t>(i);
    Allocator limited = *Allocator::create(venues, {.max_nodes = 3});
    Allocator patient = *Allocator::create(venues, {.max_nodes = 1'000'000});
    Split quick;
    Split best;
    ASSERT_TRUE(limited.allocate(2000, quick));
    ASSERT_TRUE(patient.allocate(2000, best));
    EXPECT_EQ(best.gap, 0.0);
    EXPECT_GT(quick.gap, 0.0);
    EXPECT_GE(limited.expected_value(quick) + quick.gap, patient.expected_value(best) - 1e-9);
}

TEST(Allocate, WhatBreaksTheGreedyIsRefusedByName) {
    const Liquidity liquidity = *Liquidity::uniform(0.5, 10);
    const auto refused = [](std::vector<VenueTerms> venues, AllocationOptions options = {}) {
        const auto allocator = Allocator::create(std::move(venues), options);
        return allocator.has_value() ? std::string{} : allocator.error().field;
    };
    EXPECT_EQ(refused({}), "venues");
    EXPECT_EQ(refused({{.liquidity = liquidity, .value = -1.0}}), "value");
    EXPECT_EQ(refused({{.liquidity = liquidity, .value = -1.0}}, {.reservation_value = -0.1}), "value");
    EXPECT_EQ(refused({{.liquidity = liquidity, .value = std::nan("")}}), "value");
    EXPECT_EQ(refused({{.liquidity = liquidity, .leakage_rate = -0.1}}), "leakage_rate");
    EXPECT_EQ(refused({{.liquidity = liquidity, .leakage_rate = 0.1, .leakage_power = 0.5}}), "leakage_power");
    EXPECT_EQ(refused({{.liquidity = liquidity, .min_quantity = 0}}), "min_quantity");
    EXPECT_EQ(refused({{.liquidity = liquidity}}, {.reservation_value = std::nan("")}), "reservation_value");
    Allocator allocator = *Allocator::create({{.liquidity = liquidity}});
    Split split;
    EXPECT_EQ(allocator.allocate(-1, split).error().field, "volume");
    EXPECT_EQ(allocator.allocate(kLargestSize + 1, split).error().field, "volume");
}

TEST(Allocate, EveryVenueSaysWhyItGotItsLots) {
    const std::vector<std::string> names{"A", "B", "C"};
    Allocator allocator = *Allocator::create({{.liquidity = *Liquidity::uniform(0.1, 10)},
                                              {.liquidity = *Liquidity::uniform(0.1, 10)},
                                              {.liquidity = *Liquidity::uniform(0.99, 10)}});
    Split split;
    ASSERT_TRUE(allocator.allocate(5, split));
    const Table table = explanation(allocator, split, names);
    const auto* reasons = table.find("reason");
    ASSERT_NE(reasons, nullptr);
    const auto& words = std::get<std::vector<std::string>>(reasons->data);
    EXPECT_NE(words[1].find("ties are shared"), std::string::npos) << words[1];
    EXPECT_NE(words[2].find("its first lot is worth 0.01"), std::string::npos) << words[2];
}
