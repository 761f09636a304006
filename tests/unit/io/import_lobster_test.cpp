#include <gtest/gtest.h>

#include <numeric>

#include "slipcast/io/io.hpp"
#include "support/scratch_folder.hpp"
#include "support/shared_data.hpp"
#include "support/zip_file.hpp"

namespace slipcast::io {
namespace {

using namespace market;

constexpr TimeRange kAllTime{Timestamp::min(), Timestamp::max()};
using Lines = std::vector<std::string>;

std::string text_of(const Lines& lines) {
    return std::accumulate(lines.begin(), lines.end(), std::string(),
                           [](const std::string& all, const std::string& line) { return all + line + "\n"; });
}

/// One side's level in the source's own units, and none.
const std::string kNoAsk = "9999999999,0";
const std::string kNoBid = "-9999999999,0";

/// Ten messages of a young book and the two best levels after each.
const Lines kMessages{
    "34200.1,1,101,100,1000000,1",          // a buyer joins
    "34200.1,1,102,200,1000100,-1",         // a seller, at the same instant
    "34200.2,1,103,50,1000200,-1",          // another behind
    "34200.3,4,102,30,1000100,-1",          // the first seller's order executes: a buyer took it
    "34200.3,5,0,40,1000050,1",             // a hidden buyer inside the spread is hit
    "34200.4,2,102,70,1000100,-1",          // part of the first seller's order is cancelled
    "34200.500000001,3,103,50,1000200,-1",  // the second seller leaves
    "34200.6,7,0,0,-1,-1",                  // halt
    "34201.6,7,0,0,0,-1",                   // quotes resume
    "34202.6,7,0,0,1,-1",                   // trading resumes
};
const std::string kLast = "1000100,100,1000000,100," + kNoAsk + "," + kNoBid;
const Lines kBook{
    kNoAsk + ",1000000,100," + kNoAsk + "," + kNoBid,
    "1000100,200,1000000,100," + kNoAsk + "," + kNoBid,
    "1000100,200,1000000,100,1000200,50," + kNoBid,
    "1000100,170,1000000,100,1000200,50," + kNoBid,
    "1000100,170,1000000,100,1000200,50," + kNoBid,
    "1000100,100,1000000,100,1000200,50," + kNoBid,
    kLast,
    kLast,
    kLast,
    kLast,
};

class LobsterImportTest : public testing::Test {
protected:
    std::string name(const char* half, const char* date = "2012-06-21", int levels = 2) const {
        return std::string("XYZ_") + date + "_34200000_57600000_" + half + "_" + std::to_string(levels) + ".csv";
    }
    void add(const Lines& messages, const Lines& book, const char* date = "2012-06-21") {
        folder.write("in/" + name("message", date), text_of(messages));
        folder.write("in/" + name("orderbook", date), text_of(book));
    }
    Result<QualityReport> imported(LobsterOptions options = {}) const {
        std::filesystem::remove_all(folder.path() / "out");
        return import_lobster({folder.path() / "in"}, folder.path() / "out", options);
    }
    void import(LobsterOptions options = {}) {
        auto report = imported(options);
        ASSERT_TRUE(report) << report.error().message();
        quality = *report;
        auto opened = open_dataset(folder.path() / "out");
        ASSERT_TRUE(opened) << opened.error().message();
        dataset = *opened;
        slice = dataset.tape->load(dataset.names.symbols.find("XYZ"), kAllTime).value();
    }
    /// The refusal of two files.
    Error refusal(const Lines& messages, const Lines& book) {
        add(messages, book);
        const auto report = imported();
        EXPECT_FALSE(report) << "accepted";
        EXPECT_FALSE(std::filesystem::exists(folder.path() / "out/quotes/XYZ.parquet"));
        return report ? Error{} : report.error();
    }

