#include <gtest/gtest.h>

#include <vector>

#include "slipcast/cost/cost.hpp"
#include "support/allocation_counter.hpp"
#include "support/cost_orders.hpp"

namespace slipcast::cost {
namespace {

// Predictions for a desk allocate nothing once the predictor stands: this program counts what it allocates.
TEST(CostAllocation, OnePredictionAllocatesNothing) {
    const test::CostOrders orders(300, 41);
    FitOptions options;
    options.target = "cost_bps";
    options.mean = {"sqrt_participation", "spread"};
    options.scale = {"log_volatility"};
    options.completion = {"log_participation"};
    options.completed = "finished";
    options.partial = static_cast<int>(PartialOrders::whole);
    const auto model = fit(orders.table(), options);
    ASSERT_TRUE(model.has_value()) << model.error().message();
    const auto predictor = Predictor::create(*model, {0.5, 0.9, 0.99});
    ASSERT_TRUE(predictor.has_value());
    std::size_t before = test::allocations;
    std::vector<double> inputs(predictor->inputs(), 0.1), values(3);
    EXPECT_EQ(test::allocations - before, 2U) << "the counter counts";

    before = test::allocations;
    Prediction out;
    for (int i = 0; i < 100; ++i) {
        inputs[0] = 0.01 * (i + 1);
        predictor->predict(inputs, out, values);
    }
    EXPECT_EQ(test::allocations - before, 0U);
    EXPECT_GT(out.miss_risk, 0.0);
}

}  // namespace
}  // namespace slipcast::cost
