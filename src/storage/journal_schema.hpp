#pragma once

#include "slipcast/desk/journal.hpp"
#include "sqlite_file.hpp"

namespace slipcast::storage {

/// Makes the table in an empty file, or checks that the file is a journal of this version. With `may_create` false an
/// empty file is refused too.
[[nodiscard]] Result<void> check_journal(SqliteFile& file, bool may_create);

/// The digest a record is stored with: of its number, kind, time and payload, and of the digest before it.
[[nodiscard]] std::uint64_t chained_digest(std::uint64_t before, std::uint64_t sequence, desk::RecordKind kind,
                                           Timestamp time, std::span<const std::byte> payload);

/// Reads records in order and checks them: numbers without gaps, known kinds, digests in their chain.
class JournalRows {
public:
    /// Starts at the first record of `file`, which must outlive it.
    [[nodiscard]] static Result<JournalRows> open(SqliteFile& file);
    [[nodiscard]] Result<bool> next(desk::Record& record);
    [[nodiscard]] std::uint64_t last() const { return last_; }
    [[nodiscard]] std::uint64_t digest() const { return digest_; }

private:
    JournalRows(SqliteFile& file, SqliteStatement after) : file_(&file), after_(std::move(after)) {}
    SqliteFile* file_;
    SqliteStatement after_;
    std::uint64_t last_ = 0;
    std::uint64_t digest_ = 0;
};

}  // namespace slipcast::storage
