#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "slipcast/core/random.hpp"
#include "slipcast/math/normal.hpp"
#include "slipcast/venue/pool.hpp"
#include "support/false_alarm.hpp"
#include "support/venue_log.hpp"

// How often the pool's 95 % intervals hold the truth, in worlds drawn from its own prior, with few routes and few
// pairs: exactly as often as they say, were nothing approximated. Promise: between 92 % and 98 %. One pair of each
// world is looked at, so that looks are independent. The budget of the file is shared by its 16 assertions.

using namespace slipcast;
using namespace slipcast::venue;
using namespace slipcast::test;

namespace {

constexpr double kLevel = false_alarm_share(16);

/// A pair of a world drawn from the prior.
struct Truth {
    double zero_bin = 0.0;
    double exponent = 0.0;
};
struct World {
    std::vector<PairLog> logs;
    std::vector<Truth> truth;
};

/// x of every pair, symbol by symbol.
std::vector<double> drawn(const PoolPrior& prior, int symbols, int venues, RandomStream& stream) {
    const auto normal = [&] { return math::normal_quantile(stream.next_uniform()); };
    const double common = prior.center + prior.deviation * normal();
    const auto effects = [&](int count) {
        const double scale = std::abs(prior.spread * normal());
        std::vector<double> made;
        for (int i = 0; i < count; ++i) made.push_back(scale * normal());
        return made;
    };
    const std::vector<double> of_symbols = effects(symbols);
    const std::vector<double> of_venues = effects(venues);
    const std::vector<double> of_pairs = effects(symbols * venues);
    std::vector<double> x;
    for (const double symbol : of_symbols) {
        for (const double venue : of_venues) x.push_back(common + symbol + venue + of_pairs[x.size()]);
    }
    return x;
}

World world(int symbols, int venues, std::int64_t routes, double minimum_share, std::uint64_t seed) {
    RandomStream stream(seed, "test.venue.pool_coverage");
    const std::vector<double> logits = drawn(kZeroBinPrior, symbols, venues, stream);
    const std::vector<double> exponents = drawn(kExponentPrior, symbols, venues, stream);
    World made;
    for (std::size_t i = 0; i < logits.size(); ++i) {
        made.truth.push_back({.zero_bin = 1.0 / (1.0 + std::exp(-logits[i])), .exponent = exponents[i]});
        const Liquidity liquidity = *Liquidity::power_law(made.truth[i].zero_bin, made.truth[i].exponent, 2'000);
        const auto columns = static_cast<std::size_t>(venues);
        made.logs.push_back({.symbol = "S" + std::to_string(i / columns),
                             .venue = "V" + std::to_string(i % columns),
                             .lot_size = 1,
                             .observations = venue_log(liquidity, {.count = routes,
                                                                   .largest_sent = 800,
                                                                   .min_quantity = 50,
                                                                   .minimum_share = minimum_share,
                                                                   .seed = seed * 1'000 + i})});
    }
    return made;
}

struct Covered {
    std::int64_t zero_bin = 0;
    std::int64_t exponent = 0;
    std::int64_t narrow = 0;  ///< zero bins within half the interval
};

/// Of one pair of each world, with `unseen` of a pair whose log was taken out before.
Covered covered(int symbols, int venues, std::int64_t trials, bool unseen = false, double minimum_share = 0.0) {
    Covered made;
    for (std::int64_t trial = 0; trial < trials; ++trial) {
        World drawn = world(symbols, venues, 20, minimum_share, 1'000 + static_cast<std::uint64_t>(trial));
        const std::size_t pair = static_cast<std::size_t>(trial) % drawn.logs.size();
        const PairLog looked_at = drawn.logs[pair];
        if (unseen) drawn.logs.erase(drawn.logs.begin() + static_cast<std::ptrdiff_t>(pair));
        const Pool pool = *Pool::estimate(drawn.logs, 2'000);
        const Pool::Member believed = pool.belief(looked_at.symbol, looked_at.venue);
        const Truth& truth = drawn.truth[pair];
        made.zero_bin += truth.zero_bin >= believed.zero_bin_low && truth.zero_bin <= believed.zero_bin_high ? 1 : 0;
        made.exponent += truth.exponent >= believed.exponent_low && truth.exponent <= believed.exponent_high ? 1 : 0;
        const double quarter = 0.25 * (believed.zero_bin_high - believed.zero_bin_low);
        made.narrow +=
            truth.zero_bin >= believed.zero_bin_low + quarter && truth.zero_bin <= believed.zero_bin_high - quarter ? 1
                                                                                                                    : 0;
    }
    return made;
}

void expect_promise(const Covered& found, std::int64_t trials) {
    for (const std::int64_t count : {found.zero_bin, found.exponent}) {
        EXPECT_FALSE(is_below_promise(count, trials, 0.92, kLevel)) << count << " of " << trials;
    }
}

}  // namespace

TEST(PoolInterval, CoversAsItSaysWithFewPairs) {
    const Covered alone = covered(1, 1, 400);
    expect_promise(alone, 400);
    for (const std::int64_t count : {alone.zero_bin, alone.exponent}) {
        EXPECT_FALSE(is_above_promise(count, 400, 0.98, kLevel)) << count;
    }
    expect_promise(covered(1, 2, 120), 120);
    expect_promise(covered(1, 4, 80), 80);
    expect_promise(covered(2, 2, 80), 80);
    // The assertion sees intervals that are half as wide as they should be.
    EXPECT_TRUE(is_below_promise(alone.narrow, 400, 0.92, kLevel)) << alone.narrow;
}

TEST(PoolInterval, CoversAsItSaysWithManyPairs) {
    constexpr std::int64_t kTrials = 24;
    expect_promise(covered(12, 4, kTrials), kTrials);
}

TEST(PoolInterval, CoversPairsWithoutALogAndMissesWithAMinimum) {
    expect_promise(covered(2, 2, 80, true), 80);
    const Covered found = covered(2, 2, 40, false, 0.7);
    EXPECT_FALSE(is_below_promise(found.zero_bin, 40, 0.92, kLevel)) << found.zero_bin;
}
