#include "slipcast/venue/pool.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <string>

#include "slipcast/core/random.hpp"
#include "slipcast/math/sampling.hpp"
#include "slipcast/venue/compare.hpp"
#include "slipcast/venue/fit.hpp"
#include "support/venue_log.hpp"

using namespace slipcast;
using namespace slipcast::venue;

namespace {

/// Mean loss on `later`, of pools and of pairs each by itself, when only the first routes were seen.
struct Losses {
    double pooled = 0.0;
    double alone = 0.0;
};

Losses losses(std::uint64_t seed, std::size_t seen) {
    const std::vector<PairLog> whole = *synthetic_suite({.observations = 300, .seed = seed});
    std::vector<PairLog> early = whole;
    for (PairLog& log : early) log.observations.resize(seen);
    const Pool pool = *Pool::estimate(early, 10'000);
    Losses sum;
    for (std::size_t i = 0; i < whole.size(); ++i) {
        const std::span<const Observation> later = std::span{whole[i].observations}.subspan(seen);
        const Smoothing smoothing{.weight = 1e-3, .max_liquidity = 10'000};
        sum.pooled += *log_loss(pool.liquidity(whole[i].symbol, whole[i].venue), later, smoothing);
        sum.alone += *log_loss(fit(early[i].observations, {.max_liquidity = 10'000})->liquidity(), later, smoothing);
    }
    sum.pooled /= static_cast<double>(whole.size());
    sum.alone /= static_cast<double>(whole.size());
    return sum;
}

}  // namespace

TEST(Pool, BeatsEachPairByItselfOnSmallLogsOutOfSample) {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        const Losses small = losses(seed, 20);
        EXPECT_LT(small.pooled, small.alone - 0.02) << seed << ' ' << small.pooled << ' ' << small.alone;
        const Losses larger = losses(seed, 100);
        EXPECT_LT(larger.pooled, larger.alone) << seed << ' ' << larger.pooled << ' ' << larger.alone;
    }
}

TEST(Pool, LetsALongLogSpeakForItself) {
    const std::vector<PairLog> logs = *synthetic_suite({.symbols = 3, .venues = 2, .observations = 5'000});
    const Pool pool = *Pool::estimate(logs, 10'000);
    ASSERT_EQ(pool.members().size(), 6U);
    for (std::size_t i = 0; i < logs.size(); ++i) {
        const Fit alone = *fit(logs[i].observations, {.max_liquidity = 10'000});
        EXPECT_NEAR(pool.members()[i].zero_bin, alone.zero_bin(), *alone.zero_bin_std_error());
        EXPECT_NEAR(pool.members()[i].exponent, alone.parameter(), *alone.parameter_std_error());
        EXPECT_NEAR(pool.members()[i].exponent_deviation, *alone.parameter_std_error(),
                    0.2 * *alone.parameter_std_error());
    }
    EXPECT_EQ(pool.table().rows(), 6U);
}

TEST(Pool, AnUnseenPairTakesItsSymbolAndVenue) {
    // Two venues that differ a lot, symbols that do not: an unseen symbol is told by its venue.
    std::vector<PairLog> logs;
    for (int symbol = 0; symbol < 6; ++symbol) {
        for (const bool is_full : {false, true}) {
            PairLog log{.symbol = std::string(1, static_cast<char>('A' + symbol)),
                        .venue = is_full ? "RICH" : "POOR",
                        .lot_size = 1,
                        .observations = {}};
            for (int i = 0; i < 100; ++i) {
                const bool is_miss = i % 10 < (is_full ? 2 : 9);
                log.observations.push_back({100, is_miss ? 0 : 1 + (i * 37) % 99, 1});
            }
            logs.push_back(log);
        }
    }
    const Pool pool = *Pool::estimate(logs);
    EXPECT_NEAR(pool.liquidity("NEW", "RICH").zero_bin(), 0.2, 0.05);
    EXPECT_NEAR(pool.liquidity("NEW", "POOR").zero_bin(), 0.9, 0.05);
    EXPECT_GT(pool.zero_bin_spread().venue, 5.0 * pool.zero_bin_spread().symbol);
    const double neither = pool.liquidity("NEW", "NEW").zero_bin();
    EXPECT_GT(neither, 0.3);
    EXPECT_LT(neither, 0.85);
}

TEST(Pool, KeepsALogWithoutFillsWithinItsPrior) {
    std::vector<PairLog> logs = *synthetic_suite({.symbols = 4, .venues = 3, .observations = 200});
    logs.push_back({"NEW", "POOL1", 1, std::vector<Observation>(8, Observation{500, 0})});
    const Pool pool = *Pool::estimate(logs, 10'000);
    const Pool::Member& last = pool.members().back();
    EXPECT_LT(last.zero_bin, 1.0);
    EXPECT_GT(last.zero_bin, pool.liquidity("OTHER", "POOL1").zero_bin());
    EXPECT_NEAR(last.exponent, pool.liquidity("OTHER", "POOL1").parameter(), 0.3);
}

TEST(Pool, AFewRoutesLeaveMostOpen) {
    const auto alone = [](const std::vector<Observation>& log) {
        return Pool::estimate(std::vector<PairLog>{{"A", "X", 1, log}})->members()[0];
    };
    const Pool::Member one = alone({{100, 50}});
    EXPECT_LT(one.zero_bin_low, 0.05);
    EXPECT_GT(one.zero_bin_high, 0.85);
    EXPECT_GT(one.exponent_deviation, 0.3);
    // Twenty misses do not exclude 0.86^20 = 0.05.
    const Pool::Member missed = alone(std::vector<Observation>(20, Observation{100, 0}));
    EXPECT_LT(missed.zero_bin_low, 0.89);
    EXPECT_GT(missed.zero_bin_high, 0.995);
    EXPECT_LT(missed.zero_bin_high, 1.0);
    // Of the shape they say nothing.
    EXPECT_NEAR(missed.exponent, kExponentPrior.center, 0.02);
}

TEST(Pool, WhatIsUnknownMakesABeliefWider) {
    const std::vector<PairLog> logs = *synthetic_suite({.symbols = 6, .venues = 4, .observations = 100});
    const Pool pool = *Pool::estimate({logs.data(), logs.size() - 1}, 10'000);
    const auto width = [&](std::string_view symbol, std::string_view venue) {
        const Pool::Member believed = pool.belief(symbol, venue);
        EXPECT_LT(believed.zero_bin_low, believed.zero_bin);
        EXPECT_GT(believed.zero_bin_high, believed.zero_bin);
        return believed.exponent_high - believed.exponent_low;
    };
    const double member = width(logs[0].symbol, logs[0].venue);
    const double neighbor = width(logs.back().symbol, logs.back().venue);
    const double new_symbol = width("NEW", logs.back().venue);
    const double new_both = width("NEW", "NEW");
    EXPECT_LT(member, neighbor);
    EXPECT_LT(neighbor, new_symbol);
    EXPECT_LT(new_symbol, new_both);
    EXPECT_EQ(pool.belief("NEW", "NEW").observations, 0);
    EXPECT_EQ(pool.liquidity(logs[0].symbol, logs[0].venue).zero_bin(), pool.members()[0].zero_bin);
    // A narrower interval where less confidence is asked for.
    const Pool half = *Pool::estimate({logs.data(), logs.size() - 1}, 10'000, 0.5);
    EXPECT_GT(half.members()[0].zero_bin_low, pool.members()[0].zero_bin_low);
    EXPECT_EQ(half.members()[0].zero_bin, pool.members()[0].zero_bin);
}

TEST(Pool, MissesWithAMinimumAreNotReadAsNothing) {
    const Liquidity truth = *Liquidity::power_law(0.6, 0.7, 2'000);
    std::vector<PairLog> logs{
        {"A", "X", 1,
         test::venue_log(
             truth, {.count = 1'500, .largest_sent = 1'000, .min_quantity = 100, .minimum_share = 0.6, .seed = 3})}};
    const Pool::Member read = Pool::estimate(logs, 2'000)->members()[0];
    EXPECT_LT(read.zero_bin_low, 0.6);
    EXPECT_GT(read.zero_bin_high, 0.6);
    EXPECT_LT(read.exponent_low, 0.7);
    EXPECT_GT(read.exponent_high, 0.7);
    for (Observation& one : logs[0].observations) one.min_quantity = 1;
    EXPECT_GT(Pool::estimate(logs, 2'000)->members()[0].zero_bin_low, 0.6);
}

TEST(Pool, ConvergesOnEveryKindOfLog) {
    // Nothing filled, everything filled, one lot at most, all or nothing, power laws; with minimums and without; from
    // one route a pair to hundreds.
    std::int64_t held = 0;
    for (std::uint64_t seed = 0; seed < 24; ++seed) {
        RandomStream stream(seed, "test.venue.pool_kinds");
        std::vector<PairLog> logs;
        for (std::size_t pair = 0; pair < 9; ++pair) {
            PairLog log{"S" + std::to_string(pair / 3), "V" + std::to_string(pair % 3), 1, {}};
            constexpr std::array<std::uint64_t, 3> kMost{3, 30, 300};
            const auto count = static_cast<int>(1 + math::draw_index(stream, kMost[seed % 3]));
            const std::uint64_t kind = math::draw_index(stream, 5);
            const Liquidity truth = *Liquidity::power_law(stream.next_uniform(), 1.5 * stream.next_uniform(), 5'000);
            for (int i = 0; i < count; ++i) {
                const auto sent = static_cast<std::int64_t>(1 + math::draw_index(stream, 2'000));
                const bool has_minimum = seed % 2 == 1 && math::draw_bernoulli(stream, 0.7);
                const std::int64_t least = has_minimum ? std::min<std::int64_t>(sent, 100) : 1;
                const std::int64_t drawn = truth.draw(stream);
                const std::array<std::int64_t, 5> there{drawn, 0, sent, std::min<std::int64_t>(drawn, 1),
                                                        drawn > 0 ? sent : 0};
                log.observations.push_back({sent, there[kind] >= least ? std::min(sent, there[kind]) : 0, least});
            }
            logs.push_back(std::move(log));
        }
        const Pool pool = *Pool::estimate(logs);
        EXPECT_EQ(pool.termination(), Termination::converged) << seed;
        EXPECT_EQ(pool.diagnostics().rows(), 2U);
        held += pool.zero_bin_propagation().held_sites + pool.exponent_propagation().held_sites;
        for (const Pool::Member& one : pool.members()) {
            EXPECT_TRUE(std::isfinite(one.exponent_low + one.exponent_high + one.exponent_deviation)) << seed;
            EXPECT_LT(one.exponent_low, one.exponent_high) << seed;
            EXPECT_LT(one.zero_bin_low, one.zero_bin_high) << seed;
        }
    }
    EXPECT_GT(held, 0) << "likelihoods that bend upwards are among them";
}

TEST(Pool, RefusesAPairGivenTwiceAndImpossibleRows) {
    const PairLog good{"A", "X", 1, {{10, 1}}};
    const PairLog bad{"B", "X", 1, {{10, 11}}};
    EXPECT_EQ(Pool::estimate(std::vector<PairLog>{}).error().code, ErrorCode::not_identified);
    EXPECT_EQ(Pool::estimate(std::vector<PairLog>{good, good}).error().field, "logs");
    EXPECT_EQ(Pool::estimate(std::vector<PairLog>{good}, 0, 1.0).error().field, "confidence");
    EXPECT_EQ(Pool::estimate(std::vector<PairLog>{good, bad}).error().field, "filled");
    EXPECT_EQ(Pool::estimate(std::vector<PairLog>{good, bad}).error().place.file, "B at X");
}
