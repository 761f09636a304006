#include <arrow/memory_pool.h>
#include <gtest/gtest.h>

#include "slipcast/io/io.hpp"
#include "support/scratch_folder.hpp"

namespace slipcast::io {
namespace {

using namespace market;

constexpr TimeRange kAllTime{Timestamp::min(), Timestamp::max()};

BookLevel level(std::int64_t price, std::int64_t size) {
    return {Price::from_units(price), Quantity::from_units(size)};
}

/// A quote a nanosecond whose every third row has an empty last level.
QuoteTable deep_rows(std::int64_t count, std::size_t levels, std::int64_t first = 0) {
    QuoteTable table;
    table.depth.resize(levels - 1);
    for (std::int64_t i = first; i < first + count; ++i) {
        table.push(Timestamp::from_ns(i), Price::from_units(i * 1000 + 500), Price::from_units(i * 1000 + 505),
                   Quantity::from_units(1 + i % 7), Quantity::from_units(1 + i % 11));
        std::vector<BookLevel> bids, asks;
        const std::int64_t shown = static_cast<std::int64_t>(levels) - (i % 3 == 0 ? 1 : 0);
        for (std::int64_t k = 2; k <= shown; ++k) {
            bids.push_back(level(i * 1000 + 501 - k, k + i % 5));
            asks.push_back(level(i * 1000 + 504 + k, k + i % 3));
        }
        table.push_depth(bids, asks);
    }
    return table;
}

void expect_same(const QuoteColumns& a, const QuoteColumns& b) {
    ASSERT_EQ(a.size(), b.size());
    ASSERT_EQ(a.levels(), b.levels());
    for (std::size_t row = 0; row < a.size(); ++row) {
        ASSERT_EQ(a.time[row], b.time[row]);
        for (std::size_t k = 1; k <= a.levels(); ++k) {
            for (const Side side : {Side::buy, Side::sell}) ASSERT_EQ(a.level(side, row, k), b.level(side, row, k));
        }
    }
}

std::shared_ptr<const TapeSource> written(const std::filesystem::path& folder, const std::vector<QuoteTable>& parts) {
    auto writer = TapeWriter::create(folder).value();
    Names names;
    for (const QuoteTable& part : parts)
        EXPECT_TRUE(writer->append("A", part.view(), {}, {}, false, names).has_value());
    EXPECT_TRUE(writer->finish().has_value());
    Names read;
    return open_tape(folder, read).value();
}

TEST(DepthFiles, EveryWindowOfADeepTapeReadsBack) {
    const test::ScratchFolder folder;
    const QuoteTable rows = deep_rows(100'000, 5);
    const auto tape = written(folder.path(), {rows});
    const InstrumentId id = InstrumentId::from_index(0);
    for (const TimeRange window : {kAllTime, TimeRange{Timestamp::from_ns(10), Timestamp::from_ns(20)},
                                   TimeRange{Timestamp::from_ns(20'000), Timestamp::from_ns(70'000)}}) {
        expect_same(tape->load(id, window).value().quotes, rows_within(rows.view(), window));
    }
}

TEST(DepthFiles, TheBytesDoNotDependOnHowRowsAreHandedOver) {
    const test::ScratchFolder folder;
    static_cast<void>(written(folder.path() / "whole", {deep_rows(60'000, 3)}));
    static_cast<void>(
        written(folder.path() / "parts", {deep_rows(7, 3), deep_rows(50'000, 3, 7), deep_rows(9'993, 3, 50'007)}));
    EXPECT_EQ(test::ScratchFolder::bytes_of(folder.path() / "whole/quotes/A.parquet"),
              test::ScratchFolder::bytes_of(folder.path() / "parts/quotes/A.parquet"));
}

TEST(DepthFiles, ReadingADeepTapeHoldsNoMoreThanAFlatOne) {
    const test::ScratchFolder folder;
    const auto tape = written(folder.path(), {deep_rows(400'000, 10)});
    const std::int64_t before = arrow::default_memory_pool()->bytes_allocated();
    std::int64_t peak = 0;
    for (std::int64_t begin = 0; begin < 400'000; begin += 10'000) {
        const auto slice =
            tape->load(InstrumentId::from_index(0), {Timestamp::from_ns(begin), Timestamp::from_ns(begin + 10'000)});
        ASSERT_TRUE(slice);
        ASSERT_EQ(slice->quotes.size(), 10'000U);
        peak = std::max(peak, arrow::default_memory_pool()->bytes_allocated() - before);
    }
    EXPECT_LT(peak, std::int64_t{17} * 131'072 * 48);
    EXPECT_LT(peak, std::int64_t{400'000} * 41 * 8) << "the whole tape was held";
    EXPECT_GT(peak, 15'000 * 41 * 8) << "nothing was measured";
}

TEST(DepthFiles, AnotherNumberOfLevelsIsRefused) {
    const test::ScratchFolder folder;
    auto writer = TapeWriter::create(folder.path()).value();
    const Names names;
    ASSERT_TRUE(writer->append("A", deep_rows(3, 3).view(), {}, {}, false, names));
    const auto other = writer->append("A", deep_rows(3, 4, 3).view(), {}, {}, false, names);
    ASSERT_FALSE(other);
    EXPECT_EQ(other.error().field, "levels");
    EXPECT_EQ(other.error().value, "4");
    EXPECT_TRUE(writer->append("B", deep_rows(3, 4).view(), {}, {}, false, names)) << "another symbol may";
}

TEST(DepthFiles, CsvCarriesLevelsAndQuarantinesBadRows) {
    const test::ScratchFolder folder;
    folder.write("instruments.csv",
                 "symbol,market,currency,tick_size,lot_size,quantity_scale,multiplier,as_of\n"
                 "XYZ,XNYS,USD,0.01,1,0,1,2024-03-05\n");
    folder.write("quotes.csv",
                 "symbol,time,bid,ask,bid_size,ask_size,bid_2,ask_2,bid_size_2,ask_size_2\n"
                 "XYZ,2024-03-05T14:30:00Z,99.99,100.01,5,6,99.98,100.03,7,8\n"
                 "XYZ,2024-03-05T14:30:01Z,99.99,100.01,5,6,,100.03,,8\n"
                 "XYZ,2024-03-05T14:30:02Z,99.99,100.01,5,6,99.99,100.03,7,8\n");
    const auto dataset = open_dataset(folder.path());
    ASSERT_TRUE(dataset) << dataset.error().message();
    const TapeSlice slice = dataset->tape->load(dataset->names.symbols.find("XYZ"), kAllTime).value();
    ASSERT_EQ(slice.quotes.size(), 2U);
    EXPECT_EQ(slice.quotes.level(Side::buy, 0, 2), level(99'980'000'000, 7));
    EXPECT_FALSE(slice.quotes.level(Side::buy, 1, 2).is_there());
    EXPECT_EQ(slice.quotes.level(Side::sell, 1, 2), level(100'030'000'000, 8));
    ASSERT_EQ(dataset->quality.quarantine().size(), 1U);
    const Error& bad = dataset->quality.quarantine()[0].error;
    EXPECT_EQ(bad.field, "bid_2");
    EXPECT_EQ(bad.value, "99.99");
    EXPECT_EQ(bad.rule, "must be below bid 99.99");
    EXPECT_EQ(bad.place.row, 3);
}

}  // namespace
}  // namespace slipcast::io
