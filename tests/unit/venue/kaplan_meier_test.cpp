#include "slipcast/venue/kaplan_meier.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "slipcast/math/binomial.hpp"
#include "slipcast/math/sampling.hpp"
#include "slipcast/venue/turnbull.hpp"

using namespace slipcast;
using namespace slipcast::venue;

namespace {

/// Random routes: half of them miss, the rest meet a liquidity of 1..40; with `minimum` some of them ask for one.
std::vector<Observation> random_log(std::uint64_t seed, std::int64_t count, bool minimum) {
    RandomStream stream(seed, "test.venue.kaplan_meier");
    std::vector<Observation> log;
    for (std::int64_t i = 0; i < count; ++i) {
        const auto draw = [&](std::uint64_t below) {
            return static_cast<std::int64_t>(math::draw_index(stream, below));
        };
        const std::int64_t liquidity = math::draw_bernoulli(stream, 0.5) ? 0 : 1 + draw(40);
        const std::int64_t sent = 1 + draw(50);
        const std::int64_t least =
            minimum && math::draw_bernoulli(stream, 0.6) ? 1 + draw(static_cast<std::uint64_t>(sent)) : 1;
        log.push_back({sent, liquidity >= least ? std::min(sent, liquidity) : 0, least});
    }
    return log;
}

}  // namespace

TEST(KaplanMeier, CountsAndMultipliesByHand) {
    // Sent 5: 0, 2, 5; sent 3: 0, 3.
    const std::vector<Observation> log{{5, 0}, {5, 2}, {5, 5}, {3, 0}, {3, 3}};
    const KaplanMeier curve = *KaplanMeier::estimate(log, 10);
    EXPECT_EQ(curve.at_risk(1), 5);
    EXPECT_EQ(curve.events(1), 2);
    EXPECT_DOUBLE_EQ(curve.prob_at_least(1), 0.6);
    EXPECT_EQ(curve.at_risk(3), 3);
    EXPECT_EQ(curve.events(3), 1);
    EXPECT_DOUBLE_EQ(curve.prob_at_least(2), 0.6);
    EXPECT_DOUBLE_EQ(curve.prob_at_least(3), 0.6 * 2.0 / 3.0);
    // The one of five that filled 5 is at risk of stopping at 4 and says nothing of more.
    EXPECT_EQ(curve.at_risk(5), 1);
    EXPECT_EQ(curve.at_risk(6), 0);
    EXPECT_EQ(curve.informed_to(), 5);
    EXPECT_DOUBLE_EQ(curve.prob_at_least(10), 0.4);
    EXPECT_EQ(curve.prob_at_least(0), 1.0);
    EXPECT_EQ(curve.max_liquidity(), 10);
    const Liquidity shape = *curve.liquidity();
    for (std::int64_t s = 1; s <= 11; ++s) EXPECT_EQ(shape.prob_at_least(s), s <= 10 ? curve.prob_at_least(s) : 0.0);
}

TEST(KaplanMeier, BandsAtTheEndsAreExactBounds) {
    const std::vector<Observation> full(7, Observation{4, 4});
    const ProbabilityBand none = KaplanMeier::estimate(full)->band(3, 0.9);
    EXPECT_DOUBLE_EQ(*none.low, std::pow(0.05, 1.0 / 7.0));
    EXPECT_EQ(*none.high, 1.0);
    EXPECT_FALSE(KaplanMeier::estimate(full, 9)->band(8, 0.9).low.has_value());
    const std::vector<Observation> missed(7, Observation{4, 0});
    EXPECT_EQ(*KaplanMeier::estimate(missed)->band(3, 0.9).low, 0.0);
    EXPECT_DOUBLE_EQ(*KaplanMeier::estimate(missed)->band(3, 0.9).high, 1.0 - std::pow(0.05, 1.0 / 7.0));
    // Both are Clopper and Pearson's.
    EXPECT_NEAR(*KaplanMeier::estimate(missed)->band(3, 0.9).high, math::share_interval(0, 7, 0.9).high, 1e-12);
    EXPECT_NEAR(*none.low, math::share_interval(7, 7, 0.9).low, 1e-12);
    // T falls to 0 at 3: of 40 sent 3 one stopped at 1 and the rest were full, which says nothing of 4; the 10 sent 9
    // all stopped at 3 and are what the bound counts.
    std::vector<Observation> steps(40, Observation{3, 3});
    steps[0].filled = 1;
    steps.insert(steps.end(), 10, Observation{9, 3});
    const KaplanMeier curve = *KaplanMeier::estimate(steps);
    EXPECT_EQ(curve.prob_at_least(4), 0.0);
    EXPECT_GT(*curve.band(3, 0.9).high, 0.9);
    EXPECT_DOUBLE_EQ(*curve.band(4, 0.9).high, 1.0 - std::pow(0.05, 0.1));
    EXPECT_DOUBLE_EQ(*curve.band(9, 0.9).high, 1.0 - std::pow(0.05, 0.1));
    // One route sent so far says less than the curve before it.
    const KaplanMeier one = *KaplanMeier::estimate(std::vector<Observation>{{1, 0}, {1, 0}, {1, 0}, {1, 1}, {5, 2}});
    EXPECT_EQ(one.prob_at_least(3), 0.0);
    EXPECT_EQ(*one.band(3, 0.9).high, *one.band(2, 0.9).high);
}

