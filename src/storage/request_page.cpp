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

/// The name of a new file is on disk, too, when this holds.
bool keeps_names(const std::filesystem::path& file) {
    const std::filesystem::path parent = file.parent_path();
    const OpenFile folder(::open(parent.empty() ? "." : parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    return folder.get() >= 0 && fsync(folder.get()) == 0;
}

Error failure(const std::filesystem::path& file) {
    return Error{ErrorCode::io_failure,
                 "journal",
                 "",
                 std::generic_category().message(errno),
                 {.file = file.string(), .row = 0, .time = {}}};
}

// What cannot be read may have been a kill.
desk::Request unreadable(std::uint64_t number) {
    return {.number = number, .time = {}, .kind = desk::CommandKind::kill};
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
    SLIPCAST_TRY(made, opened(journal, Use::make));
    return std::move(*made);
}
Result<std::optional<RequestPage>> RequestPage::find(const std::filesystem::path& journal) {
    return opened(journal, Use::look);
}

// Who closes last may remove the file between our opening and locking it: then there is a new one under its name.
Result<std::optional<RequestPage>> RequestPage::opened(const std::filesystem::path& journal, Use use) {
    const bool may_make = use == Use::make;
    std::filesystem::path file = journal;
    file += "-kill";
    for (;;) {
        constexpr mode_t kMode = 0644;
        OpenFile descriptor(::open(file.c_str(), O_CLOEXEC | (may_make ? O_RDWR | O_CREAT : O_RDONLY), kMode));
        if (descriptor.get() < 0 && errno == ENOENT && !may_make) return std::optional<RequestPage>{};
        const short lock = may_make ? F_WRLCK : F_RDLCK;
        if (descriptor.get() < 0 || locked(descriptor.get(), F_OFD_SETLKW, lock, kWriting) != 0) return failure(file);
        const Lock held(descriptor.get());
        struct stat ours{};
        struct stat named{};
        if (fstat(descriptor.get(), &ours) != 0) return failure(file);
        if (stat(file.c_str(), &named) != 0 || ours.st_ino != named.st_ino || ours.st_dev != named.st_dev) continue;
        const bool is_new = ours.st_size == 0;
        if (is_new && !may_make) return std::optional<RequestPage>{};
        if (is_new) {
            const Page empty;
            const bool is_written =
                pwrite(descriptor.get(), &empty, sizeof(empty), 0) == sizeof(empty) && fsync(descriptor.get()) == 0;
            if (!is_written || !keeps_names(file)) return failure(file);
        } else if (ours.st_size != sizeof(Page)) {
            return Error{ErrorCode::malformed,
                         "kill_file",
                         "",
                         "must be a desk's kill file",
                         {.file = file.string(), .row = 0, .time = {}}};
        }
        void* memory =
            mmap(nullptr, sizeof(Page), may_make ? PROT_READ | PROT_WRITE : PROT_READ, MAP_SHARED, descriptor.get(), 0);
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

desk::Request RequestPage::request(std::uint64_t number) const {
    const Entry& entry = page_->entries[number % kRoom];
    if (entry.number != number) return unreadable(number);
    return {.number = number,
            .time = Timestamp::from_ns(entry.time_ns),
            .kind = entry.kind == kRelease ? desk::CommandKind::release : desk::CommandKind::kill};
}

void RequestPage::recall(std::uint64_t number, Timestamp time, std::uint64_t sequence) {
    const Entry& entry = page_->entries[number % kRoom];
    if (number != loaded(page_->answered) + 1 || entry.number != number || entry.time_ns != time.ns()) return;
    answer(number, sequence);
    handed_ = number;
}

std::optional<desk::Request> RequestPage::next() {
    const std::uint64_t asked = loaded(page_->asked);
    if (asked == handed_) return std::nullopt;
    const bool is_sound = asked - handed_ <= kRoom;
    handed_ = is_sound ? handed_ + 1 : asked;
    return is_sound ? request(handed_) : unreadable(asked);
}

void RequestPage::answer(std::uint64_t number, std::uint64_t sequence) {
    Entry& entry = page_->entries[number % kRoom];
    if (entry.number == number) store(entry.record, sequence);
    store(page_->answered, number);
    static_cast<void>(write_through());  // at worst the next desk finds the answer in its journal
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
    if (!write_through()) return failure(file_);
    store(page_->asked, number);
    if (!write_through()) return failure(file_);
    return number;
}

std::uint64_t RequestPage::record_of(std::uint64_t number) const {
    Entry& entry = page_->entries[number % kRoom];
    return entry.number == number ? loaded(entry.record) : 0;
}

std::vector<desk::Request> RequestPage::waiting() const {
    const std::uint64_t asked = loaded(page_->asked);
    std::uint64_t number = loaded(page_->answered);
    if (asked - number > kRoom) return {unreadable(asked)};
    std::vector<desk::Request> all;
    while (number != asked) all.push_back(request(++number));
    return all;
}

bool RequestPage::write_through() const {
    return msync(page_.get(), sizeof(Page), MS_SYNC) == 0;
}

}  // namespace slipcast::storage
