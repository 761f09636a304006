#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "support/book_tape.hpp"
#include "support/replayed.hpp"

namespace slipcast::sim {
namespace {

using std::chrono::seconds;

/// Writes down what it is asked and told, and plans as the test says.
class Scripted final : public Policy {
public:
    using Plan = std::function<void(const PolicyView&, PolicyPlan&)>;
    explicit Scripted(Plan plan) : plan_(std::move(plan)) {}
    Result<void> plan(const PolicyView& view, PolicyPlan& plan) override {
        views.push_back(view);
        plan.next = seconds{30};
        plan_(view, plan);
        return {};
    }
    Result<void> ended(const PolicyEnd& end) override {
        ends.push_back(end);
        return {};
    }
    Result<void> finished(const PolicyFinish& finish) override {
        finishes.push_back(finish);
        order = "ends: " + std::to_string(ends.size()) + ", then done";
        return {};
    }
    std::vector<PolicyView> views;
    std::vector<PolicyEnd> ends;
    std::vector<PolicyFinish> finishes;
    std::string order;

private:
    Plan plan_;
};

Quantity units(std::int64_t count) {
    return Quantity::from_units(count);
}

/// Bid 99.99 x 500, ask 100.01 x 300 from the open on, and a print of 100 at 100.00 each second.
test::BookTape quiet_market() {
    test::BookTape tape(1);
    tape.dataset.instruments.front().lot_size = units(100);
    tape.book(seconds{0}, {{9999, 500}}, {{10001, 300}});
    for (int s = 1; s < 600; ++s) tape.print(seconds{s}, 10000, 100);
    return tape;
}

ReplayOptions with(Policy& policy) {
    ReplayOptions options;
    options.policy = &policy;
    for (VenueTerms& venue : options.venues) venue.reject_rate = 0.0;
    return options;
}

TEST(Policy, SeesTheMarketTakesWhatItAsksForAndIsToldOfIt) {
    test::BookTape tape = quiet_market();
    tape.parent(Side::buy, 500, seconds{100}, Style::policy);
    Scripted policy([](const PolicyView& view, PolicyPlan& plan) {
        plan.children.push_back({.quantity = units(200), .limit = view.ask, .rests = false});
    });
    const ReplayOutcome outcome = tape.replayed(with(policy));

    ASSERT_GE(policy.views.size(), 2U);
    const PolicyView& first = policy.views[0];
    EXPECT_EQ(first.bid, test::BookTape::price(9999));
    EXPECT_EQ(first.ask, test::BookTape::price(10001));
    EXPECT_EQ(first.bid_size, units(500));
    EXPECT_EQ(first.filled, units(0));
    EXPECT_EQ(first.own_volume, units(0));
    EXPECT_EQ(first.market_volume, units(100 * 59));  // prints of seconds 41 to 99
    const PolicyView& second = policy.views[1];
    EXPECT_EQ(second.time, first.time + seconds{30});
    EXPECT_EQ(second.filled, units(200));
    EXPECT_EQ(second.own_volume, units(200));
    EXPECT_EQ(second.market_volume, units(100 * 59 + 200));
    // The ask has 300: the second child gets what is left of it, and waits for the rest until the next step.
    ASSERT_GE(policy.ends.size(), 2U);
    EXPECT_EQ(policy.ends[0].filled, units(200));
    EXPECT_EQ(policy.ends[1].sent, units(200));
    EXPECT_EQ(policy.ends[1].filled, units(100));
    EXPECT_EQ(policy.ends[1].time, second.time + seconds{30});
    EXPECT_EQ(outcome.dataset.fills.size(), 2U);
}

TEST(Policy, IsAskedAgainOnlyWhenWhatItSentHasEndedAndFinishesOnce) {
    test::BookTape tape = quiet_market();
    tape.parent(Side::sell, 400, seconds{10}, Style::policy);
    Scripted policy([](const PolicyView& view, PolicyPlan& plan) {
        plan.children.push_back({.quantity = units(400) - view.filled, .limit = view.ask, .rests = true});
    });
    ReplayOptions options = with(policy);
    const ReplayOutcome outcome = tape.replayed(options);
    // It rests at the ask, where nothing prints: one view and one end for each step, then the session's end.
    EXPECT_EQ(policy.views.size(), policy.ends.size());
    for (std::size_t i = 0; i + 1 < policy.views.size(); ++i) {
        EXPECT_EQ(policy.ends[i].time.to_string(), policy.views[i + 1].time.to_string()) << i;
        EXPECT_EQ(policy.ends[i].filled, units(0));
    }
    ASSERT_EQ(policy.finishes.size(), 1U);
    EXPECT_EQ(policy.finishes[0].filled, units(0));
    EXPECT_EQ(policy.finishes[0].average_price, 0.0);
    EXPECT_FALSE(policy.finishes[0].is_cancelled);
    EXPECT_EQ(outcome.dataset.placements.back().end, market::PlacementEnd::expired);
}

TEST(Policy, CancelOfTheParentIsReportedAsSuch) {
    test::BookTape tape = quiet_market();
    Parent& parent = tape.parent(Side::buy, 400, seconds{10}, Style::policy);
    parent.cancel_time = *parent.order.arrival_time + seconds{45};
    Scripted policy([](const PolicyView& view, PolicyPlan& plan) {
        plan.children.push_back({.quantity = units(100), .limit = view.bid, .rests = true});
    });
    static_cast<void>(tape.replayed(with(policy)));
    EXPECT_EQ(policy.views.size(), 2U);
    ASSERT_EQ(policy.finishes.size(), 1U);
    EXPECT_TRUE(policy.finishes[0].is_cancelled);
    // Told of each child before it is told of the end, also with a delay.
    EXPECT_EQ(policy.ends.size(), 2U);
    EXPECT_EQ(policy.order, "ends: 2, then done");
}

TEST(Policy, SeesNoPriceInAHalt) {
    test::BookTape tape = quiet_market();
    tape.parent(Side::buy, 400, seconds{10}, Style::policy);
    market::MarketEvent halt;
    halt.instrument = tape.stock();
    halt.window = {tape.at(0, seconds{30}), tape.at(0, seconds{80})};
    halt.kind = market::MarketEventKind::halt;
    tape.dataset.events.push_back(halt);
    Scripted policy([](const PolicyView&, PolicyPlan&) {});
    static_cast<void>(tape.replayed(with(policy)));
    ASSERT_GE(policy.views.size(), 3U);
    EXPECT_GT(policy.views[0].bid, Price{});
    EXPECT_EQ(policy.views[1].bid, Price{});
    EXPECT_EQ(policy.views[2].ask, Price{});
}

TEST(Policy, ChildrenOutsideWhatIsLeftEndTheRun) {
    test::BookTape tape = quiet_market();
    tape.parent(Side::buy, 400, seconds{10}, Style::policy);
    Scripted policy([](const PolicyView& view, PolicyPlan& plan) {
        plan.children.push_back({.quantity = units(500), .limit = view.ask, .rests = false});
    });
    ReplayOptions options = with(policy);
    const auto refused = replay_in_memory(tape.made(), tape.parents, options);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().field, "policy");
    EXPECT_EQ(refused.error().value, "O1");
}

TEST(Policy, IsNeededByAParentThatFollowsOne) {
    test::BookTape tape = quiet_market();
    tape.parent(Side::buy, 400, seconds{10}, Style::policy);
    const auto refused = replay_in_memory(tape.made(), tape.parents, ReplayOptions{});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().field, "policy");
}

