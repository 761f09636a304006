#include <gtest/gtest.h>

#include "slipcast/desk/desk.hpp"
#include "support/allocation_counter.hpp"
#include "support/desk_market.hpp"

// After construction a step allocates nothing, whatever it decides, and what it decides is encoded without allocating.

namespace slipcast::desk {
namespace {

TEST(DeskAllocation, AStepAllocatesNothing) {
    Desk desk = Desk::create(test::desk_setup(3)).value();
    Context context = test::calm_context();
    std::vector<std::byte> bytes;
    bytes.reserve(16'384);
    std::int64_t traded = 0;
    for (int i = 0; i < 200; ++i) {
        context.time = context.time + std::chrono::seconds(5);
        if (i % 7 != 0) context.quote_time = context.time;
        context.order = static_cast<std::uint64_t>(i % 50);
        context.kind = i % 5 == 0 ? market::OrderKind::target : market::OrderKind::work;
        context.position_units = 50'000.0;
        context.signals.size = 1;
        context.signals.values[0] = 1.0;
        const std::size_t before = test::allocations;
        const Decision decision = desk.step(context);
        encode(context, decision, bytes);
        EXPECT_EQ(test::allocations - before, 0U) << "step " << i;
        traded += decision.quantity;
    }
    EXPECT_GT(traded, 0);
    const std::size_t before = test::allocations;
    operator delete(operator new(1));  // called by name: an expression that makes what nobody reads may be left out
    EXPECT_EQ(test::allocations - before, 1U) << "the counter counts";
}

}  // namespace
}  // namespace slipcast::desk
