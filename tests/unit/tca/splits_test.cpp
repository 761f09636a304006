#include <gtest/gtest.h>

#include "support/cost_book.hpp"
#include "support/measured.hpp"
#include "tca/splits.hpp"

namespace slipcast::tca {
namespace {

using test::CostBook;
using test::Measured;

void split(market::Dataset& dataset, std::string_view ex_time, std::string_view ratio) {
    dataset.corporate_actions.push_back({InstrumentId::from_index(0),
                                         Timestamp::parse(ex_time).value(),
                                         market::CorporateActionKind::split,
                                         CostBook::price(ratio),
                                         {}});
}

/// A day that closed at 84.86, then the CostBook's own, where the stock trades near 42.43 after two for one.
market::Dataset two_days(std::string_view ex_time) {
    CostBook book;
    market::Session yesterday = book.session;
    yesterday.date = Date::parse("2024-03-04").value();
    yesterday.open = Timestamp::parse("2024-03-04T13:30:00Z").value();
    yesterday.close = Timestamp::parse("2024-03-04T20:00:00Z").value();
    const Timestamp late = Timestamp::parse("2024-03-04T19:59:00Z").value();
    book.series.quotes.push(late, CostBook::price("84.85"), CostBook::price("84.87"), Quantity::from_units(500),
                            Quantity::from_units(500));
    book.series.trades.push(late, CostBook::price("84.86"), Quantity::from_units(100), market::kRegularTrade,
                            VenueId::none());
    book.quote("14:00:00", "42.42", "42.44");
    book.trade("14:00:30", "42.43", 100);
    market::Order& order = book.order("O1", Side::buy, 100, "14:01:00");
    order.decision_time = Timestamp::parse("2024-03-04T19:59:30Z").value();
    order.end_time = CostBook::at("15:00:00");
    book.fill("O1", "14:02:00", "42.44", 100);
    market::Dataset made = book.made();
    made.sessions = market::SessionCalendar({yesterday, book.session});
    if (!ex_time.empty()) split(made, ex_time, "2");
    return made;
}

TEST(Splits, ThePreviousCloseIsCarriedOver) {
    const Measured result(two_days("2024-03-05T05:00:00Z"));
    EXPECT_NEAR(result.number("orders", "prev_close"), 42.43, 1e-12);
    EXPECT_NEAR(result.number("orders", "prev_close_cost_bps"), 0.01 / 42.43 * 1e4, 1e-9);
}

TEST(Splits, ADecisionBeforeOneHasNoPrice) {
    const Measured result(two_days("2024-03-05T05:00:00Z"));
    EXPECT_FALSE(result.has("orders", "decision_price"));
    EXPECT_FALSE(result.has("orders", "delay_cash"));
    EXPECT_TRUE(result.has("orders", "shortfall_cash")) << "market activity";
    EXPECT_EQ(result.text("orders", "included"), "true");
    const Measured without(two_days(""));
    EXPECT_NEAR(without.number("orders", "prev_close"), 84.86, 1e-12);
    EXPECT_TRUE(without.has("orders", "decision_price"));
}

TEST(Splits, AnOrderThatLivesThroughOneHasNoBenchmarkAndIsLeftOut) {
    const Measured result(two_days("2024-03-05T14:01:30Z"));
    EXPECT_FALSE(result.has("orders", "arrival_price"));
    EXPECT_FALSE(result.has("orders", "shortfall_cash"));
    EXPECT_FALSE(result.has("orders", "close_cost_bps"));
    EXPECT_EQ(result.text("orders", "included"), "false");
    EXPECT_EQ(result.text("orders", "excluded_because"), "a split between its arrival and its end");
}

TEST(Splits, ABasketWithSuchAnOrderHasNoTotal) {
    CostBook book;
    book.quote("14:00:00", "99.99", "100.01");
    const LabelId basket = book.dataset.names.labels.intern("B1");
    for (const char* id : {"O1", "O2"}) {
        book.order(id, Side::buy, 100, "14:01:00").basket = basket;
        book.fill(id, "14:02:00", "100.01", 50);
    }
    book.fill("O1", "14:03:00", "100.01", 50);
    book.fill("O2", "14:10:00", "100.01", 50);
    market::Dataset dataset = book.made();
    EXPECT_TRUE(Measured(dataset).has("baskets", "shortfall_cash"));
    split(dataset, "2024-03-05T14:05:00Z", "2");
    const Measured result(dataset);
    EXPECT_EQ(result.number("baskets", "orders"), 1.0);
    EXPECT_FALSE(result.has("baskets", "shortfall_cash"));
}

TEST(Splits, NoMarkoutLooksAcrossOne) {
    CostBook book;
    book.quote("14:00:00", "84.85", "84.87");
    book.quote("14:05:00", "42.42", "42.44");
    book.quote("15:00:00", "42.42", "42.44");
    book.order("O1", Side::buy, 200, "14:00:30");
    book.fill("O1", "14:01:00", "84.87", 100);
    book.fill("O1", "14:10:00", "42.44", 100);
    MeasureOptions options;
    options.markouts = {"-6min", "1min", "6min"};
    const auto observed = [&](bool is_split) {
        market::Dataset dataset = book.made();
        if (is_split) split(dataset, "2024-03-05T14:05:00Z", "2");
        const Measured result(dataset, options);
        std::string marks;
        for (std::size_t row = 0; row < 6; ++row) marks += result.has("markouts", "mid", row) ? '1' : '0';
        return marks;
    };
    EXPECT_EQ(observed(false), "011111") << "nothing was quoted six minutes before the first fill";
    EXPECT_EQ(observed(true), "010011")
        << "six minutes after the first fill, and before the second, it was another share";
}

TEST(Splits, DecisionsBeforeOneAreCountedAmongTheDegradations) {
    const auto decided_before = [](const market::Dataset& dataset) {
        const Measured result(dataset);
        const Table& table = result.table("degradations");
        std::string found;
        for (std::size_t row = 0; row < table.rows(); ++row) {
            if (result.text("degradations", "missing", row) != "decision price since the last split") continue;
            found += result.text("degradations", "effect", row) + ": " + result.text("degradations", "rows", row);
        }
        return found;
    };
    EXPECT_EQ(decided_before(two_days("2024-03-05T05:00:00Z")),
              "decided before a split that lies before their arrival: no delay: 1");
    EXPECT_EQ(decided_before(two_days("")), "");
    EXPECT_EQ(decided_before(two_days("2024-03-04T19:59:00Z")), "") << "the split was over when it was decided";
}

TEST(Splits, ARatioRoundsOnceHalfToEvenAndSeveralMultiply) {
    market::Dataset dataset;
    split(dataset, "2024-03-05T05:00:00Z", "3");
    split(dataset, "2024-03-06T05:00:00Z", "0.5");
    const detail::Splits splits(dataset, InstrumentId::from_index(0));
    const auto at = [](std::string_view text) { return Timestamp::parse(text).value(); };
    const auto before = at("2024-03-04T20:00:00Z");
    EXPECT_EQ(splits.carried(CostBook::price("100"), before, at("2024-03-05T13:30:00Z")),
              CostBook::price("33.333333333"));
    EXPECT_EQ(splits.carried(CostBook::price("99"), before, at("2024-03-06T13:30:00Z")), CostBook::price("66"));
    EXPECT_EQ(splits.carried(CostBook::price("99"), at("2024-03-06T05:00:00Z"), at("2024-03-07T13:30:00Z")),
              CostBook::price("99"))
        << "a split at the instant itself is over";
}

}  // namespace
}  // namespace slipcast::tca
