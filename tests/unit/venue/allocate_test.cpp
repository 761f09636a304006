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

/// Minimums that the order cannot meet everywhere.
std::vector<VenueTerms> drawn_minimums() {
    std::vector<VenueTerms> venues = drawn_venues(5, 10'000);
    for (VenueTerms& terms : venues) terms.min_quantity = 400;
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

TEST(Allocate, LotsBeyondWhatALogSentAreMarked) {
    const Liquidity even = *Liquidity::exponential(0.5, 1.0);
    Allocator allocator = *Allocator::create(
        {{.liquidity = even, .largest_sent = 30}, {.liquidity = even, .largest_sent = 80}, {.liquidity = even}});
    Split split;
    ASSERT_TRUE(allocator.allocate(150, split));
    ASSERT_EQ(split.quantity, (std::vector<std::int64_t>{50, 50, 50}));
    EXPECT_EQ(beyond_log(allocator, split), 20);
    const std::vector<std::string> names{"A", "B", "C"};
    const Table table = explanation(allocator, split, names);
    const Column& beyond = *table.find("beyond_log");
    EXPECT_EQ(std::get<std::vector<std::int64_t>>(beyond.data), (std::vector<std::int64_t>{20, 0, 0}));
    EXPECT_FALSE(beyond.is_valid(2));
    Allocator known = *Allocator::create({{.liquidity = even}, {.liquidity = even}, {.liquidity = even}});
    EXPECT_EQ(explanation(known, split, names).find("beyond_log"), nullptr);
}

TEST(Allocate, EveryLotIsSentWithoutAWorthOfKeepingIt) {
    // All 100 lots cost more leakage than they bring; a least of 2 lots changes nothing about what is asked.
    VenueTerms terms{.liquidity = *Liquidity::uniform(0.9, 10), .leakage_rate = 0.05};
    const Split plain = *allocation(100, {terms});
    terms.min_quantity = 2;
    const Split least = *allocation(100, {terms});
    EXPECT_EQ(plain.quantity, (std::vector<std::int64_t>{100}));
    EXPECT_EQ(least.quantity, plain.quantity);
    EXPECT_EQ(least.outside, 0);
    EXPECT_EQ(least.threshold, plain.threshold);
    EXPECT_EQ(allocation(100, {terms}, {.reservation_value = 0.0})->quantity,
              (terms.min_quantity = 1, allocation(100, {terms}, {.reservation_value = 0.0})->quantity));
    // Below every minimum nothing can be sent, and ties are shared also where minimums apply.
    terms.min_quantity = 2;
    EXPECT_EQ(allocation(1, {terms, terms})->outside, 1);
    VenueTerms flat{.liquidity = *Liquidity::exponential(0.5, 1.0), .min_quantity = 2};
    EXPECT_EQ(allocation(10, {flat, flat})->quantity, (std::vector<std::int64_t>{5, 5}));
    // A search that is cut off at once still sends all.
    const Split hurried = *allocation(1'000, drawn_minimums(), {.max_nodes = 1});
    EXPECT_EQ(hurried.outside, 0);
    EXPECT_GT(hurried.gap, 0.0);
}

TEST(Allocate, WordsOfEmptyOrdersAndOfMinimumsThatDoNotFit) {
    const std::vector<std::string> names{"A", "B"};
    const auto words = [&](std::int64_t volume, std::vector<VenueTerms> venues) {
        Allocator allocator = *Allocator::create(std::move(venues));
        Split split;
        EXPECT_TRUE(allocator.allocate(volume, split));
        const Table table = explanation(allocator, split, names);
        const auto reasons = std::get<std::vector<std::string>>(table.find("reason")->data);
        for (const std::string& reason : reasons) EXPECT_EQ(reason.find("nan"), std::string::npos) << reason;
        return reasons;
    };
    const VenueTerms plain{.liquidity = *Liquidity::uniform(0.8, 50)};
    VenueTerms least{.liquidity = *Liquidity::uniform(0.5, 50), .min_quantity = 6};
    EXPECT_EQ(words(0, {plain, plain})[0], "there is no lot to send");
    EXPECT_EQ(words(4, {plain, least})[1], "left out: takes no less than 6 lots, more than the order has");
    EXPECT_EQ(words(10, {least, least})[1],
              "left out: its least of 6 lots does not fit beside the least of the venues used");
    // Worth more than the last lot elsewhere by its first ones, less by six together.
    VenueTerms short_lived{.liquidity = *Liquidity::uniform(0.5, 2), .min_quantity = 6};
    EXPECT_EQ(words(10, {plain, short_lived})[1],
              "left out: its least of 6 lots together are worth less here than where they are");
    EXPECT_EQ(words(3, {least, least})[0], "left out: takes no less than 6 lots, more than the order has");
}
