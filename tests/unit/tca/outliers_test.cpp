#include <gtest/gtest.h>

#include "support/cost_book.hpp"
#include "support/measured.hpp"

namespace slipcast::tca {
namespace {

using test::CostBook;
using test::Measured;

/// Orders of 100 at a mid of 100.00 that pay these many ticks of 0.01, one bps each.
CostBook book_of(const std::vector<int>& ticks) {
    CostBook book;
    book.quote("14:00:00", "99.99", "100.01");
    book.quote("19:00:00", "99.99", "100.01");
    for (std::size_t i = 0; i < ticks.size(); ++i) {
        const std::string id = "O" + std::to_string(i + 1);
        book.order(id, Side::buy, 100, "14:01:00");
        market::Fill& fill = book.fill(id, "14:02:00", "100", 100);
        fill.price = fill.price + PriceMove::from_units(std::int64_t{10'000'000} * ticks[i]);
    }
    return book;
}

double summary_value(const Measured& result, std::string_view metric) {
    for (std::size_t row = 0; row < result.table("summary").rows(); ++row) {
        if (result.text("summary", "metric", row) == metric) return result.number("summary", "value", row);
    }
    ADD_FAILURE() << "no " << metric;
    return 0.0;
}

TEST(Outliers, ScoreIsTheDistanceFromTheMedianInMads) {
    // Median 5; distances 5 4 3 2 1 0 1 2 3 4 55: their median is 3.
    const Measured result(book_of({0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 60}).made());
    EXPECT_NEAR(result.number("orders", "outlier_score", 0), -5.0 / (1.4826 * 3.0), 1e-9);
    EXPECT_NEAR(result.number("orders", "outlier_score", 10), 55.0 / (1.4826 * 3.0), 1e-9);
    for (std::size_t row = 0; row < 11; ++row) {
        EXPECT_EQ(result.text("orders", "outlier", row), row == 10 ? "true" : "false");
        EXPECT_EQ(result.text("fills", "outlier", row), row == 10 ? "true" : "false");
        EXPECT_EQ(result.text("orders", "included", row), "true") << "flagged, never dropped";
    }
}

TEST(Outliers, TheHeadlineCountsThemAndTheRowBesideItDoesNot) {
    const Measured result(book_of({0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 60}).made());
    EXPECT_NEAR(summary_value(result, "arrival_cost_bps"), 105.0 / 11.0, 1e-9);
    EXPECT_NEAR(summary_value(result, "arrival_cost_bps_ex_outliers"), 45.0 / 10.0, 1e-9);
    EXPECT_NEAR(summary_value(result, "shortfall_bps_ex_outliers"), 45.0 / 10.0, 1e-9);
}

TEST(Outliers, AreCountedInTheQualitySectionWithTheFarthestAsExample) {
    const Measured result(book_of({0, 1, 2, 3, 4, 5, 6, 7, 8, 90, 60}).made());
    const Table& rules = result.table("quality_rules");
    ASSERT_EQ(rules.rows(), 2U);
    EXPECT_EQ(result.text("quality_rules", "table", 0), "orders");
    EXPECT_EQ(result.text("quality_rules", "count", 0), "2");
    EXPECT_NE(result.text("quality_rules", "example", 0).find("O10"), std::string::npos);
    EXPECT_EQ(result.text("quality_rules", "table", 1), "fills");
    EXPECT_EQ(result.measurement.quality.flagged(), 0) << "what reading flagged stays what it was";
}

TEST(Outliers, WhereMostCostsAreEqualATickIsTheLeastDeviation) {
    const Measured result(book_of({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5, 6}).made());
    EXPECT_NEAR(result.number("orders", "outlier_score", 10), 5.0, 1e-9);
    EXPECT_EQ(result.text("orders", "outlier", 10), "false") << "beyond the limit, not at it";
    EXPECT_EQ(result.text("orders", "outlier", 11), "true");
}

TEST(Outliers, TenCostsAreTheLeastToJudgeBy) {
    const Measured nine(book_of({0, 0, 0, 0, 0, 0, 0, 0, 500}).made());
    EXPECT_FALSE(nine.has("orders", "outlier_score", 8));
    EXPECT_FALSE(nine.has("orders", "outlier", 8));
    const Measured ten(book_of({0, 0, 0, 0, 0, 0, 0, 0, 0, 500}).made());
    EXPECT_EQ(ten.text("orders", "outlier", 9), "true");
}

TEST(Outliers, TheLimitIsASetting) {
    MeasureOptions options;
    options.outlier_score = 20.0;
    EXPECT_EQ(Measured(book_of({0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 60}).made(), options).text("orders", "outlier", 10),
              "false");
    options.outlier_score = 1.0;
    EXPECT_EQ(options.validate().error().field, "outlier_score");
}

TEST(SizeBins, NeverMixWhatSizesAreSharesOf) {
    CostBook book = book_of({1, 2});
    book.trade("14:05:00", "100", 10'000);
    const Measured realized(book.made());
    ASSERT_EQ(realized.table("size_bins").rows(), 1U);
    EXPECT_EQ(realized.text("size_bins", "basis"), "realized session volume");
    // The same size, of an average known before for the one and of the realized volume for the other.
    book.dataset.instruments.push_back(book.dataset.instruments.front());
    market::Instrument& other = book.dataset.instruments.back();
    other.id = book.dataset.names.symbols.intern("ABC");
    other.adv = 10'000.0;
    book.dataset.instrument_days.push_back(other);
    book.dataset.orders.back().instrument = other.id;
    book.dataset.orders.back().decision_price = CostBook::price("100");
    market::Dataset both = book.made();
    auto tape = std::make_shared<market::MemoryTape>();
    for (const InstrumentId id : {InstrumentId::from_index(0), other.id}) ASSERT_TRUE(tape->add(id, book.series));
    both.tape = tape;
    const Measured mixed(both);
    ASSERT_EQ(mixed.table("size_bins").rows(), 2U);
    EXPECT_EQ(mixed.text("size_bins", "basis", 0), "adv");
    EXPECT_EQ(mixed.text("size_bins", "basis", 1), "realized session volume");
    EXPECT_EQ(mixed.text("size_bins", "x_low", 0), mixed.text("size_bins", "x_low", 1));
}

}  // namespace
}  // namespace slipcast::tca
