#include "slipcast/core/table.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <unordered_set>

#include "slipcast/core/id.hpp"
#include "slipcast/core/version.hpp"

using namespace slipcast;

namespace {

Column column(const char* name, ColumnData data, std::vector<std::uint8_t> valid = {}) {
    Column made;
    made.meta.name = name;
    made.data = std::move(data);
    made.valid = std::move(valid);
    return made;
}

}  // namespace

TEST(Table, PrintsEachKindOfCell) {
    Table table("orders");
    table.add(column("count", std::vector<std::int64_t>{-3, 4}));
    table.add(column("cost", std::vector<double>{1.23456, -0.5}));
    table.add(column("order_id", std::vector<std::string>{"A", "B"}));
    table.add(column("time", std::vector<Timestamp>{Timestamp{}, Timestamp::from_ns(1)}));
    table.add(column("price", std::vector<Price>{Price::from_units(49'900'000'000), Price{}}));
    table.add(column("broker", DictionaryColumn{{0, -1}, {"north"}}));
    table.add(column("cash", MoneyColumn{{Int128{1'500'000'000'000'000'000}, Int128{0}}}, {1, 0}));
    table.add(column("observed", BoolColumn{{1, 0}}));
    EXPECT_EQ(table.rows(), 2U);
    EXPECT_EQ(table.text(0, 0), "-3");
    EXPECT_EQ(table.text(0, 1), "1.2346");
    EXPECT_EQ(table.text(1, 1, 1), "-0.5");
    EXPECT_EQ(table.text(1, 2), "B");
    EXPECT_EQ(table.text(1, 3), "1970-01-01T00:00:00.000000001Z");
    EXPECT_EQ(table.text(0, 4), "49.90");
    EXPECT_EQ(table.text(0, 5), "north");
    EXPECT_EQ(table.text(1, 5), "") << "a label that is missing";
    EXPECT_EQ(table.text(0, 6, 2), "1.50");
    EXPECT_EQ(table.text(1, 6), "") << "a value that is missing";
    EXPECT_EQ(table.text(0, 7), "true");
    EXPECT_EQ(table.text(1, 7), "false");
}

TEST(Table, FindsColumnsByName) {
    Table table("orders");
    EXPECT_EQ(table.rows(), 0U);
    table.add(column("count", std::vector<std::int64_t>{1}));
    ASSERT_NE(table.find("count"), nullptr);
    EXPECT_TRUE(table.find("count")->is_valid(0));
    EXPECT_EQ(table.find("cost"), nullptr);
    EXPECT_EQ(table.name(), "orders");
}

TEST(Table, RefusesColumnsThatDoNotFit) {
    Table table("orders");
    table.add(column("count", std::vector<std::int64_t>{1, 2}));
    EXPECT_DEATH(table.add(column("cost", std::vector<double>{1.0})), "one length");
    EXPECT_DEATH(table.add(column("count", std::vector<double>{1.0, 2.0})), "distinct");
    EXPECT_DEATH(table.add(column("cost", std::vector<double>{1.0, 2.0}, {1})), "validity byte");
}

TEST(Id, IsAHandle) {
    EXPECT_TRUE(OrderId{}.is_none());
    EXPECT_EQ(OrderId{}, OrderId::none());
    EXPECT_EQ(OrderId::from_index(3).index(), 3);
    EXPECT_LT(OrderId::from_index(3), OrderId::from_index(4));
    const std::unordered_set<OrderId> seen{OrderId::from_index(1), OrderId::from_index(1), OrderId::from_index(2)};
    EXPECT_EQ(seen.size(), 2U);
}

TEST(Result, CarriesAValueOrARefusal) {
    const Result<int> good = 5;
    const Result<int> bad = invalid_value("quantity", "-5", "must be > 0");
    EXPECT_EQ(*good, 5);
    EXPECT_EQ(bad.value_or(7), 7);
    EXPECT_DEATH(static_cast<void>(bad.value()), "value of a refused Result");
    EXPECT_DEATH(static_cast<void>(good.error()), "error of a good Result");
}

TEST(Result, TheMacrosPassARefusalOn) {
    const auto twice = [](const Result<int>& given) -> Result<int> {
        SLIPCAST_TRY(number, given);
        return 2 * number;
    };
    const auto nothing = [](const Result<void>& given) -> Result<void> {
        SLIPCAST_CHECK(given);
        return {};
    };
    EXPECT_EQ(twice(4).value(), 8);
    EXPECT_EQ(twice(invalid_value("a", "b", "c")).error().field, "a");
    EXPECT_TRUE(nothing({}));
    EXPECT_EQ(nothing(invalid_value("a", "b", "c")).error().rule, "c");
}

TEST(Error, TellsWhereWhatAndWhy) {
    Error error = invalid_value("quantity", "-5", "must be > 0");
    EXPECT_EQ(error.message(), "quantity = -5: must be > 0 (invalid_value)");
    error.place = {"orders.parquet", 17, "2013-10-07T13:30:00Z"};
    EXPECT_EQ(error.message(),
              "orders.parquet row 17 at 2013-10-07T13:30:00Z: quantity = -5: must be > 0 (invalid_value)");
    EXPECT_EQ(Error{}.message(), "(invalid_value)");
    EXPECT_STREQ(name(ErrorCode::not_identified), "not_identified");
}

TEST(Version, HasThreeNumbers) {
    EXPECT_EQ(std::count(version().begin(), version().end(), '.'), 2);
}
