#include "request_page.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace slipcast::storage {

namespace {

constexpr std::uint64_t kMagic = 0x6c6c696b70696c53;  // "Slipkill"
constexpr std::uint64_t kVersion = 1;
constexpr off_t kWriting = 0, kLiving = 1;  // bytes that are locked
constexpr std::uint64_t kKill = 1, kRelease = 2;

struct Entry {
    std::uint64_t number = 0;
    std::int64_t time_ns = 0;
    std::uint64_t kind = 0;
    std::uint64_t record = 0;
};

std::uint64_t loaded(std::uint64_t& value) {
    return std::atomic_ref(value).load(std::memory_order_acquire);
}
void store(std::uint64_t& value, std::uint64_t to) {
    std::atomic_ref(value).store(to, std::memory_order_release);
}

int locked(int descriptor, int command, short type, off_t byte, short* found = nullptr) {
    struct flock lock{};
    lock.l_type = type;
    lock.l_whence = SEEK_SET;
    lock.l_start = byte;
    lock.l_len = 1;
    int status = 0;
    do {
        status = fcntl(descriptor, command, &lock);
    } while (status != 0 && errno == EINTR);
    if (found != nullptr) *found = lock.l_type;
    return status;
}

Error failure(const std::filesystem::path& file) {
    return Error{ErrorCode::io_failure,
                 "journal",
                 "",
                 std::generic_category().message(errno),
                 {.file = file.string(), .row = 0, .time = {}}};
}

}  // namespace

OpenFile::~OpenFile() {
    if (descriptor_ >= 0) close(descriptor_);
}

struct RequestPage::Page {
    std::uint64_t magic = kMagic;
    std::uint64_t version = kVersion;
    std::uint64_t asked = 0;
    std::uint64_t answered = 0;
    std::array<std::uint64_t, 4> spare{};
    std::array<Entry, kRoom> entries{};
};

void RequestPage::Unmap::operator()(Page* page) const {
    munmap(page, sizeof(Page));
}

RequestPage::RequestPage(std::filesystem::path file, OpenFile descriptor, Page* page)
    : file_(std::move(file)), descriptor_(std::move(descriptor)), page_(page), handed_(loaded(page_->answered)) {}

RequestPage::~RequestPage() {
    if (!page_ || !is_mine_) return;
    const std::optional<Lock> held = lock();
    if (!held || loaded(page_->answered) != loaded(page_->asked)) return;
    std::error_code ignored;
    std::filesystem::remove(file_, ignored);
}

RequestPage::Lock::~Lock() {
    if (descriptor_ >= 0) locked(descriptor_, F_OFD_SETLK, F_UNLCK, kWriting);
}

std::optional<RequestPage::Lock> RequestPage::lock() const {
    if (locked(descriptor_.get(), F_OFD_SETLKW, F_WRLCK, kWriting) != 0) return std::nullopt;
    Lock held(descriptor_.get());
    struct stat ours{};
    struct stat named{};
    const bool is_same = fstat(descriptor_.get(), &ours) == 0 && stat(file_.c_str(), &named) == 0 &&
                         ours.st_dev == named.st_dev && ours.st_ino == named.st_ino;
    if (!is_same) return std::nullopt;
    return held;
}

Result<RequestPage> RequestPage::open(const std::filesystem::path& journal) {
    SLIPCAST_TRY(made, opened(journal, true));
    return std::move(*made);
}
Result<std::optional<RequestPage>> RequestPage::find(const std::filesystem::path& journal) {
    return opened(journal, false);
}

