#include <gtest/gtest.h>

#include "slipcast/interchange/decode.hpp"
#include "slipcast/interchange/encode.hpp"
#include "support/trading_day.hpp"

namespace slipcast::interchange {
namespace {

using test::TradingDay;

market::Dataset read_back(const market::Dataset& dataset) {
    market::DatasetDraft draft;
    for (Table& table : contract_tables_of(dataset)) {
        const std::string name = table.name();
        ArrowArrayStream stream{};
        encode_table(std::make_shared<const Table>(std::move(table)), &stream);
        const Result<void> decoded = decode_table(&stream, name, name + ".parquet", draft);
        EXPECT_TRUE(decoded) << decoded.error().message();
        EXPECT_EQ(stream.release, nullptr) << "the stream was consumed";
    }
    return market::assemble(std::move(draft)).value();
}

TEST(RoundTrip, ADayOfTradingReadsBackAsItWas) {
    TradingDay day;
    market::Order& order = day.order("A", 1000, "10:00:00");
    order.decision_price = TradingDay::price("179.95");
    order.broker = day.draft.names.labels.intern("Broker \u00dc");
    order.side = Side::sell;
    market::Placement& route = day.placement("A-1", "A", 500, "10:00:01", "10:05:00");
    route.end = market::PlacementEnd::cancelled;
    route.filled_quantity = TradingDay::shares(200);
    market::Fill& fill = day.fill("f1", "A", 200, "10:01:00", "180.005", "A-1");
    fill.fee = Money::parse("-0.4000000001", Currency::parse("USD").value()).value();
    fill.liquidity = market::Liquidity::added;
    const market::Dataset before = day.assembled().value();
    const market::Dataset after = read_back(before);

    ASSERT_EQ(after.orders.size(), 1U);
    EXPECT_EQ(after.orders[0].arrival_time, before.orders[0].arrival_time);
    EXPECT_EQ(after.orders[0].decision_price, before.orders[0].decision_price);
    EXPECT_EQ(after.orders[0].side, Side::sell);
    EXPECT_EQ(after.names.labels.name(after.orders[0].broker), "Broker \u00dc");
    ASSERT_EQ(after.fills.size(), 1U);
    EXPECT_EQ(after.fills[0].price, before.fills[0].price);
    EXPECT_EQ(after.fills[0].fee, before.fills[0].fee);
    EXPECT_EQ(after.fills[0].liquidity, market::Liquidity::added);
    ASSERT_EQ(after.placements.size(), 1U);
    EXPECT_EQ(after.placements[0].done_time, before.placements[0].done_time);
    EXPECT_EQ(after.placements[0].end, market::PlacementEnd::cancelled);
    EXPECT_EQ(after.quality.quarantined(), 0);
}

}  // namespace
}  // namespace slipcast::interchange
