#include "slipcast/io/table_files.hpp"

#include <gtest/gtest.h>
#include <zip.h>

#include <array>
#include <limits>

#include "support/scratch_folder.hpp"

namespace slipcast::io {
namespace {

Table every_type() {
    Table table("costs");
    const auto meta = [](const char* name) {
        ColumnMeta made;
        made.name = name;
        return made;
    };
    ColumnMeta cost = meta("shortfall");
    cost.unit = "USD";
    cost.sign = SignTag::cost;
    cost.benchmark = "arrival_price";
    cost.definition_version = 2;
    cost.weighting = "ratio_of_sums";
    cost.meaning = "What it cost.";
    const Int128 wide = static_cast<Int128>(1) << 100;
    table.add({cost, MoneyColumn{{wide, -wide - 1, 0}}, {}});
    table.add({meta("price"),
               std::vector<Price>{Price::from_units(1), Price::from_units(49'900'000'001), Price{}},
               {1, 1, 0}});
    table.add({meta("bps"), std::vector<double>{0.1, 1.0 / 3.0, std::numeric_limits<double>::denorm_min()}, {}});
    table.add({meta("count"), std::vector<std::int64_t>{INT64_MAX, INT64_MIN, 7}, {}});
    table.add({meta("time"), std::vector<Timestamp>{Timestamp::from_ns(1), Timestamp::from_ns(-1), Timestamp{}}, {}});
    table.add({meta("note"), std::vector<std::string>{"a,\"b\"", "", "\xc3\xa9"}, {1, 0, 1}});
    table.add({meta("venue"), DictionaryColumn{{1, 0, -1}, {"XNYS", "ARCX"}}, {}});
    table.add({meta("done"), BoolColumn{{1, 0, 1}}, {}});
    return table;
}

TEST(TableFiles, EveryTypeComesBackExactlyWithItsMeaning) {
    const test::ScratchFolder folder;
    ASSERT_TRUE(write_tables({every_type()}, folder.path(), false, {{"seed", "1"}}));
    const auto read = read_table(folder.path() / "costs.parquet");
    ASSERT_TRUE(read) << read.error().message();
    const Table wrote = every_type();
    EXPECT_EQ(read->name(), "costs");
    ASSERT_EQ(read->columns().size(), wrote.columns().size());
    for (std::size_t column = 0; column < wrote.columns().size(); ++column) {
        SCOPED_TRACE(wrote.columns()[column].meta.name);
        for (std::size_t row = 0; row < wrote.rows(); ++row) {
            EXPECT_EQ(read->columns()[column].is_valid(row), wrote.columns()[column].is_valid(row));
            EXPECT_EQ(read->text(row, column, 18), wrote.text(row, column, 18));
        }
    }
    EXPECT_EQ(std::get<MoneyColumn>(read->find("shortfall")->data),
              std::get<MoneyColumn>(wrote.find("shortfall")->data));
    EXPECT_EQ(std::get<std::vector<double>>(read->find("bps")->data),
              std::get<std::vector<double>>(wrote.find("bps")->data));
    const ColumnMeta& meta = read->find("shortfall")->meta;
    EXPECT_EQ(meta.unit, "USD");
    EXPECT_EQ(meta.sign, SignTag::cost);
    EXPECT_EQ(meta.benchmark, "arrival_price");
    EXPECT_EQ(meta.definition_version, 2);
    EXPECT_EQ(meta.weighting, "ratio_of_sums");
    EXPECT_EQ(meta.meaning, "What it cost.");
}

TEST(TableFiles, OneTableGoesToTheFormatThatItsNameSays) {
    const test::ScratchFolder folder;
    ASSERT_TRUE(write_table(every_type(), folder.path() / "one.parquet", {{"seed", "7"}}));
    EXPECT_EQ(read_table(folder.path() / "one.parquet")->rows(), 3U);
    ASSERT_TRUE(write_table(every_type(), folder.path() / "one.csv", {}));
    EXPECT_EQ(write_table(every_type(), folder.path() / "one.xls", {}).error().field, "file");
    EXPECT_FALSE(std::filesystem::exists(folder.path() / "one.xls"));
}

TEST(TableFiles, CsvKeepsEveryDigit) {
    const test::ScratchFolder folder;
    ASSERT_TRUE(write_tables({every_type()}, folder.path(), true, {}));
    const std::string csv = test::ScratchFolder::bytes_of(folder.path() / "costs.csv");
    EXPECT_NE(csv.find("1267650600228.229401496703205376"), std::string::npos) << csv;
    EXPECT_NE(csv.find("49.900000001"), std::string::npos) << csv;
    EXPECT_NE(csv.find("0.3333333333333333"), std::string::npos) << csv;
    EXPECT_NE(csv.find("5e-324"), std::string::npos) << csv;
    EXPECT_NE(csv.find("\"a,\"\"b\"\"\""), std::string::npos) << csv;
}

TEST(TableFiles, SameTablesGiveTheSameBytes) {
    const test::ScratchFolder folder;
    for (const char* run : {"a", "b"}) {
        ASSERT_TRUE(write_tables({every_type()}, folder.path() / run, true, {{"seed", "1"}}));
        ASSERT_TRUE(write_workbook({every_type()}, folder.path() / run / "all.xlsx", {{"seed", "1"}}));
    }
    for (const char* file : {"costs.parquet", "costs.csv", "all.xlsx"}) {
        EXPECT_EQ(test::ScratchFolder::bytes_of(folder.path() / "a" / file),
                  test::ScratchFolder::bytes_of(folder.path() / "b" / file))
            << file;
    }
}

/// The text of one file of an archive, by the reader of the tests' own choice: libzip.
std::string entry_of(const std::filesystem::path& archive, const char* name) {
    zip_t* const zip = zip_open(archive.string().c_str(), ZIP_RDONLY, nullptr);
    zip_file_t* const file = zip_fopen(zip, name, 0);
    if (file == nullptr) return {};
    std::string text;
    std::array<char, 4096> buffer{};
    for (zip_int64_t count = 0; (count = zip_fread(file, buffer.data(), buffer.size())) > 0;) {
        text.append(buffer.data(), static_cast<std::size_t>(count));
    }
    zip_fclose(file);
    zip_discard(zip);
    return text;
}

TEST(TableFiles, WorkbookLeavesOutWhatASheetCannotHoldAndSaysSoFirst) {
    const test::ScratchFolder folder;
    Table tall("tall");
    ColumnMeta meta;
    meta.name = "n";
    tall.add({meta, std::vector<std::int64_t>(1'048'576), {}});
    const auto file = folder.path() / "tables.xlsx";
    ASSERT_TRUE(write_workbook({tall, every_type()}, file, {}, "result"));
    const std::string workbook = entry_of(file, "xl/workbook.xml");
    EXPECT_LT(workbook.find("name=\"contents\""), workbook.find("name=\"columns\""));
    EXPECT_NE(workbook.find("name=\"costs\""), std::string::npos);
    EXPECT_EQ(workbook.find("name=\"tall\""), std::string::npos);
    const std::string contents = entry_of(file, "xl/worksheets/sheet1.xml");
    EXPECT_NE(contents.find("1048576"), std::string::npos);
    EXPECT_NE(contents.find("left out: a sheet holds at most 1048575 rows"), std::string::npos);
    EXPECT_NE(contents.find("result/tall.parquet"), std::string::npos);
    EXPECT_NE(contents.find("result/costs.parquet"), std::string::npos);
}

TEST(TableFiles, AFailedWriteLeavesNothingBehind) {
    const test::ScratchFolder folder;
    folder.write("taken", "a file where a folder should be");
    const auto written = write_tables({every_type()}, folder.path() / "taken", false, {});
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code, ErrorCode::io_failure);
}

TEST(TableFiles, ReadingRefusesWhatIsNotAResultTable) {
    const test::ScratchFolder folder;
    const auto truncated = folder.write("broken.parquet", "PAR1 and then nothing");
    const auto refused = read_table(truncated);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::malformed);
    EXPECT_EQ(refused.error().place.file, "broken.parquet");
    const auto absent = read_table(folder.path() / "absent.parquet");
    ASSERT_FALSE(absent);
    EXPECT_EQ(absent.error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace slipcast::io
