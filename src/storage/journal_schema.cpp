#include "journal_schema.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "slipcast/core/random.hpp"

namespace slipcast::storage {

namespace {

constexpr std::int64_t kApplication = 0x536c6970;  // "Slip": tells a journal from other SQLite files
constexpr std::int64_t kVersion = 1;

// `digest` is 64 bits as SQLite's signed integer.
constexpr const char* kTable = R"(
BEGIN IMMEDIATE;
CREATE TABLE record(
    sequence INTEGER PRIMARY KEY,
    kind     INTEGER NOT NULL,
    time_ns  INTEGER NOT NULL,
    payload  BLOB    NOT NULL,
    digest   INTEGER NOT NULL
);
PRAGMA application_id = 1399613808;
PRAGMA user_version = 1;
COMMIT;
)";
static_assert(kApplication == 1399613808 && kVersion == 1, "the statement above says the same");

}  // namespace

Result<void> check_journal(SqliteFile& file, bool may_create) {
    SLIPCAST_TRY(tables, file.number("SELECT count(*) FROM sqlite_master"));
    SLIPCAST_TRY(application, file.number("PRAGMA application_id"));
    if (tables == 0 && application == 0 && may_create) return file.run(kTable);
    if (application != kApplication) {
        return file.refusal(ErrorCode::malformed, "journal", "", "must be a desk's journal");
    }
    SLIPCAST_TRY(version, file.number("PRAGMA user_version"));
    if (version == kVersion) return {};
    return file.refusal(ErrorCode::invalid_value, "version", std::to_string(version),
                        fmt::format("must be {}: a later slipcast wrote this journal", kVersion));
}

std::uint64_t chained_digest(std::uint64_t before, std::uint64_t sequence, desk::RecordKind kind, Timestamp time,
                             std::span<const std::byte> payload) {
    const std::array<std::uint64_t, 4> head{before, sequence, static_cast<std::uint64_t>(kind),
                                            static_cast<std::uint64_t>(time.ns())};
    std::array<char, sizeof(head)> bytes{};
    std::memcpy(bytes.data(), head.data(), sizeof(head));
    const std::uint64_t state = digest64({bytes.data(), bytes.size()});
    return digest64({reinterpret_cast<const char*>(payload.data()), payload.size()}, state);
}

Result<JournalRows> JournalRows::open(SqliteFile& file) {
    SLIPCAST_TRY(after, file.prepare("SELECT sequence, kind, time_ns, payload, digest FROM record WHERE sequence > ?1 "
                                     "ORDER BY sequence LIMIT 256"));
    return JournalRows(file, std::move(after));
}

Result<bool> JournalRows::next(desk::Record& record) {
    sqlite3_stmt* row = after_.get();
    // A statement holds its snapshot while it is open: every 256 rows, and at the end, it starts again after the last.
    if (sqlite3_stmt_busy(row) == 0) sqlite3_bind_int64(row, 1, static_cast<sqlite3_int64>(last_));
    SLIPCAST_TRY(has_row, file_->step(after_));
    if (!has_row) {
        sqlite3_reset(row);
        sqlite3_bind_int64(row, 1, static_cast<sqlite3_int64>(last_));
        SLIPCAST_TRY(has_more, file_->step(after_));
        if (!has_more) {
            sqlite3_reset(row);
            return false;
        }
    }
    const auto sequence = static_cast<std::uint64_t>(sqlite3_column_int64(row, 0));
    const auto refused = [&](std::string rule) {
        Error error = file_->refusal(ErrorCode::inconsistent, "sequence", std::to_string(sequence), std::move(rule));
        error.place.row = static_cast<std::int64_t>(sequence);
        return error;
    };
    if (sequence != last_ + 1) return refused(fmt::format("must be {}: a record is missing", last_ + 1));
    const std::int64_t kind = sqlite3_column_int64(row, 1);
    record.sequence = sequence;
    record.kind = static_cast<desk::RecordKind>(kind);
    record.time = Timestamp::from_ns(sqlite3_column_int64(row, 2));
    const auto* bytes = static_cast<const std::byte*>(sqlite3_column_blob(row, 3));
    record.payload.assign(bytes, bytes + sqlite3_column_bytes(row, 3));
    digest_ = chained_digest(digest_, sequence, record.kind, record.time, record.payload);
    if (digest_ != static_cast<std::uint64_t>(sqlite3_column_int64(row, 4)) || kind < 0 || kind > 255) {
        return refused("was changed after it was written: its digest does not fit");
    }
    last_ = sequence;
    return true;
}

}  // namespace slipcast::storage
