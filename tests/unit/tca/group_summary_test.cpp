#include "slipcast/tca/group_summary.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "support/measured.hpp"
#include "support/sector_book.hpp"

namespace slipcast::tca {
namespace {

using test::Measured;
using test::SectorBook;

/// Forty orders over two stocks, two brokers and both sides; those of broker "B" pay 10 ticks, others 2; every fifth is
/// not filled and every seventh has no trader.
SectorBook book_of_forty() {
    SectorBook book;
    for (const char* symbol : {"AAA", "BBB"}) {
        const std::size_t stock = book.stock(symbol, symbol == std::string_view("AAA") ? "banks" : "mines");
        book.quote(stock, 0, 9'999, 10'001);
        book.quote(stock, 23'000, 9'999, 10'001);
        book.trade(stock, 100, 10'000, 1'000'000);
    }
    for (int i = 0; i < 40; ++i) {
        const bool dear = i % 4 < 2;
        const Side side = i % 8 < 4 ? Side::buy : Side::sell;
        market::Order& order = book.order(i % 2 == 0 ? 0 : 1, side, 100 * (i + 1), 580 * i + 10);
        order.broker = book.dataset.names.labels.intern(dear ? "B" : "A");
        if (i % 7 != 0) order.trader = book.dataset.names.labels.intern(i % 3 == 0 ? "Ann" : "Bob");
        if (i % 5 == 0) continue;
        const int ticks = dear ? 10 : 2;
        book.fill(580 * i + 20, 10'000 + (side == Side::buy ? ticks : -ticks), 100 * (i + 1));
    }
    return book;
}

/// 0.01 x ticks x quantity over the filled orders of book_of_forty().
double total_cost() {
    double cost = 0.0;
    for (int i = 0; i < 40; ++i) {
        if (i % 5 != 0) cost += 0.01 * (i % 4 < 2 ? 10.0 : 2.0) * 100.0 * (i + 1);
    }
    return cost;
}

GroupOptions by(std::vector<std::string> columns) {
    GroupOptions options;
    options.by = std::move(columns);
    return options;
}

double number(const Table& table, std::string_view name, std::size_t row) {
    const Column* column = table.find(name);
    if (column == nullptr || !column->is_valid(row)) {
        ADD_FAILURE() << name << " is missing in row " << row;
        return 0.0;
    }
    if (const auto* counts = std::get_if<std::vector<std::int64_t>>(&column->data)) {
        return static_cast<double>((*counts)[row]);
    }
    if (const auto* cash = std::get_if<MoneyColumn>(&column->data)) {
        return Money::from_units(cash->units[row], Currency{}).to_double();
    }
    return std::get<std::vector<double>>(column->data)[row];
}

class GroupSummary : public ::testing::Test {
protected:
    static const Measured& measured() {
        static const Measured kMeasured(book_of_forty().made());
        return kMeasured;
    }
    static Table groups(std::vector<std::string> columns) {
        Result<Table> made = group_summary(measured().table("orders"), by(std::move(columns)));
        if (!made) ADD_FAILURE() << made.error().message();
        return made ? std::move(*made) : Table();
    }
};

TEST_F(GroupSummary, EveryCombinationIsTheSumOfItsOwnOrders) {
    const Table table = groups({"broker", "side"});
    std::map<std::string, std::array<double, 3>> slow;  // orders, cost, notional
    for (std::size_t row = 0; row < 40; ++row) {
        auto& sums = slow[measured().text("orders", "broker", row) + "/" + measured().text("orders", "side", row)];
        sums[0] += 1.0;
        if (!measured().has("orders", "arrival_cost_cash", row)) continue;
        sums[1] += measured().number("orders", "arrival_cost_cash", row);
        sums[2] += measured().number("orders", "notional_cash", row);
    }
    ASSERT_EQ(table.rows(), slow.size());
    std::size_t row = 0;
    for (const auto& [name, sums] : slow) {
        EXPECT_EQ(table.text(row, 0) + "/" + table.text(row, 1), name) << "sorted";
        EXPECT_EQ(number(table, "orders", row), sums[0]);
        EXPECT_NEAR(number(table, "arrival_cost_bps", row), sums[1] / sums[2] * 1e4, 1e-9);
        EXPECT_NEAR(number(table, "total_cash", row), sums[1], 1e-9);
        ++row;
    }
}

TEST_F(GroupSummary, GroupsOfOneColumnAddUpToAll) {
    for (const char* column : {"trader", "symbol", "sector", "day", "hour", "size", "duration_s", "fills", "derived",
                               "arrival_price", "notional_cash", "liquidity_tier"}) {
        SCOPED_TRACE(column);
        const Table table = groups({column});
        double orders = 0.0;
        double cost = 0.0;
        for (std::size_t row = 0; row < table.rows(); ++row) {
            orders += number(table, "orders", row);
            cost += number(table, "total_cash", row);
            EXPECT_FALSE(table.text(row, 0).empty());
        }
        EXPECT_EQ(orders, 40.0);
        EXPECT_NEAR(cost, total_cost(), 1e-6);
    }
}

TEST_F(GroupSummary, WhatAnOrderDoesNotHaveIsAGroupOfItsOwn) {
    const Table table = groups({"trader"});
    ASSERT_EQ(table.rows(), 3U);
    EXPECT_EQ(table.text(0, 0), "(none)");
    EXPECT_EQ(number(table, "orders", 0), 6.0);
    EXPECT_EQ(table.text(1, 0), "Ann");
}

TEST_F(GroupSummary, HoursAndSizesAreInTheirOwnOrder) {
    const Table hours = groups({"hour"});
    EXPECT_EQ(hours.text(0, 0), "13:00 UTC");
    EXPECT_EQ(hours.text(1, 0), "14:00 UTC");
    const Table sizes = groups({"size"});
    EXPECT_EQ(sizes.text(0, 0), "0.0001 to 0.001 of realized session volume");
    EXPECT_EQ(sizes.text(1, 0), "0.001 to 0.01 of realized session volume");
    EXPECT_EQ(number(sizes, "orders", 0), 9.0) << "100 of 1,000,000 begins a decade, 1,000 begins the next";
}

TEST_F(GroupSummary, NumbersComeInQuarters) {
    const Table table = groups({"quantity"});
    ASSERT_EQ(table.rows(), 4U);
    for (std::size_t row = 0; row < 4; ++row) EXPECT_EQ(number(table, "orders", row), 10.0);
    EXPECT_EQ(table.text(0, 0), "100 to 1000");
    EXPECT_EQ(table.text(1, 0), "above 1000 to 2000");
}

TEST_F(GroupSummary, IntervalsAndTheVerdictAreThoseOfTheBrokersTable) {
    const Table table = groups({"broker"});
    for (std::size_t row = 0; row < 2; ++row) {
        EXPECT_NEAR(number(table, "arrival_cost_bps", row), measured().number("brokers", "arrival_cost_bps", row),
                    1e-9);
        EXPECT_NEAR(number(table, "low", row), measured().number("brokers", "low", row), 1e-9);
        EXPECT_NEAR(number(table, "high", row), measured().number("brokers", "high", row), 1e-9);
        EXPECT_LT(number(table, "low", row), number(table, "high", row) + 1e-9);
        EXPECT_NEAR(number(table, "blocks", row), measured().number("brokers", "blocks", row), 0.0);
        EXPECT_EQ(std::get<BoolColumn>(table.find("separable")->data).value[row], 1) << "2 or 10 bps, not 6";
        EXPECT_EQ(measured().text("brokers", "separable", row), "true");
    }
}

TEST_F(GroupSummary, RefusalsNameTheRuleAndTheNearestColumn) {
    const Table& orders = measured().table("orders");
    const auto refusal = [&](std::vector<std::string> columns) {
        const Result<Table> made = group_summary(orders, by(std::move(columns)));
        return made ? std::string("no refusal") : made.error().message();
    };
    EXPECT_NE(refusal({"brokr"}).find("did you mean 'broker'?"), std::string::npos) << refusal({"brokr"});
    EXPECT_NE(refusal({"hours"}).find("did you mean 'hour'?"), std::string::npos);
    EXPECT_NE(refusal({"arrival_time"}).find("arrival_price"), std::string::npos) << "a time is no group";
    EXPECT_NE(refusal({}).find("at least one column"), std::string::npos);
    EXPECT_NE(refusal({"side", "side"}).find("twice"), std::string::npos);
    EXPECT_EQ(group_summary(measured().table("fills"), by({"side"})).error().code, ErrorCode::missing_field);
}

TEST(GroupSummaryLimits, AsManyGroupsAsOrdersAreNoSummary) {
    SectorBook book;
    const std::size_t stock = book.stock("AAA", "");
    book.quote(stock, 0, 9'999, 10'001);
    for (int i = 0; i < 1'001; ++i) book.order(stock, Side::buy, 100, 10 + i);
    const Measured result(book.made());
    const Result<Table> made = group_summary(result.table("orders"), by({"order_id"}));
    ASSERT_FALSE(made.has_value());
    EXPECT_NE(made.error().rule.find("not 1001"), std::string::npos);
}

}  // namespace
}  // namespace slipcast::tca
