#include "io/sound_group.hpp"

#include <gtest/gtest.h>

#include "slipcast/io/tape_files.hpp"
#include "support/scratch_folder.hpp"

namespace slipcast::io {
namespace {

using namespace market;
using detail::ColumnBuffers;
using detail::read_sound_group;
using detail::TapeFileIndex;

constexpr std::int64_t kSecond = 1'000'000'000;

Price price(std::int64_t units) {
    return Price::from_units(units);
}
Quantity size(std::int64_t units) {
    return Quantity::from_units(units);
}

TEST(SoundGroup, LevelsAreJudgedAsTheRuleForOneRowJudgesThem) {
    for (const Side side : {Side::buy, Side::sell}) {
        for (int code = 0; code < 5 * 4 * 5 * 4; ++code) {
            const BookLevel better{price(code % 5 - 1), size(code / 5 % 4 - 1)};
            const BookLevel level{price(code / 20 % 5 - 1), size(code / 100 % 4 - 1)};
            const bool is_sound = !broken_levels(side, std::vector{better, level}, true);
            // The touch itself is judged elsewhere; a row before and after must not hide the one between.
            const std::vector better_price{price(5), better.price, price(5)}, next{price(0), level.price, price(0)};
            const std::vector better_size{size(1), better.size, size(1)}, next_size{size(0), level.size, size(0)};
            EXPECT_EQ(detail::is_sound_level(side, better_price, better_size, next, next_size), is_sound)
                << sign(side) << ' ' << code;
        }
    }
}

struct Written {
    test::ScratchFolder folder;
    Names names;
    QuoteTable quotes;
    TradeTable trades;

    explicit Written(std::size_t levels, std::int64_t rows = 200'000) {
        const VenueId venues[] = {names.venues.intern("XNYS"), VenueId::none(), names.venues.intern("ARCX")};
        quotes.depth.resize(levels - 1);
        for (std::int64_t i = 0; i < rows; ++i) {
            const Timestamp time = Timestamp::from_ns(i / 3 * kSecond);
            quotes.push(time, price(1000 + i % 7), price(1010 + i % 5), size(1 + i % 3), size(i % 4));
            std::vector<BookLevel> bids, asks;
            for (std::int64_t level = 1; level < static_cast<std::int64_t>(levels) - i % 2; ++level) {
                bids.push_back({price(1000 + i % 7 - level), size(level)});
                asks.push_back({price(1010 + i % 5 + level), size(level + 1)});
            }
            quotes.push_depth(bids, asks);
            trades.push(time, price(1005), size(i), TradeFlags{static_cast<std::uint16_t>(i % 512)}, venues[i % 3],
                        static_cast<std::int8_t>(i % 3 - 1));
        }
        const auto writer = TapeWriter::create(folder.path()).value();
        EXPECT_TRUE(writer->append("A", quotes.view(), trades.view(), {}, false, names));
        EXPECT_TRUE(writer->finish());
    }
    [[nodiscard]] TapeFileIndex index(const std::string& table) const {
        const std::string shown = table + "/A.parquet";
        return detail::read_tape_index(folder.path() / shown, shown).value();
    }
};

template <typename T>
void expect_part(std::span<const T> read, const std::vector<T>& wrote, std::size_t first) {
    ASSERT_LE(first + read.size(), wrote.size());
    EXPECT_TRUE(std::equal(read.begin(), read.end(), wrote.begin() + static_cast<std::ptrdiff_t>(first)));
}

TEST(SoundGroup, ReadsEveryGroupThatTheWriterWrites) {
    const auto buffers = std::make_shared<ColumnBuffers>();
    for (const std::size_t levels : {1U, 2U, 4U}) {
        const Written written(levels);
        const TapeFileIndex quotes = written.index("quotes");
        std::size_t row = 0;
        for (int at = 0; at < static_cast<int>(quotes.groups.size()); ++at) {
            const auto group = read_sound_group(quotes, at, written.names.venues, *buffers);
            ASSERT_TRUE(group) << levels << ' ' << at;
            expect_part(group->quotes.time, written.quotes.time, row);
            expect_part(group->quotes.bid, written.quotes.bid, row);
            expect_part(group->quotes.ask_size, written.quotes.ask_size, row);
            ASSERT_EQ(group->quotes.levels(), levels);
            for (std::size_t i = 0; i + 1 < levels; ++i) {
                expect_part(group->quotes.depth[i].ask, written.quotes.depth[i].ask, row);
                expect_part(group->quotes.depth[i].bid_size, written.quotes.depth[i].bid_size, row);
            }
            row += group->quotes.size();
        }
        EXPECT_EQ(row, written.quotes.time.size());
        const TapeFileIndex trades = written.index("trades");
        const auto group = read_sound_group(trades, 1, written.names.venues, *buffers);
        ASSERT_TRUE(group);
        const std::size_t first = written.trades.time.size() - group->trades.count();
        expect_part(group->trades.size, written.trades.size, first);
        expect_part(group->trades.flags, written.trades.flags, first);
        expect_part(group->trades.venue, written.trades.venue, first);
        expect_part(group->trades.aggressor, written.trades.aggressor, first);
    }
}

TEST(SoundGroup, LeavesWhatIsNotAsWrittenToTheGeneralDecoder) {
    const auto buffers = std::make_shared<ColumnBuffers>();
    const Written written(1, 1000);
    TapeFileIndex quotes = written.index("quotes");
    ASSERT_TRUE(read_sound_group(quotes, 0, written.names.venues, *buffers));
    quotes.metadata.symbol = "B";
    EXPECT_FALSE(read_sound_group(quotes, 0, written.names.venues, *buffers)) << "rows of another symbol";
    EXPECT_FALSE(read_sound_group(written.index("trades"), 0, NamePool<VenueId>{}, *buffers)) << "unknown venues";
    TapeFileIndex missing = written.index("quotes");
    missing.file = written.folder.path() / "none.parquet";
    EXPECT_FALSE(read_sound_group(missing, 0, written.names.venues, *buffers));
}

TEST(SoundGroup, ABufferIsUsedAgainOnceNobodyHoldsIt) {
    const auto buffers = std::make_shared<ColumnBuffers>();
    const auto held = buffers->take(1000);
    const void* first = nullptr;
    {
        const auto other = buffers->take(1000);
        EXPECT_NE(other->data(), held->data());
        first = other->data();
    }
    EXPECT_EQ(buffers->take(900)->data(), first);
    EXPECT_NE(buffers->take(100)->data(), first) << "far too large for so little";
}

TEST(TapeFiles, ForwardWindowsEndWhereARowGroupEnds) {
    const Written written(1);
    Names names;
    const auto tape = open_tape(written.folder.path(), names).value();
    const InstrumentId id = names.symbols.find("A");
    const TapeFileIndex quotes = written.index("quotes");
    ASSERT_EQ(quotes.groups.size(), 2U);
    const Timestamp edge = quotes.groups[1].begin;
    EXPECT_EQ(tape->window_end(id, edge - Duration{1}, edge + Duration{9}), edge);
    EXPECT_EQ(tape->window_end(id, edge - Duration{9}, edge - Duration{1}), edge - Duration{1});
    EXPECT_EQ(tape->window_end(id, edge, Timestamp::max()), Timestamp::max());
    EXPECT_EQ(tape->window_end(InstrumentId::none(), edge, edge + Duration{1}), edge + Duration{1});
}

}  // namespace
}  // namespace slipcast::io
