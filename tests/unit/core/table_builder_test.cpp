#include "slipcast/core/table_builder.hpp"

#include <gtest/gtest.h>

#include <limits>

using namespace slipcast;

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

template <typename T>
const T& data(const Table& table, std::string_view name) {
    return std::get<T>(table.find(name)->data);
}

/// One validity byte a row, written out when the column lists none.
std::vector<std::uint8_t> present(const Table& table, std::string_view name) {
    const Column& column = *table.find(name);
    return column.valid.empty() ? std::vector<std::uint8_t>(column.size(), 1) : column.valid;
}

using Bytes = std::vector<std::uint8_t>;
using Doubles = std::vector<double>;

struct Order {
    std::string id;
    std::int64_t children = 0;
    double cost = 0.0;
    bool is_filled = false;
    std::string_view side{};
    [[nodiscard]] double twice() const { return 2.0 * cost; }
};

const std::vector<Order> kOrders{
    {"A", 3, 1.5, true, "buy"}, {"B", 0, kNaN, false, ""}, {"C", 2, kInfinity, true, "buy"}, {"D", 1, 4, true, "sell"}};

}  // namespace

TEST(TableBuilder, StoresEachTypeOfCell) {
    const auto time = [](std::size_t row) { return Timestamp::from_ns(static_cast<std::int64_t>(row)); };
    const auto cash = Money::from_units(Int128{5}, Currency::parse("USD").value());
    const Table table = TableBuilder("all", 2)
                            .add(plain("real", ""), [](std::size_t row) { return 0.5 * static_cast<double>(row); })
                            .add(plain("count", ""), [](std::size_t row) { return static_cast<std::int64_t>(row); })
                            .add(plain("flag", ""), [](std::size_t row) { return row == 1; })
                            .add(plain("text", ""), [](std::size_t row) { return std::string(row, 'x'); })
                            .add(plain("time", ""), time)
                            .add(plain("price", ""), [](std::size_t) { return Price::from_units(7); })
                            .add(plain("cash", ""), [&](std::size_t) { return cash; })
                            .take();
    EXPECT_EQ(table.name(), "all");
    EXPECT_EQ(data<Doubles>(table, "real"), (Doubles{0.0, 0.5}));
    EXPECT_EQ(data<std::vector<std::int64_t>>(table, "count"), (std::vector<std::int64_t>{0, 1}));
    EXPECT_EQ(data<BoolColumn>(table, "flag"), (BoolColumn{{0, 1}}));
    EXPECT_EQ(data<std::vector<std::string>>(table, "text"), (std::vector<std::string>{"", "x"}));
    EXPECT_EQ(data<std::vector<Timestamp>>(table, "time"), (std::vector{Timestamp{}, Timestamp::from_ns(1)}));
    EXPECT_EQ(data<std::vector<Price>>(table, "price"), std::vector<Price>(2, Price::from_units(7)));
    EXPECT_EQ(data<MoneyColumn>(table, "cash"), (MoneyColumn{{Int128{5}, Int128{5}}}));
    for (const Column& column : table.columns()) EXPECT_TRUE(column.valid.empty()) << column.meta.name;
}

TEST(TableBuilder, AbsentOptionalsAreMissing) {
    const Table table =
        TableBuilder("gaps", 3)
            .add(plain("price", ""),
                 [](std::size_t row) { return row == 1 ? std::nullopt : std::optional(Price::from_units(7)); })
            .add(plain("flag", ""), [](std::size_t row) { return row == 0 ? std::nullopt : std::optional(row == 2); })
            .take();
    EXPECT_EQ(present(table, "price"), (Bytes{1, 0, 1}));
    EXPECT_EQ(data<std::vector<Price>>(table, "price")[1], Price{}) << "a missing cell holds the zero of its type";
    EXPECT_EQ(present(table, "flag"), (Bytes{0, 1, 1}));
    EXPECT_EQ(data<BoolColumn>(table, "flag"), (BoolColumn{{0, 0, 1}}));
}

TEST(TableBuilder, LeavesOutWhatIsMissingInEveryRow) {
    const auto none = [](std::size_t) { return std::optional<double>(); };
    const auto first = [](std::size_t row) { return row == 0 ? std::optional(1.0) : std::nullopt; };
    const auto every = [](std::size_t) { return 1.0; };
    const Table table = TableBuilder("gaps", 2)
                            .add_unless_missing(plain("none", ""), none)
                            .add_unless_missing(plain("first", ""), first)
                            .add_unless_missing(plain("every", ""), every)
                            .take();
    EXPECT_EQ(table.find("none"), nullptr);
    EXPECT_EQ(present(table, "first"), (Bytes{1, 0}));
    EXPECT_EQ(present(table, "every"), (Bytes{1, 1}));
    EXPECT_EQ(TableBuilder("empty", 0).add_unless_missing(plain("every", ""), every).take().columns().size(), 0U);
}

