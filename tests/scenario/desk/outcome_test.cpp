#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

#include "support/desk_market.hpp"

// What the desk is told of its orders: what cannot have happened is refused, and nothing is learned or counted from it.

namespace slipcast::desk {
namespace {

using test::calm_context;
using test::desk_setup;
using test::desk_time;

constexpr double kInfinite = std::numeric_limits<double>::infinity();
constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

Outcome done(double cost, double weight = 1.0) {
    return {.time = desk_time("14:40:00"),
            .order = 1,
            .kind = OutcomeKind::finished,
            .cost_bps = cost,
            .weight = weight,
            .is_complete = true};
}

TEST(DeskOutcome, AWrongFinishIsRefusedBeforeTheScorecardAndMayBeToldAgain) {
    Desk desk = Desk::create(desk_setup()).value();
    static_cast<void>(desk.step(calm_context()));
    const std::string before = desk.save();
    const std::vector<std::pair<Outcome, std::string>> wrong{
        {done(4.0, 1e9), "weight"},      {done(4.0, 1.0 + 1e-12), "weight"}, {done(4.0, -1.0), "weight"},
        {done(4.0, kMissing), "weight"}, {done(1e308), "cost_bps"},          {done(-1e308), "cost_bps"},
        {done(kInfinite), "cost_bps"},   {done(-kInfinite), "cost_bps"},     {done(1'000'001.0), "cost_bps"}};
    for (const auto& [outcome, field] : wrong) {
        const auto refused = desk.record(outcome);
        ASSERT_FALSE(refused) << field << ' ' << outcome.cost_bps << ' ' << outcome.weight;
        EXPECT_EQ(refused.error().field, field);
        EXPECT_EQ(desk.save(), before);
    }
    ASSERT_TRUE(desk.record(done(4.0, 0.5)));
    EXPECT_EQ(desk.models()->champion_card().count, 1);
    EXPECT_EQ(desk.open_orders(), 0U);
}

TEST(DeskOutcome, TheLargestCostAndAnUnknownOneAreTaken) {
    Desk desk = Desk::create(desk_setup()).value();
    for (const double cost : {1e6, -1e6, kMissing}) {
        static_cast<void>(desk.step(calm_context()));
        EXPECT_TRUE(desk.record(done(cost)));
    }
    EXPECT_EQ(desk.models()->champion_card().count, 2);
    EXPECT_LT(desk.models()->champion_card().crps, 1.1e6);
}

TEST(DeskOutcome, ImpossibleFillsAreRefusedAtEveryVenueAndOfEveryKind) {
    Desk desk = Desk::create(desk_setup(2)).value();
    static_cast<void>(desk.step(calm_context()));
    const std::string before = desk.save();
    struct Told {
        std::int64_t sent, filled;
        const char* field;
    };
    for (const Told& told : {Told{100, 300, "filled"}, {100, -1, "filled"}, {-5, -3, "sent"}, {0, 1, "filled"}}) {
        for (const std::int32_t venue : {-1, 0, 1}) {
            for (const OutcomeKind kind : {OutcomeKind::filled, OutcomeKind::rejected, OutcomeKind::finished}) {
                const auto refused = desk.record({.time = desk_time("14:31:00"),
                                                  .order = 1,
                                                  .kind = kind,
                                                  .venue = venue,
                                                  .sent = told.sent,
                                                  .filled = told.filled});
                ASSERT_FALSE(refused) << name(kind) << ' ' << venue << ' ' << told.sent << ' ' << told.filled;
                EXPECT_EQ(refused.error().field, told.field);
                EXPECT_EQ(desk.save(), before);
            }
        }
    }
    for (const std::int32_t venue : {-2, 2}) {
        EXPECT_EQ(desk.record({.time = {}, .order = 1, .venue = venue}).error().field, "venue");
    }
    EXPECT_TRUE(desk.record({.time = {}, .order = 1, .sent = 100, .filled = 100}));
    EXPECT_TRUE(desk.record({.time = {}, .order = 1, .venue = 1, .sent = 100, .filled = 100}));
}

TEST(DeskOutcome, NothingIsTakenOfAnOrderThatNeverHadAStep) {
    Desk desk = Desk::create(desk_setup(1)).value();
    for (const OutcomeKind kind : {OutcomeKind::filled, OutcomeKind::rejected, OutcomeKind::finished}) {
        const auto refused = desk.record({.time = desk_time("14:31:00"), .order = 7, .kind = kind});
        ASSERT_FALSE(refused) << name(kind);
        EXPECT_EQ(refused.error().field, "order");
    }
    EXPECT_EQ(desk.save(), Desk::create(desk_setup(1)).value().save());
}

}  // namespace
}  // namespace slipcast::desk
