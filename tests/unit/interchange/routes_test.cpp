#include "slipcast/interchange/routes.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "support/arrow_builder.hpp"

namespace slipcast::interchange {
namespace {

using test::ArrowColumn;
using test::ArrowStreamBuilder;
using Integers = std::vector<std::optional<std::int64_t>>;
using Reals = std::vector<std::optional<double>>;
using Texts = std::vector<std::optional<std::string>>;

Result<market::RouteTable> decoded(std::vector<ArrowColumn> columns) {
    ArrowArrayStream stream{};
    ArrowStreamBuilder(std::move(columns)).produce(&stream);
    return decode_routes(&stream, "routes.csv");
}

TEST(Routes, TakesSizesAsIntegersFloatsOrText) {
    const auto table = decoded({ArrowColumn::text("symbol", "u", Texts{"A", "B", "C"}),
                                ArrowColumn::text("venue", "u", Texts{"X", "X", "Y"}),
                                ArrowColumn::fixed<double>("sent", "g", Reals{500.0, 300.0, 100.0}),
                                ArrowColumn::text("filled", "u", Texts{"120", "0", "100"}),
                                ArrowColumn::fixed<std::int64_t>("min_quantity", "l", Integers{std::nullopt, 50, 100}),
                                ArrowColumn::fixed<std::int64_t>("time", "tsn:UTC", Integers{7, 8, std::nullopt})});
    ASSERT_TRUE(table);
    ASSERT_EQ(table->rows.size(), 3U);
    EXPECT_EQ(table->rows[0].sent, 500);
    EXPECT_EQ(table->rows[0].filled, 120);
    EXPECT_EQ(table->rows[0].min_quantity, 1);
    EXPECT_EQ(table->rows[0].time, Timestamp::from_ns(7));
    EXPECT_EQ(table->rows[1].min_quantity, 50);
    EXPECT_FALSE(table->rows[2].time);
    EXPECT_EQ(table->quality.quarantined(), 0);
}

TEST(Routes, QuarantinesEachImpossibleRowByItsFieldAndNumber) {
    constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
    const auto table = decoded({ArrowColumn::text("symbol", "u", Texts{"A", "A", "A", "A", "A", "A", "A"}),
                                ArrowColumn::text("venue", "u", Texts{"X", "X", "X", "X", "X", "X", std::nullopt}),
                                ArrowColumn::fixed<double>("sent", "g", Reals{10, -1, 10.5, kNaN, 10, 10, 10}),
                                ArrowColumn::fixed<std::int64_t>("filled", "l", Integers{11, 0, 1, 1, -1, 3, 1}),
                                ArrowColumn::fixed<std::int64_t>("min_quantity", "l", Integers{1, 1, 1, 1, 1, 4, 1})});
    ASSERT_TRUE(table);
    EXPECT_TRUE(table->rows.empty());
    ASSERT_EQ(table->quality.quarantine().size(), 7U);
    const char* fields[] = {"filled", "sent", "sent", "sent", "filled", "filled", "venue"};
    for (std::size_t i = 0; i < 7; ++i) {
        const Error& error = table->quality.quarantine()[i].error;
        EXPECT_EQ(error.field, fields[i]) << i;
        EXPECT_EQ(error.place.row, static_cast<std::int64_t>(i) + 1);
        EXPECT_EQ(error.place.file, "routes.csv");
    }
}

TEST(Routes, CountsWhatNobodySentByWhatWasDeclared) {
    const auto table = decoded({ArrowColumn::text("symbol", "u", Texts{"A", "A", "A", "A"}),
                                ArrowColumn::text("venue", "u", Texts{"X", "X", "X", "X"}),
                                ArrowColumn::fixed<std::int64_t>("sent", "l", Integers{10, 10, 10, 10}),
                                ArrowColumn::fixed<std::int64_t>("filled", "l", Integers{1, 1, 11, 1}),
                                ArrowColumn::text("hypothetical", "u", Texts{"s=10", std::nullopt, "s=10", "s=10"})});
    ASSERT_TRUE(table);
    EXPECT_EQ(table->rows.size(), 3U);
    EXPECT_EQ(table->hypothetical, (std::map<std::string, std::int64_t>{{"s=10", 2}}));
    EXPECT_EQ(table->quality.quarantined(), 1);
}

TEST(Routes, RefusesColumnsItDoesNotKnowAndMissesThoseItNeeds) {
    const auto missing =
        decoded({ArrowColumn::text("symbol", "u", Texts{"A"}), ArrowColumn::text("venue", "u", Texts{"X"}),
                 ArrowColumn::fixed<std::int64_t>("sent", "l", Integers{1})});
    EXPECT_EQ(missing.error().code, ErrorCode::missing_field);
    EXPECT_NE(missing.error().message().find("filled"), std::string::npos) << missing.error().message();
    const auto unknown =
        decoded({ArrowColumn::text("symbol", "u", Texts{"A"}), ArrowColumn::text("venue", "u", Texts{"X"}),
                 ArrowColumn::fixed<std::int64_t>("sent", "l", Integers{1}),
                 ArrowColumn::fixed<std::int64_t>("filled", "l", Integers{1}),
                 ArrowColumn::fixed<std::int64_t>("minimum_quantity", "l", Integers{1})});
    EXPECT_EQ(unknown.error().code, ErrorCode::unknown_field);
    EXPECT_NE(unknown.error().rule.find("min_quantity"), std::string::npos);
}

}  // namespace
}  // namespace slipcast::interchange
