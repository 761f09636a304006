#include <gtest/gtest.h>

#include <vector>

#include "slipcast/venue/router.hpp"
#include "support/allocation_counter.hpp"

using namespace slipcast;
using namespace slipcast::venue;

// Once a router stands and has split one order, splitting and observing allocate nothing, whatever the method: this
// program counts what it allocates.
TEST(RouterAllocation, SplittingAndLearningAllocateNothing) {
    for (const int method : {RouterOptions::optimistic, RouterOptions::thompson}) {
        Router router = *Router::create(3, 5'000, {.method = method});
        const std::vector<Liquidity> truth(3, *Liquidity::power_law(0.6, 0.5, 3'000));
        std::vector<std::int64_t> filled(3);
        RandomStream stream(1, "test.venue.allocation");
        static_cast<void>(router.allocate(5'000));
        const std::size_t before = test::allocations;
        for (int order = 0; order < 600; ++order) {
            const Split& split = **router.allocate(100 + 8 * order);
            for (std::size_t i = 0; i < 3; ++i) {
                // The first venue changes halfway, so that a challenger takes over.
                const std::int64_t there = order > 300 && i == 0 ? 0 : truth[i].draw(stream);
                filled[i] = std::min(split.quantity[i], there);
            }
            ASSERT_TRUE(router.observe(split.quantity, filled));
            ASSERT_TRUE(router.observe(2, {.sent = 500, .filled = 0, .min_quantity = 1 + order % 50}));
        }
        EXPECT_EQ(test::allocations - before, 0U);
        EXPECT_GE(router.changes(0), 1);
    }
}
