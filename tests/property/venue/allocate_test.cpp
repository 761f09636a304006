#include "slipcast/venue/allocate.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <vector>

#include "support/greedy_split.hpp"

// The split against the published greedy and against every possible split, and the laws it keeps.

using namespace slipcast;
using namespace slipcast::venue;

namespace {

double real(double low, double high) {
    return low + (high - low) * static_cast<double>(*rc::gen::inRange(0, 1'000'001)) / 1e6;
}
std::int64_t whole(std::int64_t low, std::int64_t high) {
    return *rc::gen::inRange<std::int64_t>(low, high + 1);
}

Liquidity any_liquidity(std::int64_t largest) {
    const double zero_bin = real(0.0, 1.0);
    switch (*rc::gen::inRange(0, 6)) {
        case 0:
            return *Liquidity::uniform(zero_bin, whole(1, largest));
        case 1:
            return *Liquidity::poisson(zero_bin, real(0.1, static_cast<double>(largest)));
        case 2:
            return *Liquidity::exponential(zero_bin, real(0.0, 1.0));
        case 3: {
            std::vector<std::int64_t> sizes;
            std::vector<double> tails;
            double tail = 1.0;
            for (std::int64_t s = whole(1, 5); s <= largest && sizes.size() < 6; s += whole(1, largest)) {
                sizes.push_back(s);
                tails.push_back(tail *= real(0.0, 1.0));
            }
            if (sizes.empty()) return *Liquidity::uniform(zero_bin, 1);
            return *Liquidity::empirical(sizes, tails);
        }
        default:
            return *Liquidity::power_law(zero_bin, real(-2.0, 3.0), whole(1, largest));
    }
}

std::vector<VenueTerms> any_venues(std::size_t most, std::int64_t largest) {
    std::vector<VenueTerms> venues;
    const std::size_t count = static_cast<std::size_t>(whole(1, static_cast<std::int64_t>(most)));
    for (std::size_t i = 0; i < count; ++i) {
        VenueTerms terms{.liquidity = any_liquidity(largest)};
        if (*rc::gen::inRange(0, 2) == 1) terms.value = real(0.0, 3.0);
        if (*rc::gen::inRange(0, 4) == 1) {
            terms.leakage_rate = real(0.0, 0.1);
            terms.leakage_power = real(1.0, 2.5);
        }
        venues.push_back(terms);
    }
    return venues;
}

double total_value(const Allocator& allocator, const std::vector<std::int64_t>& quantity) {
    double sum = 0.0;
    for (std::size_t i = 0; i < quantity.size(); ++i) {
        for (std::int64_t lot = 1; lot <= quantity[i]; ++lot) sum += allocator.marginal(i, lot);
    }
    return sum;
}

std::int64_t sum_of(const std::vector<std::int64_t>& quantity) {
    return std::accumulate(quantity.begin(), quantity.end(), std::int64_t{0});
}

/// The marginal values taken, largest first: what must be equal whatever the order among ties.
std::vector<double> taken(const Allocator& allocator, const std::vector<std::int64_t>& quantity) {
    std::vector<double> values;
    for (std::size_t i = 0; i < quantity.size(); ++i) {
        for (std::int64_t lot = 1; lot <= quantity[i]; ++lot) values.push_back(allocator.marginal(i, lot));
    }
    std::sort(values.begin(), values.end());
    return values;
}

/// Power laws without ties: no two tails equal.
std::vector<VenueTerms> distinct_venues(std::size_t count) {
    std::vector<VenueTerms> venues;
    for (std::size_t i = 0; i < count; ++i) {
        // Also where the generator repeats itself.
        const double zero_bin = real(0.3, 0.95) + 1e-8 * static_cast<double>(i);
        venues.push_back({.liquidity = *Liquidity::power_law(zero_bin, real(-0.9, 1.5), 10'000)});
    }
    return venues;
}

}  // namespace

TEST(Allocate, EqualsTheBestOfAllSplitsOfSmallOrders) {
    EXPECT_TRUE(rc::check([] {
        const std::int64_t volume = whole(0, 9);
        std::vector<VenueTerms> venues = any_venues(4, 12);
        Allocator allocator = *Allocator::create(venues);
        Split split;
        RC_ASSERT(allocator.allocate(volume, split).has_value());
        RC_ASSERT(sum_of(split.quantity) == volume);
        double best = -1e300;
        test::for_each_split(venues.size(), volume, [&](const std::vector<std::int64_t>& quantity) {
            best = std::max(best, total_value(allocator, quantity));
        });
        RC_ASSERT(std::abs(total_value(allocator, split.quantity) - best) <= 1e-12 * (1.0 + std::abs(best)));
    }));
}

TEST(Allocate, TakesTheLotsThatThePublishedGreedyTakes) {
    EXPECT_TRUE(rc::check([] {
        const std::int64_t volume = whole(0, 4000);
        std::vector<VenueTerms> venues = any_venues(12, 3000);
        Allocator allocator = *Allocator::create(venues);
        Split split;
        RC_ASSERT(allocator.allocate(volume, split).has_value());
        RC_ASSERT(taken(allocator, split.quantity) == taken(allocator, test::greedy_split(allocator, volume)));
    }));
}

TEST(Allocate, IsTheGreedySplitLotByLotWhereNothingTies) {
    EXPECT_TRUE(rc::check([] {
        const std::int64_t volume = whole(0, 20'000);
        Allocator allocator = *Allocator::create(distinct_venues(static_cast<std::size_t>(whole(1, 40))));
        Split split;
        RC_ASSERT(allocator.allocate(volume, split).has_value());
        if (volume > 10'000) return;  // beyond every liquidity at one venue, zeros tie
        RC_ASSERT(split.quantity == test::greedy_split(allocator, volume));
    }));
}

TEST(Allocate, GrowsWithTheOrderAndWithAVenuesLiquidity) {
    EXPECT_TRUE(rc::check([] {
        std::vector<VenueTerms> venues = distinct_venues(static_cast<std::size_t>(whole(2, 8)));
        const std::int64_t volume = whole(1, 9000);
        const std::int64_t more = volume + whole(1, 900);
        Allocator allocator = *Allocator::create(venues);
        Split split;
        Split larger;
        RC_ASSERT(allocator.allocate(volume, split).has_value());
        RC_ASSERT(allocator.allocate(more, larger).has_value());
        for (std::size_t i = 0; i < venues.size(); ++i) RC_ASSERT(larger.quantity[i] >= split.quantity[i]);
        // Smaller zero bin and smaller exponent: every tail is larger.
        const Liquidity& first = venues[0].liquidity;
        allocator.replace(0, *Liquidity::power_law(first.zero_bin() * real(0.1, 1.0),
                                                   first.parameter() - real(0.0, 0.5), first.max_liquidity()));
        RC_ASSERT(allocator.allocate(volume, larger).has_value());
        RC_ASSERT(larger.quantity[0] >= split.quantity[0]);
        for (std::size_t i = 1; i < venues.size(); ++i) RC_ASSERT(larger.quantity[i] <= split.quantity[i]);
    }));
}

TEST(Allocate, PermutingVenuesPermutesTheSplit) {
    EXPECT_TRUE(rc::check([] {
        std::vector<VenueTerms> venues = distinct_venues(static_cast<std::size_t>(whole(2, 8)));
        std::vector<std::size_t> order(venues.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        for (std::size_t i = order.size(); i > 1; --i) {
            std::swap(order[i - 1], order[static_cast<std::size_t>(whole(0, static_cast<std::int64_t>(i) - 1))]);
        }
        std::vector<VenueTerms> permuted;
        for (const std::size_t i : order) permuted.push_back(venues[i]);
        const std::int64_t volume = whole(1, 10'000);
        const Split split = *allocation(volume, venues);
        const Split other = *allocation(volume, permuted);
        for (std::size_t i = 0; i < order.size(); ++i) RC_ASSERT(other.quantity[i] == split.quantity[order[i]]);
    }));
}

TEST(Allocate, SendsOnlyWhatIsWorthMoreThanKeepingIt) {
    EXPECT_TRUE(rc::check([] {
        const double reservation = real(0.0, 0.6);
        Allocator allocator = *Allocator::create(any_venues(5, 40), {.reservation_value = reservation});
        const std::int64_t volume = whole(0, 60);
        Split split;
        RC_ASSERT(allocator.allocate(volume, split).has_value());
        RC_ASSERT(sum_of(split.quantity) + split.outside == volume);
        for (std::size_t i = 0; i < split.quantity.size(); ++i) {
            if (split.quantity[i] > 0) RC_ASSERT(allocator.marginal(i, split.quantity[i]) > reservation);
            if (split.outside > 0) RC_ASSERT(allocator.marginal(i, split.quantity[i] + 1) <= reservation);
        }
    }));
}

TEST(Allocate, MinimumSizesEqualTheBestOfAllPermittedSplits) {
    EXPECT_TRUE(rc::check([] {
        const std::int64_t volume = whole(0, 9);
        std::vector<VenueTerms> venues = any_venues(4, 12);
        for (VenueTerms& terms : venues) terms.min_quantity = whole(1, 6);
        venues[0].min_quantity = 2;
        std::optional<double> kept;
        if (*rc::gen::inRange(0, 2) == 1) kept = real(0.0, 0.3);
        const double reservation = kept.value_or(0.0);
        Allocator allocator = *Allocator::create(venues, {.reservation_value = kept});
        Split split;
        RC_ASSERT(allocator.allocate(volume, split).has_value());
        RC_ASSERT(sum_of(split.quantity) + split.outside == volume);
        RC_ASSERT(split.gap == 0.0);
        const bool can_send = std::any_of(venues.begin(), venues.end(),
                                          [&](const VenueTerms& terms) { return terms.min_quantity <= volume; });
        // Without a worth of keeping them all lots are sent, leakage or not, where any venue takes them.
        const bool sends_all = !kept && can_send;
        if (sends_all) RC_ASSERT(split.outside == 0);
        if (!can_send) RC_ASSERT(split.outside == volume);
        double best = -1e300;
        // One venue more: what stays outside.
        test::for_each_split(venues.size() + 1, volume, [&](std::vector<std::int64_t> quantity) {
            const auto outside = static_cast<double>(quantity.back());
            quantity.pop_back();
            if (sends_all && outside > 0.0) return;
            for (std::size_t i = 0; i < quantity.size(); ++i) {
                if (quantity[i] > 0 && quantity[i] < venues[i].min_quantity) return;
            }
            best = std::max(best, total_value(allocator, quantity) + reservation * outside);
        });
        for (std::size_t i = 0; i < venues.size(); ++i) {
            RC_ASSERT(split.quantity[i] == 0 || split.quantity[i] >= venues[i].min_quantity);
        }
        RC_ASSERT(std::abs(allocator.expected_value(split) - best) <= 1e-9 * (1.0 + std::abs(best)));
    }));
}
