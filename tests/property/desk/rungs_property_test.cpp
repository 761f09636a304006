#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "slipcast/math/sampling.hpp"
#include "support/desk_market.hpp"

// What holds on every rung, for orders of any size, distance to the deadline, lot and market.

namespace slipcast::desk {
namespace {

constexpr double kMostShare = 0.2;

/// No guard but the participation's binds; a miss weighs so much that no plan is chosen which misses for certain.
DeskSetup roomy_setup(bool is_hurried) {
    DeskSetup setup = is_hurried ? test::hurried_setup() : test::desk_setup();
    setup.options.guards.messages = 1'000'000;
    setup.options.guards.order_notional = setup.options.guards.day_notional = 1e15;
    setup.options.objective.miss_weight = 1e4;
    return setup;
}

class Draw {
public:
    explicit Draw(std::uint64_t seed) : stream_(seed, "test.desk.rungs") {}
    double between(double low, double high) { return low + (high - low) * stream_.next_uniform(); }
    double log_between(double low, double high) { return std::exp(between(std::log(low), std::log(high))); }
    bool chance(double share) { return stream_.next_uniform() < share; }
    Rung careful() { return chance(0.5) ? Rung::amber : Rung::red; }

    /// An order that could finish, whatever its distance to the deadline; half of them barely.
    Context context(bool is_hurried) {
        Context made = is_hurried ? test::hurried_context() : test::calm_context();
        made.tier_median_p95_bps = 1e9;
        made.deadline = made.time + Duration{static_cast<std::int64_t>(1e9 * log_between(2.0, 7'200.0))};
        made.volume_rate = log_between(1.0, 1e4);
        made.market_volume = 1e15;
        made.lot = chance(0.5) ? 1 : 100;
        made.symbol_observations = chance(0.2) ? 3 : 200;
        const double most = cap(made) * made.volume_rate * seconds(made.deadline - made.time) * (1.0 - 1e-6);
        if (most < 1.0) return context(is_hurried);
        made.quantity = static_cast<std::int64_t>(chance(0.5) ? log_between(1.0, most) : most * between(0.9, 1.0));
        made.quantity = std::max<std::int64_t>(1, made.quantity);
        return made;
    }
    static double cap(const Context& c) { return kMostShare * (c.symbol_observations < 30 ? 0.5 : 1.0); }
    static double seconds(Duration duration) { return static_cast<double>(duration.count()) / 1e9; }

private:
    RandomStream stream_;
};

Outcome called_off(const Context& context) {
    return {.time = context.time,
            .order = context.order,
            .kind = OutcomeKind::finished,
            .cost_bps = std::nan(""),
            .is_discretionary = true};
}

TEST(DeskRungsProperty, ACarefulDeskIsNeverFasterThanOnGreenNorSlowerThanThePace) {
    for (const bool is_hurried : {true, false}) {
        Desk desk = Desk::create(roomy_setup(is_hurried)).value();
        Draw draw(1);
        for (std::uint64_t order = 1; order <= 3'000; ++order) {
            Context context = draw.context(is_hurried);
            context.order = order;
            const double left = Draw::seconds(context.deadline - context.time);
            const double pace = static_cast<double>(context.quantity) / (context.volume_rate * left);
            const double cap = Draw::cap(context);
            context.portfolio = draw.careful();
            const Decision decision = desk.step(context);
            ASSERT_TRUE(desk.record(called_off(context)));
            ASSERT_EQ(decision.action, Action::trade);
            double wish = 0.0, least = HUGE_VAL;
            for (std::size_t i = 0; i < 6; ++i) {
                const Candidate& each = decision.candidates.values[i];
                if (each.score < least) {
                    least = each.score;
                    wish = each.participation;
                }
            }
            EXPECT_LE(decision.participation, wish);
            EXPECT_GE(decision.participation, std::min(pace, wish));
            const Candidate& chosen = decision.candidates.values[decision.chosen];
            EXPECT_EQ(chosen.participation, decision.participation) << "scored at the speed it works at";
            EXPECT_LT(chosen.miss_risk, 1.0);
            const double interval = Draw::seconds(decision.interval);
            const auto lot = static_cast<double>(context.lot);
            EXPECT_LE(static_cast<double>(decision.quantity),
                      cap * context.volume_rate * (interval + 1e-8) + 2.0 * lot);
        }
    }
}

TEST(DeskRungsProperty, NoRungMakesAnOrderMissThatCouldFinish) {
    for (const bool is_hurried : {true, false}) {
        Desk desk = Desk::create(roomy_setup(is_hurried)).value();
        Draw draw(2);
        for (std::uint64_t order = 1; order <= 300; ++order) {
            Context context = draw.context(is_hurried);
            context.order = order;
            Rung rung = draw.careful();
            const bool is_changing = draw.chance(0.5);
            while (context.time < context.deadline && context.filled < context.quantity) {
                context.quote_time = context.time;
                context.portfolio = rung;
                const Decision decision = desk.step(context);
                ASSERT_EQ(decision.action, Action::trade);
                context.filled += decision.quantity;
                context.time = context.time + decision.interval;
                if (is_changing) rung = draw.careful();
            }
            ASSERT_TRUE(desk.record(called_off(context)));
            EXPECT_EQ(context.filled, context.quantity) << order;
        }
    }
}

// The rule of GREEN by itself: the least score of six, a child of its speed for one interval, both varied by a tenth.
TEST(DeskRungsProperty, GreenIsTheRuleWithoutALadder) {
    const DeskSetup setup = roomy_setup(true);
    Desk desk = Desk::create(setup).value();
    Draw draw(3);
    int greens = 0;
    for (std::uint64_t order = 1; order <= 3'000; ++order) {
        Context context = draw.context(true);
        context.symbol_observations = 200;
        context.order = order;
        const Decision decision = desk.step(context);
        ASSERT_TRUE(desk.record(called_off(context)));
        if (decision.ladder.rung != Rung::green) continue;  // too far from what the model knows
        ++greens;
        ASSERT_EQ(decision.candidates.size, 6U);
        std::uint32_t best = 0;
        for (std::uint32_t i = 0; i < 6; ++i) {
            EXPECT_TRUE(decision.candidates.values[i].is_allowed);
            if (decision.candidates.values[i].score < decision.candidates.values[best].score) best = i;
        }
        EXPECT_EQ(decision.chosen, best);
        EXPECT_EQ(decision.participation, decision.candidates.values[best].participation);

        RandomStream stream(setup.options.seed, "desk.child", order);
        const double vary_size = 1.0 + 0.1 * (2.0 * stream.next_uniform() - 1.0);
        const double vary_time = 1.0 + 0.1 * (2.0 * stream.next_uniform() - 1.0);
        const double left = Draw::seconds(context.deadline - context.time);
        const double interval = std::min(30.0 * vary_time, left);
        EXPECT_EQ(decision.interval, Duration{static_cast<std::int64_t>(interval * 1e9)});
        double units = decision.participation * context.volume_rate * (interval >= left ? left : std::min(30.0, left));
        if (interval < left) units *= vary_size;
        units = std::min(units, static_cast<double>(context.quantity));
        const auto lots = static_cast<std::int64_t>(units / static_cast<double>(context.lot) * (1.0 + 1e-9));
        std::int64_t child = std::max<std::int64_t>(1, lots) * context.lot;
        if (context.quantity - child < context.lot) child = context.quantity;
        EXPECT_EQ(decision.quantity, child);
    }
    EXPECT_GT(greens, 2'000);
}

}  // namespace
}  // namespace slipcast::desk
