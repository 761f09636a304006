#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "slipcast/core/random.hpp"

namespace slipcast::test {

/// SQLite's file layer in memory, on a machine whose power fails: at a chosen write, sync, truncation or deletion every
/// call starts to fail, and reboot() keeps of what was not synced by then a random part. Each unsynced write is kept
/// whole, lost, or torn by sectors; a file that was never synced may be gone. Shared memory is always gone.
class CrashFiles {
public:
    /// Registers the layer under `name`, for sqlite3_open_v2's last argument; unregistered at the end.
    explicit CrashFiles(std::string name);
    CrashFiles(const CrashFiles&) = delete;
    CrashFiles& operator=(const CrashFiles&) = delete;
    ~CrashFiles();

    [[nodiscard]] const std::string& name() const { return name_; }
    /// Power fails at the count-th changing call from now; 0 = never.
    void fail_at(std::int64_t count);
    [[nodiscard]] bool has_failed() const;
    /// Changing calls so far, over all lives.
    [[nodiscard]] std::int64_t changes() const;
    /// Power is back. Every connection must be closed.
    void reboot(RandomStream& stream);

private:
    struct Layer;
    struct Change {
        std::int64_t offset = 0;
        std::vector<char> bytes;
        bool is_truncation = false;  ///< to `offset`
    };
    struct Content {
        std::vector<char> synced;
        std::vector<char> current;
        std::vector<Change> unsynced;
        std::vector<std::unique_ptr<char[]>> shared;
        bool was_synced = false;
    };
    struct Open;

    [[nodiscard]] bool powered();  ///< counts a change
    static void apply(const Change& change, std::vector<char>& to);

    std::string name_;
    mutable std::mutex mutex_;
    std::map<std::string, Content> files_;
    std::int64_t changes_ = 0;
    std::int64_t fail_at_ = 0;  ///< in changes_; 0 = never
    bool has_failed_ = false;
    sqlite3_vfs layer_{};
};

}  // namespace slipcast::test
