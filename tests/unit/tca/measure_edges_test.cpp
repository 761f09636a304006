#include <gtest/gtest.h>

#include "support/cost_book.hpp"
#include "support/measured.hpp"

// Whole measurements of markets and orders that have nearly nothing.

namespace slipcast::tca {
namespace {

using test::CostBook;
using test::Measured;

TEST(MeasureEdges, WithoutAnOrderThereIsNothingToMeasure) {
    CostBook book;
    book.quote("14:00:00", "99.99", "100.01");
    const auto result = measure(book.made(), {});
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error().field, "orders");
}

TEST(MeasureEdges, ATapeWithoutARowGivesLedgersWithoutMids) {
    CostBook book;
    book.order("O1", Side::buy, 100, "14:00:00");
    book.fill("O1", "14:01:00", "100", 100, "2");
    const Measured result(book.made());
    EXPECT_EQ(result.text("fills", "quote_state"), "none");
    EXPECT_FALSE(result.has("orders", "arrival_price"));
    EXPECT_FALSE(result.has("orders", "shortfall_cash"));
    EXPECT_EQ(result.cash("fees_cash"), "2.00");
    EXPECT_EQ(result.text("degradations", "missing"), "usable mid");
    EXPECT_EQ(result.table("size_bins").rows(), 0U);
}

TEST(MeasureEdges, WithoutATapeAtAll) {
    CostBook book;
    book.order("O1", Side::buy, 100, "14:00:00").decision_price = CostBook::price("99");
    book.fill("O1", "14:01:00", "100", 100);
    market::Dataset dataset = book.made();
    dataset.tape = nullptr;
    const Measured result(dataset);
    EXPECT_EQ(result.cash("decision_cost_cash"), "100.00");
    EXPECT_FALSE(result.has("orders", "arrival_cost_cash"));
    EXPECT_FALSE(result.has("orders", "sector_net_flow"));
}

TEST(MeasureEdges, EveryOrderUnfilled) {
    CostBook book;
    book.quote("14:00:00", "99.99", "100.01");
    book.quote("14:30:00", "100.99", "101.01");
    book.quote("15:00:00", "100.99", "101.01");
    for (const char* id : {"O1", "O2"}) book.order(id, Side::buy, 100, "14:01:00").end_time = CostBook::at("14:45:00");
    const Measured result(book.made());
    EXPECT_EQ(result.cash("opportunity_cash"), "100.00");
    EXPECT_FALSE(result.has("orders", "arrival_cost_bps")) << "nothing was executed: no slippage, not zero";
    EXPECT_EQ(result.number("orders", "completion"), 0.0);
    EXPECT_EQ(result.table("fills").rows(), 0U);
    EXPECT_EQ(result.table("markouts").rows(), 0U);
    EXPECT_FALSE(result.has("orders", "outlier"));
    EXPECT_TRUE(result.measurement.worst_orders.empty());
}

TEST(MeasureEdges, ALockedMarketHasAMidAndNoSpread) {
    CostBook book;
    book.quote("14:00:00", "100", "100");
    book.quote("15:00:00", "100", "100");
    book.order("O1", Side::sell, 100, "14:01:00");
    book.fill("O1", "14:02:00", "100", 100);
    const Measured result(book.made());
    EXPECT_EQ(result.text("fills", "quote_state"), "locked");
    EXPECT_EQ(result.text("orders", "arrival_price"), "100.00");
    EXPECT_EQ(result.cash("spread_cash"), "0.00");
    EXPECT_EQ(result.number("orders", "effective_spread_bps"), 0.0);
    EXPECT_FALSE(result.has("orders", "effective_over_quoted")) << "nothing over nothing";
    EXPECT_EQ(result.number("orders", "price_improvement_bps"), 0.0);
}

TEST(MeasureEdges, ACrossedMarketHasNoMid) {
    CostBook book;
    book.quote("14:00:00", "100.02", "99.98");
    book.quote("15:00:00", "100.02", "99.98");
    book.order("O1", Side::sell, 100, "14:01:00");
    book.fill("O1", "14:02:00", "100", 100);
    const Measured result(book.made());
    EXPECT_EQ(result.text("fills", "quote_state"), "crossed");
    EXPECT_FALSE(result.has("fills", "mid"));
    EXPECT_FALSE(result.has("fills", "price_improvement_bps"));
    EXPECT_FALSE(result.has("orders", "arrival_price"));
    EXPECT_EQ(result.number("orders", "unmarked_fills"), 1.0);
}

TEST(MeasureEdges, OneFillAtTheMidCostsNothing) {
    CostBook book;
    book.quote("14:00:00", "99.99", "100.01");
    book.quote("15:00:00", "99.99", "100.01");
    book.order("O1", Side::buy, 100, "14:01:00");
    book.fill("O1", "14:02:00", "100", 100);
    const Measured result(book.made());
    EXPECT_EQ(result.number("orders", "arrival_cost_bps"), 0.0);
    EXPECT_NEAR(result.number("orders", "price_improvement_bps"), 0.01 / 100.01 * 1e4, 1e-9);
    EXPECT_EQ(result.text("summary", "block_kind", 3), "symbol-hour (within-day)");
    EXPECT_FALSE(result.has("summary", "low", 3)) << "one block is no interval";
}

TEST(MeasureEdges, ADeadlineBeforeTheArrivalLeavesForecastsAndOverlapOut) {
    CostBook book;
    book.quote("14:00:00", "99.99", "100.01");
    book.order("O1", Side::buy, 100, "14:01:00").end_time = CostBook::at("14:00:30");
    const Measured result(book.made());
    EXPECT_FALSE(result.has("orders", "concurrent_overlap"));
    EXPECT_FALSE(result.has("orders", "forecast_participation"));
}

TEST(MeasureEdges, AnOrderOverBeforeItsDeadlineNoLongerOverlaps) {
    CostBook book;
    book.quote("14:00:00", "99.99", "100.01");
    book.order("O1", Side::buy, 100, "14:00:00").end_time = CostBook::at("15:00:00");
    book.order("O2", Side::buy, 100, "14:00:00").end_time = CostBook::at("15:00:00");
    book.order("O3", Side::buy, 100, "14:30:00").end_time = CostBook::at("15:00:00");
    book.order("O4", Side::buy, 100, "14:30:00").end_time = CostBook::at("15:30:00");
    EXPECT_NEAR(Measured(book.made()).number("orders", "concurrent_overlap", 2), 2.0, 1e-12);
    EXPECT_NEAR(Measured(book.made()).number("orders", "concurrent_overlap", 3), 1.0, 1e-12) << "half of its life each";
    book.dataset.orders.front().cancel_time = CostBook::at("14:20:00");
    EXPECT_NEAR(Measured(book.made()).number("orders", "concurrent_overlap", 2), 1.0, 1e-12);
    book.fill("O2", "14:25:00", "100", 100);
    EXPECT_NEAR(Measured(book.made()).number("orders", "concurrent_overlap", 2), 0.0, 1e-12);
}

}  // namespace
}  // namespace slipcast::tca
