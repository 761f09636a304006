#include <gtest/gtest.h>

#include <cstdio>

#include "slipcast/io/io.hpp"
#include "support/scratch_folder.hpp"
#include "support/shared_data.hpp"
#include "support/zip_file.hpp"

namespace slipcast::io {
namespace {

using namespace market;

constexpr TimeRange kAllTime{Timestamp::min(), Timestamp::max()};

/// A tree of hand-made days, imported and opened again.
class LeanImportTest : public testing::Test {
protected:
    void add(const std::string& name, const std::string& rows) {
        folder.write("in/" + name, test::zip_of("rows.csv", rows));
    }
    void import() {
        auto imported = import_lean(folder.path() / "in", folder.path() / "out");
        ASSERT_TRUE(imported) << imported.error().message();
        quality = *imported;
        auto opened = open_dataset(folder.path() / "out");
        ASSERT_TRUE(opened) << opened.error().message();
        dataset = *opened;
    }
    TapeSlice slice(const char* symbol) {
        return dataset.tape->load(dataset.names.symbols.find(symbol), kAllTime).value();
    }
    std::string refusal() {
        const auto imported = import_lean(folder.path() / "in", folder.path() / "out");
        return imported ? "accepted" : imported.error().message();
    }
    /// The one quarantined row's finding.
    const Error& only_finding() {
        EXPECT_EQ(quality.quarantine().size(), 1U);
        static const Error kNone;
        return quality.quarantine().empty() ? kNone : quality.quarantine().front().error;
    }

