#include "writer_lock.hpp"

#include <chrono>
#include <thread>

namespace slipcast::storage {

namespace {

constexpr int kTries = 50;
constexpr std::chrono::milliseconds kPause{10};  // between them: who asks a desk holds the lock for a moment

}  // namespace

Result<WriterLock> WriterLock::take(const std::filesystem::path& journal) {
    std::filesystem::path beside = journal;
    beside += "-writer";
    for (int tries = 0; tries < kTries; ++tries) {
        if (tries > 0) std::this_thread::sleep_for(kPause);
        SLIPCAST_TRY(file,
                     SqliteFile::open(beside, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, {}));
        SLIPCAST_CHECK(file.run("PRAGMA busy_timeout = 0"));
        if (const auto begun = file.run("BEGIN EXCLUSIVE"); !begun) {
            if (file.code() != SQLITE_BUSY) return begun.error();
            continue;
        }
        // Who held it before may have removed the file since we opened it.
        if (!file.has_moved()) return WriterLock(std::make_unique<SqliteFile>(std::move(file)), beside);
    }
    return Error{ErrorCode::inconsistent,
                 "journal",
                 journal.filename().string(),
                 "another desk has it open for writing: one desk at a time",
                 {.file = journal.string(), .row = 0, .time = {}}};
}

// Removed while it is held: who opened it before finds it locked and is refused.
WriterLock::~WriterLock() {
    std::error_code ignored;
    if (file_) std::filesystem::remove(path_, ignored);
}

}  // namespace slipcast::storage
