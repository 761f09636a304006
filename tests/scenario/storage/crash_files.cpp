#include "crash_files.hpp"

#include <algorithm>
#include <cstring>
#include <new>

#include "slipcast/core/assert.hpp"

namespace slipcast::test {

namespace {

constexpr std::size_t kSector = 512;

}  // namespace

// What SQLite holds of an open file.
struct CrashFiles::Open {
    sqlite3_file base;
    CrashFiles* files;
    std::string* path;
    bool is_temporary;  ///< deleted on close
};

bool CrashFiles::powered() {
    if (has_failed_) return false;
    ++changes_;
    has_failed_ = fail_at_ != 0 && changes_ >= fail_at_;
    return !has_failed_;
}

void CrashFiles::apply(const Change& change, std::vector<char>& to) {
    const auto offset = static_cast<std::size_t>(change.offset);
    if (change.is_truncation) {
        to.resize(offset);
        return;
    }
    if (to.size() < offset + change.bytes.size()) to.resize(offset + change.bytes.size());
    std::copy(change.bytes.begin(), change.bytes.end(), to.begin() + static_cast<std::ptrdiff_t>(offset));
}

// The calls that SQLite makes, each under the lock.
struct CrashFiles::Layer {
    static Open& opened(sqlite3_file* file) { return *reinterpret_cast<Open*>(file); }
    static Content& content(sqlite3_file* file) { return opened(file).files->files_[*opened(file).path]; }
    static CrashFiles& all(sqlite3_vfs* layer) { return *static_cast<CrashFiles*>(layer->pAppData); }

