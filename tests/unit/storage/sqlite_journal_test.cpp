#include "slipcast/storage/sqlite_journal.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <string>
#include <vector>

#include "support/scratch_folder.hpp"

// The desk's journal in a SQLite file: what is acknowledged reads back byte for byte, and nothing else is believed.

namespace slipcast::storage {
namespace {

using desk::Record;
using desk::RecordKind;

std::vector<std::byte> bytes_of(const std::string& text) {
    const auto* from = reinterpret_cast<const std::byte*>(text.data());
    return {from, from + text.size()};
}

Timestamp second(std::int64_t s) {
    return Timestamp::from_ns(s * 1'000'000'000);
}

std::vector<Record> all_of(const std::filesystem::path& file) {
    auto reader = SqliteJournalReader::open(file);
    EXPECT_TRUE(reader.has_value()) << reader.error().message();
    std::vector<Record> records;
    Record record;
    for (;;) {
        const auto has_record = (*reader)->next(record);
        EXPECT_TRUE(has_record.has_value()) << has_record.error().message();
        if (!has_record.value_or(false)) return records;
        records.push_back(record);
    }
}

Error first_refusal(const std::filesystem::path& file) {
    auto reader = SqliteJournalReader::open(file);
    if (!reader) return reader.error();
    Record record;
    for (;;) {
        const auto has_record = (*reader)->next(record);
        if (!has_record) return has_record.error();
        if (!*has_record) return {};
    }
}

void run_sql(const std::filesystem::path& file, const std::string& sql) {
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open(file.c_str(), &database), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(database);
    sqlite3_close(database);
}

void write_three(const std::filesystem::path& file) {
    auto journal = SqliteJournal::open(file);
    ASSERT_TRUE(journal.has_value()) << journal.error().message();
    for (int i = 1; i <= 3; ++i) {
        const auto sequence = (*journal)->append(RecordKind::step, second(i), bytes_of("record " + std::to_string(i)));
        ASSERT_TRUE(sequence.has_value());
        EXPECT_EQ(*sequence, static_cast<std::uint64_t>(i));
    }
    ASSERT_TRUE((*journal)->acknowledge(3));
    EXPECT_EQ((*journal)->acknowledged(), 3U);
}

TEST(SqliteJournal, WhatIsAcknowledgedReadsBackAndGoesOn) {
    const test::ScratchFolder folder;
    const auto file = folder.path() / "desk.sqlite";
    write_three(file);
    {
        auto journal = SqliteJournal::open(file);
        ASSERT_TRUE(journal.has_value()) << journal.error().message();
        EXPECT_EQ((*journal)->acknowledged(), 3U);
        EXPECT_EQ(*(*journal)->append(RecordKind::snapshot, second(4), {}), 4U);
        const std::vector<Record> seen_while_written = all_of(file);
        EXPECT_GE(seen_while_written.size(), 3U);
        EXPECT_EQ((*journal)->acknowledge(5).error().field, "sequence") << "never appended: it would wait for ever";
    }
    const std::vector<Record> records = all_of(file);
    ASSERT_EQ(records.size(), 4U) << "closing waits for what was appended";
    EXPECT_EQ(records[1], (Record{2, RecordKind::step, second(2), bytes_of("record 2")}));
    EXPECT_EQ(records[3], (Record{4, RecordKind::snapshot, second(4), {}}));
}

TEST(SqliteJournal, AReaderSeesWhatIsCommittedMeanwhile) {
    const test::ScratchFolder folder;
    const auto file = folder.path() / "desk.sqlite";
    write_three(file);
    auto reader = SqliteJournalReader::open(file);
    auto journal = SqliteJournal::open(file);
    ASSERT_TRUE(reader && journal);
    Record record;
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(*(*reader)->next(record));
    EXPECT_FALSE(*(*reader)->next(record));
    for (int i = 4; i <= 1'000; ++i) ASSERT_TRUE((*journal)->append(RecordKind::outcome, second(i), bytes_of("x")));
    ASSERT_TRUE((*journal)->acknowledge(1'000));
    for (std::uint64_t i = 4; i <= 1'000; ++i) {
        ASSERT_TRUE(*(*reader)->next(record));
        ASSERT_EQ(record.sequence, i);
    }
    EXPECT_FALSE(*(*reader)->next(record));
}

TEST(SqliteJournal, AFullRoomMakesTheCallerWaitAndALargeRecordStillFits) {
    const test::ScratchFolder folder;
    const auto file = folder.path() / "desk.sqlite";
    const std::vector<std::byte> large(100'000, std::byte{42}), small(300, std::byte{7});
    {
        auto journal = SqliteJournal::open(file, {.room = 1'000, .vfs = {}});
        ASSERT_TRUE(journal.has_value());
        for (int i = 0; i < 200; ++i) {
            ASSERT_TRUE((*journal)->append(RecordKind::step, second(i), i == 100 ? large : small));
        }
    }
    const std::vector<Record> records = all_of(file);
    ASSERT_EQ(records.size(), 200U);
    EXPECT_EQ(records[100].payload, large);
    EXPECT_EQ(records[199].payload, small);
}

TEST(SqliteJournal, ASecondDeskIsRefusedWhileTheFirstLives) {
    const test::ScratchFolder folder;
    const auto file = folder.path() / "desk.sqlite";
    auto first = SqliteJournal::open(file);
    ASSERT_TRUE(first);
    const auto refused = SqliteJournal::open(file);
    ASSERT_FALSE(refused.has_value());
    EXPECT_NE(refused.error().rule.find("another desk has it open"), std::string::npos) << refused.error().message();
    ASSERT_TRUE((*first)->append(RecordKind::step, second(1), bytes_of("ours")));
    ASSERT_TRUE((*first)->acknowledge(1)) << "the first one does not notice";
    EXPECT_EQ(all_of(file).size(), 1U) << "and anyone may read meanwhile";
    first->reset();
    EXPECT_TRUE(SqliteJournal::open(file).has_value());
}

TEST(SqliteJournal, TwoDesksNeverMixTheirRecordsEvenWithoutTheirLock) {
    const test::ScratchFolder folder;
    const auto file = folder.path() / "desk.sqlite";
    auto first = SqliteJournal::open(file);
    ASSERT_TRUE(std::filesystem::remove(folder.path() / "desk.sqlite-writer"));
    ASSERT_TRUE(std::filesystem::remove(folder.path() / "desk.sqlite-kill"));
    auto second_desk = SqliteJournal::open(file);
    ASSERT_TRUE(first && second_desk);
    ASSERT_TRUE((*first)->append(RecordKind::step, second(1), bytes_of("ours")));
    ASSERT_TRUE((*first)->acknowledge(1));
    ASSERT_TRUE((*second_desk)->append(RecordKind::step, second(1), bytes_of("theirs")));
    const auto refused = (*second_desk)->acknowledge(1);
    ASSERT_FALSE(refused.has_value());
    EXPECT_NE(refused.error().rule.find("another desk"), std::string::npos);
    EXPECT_FALSE((*second_desk)->append(RecordKind::step, second(2), {}).has_value()) << "failed for good";
    EXPECT_EQ((*second_desk)->acknowledged(), 0U);
    EXPECT_EQ(all_of(file).at(0).payload, bytes_of("ours"));
}

TEST(SqliteJournal, AChangedOrMissingRecordIsNamed) {
    const test::ScratchFolder folder;
    const auto file = folder.path() / "desk.sqlite";
    for (const auto& [sql, sequence] : std::vector<std::pair<std::string, int>>{
             {"UPDATE record SET payload = 'record 9' WHERE sequence = 2", 2},
             {"UPDATE record SET time_ns = time_ns + 1 WHERE sequence = 1", 1},
             {"UPDATE record SET kind = 3 WHERE sequence = 3", 3},
             {"UPDATE record SET kind = kind + 256 WHERE sequence = 3", 3},
             {"DELETE FROM record WHERE sequence = 2", 3},
             // Whole records in another order: each is as it was written, the chain is not.
             {"UPDATE record SET sequence = 9 WHERE sequence = 1; UPDATE record SET sequence = 1 WHERE sequence = 2;"
              "UPDATE record SET sequence = 2 WHERE sequence = 9",
              1}}) {
        std::filesystem::remove(file);
        write_three(file);
        run_sql(file, sql);
        const Error error = first_refusal(file);
        EXPECT_EQ(error.code, ErrorCode::inconsistent) << sql;
        EXPECT_EQ(error.place.row, sequence) << sql;
        EXPECT_EQ(error.place.file, file.string());
        EXPECT_EQ(SqliteJournal::open(file).error().code, ErrorCode::inconsistent) << "and nobody writes on";
    }
}

TEST(SqliteJournal, RefusesWhatIsNoJournal) {
    const test::ScratchFolder folder;
    const auto file = folder.path() / "desk.sqlite";
    EXPECT_EQ(first_refusal(file).code, ErrorCode::io_failure) << "not there";
    EXPECT_EQ(SqliteJournal::open(folder.path() / "none" / "desk.sqlite").error().code, ErrorCode::io_failure);
    static_cast<void>(folder.write("desk.sqlite", std::string(4096, 'x')));
    EXPECT_EQ(first_refusal(file).code, ErrorCode::io_failure);
    std::filesystem::remove(file);
    run_sql(file, "CREATE TABLE record(sequence INTEGER)");
    EXPECT_EQ(first_refusal(file).rule, "must be a desk's journal");
    EXPECT_EQ(SqliteJournal::open(file).error().rule, "must be a desk's journal");
    std::filesystem::remove(file);
    write_three(file);
    run_sql(file, "PRAGMA user_version = 2");
    EXPECT_EQ(first_refusal(file).field, "version");
    EXPECT_EQ(SqliteJournal::open(file).error().value, "2");
}

}  // namespace
}  // namespace slipcast::storage