TEST(KaplanMeier, RefusesWhatItCannotRead) {
    EXPECT_EQ(KaplanMeier::estimate({}).error().code, ErrorCode::not_identified);
    const auto field = [](Observation bad) {
        const std::array<Observation, 2> log{Observation{5, 1}, bad};
        const Error error = KaplanMeier::estimate(log, 100).error();
        EXPECT_EQ(error.place.row, 2);
        return error.field;
    };
    EXPECT_EQ(field({5, 6}), "filled");
    EXPECT_EQ(field({5, -1}), "filled");
    EXPECT_EQ(field({0, 0}), "sent");
    EXPECT_EQ(field({101, 0}), "sent");
    EXPECT_EQ(field({5, 0, 2}), "min_quantity");
}

TEST(RunningKaplanMeier, EqualsTheBatchAfterEveryRow) {
    const std::vector<Observation> log = random_log(1, 300, false);
    RunningKaplanMeier running(50);
    for (std::size_t n = 1; n <= log.size(); ++n) {
        ASSERT_TRUE(running.observe(log[n - 1]));
        const KaplanMeier batch = *KaplanMeier::estimate(std::span{log}.first(n), 50);
        for (std::int64_t s = 0; s <= 50; ++s) {
            ASSERT_NEAR(running.prob_at_least(s), batch.prob_at_least(s), 1e-13) << n << ' ' << s;
        }
    }
    EXPECT_EQ(running.observe({51, 1}).error().field, "sent");
    EXPECT_EQ(running.observations(), 300);
}

TEST(RunningKaplanMeier, AProbeRaisesOneTailAsTheOptimisticEstimateDoes) {
    const std::vector<Observation> log = random_log(2, 400, false);
    RunningKaplanMeier running(50);
    std::int64_t deepest = 0;
    for (std::size_t n = 1; n <= log.size(); ++n) {
        ASSERT_TRUE(running.observe(log[n - 1]));
        const OptimisticKaplanMeier batch = *OptimisticKaplanMeier::estimate(
            std::span{log}.first(n), {.volume = 50, .epsilon = 25.0, .delta = 0.1, .constant = 0.02});
        deepest = std::max(deepest, batch.cut());
        const Liquidity raised = running.liquidity(batch.cut() < 50 ? batch.cut() + 1 : 0);
        for (std::int64_t s = 1; s <= 50; ++s) {
            ASSERT_NEAR(raised.prob_at_least(s), batch.prob_at_least(s), 1e-13) << n << ' ' << s << ' ' << batch.cut();
        }
    }
    EXPECT_GT(deepest, 5) << "cuts beyond the first size";
    // Any size can be probed, the last too.
    for (std::int64_t probe = 1; probe <= 50; ++probe) {
        const Liquidity raised = running.liquidity(probe);
        for (std::int64_t s = 1; s <= 50; ++s) {
            ASSERT_EQ(raised.prob_at_least(s), running.prob_at_least(s == probe ? s - 1 : s)) << probe << ' ' << s;
        }
    }
}