    static int close(sqlite3_file* file) {
        Open& open = opened(file);
        const std::lock_guard lock(open.files->mutex_);
        if (open.is_temporary) open.files->files_.erase(*open.path);
        delete open.path;
        return SQLITE_OK;
    }
    static int read(sqlite3_file* file, void* to, int size, sqlite3_int64 offset) {
        const std::lock_guard lock(opened(file).files->mutex_);
        if (opened(file).files->has_failed_) return SQLITE_IOERR_READ;
        const std::vector<char>& bytes = content(file).current;
        const auto at = static_cast<std::size_t>(offset), wanted = static_cast<std::size_t>(size);
        const std::size_t there = at < bytes.size() ? std::min(wanted, bytes.size() - at) : 0;
        std::memset(to, 0, wanted);
        if (there > 0) std::memcpy(to, bytes.data() + at, there);
        return there == wanted ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
    }
    static int change(sqlite3_file* file, Change made) {
        CrashFiles& files = *opened(file).files;
        const std::lock_guard lock(files.mutex_);
        if (files.has_failed_) return SQLITE_IOERR_WRITE;
        const bool is_powered = files.powered();
        // The change under way when power fails may still reach the disk in part.
        Content& content = Layer::content(file);
        apply(made, content.current);
        content.unsynced.push_back(std::move(made));
        return is_powered ? SQLITE_OK : SQLITE_IOERR_WRITE;
    }
    static int write(sqlite3_file* file, const void* from, int size, sqlite3_int64 offset) {
        const char* bytes = static_cast<const char*>(from);
        return change(file, {offset, std::vector<char>(bytes, bytes + size), false});
    }
    static int truncate(sqlite3_file* file, sqlite3_int64 size) { return change(file, {size, {}, true}); }
    static int sync(sqlite3_file* file, int) {
        const std::lock_guard lock(opened(file).files->mutex_);
        if (!opened(file).files->powered()) return SQLITE_IOERR_FSYNC;
        Content& content = Layer::content(file);
        content.synced = content.current;
        content.unsynced.clear();
        content.was_synced = true;
        return SQLITE_OK;
    }
    static int size(sqlite3_file* file, sqlite3_int64* to) {
        const std::lock_guard lock(opened(file).files->mutex_);
        *to = static_cast<sqlite3_int64>(content(file).current.size());
        return SQLITE_OK;
    }
    // One connection at a time uses a file here: there is nobody to lock out.
    static int lock(sqlite3_file*, int) { return SQLITE_OK; }
    static int is_reserved(sqlite3_file*, int* to) {
        *to = 0;
        return SQLITE_OK;
    }
    static int control(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
    static int sector_size(sqlite3_file*) { return static_cast<int>(kSector); }
    static int characteristics(sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }
    static int map_shared(sqlite3_file* file, int region, int size, int, void volatile** to) {
        const std::lock_guard lock(opened(file).files->mutex_);
        auto& shared = content(file).shared;
        while (shared.size() <= static_cast<std::size_t>(region)) {
            shared.push_back(std::make_unique<char[]>(static_cast<std::size_t>(size)));
        }
        *to = shared[static_cast<std::size_t>(region)].get();
        return SQLITE_OK;
    }
    static int lock_shared(sqlite3_file*, int, int, int) { return SQLITE_OK; }
    static void barrier(sqlite3_file*) {}
    static int unmap_shared(sqlite3_file* file, int is_deleted) {
        const std::lock_guard lock(opened(file).files->mutex_);
        if (is_deleted != 0) content(file).shared.clear();
        return SQLITE_OK;
    }

    static int open(sqlite3_vfs* layer, const char* path, sqlite3_file* file, int flags, int* out_flags) {
        static const sqlite3_io_methods kMethods{
            2,           close,   read,        write,           truncate,   sync,        size,    lock,         lock,
            is_reserved, control, sector_size, characteristics, map_shared, lock_shared, barrier, unmap_shared, nullptr,
            nullptr};
        CrashFiles& files = all(layer);
        const std::lock_guard lock(files.mutex_);
        static int temporary = 0;
        const std::string name = path == nullptr ? "temporary" + std::to_string(++temporary) : path;
        const bool is_new = files.files_.find(name) == files.files_.end();
        if (is_new && (flags & SQLITE_OPEN_CREATE) == 0) return SQLITE_CANTOPEN;
        if (files.has_failed_) return SQLITE_CANTOPEN;
        files.files_[name];
        new (file) Open{{&kMethods}, &files, new std::string(name), (flags & SQLITE_OPEN_DELETEONCLOSE) != 0};
        if (out_flags != nullptr) *out_flags = flags;
        return SQLITE_OK;
    }
    static int remove(sqlite3_vfs* layer, const char* path, int) {
        CrashFiles& files = all(layer);
        const std::lock_guard lock(files.mutex_);
        if (!files.powered()) return SQLITE_IOERR_DELETE;
        return files.files_.erase(path) == 0 ? SQLITE_IOERR_DELETE_NOENT : SQLITE_OK;
    }
    static int access(sqlite3_vfs* layer, const char* path, int, int* to) {
        CrashFiles& files = all(layer);
        const std::lock_guard lock(files.mutex_);
        *to = files.files_.find(path) == files.files_.end() ? 0 : 1;
        return SQLITE_OK;
    }
    static int full_path(sqlite3_vfs*, const char* path, int room, char* to) {
        sqlite3_snprintf(room, to, "%s", path);
        return SQLITE_OK;
    }
    static int randomness(sqlite3_vfs*, int size, char* to) {
        std::memset(to, 7, static_cast<std::size_t>(size));
        return size;
    }
    static int sleep(sqlite3_vfs*, int microseconds) { return microseconds; }
    static int now(sqlite3_vfs*, double* to) {
        *to = 2460000.5;
        return SQLITE_OK;
    }
    static int last_error(sqlite3_vfs*, int, char*) { return 0; }
};

CrashFiles::CrashFiles(std::string name) : name_(std::move(name)) {
    layer_.iVersion = 1;
    layer_.szOsFile = sizeof(Open);
    layer_.mxPathname = 512;
    layer_.zName = name_.c_str();
    layer_.pAppData = this;
    layer_.xOpen = Layer::open;
    layer_.xDelete = Layer::remove;
    layer_.xAccess = Layer::access;
    layer_.xFullPathname = Layer::full_path;
    layer_.xRandomness = Layer::randomness;
    layer_.xSleep = Layer::sleep;
    layer_.xCurrentTime = Layer::now;
    layer_.xGetLastError = Layer::last_error;
    SLIPCAST_ASSERT(sqlite3_vfs_register(&layer_, 0) == SQLITE_OK, "SQLite takes a file layer");
}

CrashFiles::~CrashFiles() {
    sqlite3_vfs_unregister(&layer_);
}

void CrashFiles::fail_at(std::int64_t count) {
    const std::lock_guard lock(mutex_);
    fail_at_ = count == 0 ? 0 : changes_ + count;
}

bool CrashFiles::has_failed() const {
    const std::lock_guard lock(mutex_);
    return has_failed_;
}

std::int64_t CrashFiles::changes() const {
    const std::lock_guard lock(mutex_);
    return changes_;
}

void CrashFiles::reboot(RandomStream& stream) {
    const std::lock_guard lock(mutex_);
    for (auto at = files_.begin(); at != files_.end();) {
        Content& content = at->second;
        if (!content.was_synced && stream.next_uniform() < 0.5) {
            at = files_.erase(at);
            continue;
        }
        std::vector<char> kept = content.synced;
        for (const Change& change : content.unsynced) {
            const double fate = stream.next_uniform();
            if (fate < 0.4) apply(change, kept);
            if (fate < 0.7 || change.is_truncation) continue;
            for (std::size_t begin = 0; begin < change.bytes.size(); begin += kSector) {
                if (stream.next_uniform() < 0.5) continue;
                const auto from = change.bytes.begin() + static_cast<std::ptrdiff_t>(begin);
                const std::size_t size = std::min(kSector, change.bytes.size() - begin);
                apply({change.offset + static_cast<std::int64_t>(begin),
                       std::vector<char>(from, from + static_cast<std::ptrdiff_t>(size)), false},
                      kept);
            }
        }
        content = {};
        content.synced = content.current = std::move(kept);
        content.was_synced = true;
        ++at;
    }
    fail_at_ = 0;
    has_failed_ = false;
}

}  // namespace slipcast::test