DarkVenueTerms pool(std::int64_t lots, const char* name = "POOL") {
    // Always exactly so many lots: a step function with one step.
    return {.name = name, .liquidity = venue::Liquidity::empirical({lots}, {1.0}).value()};
}

TEST(DarkVenue, FillsAtTheMidUpToWhatItHidesAndHoldsItsDepletionForAMinute) {
    test::BookTape tape = quiet_market();
    tape.parent(Side::buy, 1'000, seconds{60}, Style::policy);
    Scripted policy([](const PolicyView& view, PolicyPlan& plan) {
        const Quantity left = units(1'000) - view.filled;
        // What comes back rests where nothing trades.
        plan.children.push_back({.quantity = std::min(left, units(200)), .limit = view.bid, .rests = true, .dark = 0});
    });
    ReplayOptions options = with(policy);
    options.dark_venues = {pool(3)};
    const ReplayOutcome outcome = tape.replayed(options);
    // Steps at 60, 90, 120, 150, ... s: 2 + 1 of 3 lots in each minute.
    std::vector<std::int64_t> filled;
    for (const PolicyEnd& end : policy.ends) {
        if (end.dark) filled.push_back(end.filled.units());
    }
    ASSERT_GE(filled.size(), 7U);
    filled.resize(7);
    EXPECT_EQ(filled, (std::vector<std::int64_t>{200, 100, 200, 100, 200, 100, 100}));
    for (const market::Fill& fill : outcome.dataset.fills) {
        EXPECT_EQ(fill.price, test::BookTape::price(10000));
        EXPECT_EQ(fill.liquidity, market::Liquidity::hidden);
        EXPECT_EQ(outcome.dataset.names.venues.name(fill.venue), "POOL");
    }
    EXPECT_EQ(outcome.dataset.placements.front().venue_kind, market::VenueKind::dark);
    EXPECT_EQ(outcome.counts.dark_fills, static_cast<std::int64_t>(outcome.dataset.fills.size()));
    EXPECT_NE(outcome.dataset.provenance.at("replay.dark_venues").find("POOL"), std::string::npos);
}

TEST(DarkVenue, WhatComesBackGoesToALitVenueAtOnce) {
    test::BookTape tape = quiet_market();
    tape.parent(Side::buy, 500, seconds{60}, Style::policy);
    Scripted policy([](const PolicyView& view, PolicyPlan& plan) {
        if (view.filled == units(0)) {
            plan.children.push_back({.quantity = units(500), .limit = view.ask, .rests = false, .dark = 0});
        }
    });
    ReplayOptions options = with(policy);
    options.dark_venues = {pool(3)};
    const ReplayOutcome outcome = tape.replayed(options);
    ASSERT_EQ(policy.ends.size(), 2U);
    EXPECT_EQ(policy.ends[0].dark, std::optional<std::size_t>{0});
    EXPECT_EQ(policy.ends[0].filled, units(300));
    EXPECT_FALSE(policy.ends[1].dark);
    EXPECT_EQ(policy.ends[1].sent, units(200));
    EXPECT_EQ(policy.ends[1].filled, units(200));
    EXPECT_EQ(policy.ends[1].time, policy.ends[0].time);
    EXPECT_EQ(outcome.dataset.fills[1].price, test::BookTape::price(10001));
    ASSERT_EQ(policy.finishes.size(), 1U);
    EXPECT_DOUBLE_EQ(policy.finishes[0].average_price, (300 * 100.0 + 200 * 100.01) / 500);
}

TEST(DarkVenue, KeepsTheParentsLimit) {
    test::BookTape tape = quiet_market();
    tape.parent(Side::buy, 300, seconds{60}, Style::policy).order.limit_price = test::BookTape::price(9999);
    tape.parent(Side::sell, 300, seconds{60}, Style::policy).order.limit_price = test::BookTape::price(9999);
    Scripted policy([](const PolicyView& view, PolicyPlan& plan) {
        plan.children.push_back(
            {.quantity = units(300) - view.filled, .limit = test::BookTape::price(10000), .rests = true, .dark = 0});
    });
    ReplayOptions options = with(policy);
    options.dark_venues = {pool(3)};
    const ReplayOutcome outcome = tape.replayed(options);
    // The mid is 100.00: the buyer may not pay it, the seller may take it.
    std::vector<std::int64_t> filled(2);
    for (const PolicyEnd& end : policy.ends) {
        if (end.dark) filled[end.parent] += end.filled.units();
    }
    EXPECT_EQ(filled, (std::vector<std::int64_t>{0, 300}));
}

TEST(DarkVenue, OwnFillsMoveTheMarketAndPrintOffExchange) {
    test::BookTape tape = quiet_market();
    tape.parent(Side::buy, 300, seconds{60}, Style::policy);
    Scripted policy([](const PolicyView& view, PolicyPlan& plan) {
        plan.children.push_back({.quantity = units(300), .limit = view.ask, .rests = false, .dark = 0});
    });
    ReplayOptions options = with(policy);
    options.dark_venues = {pool(3)};
    options.impact.enabled = true;
    options.impact.own_bps = 1'000.0;
    const ReplayOutcome outcome = tape.replayed(options);
    const auto slice = outcome.dataset.tape->load(tape.stock(), {Timestamp::min(), Timestamp::max()}).value();
    std::size_t own = 0;
    for (std::size_t i = 0; i < slice.trades.count(); ++i) {
        if (!slice.trades.flags[i].has(market::TradeFlag::own)) continue;
        ++own;
        EXPECT_TRUE(slice.trades.flags[i].has(market::TradeFlag::off_exchange));
        EXPECT_EQ(slice.trades.size[i], units(300));
    }
    EXPECT_EQ(own, 1U);
    EXPECT_GT(slice.quotes.ask.back(), slice.quotes.ask.front());
}

TEST(DarkVenue, DrawsDoNotDependOnWhoElseTrades) {
    // The second parent's venue meets the same sizes whether or not the first one is there.
    const auto fills_of = [](bool with_first) {
        test::BookTape tape = quiet_market();
        tape.parent(Side::sell, 5'000, seconds{20}, with_first ? Style::policy : Style::immediate);
        tape.parent(Side::buy, 5'000, seconds{60}, Style::policy);
        Scripted policy([](const PolicyView& view, PolicyPlan& plan) {
            const Quantity left = units(5'000) - view.filled;
            plan.children.push_back({.quantity = std::min(left, units(400)),
                                     .limit = view.parent == 1 ? view.bid : view.ask,
                                     .rests = true,
                                     .dark = 0});
        });
        ReplayOptions options = with(policy);
        options.dark_venues = {{.name = "POOL", .liquidity = venue::Liquidity::power_law(0.4, 1.0, 50).value()}};
        static_cast<void>(tape.replayed(options));
        std::vector<std::int64_t> filled;
        for (const PolicyEnd& end : policy.ends) {
            if (end.parent == 1 && end.dark) filled.push_back(end.filled.units());
        }
        return filled;
    };
    const auto alone = fills_of(false);
    EXPECT_EQ(alone, fills_of(true));
    EXPECT_GT(alone.size(), 10U);
}

}  // namespace
}  // namespace slipcast::sim
