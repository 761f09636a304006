#include <gtest/gtest.h>

#include "slipcast/interchange/data_digest.hpp"
#include "slipcast/interchange/tape_encoder.hpp"

namespace slipcast::interchange {
namespace {

using namespace market;

Timestamp at(std::int64_t second) {
    return Timestamp::from_ns(second * 1'000'000'000);
}

QuoteTable quotes(std::size_t rows) {
    QuoteTable table;
    for (std::size_t row = 0; row < rows; ++row) {
        const auto step = static_cast<std::int64_t>(row);
        table.push(at(step), Price::from_units(100 + step % 7), Price::from_units(103), Quantity::from_units(200),
                   Quantity::from_units(300));
    }
    return table;
}

Dataset dataset_of(QuoteTable rows) {
    Dataset dataset;
    const InstrumentId id = dataset.names.symbols.intern("XYZ");
    auto tape = std::make_shared<MemoryTape>();
    EXPECT_TRUE(tape->add(id, {.quotes = std::move(rows), .trades = {}, .gaps = {}}));
    dataset.tape = tape;
    return dataset;
}

TEST(DataDigest, IsThatOfTheBytesHoweverTheyAreSplit) {
    DataDigest whole, parts, other;
    whole.add("orders.csv");
    parts.add("orders");
    parts.add(".csv");
    other.add("orders.csx");
    EXPECT_EQ(whole.hex(), parts.hex());
    EXPECT_NE(whole.hex(), other.hex());
    EXPECT_EQ(whole.hex().size(), 16U);
}

TEST(DataDigest, AFileThatIsNotThereIsRefused) {
    DataDigest digest;
    const auto refused = digest.add_file("/nowhere/orders.csv");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::io_failure);
}

TEST(DataDigest, OfRowsChangesWithOneQuote) {
    QuoteTable changed = quotes(50);
    changed.bid[49] = Price::from_units(99);
    const auto first = digest_of_rows(dataset_of(quotes(50)));
    EXPECT_EQ(*first, *digest_of_rows(dataset_of(quotes(50))));
    EXPECT_NE(*first, *digest_of_rows(dataset_of(std::move(changed))));
}

/// Row groups and metadata of `rows`, handed over `step` at a time.
std::pair<std::vector<std::size_t>, std::map<std::string, std::string>> encoded(const QuoteTable& rows,
                                                                                std::int64_t step) {
    std::vector<std::size_t> groups;
    TapeEncoder encoder("XYZ", [&](const Table& group) -> Result<void> {
        groups.push_back(group.rows());
        return {};
    });
    const auto count = static_cast<std::int64_t>(rows.time.size());
    for (std::int64_t begin = 0; begin < count; begin += step) {
        EXPECT_TRUE(encoder.append(rows_within(rows.view(), {at(begin), at(begin + step)}), {}, {{at(3), at(5)}}, true,
                                   Names{}));
    }
    EXPECT_TRUE(encoder.finish());
    return {groups, encoder.metadata("quotes")};
}

TEST(TapeEncoder, GroupsAndMetadataDoNotDependOnHowRowsCome) {
    const QuoteTable rows = quotes(140'000);
    const auto whole = encoded(rows, 140'000);
    EXPECT_EQ(whole.first, (std::vector<std::size_t>{131'072, 8'928}));
    EXPECT_EQ(whole, encoded(rows, 977));
    EXPECT_EQ(whole.second.at("indicative"), "true");
    EXPECT_EQ(whole.second.at("gaps"), "3000000000,5000000000;");
    const auto metadata = TapeMetadata::from_map(whole.second);
    ASSERT_TRUE(metadata);
    EXPECT_EQ(metadata->symbol, "XYZ");
    EXPECT_EQ(metadata->gaps.size(), 1U);
}

TEST(TapeEncoder, TimesThatRunBackwardsAreRefused) {
    TapeEncoder encoder("XYZ", [](const Table&) -> Result<void> { return {}; });
    ASSERT_TRUE(encoder.append(quotes(5).view(), {}, {}, false, Names{}));
    const auto refused = encoder.append(quotes(1).view(), {}, {}, false, Names{});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().field, "time");
}

}  // namespace
}  // namespace slipcast::interchange
