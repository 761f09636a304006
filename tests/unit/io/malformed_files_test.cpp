#include <gtest/gtest.h>

#include <map>
#include <set>

#include "slipcast/io/io.hpp"
#include "support/scratch_folder.hpp"

// A corpus of malformed dataset folders, made here: one good dataset, and in each file one thing wrong. Every one must
// be refused or have exactly its bad row quarantined, under the right code, field, file and row.

namespace slipcast::io {
namespace {

using Cells = std::vector<std::string>;

struct GoodColumn {
    const char* name;
    const char* kind;
    const char* first;
    const char* second;
};
struct GoodTable {
    const char* name;
    std::vector<GoodColumn> columns;
};

const std::vector<GoodTable>& good_tables() {
    static const std::vector<GoodTable> kTables{
        {"instruments",
         {{"symbol", "name", "XYZ", "ABC"},
          {"market", "label", "XNYS", "XNYS"},
          {"currency", "currency", "USD", "USD"},
          {"tick_size", "price", "0.01", "0.01"},
          {"lot_size", "quantity", "1", "1"},
          {"quantity_scale", "whole", "0", "0"},
          {"multiplier", "decimal", "1", "1"},
          {"as_of", "date", "2024-03-05", "2024-03-05"},
          {"contract_kind", "word?", "outright", "outright"},
          {"expiry", "date?", "", "2025-01-01"},
          {"front_month", "bool?", "", "true"},
          {"adv", "real?", "1e6", "1e6"},
          {"daily_volatility", "real?", "150", "150"}}},
        {"sessions",
         {{"market", "label", "XNYS", "XNYS"},
          {"date", "date", "2024-03-05", "2024-03-06"},
          {"open", "time", "2024-03-05T14:30:00Z", "2024-03-06T14:30:00Z"},
          {"close", "time", "2024-03-05T21:00:00Z", "2024-03-06T21:00:00Z"},
          {"half_day", "bool?", "0", "0"}}},
        {"orders",
         {{"order_id", "name", "B1", "B2"},
          {"symbol", "label", "XYZ", "XYZ"},
          {"side", "side", "buy", "sell"},
          {"quantity", "quantity", "1000", "1000"},
          {"decision_time", "time?", "2024-03-05T14:30:00Z", "2024-03-05T14:30:00Z"},
          {"decision_price", "price?", "100", "100"},
          {"arrival_time", "time?", "2024-03-05T14:31:00Z", "2024-03-05T14:31:00Z"},
          {"end_time", "time?", "2024-03-05T15:31:00Z", "2024-03-05T15:31:00Z"},
          {"limit_price", "price?", "", "90"},
          {"private", "bool?", "0", "0"},
          {"kind", "word?", "work", "work"},
          {"min_completion", "real?", "", "0.5"}}},
        {"order_events",
         {{"order_id", "label", "B1", "B2"},
          {"time", "time", "2024-03-05T15:00:00Z", "2024-03-05T15:00:00Z"},
          {"event", "word", "amend", "amend"},
          {"quantity", "quantity?", "1100", "1100"},
          {"limit_price", "price?", "", "90"}}},
        {"placements",
         {{"placement_id", "name", "P1", "P2"},
          {"order_id", "label", "B1", "B1"},
          {"venue", "label", "XNYS", "XNYS"},
          {"quantity", "quantity", "100", "100"},
          {"sent_time", "time", "2024-03-05T14:31:30Z", "2024-03-05T14:31:30Z"},
          {"done_time", "time", "2024-03-05T14:31:40Z", "2024-03-05T14:31:40Z"},
          {"end", "word", "cancelled", "cancelled"},
          {"filled_quantity", "quantity", "0", "0"},
          {"venue_kind", "word?", "lit", "lit"},
          {"end_reason", "word?", "market", "market"}}},
        {"fills",
         {{"fill_id", "name", "F1", "F2"},
          {"order_id", "label", "B1", "B1"},
          {"time", "time", "2024-03-05T14:32:00Z", "2024-03-05T14:33:00Z"},
          {"price", "price", "100.01", "100.02"},
          {"quantity", "quantity", "100", "100"},
          {"liquidity", "word?", "added", "removed"},
          {"fee", "decimal?", "1.5", "-0.2"}}},
        {"events",
         {{"start", "time", "2024-03-05T14:32:00Z", "2024-03-05T14:33:00Z"},
          {"end", "time", "2024-03-05T14:33:00Z", "2024-03-05T14:34:00Z"},
          {"kind", "word", "halt", "news"},
          {"symbol", "label?", "XYZ", "XYZ"}}},
        {"fx",
         {{"currency", "currency", "EUR", "EUR"},
          {"time", "time", "2024-03-05T14:32:00Z", "2024-03-05T14:33:00Z"},
          {"rate", "price", "1.08", "1.09"}}},
    };
    return kTables;
}

struct BadValue {
    const char* text;
    ErrorCode code;
};

/// What no column of a kind may hold. "" tells required columns from optional ones.
const std::map<std::string, std::vector<BadValue>>& bad_values() {
    using enum ErrorCode;
    static const std::map<std::string, std::vector<BadValue>> kBad{
        {"name", {}},
        {"label", {}},
        {"time",
         {{"yesterday", malformed},
          {"2024-03-05T14:30:00", malformed},
          {"2024-13-05T00:00:00Z", malformed},
          {"2024-02-30T00:00:00Z", malformed},
          {"2024-03-05T25:00:00Z", malformed},
          {"99999-01-01T00:00:00Z", malformed},
          {"2024-03-05T14:30:00+99:00", malformed},
          {"14:30", malformed},
          {"9999-01-01T00:00:00Z", out_of_range}}},
        {"price",
         {{"abc", malformed},
          {"nan", malformed},
          {"inf", malformed},
          {"1e400", out_of_range},
          {"0.0000000001", invalid_value},
          {"99999999999999999999", out_of_range},
          {"0x10", malformed},
          {"\"1,5\"", malformed},
          {"--1", malformed},
          {"1.2.3", malformed}}},
        {"quantity",
         {{"abc", malformed},
          {"nan", malformed},
          {"1.5", invalid_value},
          {"1e30", out_of_range},
          {"1 000", malformed},
          {"9223372036854775808", out_of_range}}},
        {"whole", {{"x", malformed}, {"1.5", invalid_value}, {"-1", invalid_value}, {"10", invalid_value}}},
        {"decimal", {{"x", malformed}, {"nan", malformed}, {"1e-30", invalid_value}}},
        {"real", {{"x", invalid_value}, {"nan", invalid_value}, {"inf", invalid_value}}},
        {"date", {{"2024-02-30", malformed}, {"05/03/2024", malformed}, {"today", malformed}}},
        {"bool", {{"maybe", invalid_value}, {"2", invalid_value}}},
        {"side", {{"X", invalid_value}, {"0", invalid_value}, {"2", invalid_value}, {"buyy", invalid_value}}},
        {"word", {{"no_such_word", invalid_value}, {"1", invalid_value}}},
        {"currency", {{"usd", invalid_value}, {"TOOLONGCODE", invalid_value}, {"U$", invalid_value}}},
    };
    return kBad;
}

std::string csv_of(const GoodTable& table, const Cells& second) {
    std::string header, first, last;
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        const char* comma = i > 0 ? "," : "";
        header += comma + std::string(table.columns[i].name);
        first += comma + std::string(table.columns[i].first);
        last += comma + second[i];
    }
    return header + "\n" + first + "\n" + last + "\n";
}

Cells second_row(const GoodTable& table) {
    Cells cells;
    for (const GoodColumn& column : table.columns) cells.emplace_back(column.second);
    return cells;
}

class MalformedFiles : public testing::Test {
protected:
    MalformedFiles() { restore(); }
    void restore() {
        for (const GoodTable& table : good_tables()) write(table, csv_of(table, second_row(table)));
    }
    void write(const GoodTable& table, const std::string& text) {
        folder.write(table.name + std::string(".csv"), text);
    }
    [[nodiscard]] Result<market::Dataset> open() const { return open_dataset(folder.path()); }
    /// The refusal of the folder as it stands; a default error when it opens.
    [[nodiscard]] Error refusal() const {
        const auto dataset = open();
        return dataset ? Error{} : dataset.error();
    }
    test::ScratchFolder folder;
};

TEST_F(MalformedFiles, TheGoodFolderIsGood) {
    const auto dataset = open();
    ASSERT_TRUE(dataset) << dataset.error().message();
    for (const market::Finding& finding : dataset->quality.quarantine()) ADD_FAILURE() << finding.error.message();
}

TEST_F(MalformedFiles, ABadCellQuarantinesItsRowAndNoOther) {
    int files = 0;
    for (const GoodTable& table : good_tables()) {
        for (std::size_t column = 0; column < table.columns.size(); ++column) {
            std::string kind = table.columns[column].kind;
            const bool is_optional = kind.ends_with('?');
            if (is_optional) kind.pop_back();
            std::vector<BadValue> values = bad_values().at(kind);
            if (!is_optional) values.push_back({"", ErrorCode::missing_field});
            for (const BadValue& bad : values) {
                Cells row = second_row(table);
                row[column] = bad.text;
                write(table, csv_of(table, row));
                ++files;
                SCOPED_TRACE(std::string(table.name) + "." + table.columns[column].name + " = '" + bad.text + "'");
                const auto dataset = open();
                if (!dataset) {
                    ADD_FAILURE() << dataset.error().message();
                    continue;
                }
                std::vector<Error> own;
                for (const market::Finding& finding : dataset->quality.quarantine()) {
                    if (finding.table == table.name) own.push_back(finding.error);
                }
                if (own.size() != 1) {
                    ADD_FAILURE() << own.size() << " rows quarantined";
                    continue;
                }
                EXPECT_EQ(own[0].code, bad.code) << own[0].message();
                EXPECT_EQ(own[0].field, table.columns[column].name) << own[0].message();
                EXPECT_EQ(own[0].place.file, table.name + std::string(".csv")) << own[0].message();
                EXPECT_EQ(own[0].place.row, 2) << own[0].message();
                EXPECT_FALSE(own[0].rule.empty());
            }
        }
        restore();
    }
    EXPECT_GT(files, 250);
}

TEST_F(MalformedFiles, AMissingRequiredColumnRefusesTheTable) {
    for (const GoodTable& table : good_tables()) {
        for (std::size_t column = 0; column < table.columns.size(); ++column) {
            if (std::string(table.columns[column].kind).ends_with('?')) continue;
            GoodTable without = table;
            without.columns.erase(without.columns.begin() + static_cast<std::ptrdiff_t>(column));
            write(table, csv_of(without, second_row(without)));
            const Error error = refusal();
            EXPECT_EQ(error.code, ErrorCode::missing_field) << table.name << "." << table.columns[column].name;
            EXPECT_EQ(error.field, table.name) << error.message();
            EXPECT_EQ(error.value, table.columns[column].name) << error.message();
            EXPECT_EQ(error.place.file, table.name + std::string(".csv")) << error.message();
        }
        restore();
    }
}

TEST_F(MalformedFiles, AnUnknownOrRepeatedColumnRefusesTheTable) {
    for (const GoodTable& table : good_tables()) {
        for (std::size_t column = 0; column < table.columns.size(); ++column) {
            GoodTable more = table;
            const std::string misspelt = table.columns[column].name + std::string("x");
            more.columns.push_back({misspelt.c_str(), "label", "1", "1"});
            write(table, csv_of(more, second_row(more)));
            const Error unknown = refusal();
            EXPECT_EQ(unknown.code, ErrorCode::unknown_field) << unknown.message();
            EXPECT_EQ(unknown.value, misspelt) << unknown.message();
            EXPECT_NE(unknown.rule.find(table.columns[column].name), std::string::npos) << unknown.message();
            more.columns.back() = table.columns[column];
            write(table, csv_of(more, second_row(more)));
            const Error twice = refusal();
            EXPECT_EQ(twice.code, ErrorCode::malformed) << twice.message();
            EXPECT_EQ(twice.field, table.columns[column].name) << twice.message();
        }
        restore();
    }
}

TEST_F(MalformedFiles, TextThatIsNotATableIsRefusedByFile) {
    for (const GoodTable& table : good_tables()) {
        const std::string good = csv_of(table, second_row(table));
        const std::string file = table.name + std::string(".csv");
        write(table, "");
        EXPECT_EQ(refusal().code, ErrorCode::malformed) << file;
        EXPECT_EQ(refusal().place.file, file);
        write(table, good + "too,few\n");
        EXPECT_EQ(refusal().code, ErrorCode::malformed) << refusal().message();
        EXPECT_EQ(refusal().place, (Place{file, 3, ""})) << refusal().message();
        write(table, good.substr(0, good.size() - 1) + ",one,too,many\n");
        EXPECT_EQ(refusal().place, (Place{file, 2, ""})) << refusal().message();
        std::string bad_text = good;
        bad_text[bad_text.rfind(',') + 1] = '\xff';
        write(table, bad_text);
        EXPECT_EQ(refusal().code, ErrorCode::malformed) << refusal().message();
        EXPECT_EQ(refusal().place.file, file) << refusal().message();
        write(table, good);
    }
}

TEST_F(MalformedFiles, FoldersWithOtherNamesAreRefused) {
    const auto stray = folder.write("order.csv", "order_id\n");
    EXPECT_EQ(refusal().code, ErrorCode::unknown_field);
    EXPECT_NE(refusal().rule.find("orders"), std::string::npos) << refusal().message();
    std::filesystem::remove(stray);
    const auto nested = folder.write("quote/XYZ.csv", "symbol\n");
    EXPECT_NE(refusal().rule.find("quotes"), std::string::npos) << refusal().message();
    std::filesystem::remove_all(nested.parent_path());
    const auto twice = folder.write("orders/part.csv", "order_id\n");
    EXPECT_EQ(refusal().code, ErrorCode::inconsistent) << refusal().message();
    std::filesystem::remove_all(twice.parent_path());
    folder.write("notes.txt", "not ours");
    EXPECT_TRUE(open());
    const auto nowhere = open_dataset(folder.path() / "nowhere");
    ASSERT_FALSE(nowhere);
    EXPECT_EQ(nowhere.error().code, ErrorCode::not_found);
}

/// A tape in several files: rows count from 1 in each of them, and findings name the file.
TEST_F(MalformedFiles, ABadRowOfATapeInSeveralFilesNamesItsFile) {
    const std::string quotes = "symbol,time,bid,ask\n";
    folder.write("quotes/A.csv", quotes + "XYZ,2024-01-02T15:00:00Z,10.01,10.02\nXYZ,2024-01-02T15:00:01Z,-1,10.02\n");
    folder.write("quotes/B.csv", quotes);
    folder.write("quotes/C.csv", quotes +
                                     "ABC,2024-01-02T15:00:00Z,5,6\nABC,2024-01-02T15:00:01Z,7,6\n"
                                     "ABC,2024-01-02T15:00:02Z,x,6\n");
    const std::string trades = "symbol,time,price,size\n";
    folder.write("trades/A.csv", trades + "XYZ,2024-01-02T15:00:00Z,10.01,100\n");
    folder.write("trades/C.csv", trades + "ABC,2024-01-02T15:00:00Z,5,-3\n");
    const auto dataset = open();
    ASSERT_TRUE(dataset) << dataset.error().message();
    std::vector<Error> refused;
    for (const market::Finding& finding : dataset->quality.quarantine()) {
        if (finding.table == "quotes" || finding.table == "trades") refused.push_back(finding.error);
    }
    ASSERT_EQ(refused.size(), 3U);
    EXPECT_EQ(refused[0].place, (Place{"quotes/A.csv", 2, "2024-01-02T15:00:01Z"}));
    EXPECT_EQ(refused[1].place.file, "quotes/C.csv");
    EXPECT_EQ(refused[1].place.row, 3);
    EXPECT_EQ(refused[2].place.file, "trades/C.csv");
    EXPECT_EQ(refused[2].place.row, 1);
    int flagged = 0;
    for (const market::RuleCount& rule : dataset->quality.rules()) {
        if (rule.table != "quotes" || rule.disposition != market::Disposition::flagged) continue;
        ++flagged;
        EXPECT_EQ(rule.examples.front().error.place.file, "quotes/C.csv") << rule.rule;
        EXPECT_EQ(rule.examples.front().error.place.row, 2) << rule.rule;
    }
    EXPECT_EQ(flagged, 1) << "the crossed quote";
    folder.write("quotes/C.csv", quotes + "ABC,2024-01-02T15:00:00Z,5,6\nABC,2024-01-02T15:00:01Z\n");
    EXPECT_EQ(refusal().place.file, "quotes/C.csv") << refusal().message();
    EXPECT_EQ(refusal().place.row, 2) << refusal().message();
    folder.write("quotes/C.csv", "symbol,time,bid\nABC,2024-01-02T15:00:00Z,5\n");
    EXPECT_EQ(refusal().place.file, "quotes/C.csv") << refusal().message();
}

TEST_F(MalformedFiles, ATruncatedParquetFileIsRefusedWhereverItEnds) {
    const auto dataset = open().value();
    const test::ScratchFolder& work = folder;
    ASSERT_TRUE(write_dataset(dataset, work.path() / "whole"));
    for (const char* table : {"instruments", "orders", "fills"}) {
        const auto file = work.path() / "whole" / (std::string(table) + ".parquet");
        const std::string bytes = test::ScratchFolder::bytes_of(file);
        ASSERT_GT(bytes.size(), 1000U);
        for (std::size_t keep = 0; keep < bytes.size(); keep += bytes.size() / 25) {
            work.write("whole/" + std::string(table) + ".parquet", bytes.substr(0, keep));
            const auto opened = open_dataset(work.path() / "whole");
            ASSERT_FALSE(opened) << table << " cut to " << keep;
            EXPECT_EQ(opened.error().code, ErrorCode::malformed) << opened.error().message();
            EXPECT_EQ(opened.error().place.file, std::string(table) + ".parquet");
        }
        work.write("whole/" + std::string(table) + ".parquet", bytes);
    }
    EXPECT_TRUE(open_dataset(work.path() / "whole"));
}

}  // namespace
}  // namespace slipcast::io
