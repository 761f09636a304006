#include <gtest/gtest.h>

#include "slipcast/interchange/decode.hpp"
#include "slipcast/interchange/encode.hpp"
#include "support/arrow_builder.hpp"

namespace slipcast::interchange {
namespace {

using test::ArrowColumn;
using test::ArrowStreamBuilder;
using Texts = std::vector<std::optional<std::string>>;
using Integers = std::vector<std::optional<std::int64_t>>;

constexpr TimeRange kAllTime{Timestamp::min(), Timestamp::max()};

/// Rows of one symbol with columns named as the contract does.
class DepthRows {
public:
    explicit DepthRows(std::size_t rows) : rows_(rows) {
        columns.push_back(ArrowColumn::text("symbol", "u", Texts(rows, "A")));
        Integers time;
        for (std::size_t i = 0; i < rows; ++i) time.emplace_back(static_cast<std::int64_t>(i));
        columns.push_back(ArrowColumn::fixed<std::int64_t>("time", "l", time));
    }
    DepthRows& units(const char* name, const Integers& values) {
        columns.push_back(ArrowColumn::fixed<std::int64_t>(name, "l", values));
        return *this;
    }
    /// A sound touch, 100 to 102.
    DepthRows& touch() {
        units("bid", Integers(rows_, 100)).units("ask", Integers(rows_, 102));
        return units("bid_size", Integers(rows_, 7)).units("ask_size", Integers(rows_, 9));
    }
    DepthRows& level(std::int64_t number, const Integers& bid, const Integers& bid_size, const Integers& ask,
                     const Integers& ask_size) {
        const std::string suffix = "_" + std::to_string(number);
        units(("ask_size" + suffix).c_str(), ask_size).units(("bid" + suffix).c_str(), bid);
        return units(("ask" + suffix).c_str(), ask).units(("bid_size" + suffix).c_str(), bid_size);
    }
    Result<std::shared_ptr<const market::TapeSource>> decode(market::DatasetDraft& draft, bool in_two = false) const {
        ArrowStreamBuilder builder(columns);
        if (in_two) builder.add(same_columns(columns));
        ArrowArrayStream stream{};
        builder.produce(&stream);
        return decode_tape({&stream}, {}, draft);
    }
    std::vector<ArrowColumn> columns;

private:
    /// No rows of the same columns: a second batch, so that the first one is copied.
    static std::vector<ArrowColumn> same_columns(const std::vector<ArrowColumn>& like) {
        std::vector<ArrowColumn> empty;
        for (const ArrowColumn& column : like) {
            empty.push_back(column.format == "u" ? ArrowColumn::text(column.name, "u", {})
                                                 : ArrowColumn::fixed<std::int64_t>(column.name, "l", {}));
        }
        return empty;
    }
    std::size_t rows_;
};

market::QuoteColumns quotes_of(const market::TapeSource& tape) {
    return tape.load(InstrumentId::from_index(0), kAllTime).value().quotes;
}

TEST(DepthColumns, AreReadWhereTheyLieAndCopiedAlike) {
    const DepthRows rows =
        DepthRows(2).touch().level(2, {99, 98}, {5, 6}, {103, 104}, {1, 2}).level(3, {97, 0}, {8, 0}, {105, 0}, {3, 0});
    for (const bool copied : {false, true}) {
        market::DatasetDraft draft;
        const auto tape = rows.decode(draft, copied);
        ASSERT_TRUE(tape) << tape.error().message();
        const market::QuoteColumns quotes = quotes_of(**tape);
        ASSERT_EQ(quotes.levels(), 3U);
        ASSERT_EQ(quotes.size(), 2U);
        EXPECT_EQ(quotes.level(Side::buy, 1, 2), (market::BookLevel{Price::from_units(98), Quantity::from_units(6)}));
        EXPECT_EQ(quotes.level(Side::sell, 0, 3), (market::BookLevel{Price::from_units(105), Quantity::from_units(3)}));
        EXPECT_FALSE(quotes.level(Side::sell, 1, 3).is_there());
        EXPECT_TRUE(draft.quality.degradations().empty());
        EXPECT_EQ(draft.quality.quarantined(), 0);
    }
}

TEST(DepthColumns, EmptyFieldsAreAbsentLevelsAndTextIsExact) {
    market::DatasetDraft draft;
    DepthRows rows = DepthRows(2).touch();
    rows.columns.push_back(ArrowColumn::text("bid_2", "u", {"0.00000005", std::nullopt}));
    rows.columns.push_back(ArrowColumn::text("bid_size_2", "u", {"3", std::nullopt}));
    rows.units("ask_2", {103, std::nullopt}).units("ask_size_2", {4, std::nullopt});
    market::Instrument share;
    share.id = draft.names.symbols.intern("A");
    draft.instruments.add(share);
    const auto tape = rows.decode(draft);
    ASSERT_TRUE(tape) << tape.error().message();
    const market::QuoteColumns quotes = quotes_of(**tape);
    ASSERT_EQ(quotes.size(), 2U);
    EXPECT_EQ(quotes.level(Side::buy, 0, 2), (market::BookLevel{Price::from_units(50), Quantity::from_units(3)}));
    EXPECT_EQ(quotes.level(Side::buy, 1, 2), market::BookLevel{});
}

TEST(DepthColumns, RowsOutOfOrderOrHalfThereAreQuarantined) {
    const DepthRows rows = DepthRows(5).touch().level(2, {99, 100, 99, 99, 99}, {5, 5, 5, 5, 0},
                                                      {103, 103, 102, 103, 103}, {1, 1, 1, -1, 1});
    market::DatasetDraft draft;
    const auto tape = rows.decode(draft);
    ASSERT_TRUE(tape);
    EXPECT_EQ(quotes_of(**tape).size(), 1U);
    const auto& bad = draft.quality.quarantine();
    ASSERT_EQ(bad.size(), 4U);
    const char* fields[] = {"bid_2", "ask_2", "ask_size_2", "bid_size_2"};
    for (std::size_t i = 0; i < 4; ++i) {
        EXPECT_EQ(bad[i].error.field, fields[i]);
        EXPECT_EQ(bad[i].error.place.row, static_cast<std::int64_t>(i) + 2);
    }
    EXPECT_EQ(bad[0].error.rule, "must be below bid 0.0000001");
}

TEST(DepthColumns, HalfALevelRefusesTheTableByName) {
    const auto refusal = [](const DepthRows& rows) {
        market::DatasetDraft draft;
        const auto tape = rows.decode(draft);
        return tape ? std::string("accepted") : tape.error().value;
    };
    EXPECT_EQ(refusal(DepthRows(1).touch().units("bid_2", {99})), "ask_2");
    EXPECT_EQ(refusal(DepthRows(1).touch().level(3, {97}, {1}, {105}, {1})), "bid_2");
    EXPECT_EQ(refusal(DepthRows(1).units("bid", {1}).units("ask", {2}).level(2, {1}, {1}, {3}, {1})), "bid_size");
    EXPECT_EQ(refusal(DepthRows(1).touch().units("bid_1", {99})), "bid_1");
}

TEST(DepthColumns, ReadBackAsTheyWereWritten) {
    market::QuoteTable table;
    table.depth.resize(2);
    const auto at = [](std::int64_t price, std::int64_t size) {
        return market::BookLevel{Price::from_units(price), Quantity::from_units(size)};
    };
    table.push(Timestamp::from_ns(5), Price::from_units(100), Price::from_units(102), Quantity::from_units(7),
               Quantity::from_units(9));
    table.push_depth(std::vector{at(99, 1), at(98, 2)}, std::vector{at(104, 3)});
    ArrowArrayStream stream{};
    encode_table(std::make_shared<const Table>(quotes_table(table.view(), "A")), &stream);
    market::DatasetDraft draft;
    const auto tape = decode_tape({&stream}, {}, draft);
    ASSERT_TRUE(tape) << tape.error().message();
    const market::QuoteColumns back = quotes_of(**tape);
    ASSERT_EQ(back.levels(), 3U);
    EXPECT_EQ(back.level(Side::buy, 0, 3), at(98, 2));
    EXPECT_EQ(back.level(Side::sell, 0, 2), at(104, 3));
    EXPECT_EQ(back.level(Side::sell, 0, 3), market::BookLevel{});
}

}  // namespace
}  // namespace slipcast::interchange
