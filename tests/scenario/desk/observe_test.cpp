#include <gtest/gtest.h>

#include <vector>

#include "support/desk_market.hpp"

// A new limit is tried out in observe mode: the desk does all that it would do without it, and says what the limit
// would have done.

namespace slipcast::desk {
namespace {

using test::calm_context;
using test::desk_setup;

constexpr int kObserve = static_cast<int>(LimitMode::observe);

/// Five minutes of one order with dark venues, some rejects and quotes of up to two seconds.
std::vector<Decision> worked(const GuardOptions& limits) {
    DeskSetup setup = desk_setup(3);
    setup.options.guards = limits;
    Desk desk = Desk::create(setup).value();
    std::vector<Decision> made;
    Context context = calm_context();
    context.reference = Price::parse("99.9").value();
    for (int i = 0; i < 40; ++i) {
        context.symbol_observations = i < 20 ? 200 : 0;  // then a cold symbol
        context.quote_time = context.time - std::chrono::seconds{i % 3};
        context.filled = 100 * i;
        context.own_volume = 50.0 * (i % 4);
        made.push_back(desk.step(context));
        if (i % 5 == 0) {
            EXPECT_TRUE(desk.record({.time = context.time, .order = context.order, .kind = OutcomeKind::rejected}));
        }
        context.time = context.time + std::chrono::seconds{7};
    }
    return made;
}

/// All of a decision that is not a reading.
Decision without_readings(Decision decision) {
    decision.guards = {};
    return decision;
}

struct Tried {
    const char* mode;
    Guard guard;
    GuardOptions limits;
};

/// No limit but what a desk always has.
GuardOptions without_limits() {
    return {.participation = 1.0,
            .price_band_bps = 1e9,
            .order_notional = 1e12,
            .day_notional = 1e15,
            .messages = 1'000'000,
            .rejects = 1'000'000,
            .stale_after = std::chrono::hours{24}};
}

std::vector<Tried> each_mode() {
    std::vector<Tried> all;
    const auto add = [&all](const char* mode, Guard guard) -> GuardOptions& {
        all.push_back({mode, guard, without_limits()});
        return all.back().limits;
    };
    GuardOptions* limits = &add("participation_mode", Guard::participation);
    limits->participation = 0.001;
    limits->participation_mode = kObserve;
    limits = &add("price_band_mode", Guard::price_band);
    limits->price_band_bps = 1e-3;
    limits->price_band_mode = kObserve;
    limits = &add("order_notional_mode", Guard::order_notional);
    limits->order_notional = 1.0;
    limits->order_notional_mode = kObserve;
    limits = &add("day_notional_mode", Guard::day_notional);
    limits->day_notional = 1.0;
    limits->day_notional_mode = kObserve;
    limits = &add("messages_mode", Guard::message_rate);
    limits->messages = 1;
    limits->messages_mode = kObserve;
    limits = &add("rejects_mode", Guard::reject_storm);
    limits->rejects = 0;
    limits->rejects_mode = kObserve;
    limits = &add("stale_mode", Guard::stale_data);
    limits->stale_after = std::chrono::seconds{0};
    limits->stale_mode = kObserve;
    return all;
}

TEST(DeskObserve, ATinyLimitThatObservesChangesNothingButItsReading) {
    const std::vector<Decision> free = worked(without_limits());
    for (const Tried& tried : each_mode()) {
        const std::vector<Decision> observed = worked(tried.limits);
        int passed = 0;
        for (std::size_t i = 0; i < free.size(); ++i) {
            const auto parted = first_difference(without_readings(observed[i]), without_readings(free[i]));
            EXPECT_FALSE(parted) << tried.mode << ", step " << i << ", " << parted->field;
            const GuardReading& reading = observed[i].guards[static_cast<std::size_t>(tried.guard)];
            EXPECT_FALSE(reading.acted) << tried.mode;
            passed += reading.is_passed ? 1 : 0;
        }
        EXPECT_GT(passed, 0) << tried.mode << " says nothing";
    }
}

TEST(DeskObserve, AColdSymbolsHalfCapIsReadToo) {
    DeskSetup setup = desk_setup();
    setup.options.guards.participation = 0.01;
    setup.options.guards.participation_mode = kObserve;
    Context context = calm_context();
    context.symbol_observations = 0;
    const auto reading =
        Desk::create(setup).value().step(context).guards[static_cast<std::size_t>(Guard::participation)];
    EXPECT_EQ(reading.limit, 0.005);
    EXPECT_TRUE(reading.is_passed);
}

}  // namespace
}  // namespace slipcast::desk