TEST(OptimisticKaplanMeier, RaisesOneTailAtTheCut) {
    const std::vector<Observation> log = random_log(2, 4000, false);
    const OptimisticOptions options{.volume = 50, .epsilon = 25.0, .delta = 0.1, .constant = 2.0};
    const OptimisticKaplanMeier curve = *OptimisticKaplanMeier::estimate(log, options);
    // The definition, by trying every size.
    std::int64_t cut = 0;
    for (std::int64_t s = 1; s <= 50; ++s) {
        const double bar = 2.0 * std::pow(static_cast<double>(s) * 50.0 / 25.0, 2) * std::log(2.0 * 50.0 / 0.1);
        if (static_cast<double>(curve.plain().at_risk(s)) >= bar) cut = s;
    }
    EXPECT_GT(cut, 2);
    EXPECT_LT(cut, 50);
    EXPECT_EQ(curve.cut(), cut);
    for (std::int64_t s = 1; s <= 50; ++s) {
        EXPECT_EQ(curve.prob_at_least(s), curve.plain().prob_at_least(s == cut + 1 ? cut : s));
    }
    // The paper's constant asks for 543,000 observations before the first cut at V = 1000, epsilon = V / 20.
    const double first = 128.0 * std::pow(1000.0 / 50.0, 2) * std::log(2.0 * 1000.0 / 0.05);
    EXPECT_NEAR(first, 543'000.0, 1'000.0);
    EXPECT_EQ(OptimisticKaplanMeier::estimate(log, {.volume = 50, .epsilon = 2.5})->cut(), 0);
    EXPECT_EQ(OptimisticKaplanMeier::estimate(log, {.volume = 0, .epsilon = 2.5}).error().field, "volume");
    EXPECT_EQ(OptimisticKaplanMeier::estimate(log, {.volume = 50, .epsilon = std::numeric_limits<double>::quiet_NaN()})
                  .error()
                  .field,
              "epsilon");
    EXPECT_EQ(OptimisticKaplanMeier::estimate(log, {.volume = 50, .epsilon = 1, .delta = 1.0}).error().field, "delta");
    EXPECT_EQ(OptimisticKaplanMeier::estimate(log, {.volume = 50, .epsilon = 1, .constant = 0}).error().field,
              "constant");
}

TEST(Turnbull, IsKaplanMeierWithoutMinimums) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        const std::vector<Observation> log = random_log(seed, 120, false);
        const Turnbull curve = *Turnbull::estimate(log);
        const KaplanMeier product = *KaplanMeier::estimate(log);
        EXPECT_LT(curve.optimality_gap(), 1e-7);
        for (std::int64_t s = 0; s <= 60; ++s) EXPECT_NEAR(curve.prob_at_least(s), product.prob_at_least(s), 1e-9);
    }
}

TEST(Turnbull, GapCertifiesTheMaximumAndNoNeighborIsBetter) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        const std::vector<Observation> log = random_log(seed, 200, true);
        const Turnbull curve = *Turnbull::estimate(log);
        EXPECT_TRUE(curve.converged()) << seed << ' ' << curve.optimality_gap();
        EXPECT_GE(curve.optimality_gap(), -1e-9);
        const auto likelihood = [&](const std::vector<Turnbull::Cell>& cells) {
            double sum = 0.0;
            for (const Observation& one : log) {
                double probability = 0.0;
                for (const Turnbull::Cell& cell : cells) {
                    const bool fits = one.filled == 0     ? cell.last < one.min_quantity
                                      : one.is_censored() ? cell.first >= one.sent
                                                          : cell.first == one.filled && cell.last == one.filled;
                    if (fits) probability += cell.probability;
                }
                sum += std::log(probability);
            }
            return sum;
        };
        EXPECT_NEAR(likelihood(curve.cells()), curve.log_likelihood(), 1e-6);
        for (std::size_t from = 0; from < curve.cells().size(); ++from) {
            for (std::size_t to = 0; to < curve.cells().size(); ++to) {
                std::vector<Turnbull::Cell> moved = curve.cells();
                const double amount = std::min(1e-4, 0.5 * moved[from].probability);
                moved[from].probability -= amount;
                moved[to].probability += amount;
                EXPECT_LE(likelihood(moved), curve.log_likelihood() + 1e-6);
            }
        }
    }
}

TEST(Turnbull, LeavesOpenWhereInACellTheProbabilityLies) {
    // Two misses with minimum 10 and two full fills of 4: nothing tells 0 from 9 but that 4 were there.
    const std::vector<Observation> log{{20, 0, 10}, {20, 0, 10}, {4, 4}, {4, 4}};
    const Turnbull curve = *Turnbull::estimate(log);
    // All four are explained at once by a liquidity in 4..9.
    ASSERT_EQ(curve.cells().size(), 1U);
    EXPECT_EQ(curve.cells()[0].first, 4);
    EXPECT_EQ(curve.cells()[0].last, 9);
    EXPECT_EQ(curve.prob_at_least(9), 1.0);
    EXPECT_EQ(curve.lowest_prob_at_least(4), 1.0);
    EXPECT_EQ(curve.lowest_prob_at_least(5), 0.0);
    EXPECT_EQ(curve.prob_at_least(10), 0.0);
    EXPECT_EQ(Turnbull::estimate({}).error().code, ErrorCode::not_identified);
    EXPECT_EQ(Turnbull::estimate(log, 10).error().place.row, 1);
}
