#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <vector>

#include "crash_files.hpp"
#include "kill_points.hpp"
#include "slipcast/math/sampling.hpp"
#include "slipcast/storage/sqlite_journal.hpp"
#include "support/scratch_folder.hpp"

// Power fails at a random write of a desk that journals its steps. What was acknowledged is there afterwards, byte for
// byte; nothing is there that was not appended; the desk goes on from it.

namespace slipcast::storage {
namespace {

using desk::Record;
using desk::RecordKind;

/// Record `number` of a run: its own bytes, of its own length, large enough at times to span several pages.
std::vector<std::byte> payload_of(std::uint64_t run, std::uint64_t number) {
    RandomStream stream(run, "test.journal.payload", number);
    const auto size = math::draw_index(stream, number % 17 == 0 ? 20'000 : 900);
    std::vector<std::byte> bytes(static_cast<std::size_t>(size));
    for (std::byte& byte : bytes) byte = static_cast<std::byte>(math::draw_index(stream, 256));
    return bytes;
}

/// Appends records up to `last` with an acknowledgment here and there; returns the last acknowledged.
std::uint64_t journaled(SqliteJournal& journal, std::uint64_t run, std::uint64_t last, RandomStream& stream) {
    std::uint64_t acknowledged = journal.acknowledged();
    for (std::uint64_t number = acknowledged + 1; number <= last; ++number) {
        const auto time = Timestamp::from_ns(static_cast<std::int64_t>(number));
        if (!journal.append(RecordKind::step, time, payload_of(run, number))) break;
        if (stream.next_uniform() < 0.7) continue;
        if (!journal.acknowledge(number)) break;
        acknowledged = number;
    }
    return acknowledged;
}

/// How many records read back; each must be the one that was appended under its number.
std::uint64_t read_back(const std::string& file, const std::string& vfs, std::uint64_t run) {
    auto reader = SqliteJournalReader::open(file, vfs);
    if (!reader) return 0;  // power failed before there was a journal
    std::uint64_t count = 0;
    Record record;
    for (;;) {
        const auto has_record = (*reader)->next(record);
        EXPECT_TRUE(has_record.has_value()) << has_record.error().message();
        if (!has_record.value_or(false)) return count;
        ++count;
        EXPECT_EQ(record.sequence, count);
        EXPECT_EQ(record.payload, payload_of(run, count)) << "run " << run << ", record " << count;
    }
}

TEST(JournalCrash, NothingAcknowledgedIsLostAtAnyKillPoint) {
    constexpr std::uint64_t kRecords = 60;
    test::CrashFiles disk("slipcast-crash");
    SqliteJournalOptions options;
    options.vfs = disk.name();
    const auto name_of = [](std::uint64_t run) { return fmt::format("desk-{}.sqlite", run); };
    // A whole life without failure says how many changes there are to fail at.
    RandomStream whole(0, "test.journal.life");
    {
        auto journal = SqliteJournal::open(name_of(0), options);
        ASSERT_TRUE(journal.has_value()) << journal.error().message();
        journaled(**journal, 0, kRecords, whole);
    }
    ASSERT_EQ(read_back(name_of(0), disk.name(), 0), kRecords);
    const std::int64_t changes = disk.changes();
    int survived_more = 0, lost = 0;
    for (std::uint64_t run = 1; run <= static_cast<std::uint64_t>(test::kill_points(100)); ++run) {
        RandomStream stream(run, "test.journal.crash");
        std::uint64_t acknowledged = 0;
        constexpr int kLives = 3;  // the second and third begin with a recovery, which power may fail in, too
        for (int life = 0; life < kLives; ++life) {
            disk.fail_at(1 + static_cast<std::int64_t>(math::draw_index(stream, static_cast<std::uint64_t>(changes))));
            {
                auto journal = SqliteJournal::open(name_of(run), options);
                if (journal) {
                    EXPECT_GE((*journal)->acknowledged(), acknowledged);
                    acknowledged = std::max(acknowledged, journaled(**journal, run, kRecords, stream));
                }
            }
            disk.reboot(stream);
            const std::uint64_t there = read_back(name_of(run), disk.name(), run);
            ASSERT_GE(there, acknowledged) << "kill point " << run << ", life " << life;
            survived_more += there > acknowledged ? 1 : 0;
            lost += there < kRecords ? 1 : 0;
        }
        auto journal = SqliteJournal::open(name_of(run), options);
        ASSERT_TRUE(journal.has_value()) << journal.error().message();
        journaled(**journal, run, kRecords, stream);
        ASSERT_TRUE((*journal)->acknowledge(kRecords));
    }
    EXPECT_GT(lost, 0) << "power did fail before the end";
    EXPECT_GT(survived_more, 0) << "and what was not acknowledged may survive";
}

// The disk of the test above shows a journal that does not sync for what it is: with synchronous=OFF something is lost.
TEST(JournalCrash, TheDiskLosesWhatIsNotSynced) {
    test::CrashFiles disk("slipcast-lossy");
    int lost = 0;
    for (std::uint64_t run = 1; run <= 20; ++run) {
        RandomStream stream(run, "test.journal.lossy");
        sqlite3* database = nullptr;
        const std::string name = fmt::format("lossy-{}.sqlite", run);
        ASSERT_EQ(
            sqlite3_open_v2(name.c_str(), &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, disk.name().c_str()),
            SQLITE_OK);
        ASSERT_EQ(sqlite3_exec(database, "PRAGMA synchronous=OFF; CREATE TABLE t(x); INSERT INTO t VALUES(1)", nullptr,
                               nullptr, nullptr),
                  SQLITE_OK);
        disk.fail_at(1);
        sqlite3_exec(database, "INSERT INTO t VALUES(2)", nullptr, nullptr, nullptr);
        sqlite3_close(database);
        disk.reboot(stream);
        if (sqlite3_open_v2(name.c_str(), &database, SQLITE_OPEN_READWRITE, disk.name().c_str()) != SQLITE_OK ||
            sqlite3_exec(database, "SELECT x FROM t", nullptr, nullptr, nullptr) != SQLITE_OK) {
            ++lost;
        }
        sqlite3_close(database);
    }
    EXPECT_GT(lost, 0);
}

// The same with the system's own files and a process that is killed: it says what was acknowledged through a pipe.
TEST(JournalCrash, AKilledProcessLosesNothingAcknowledged) {
    const test::ScratchFolder folder;
    for (std::uint64_t run = 1; run <= 5; ++run) {
        const std::string file = (folder.path() / fmt::format("desk-{}.sqlite", run)).string();
        int ends[2];
        ASSERT_EQ(pipe(ends), 0);
        const pid_t child = fork();
        ASSERT_GE(child, 0);
        if (child == 0) {
            close(ends[0]);
            auto journal = SqliteJournal::open(file);
            for (std::uint64_t number = 1; journal; ++number) {
                const auto time = Timestamp::from_ns(static_cast<std::int64_t>(number));
                if (!(*journal)->append(RecordKind::step, time, payload_of(run, number))) break;
                if (!(*journal)->acknowledge(number)) break;
                if (write(ends[1], &number, sizeof(number)) != sizeof(number)) break;
            }
            _exit(1);
        }
        close(ends[1]);
        std::uint64_t acknowledged = 0, number = 0;
        const std::uint64_t enough = 20 * run;
        while (acknowledged < enough && read(ends[0], &number, sizeof(number)) == sizeof(number)) acknowledged = number;
        kill(child, SIGKILL);
        while (read(ends[0], &number, sizeof(number)) == sizeof(number)) acknowledged = number;
        close(ends[0]);
        int status = 0;
        waitpid(child, &status, 0);
        EXPECT_TRUE(WIFSIGNALED(status));
        EXPECT_GE(acknowledged, enough);
        EXPECT_GE(read_back(file, {}, run), acknowledged);
    }
}

}  // namespace
}  // namespace slipcast::storage
