#pragma once

#include <filesystem>
#include <memory>

#include "sqlite_file.hpp"

namespace slipcast::storage {

/// The right to write to a journal, held while the object lives: an exclusive transaction, never ended, on an empty
/// database `<journal>-writer` beside it, which the system drops when the process dies; the file goes with the object.
/// A lock on the journal itself would keep its readers out. Source: sqlite.org/lang_transaction.html.
class WriterLock {
public:
    /// Holds nothing: for a journal in a file layer of its own.
    WriterLock() = default;
    WriterLock(WriterLock&&) = default;
    WriterLock& operator=(WriterLock&&) = default;
    ~WriterLock();
    /// Waits half a second for who holds it only for a moment. Refused: another process or another desk of this one
    /// holds it.
    [[nodiscard]] static Result<WriterLock> take(const std::filesystem::path& journal);

private:
    WriterLock(std::unique_ptr<SqliteFile> file, std::filesystem::path path)
        : file_(std::move(file)), path_(std::move(path)) {}
    std::unique_ptr<SqliteFile> file_;
    std::filesystem::path path_;
};

}  // namespace slipcast::storage