    test::ScratchFolder folder;
    QualityReport quality;
    Dataset dataset;
};

// 09:30:00.000 in New York is 34,200,000 ms after midnight.
constexpr const char* kTrade = "34200000,491800,300,N,1,0\n";

TEST_F(LeanImportTest, QuotesAreTheLastBidWithTheLastAskWhoeverSetThem) {
    add("tick/aig/20131007_quote.zip",
        "34200000,491800,300,0,0,N,1,0\n"
        "34200000,0,0,492000,3000,P,1,0\n"
        "34200005,491900,200,0,0,Z,1,0\n"
        "34200007,0,0,492100,100,N,1,0\n");
    import();
    const TapeSlice tape = slice("AIG");
    ASSERT_EQ(tape.quotes.size(), 4U);
    EXPECT_EQ(tape.quotes.time[0].to_string(), "2013-10-07T13:30:00Z");  // daylight time: UTC-4
    EXPECT_EQ(tape.quotes.bid[0].to_string(), "49.18");
    EXPECT_EQ(tape.quotes.ask[0], Price{}) << "no ask is known yet: absent, not invented";
    EXPECT_EQ(tape.quotes.ask_size[0], Quantity{});
    EXPECT_EQ(tape.quotes.bid[3].to_string(), "49.19");
    EXPECT_EQ(tape.quotes.ask[3].to_string(), "49.21");
    EXPECT_EQ(tape.quotes.bid_size[3], Quantity::from_units(200));
    EXPECT_EQ(tape.quotes.ask_size[2], Quantity::from_units(3000));
    EXPECT_FALSE(tape.quotes_indicative);
}

TEST_F(LeanImportTest, NoQuoteIsCarriedOverTheNight) {
    add("tick/aig/20131007_quote.zip", "57600000,491800,300,492000,300,N,1,0\n");
    add("tick/aig/20131008_quote.zip", "34200000,500000,300,0,0,N,1,0\n");
    import();
    EXPECT_EQ(slice("AIG").quotes.ask[1], Price{});
}

TEST_F(LeanImportTest, DaylightSavingMovesTheUtcTimes) {
    add("tick/aig/20131101_trade.zip", kTrade);
    add("tick/aig/20131104_trade.zip", kTrade);
    import();
    EXPECT_EQ(slice("AIG").trades.time[0].to_string(), "2013-11-01T13:30:00Z");
    EXPECT_EQ(slice("AIG").trades.time[1].to_string(), "2013-11-04T14:30:00Z");
    ASSERT_EQ(dataset.sessions.all().size(), 2U);
    EXPECT_EQ(dataset.sessions.all()[0].open.to_string(), "2013-11-01T13:30:00Z");
    EXPECT_EQ(dataset.sessions.all()[1].close.to_string(), "2013-11-04T21:00:00Z");
}

TEST_F(LeanImportTest, HalfDaysCloseAtOneAndHolidaysHaveNoSession) {
    add("tick/aig/20131129_trade.zip", kTrade);  // the day after Thanksgiving
    add("tick/aig/20131225_trade.zip", kTrade);
    import();
    ASSERT_EQ(dataset.sessions.all().size(), 1U);
    EXPECT_TRUE(dataset.sessions.all()[0].half_day);
    EXPECT_EQ(dataset.sessions.all()[0].close.to_string(), "2013-11-29T18:00:00Z");
    EXPECT_EQ(only_finding().field, "date");
    EXPECT_EQ(only_finding().value, "2013-12-25");
}

TEST_F(LeanImportTest, ConditionsBecomeFlags) {
    struct Case {
        const char* row;
        std::uint16_t flags;
        const char* venue;
    };
    const Case cases[] = {
        {"34200000,491800,300,N,1,0", 3, "XNYS"},              // regular
        {"34200001,491800,300,N,0,0", 3, "XNYS"},              // no condition
        {"34200002,491800,300,D,20000020,0", 3 | 16, "FINR"},  // off exchange, intermarket sweep
        {"34200003,491800,300,N,40,0", 3 | 4, "XNYS"},         // opening print
        {"57600007,491800,300,N,80,0", 3 | 8, "XNYS"},         // closing print, after 16:00: by flag, not by clock
        {"57600008,491800,300,N,1000000,0", 0, "XNYS"},        // official close: no trade at all
        {"57600009,491800,300,P,2000,0", 1, "ARCX"},           // extended hours
        {"57600010,491800,300,P,4800,0", 1 | 32, "ARCX"},      // sold late and out of sequence
        {"57600011,491800,300,P,2000000,0", 1 | 32, "ARCX"},   // prior reference price
        {"57600012,491800,50,P,80000001,0", 1 | 64, "ARCX"},   // odd lot
        {"57600013,491800,300,D,20100200,0", 1 | 16, "FINR"},  // average price, derivatively priced
    };
    std::string rows;
    for (const Case& c : cases) rows += std::string(c.row) + "\n";
    add("tick/aig/20131007_trade.zip", rows);
    import();
    const TapeSlice tape = slice("AIG");
    ASSERT_EQ(tape.trades.count(), std::size(cases));
    for (std::size_t i = 0; i < std::size(cases); ++i) {
        EXPECT_EQ(tape.trades.flags[i].bits, cases[i].flags) << cases[i].row;
        EXPECT_EQ(dataset.names.venues.name(tape.trades.venue[i]), cases[i].venue) << cases[i].row;
    }
}

TEST_F(LeanImportTest, ExtendedHoursAreKept) {
    add("tick/aig/20131007_trade.zip", "14400000,491800,300,P,2000,0\n71999000,491900,100,P,2000,0\n");
    import();
    EXPECT_EQ(slice("AIG").trades.time[0].to_string(), "2013-10-07T08:00:00Z");
    EXPECT_EQ(slice("AIG").trades.time[1].to_string(), "2013-10-07T23:59:59Z");
}

TEST_F(LeanImportTest, CrossedAndLockedQuotesAreKeptAndFlagged) {
    add("tick/aig/20131007_quote.zip",
        "34200000,491800,300,492000,300,N,1,0\n"
        "34200001,492100,300,0,0,N,1,0\n"
        "34200002,492000,300,0,0,N,1,0\n");
    import();
    EXPECT_EQ(slice("AIG").quotes.size(), 3U);
    EXPECT_EQ(quality.flagged(), 2);
    EXPECT_EQ(quality.quarantined(), 0);
    EXPECT_EQ(quality.rules()[0].examples[0].error.place,
              (Place{"tick/aig/20131007_quote.zip", 2, "2013-10-07T13:30:00.001Z"}));
    EXPECT_EQ(dataset.quality.flagged(), 2) << "known again when the folder is opened";
}

TEST_F(LeanImportTest, SecondBarsStandInForQuotesStampedAtTheirEndAndIndicative) {
    add("second/spy/20131007_quote.zip",
        "34200000,1672700,1672800,1672600,1672700,100,1680000,1680000,1674100,1674100,600\n"
        "34201000,,,,,,1674100,1674100,1672600,1672600,200\n");
    add("tick/spy/20131007_trade.zip", kTrade);
    import();
    const TapeSlice tape = slice("SPY");
    ASSERT_EQ(tape.quotes.size(), 2U);
    EXPECT_TRUE(tape.quotes_indicative);
    EXPECT_EQ(tape.quotes.time[0].to_string(), "2013-10-07T13:30:01Z");
    EXPECT_EQ(tape.quotes.bid[0].to_string(), "167.27");
    EXPECT_EQ(tape.quotes.ask[0].to_string(), "167.41");
    EXPECT_EQ(tape.quotes.bid[1], Price{}) << "a side without a quote in the bar is absent";
    ASSERT_EQ(tape.trades.count(), 1U);
    EXPECT_EQ(tape.trades.time[0].to_string(), "2013-10-07T13:30:00Z") << "trades stay by tick";
    ASSERT_EQ(quality.degradations().size(), 1U);
    EXPECT_EQ(quality.degradations()[0].missing, "tick quotes of SPY");
    EXPECT_EQ(quality.degradations()[0].rows, 2);
}

TEST_F(LeanImportTest, MinuteBarsServeOnlyWhereNothingFinerIs) {
    add("minute/ibm/20131007_trade.zip", "34200000,1800000,1810000,1790000,1805000,1200\n");
    add("minute/aig/20131007_trade.zip", "34200000,1,1,1,1,1\n");
    add("tick/aig/20131007_trade.zip", kTrade);
    import();
    EXPECT_EQ(slice("IBM").trades.time[0].to_string(), "2013-10-07T13:31:00Z");
    EXPECT_EQ(slice("IBM").trades.price[0].to_string(), "180.50");
    EXPECT_EQ(slice("IBM").trades.size[0], Quantity::from_units(1200));
    EXPECT_EQ(slice("AIG").trades.price[0].to_string(), "49.18");
}

TEST_F(LeanImportTest, EveryBadLineIsQuarantinedWithItsFieldAndRow) {
    struct Case {
        const char* row;
        ErrorCode code;
        const char* field;
    };
    const Case cases[] = {
        {"34200001,491800,300,N,1,1", ErrorCode::invalid_value, "suspicious"},
        {"34200001,491800,300,N,1,2", ErrorCode::invalid_value, "suspicious"},
        {"34200001,491800,300,N,1", ErrorCode::malformed, "row"},
        {"34200001,491800,300,N,1,0,9", ErrorCode::malformed, "row"},
        {"", ErrorCode::malformed, "row"},
        {"-1,491800,300,N,1,0", ErrorCode::invalid_value, "time"},
        {"86400000,491800,300,N,1,0", ErrorCode::invalid_value, "time"},
        {"09:30,491800,300,N,1,0", ErrorCode::invalid_value, "time"},
        {"34199999,491800,300,N,1,0", ErrorCode::inconsistent, "time"},
        {"34200001,0,300,N,1,0", ErrorCode::invalid_value, "price"},
        {"34200001,-491800,300,N,1,0", ErrorCode::invalid_value, "price"},
        {"34200001,nan,300,N,1,0", ErrorCode::malformed, "price"},
        {"34200001,99999999999999999999,300,N,1,0", ErrorCode::out_of_range, "price"},
        {"34200001,491800,-300,N,1,0", ErrorCode::invalid_value, "size"},
        {"34200001,491800,1e400,N,1,0", ErrorCode::invalid_value, "size"},
        {"34200001,491800,300,?,1,0", ErrorCode::invalid_value, "exchange"},
        {"34200001,491800,300,NN,1,0", ErrorCode::invalid_value, "exchange"},
        {"34200001,491800,300,,1,0", ErrorCode::invalid_value, "exchange"},
        {"34200001,491800,300,N,xyz,0", ErrorCode::invalid_value, "condition"},
        {"34200001,491800,300,N,100000000,0", ErrorCode::invalid_value, "condition"},
    };
    std::string rows = kTrade;
    for (const Case& c : cases) rows += std::string(c.row) + "\n";
    rows += "34200002,491900,100,N,1,0";
    add("tick/aig/20131007_trade.zip", rows);
    import();
    ASSERT_EQ(quality.quarantine().size(), std::size(cases));
    for (std::size_t i = 0; i < std::size(cases); ++i) {
        const Error& error = quality.quarantine()[i].error;
        EXPECT_EQ(error.code, cases[i].code) << cases[i].row << ": " << error.message();
        EXPECT_EQ(error.field, cases[i].field) << cases[i].row;
        EXPECT_EQ(error.place.row, static_cast<std::int64_t>(i) + 2);
        EXPECT_EQ(error.place.file, "tick/aig/20131007_trade.zip");
        EXPECT_FALSE(error.rule.empty());
    }
    EXPECT_EQ(slice("AIG").trades.count(), 2U);
    EXPECT_EQ(quality.tables()[0].read, static_cast<std::int64_t>(std::size(cases)) + 2);
    EXPECT_EQ(quality.tables()[0].accepted, 2);
    // The rows left out stay with the imported tape, and with what is made from it.
    const auto same_rows_left_out = [&](const QualityReport& later) {
        ASSERT_EQ(later.quarantine().size(), quality.quarantine().size());
        for (std::size_t i = 0; i < quality.quarantine().size(); ++i) {
            EXPECT_EQ(later.quarantine()[i].table, quality.quarantine()[i].table);
            EXPECT_EQ(later.quarantine()[i].error, quality.quarantine()[i].error);
        }
        EXPECT_EQ(later.quarantined(), quality.quarantined());
    };
    same_rows_left_out(dataset.quality);
    std::filesystem::create_directories(folder.path() / "derived");
    std::filesystem::copy(folder.path() / "out/trades", folder.path() / "derived/trades",
                          std::filesystem::copy_options::recursive);
    ASSERT_TRUE(write_dataset(dataset, folder.path() / "derived"));
    const auto derived = open_dataset(folder.path() / "derived");
    ASSERT_TRUE(derived) << derived.error().message();
    same_rows_left_out(derived->quality);
}

TEST_F(LeanImportTest, DamagedArchivesAreRefusedByName) {
    std::string damaged = test::zip_of("rows.csv", kTrade);
    damaged[45] = static_cast<char>(damaged[45] ^ 1);  // a byte of the data: the checksum tells
    folder.write("in/tick/aig/20131007_trade.zip", damaged);
    EXPECT_NE(refusal().find("tick/aig/20131007_trade.zip"), std::string::npos) << refusal();
    folder.write("in/tick/aig/20131007_trade.zip", test::zip_of("rows.csv", kTrade).substr(0, 60));
    EXPECT_NE(refusal().find("malformed"), std::string::npos) << refusal();
    folder.write("in/tick/aig/20131007_trade.zip", "no archive");
    EXPECT_NE(refusal().find("malformed"), std::string::npos) << refusal();
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path() / "out"))
        EXPECT_TRUE(entry.is_directory()) << "a refused import leaves " << entry.path();
}

