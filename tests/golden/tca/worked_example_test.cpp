#include <gtest/gtest.h>

#include "slipcast/tca/tca.hpp"
#include "support/cost_book.hpp"
#include "support/measured.hpp"

// A worked example whose parts were checked with exact fractions: sell 10,000, decision 50.00, arrival 49.90, fills
// 4,000 at 49.86 (mid 49.88) and 3,000 at 49.80 (mid 49.81), 3,000 cancelled at a mid of 49.60, fees 0.003 a share,
// 43,000 of other volume at a VWAP of 49.85.

namespace slipcast::tca {
namespace {

using test::CostBook;
using test::Measured;

class WorkedExample : public ::testing::Test {
protected:
    static Measured measured(bool on_source_tape = false) {
        CostBook book;
        book.quote("14:00:00", "49.99", "50.01");
        book.quote("14:01:00", "49.89", "49.91");
        book.quote("14:02:00", "49.86", "49.90");
        if (!on_source_tape) book.trade("14:02:00.500", "49.86", 4'000);
        book.quote("14:02:20", "49.83", "49.85");
        book.trade("14:03:00", "49.85", 43'000);
        book.quote("14:03:30", "49.80", "49.82");
        if (!on_source_tape) book.trade("14:04:00", "49.80", 3'000);
        book.quote("14:05:00", "49.59", "49.61");
        book.quote("14:20:00", "49.59", "49.61");
        market::Order& order = book.order("O1", Side::sell, 10'000, "14:01:30");
        order.decision_time = CostBook::at("14:00:30");
        order.cancel_time = CostBook::at("14:06:00");
        book.fill("O1", "14:02:00.500", "49.86", 4'000, "12");
        book.fill("O1", "14:04:00", "49.80", 3'000, "9");
        if (on_source_tape) book.dataset.provenance["replay.seed"] = "1";
        MeasureOptions options;
        options.markouts = {"30s"};
        return Measured(book.made(), options);
    }
};

TEST_F(WorkedExample, PartsToTheCent) {
    const Measured result = measured();
    EXPECT_EQ(result.cash("delay_cash"), "1000.00");
    EXPECT_EQ(result.cash("spread_cash"), "110.00");
    EXPECT_EQ(result.cash("drift_cash"), "350.00");
    EXPECT_EQ(result.cash("opportunity_cash"), "900.00");
    EXPECT_EQ(result.cash("fees_cash"), "21.00");
    EXPECT_EQ(result.cash("unmarked_cash"), "0.00");
    EXPECT_EQ(result.cash("shortfall_cash"), "2381.00");
    EXPECT_EQ(result.cash("paper_notional_cash"), "500000.00");
    EXPECT_EQ(result.text("orders", "end_price_policy"), "cancel");
}

TEST_F(WorkedExample, PartsInBasisPointsOfThePaperNotional) {
    const Measured result = measured();
    EXPECT_NEAR(result.number("orders", "delay_bps"), 20.00, 1e-9);
    EXPECT_NEAR(result.number("orders", "spread_bps") + result.number("orders", "drift_bps"), 9.20, 1e-9);
    EXPECT_NEAR(result.number("orders", "opportunity_bps"), 18.00, 1e-9);
    EXPECT_NEAR(result.number("orders", "fees_bps"), 0.42, 1e-9);
    EXPECT_NEAR(result.number("orders", "shortfall_bps"), 47.62, 1e-9);
}

TEST_F(WorkedExample, ExecutedBasisMovesDelayIntoOpportunity) {
    const Measured result = measured();
    EXPECT_EQ(result.cash("delay_executed_cash"), "700.00");
    EXPECT_EQ(result.cash("opportunity_executed_cash"), "1200.00");
}

TEST_F(WorkedExample, SlippageAgainstArrivalAndVwapWithAndWithoutOwnPrints) {
    const Measured result = measured();
    EXPECT_NEAR(result.number("orders", "arrival_cost_bps"), 13.169, 5e-4);
    EXPECT_EQ(result.cash("arrival_cost_cash"), "460.00");
    EXPECT_NEAR(result.number("orders", "participation"), 0.14, 1e-12);
    EXPECT_NEAR(result.number("orders", "interval_vwap_ex_own_cost_bps"), 3.152, 5e-4);
    EXPECT_NEAR(result.number("orders", "interval_vwap_cost_bps"), 2.711, 5e-4);
    // (average - VWAP) shrinks by 1 - rho when own prints are counted.
    EXPECT_NEAR(result.number("orders", "interval_vwap_cost_cash"),
                0.86 * result.number("orders", "interval_vwap_ex_own_cost_cash"), 1e-4);
}

TEST_F(WorkedExample, AReplayOnItsSourceTapeCountsItsOwnQuantityToo) {
    const Measured result = measured(true);
    EXPECT_NEAR(result.number("orders", "participation"), 0.14, 1e-12);
    EXPECT_NEAR(result.number("orders", "interval_vwap_ex_own_cost_bps"), 3.152, 5e-4);
    EXPECT_NEAR(result.number("orders", "interval_vwap_cost_bps"), 2.711, 5e-4);
    EXPECT_EQ(result.text("degradations", "missing"), "own prints");
}

TEST_F(WorkedExample, FirstFillThirtySecondsLater) {
    const Measured result = measured();
    const double mid = 49.88;
    EXPECT_NEAR(result.number("fills", "effective_spread_bps"), 0.04 / mid * 1e4, 1e-9);
    EXPECT_NEAR(result.number("markouts", "realized_spread_bps"), -0.04 / mid * 1e4, 1e-9);
    EXPECT_NEAR(result.number("markouts", "fill_anchored_bps"), 0.02 / 49.86 * 1e4, 1e-9);
    EXPECT_NEAR(result.number("markouts", "mid_anchored_bps"), 0.04 / mid * 1e4, 1e-9);
}

}  // namespace
}  // namespace slipcast::tca
