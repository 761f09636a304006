#include "slipcast/storage/kill_file.hpp"

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

#include "request_page.hpp"
#include "slipcast/storage/sqlite_journal.hpp"
#include "writer_lock.hpp"

namespace slipcast::storage {

namespace {

constexpr std::chrono::milliseconds kPause{5};
constexpr std::chrono::milliseconds kStart{500};  // a desk that is about to open its kill file has the journal by then

/// Calls `is_done` until it holds or the time is over. Returns whether it held.
template <typename Done>
bool waited(Duration time, const Done& is_done) {
    const auto until = std::chrono::steady_clock::now() + time;
    while (!is_done()) {
        if (std::chrono::steady_clock::now() >= until) return false;
        std::this_thread::sleep_for(kPause);
    }
    return true;
}

/// Who has the file, and a promise that no desk opens the journal meanwhile when none has.
std::pair<Reach, WriterLock> reach_of(const RequestPage& page, const std::filesystem::path& journal) {
    WriterLock none;
    const bool is_known = waited(kStart, [&] {
        if (page.is_held()) return true;
        auto taken = WriterLock::take(journal);
        if (taken) none = std::move(*taken);
        return taken.has_value();
    });
    if (!is_known) return {Reach::unreachable, WriterLock{}};
    return {page.is_held() ? Reach::running : Reach::next, std::move(none)};
}

}  // namespace

Result<Asked> ask(const std::filesystem::path& journal, desk::CommandKind kind, Timestamp time, Duration wait) {
    SLIPCAST_ASSERT(kind == desk::CommandKind::kill || kind == desk::CommandKind::release,
                    "a desk is asked for no more");
    SLIPCAST_TRY(reader, SqliteJournalReader::open(journal));
    reader.reset();
    for (;;) {
        SLIPCAST_TRY(page, RequestPage::open(journal));
        Asked asked;
        {
            auto [reach, no_desk] = reach_of(page, journal);
            const std::optional<RequestPage::Lock> held = page.lock();
            if (!held) continue;
            SLIPCAST_TRY(number, page.add(kind, time));
            asked = {.request = {.number = number, .time = time, .kind = kind}, .reach = reach, .record = 0};
        }
        if (asked.reach != Reach::running) return asked;
        waited(wait, [&] { return page.record_of(asked.request.number) != 0 || !page.is_held(); });
        asked.record = page.record_of(asked.request.number);
        if (asked.record == 0 && !page.is_held()) asked.reach = Reach::next;
        return asked;
    }
}

Result<std::vector<Asked>> open_requests(const std::filesystem::path& journal) {
    std::vector<Asked> all;
    SLIPCAST_TRY(page, RequestPage::find(journal));
    if (!page) return all;
    for (const desk::Request& each : page->waiting()) {
        all.push_back({.request = each, .reach = page->is_held() ? Reach::running : Reach::next, .record = 0});
    }
    return all;
}

}  // namespace slipcast::storage
