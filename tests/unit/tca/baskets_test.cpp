#include <gtest/gtest.h>

#include "support/cost_book.hpp"
#include "support/measured.hpp"

namespace slipcast::tca {
namespace {

using test::CostBook;
using test::Measured;

/// Two orders of one basket, filled, and a third that a test may change.
CostBook book_of_three() {
    CostBook book;
    book.quote("14:00:00", "99.99", "100.01");
    book.trade("14:00:30", "100", 100);
    const LabelId basket = book.dataset.names.labels.intern("B1");
    for (const char* id : {"O1", "O2", "O3"}) {
        market::Order& order = book.order(id, Side::buy, 100, "14:01:00");
        order.basket = basket;
        order.decision_time = CostBook::at("14:00:40");
        book.fill(id, "14:02:00", "100.01", 100, "0.3");
    }
    return book;
}

TEST(Baskets, AreTheSumsOfTheirOrders) {
    const Measured result(book_of_three().made());
    EXPECT_EQ(result.number("baskets", "orders"), 3.0);
    EXPECT_NEAR(result.number("baskets", "shortfall_cash"), 3.9, 1e-12);
    double parts = 0.0;
    for (const char* part :
         {"delay_cash", "spread_cash", "drift_cash", "opportunity_cash", "fees_cash", "unmarked_cash"}) {
        parts += result.number("baskets", part);
    }
    EXPECT_NEAR(parts, 3.9, 1e-12);
}

TEST(Baskets, AnOrderThatNobodyCanTotalLeavesItsBasketWithoutOne) {
    CostBook book = book_of_three();
    book.dataset.orders.back().quarantined_fills = 1;
    const Measured result(book.made());
    EXPECT_EQ(result.number("baskets", "orders"), 2.0);
    EXPECT_FALSE(result.has("baskets", "shortfall_cash")) << "two of three orders are no basket";
    EXPECT_FALSE(result.has("baskets", "spread_cash"));
}

TEST(Baskets, AnOrderThatWasFilteredOutIsNoPartOfIt) {
    CostBook book = book_of_three();
    book.dataset.orders.back().limit_price = CostBook::price("100.05");
    MeasureOptions options;
    options.exclude_limit_orders = true;
    const Measured result(book.made(), options);
    EXPECT_EQ(result.number("baskets", "orders"), 2.0);
    EXPECT_NEAR(result.number("baskets", "shortfall_cash"), 2.6, 1e-12);
}

}  // namespace
}  // namespace slipcast::tca
