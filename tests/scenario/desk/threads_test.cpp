#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <thread>
#include <vector>

#include "slipcast/desk/replay.hpp"
#include "support/desk_market.hpp"

// A desk is one thread's. Several desks work disjoint orders side by side: what they decide depends neither on how many
// threads carry them nor, while no common limit binds and nothing was learned, on which desk has which order.

namespace slipcast::desk {
namespace {

using test::calm_context;

constexpr std::uint64_t kOrders = 24;
constexpr int kSteps = 12;

DeskSetup wide_setup(bool learns) {
    DeskSetup setup = test::desk_setup(3);
    static const cost::Model kChallenger = test::desk_model(7, 300);
    if (learns) setup.challenger = kChallenger;
    setup.options.guards.messages = 1'000'000;
    setup.options.guards.day_notional = 1e12;
    return setup;
}

Context context_of(std::uint64_t order, int step) {
    Context context = calm_context("14:30:00", order);
    context.time = context.quote_time = context.time + std::chrono::seconds(20 * step);
    context.filled = 100 * step;
    test::set_input(context, "spread",
                    1.0 + 0.05 * static_cast<double>((order + static_cast<std::uint64_t>(step)) % 7));
    return context;
}

/// Works the orders of one shard, step by step; with outcomes the desk learns on the way.
void work(Desk& desk, const std::vector<std::uint64_t>& orders, bool learns, std::vector<std::vector<Decision>>& made) {
    for (int step = 0; step < kSteps; ++step) {
        for (const std::uint64_t order : orders) {
            const Context context = context_of(order, step);
            const Decision decision = desk.step(context);
            made[order].push_back(decision);
            if (!learns) continue;
            for (std::size_t k = 0; k < decision.dark.size; ++k) {
                EXPECT_TRUE(desk.record({.time = context.time,
                                         .order = order,
                                         .venue = static_cast<std::int32_t>(k),
                                         .sent = decision.dark.values[k],
                                         .filled = decision.dark.values[k] / 2}));
            }
            if (step % 4 == 3) {
                EXPECT_TRUE(desk.record({.time = context.time,
                                         .order = order,
                                         .kind = OutcomeKind::finished,
                                         .cost_bps = 5.0 + static_cast<double>(order),
                                         .is_complete = true}));
            }
        }
    }
}

/// Decisions by order of `shards` desks, each with every shards-th order, on `threads` threads.
std::vector<std::vector<Decision>> decided(std::size_t shards, std::size_t threads, bool learns) {
    std::vector<std::vector<Decision>> made(kOrders);
    std::vector<Desk> desks;
    std::vector<std::vector<std::uint64_t>> orders(shards);
    for (std::size_t i = 0; i < shards; ++i) desks.push_back(Desk::create(wide_setup(learns)).value());
    for (std::uint64_t order = 0; order < kOrders; ++order) orders[order % shards].push_back(order);
    std::vector<std::thread> running;
    for (std::size_t t = 0; t < threads; ++t) {
        running.emplace_back([&, t] {
            for (std::size_t i = t; i < shards; i += threads) work(desks[i], orders[i], learns, made);
        });
    }
    for (std::thread& each : running) each.join();
    return made;
}

/// The first order and step that differ, as text.
std::string difference(const std::vector<std::vector<Decision>>& a, const std::vector<std::vector<Decision>>& b) {
    for (std::size_t order = 0; order < kOrders; ++order) {
        for (std::size_t step = 0; step < kSteps; ++step) {
            const auto found = first_difference(a[order][step], b[order][step]);
            if (found) return std::to_string(order) + "/" + std::to_string(step) + ": " + found->field;
        }
    }
    return "";
}

TEST(DeskThreads, DecisionsDoNotDependOnHowManyThreadsCarryTheDesks) {
    const auto one = decided(3, 1, true);
    std::int64_t traded = 0;
    for (const auto& order : one) {
        for (const Decision& each : order) traded += each.quantity;
    }
    EXPECT_GT(traded, 0);
    EXPECT_EQ(difference(one, decided(3, 3, true)), "");
}

/// Without what a desk counts over all its orders: messages in the window, notional of the day.
std::vector<std::vector<Decision>> by_order_alone(std::vector<std::vector<Decision>> made) {
    for (auto& order : made) {
        for (Decision& each : order) {
            for (const Guard guard : {Guard::message_rate, Guard::day_notional}) {
                EXPECT_FALSE(each.guards[static_cast<std::size_t>(guard)].acted);
                each.guards[static_cast<std::size_t>(guard)] = {};
            }
        }
    }
    return made;
}

TEST(DeskThreads, NorOnHowOrdersAreShared) {
    const auto one = by_order_alone(decided(1, 1, false));
    EXPECT_EQ(difference(one, by_order_alone(decided(4, 2, false))), "");
}

}  // namespace
}  // namespace slipcast::desk
