#include "slipcast/desk/guards.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "slipcast/core/random.hpp"

// Each guard below, at and above its limit, and in observe mode.

namespace slipcast::desk {
namespace {

using std::chrono::seconds;

Timestamp at(int second) {
    return Timestamp::parse("2024-03-05T14:30:00Z").value() + seconds(second);
}

Child child(std::int64_t quantity = 1'000) {
    Child made;
    made.time = at(60);
    made.quote_time = at(59);
    made.bid = Price::parse("99.99").value();
    made.ask = Price::parse("100.00").value();
    made.price = made.ask;
    made.reference = made.ask;
    made.quantity = quantity;
    made.lot = 100;
    made.market_volume = 100'000.0;
    return made;
}

const GuardReading& reading(const GuardVerdict& verdict, Guard guard) {
    return verdict.readings[static_cast<std::size_t>(guard)];
}

TEST(DeskGuards, NothingActsOnAnOrdinaryChild) {
    const GuardVerdict verdict = Guards({}).check(child());
    EXPECT_EQ(verdict.binding, Guard::none);
    EXPECT_EQ(verdict.quantity, 1'000);
    EXPECT_EQ(reading(verdict, Guard::participation).value, 0.01);
}

TEST(DeskGuards, ParticipationCapsInWholeLots) {
    const Guards guards({.participation = 0.1});
    EXPECT_EQ(guards.check(child(9'900)).binding, Guard::none);
    EXPECT_EQ(guards.check(child(10'000)).binding, Guard::none);
    const GuardVerdict above = guards.check(child(10'100));
    EXPECT_EQ(above.binding, Guard::participation);
    EXPECT_EQ(above.quantity, 10'000);
    Child more = child(10'000);
    more.own_volume = 2'050.0;  // room for 7,950
    EXPECT_EQ(guards.check(more).quantity, 7'900);
    more.market_volume = 0.0;
    EXPECT_EQ(guards.check(more).quantity, 0);
    more = child(10'000);
    more.participation_cap = 0.05;  // a cold symbol
    EXPECT_EQ(guards.check(more).quantity, 5'000);
}

TEST(DeskGuards, PriceBand) {
    const Guards guards({.price_band_bps = 100.0});
    Child each = child();
    for (const auto& [price, allowed] :
         {std::pair{"100.99", true}, {"101", true}, {"101.01", false}, {"99", true}, {"98.99", false}}) {
        each.price = Price::parse(price).value();
        EXPECT_EQ(guards.check(each).quantity > 0, allowed) << price;
        EXPECT_EQ(guards.check(each).binding, allowed ? Guard::none : Guard::price_band) << price;
    }
}

TEST(DeskGuards, EveryWholeBpsFromTheReferenceIsAllowedAtItAndNothingBeyond) {
    const Price reference = Price::parse("100").value();
    for (int bps = 1; bps < 200; ++bps) {
        const Guards guards({.price_band_bps = static_cast<double>(bps)});
        for (const int side : {1, -1}) {
            Child each = child();
            each.reference = reference;
            each.price = reference + PriceMove::from_units(side * bps * (reference.units() / 10'000));
            EXPECT_EQ(guards.check(each).binding, Guard::none) << bps << " bps at " << each.price.to_string();
            each.price = each.price + PriceMove::from_units(side);
            EXPECT_EQ(guards.check(each).binding, Guard::price_band) << bps << " bps at " << each.price.to_string();
        }
    }
    // As far as prices go there is no overflow, and a limit beyond all prices is none.
    Child far = child();
    far.reference = Price::from_units(1);
    far.bid = far.ask = far.price = Price::from_units(std::int64_t{1} << 62);
    EXPECT_EQ(Guards({.price_band_bps = 1e12}).check(far).binding, Guard::price_band);
    EXPECT_EQ(Guards({.price_band_bps = 1e300, .order_notional = 1e300, .day_notional = 1e300}).check(far).binding,
              Guard::none);
}

TEST(DeskGuards, AShareOrASumThatStandsAtItsLimitIsAtIt) {
    // Hundredths of a volume of 100: 29 are .29 of it, and so on for every share, every price in cents and every size.
    for (int share = 1; share < 100; ++share) {
        const Guards guards({.participation = share / 100.0, .order_notional = 1e12, .day_notional = 1e12});
        Child each = child(100);
        each.lot = 1;
        each.market_volume = 100.0;
        EXPECT_EQ(guards.check(each).quantity, share);
        each.quantity = share;
        EXPECT_EQ(guards.check(each).binding, Guard::none) << share;
        each.own_volume = 3.0;
        EXPECT_EQ(guards.check(each).quantity, std::max(0, share - 3)) << share;
    }
    for (std::int64_t units = 1; units < 200; ++units) {
        const auto cents = std::int64_t{10'000} + units;
        const double cash = static_cast<double>(units * cents) / 100.0;
        for (const GuardOptions& limits : {GuardOptions{.order_notional = cash}, GuardOptions{.day_notional = cash}}) {
            Child each = child(units);
            each.lot = 1;
            each.price = each.reference = Price::from_units(cents * (kPriceUnitsPerOne / 100));
            EXPECT_EQ(Guards(limits).check(each).binding, Guard::none) << units << " at " << each.price.to_string();
            each.quantity = units + 1;
            EXPECT_EQ(Guards(limits).check(each).quantity, units) << " at " << each.price.to_string();
        }
    }
}

TEST(DeskGuards, AWrongDayDoesNotForgetWhatTodaySpent) {
    Guards guards({.day_notional = 250'000.0});
    guards.sent(at(1), 1, 200'000.0);
    guards.sent(at(400 * 86'400), 1, 10'000.0);
    EXPECT_EQ(guards.check(child(500)).binding, Guard::none);
    EXPECT_EQ(guards.check(child(600)).binding, Guard::day_notional);
    guards.sent(at(2), 1, 50'000.0);
    guards.sent(at(-86'400), 1, 10'000.0);
    EXPECT_EQ(guards.check(child(100)).binding, Guard::day_notional);
}

TEST(DeskGuards, WhatIsDatedAheadCountsForAWindowFromNow) {
    Guards guards({.messages = 3, .rejects = 2});
    const int years = 10 * 365 * 86'400;
    for (int i = 0; i < 3; ++i) {
        guards.rejected(at(years));
        guards.sent(at(86'400), 1, 0.0);
    }
    guards.arrive(at(60));
    EXPECT_EQ(guards.check(child()).binding, Guard::reject_storm) << "they were told of before now: they may be new";
    EXPECT_EQ(guards.message_room(at(60)), 0);
    Guards restarted({.messages = 3, .rejects = 2});
    restarted.restore(guards.state());
    for (Guards* each : {&guards, &restarted}) {
        each->arrive(at(119));
        EXPECT_EQ(each->message_room(at(119)), 0);
        each->arrive(at(120));
        EXPECT_EQ(each->message_room(at(120)), 3);
        Child later = child();
        later.time = later.quote_time = at(120);
        EXPECT_EQ(each->check(later).binding, Guard::none);
    }
    // What comes after a wrong time is counted by its own.
    guards.rejected(at(130));
    EXPECT_EQ(reading(guards.check(child()), Guard::reject_storm).value, 3.0)
        << "late by a minute: all count, as far as the limit needs to see";
}

TEST(DeskGuards, NotionalOfAChildAndOfTheDay) {
    Guards guards({.order_notional = 100'000.0, .day_notional = 250'000.0});
    EXPECT_EQ(guards.check(child(900)).binding, Guard::none);
    EXPECT_EQ(guards.check(child(1'000)).binding, Guard::none);
    EXPECT_EQ(guards.check(child(1'100)).binding, Guard::order_notional);
    EXPECT_EQ(guards.check(child(1'100)).quantity, 1'000);
    guards.sent(at(1), 1, 100'000.0);
    guards.sent(at(2), 1, 100'000.0);
    EXPECT_EQ(guards.check(child(500)).binding, Guard::none);
    EXPECT_EQ(guards.check(child(600)).binding, Guard::day_notional);
    EXPECT_EQ(guards.check(child(600)).quantity, 500);
    EXPECT_DOUBLE_EQ(reading(guards.check(child(600)), Guard::day_notional).value, 260'000.0);
    Child tomorrow = child(1'000);
    tomorrow.time = at(86'400);
    tomorrow.quote_time = tomorrow.time;
    EXPECT_EQ(guards.check(tomorrow).binding, Guard::none);
}

TEST(DeskGuards, MessageRateSlides) {
    Guards guards({.messages = 3});
    EXPECT_EQ(guards.check(child()).binding, Guard::none);
    guards.sent(at(1), 1, 0.0);
    guards.sent(at(2), 1, 0.0);
    EXPECT_EQ(guards.check(child()).binding, Guard::none);  // the third: at the limit
    guards.sent(at(3), 1, 0.0);
    EXPECT_EQ(guards.check(child()).binding, Guard::message_rate);
    EXPECT_EQ(guards.message_room(at(60)), 0);
    Child later = child();
    later.time = later.quote_time = at(61);  // the first message is a window old
    EXPECT_EQ(guards.check(later).binding, Guard::none);
    EXPECT_EQ(guards.message_room(at(61)), 1);
}

TEST(DeskGuards, RejectStormEndsWithItsWindow) {
    Guards guards({.rejects = 2});
    guards.rejected(at(10));
    guards.rejected(at(11));
    EXPECT_EQ(guards.check(child()).binding, Guard::none);
    guards.rejected(at(12));
    EXPECT_EQ(guards.check(child()).binding, Guard::reject_storm);
    Child later = child();
    later.time = later.quote_time = at(70);
    EXPECT_EQ(guards.check(later).binding, Guard::none);
}

TEST(DeskGuards, StaleAndMissingQuotes) {
    const Guards guards({.stale_after = seconds(5)});
    Child each = child();
    for (const auto& [age, allowed] : {std::pair{4, true}, {5, true}, {6, false}, {0, true}, {-1, false}}) {
        each.quote_time = each.time - seconds(age);
        EXPECT_EQ(guards.check(each).binding, allowed ? Guard::none : Guard::stale_data) << age;
    }
    each = child();
    each.bid = each.ask;
    EXPECT_EQ(guards.check(each).binding, Guard::none);  // locked
    each.bid = each.ask + PriceMove::from_units(1);
    EXPECT_EQ(guards.check(each).binding, Guard::no_market);
    each.bid = {};
    EXPECT_EQ(guards.check(each).binding, Guard::no_market);
}

TEST(DeskGuards, KillSwitchStaysOnUntilReleased) {
    Guards guards({});
    guards.kill();
    EXPECT_EQ(guards.check(child()).binding, Guard::kill_switch);
    EXPECT_EQ(guards.check(child()).quantity, 0);
    Guards restored({});
    restored.restore(guards.state());
    EXPECT_EQ(restored.check(child()).binding, Guard::kill_switch);
    restored.release();
    EXPECT_EQ(restored.check(child()).binding, Guard::none);
}

TEST(DeskGuards, ObservedLimitsSayWhatTheyWouldHaveDone) {
    constexpr int kObserve = static_cast<int>(LimitMode::observe);
    const Guards guards({.participation = 0.001,
                         .price_band_bps = 0.1,
                         .order_notional = 1.0,
                         .day_notional = 1.0,
                         .participation_mode = kObserve,
                         .price_band_mode = kObserve,
                         .order_notional_mode = kObserve,
                         .day_notional_mode = kObserve,
                         .stale_mode = kObserve});
    Child each = child();
    each.quote_time = at(0);
    each.price = Price::parse("100.5").value();
    const GuardVerdict verdict = guards.check(each);
    EXPECT_EQ(verdict.binding, Guard::none);
    EXPECT_EQ(verdict.quantity, 1'000);
    for (const Guard guard :
         {Guard::participation, Guard::price_band, Guard::order_notional, Guard::day_notional, Guard::stale_data}) {
        EXPECT_TRUE(reading(verdict, guard).is_passed) << name(guard);
        EXPECT_FALSE(reading(verdict, guard).acted) << name(guard);
    }
}

TEST(DeskGuards, StateComesBack) {
    Guards guards({.messages = 3, .rejects = 2});
    for (int i = 0; i < 50; ++i) {
        guards.sent(at(i), 1, 1'000.0);
        guards.rejected(at(i));
    }
    Guards restored({.messages = 3, .rejects = 2});
    restored.restore(guards.state());
    EXPECT_EQ(restored.check(child()).readings, guards.check(child()).readings);
}

TEST(DeskGuards, AWindowCountsWhatFellIntoIt) {
    RandomStream stream(1, "test.desk.window");
    for (const std::size_t room : {1U, 7U, 100U}) {
        SlidingCount window(room);
        std::vector<std::int64_t> all;
        std::int64_t now = 0;
        for (int i = 0; i < 500; ++i) {
            // One in ten comes late: it counts as the newest.
            const std::int64_t time = now + static_cast<std::int64_t>(stream.next_bits() % 50) - (i % 10 == 9 ? 60 : 0);
            window.add(Timestamp::from_ns(time));
            now = std::max(now, time);
            all.push_back(now);
            const auto kept = all.end() - static_cast<std::ptrdiff_t>(std::min(room, all.size()));
            for (const std::int64_t length : {0, 1, 40, 400, 100'000}) {
                const auto expected = std::count_if(kept, all.end(), [&](std::int64_t t) { return t > now - length; });
                EXPECT_EQ(window.count(Timestamp::from_ns(now), Duration{length}), expected);
            }
            EXPECT_EQ(window.state(), std::vector(kept, all.end()));
        }
    }
}

}  // namespace
}  // namespace slipcast::desk
