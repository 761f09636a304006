#include <gtest/gtest.h>

#include "slipcast/tca/tca.hpp"
#include "support/cost_book.hpp"
#include "support/measured.hpp"

// The worked example (worked_example_test.cpp) told with amends. Sell 10,000, decision 50.00, arrival 49.90, 4,000 at
// 49.86 (mid 49.88) and 3,000 at 49.80 (mid 49.81), fees 21, mid 49.60 from 14:05.

namespace slipcast::tca {
namespace {

using test::CostBook;
using test::Measured;

CostBook story() {
    CostBook book;
    book.quote("14:00:00", "49.99", "50.01");
    book.quote("14:01:00", "49.89", "49.91");
    book.quote("14:02:00", "49.86", "49.90");
    book.quote("14:03:30", "49.80", "49.82");
    book.quote("14:05:00", "49.59", "49.61");
    book.quote("14:20:00", "49.39", "49.41");
    market::Order& order = book.order("O1", Side::sell, 10'000, "14:01:30");
    order.decision_time = CostBook::at("14:00:30");
    order.end_time = CostBook::at("15:00:00");
    book.fill("O1", "14:02:00.500", "49.86", 4'000, "12");
    book.fill("O1", "14:04:00", "49.80", 3'000, "9");
    return book;
}

void amend(CostBook& book, std::string_view clock, std::int64_t quantity) {
    market::OrderEvent event;
    event.order = book.dataset.orders.front().id;
    event.time = CostBook::at(clock);
    event.quantity = Quantity::from_units(quantity);
    book.dataset.order_events.push_back(event);
}

TEST(AmendedExample, TakingBackTheRemainderCostsWhatCancellingItCosts) {
    CostBook cancelled = story();
    cancelled.dataset.orders.front().cancel_time = CostBook::at("14:06:00");
    CostBook amended = story();
    amend(amended, "14:06:00", 7'000);
    const Measured one(cancelled.made());
    const Measured other(amended.made());
    EXPECT_EQ(other.cash("opportunity_cash"), "900.00");
    EXPECT_EQ(other.cash("shortfall_cash"), "2381.00");
    for (const char* part :
         {"delay_cash", "spread_cash", "drift_cash", "opportunity_cash", "fees_cash", "shortfall_cash",
          "delay_executed_cash", "opportunity_executed_cash", "paper_notional_cash"}) {
        EXPECT_EQ(one.units(part), other.units(part)) << part;
    }
    EXPECT_NEAR(other.number("orders", "completion"), 0.7, 1e-12);
    EXPECT_EQ(other.number("orders", "quantity"), 10'000.0);
    EXPECT_EQ(other.number("orders", "withdrawn_quantity"), 3'000.0);
    EXPECT_EQ(other.text("orders", "end_price_policy"), "amend");
    EXPECT_NEAR(other.number("orders", "end_price"), 49.60, 1e-12);
}

TEST(AmendedExample, AnIncreaseIsChargedFromTheInstantItWasDecided) {
    CostBook book = story();
    amend(book, "14:06:00", 20'000);                                     // at 49.60: 10,000 more
    book.fill("O1", "14:10:00", "49.58", 5'000);                         // 3,000 left of the first, 2,000 of the second
    book.dataset.orders.front().cancel_time = CostBook::at("14:30:00");  // at 49.40
    const Measured result(book.made());
    EXPECT_EQ(result.cash("delay_cash"), "1000.00") << "on the 10,000 that were wanted before arrival";
    EXPECT_EQ(result.cash("delay_executed_cash"), "1000.00");
    // 110 + 5,000 x (49.60 - 49.58)
    EXPECT_EQ(result.cash("spread_cash"), "210.00");
    // 350 + 3,000 x (49.90 - 49.60) + 2,000 x (49.60 - 49.60)
    EXPECT_EQ(result.cash("drift_cash"), "1250.00");
    // 8,000 x (49.60 - 49.40)
    EXPECT_EQ(result.cash("opportunity_cash"), "1600.00");
    EXPECT_EQ(result.cash("opportunity_executed_cash"), "1600.00");
    EXPECT_EQ(result.cash("shortfall_cash"), "4081.00");
    EXPECT_EQ(result.cash("paper_notional_cash"), "996000.00") << "10,000 at 50.00 and 10,000 at 49.60";
    EXPECT_NEAR(result.number("orders", "completion"), 0.6, 1e-12);
    EXPECT_EQ(result.number("orders", "increased_quantity"), 10'000.0);
}

TEST(AmendedExample, AnIncreaseThatWasTakenBackLeavesTheFirstQuantityAlone) {
    CostBook book = story();
    amend(book, "14:06:00", 12'000);  // 2,000 more at 49.60
    amend(book, "14:25:00", 9'000);   // 3,000 less at 49.40: those 2,000 and 1,000 of the first
    const Measured result(book.made());
    // 2,000 x (49.60 - 49.40) + 1,000 x (49.90 - 49.40) + 2,000 left x (49.90 - 49.40)
    EXPECT_EQ(result.cash("opportunity_cash"), "1900.00");
    EXPECT_EQ(result.cash("delay_cash"), "1000.00");
    EXPECT_EQ(result.text("orders", "end_price_policy"), "amend, end_time");
    EXPECT_NEAR(result.number("orders", "completion"), 7.0 / 12.0, 1e-12);
}

TEST(AmendedExample, AnIncreaseWithoutAMidLeavesNoTotal) {
    CostBook book = story();
    amend(book, "14:06:00", 12'000);
    book.series.gaps.push_back({CostBook::at("14:05:30"), CostBook::at("14:10:00")});
    const Measured result(book.made());
    EXPECT_FALSE(result.has("orders", "shortfall_cash"));
    EXPECT_FALSE(result.has("orders", "drift_cash"));
    EXPECT_NE(result.text("orders", "shortfall_basis_missing").find("raised"), std::string::npos);
}

}  // namespace
}  // namespace slipcast::tca
