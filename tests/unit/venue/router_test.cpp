#include "slipcast/venue/router.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "slipcast/venue/learner.hpp"

// The learning loop: its beliefs, its saved state, its refusals, and what every learner keeps.

using namespace slipcast;
using namespace slipcast::venue;

namespace {

using Lots = std::vector<std::int64_t>;

std::vector<Liquidity> truth_of_four() {
    return {*Liquidity::power_law(0.7, 0.5, 10'000), *Liquidity::power_law(0.9, 1.2, 10'000),
            *Liquidity::power_law(0.8, -0.2, 10'000), *Liquidity::power_law(0.95, 0.8, 10'000)};
}

Lots filled_of(const Lots& sent, const std::vector<Liquidity>& truth, RandomStream& stream) {
    Lots filled;
    for (std::size_t i = 0; i < sent.size(); ++i) filled.push_back(std::min(sent[i], truth[i].draw(stream)));
    return filled;
}

/// Sends `orders` orders and lets the router see what they filled.
void work(Router& router, int orders, const std::vector<Liquidity>& truth, RandomStream& stream) {
    for (int order = 0; order < orders; ++order) {
        const Lots sent = (*router.allocate(200 + order % 7 * 300))->quantity;
        ASSERT_TRUE(router.observe(sent, filled_of(sent, truth, stream)));
    }
}

}  // namespace

