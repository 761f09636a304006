#pragma once

#include <optional>

#include "sqlite_file.hpp"

namespace slipcast::storage {

/// The right to write to a journal, held while the object lives: an exclusive transaction, never ended, on an empty
/// database `<journal>-writer` beside it, which the system drops when the process dies. A lock on the journal itself
/// would keep its readers out. Source: sqlite.org/lang_transaction.html.
class WriterLock {
public:
    /// Holds nothing: for a journal in a file layer of its own.
    WriterLock() = default;
    /// Refused: another process or another desk of this one holds it.
    [[nodiscard]] static Result<WriterLock> take(const std::filesystem::path& journal);

private:
    explicit WriterLock(SqliteFile file) : file_(std::move(file)) {}
    std::optional<SqliteFile> file_;
};

}  // namespace slipcast::storage