// Who closes last may remove the file between our opening and locking it: then there is a new one under its name.
Result<std::optional<RequestPage>> RequestPage::opened(const std::filesystem::path& journal, bool may_make) {
    std::filesystem::path file = journal;
    file += "-kill";
    for (;;) {
        constexpr mode_t kMode = 0644;
        OpenFile descriptor(::open(file.c_str(), O_RDWR | O_CLOEXEC | (may_make ? O_CREAT : 0), kMode));
        if (descriptor.get() < 0 && errno == ENOENT && !may_make) return std::optional<RequestPage>{};
        if (descriptor.get() < 0 || locked(descriptor.get(), F_OFD_SETLKW, F_WRLCK, kWriting) != 0) {
            return failure(file);
        }
        const Lock held(descriptor.get());
        struct stat ours{};
        struct stat named{};
        if (fstat(descriptor.get(), &ours) != 0) return failure(file);
        if (stat(file.c_str(), &named) != 0 || ours.st_ino != named.st_ino || ours.st_dev != named.st_dev) continue;
        const bool is_new = ours.st_size == 0;
        if (is_new) {
            const Page empty;
            if (pwrite(descriptor.get(), &empty, sizeof(empty), 0) != sizeof(empty) || fsync(descriptor.get()) != 0) {
                return failure(file);
            }
        } else if (ours.st_size != sizeof(Page)) {
            return Error{ErrorCode::malformed,
                         "kill_file",
                         "",
                         "must be a desk's kill file",
                         {.file = file.string(), .row = 0, .time = {}}};
        }
        void* memory = mmap(nullptr, sizeof(Page), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor.get(), 0);
        if (memory == MAP_FAILED) return failure(file);
        RequestPage made(file, std::move(descriptor), static_cast<Page*>(memory));
        if (made.page_->magic == kMagic && made.page_->version == kVersion) return std::optional(std::move(made));
        return Error{ErrorCode::malformed,
                     "kill_file",
                     "",
                     "must be a desk's kill file of this version",
                     {.file = file.string(), .row = 0, .time = {}}};
    }
}

Result<void> RequestPage::hold() {
    if (locked(descriptor_.get(), F_OFD_SETLK, F_WRLCK, kLiving) != 0) {
        return Error{ErrorCode::inconsistent,
                     "kill_file",
                     "",
                     "another desk has it: one desk at a time",
                     {.file = file_.string(), .row = 0, .time = {}}};
    }
    is_mine_ = true;
    return {};
}

bool RequestPage::is_held() const {
    short found = F_UNLCK;
    return locked(descriptor_.get(), F_OFD_GETLK, F_WRLCK, kLiving, &found) == 0 && found != F_UNLCK;
}

// What cannot be read may have been a kill.
desk::Request RequestPage::request(std::uint64_t number) const {
    const Entry& entry = page_->entries[number % kRoom];
    if (entry.number != number) return {.number = number, .time = {}, .kind = desk::CommandKind::kill};
    return {.number = number,
            .time = Timestamp::from_ns(entry.time_ns),
            .kind = entry.kind == kRelease ? desk::CommandKind::release : desk::CommandKind::kill};
}

std::optional<desk::Request> RequestPage::next() {
    const std::uint64_t asked = loaded(page_->asked);
    if (asked == handed_) return std::nullopt;
    if (asked - handed_ > kRoom) handed_ = asked - 1;
    ++handed_;
    return request(handed_);
}

void RequestPage::answer(std::uint64_t number, std::uint64_t sequence) {
    Entry& entry = page_->entries[number % kRoom];
    if (entry.number == number) store(entry.record, sequence);
    store(page_->answered, number);
    write_through();
}

Result<std::uint64_t> RequestPage::add(desk::CommandKind kind, Timestamp time) {
    const std::uint64_t asked = loaded(page_->asked);
    if (asked - loaded(page_->answered) >= kRoom) {
        return Error{ErrorCode::out_of_range,
                     "requests",
                     std::to_string(asked - loaded(page_->answered)),
                     "must be taken up before there is room for more",
                     {.file = file_.string(), .row = 0, .time = {}}};
    }
    const std::uint64_t number = asked + 1;
    page_->entries[number % kRoom] = {number, time.ns(), kind == desk::CommandKind::release ? kRelease : kKill, 0};
    write_through();
    store(page_->asked, number);
    if (msync(page_.get(), sizeof(Page), MS_SYNC) != 0) return failure(file_);
    return number;
}

std::uint64_t RequestPage::record_of(std::uint64_t number) const {
    Entry& entry = page_->entries[number % kRoom];
    return entry.number == number ? loaded(entry.record) : 0;
}

std::vector<desk::Request> RequestPage::waiting() const {
    std::vector<desk::Request> all;
    for (std::uint64_t n = loaded(page_->answered); n < loaded(page_->asked);) all.push_back(request(++n));
    return all;
}

void RequestPage::write_through() const {
    msync(page_.get(), sizeof(Page), MS_SYNC);
}

}  // namespace slipcast::storage
