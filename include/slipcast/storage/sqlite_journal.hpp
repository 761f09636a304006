#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "slipcast/desk/journal.hpp"

namespace slipcast::storage {

/// Of the SQLite library in use, e.g. "3.40.1".
[[nodiscard]] std::string sqlite_version();

struct SqliteJournalOptions {
    std::size_t room = std::size_t{1} << 22;  ///< bytes of records that may wait for the writer without allocation
    std::string vfs;                          ///< SQLite's file layer by name; empty = the system's, with a writer lock
};

/// The desk's journal in one SQLite file: write-ahead log, synchronous=FULL, one writer thread that commits whatever
/// waits in one transaction. Acknowledged is committed: it survives a crash of the process and of the machine.
/// Every record carries a digest of itself and of the one before it, so that a changed or missing record is found.
///
/// Appending copies the record into room made beforehand and does not wait; when the room is full, it waits for the
/// writer. Only a record larger than the whole room allocates. One desk writes at a time: opening a second one is
/// refused while the first lives (a lock on a file `<journal>-writer`). Were that file deleted under it, the later
/// one's records would find their numbers taken, and its journal refuses from then on. Source: sqlite.org/wal.html,
/// sqlite.org/pragma.html#pragma_synchronous.
class SqliteJournal final : public desk::JournalSink {
public:
    /// Opens the file, or makes it. A journal that is there is read through once, and goes on after its last record.
    /// Refused: a file that is no journal, of a later version, that does not read back whole, or that a desk has open.
    [[nodiscard]] static Result<std::unique_ptr<SqliteJournal>> open(const std::filesystem::path& file,
                                                                     const SqliteJournalOptions& options = {});
    /// Waits until everything appended is committed or has failed.
    ~SqliteJournal() override;

    Result<std::uint64_t> append(desk::RecordKind kind, Timestamp time, std::span<const std::byte> payload) override;
    Result<void> acknowledge(std::uint64_t sequence) override;
    [[nodiscard]] std::uint64_t acknowledged() const override;
    /// What other processes ask (kill_file.hpp); nothing in a file layer of one's own. Reads one number in memory.
    [[nodiscard]] std::optional<desk::Request> next_request() override;
    void answer(std::uint64_t number, std::uint64_t sequence) override;

private:
    class Writer;
    explicit SqliteJournal(std::unique_ptr<Writer> writer);
    std::unique_ptr<Writer> writer_;
};

/// Reads a journal from its first record, also while a desk writes it: what is committed by the time a record is asked
/// for is seen. Refused: a file that is no journal, of a later version; a gap; a record whose digest does not fit.
class SqliteJournalReader final : public desk::JournalSource {
public:
    [[nodiscard]] static Result<std::unique_ptr<SqliteJournalReader>> open(const std::filesystem::path& file,
                                                                           const std::string& vfs = {});
    ~SqliteJournalReader() override;

    Result<bool> next(desk::Record& record) override;

private:
    class Cursor;
    explicit SqliteJournalReader(std::unique_ptr<Cursor> cursor);
    std::unique_ptr<Cursor> cursor_;
};

}  // namespace slipcast::storage
