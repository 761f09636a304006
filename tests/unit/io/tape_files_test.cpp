#include "slipcast/io/tape_files.hpp"

#include <arrow/memory_pool.h>
#include <gtest/gtest.h>

#include <thread>

#include "support/scratch_folder.hpp"

namespace slipcast::io {
namespace {

using namespace market;

constexpr std::int64_t kSecond = 1'000'000'000;

struct Rows {
    Names names;
    QuoteTable quotes;
    TradeTable trades;
};

/// A quote a second with ties every tenth row, a trade every other second.
Rows rows_of(std::int64_t count, std::int64_t first = 0) {
    Rows rows;
    const VenueId venues[] = {rows.names.venues.intern("XNYS"), rows.names.venues.intern("ARCX"), VenueId::none()};
    for (std::int64_t i = first; i < first + count; ++i) {
        const Timestamp time = Timestamp::from_ns((i - (i % 10 == 9 ? 1 : 0)) * kSecond);
        rows.quotes.push(time, Price::from_units(i * 1000), Price::from_units(i * 1000 + 5),
                         Quantity::from_units(i % 7), Quantity::from_units(i % 11));
        if (i % 2 == 0) {
            rows.trades.push(time, Price::from_units(i * 1000 + 3), Quantity::from_units(i + 1),
                             TradeFlags{static_cast<std::uint16_t>(i % 512)}, venues[i % 3],
                             static_cast<std::int8_t>(i % 3 - 1));
        }
    }
    return rows;
}

Result<void> write(const std::filesystem::path& folder, const Rows& rows, const std::string& symbol,
                   const std::vector<FeedGap>& gaps = {}, bool indicative = false) {
    SLIPCAST_TRY(writer, TapeWriter::create(folder));
    SLIPCAST_CHECK(writer->append(symbol, rows.quotes.view(), rows.trades.view(), gaps, indicative, rows.names));
    return writer->finish();
}

void expect_same(const TapeSlice& slice, const QuoteColumns& quotes, const TradeColumns& trades, const Names& wrote,
                 const Names& read) {
    ASSERT_EQ(slice.quotes.size(), quotes.size());
    ASSERT_EQ(slice.trades.count(), trades.count());
    for (std::size_t i = 0; i < quotes.size(); ++i) {
        ASSERT_EQ(slice.quotes.time[i], quotes.time[i]);
        ASSERT_EQ(slice.quotes.bid[i], quotes.bid[i]);
        ASSERT_EQ(slice.quotes.ask[i], quotes.ask[i]);
        ASSERT_EQ(slice.quotes.bid_size[i], quotes.bid_size[i]);
        ASSERT_EQ(slice.quotes.ask_size[i], quotes.ask_size[i]);
    }
    for (std::size_t i = 0; i < trades.count(); ++i) {
        ASSERT_EQ(slice.trades.time[i], trades.time[i]);
        ASSERT_EQ(slice.trades.price[i], trades.price[i]);
        ASSERT_EQ(slice.trades.size[i], trades.size[i]);
        ASSERT_EQ(slice.trades.flags[i], trades.flags[i]);
        ASSERT_EQ(read.venues.name(slice.trades.venue[i]), wrote.venues.name(trades.venue[i]));
        ASSERT_EQ(slice.trades.aggressor[i], trades.aggressor[i]);
    }
}

TEST(TapeFiles, EveryWindowEqualsTheSameWindowInMemory) {
    const test::ScratchFolder folder;
    const std::int64_t count = 300'000;  // three row groups of quotes
    const Rows rows = rows_of(count);
    ASSERT_TRUE(write(folder.path(), rows, "BRK/B"));
    Names names;
    names.venues.intern("BATS");  // ids of the reader's own pool, not of the file's
    const auto tape = open_tape(folder.path(), names);
    ASSERT_TRUE(tape) << tape.error().message();
    const InstrumentId id = names.symbols.find("BRK/B");
    ASSERT_FALSE(id.is_none());
    const std::int64_t edges[] = {-5,      0,       7,       8,       9,     131'071,  131'072,
                                  131'073, 200'000, 262'143, 262'144, count, count + 9};
    for (const std::int64_t begin : edges) {
        for (const std::int64_t end : edges) {
            const TimeRange window{Timestamp::from_ns(begin * kSecond), Timestamp::from_ns(end * kSecond)};
            const auto slice = (*tape)->load(id, window);
            ASSERT_TRUE(slice) << slice.error().message();
            if (end < begin) {
                EXPECT_TRUE(slice->quotes.empty());
                continue;
            }
            expect_same(*slice, rows_within(rows.quotes.view(), window), rows_within(rows.trades.view(), window),
                        rows.names, names);
        }
    }
    const TimeRange extent = (*tape)->extent(id);
    EXPECT_EQ(extent.begin, rows.quotes.time.front());
    EXPECT_EQ(extent.end, rows.quotes.time.back() + Duration{1});
    EXPECT_EQ((*tape)->extent(InstrumentId::none()), TimeRange{});
    const auto unknown = (*tape)->load(names.symbols.intern("NONE"), extent);
    ASSERT_TRUE(unknown);
    EXPECT_TRUE(unknown->quotes.empty());
}

TEST(TapeFiles, GapsAndTheIndicativeMarkTravelWithTheFile) {
    const test::ScratchFolder folder;
    const FeedGap gap{Timestamp::from_ns(10 * kSecond), Timestamp::from_ns(20 * kSecond)};
    ASSERT_TRUE(write(folder.path(), rows_of(100), "SPY", {gap}, true));
    Names names;
    const auto tape = open_tape(folder.path(), names).value();
    const InstrumentId id = names.symbols.find("SPY");
    const auto inside = tape->load(id, {Timestamp::from_ns(15 * kSecond), Timestamp::from_ns(16 * kSecond)}).value();
    EXPECT_EQ(inside.gaps, std::vector{gap});
    EXPECT_TRUE(inside.quotes_indicative);
    const auto after = tape->load(id, {Timestamp::from_ns(20 * kSecond), Timestamp::from_ns(30 * kSecond)}).value();
    EXPECT_TRUE(after.gaps.empty());
}

TEST(TapeFiles, TheBytesDoNotDependOnHowRowsAreHandedOver) {
    const test::ScratchFolder folder;
    const Rows rows = rows_of(150'000);
    ASSERT_TRUE(write(folder.path() / "once", rows, "A"));
    auto writer = TapeWriter::create(folder.path() / "pieces").value();
    for (const auto& [begin, end] : {std::pair{0, 1}, {1, 77'777}, {77'777, 150'000}}) {
        const TimeRange window{Timestamp::from_ns(begin * kSecond), Timestamp::from_ns(end * kSecond)};
        ASSERT_TRUE(writer->append("A", rows_within(rows.quotes.view(), window),
                                   rows_within(rows.trades.view(), window), {}, false, rows.names));
    }
    EXPECT_TRUE(std::filesystem::is_empty(folder.path() / "pieces/quotes") ||
                !std::filesystem::exists(folder.path() / "pieces/quotes/A.parquet"))
        << "a file has its name before it is whole";
    ASSERT_TRUE(writer->finish());
    for (const char* table : {"quotes", "trades"}) {
        const std::string once = test::ScratchFolder::bytes_of(folder.path() / "once" / table / "A.parquet");
        ASSERT_FALSE(once.empty());
        EXPECT_EQ(once, test::ScratchFolder::bytes_of(folder.path() / "pieces" / table / "A.parquet")) << table;
    }
}

TEST(TapeFiles, AWriterThatIsNotFinishedLeavesNoFile) {
    const test::ScratchFolder folder;
    {
        auto writer = TapeWriter::create(folder.path()).value();
        const Rows rows = rows_of(200'000);
        ASSERT_TRUE(writer->append("A", rows.quotes.view(), rows.trades.view(), {}, false, rows.names));
    }
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path()))
        EXPECT_TRUE(entry.is_directory()) << entry.path();
}

TEST(TapeFiles, RefusesRowsOutOfOrderAndASecondRunOfASymbol) {
    const test::ScratchFolder folder;
    auto writer = TapeWriter::create(folder.path()).value();
    const Rows late = rows_of(10, 100), early = rows_of(10, 50);
    ASSERT_TRUE(writer->append("A", late.quotes.view(), {}, {}, false, late.names));
    const auto backwards = writer->append("A", early.quotes.view(), {}, {}, false, early.names);
    ASSERT_FALSE(backwards);
    EXPECT_EQ(backwards.error().code, ErrorCode::inconsistent);
    EXPECT_EQ(backwards.error().field, "time");
    EXPECT_EQ(backwards.error().place.time, "1970-01-01T00:00:50Z");
    ASSERT_TRUE(writer->append("B", early.quotes.view(), {}, {}, false, early.names));
    const auto again = writer->append("A", late.quotes.view(), {}, {}, false, late.names);
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().field, "symbol");
    EXPECT_EQ(again.error().value, "A");
}

TEST(TapeFiles, ReadingStaysWithinTheStatedMemory) {
    const test::ScratchFolder folder;
    {
        auto writer = TapeWriter::create(folder.path()).value();
        for (std::int64_t first = 0; first < 3'000'000; first += 500'000) {
            const Rows rows = rows_of(500'000, first);
            ASSERT_TRUE(writer->append("A", rows.quotes.view(), {}, {}, false, rows.names));
        }
        ASSERT_TRUE(writer->finish());
    }
    Names names;
    const auto tape = open_tape(folder.path(), names).value();
    const InstrumentId id = names.symbols.find("A");
    const std::int64_t before = arrow::default_memory_pool()->bytes_allocated();
    std::int64_t peak = 0;
    std::size_t rows = 0;
    for (std::int64_t begin = 0; begin < 3'000'000; begin += 10'000) {
        const auto slice =
            tape->load(id, {Timestamp::from_ns(begin * kSecond), Timestamp::from_ns((begin + 10'000) * kSecond)});
        ASSERT_TRUE(slice);
        rows += slice->quotes.size();
        peak = std::max(peak, arrow::default_memory_pool()->bytes_allocated() - before);
    }
    EXPECT_EQ(rows, 3'000'000U);
    // Windows run forward: the group in use, the one before it and the two buffers kept, of five 8-byte columns each.
    const std::int64_t group = std::int64_t{131'072} * 40;
    EXPECT_LE(peak, 4 * group);
    EXPECT_GE(peak, group) << "nothing was measured";
    EXPECT_LT(peak, std::int64_t{3'000'000} * 44) << "the whole tape was held";
}

TEST(TapeFiles, ManyThreadsReadTheSameRows) {
    const test::ScratchFolder folder;
    const Rows rows = rows_of(300'000);
    ASSERT_TRUE(write(folder.path(), rows, "A"));
    Names names;
    const auto tape = open_tape(folder.path(), names).value();
    const InstrumentId id = names.symbols.find("A");
    std::vector<std::int64_t> sums(8, 0);
    std::vector<std::thread> threads;
    for (std::size_t t = 0; t < sums.size(); ++t) {
        threads.emplace_back([&, t] {
            for (std::int64_t begin = 0; begin < 300'000; begin += 50'000) {
                const auto slice = tape->load(
                    id, {Timestamp::from_ns(begin * kSecond), Timestamp::from_ns((begin + 50'000) * kSecond)});
                if (!slice) return;
                for (const Price bid : slice->quotes.bid) sums[t] += bid.units();
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    std::int64_t expected = 0;
    for (const Price bid : rows.quotes.bid) expected += bid.units();
    for (const std::int64_t sum : sums) EXPECT_EQ(sum, expected);
}

TEST(TapeFiles, RefusesAFileWhoseFooterIsNotTheWriters) {
    const test::ScratchFolder folder;
    folder.write("quotes/A.parquet", "not a Parquet file");
    Names names;
    const auto tape = open_tape(folder.path(), names);
    ASSERT_FALSE(tape);
    EXPECT_EQ(tape.error().code, ErrorCode::malformed);
    EXPECT_EQ(tape.error().place.file, "quotes/A.parquet");
}

}  // namespace
}  // namespace slipcast::io