    test::ScratchFolder folder;
    QualityReport quality;
    Dataset dataset;
    TapeSlice slice;
};

Lines with(Lines lines, std::size_t row, const std::string& line) {
    lines.at(row - 1) = line;
    return lines;
}

TEST_F(LobsterImportTest, AQuoteIsTheBookAfterAMessageThatChangedIt) {
    add(kMessages, kBook);
    import();
    const QuoteColumns& quotes = slice.quotes;
    ASSERT_EQ(quotes.size(), 6U) << "hidden executions and halts leave the book alone";
    ASSERT_EQ(quotes.levels(), 2U);
    EXPECT_EQ(quotes.time[0].to_string(), "2012-06-21T13:30:00.100Z") << "daylight time: UTC-4";
    EXPECT_EQ(quotes.time[1], quotes.time[0]) << "ties keep the file's order";
    EXPECT_EQ(quotes.time[5].to_string(), "2012-06-21T13:30:00.500000001Z");
    EXPECT_EQ(quotes.bid[0].to_string(), "100.00");
    EXPECT_EQ(quotes.ask[0], Price{}) << "nobody offers: absent, not 999,999.9999";
    EXPECT_EQ(quotes.ask_size[0], Quantity{});
    EXPECT_EQ(quotes.ask[1].to_string(), "100.01");
    EXPECT_EQ(quotes.level(Side::sell, 2, 2),
              (BookLevel{Price::from_units(100'020'000'000), Quantity::from_units(50)}));
    EXPECT_FALSE(quotes.level(Side::buy, 2, 2).is_there());
    EXPECT_FALSE(quotes.level(Side::sell, 5, 2).is_there());
}

TEST_F(LobsterImportTest, TheAggressorIsTheOtherSideOfTheRestingOrder) {
    add(kMessages, kBook);
    import();
    ASSERT_EQ(slice.trades.count(), 2U);
    EXPECT_EQ(slice.trades.aggressor[0], 1) << "a resting sell order was bought";
    EXPECT_EQ(slice.trades.price[0].to_string(), "100.01");
    EXPECT_EQ(slice.trades.size[0], Quantity::from_units(30));
    EXPECT_EQ(slice.trades.flags[0], kRegularTrade);
    EXPECT_EQ(slice.trades.aggressor[1], -1) << "a hidden buy order was hit";
    EXPECT_TRUE(slice.trades.flags[1].has(TradeFlag::hidden));
    EXPECT_TRUE(slice.trades.flags[1].has(TradeFlag::in_vwap));
    EXPECT_EQ(dataset.names.venues.name(slice.trades.venue[0]), "XNAS");
    EXPECT_EQ(slice.trades.time[0], slice.quotes.time[3]) << "print and quote of one message share its time";
}

TEST_F(LobsterImportTest, AHaltLastsUntilTradingResumes) {
    add(kMessages, kBook);
    import();
    ASSERT_EQ(dataset.events.size(), 1U);
    const MarketEvent& halt = dataset.events[0];
    EXPECT_EQ(halt.kind, MarketEventKind::halt);
    EXPECT_EQ(halt.instrument, dataset.names.symbols.find("XYZ"));
    EXPECT_EQ(halt.window.begin.to_string(), "2012-06-21T13:30:00.600Z");
    EXPECT_EQ(halt.window.end.to_string(), "2012-06-21T13:30:02.600Z") << "not when quotes resume, a second before";
}

TEST_F(LobsterImportTest, AHaltWithoutAnEndLastsToTheCloseAndOneWithoutABeginFromTheOpen) {
    add({kMessages.begin(), kMessages.end() - 2}, {kBook.begin(), kBook.end() - 2});
    import();
    ASSERT_EQ(dataset.events.size(), 1U);
    EXPECT_EQ(dataset.events[0].window.end.to_string(), "2012-06-21T20:00:00Z");
    add({"36000,7,0,0,0,-1", "36060,7,0,0,1,-1"}, {kLast, kLast});
    import();
    ASSERT_EQ(dataset.events.size(), 1U);
    EXPECT_EQ(dataset.events[0].window.begin.to_string(), "2012-06-21T13:30:00Z");
    EXPECT_EQ(dataset.events[0].window.end.to_string(), "2012-06-21T14:01:00Z");
}

TEST_F(LobsterImportTest, CrossesAreAuctionsByTypeAndReopeningsAreNot) {
    add({"34200.5,6,-1,5000,1000000,0", "40000,7,0,0,-1,-1", "40300,6,-1,700,1000000,-1", "40300.1,7,0,0,1,-1",
         "57600.2,6,-1,9000,1000000,1", "57600.3,6,-1,0,0,1"},
        Lines(6, kLast));
    import();
    ASSERT_EQ(slice.trades.count(), 3U) << "a cross of nothing is no trade";
    EXPECT_EQ(slice.trades.flags[0].bits, 3 | 4);
    EXPECT_EQ(slice.trades.flags[1].bits, 3) << "ends a halt";
    EXPECT_EQ(slice.trades.flags[2].bits, 3 | 8);
    for (const std::int8_t aggressor : slice.trades.aggressor) EXPECT_EQ(aggressor, 0);
}

TEST_F(LobsterImportTest, FromMid2014HiddenExecutionsHaveNoSide) {
    const Lines messages{"34200.1,5,0,40,1000050,1"};
    add(messages, {kLast}, "2014-07-11");
    add(messages, {kLast}, "2014-07-14");
    import();
    ASSERT_EQ(slice.trades.count(), 2U);
    EXPECT_EQ(slice.trades.aggressor[0], -1);
    EXPECT_EQ(slice.trades.aggressor[1], 0) << "Nasdaq reports each as a buy order's";
    ASSERT_EQ(quality.degradations().size(), 1U);
    EXPECT_EQ(quality.degradations()[0].rows, 1);
}

TEST_F(LobsterImportTest, WinterTimeAndHalfDaysComeFromTheCalendar) {
    add({"34200.1,5,0,40,1000050,1"}, {kLast}, "2012-11-23");
    import();
    EXPECT_EQ(slice.trades.time[0].to_string(), "2012-11-23T14:30:00.100Z");
    ASSERT_EQ(dataset.sessions.all().size(), 1U);
    EXPECT_TRUE(dataset.sessions.all()[0].half_day);
    EXPECT_EQ(dataset.sessions.all()[0].close.to_string(), "2012-11-23T18:00:00Z");
}

TEST_F(LobsterImportTest, FewerLevelsMakeASmallerTapeAndFewerQuotes) {
    add(kMessages, kBook);
    LobsterOptions options;
    options.levels = 1;
    import(options);
    EXPECT_EQ(slice.quotes.levels(), 1U);
    EXPECT_EQ(slice.quotes.size(), 4U) << "rows whose touch stayed are no news";
    EXPECT_EQ(slice.quotes.ask_size[3], Quantity::from_units(100));
}

TEST_F(LobsterImportTest, ProvenanceReconcilesToTheFiles) {
    add(kMessages, kBook);
    import();
    EXPECT_EQ(
        dataset.provenance.at("lobster.XYZ 2012-06-21"),
        "10 messages: 3 submissions, 1 partial cancels, 1 deletions, 1 visible and 1 hidden executions, 0 crosses, "
        "3 halt messages; 6 quotes where the book changed; 0 of 9 checked rows do not follow from their message");
    ASSERT_GE(quality.tables().size(), 2U);
    EXPECT_EQ(quality.tables()[0].table, "messages");
    EXPECT_EQ(quality.tables()[0].accepted, 10);
    EXPECT_EQ(quality.tables()[1].table, "orderbook");
    EXPECT_EQ(quality.tables()[1].accepted, 10);
}

TEST_F(LobsterImportTest, ZippedPairsReadTheSame) {
    add(kMessages, kBook);
    import();
    const std::string plain = test::ScratchFolder::bytes_of(folder.path() / "out/quotes/XYZ.parquet");
    std::filesystem::remove_all(folder.path() / "in");
    folder.write("in/m.zip", test::zip_of(name("message"), text_of(kMessages)));
    folder.write("in/o.zip", test::zip_of("deep/" + name("orderbook"), text_of(kBook)));
    folder.write("in/notes.txt", "left alone");
    import();
    EXPECT_EQ(test::ScratchFolder::bytes_of(folder.path() / "out/quotes/XYZ.parquet"), plain);
}

TEST_F(LobsterImportTest, FilesThatAreCutOrShiftedAreRefused) {
    const Error cut = refusal(kMessages, {kBook.begin(), kBook.end() - 3});
    EXPECT_EQ(cut.field, "rows");
    EXPECT_EQ(cut.value, "10 messages, 7 orderbook rows");
    EXPECT_EQ(cut.place.file, name("orderbook"));
    EXPECT_EQ(refusal({kMessages.begin(), kMessages.begin() + 4}, kBook).value, "4 messages, 10 orderbook rows");
    // The first message is lost and the last book row too: as many rows, each beside the wrong one.
    const Error shifted = refusal({kMessages.begin() + 1, kMessages.begin() + 7}, {kBook.begin(), kBook.begin() + 6});
    EXPECT_EQ(shifted.field, "rows");
    EXPECT_NE(shifted.rule.find("shifted"), std::string::npos);
    const Error levels = refusal(kMessages, Lines(10, "1000100,100,1000000,100"));
    EXPECT_EQ(levels.rule, "must have 8 fields, has 4: the name says 2 levels");
    EXPECT_EQ(levels.place.file, name("orderbook"));
}

TEST_F(LobsterImportTest, ABookThatItsMessageDoesNotExplainIsKeptAndFlagged) {
    add(kMessages, with(kBook, 6, "1000100,90,1000000,100,1000200,50," + kNoBid));
    import();
    EXPECT_EQ(quality.quarantined(), 0);
    ASSERT_EQ(quality.rules().size(), 1U);
    EXPECT_EQ(quality.rules()[0].count, 1);
    EXPECT_EQ(quality.rules()[0].examples[0].error.place.row, 6);
    EXPECT_EQ(slice.quotes.ask_size[4], Quantity::from_units(90));
}

TEST_F(LobsterImportTest, HalfAPairAStrangerAndADoubleAreRefusedByName) {
    folder.write("in/" + name("message"), text_of(kMessages));
    EXPECT_EQ(imported().error().rule, "has no orderbook file beside it");
    EXPECT_EQ(imported().error().value, name("message"));
    folder.write("in/" + name("orderbook", "2012-06-21", 3), text_of(kBook));
    EXPECT_EQ(imported().error().rule, "another file of this day has other levels");
    std::filesystem::remove(folder.path() / "in" / name("orderbook", "2012-06-21", 3));
    folder.write("in/" + name("orderbook"), text_of(kBook));
    folder.write("in/again.zip", test::zip_of(name("message"), text_of(kMessages)));
    EXPECT_EQ(imported().error().rule, "this day is given twice");
    const auto stranger = folder.write("XYZ_message.csv", "");
    EXPECT_EQ(import_lobster({stranger}, folder.path() / "out").error().field, "file");
    EXPECT_EQ(import_lobster({}, folder.path() / "out").error().field, "sources");
    EXPECT_EQ(import_lobster({folder.path() / "gone.csv"}, folder.path() / "out").error().code, ErrorCode::not_found);
    folder.write("empty/notes.txt", "");
    EXPECT_EQ(import_lobster({folder.path() / "empty"}, folder.path() / "out").error().code, ErrorCode::not_found);
}

// A corpus: one line spoiled at a time. Exactly that line is quarantined under the right field, in file and row.
TEST_F(LobsterImportTest, EachSpoiledLineIsQuarantinedUnderItsFieldAndPlace) {
    struct Spoiled {
        const char* field;
        std::string line;
    };
    const std::size_t row = 4;
    const Spoiled messages[] = {
        {"row", ""},
        {"row", "34200.3,4,102,30,1000100"},
        {"row", "34200.3,4,102,30,1000100,-1,null,x"},
        {"time", "x,4,102,30,1000100,-1"},
        {"time", "-1,4,102,30,1000100,-1"},
        {"time", "86400,4,102,30,1000100,-1"},
        {"time", "34200.3000000001,4,102,30,1000100,-1"},
        {"time", "34200.05,4,102,30,1000100,-1"},  // before the row above
        {"type", "34200.3,0,102,30,1000100,-1"},
        {"type", "34200.3,8,102,30,1000100,-1"},
        {"order_id", "34200.3,4,1.5,30,1000100,-1"},
        {"size", "34200.3,4,102,0,1000100,-1"},
        {"size", "34200.3,4,102,-30,1000100,-1"},
        {"price", "34200.3,4,102,30,0,-1"},
        {"price", "34200.3,4,102,30,100.01,-1"},
        {"price", "34200.3,4,102,30,9999999999,-1"},
        {"price", "34200.3,7,0,0,2,-1"},
        {"direction", "34200.3,4,102,30,1000100,0"},
        {"direction", "34200.3,4,102,30,1000100,S"},
    };
    for (const Spoiled& spoiled : messages) {
        add(with(kMessages, row, spoiled.line), kBook);
        import();
        ASSERT_EQ(quality.quarantine().size(), 2U) << spoiled.line;
        EXPECT_EQ(quality.quarantine()[0].table, "messages");
        EXPECT_EQ(quality.quarantine()[0].error.field, spoiled.field) << spoiled.line;
        EXPECT_EQ(quality.quarantine()[0].error.place.file, name("message"));
        EXPECT_EQ(quality.quarantine()[0].error.place.row, 4);
        EXPECT_EQ(quality.quarantine()[1].error.rule, "its message is quarantined") << "its book has no time";
        EXPECT_EQ(slice.trades.count(), 1U);
    }
    const Spoiled books[] = {
        {"row", "1000100,170,1000000,100,1000200,50"},
        {"ask", "100.01,170,1000000,100,1000200,50," + kNoBid},
        {"ask", "-1000100,170,1000000,100,1000200,50," + kNoBid},
        {"ask_size", "1000100,0,1000000,100,1000200,50," + kNoBid},
        {"ask_size", "9999999999,5,1000000,100,1000200,50," + kNoBid},
        {"ask_2", "1000100,170,1000000,100,1000100,50," + kNoBid},
        {"ask_2", kNoAsk + ",1000000,100,1000200,50," + kNoBid},
        {"bid_2", "1000100,170,1000000,100,1000200,50,1000001,5"},
        {"bid_size_2", "1000100,170,1000000,100,1000200,50,999900,x"},
        {"bid_size", "1000100,170,1000000,-100,1000200,50," + kNoBid},
    };
    for (const Spoiled& spoiled : books) {
        add(kMessages, with(kBook, row, spoiled.line));
        import();
        ASSERT_EQ(quality.quarantine().size(), 1U) << spoiled.line;
        EXPECT_EQ(quality.quarantine()[0].table, "orderbook");
        EXPECT_EQ(quality.quarantine()[0].error.field, spoiled.field) << spoiled.line;
        EXPECT_EQ(quality.quarantine()[0].error.place.file, name("orderbook"));
        EXPECT_EQ(quality.quarantine()[0].error.place.row, 4);
        EXPECT_EQ(slice.trades.count(), 2U) << "the message is sound";
        EXPECT_EQ(slice.quotes.size(), 6U) << "the row after shows the same book";
    }
}

TEST_F(LobsterImportTest, TimesThroughBinaryFloatingPointAreRoundedToTheNanosecond) {
    // So the source itself writes one row of its sample of AMZN.
    add({"43002.632812672004,5,0,40,1000050,1"}, {kLast});
    import();
    EXPECT_EQ(slice.trades.time[0].to_string(), "2012-06-21T15:56:42.632812672Z");
}

TEST_F(LobsterImportTest, AParticipantFieldIsTakenAndLineEndingsOfWindowsToo) {
    Lines messages = kMessages;
    for (std::string& line : messages) line += ",null\r";
    add(messages, kBook);
    import();
    EXPECT_EQ(quality.quarantined(), 0);
    EXPECT_EQ(slice.quotes.size(), 6U);
}

TEST(LobsterFiles, RealDaysReconcileToTheLastShare) {
    SLIPCAST_SHARED_DATA_OR_SKIP(data, "lobster-lob-2012");
    const test::ScratchFolder folder;
    const auto quality = import_lobster({data}, folder.path());
    ASSERT_TRUE(quality) << quality.error().message();
    EXPECT_EQ(quality->quarantined(), 0);
    EXPECT_EQ(quality->flagged(), 0) << "every row's book follows from its message; none is crossed or locked";
    const auto dataset = open_dataset(folder.path());
    ASSERT_TRUE(dataset);
    struct Day {
        const char* symbol;
        std::size_t levels;
        std::int64_t messages, visible, hidden, shares;
        double spread;
    };
    for (const Day& day : {Day{"AAPL", 1, 118'497, 23'658, 11'332, 2'850'140, 0.155},
                           Day{"AMZN", 5, 155'935, 8'974, 2'445, 810'755, 0.135}}) {
        const std::string& counts = dataset->provenance.at(std::string("lobster.") + day.symbol + " 2012-06-21");
        EXPECT_TRUE(counts.starts_with(std::to_string(day.messages) + " messages")) << counts;
        const TapeSlice slice = dataset->tape->load(dataset->names.symbols.find(day.symbol), kAllTime).value();
        std::int64_t hidden = 0, shares = 0;
        for (std::size_t i = 0; i < slice.trades.count(); ++i) {
            hidden += slice.trades.flags[i].has(TradeFlag::hidden) ? 1 : 0;
            shares += slice.trades.size[i].units();
        }
        EXPECT_EQ(hidden, day.hidden);
        EXPECT_EQ(static_cast<std::int64_t>(slice.trades.count()) - hidden, day.visible);
        EXPECT_EQ(shares, day.shares);
        EXPECT_EQ(slice.quotes.levels(), day.levels);
        EXPECT_EQ(slice.quotes.time[0].to_string().substr(0, 19), "2012-06-21T13:30:00");
        // A visible execution takes from the best price of its side as of the quote before it.
        std::size_t quote = 0, at_touch = 0;
        for (std::size_t i = 0; i < slice.trades.count(); ++i) {
            if (slice.trades.flags[i].has(TradeFlag::hidden)) continue;
            while (quote + 1 < slice.quotes.size() && slice.quotes.time[quote + 1] < slice.trades.time[i]) ++quote;
            const Price touch = slice.trades.aggressor[i] > 0 ? slice.quotes.ask[quote] : slice.quotes.bid[quote];
            if (slice.trades.price[i] == touch) ++at_touch;
        }
        EXPECT_GT(static_cast<double>(at_touch), 0.85 * static_cast<double>(day.visible))
            << "with the direction read as the aggressor's, almost none would be";
    }
}

}  // namespace
}  // namespace slipcast::io
