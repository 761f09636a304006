#include "slipcast/interchange/columns.hpp"

#include <gtest/gtest.h>

#include "slipcast/interchange/encode.hpp"
#include "support/table_columns.hpp"

// Any Arrow stream as a table: what was written comes back by name and value.

namespace slipcast::interchange {
namespace {

std::shared_ptr<const Table> written() {
    Table table("orders");
    table.add(test::numbers("cost_bps", "bps", {1.5, -2.0, 0.0}, {1, 1, 0}));
    table.add(test::counts("fills", {3, 0, 7}));
    table.add(test::labels("symbol", {"AAA", "BBB", "AAA"}));
    table.add(test::flags("finished", {1, 0, 1}));
    table.add(test::times("decision_time", {Timestamp::from_ns(5), Timestamp::from_ns(9), Timestamp::from_ns(11)}));
    table.add(test::prices("arrival_price", {Price::from_units(1'250'000'000), {}, {}}));
    return std::make_shared<const Table>(std::move(table));
}

TEST(DecodeColumns, BringsBackWhatWasWritten) {
    ArrowArrayStream stream{};
    encode_table(written(), &stream);
    const auto read = decode_columns(&stream, "orders");
    ASSERT_TRUE(read.has_value()) << read.error().message();
    ASSERT_EQ(read->rows(), 3U);
    const Column& cost = *read->find("cost_bps");
    EXPECT_EQ(std::get<std::vector<double>>(cost.data)[1], -2.0);
    EXPECT_TRUE(cost.is_valid(0));
    EXPECT_FALSE(cost.is_valid(2));
    EXPECT_EQ(std::get<std::vector<std::int64_t>>(read->find("fills")->data)[2], 7);
    EXPECT_EQ(read->text(1, 2), "BBB");
    EXPECT_EQ(std::get<BoolColumn>(read->find("finished")->data).value, (std::vector<std::uint8_t>{1, 0, 1}));
    EXPECT_EQ(std::get<std::vector<Timestamp>>(read->find("decision_time")->data)[2].ns(), 11);
    EXPECT_EQ(std::get<std::vector<double>>(read->find("arrival_price")->data)[0], 1.25) << "decimals as doubles";
}

TEST(DecodeColumns, AReleasedStreamIsRefused) {
    ArrowArrayStream stream{};
    EXPECT_EQ(decode_columns(&stream, "orders").error().code, ErrorCode::malformed);
}

}  // namespace
}  // namespace slipcast::interchange
