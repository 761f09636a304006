#include "sqlite_file.hpp"

namespace slipcast::storage {

Result<SqliteFile> SqliteFile::open(const std::filesystem::path& file, int flags, const std::string& vfs) {
    sqlite3* database = nullptr;
    const int status = sqlite3_open_v2(file.c_str(), &database, flags, vfs.empty() ? nullptr : vfs.c_str());
    SqliteFile opened(std::unique_ptr<sqlite3, CloseSqlite>(database), file.string());
    if (status != SQLITE_OK) return opened.failure();
    constexpr int kPatienceMs = 5000;  // a reader's checkpoint may hold the file for a moment
    sqlite3_busy_timeout(database, kPatienceMs);
    return opened;
}

Result<void> SqliteFile::run(const char* sql) {
    if (sqlite3_exec(database_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK) return failure();
    return {};
}

Result<SqliteStatement> SqliteFile::prepare(const char* sql) {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(database_.get(), sql, -1, &statement, nullptr) != SQLITE_OK) return failure();
    return SqliteStatement(statement);
}

Result<std::int64_t> SqliteFile::number(const char* sql) {
    SLIPCAST_TRY(statement, prepare(sql));
    SLIPCAST_TRY(has_row, step(statement));
    return has_row ? static_cast<std::int64_t>(sqlite3_column_int64(statement.get(), 0)) : std::int64_t{0};
}

Result<bool> SqliteFile::step(const SqliteStatement& statement) {
    const int status = sqlite3_step(statement.get());
    if (status != SQLITE_ROW && status != SQLITE_DONE) return failure();
    return status == SQLITE_ROW;
}

bool SqliteFile::has_moved() const {
    int moved = 0;
    const int status = sqlite3_file_control(database_.get(), "main", SQLITE_FCNTL_HAS_MOVED, &moved);
    return status == SQLITE_OK && moved != 0;
}

Error SqliteFile::failure() const {
    return refusal(ErrorCode::io_failure, "journal", "", sqlite3_errmsg(database_.get()));
}

Error SqliteFile::refusal(ErrorCode code, std::string field, std::string value, std::string rule) const {
    return Error{code, std::move(field), std::move(value), std::move(rule), {.file = name_, .row = 0, .time = {}}};
}

}  // namespace slipcast::storage