TEST(TableBuilder, ProjectsRowsByFunctionsAndMembers) {
    const Table table = TableBuilder("orders", kOrders.size())
                            .add(plain("id", ""), of(kOrders, &Order::id))
                            .add(plain("children", ""), of(kOrders, &Order::children))
                            .add(plain("filled", ""), of(kOrders, &Order::is_filled))
                            .add(plain("half", ""), of(kOrders, [](const Order& o) { return 0.5 * o.cost; }))
                            .add(plain("twice", ""), of(kOrders, finite(&Order::twice)))
                            .take();
    EXPECT_EQ(data<std::vector<std::string>>(table, "id"), (std::vector<std::string>{"A", "B", "C", "D"}));
    EXPECT_EQ(data<std::vector<std::int64_t>>(table, "children"), (std::vector<std::int64_t>{3, 0, 2, 1}));
    EXPECT_EQ(data<BoolColumn>(table, "filled"), (BoolColumn{{1, 0, 1, 1}}));
    EXPECT_EQ(data<Doubles>(table, "half")[3], 2.0);
    EXPECT_EQ(data<Doubles>(table, "twice"), (Doubles{3.0, 0.0, 0.0, 8.0}));
}

TEST(TableBuilder, SaysWhichNumbersAreMissing) {
    const Doubles values{1.0, kNaN, kInfinity, -kInfinity};
    const std::vector<Price> prices{Price::from_units(1), Price{}, Price::from_units(-1), Price::from_units(2)};
    const Table table = TableBuilder("rules", 4)
                            .add(plain("as_is", ""), values)
                            .add(plain("finite", ""), finite(values))
                            .add(plain("known", ""), known(values))
                            .add(plain("positive", ""), positive(prices))
                            .add(plain("whole", ""), finite(Doubles{1.0, 2.0, 3.0, 4.0}))
                            .take();
    EXPECT_EQ(present(table, "as_is"), (Bytes{1, 1, 1, 1}));
    EXPECT_TRUE(std::isnan(data<Doubles>(table, "as_is")[1])) << "no rule: NaN stays";
    EXPECT_EQ(present(table, "finite"), (Bytes{1, 0, 0, 0}));
    EXPECT_EQ(data<Doubles>(table, "finite"), (Doubles{1.0, 0.0, 0.0, 0.0}));
    EXPECT_EQ(present(table, "known"), (Bytes{1, 0, 1, 1}));
    EXPECT_EQ(data<Doubles>(table, "known"), (Doubles{1.0, 0.0, kInfinity, -kInfinity}));
    EXPECT_EQ(present(table, "positive"), (Bytes{1, 0, 0, 1}));
    EXPECT_TRUE(table.find("whole")->valid.empty()) << "validity is listed only when a cell is missing";
}

TEST(TableBuilder, NumbersWordsAsTheyAppear) {
    const DictionaryColumn sides{{0, -1, 0, 1}, {"buy", "sell"}};
    const auto side = of(kOrders, &Order::side);
    const Table table =
        TableBuilder("orders", kOrders.size())
            .add_label(plain("side", ""), side)
            .add(plain("word", ""), words(kOrders.size(), side))
            .add_coded(plain("code", ""), sides.labels, [&](std::size_t row) { return sides.code[row]; })
            .take();
    EXPECT_EQ(data<DictionaryColumn>(table, "side"), sides);
    EXPECT_EQ(data<DictionaryColumn>(table, "word"), sides);
    EXPECT_EQ(data<DictionaryColumn>(table, "code"), sides);
    EXPECT_EQ(table.find("side")->valid, (Bytes{1, 0, 1, 1}));
    EXPECT_EQ(table.find("code")->valid, (Bytes{1, 0, 1, 1}));
    EXPECT_TRUE(table.find("word")->valid.empty()) << "words by themselves: the code alone says what is missing";
}

TEST(TableBuilder, CarriesWhatAColumnMeans) {
    const ColumnMeta cost = plain("cost", "what it cost", "bps", SignTag::cost);
    EXPECT_EQ(cost.name, "cost");
    EXPECT_EQ(cost.meaning, "what it cost");
    EXPECT_EQ(cost.unit, "bps");
    EXPECT_EQ(cost.sign, SignTag::cost);
    EXPECT_EQ(cost.definition_version, 0);
    const ColumnMeta own = metric("cost", "bps", SignTag::cost, "slippage", "arrival_price", 2);
    EXPECT_EQ(own.benchmark, "arrival_price");
    EXPECT_EQ(own.definition_version, 2);
    EXPECT_EQ(own.weighting, "");
    EXPECT_EQ(aggregated("cost", "bps", SignTag::cost, "slippage").weighting, "ratio_of_sums");
}

TEST(TableBuilder, RefusesColumnsOfAnotherLength) {
    EXPECT_DEATH(TableBuilder("t", 2).add(plain("a", ""), Doubles{1.0}).add(plain("b", ""), of(kOrders, &Order::cost)),
                 "one length");
}
