#pragma once

#include <sqlite3.h>

#include <filesystem>
#include <memory>
#include <string>

#include "slipcast/core/result.hpp"

namespace slipcast::storage {

struct CloseSqlite {
    void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
};
struct FinalizeSqlite {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using SqliteStatement = std::unique_ptr<sqlite3_stmt, FinalizeSqlite>;

/// A connection with the file's name for its errors.
class SqliteFile {
public:
    /// flags: SQLITE_OPEN_*; vfs: empty = the system's.
    [[nodiscard]] static Result<SqliteFile> open(const std::filesystem::path& file, int flags, const std::string& vfs);

    [[nodiscard]] Result<void> run(const char* sql);
    [[nodiscard]] Result<SqliteStatement> prepare(const char* sql);
    /// The first column of the first row, 0 without a row.
    [[nodiscard]] Result<std::int64_t> number(const char* sql);
    /// True with a row, false at the end.
    [[nodiscard]] Result<bool> step(const SqliteStatement& statement);
    /// SQLite's code of the last call, SQLITE_BUSY and the like.
    [[nodiscard]] int code() const { return sqlite3_errcode(database_.get()); }
    /// The file no longer stands under its name.
    [[nodiscard]] bool has_moved() const;
    /// What SQLite last complained of.
    [[nodiscard]] Error failure() const;
    [[nodiscard]] Error refusal(ErrorCode code, std::string field, std::string value, std::string rule) const;

private:
    SqliteFile(std::unique_ptr<sqlite3, CloseSqlite> database, std::string name)
        : database_(std::move(database)), name_(std::move(name)) {}
    std::unique_ptr<sqlite3, CloseSqlite> database_;
    std::string name_;
};

}  // namespace slipcast::storage
