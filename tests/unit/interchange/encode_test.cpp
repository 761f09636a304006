#include "slipcast/interchange/encode.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <map>
#include <memory>

namespace slipcast::interchange {
namespace {

ColumnMeta meta(const char* name) {
    ColumnMeta m;
    m.name = name;
    return m;
}

/// Three rows of every column type.
std::shared_ptr<const Table> every_type() {
    auto table = std::make_shared<Table>("orders");
    ColumnMeta cost = meta("arrival_bps");
    cost.unit = "bps";
    cost.sign = SignTag::cost;
    cost.benchmark = "arrival_price";
    cost.definition_version = 2;
    cost.weighting = "ratio_of_sums";
    cost.meaning = "slippage against the arrival price";
    table->add({meta("count"), std::vector<std::int64_t>{1, 2, 3}, {}});
    table->add({cost, std::vector<double>{0.5, -1.5, 2.5}, {1, 0, 1}});
    table->add({meta("id"), std::vector<std::string>{"a", "", "ccc"}, {}});
    table->add({meta("time"),
                std::vector<Timestamp>{Timestamp::from_ns(1), Timestamp::from_ns(2), Timestamp::from_ns(3)},
                {}});
    table->add({meta("price"),
                std::vector<Price>{Price::from_units(-1), Price::from_units(5), Price::from_units(INT64_MAX)},
                {}});
    table->add({meta("broker"), DictionaryColumn{{1, -1, 0}, {"X", "YY"}}, {}});
    table->add({meta("cash"), MoneyColumn{{Int128{7}, Int128{-8}, Int128{1} << 100}}, {}});
    table->add({meta("flag"), BoolColumn{{1, 0, 1}}, {}});
    return table;
}

std::map<std::string, std::string> pairs_of(const char* metadata) {
    std::map<std::string, std::string> pairs;
    const auto number = [&] {
        std::int32_t value = 0;
        std::memcpy(&value, metadata, sizeof value);
        metadata += sizeof value;
        return value;
    };
    const auto text = [&] {
        const std::int32_t size = number();
        std::string value(metadata, static_cast<std::size_t>(size));
        metadata += size;
        return value;
    };
    for (std::int32_t left = number(); left > 0; --left) {
        std::string key = text();
        pairs[std::move(key)] = text();
    }
    return pairs;
}

struct Consumed {
    ArrowSchema schema{};
    ArrowArray batch{};
    explicit Consumed(std::shared_ptr<const Table> table) {
        ArrowArrayStream stream{};
        encode_table(std::move(table), &stream);
        EXPECT_EQ(stream.get_schema(&stream, &schema), 0);
        EXPECT_EQ(stream.get_next(&stream, &batch), 0);
        ArrowArray end{};
        EXPECT_EQ(stream.get_next(&stream, &end), 0);
        EXPECT_EQ(end.release, nullptr) << "one batch";
        stream.release(&stream);
        EXPECT_EQ(stream.release, nullptr);
    }
    Consumed(const Consumed&) = delete;
    Consumed& operator=(const Consumed&) = delete;
    ~Consumed() {
        if (schema.release != nullptr) schema.release(&schema);
        if (batch.release != nullptr) batch.release(&batch);
    }
    template <typename T>
    [[nodiscard]] T value(int column, int row) const {
        T out;
        std::memcpy(
            &out,
            static_cast<const char*>(batch.children[column]->buffers[1]) + static_cast<std::size_t>(row) * sizeof(T),
            sizeof(T));
        return out;
    }
    [[nodiscard]] bool is_valid(int column, int row) const {
        const auto* bits = static_cast<const std::uint8_t*>(batch.children[column]->buffers[0]);
        return bits == nullptr || ((static_cast<unsigned>(bits[row / 8]) >> (row % 8)) & 1U) != 0;
    }
};

TEST(Encode, FormatsNamesAndMetadataSayWhatAColumnMeans) {
    const Consumed c(every_type());
    const char* formats[] = {"l", "g", "u", "tsn:UTC", "d:19,9", "i", "d:38,18", "b"};
    ASSERT_EQ(c.schema.n_children, 8);
    for (int i = 0; i < 8; ++i) EXPECT_STREQ(c.schema.children[i]->format, formats[i]);
    EXPECT_STREQ(c.schema.format, "+s");
    EXPECT_STREQ(c.schema.children[1]->name, "arrival_bps");
    EXPECT_EQ(pairs_of(c.schema.metadata).at("name"), "orders");
    const auto pairs = pairs_of(c.schema.children[1]->metadata);
    EXPECT_EQ(pairs.at("unit"), "bps");
    EXPECT_EQ(pairs.at("sign"), "cost");
    EXPECT_EQ(pairs.at("benchmark"), "arrival_price");
    EXPECT_EQ(pairs.at("definition_version"), "2");
    EXPECT_EQ(pairs.at("weighting"), "ratio_of_sums");
    EXPECT_EQ(pairs.at("meaning"), "slippage against the arrival price");
    EXPECT_STREQ(c.schema.children[5]->dictionary->format, "u");
}

TEST(Encode, NumbersTimesCodesAndMoneyAreTheTablesOwnBytes) {
    const auto table = every_type();
    const Consumed c(table);
    const auto& columns = table->columns();
    EXPECT_EQ(c.batch.children[0]->buffers[1], std::get<std::vector<std::int64_t>>(columns[0].data).data());
    EXPECT_EQ(c.batch.children[1]->buffers[1], std::get<std::vector<double>>(columns[1].data).data());
    EXPECT_EQ(c.batch.children[3]->buffers[1], std::get<std::vector<Timestamp>>(columns[3].data).data());
    EXPECT_EQ(c.batch.children[5]->buffers[1], std::get<DictionaryColumn>(columns[5].data).code.data());
    EXPECT_EQ(c.batch.children[6]->buffers[1], std::get<MoneyColumn>(columns[6].data).units.data());
}

TEST(Encode, ValuesAndMissingOnesArrive) {
    const Consumed c(every_type());
    EXPECT_EQ(c.batch.length, 3);
    EXPECT_EQ(c.batch.children[1]->null_count, 1);
    EXPECT_TRUE(c.is_valid(1, 0));
    EXPECT_FALSE(c.is_valid(1, 1));
    EXPECT_EQ(c.batch.children[0]->buffers[0], nullptr) << "no validity where nothing is missing";
    EXPECT_EQ(c.value<Int128>(4, 0), Int128{-1});
    EXPECT_EQ(c.value<Int128>(4, 2), Int128{INT64_MAX});
    EXPECT_EQ(c.value<Int128>(6, 2), Int128{1} << 100);
    EXPECT_FALSE(c.is_valid(5, 1)) << "a code of -1 is missing";
    EXPECT_EQ(c.value<std::int32_t>(2, 3), 4) << "text offsets 0 1 1 4";
    EXPECT_EQ(std::string_view(static_cast<const char*>(c.batch.children[2]->buffers[2]), 4), "accc");
    EXPECT_EQ(*static_cast<const std::uint8_t*>(c.batch.children[7]->buffers[1]), 0b101);
    EXPECT_EQ(c.batch.children[5]->dictionary->length, 2);
}

TEST(Encode, AConsumerMayMoveAColumnOutAndOutliveTheTable) {
    std::weak_ptr<const Table> watched;
    ArrowArray moved{};
    {
        auto table = every_type();
        watched = table;
        Consumed c(std::move(table));
        moved = *c.batch.children[0];
        c.batch.children[0]->release = nullptr;  // moved, as the interface prescribes
    }
    EXPECT_FALSE(watched.expired()) << "the moved column keeps its bytes";
    EXPECT_EQ(static_cast<const std::int64_t*>(moved.buffers[1])[2], 3);
    moved.release(&moved);
    EXPECT_TRUE(watched.expired()) << "and gives them back";
}

TEST(Encode, ATableWithoutRowsAndOneWithoutColumns) {
    auto empty = std::make_shared<Table>("fills");
    empty->add({meta("id"), std::vector<std::string>{}, {}});
    empty->add({meta("count"), std::vector<std::int64_t>{}, {}});
    const Consumed c(empty);
    EXPECT_EQ(c.batch.length, 0);
    EXPECT_NE(c.batch.children[0]->buffers[1], nullptr) << "offsets are there even without rows";
    EXPECT_NE(c.batch.children[1]->buffers[1], nullptr);
    const Consumed none(std::make_shared<Table>("nothing"));
    EXPECT_EQ(none.schema.n_children, 0);
    EXPECT_EQ(none.batch.n_children, 0);
}

}  // namespace
}  // namespace slipcast::interchange
