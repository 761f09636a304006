#include <gtest/gtest.h>

#include "support/desk_market.hpp"

// A rollback: the desk learned something that it should not have, and goes back to a snapshot.

namespace slipcast::desk {
namespace {

using test::calm_context;
using test::desk_setup;
using test::desk_time;

/// An order that costs much, with a dark venue that fills nothing and one that fills all.
void mislead(Desk& desk) {
    for (int round = 0; round < 50; ++round) {
        for (const std::int32_t venue : {0, 1}) {
            ASSERT_TRUE(desk.record({.time = desk_time("14:31:00"),
                                     .order = 1,
                                     .venue = venue,
                                     .sent = 400,
                                     .filled = venue == 0 ? std::int64_t{0} : std::int64_t{400}}));
        }
    }
    ASSERT_TRUE(desk.record({.time = desk_time("14:32:00"),
                             .order = 1,
                             .kind = OutcomeKind::finished,
                             .cost_bps = 90.0,
                             .is_complete = true}));
}

TEST(DeskRollback, TheWholeDecisionIsTheEarlierOneWithDarkVenues) {
    Desk desk = Desk::create(desk_setup(3)).value();
    static_cast<void>(desk.step(calm_context()));
    const std::string snapshot = desk.save();
    Desk untouched = Desk::create(desk_setup(3)).value();
    ASSERT_TRUE(untouched.restore(snapshot));
    mislead(desk);
    const Context next = calm_context("14:40:00", 2);
    Desk misled = Desk::create(desk_setup(3)).value();
    ASSERT_TRUE(misled.restore(desk.save()));
    ASSERT_TRUE(desk.roll_back(snapshot));

    const Decision expected = untouched.step(next);
    const auto learned = first_difference(expected, misled.step(next));
    ASSERT_TRUE(learned) << "nothing was learned";
    Decision got = desk.step(next);
    EXPECT_FALSE(first_difference(expected, got)) << first_difference(expected, got)->field;
    EXPECT_EQ(got, expected);
    EXPECT_EQ(got.dark, expected.dark);
}

TEST(DeskRollback, ADeskThatOnlyLearnsOfDarkVenuesGoesBackToo) {
    DeskSetup setup = desk_setup(2);
    setup.champion.reset();
    Desk desk = Desk::create(setup).value();
    const Decision first = desk.step(calm_context());
    const std::string snapshot = desk.save();
    ASSERT_GT(first.dark.values[0], 0);
    for (int i = 0; i < 50; ++i) {
        ASSERT_TRUE(desk.record({.time = desk_time("14:31:00"), .order = 1, .venue = 0, .sent = 400, .filled = 0}));
    }
    EXPECT_NE(desk.step(calm_context("14:32:00", 2)).dark, first.dark);
    ASSERT_TRUE(desk.roll_back(snapshot));
    Desk untouched = Desk::create(setup).value();
    EXPECT_EQ(desk.step(calm_context("14:40:00", 3)).dark, untouched.step(calm_context("14:40:00", 3)).dark);
}

TEST(DeskRollback, AStateOfAnotherSetupIsRefusedAndChangesNothing) {
    Desk desk = Desk::create(desk_setup(3)).value();
    const std::string before = desk.save();
    for (const int venues : {0, 2}) {
        const auto refused = desk.roll_back(Desk::create(desk_setup(venues)).value().save());
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().field, "state");
    }
    EXPECT_FALSE(desk.roll_back("no state"));
    EXPECT_EQ(desk.save(), before);
    DeskSetup bare = desk_setup();
    bare.champion.reset();
    Desk fixed = Desk::create(bare).value();
    EXPECT_EQ(fixed.roll_back(fixed.save()).error().field, "champion");
}

}  // namespace
}  // namespace slipcast::desk
