#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "slipcast/core/result.hpp"
#include "slipcast/desk/journal.hpp"

namespace slipcast::storage {

/// A file descriptor, closed with the object.
class OpenFile {
public:
    OpenFile() = default;
    explicit OpenFile(int descriptor) : descriptor_(descriptor) {}
    OpenFile(OpenFile&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
    OpenFile& operator=(OpenFile&& other) noexcept {
        std::swap(descriptor_, other.descriptor_);
        return *this;
    }
    ~OpenFile();
    [[nodiscard]] int get() const { return descriptor_; }

private:
    int descriptor_ = -1;
};

/// Requests to a journal's desk: one page of `<journal>-kill`, in the memory of the desk and of all who ask. Numbers
/// only grow: `asked` counts requests, `answered` those that an acknowledged record answers; the page holds the last
/// kRoom of them. The desk looks at one number and makes no system call. Locks belong to the open file, not to the
/// process, so that a process may ask its own desk: byte 0 while one writes, byte 1 while a desk lives.
class RequestPage {
public:
    static constexpr std::uint64_t kRoom = 126;

    /// Maps the file; makes it when it is not there. Refused: a file that is no kill file.
    [[nodiscard]] static Result<RequestPage> open(const std::filesystem::path& journal);
    /// The same without making one and only to look; nothing when there is none.
    [[nodiscard]] static Result<std::optional<RequestPage>> find(const std::filesystem::path& journal);

    RequestPage(RequestPage&&) = default;
    RequestPage& operator=(RequestPage&&) = default;
    /// A desk's page goes, with its file when every request is answered.
    ~RequestPage();

    /// A desk has it from now on. Refused: another one has.
    [[nodiscard]] Result<void> hold();
    [[nodiscard]] bool is_held() const;

    /// The desk's: its journal has a record that answers request `number`, asked at `time`; a crash may have come
    /// before the page heard of it. In the order of the journal.
    void recall(std::uint64_t number, Timestamp time, std::uint64_t sequence);
    /// The desk's: the next request that was not answered before it began, each once; a page that was damaged is a
    /// kill. Allocates nothing.
    [[nodiscard]] std::optional<desk::Request> next();
    /// Record `sequence`, acknowledged, answers it.
    void answer(std::uint64_t number, std::uint64_t sequence);

    /// Adds a request, on disk when it returns. `lock` is held.
    [[nodiscard]] Result<std::uint64_t> add(desk::CommandKind kind, Timestamp time);
    /// Of the record that answers it; 0 = none yet.
    [[nodiscard]] std::uint64_t record_of(std::uint64_t number) const;
    /// Not answered yet.
    [[nodiscard]] std::vector<desk::Request> waiting() const;

    /// The right to change the file, and the certainty that it still stands under its name.
    class Lock {
    public:
        explicit Lock(int descriptor) : descriptor_(descriptor) {}
        Lock(Lock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
        Lock& operator=(Lock&&) = delete;
        ~Lock();

    private:
        int descriptor_;
    };
    /// Nothing when the file under its name is another by now: open it again.
    [[nodiscard]] std::optional<Lock> lock() const;

private:
    enum class Use : std::uint8_t { make, look };
    struct Page;
    struct Unmap {
        void operator()(Page* page) const;
    };
    RequestPage(std::filesystem::path file, OpenFile descriptor, Page* page);
    static Result<std::optional<RequestPage>> opened(const std::filesystem::path& journal, Use use);
    [[nodiscard]] desk::Request request(std::uint64_t number) const;
    [[nodiscard]] bool write_through() const;

    std::filesystem::path file_;
    OpenFile descriptor_;
    std::unique_ptr<Page, Unmap> page_;
    std::uint64_t handed_ = 0;  ///< the desk's: the last that next() gave
    bool is_mine_ = false;
};

}  // namespace slipcast::storage
