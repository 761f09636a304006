#include "slipcast/core/table_values.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "support/table_columns.hpp"

// Columns of a result read back as plain numbers, labels and times, whatever type they have.

namespace slipcast {
namespace {

TEST(TableValues, EveryNumberIsADouble) {
    const auto first = [](const Column& column) { return numbers_of(column).value().at(0); };
    EXPECT_EQ(first(test::numbers("x", "", {1.5})), 1.5);
    EXPECT_EQ(first(test::counts("x", {7})), 7.0);
    EXPECT_EQ(first(test::prices("x", {Price::parse("12.25").value()})), 12.25);
    EXPECT_EQ(first(test::cash("x", {-1'234})), -12.34);
    EXPECT_EQ(first(test::flags("x", {1})), 1.0);
    EXPECT_TRUE(std::isnan(first(test::numbers("x", "", {1.5}, {0})))) << "missing";
    EXPECT_TRUE(std::isnan(first(test::numbers("x", "", {std::numeric_limits<double>::infinity()}))));
    EXPECT_EQ(numbers_of(test::labels("side", {"buy"})).error().field, "side");
}

TEST(TableValues, LabelsAreCodedInOrderOfFirstAppearance) {
    const DictionaryColumn made = labels_of(test::labels("venue", {"B", "", "A", "B"})).value();
    EXPECT_EQ(made.labels, (std::vector<std::string>{"B", "A"}));
    EXPECT_EQ(made.code, (std::vector<std::int32_t>{0, -1, 1, 0}));
    EXPECT_EQ(labels_of(test::counts("tier", {3})).value().labels[0], "3");
    EXPECT_EQ(labels_of(test::flags("late", {0})).value().labels[0], "false");
    EXPECT_FALSE(labels_of(test::numbers("x", "", {1.0})).has_value());
}

TEST(TableValues, TimesAndNamesAreCheckedFor) {
    EXPECT_EQ(times_of(test::times("t", {Timestamp::from_ns(5)})).value().at(0), 5);
    EXPECT_FALSE(times_of(test::counts("t", {5})).has_value()) << "a number is a guess";
    Table table("fills");
    table.add(test::labels("venue", {"A"}));
    EXPECT_EQ(column_of(table, "group", "venue").value(), table.find("venue"));
    const Error error = column_of(table, "group", "venu").error();
    EXPECT_EQ(error.field, "group");
    EXPECT_NE(error.rule.find("did you mean 'venue'"), std::string::npos);
}

}  // namespace
}  // namespace slipcast