TEST_F(LeanImportTest, NamesAndYearsOutsideTheCalendarAreRefused) {
    EXPECT_NE(refusal().find("not_found"), std::string::npos) << refusal();
    add("tick/aig/2013107_trade.zip", kTrade);
    EXPECT_NE(refusal().find("2013107_trade.zip"), std::string::npos) << refusal();
    std::filesystem::remove_all(folder.path() / "in");
    add("tick/aig/19990104_trade.zip", kTrade);
    EXPECT_NE(refusal().find("calendar covers 2010 to 2030"), std::string::npos) << refusal();
}

TEST_F(LeanImportTest, TheCallerCanStopIt) {
    add("tick/aig/20131007_trade.zip", kTrade);
    const auto stopped = import_lean(folder.path() / "in", folder.path() / "out",
                                     [](std::string_view, std::int64_t, std::int64_t) { return false; });
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().code, ErrorCode::interrupted);
}

// Two small real days; the whole folder is imported by the performance figures in docs, not here.
TEST_F(LeanImportTest, RealDaysCountTheirRows) {
    SLIPCAST_SHARED_DATA_OR_SKIP(data, "us-equity-ticks-2013");
    const std::filesystem::path in = folder.path() / "in";
    for (const char* name :
         {"tick/ibm/20131007_trade.zip", "tick/ibm/20131007_quote.zip", "second/spy/20131007_quote.zip"}) {
        std::filesystem::create_directories((in / name).parent_path());
        std::filesystem::copy_file(data / name, in / name);
    }
    import();
    const TapeSlice tape = slice("IBM");
    std::int64_t closing = 0, quarantined = 0;
    for (const TradeFlags flags : tape.trades.flags) closing += flags.has(TradeFlag::closing_auction);
    for (const Finding& finding : quality.quarantine()) quarantined += finding.error.field == "suspicious";
    EXPECT_GT(closing, 0);
    EXPECT_EQ(quarantined, quality.quarantined()) << "only rows that the source marks";
    EXPECT_GT(tape.quotes.size(), 50'000U);
    EXPECT_FALSE(tape.quotes_indicative);
    EXPECT_TRUE(slice("SPY").quotes_indicative);
    // Regular prints lie between the quotes of the last second, all but a few percent of them.
    std::int64_t inside = 0, all = 0;
    const Session& session = dataset.sessions.all().front();
    std::size_t at = 0;
    for (std::size_t i = 0; i < tape.trades.count(); ++i) {
        const Timestamp time = tape.trades.time[i];
        if (time < session.open || time >= session.close || !tape.trades.flags[i].has(TradeFlag::in_vwap)) continue;
        while (at + 1 < tape.quotes.size() && tape.quotes.time[at + 1] < time) ++at;
        Price low = tape.quotes.bid[at], high = tape.quotes.ask[at];
        for (std::size_t back = at; back > 0 && at - back < 20; --back) {
            low = std::min(low, tape.quotes.bid[back]);
            high = std::max(high, tape.quotes.ask[back]);
        }
        ++all;
        inside += tape.trades.price[i] >= low && tape.trades.price[i] <= high;
    }
    EXPECT_GT(static_cast<double>(inside) / static_cast<double>(all), 0.95);
}

}  // namespace
}  // namespace slipcast::io