TEST(Router, LearnsZeroBinsAndExponents) {
    Router router = *Router::create(4, 2'000);
    RandomStream stream(1, "test.venue.router");
    const std::vector<Liquidity> truth = truth_of_four();
    work(router, 3'000, truth, stream);
    for (std::size_t i = 0; i < 4; ++i) {
        const Belief::Summary& at = router.belief(i).summary();
        // Five posterior deviations: one in a million each.
        EXPECT_NEAR(at.zero_bin, truth[i].zero_bin(), 5.0 * at.zero_bin_deviation) << i;
        EXPECT_NEAR(at.exponent, truth[i].parameter(), 5.0 * at.exponent_deviation) << i;
        EXPECT_LT(at.zero_bin_deviation, 0.02);
    }
}

TEST(Router, AddsUpToTheOrderAndProbesEveryVenue) {
    Router router = *Router::create(4, 1'000);
    Lots total(4, 0);
    for (int order = 0; order < 400; ++order) {
        const Split* split = *router.allocate(1'000);
        EXPECT_EQ(std::accumulate(split->quantity.begin(), split->quantity.end(), std::int64_t{0}), 1'000);
        // The last venue never fills, the others always do.
        Lots filled = split->quantity;
        filled[3] = 0;
        for (std::size_t i = 0; i < 4; ++i) total[i] += order >= 200 ? split->quantity[i] : 0;
        ASSERT_TRUE(router.observe(split->quantity, filled));
    }
    EXPECT_GE(total[3], 195);  // 0.1 % of 200 orders
    EXPECT_LE(total[3], 400);
}

TEST(Router, ASavedRouterGoesOnBitForBit) {
    for (const int method : {RouterOptions::optimistic, RouterOptions::thompson}) {
        Router router = *Router::create(4, 2'000, {.method = method, .seed = 5});
        RandomStream stream(2, "test.venue.router");
        const std::vector<Liquidity> truth = truth_of_four();
        work(router, 157, truth, stream);
        ASSERT_TRUE(router.observe(2, {.sent = 90, .filled = 0, .min_quantity = 40}));
        auto restored = Router::restore(router.save());
        ASSERT_TRUE(restored);
        EXPECT_EQ(restored->save(), router.save());
        RandomStream same = stream;
        work(router, 100, truth, stream);
        work(*restored, 100, truth, same);
        EXPECT_EQ(restored->save(), router.save());
    }
}

TEST(Router, LearnsFromOrdersOfOneLotAndOfHalfATrillion) {
    for (const std::int64_t volume : {std::int64_t{1}, std::int64_t{3}, std::int64_t{1} << 39}) {
        Router router = *Router::create(2, volume);
        RandomStream stream(8, "test.venue.router");
        const std::vector<Liquidity> truth{*Liquidity::power_law(0.3, 0.4, std::max<std::int64_t>(1, volume / 2)),
                                           *Liquidity::power_law(0.9, 0.4, volume)};
        Lots sent;
        for (int order = 0; order < 200; ++order) {
            sent = (*router.allocate(volume))->quantity;
            ASSERT_EQ(sent[0] + sent[1], volume);
            ASSERT_TRUE(router.observe(sent, filled_of(sent, truth, stream)));
        }
        for (std::size_t i = 0; i < 2; ++i) {
            const Belief::Summary& at = router.belief(i).summary();
            EXPECT_TRUE(std::isfinite(at.exponent)) << volume;
            EXPECT_GT(at.exponent_deviation, 0.0);
            EXPECT_GE(at.max_liquidity, 1.0);
        }
        EXPECT_NEAR(router.belief(0).summary().zero_bin, 0.3, 0.2) << volume;
        EXPECT_EQ(Router::restore(router.save())->save(), router.save());
    }
}

TEST(Router, ReadingABeliefDoesNotChangeWhatIsSaved) {
    Router router = *Router::create(4, 2'000);
    RandomStream stream(6, "test.venue.router");
    work(router, 61, truth_of_four(), stream);
    const std::string before = router.save();
    static_cast<void>(router.beliefs());
    static_cast<void>(router.belief(1).optimistic());
    EXPECT_EQ(router.save(), before);
}

TEST(Router, AStateOfAnOlderVersionIsRefusedWithTheReason) {
    std::string old = Router::create(2, 100)->save();
    for (const char version : {'1', '2'}) {
        old[7] = version;
        const Error error = Router::restore(old).error();
        EXPECT_EQ(error.value, std::string("version ") + version);
        EXPECT_NE(error.rule.find("observe the log again"), std::string::npos);
    }
}

TEST(Router, AStateWithAnyByteChangedIsRefused) {
    Router router = *Router::create(2, 2'000);
    RandomStream stream(9, "test.venue.router");
    const std::vector<Liquidity> truth{*Liquidity::power_law(0.7, 0.5, 10'000), *Liquidity::power_law(0.9, 1.2, 900)};
    work(router, 60, truth, stream);
    std::string bytes = router.save();
    ASSERT_TRUE(Router::restore(bytes));
    for (std::size_t at = 0; at < bytes.size(); at += 1 + bytes.size() / 400) {
        const char was = bytes[at];
        for (const int flipped : {1, 128, 255}) {
            bytes[at] = static_cast<char>(was ^ flipped);
            EXPECT_EQ(Router::restore(bytes).error().code, ErrorCode::malformed) << at;
        }
        bytes[at] = was;
    }
}

TEST(Router, ABrokenStateIsRefused) {
    Router router = *Router::create(2, 100);
    const std::string whole = router.save();
    for (std::size_t length = 0; length < whole.size(); length += 97) {
        EXPECT_FALSE(Router::restore(std::string_view{whole}.substr(0, length)));
    }
    EXPECT_FALSE(Router::restore(whole + "12345678"));
    EXPECT_FALSE(Router::restore(whole.substr(0, 8)));
    std::string foreign = whole;
    foreign[0] = 'x';
    EXPECT_EQ(Router::restore(foreign).error().code, ErrorCode::malformed);
}

TEST(Router, AVenueThatChangesIsFoundChangedAndOneThatDoesNotIsNot) {
    Router router = *Router::create(2, 1'000);
    RandomStream stream(3, "test.venue.router");
    std::vector<Liquidity> truth{*Liquidity::power_law(0.7, 0.5, 10'000), *Liquidity::power_law(0.85, 0.8, 10'000)};
    const auto run = [&](int orders) {
        for (int order = 0; order < orders; ++order) {
            const Lots sent = (*router.allocate(1'000))->quantity;
            ASSERT_TRUE(router.observe(sent, filled_of(sent, truth, stream)));
        }
    };
    run(800);
    EXPECT_EQ(router.changes(0) + router.changes(1), 0);
    truth[0] = *Liquidity::power_law(0.95, 1.2, 10'000);
    run(300);
    EXPECT_GE(router.changes(0), 1);
    EXPECT_EQ(router.changes(1), 0);
    // The challenger that took over had also seen some of what came before.
    EXPECT_NEAR(router.belief(0).summary().zero_bin, 0.95, 0.06);
}

TEST(Router, AnOrderWithMinimumsTeachesWhatItsVenuesTeachOneByOne) {
    Router together = *Router::create(3, 100);
    Router apart = *Router::create(3, 100);
    ASSERT_TRUE(together.observe(Lots{90, 0, 50}, Lots{0, 0, 45}, Lots{40, 40, 40}));
    ASSERT_TRUE(apart.observe(0, {.sent = 90, .filled = 0, .min_quantity = 40}));
    ASSERT_TRUE(apart.observe(2, {.sent = 50, .filled = 45, .min_quantity = 40}));
    EXPECT_EQ(together.save(), apart.save());
    ASSERT_TRUE(together.observe(Lots{9, 9, 9}, Lots{1, 0, 9}));
    ASSERT_TRUE(apart.observe(Lots{9, 9, 9}, Lots{1, 0, 9}, Lots{1, 1, 1}));
    EXPECT_EQ(together.save(), apart.save());
}

TEST(Router, ImpossibleFillsAndSizesAreRefusedAndTeachNothing) {
    Router router = *Router::create(2, 100);
    const std::string before = router.save();
    EXPECT_EQ(router.allocate(101).error().field, "volume");
    EXPECT_EQ(router.allocate(-1).error().field, "volume");
    EXPECT_EQ(router.observe(Lots{5, 5}, Lots{1, 6}).error().field, "filled");
    EXPECT_EQ(router.observe(Lots{5, 5}, Lots{1, 6}).error().place.row, 2);
    EXPECT_EQ(router.observe(Lots{5, 0}, Lots{1, 1}).error().rule, "must be 0 where nothing was sent");
    EXPECT_EQ(router.observe(Lots{5}, Lots{1}).error().field, "sent");
    EXPECT_EQ(router.observe(Lots{5, 101}, Lots{5, 0}).error().field, "sent");
    EXPECT_EQ(router.observe(Lots{5, 5}, Lots{1}).error().field, "filled");
    EXPECT_EQ(router.observe(Lots{5, -3}, Lots{5, 0}).error().place.row, 2);
    EXPECT_EQ(router.observe(Lots{5, 5}, Lots{1, 1}, Lots{1}).error().field, "min_quantity");
    EXPECT_EQ(router.observe(Lots{5, 5}, Lots{5, 2}, Lots{1, 3}).error().place.row, 2);
    EXPECT_EQ(router.observe(Lots{5, 0}, Lots{5, 2}, Lots{1, 3}).error().field, "filled");
    EXPECT_EQ(router.observe(Lots{5, 0}, Lots{5, 0}, Lots{1, 0}).error().field, "min_quantity");
    EXPECT_EQ(router.observe(2, {.sent = 1, .filled = 0}).error().field, "venue");
    EXPECT_EQ(router.save(), before);
    EXPECT_EQ(Router::create(0, 100).error().field, "venues");
    EXPECT_EQ(Router::create(2, 0).error().field, "max_order");
    EXPECT_EQ(Router::create(2, 100, {.belief = {.prior_deviation = 0.0}}).error().field, "prior_deviation");
}

TEST(Learner, EveryAlgorithmSendsTheWholeOrderAndNothingNegative) {
    const std::vector<Liquidity> truth = truth_of_four();
    for (const Algorithm algorithm : kAlgorithms) {
        auto learning = std::move(*learner(algorithm, {.venues = 4, .max_order = 500, .episodes = 100}));
        learning->reveal(truth);
        RandomStream stream(4, "test.venue.learner");
        Lots sent(4);
        for (int order = 0; order < 100; ++order) {
            const std::int64_t volume = 1 + order * 5;
            learning->allocate(volume, sent);
            EXPECT_EQ(std::accumulate(sent.begin(), sent.end(), std::int64_t{0}), volume) << name(algorithm);
            EXPECT_GE(*std::min_element(sent.begin(), sent.end()), 0) << name(algorithm);
            learning->observe(sent, filled_of(sent, truth, stream));
        }
    }
    EXPECT_EQ(algorithm_of("best").error().field, "algorithm");
    EXPECT_EQ(*algorithm_of("laruelle"), Algorithm::laruelle);
}
