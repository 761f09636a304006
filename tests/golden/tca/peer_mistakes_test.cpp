#include <gtest/gtest.h>

#include "slipcast/tca/tca.hpp"
#include "support/cost_book.hpp"
#include "support/measured.hpp"

// Sixteen mistakes found in other tools, each as a case that this engine must get right.

namespace slipcast::tca {
namespace {

using test::CostBook;
using test::Measured;

MeasureOptions with_markouts(std::vector<std::string> horizons) {
    MeasureOptions options;
    options.markouts = std::move(horizons);
    return options;
}

TEST(PeerMistakes, No01LookAheadArrival) {
    CostBook book;
    book.quote("14:00:00", "99.99", "100.01");
    book.quote("14:01:00.000000001", "109.99", "110.01");  // one nanosecond after the arrival
    book.quote("15:00:00", "109.99", "110.01");
    book.order("O1", Side::buy, 100, "14:01:00");
    book.fill("O1", "14:02:00", "110.01", 100);
    EXPECT_EQ(Measured(book.made()).text("orders", "arrival_price"), "100.00");
}

TEST(PeerMistakes, No02TotalThatIsNotTheTotal) {
    CostBook book;
    book.quote("14:00:00", "99.99", "100.01");
    book.quote("14:05:00", "100.99", "101.01");
    market::Order& order = book.order("O1", Side::buy, 1'000, "14:01:00");
    order.decision_price = CostBook::price("99.50");
    order.end_time = CostBook::at("14:06:00");
    book.fill("O1", "14:02:00", "100.01", 400, "4");
    const Measured result(book.made());
    EXPECT_EQ(result.cash("delay_cash"), "500.00") << "on the ordered quantity, not per share";
    EXPECT_EQ(result.cash("opportunity_cash"), "600.00");
    EXPECT_EQ(result.cash("fees_cash"), "4.00");
    EXPECT_EQ(result.cash("shortfall_cash"), "1108.00");
}

TEST(PeerMistakes, No03TwapAsMeanOverTicks) {
    CostBook book;
    book.quote("14:00:00", "99.99", "100.01");
    for (const char* burst : {"14:09:00", "14:09:00.1", "14:09:00.2", "14:09:00.3", "14:09:00.4"}) {
        book.quote(burst, "109.99", "110.01");
    }
    book.quote("15:00:00", "109.99", "110.01");
    book.order("O1", Side::buy, 100, "14:00:00.000000001");
    book.fill("O1", "14:10:00", "110.00", 100);
    // Nine minutes at 100 and one at 110, less a nanosecond at the front; a mean over quotes would say 108.3.
    EXPECT_NEAR(Measured(book.made()).number("orders", "interval_twap"), 101.0, 1e-8);
}

TEST(PeerMistakes, No04MissingVwapIsNotReplacedByArrival) {
    CostBook book;
    book.quote("14:00:00", "99.99", "100.01");
    book.quote("15:00:00", "99.99", "100.01");
    book.order("O1", Side::buy, 100, "14:01:00");
    book.fill("O1", "14:02:00", "100.01", 100);
    const Measured result(book.made());
    EXPECT_FALSE(result.has("orders", "interval_vwap"));
    EXPECT_FALSE(result.has("orders", "interval_vwap_cost_bps"));
    EXPECT_TRUE(result.has("orders", "arrival_cost_bps"));
}

TEST(PeerMistakes, No05EffectiveSpreadIsAgainstTheMid) {
    CostBook book;
    book.quote("14:00:00", "99.98", "100.02");
    book.trade("14:01:30", "90.00", 1'000'000);  // a VWAP far away
    book.quote("15:00:00", "99.98", "100.02");
    book.order("O1", Side::sell, 100, "14:01:00");
    book.fill("O1", "14:02:00", "99.98", 100);
    const Measured result(book.made());
    EXPECT_NEAR(result.number("orders", "effective_spread_bps"), 4.0, 1e-9);
    EXPECT_NEAR(result.number("orders", "effective_over_quoted"), 1.0, 1e-12);
}

TEST(PeerMistakes, No06SignBlindSell) {
    CostBook book;
    book.quote("14:00:00", "99.98", "100.02");
    book.quote("14:01:30", "98.98", "99.02");  // falls while we sell
    book.quote("15:00:00", "98.98", "99.02");
    book.order("O1", Side::sell, 100, "14:01:00").decision_price = CostBook::price("101");
    book.fill("O1", "14:02:00", "98.98", 100);
    const Measured result(book.made());
    for (const char* part : {"delay_cash", "spread_cash", "drift_cash", "shortfall_cash", "arrival_cost_cash"}) {
        EXPECT_GT(result.number("orders", part), 0.0) << part;
    }
}

TEST(PeerMistakes, No07AverageCostIsARatioOfSums) {
    CostBook book;
    book.quote("14:00:00", "99.99", "100.01");
    book.quote("15:00:00", "99.99", "100.01");
    book.order("O1", Side::buy, 100, "14:01:00");
    book.order("O2", Side::buy, 900, "14:01:00");
    book.fill("O1", "14:02:00", "101.00", 100);  // 100 bps of 10,000
    book.fill("O2", "14:02:00", "100.00", 900);  // 0 bps of 90,000
    const Measured result(book.made());
    const Table& summary = result.table("summary");
    for (std::size_t row = 0; row < summary.rows(); ++row) {
        if (result.text("summary", "metric", row) != "arrival_cost_bps") continue;
        EXPECT_NEAR(result.number("summary", "value", row), 10.0, 1e-9) << "the mean of the two rows would be 50";
        EXPECT_EQ(result.text("summary", "weighting", row), "ratio_of_sums");
        return;
    }
    FAIL() << "no arrival cost in the summary";
}

TEST(PeerMistakes, No08FirstFillIsNotTheArrival) {
    CostBook book;
    book.quote("14:00:00", "99.99", "100.01");
    book.quote("15:00:00", "99.99", "100.01");
    book.order("O1", Side::buy, 100, "14:01:00").arrival_time = std::nullopt;
    book.fill("O1", "14:02:00", "100.01", 100);
    const Measured result(book.made());
    EXPECT_FALSE(result.has("orders", "arrival_price"));
    EXPECT_FALSE(result.has("orders", "shortfall_cash"));
    EXPECT_TRUE(result.has("orders", "effective_spread_bps"));
    EXPECT_NE(result.text("orders", "shortfall_basis_missing"), "");
}

TEST(PeerMistakes, No09OneSignOfEachMove) {
    CostBook book;
    book.quote("14:00:00", "99.99", "100.01");
    book.quote("14:02:30", "100.99", "101.01");  // up after a buy
    book.quote("15:00:00", "100.99", "101.01");
    book.order("O1", Side::buy, 100, "14:01:00");
    book.fill("O1", "14:02:00", "100.01", 100);
    const Measured result(book.made(), with_markouts({"1min"}));
    EXPECT_GT(result.number("markouts", "fill_anchored_bps"), 0.0);
    EXPECT_EQ(result.column("markouts", "fill_anchored_bps").meta.sign, SignTag::gain);
    EXPECT_GT(result.number("markouts", "mid_anchored_bps"), 0.0);
    EXPECT_EQ(result.column("markouts", "mid_anchored_bps").meta.sign, SignTag::direction);
    EXPECT_LT(result.number("orders", "reversion_bps"), 0.0) << "it went on: nothing came back";
    EXPECT_EQ(result.column("orders", "reversion_bps").meta.sign, SignTag::cost);
}

TEST(PeerMistakes, No10MisalignedRowsDoNotPass) {
    market::MemoryTape tape;
    market::MemoryTape::Series series;
    series.quotes.push(CostBook::at("14:00:00"), CostBook::price("1"), CostBook::price("2"), {}, {});
    series.quotes.bid.push_back(CostBook::price("1"));
    const auto added = tape.add(InstrumentId::from_index(0), series);
    ASSERT_FALSE(added.has_value());
    EXPECT_EQ(added.error().field, "quotes.bid");
}

TEST(PeerMistakes, No11AnOldQuoteInALiveFeedIsNotStale) {
    CostBook book;
    book.quote("13:31:00", "99.99", "100.01");
    book.quote("19:00:00", "100.99", "101.01");
    book.order("O1", Side::buy, 100, "18:00:00");
    book.fill("O1", "18:01:00", "100.01", 100);
    const Measured quiet(book.made(), with_markouts({"100ms"}));
    EXPECT_EQ(quiet.text("fills", "stale"), "false");
    EXPECT_EQ(quiet.text("markouts", "observed"), "true");
    EXPECT_NEAR(quiet.number("markouts", "mid_anchored_bps"), 0.0, 1e-12) << "no quote is no change";
    book.series.gaps.push_back({CostBook::at("17:00:00"), CostBook::at("18:30:00")});
    const Measured gap(book.made(), with_markouts({"100ms"}));
    EXPECT_EQ(gap.text("fills", "stale"), "true");
    EXPECT_EQ(gap.text("markouts", "observed"), "false");
    EXPECT_FALSE(gap.has("orders", "arrival_price"));
}

TEST(PeerMistakes, No12FractionsOfABasisPointSurvive) {
    CostBook book;
    book.quote("14:00:00", "99.99", "100.01");
    book.quote("15:00:00", "99.99", "100.01");
    book.order("O1", Side::buy, 3, "14:01:00");
    book.fill("O1", "14:02:00", "100.001", 3);
    EXPECT_NEAR(Measured(book.made()).number("orders", "arrival_cost_bps"), 0.1, 1e-9);
}

TEST(PeerMistakes, No13BeyondTheDataIsMissingNotUnmoved) {
    CostBook book;
    book.quote("14:00:00", "99.99", "100.01");
    book.quote("19:59:58", "99.99", "100.01");
    book.order("O1", Side::buy, 200, "14:01:00");
    book.fill("O1", "19:59:57", "100.01", 100);
    book.fill("O1", "19:59:59", "100.01", 100);
    const Measured result(book.made(), with_markouts({"1s", "5s"}));
    EXPECT_EQ(result.text("markouts", "observed", 0), "true");
    EXPECT_EQ(result.text("markouts", "observed", 1), "false") << "past the session";
    EXPECT_EQ(result.text("markouts", "observed", 2), "false") << "past the tape";
    EXPECT_FALSE(result.has("markouts", "fill_anchored_bps", 1));
    EXPECT_FALSE(result.has("orders", "reversion_bps"));
}

TEST(PeerMistakes, No14NanosecondTradesMeetMicrosecondQuotes) {
    CostBook book;
    book.quote("14:00:00.000001", "99.99", "100.01");
    book.quote("14:00:00.000002", "100.99", "101.01");
    book.quote("15:00:00", "100.99", "101.01");
    book.order("O1", Side::buy, 100, "14:00:00.000001500");
    book.fill("O1", "14:00:00.000001999", "100.01", 100);
    const Measured result(book.made());
    EXPECT_EQ(result.text("fills", "mid"), "100.00");
    EXPECT_NEAR(result.number("fills", "quote_age_ms"), 999e-6, 1e-12);
}

TEST(PeerMistakes, No15AHorizonIsTimeNotRows) {
    CostBook book;
    book.quote("14:00:00", "99.99", "100.01");
    for (int i = 0; i < 50; ++i) book.quote("14:02:01", "100.99", "101.01");
    book.quote("14:04:00", "101.99", "102.01");
    book.quote("15:00:00", "101.99", "102.01");
    book.order("O1", Side::buy, 100, "14:01:00");
    book.fill("O1", "14:02:00", "100.01", 100);
    const Measured result(book.made(), with_markouts({"1s", "1min", "5min"}));
    EXPECT_EQ(result.text("markouts", "mid", 0), "100.00");
    EXPECT_EQ(result.text("markouts", "mid", 1), "101.00");
    EXPECT_EQ(result.text("markouts", "mid", 2), "102.00");
}

TEST(PeerMistakes, No16TheZeroPointIsBeforeTheFill) {
    CostBook book;
    book.quote("14:00:00", "99.99", "100.01");
    book.quote("14:02:00", "100.49", "100.51");  // at the fill's instant: its impact
    book.quote("15:00:00", "100.49", "100.51");
    book.order("O1", Side::buy, 100, "14:01:00");
    book.fill("O1", "14:02:00", "100.01", 100);
    const Measured result(book.made(), with_markouts({"0s", "1s"}));
    EXPECT_NEAR(result.number("markouts", "mid_anchored_bps", 0), 0.0, 1e-12);
    EXPECT_NEAR(result.number("markouts", "fill_anchored_bps", 0), -0.01 / 100.01 * 1e4, 1e-9)
        << "a real number, not forced to zero";
    EXPECT_NEAR(result.number("markouts", "mid_anchored_bps", 1), 50.0, 1e-9) << "the instant impact is seen";
}

}  // namespace
}  // namespace slipcast::tca
