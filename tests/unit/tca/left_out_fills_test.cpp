#include <gtest/gtest.h>

#include "support/cost_book.hpp"
#include "support/measured.hpp"

namespace slipcast::tca {
namespace {

using test::CostBook;
using test::Measured;

/// Two orders of 200 that filled half each; of the second another fill was quarantined.
CostBook story() {
    CostBook book;
    book.quote("14:00:00", "99.99", "100.01");
    book.quote("15:00:00", "100.99", "101.01");
    for (const char* id : {"O1", "O2"}) {
        market::Order& order = book.order(id, Side::buy, 200, "14:01:00");
        order.decision_time = CostBook::at("14:00:30");
        order.end_time = CostBook::at("15:30:00");
        book.fill(id, "14:02:00", "100.01", 100);
    }
    book.dataset.orders.back().quarantined_fills = 1;
    return book;
}

std::string note_of(const Measured& result, std::string_view metric) {
    for (std::size_t row = 0; row < result.table("summary").rows(); ++row) {
        if (result.text("summary", "metric", row) == metric) return result.text("summary", "note", row);
    }
    return {};
}

TEST(LeftOutFills, AnOrderWithOneHasNoTotalAndSaysSo) {
    const Measured result(story().made());
    EXPECT_TRUE(result.has("orders", "shortfall_cash", 0));
    EXPECT_EQ(result.number("orders", "quarantined_fills", 1), 1.0);
    for (const char* missing :
         {"shortfall_cash", "opportunity_cash", "delay_executed_cash", "opportunity_executed_cash", "completion"}) {
        EXPECT_TRUE(result.has("orders", missing, 0)) << missing;
        EXPECT_FALSE(result.has("orders", missing, 1)) << missing;
    }
    EXPECT_TRUE(result.has("orders", "spread_cash", 1)) << "of the fills that are known";
    EXPECT_TRUE(result.text("orders", "shortfall_basis_missing", 1).starts_with("1 fills quarantined"));
}

TEST(LeftOutFills, SuchOrdersAreLeftOutOfTheHeadlineVisibly) {
    const Measured result(story().made());
    EXPECT_EQ(result.text("orders", "included", 1), "false");
    EXPECT_EQ(result.text("orders", "excluded_because", 1), "fills quarantined");
    EXPECT_EQ(note_of(result, "orders"), "1 orders left out: some of their fills are quarantined");
    bool is_told = false;
    for (std::size_t row = 0; row < result.table("degradations").rows(); ++row) {
        is_told = is_told || result.text("degradations", "missing", row) == "left out: fills quarantined";
    }
    EXPECT_TRUE(is_told);
}

TEST(Headline, FillRateIsFilledOverSentAndSaysWhatIsNoRatioOfSums) {
    CostBook book = story();
    book.dataset.orders.back().quarantined_fills = 0;
    const auto send = [&](std::size_t order, std::int64_t sent, std::int64_t filled) {
        market::Placement placement;
        placement.id = book.dataset.names.placements.intern("P" + std::to_string(book.dataset.placements.size()));
        placement.order = book.dataset.orders[order].id;
        placement.venue = book.dataset.names.venues.intern("V");
        placement.quantity = Quantity::from_units(sent);
        placement.filled_quantity = Quantity::from_units(filled);
        placement.sent_time = CostBook::at("14:01:00");
        placement.done_time = CostBook::at("14:10:00");
        book.dataset.placements.push_back(placement);
    };
    send(0, 100, 100);
    send(1, 900, 100);
    const Measured result(book.made());
    int rates = 0, means = 0;
    for (std::size_t row = 0; row < result.table("summary").rows(); ++row) {
        const std::string metric = result.text("summary", "metric", row);
        if (metric == "fill_rate") {
            EXPECT_NEAR(result.number("summary", "value", row), 0.2, 1e-12) << "not the mean of 1 and 1/9";
            ++rates;
        }
        const bool is_mean = metric == "reversion_bps" || metric == "participation" || metric == "rpm";
        means += is_mean ? 1 : 0;
        EXPECT_EQ(result.text("summary", "weighting", row) == "executed_notional", is_mean) << metric;
        EXPECT_EQ(note_of(result, metric).find("no ratio of sums") != std::string::npos, is_mean) << metric;
    }
    EXPECT_EQ(rates, 1);
    EXPECT_EQ(means, 3);
}

}  // namespace
}  // namespace slipcast::tca
