#include "writer_lock.hpp"

namespace slipcast::storage {

Result<WriterLock> WriterLock::take(const std::filesystem::path& journal) {
    std::filesystem::path beside = journal;
    beside += "-writer";
    SLIPCAST_TRY(file, SqliteFile::open(beside, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, {}));
    SLIPCAST_CHECK(file.run("PRAGMA busy_timeout = 0"));
    if (const auto begun = file.run("BEGIN EXCLUSIVE"); !begun) {
        if (begun.error().rule != sqlite3_errstr(SQLITE_BUSY)) return begun.error();
        return Error{ErrorCode::inconsistent,
                     "journal",
                     journal.filename().string(),
                     "another desk has it open for writing: one desk at a time",
                     {.file = journal.string(), .row = 0, .time = {}}};
    }
    return WriterLock(std::make_unique<SqliteFile>(std::move(file)), beside);
}

// Removed while it is held: who opened it before finds it locked and is refused.
WriterLock::~WriterLock() {
    std::error_code ignored;
    if (file_) std::filesystem::remove(path_, ignored);
}

}  // namespace slipcast::storage
