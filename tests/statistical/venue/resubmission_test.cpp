#include "slipcast/venue/resubmission.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "slipcast/math/statistics.hpp"
#include "slipcast/venue/allocate.hpp"
#include "slipcast/venue/simulate.hpp"

// Resubmission plans against greedy resubmission, in simulation: an independent check of what the plan's grid says.

using namespace slipcast;
using namespace slipcast::venue;

namespace {

constexpr std::int64_t kVolume = 8'000;

/// Rounds until more than half of an order is done, over many orders.
template <typename Policy>
math::Moments half_life(const std::vector<Liquidity>& venues, const Policy& policy, int orders) {
    RandomStream draws(9, "test.venue.resubmission");
    math::Moments rounds;
    for (int order = 0; order < orders; ++order) {
        std::int64_t done = 0;
        int round = 0;
        while (2 * done <= kVolume && round < 1'000) {
            const std::vector<std::int64_t> sent = policy(done);
            for (std::size_t i = 0; i < sent.size(); ++i) done += std::min(sent[i], venues[i].draw(draws));
            ++round;
        }
        rounds.add(round);
    }
    return rounds;
}

}  // namespace

TEST(Resubmission, ThePlanIsNeverSlowerThanGreedyAndFasterOverall) {
    constexpr int kOrders = 3'000;
    double gain = 0.0;
    double variance = 0.0;
    double promised = 0.0;
    double rounds = 0.0;
    const auto suite = simulated_suite();
    for (const SimulatedSymbol& symbol : *suite) {
        const ResubmissionPlan plan = *ResubmissionPlan::create(kVolume, symbol.venues);
        EXPECT_LE(plan.expected_rounds(), plan.greedy_rounds() + 1e-9);
        std::vector<VenueTerms> terms;
        for (const Liquidity& one : symbol.venues) terms.push_back({.liquidity = one});
        Allocator allocator = *Allocator::create(terms);
        Split split;
        const auto greedy = half_life(
            symbol.venues,
            [&](std::int64_t done) {
                EXPECT_TRUE(allocator.allocate(kVolume - done, split));
                return split.quantity;
            },
            kOrders);
        const auto planned = half_life(symbol.venues, [&](std::int64_t done) { return plan.quantity(done); }, kOrders);
        gain += *greedy.mean() - *planned.mean();
        promised += plan.greedy_rounds() - plan.expected_rounds();
        rounds += *greedy.mean();
        variance +=
            *greedy.standard_error() * *greedy.standard_error() + *planned.standard_error() * *planned.standard_error();
        // The grid's expectation is the simulation's within its rounding and five standard errors.
        EXPECT_NEAR(*planned.mean(), plan.expected_rounds(),
                    5.0 * *planned.standard_error() + 0.04 * plan.expected_rounds())
            << symbol.symbol;
    }
    RecordProperty("greedy_rounds", std::to_string(rounds / 12.0));
    RecordProperty("rounds_saved", std::to_string(gain / 12.0));
    EXPECT_GT(gain, 5.0 * std::sqrt(variance));
    EXPECT_NEAR(gain, promised, 5.0 * std::sqrt(variance) + 0.1 * promised);
}

TEST(Resubmission, EverySplitAddsUpToWhatIsLeft) {
    const auto suite = simulated_suite();
    const ResubmissionPlan plan = *ResubmissionPlan::create(1'001, (*suite)[0].venues, {.levels = 16});
    EXPECT_EQ(plan.target(), 501);
    for (std::int64_t done = 0; done < 1'001; done += 7) {
        const std::vector<std::int64_t> sent = plan.quantity(done);
        EXPECT_EQ(std::accumulate(sent.begin(), sent.end(), std::int64_t{0}), 1'001 - done);
        EXPECT_GE(*std::min_element(sent.begin(), sent.end()), 0);
    }
}

TEST(Resubmission, OneVenueIsAGeometricNumberOfRounds) {
    // All or nothing with chance 0.2: five rounds.
    const ResubmissionPlan plan = *ResubmissionPlan::create(100, {*Liquidity::exponential(0.8, 1.0)});
    EXPECT_NEAR(plan.expected_rounds(), 5.0, 1e-12);
}

TEST(Resubmission, ImpossiblePlansAreRefused) {
    const Liquidity one = *Liquidity::uniform(0.5, 10);
    EXPECT_EQ(ResubmissionPlan::create(0, {one}).error().field, "volume");
    EXPECT_EQ(ResubmissionPlan::create(10, {}).error().field, "venues");
    EXPECT_EQ(ResubmissionPlan::create(10, {*Liquidity::uniform(1.0, 10)}).error().field, "venues");
    EXPECT_EQ(ResubmissionPlan::create(10, {one}, {.share = 1.0}).error().field, "share");
    EXPECT_EQ(ResubmissionPlan::create(10, {one}, {.levels = 2}).error().field, "levels");
}
