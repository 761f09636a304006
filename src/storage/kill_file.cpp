#include "slipcast/storage/kill_file.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <thread>
#include <utility>

#include "request_page.hpp"
#include "slipcast/core/table_builder.hpp"
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

Error out_of_reach(const std::filesystem::path& journal) {
    return Error{
        ErrorCode::inconsistent,
        "kill_file",
        "",
        "was removed or replaced while a desk is running, which does not see the request: end its process; the "
        "request waits for the next desk",
        {.file = journal.string() + "-kill", .row = 0, .time = {}}};
}

/// Who sees the page, and the promise that no desk opens the journal meanwhile when none does.
struct Reached {
    Result<Reach> reach;
    WriterLock no_desk = {};
};

/// Refused: a desk lives and has another page; whether one lives cannot be found out.
Reached reached(const RequestPage& page, const std::filesystem::path& journal) {
    std::optional<Reached> found;
    waited(kStart, [&] {
        if (page.is_held()) {
            found = {Reach::running};
            return true;
        }
        auto taken = WriterLock::take(journal);
        // Again: that took its time, in which a desk that has the journal may have come to its page.
        if (page.is_held()) {
            found = {Reach::running};
        } else if (taken) {
            found = {Reach::next, std::move(*taken)};
        } else if (taken.error().code != ErrorCode::inconsistent) {
            found = {taken.error()};
        }
        return found.has_value();
    });
    return found ? std::move(*found) : Reached{out_of_reach(journal)};
}

}  // namespace

std::string_view name(Reach reach) {
    return reach == Reach::running ? "running" : "next";
}

Result<Asked> ask(const std::filesystem::path& journal, desk::CommandKind kind, Timestamp time, Duration wait) {
    SLIPCAST_ASSERT(kind == desk::CommandKind::kill || kind == desk::CommandKind::release,
                    "a desk is asked for no more");
    SLIPCAST_TRY(reader, SqliteJournalReader::open(journal));
    reader.reset();
    for (;;) {
        SLIPCAST_TRY(page, RequestPage::open(journal));
        Asked asked;
        {
            const Reached who = reached(page, journal);
            const std::optional<RequestPage::Lock> held = page.lock();
            if (!held) continue;
            SLIPCAST_TRY(number, page.add(kind, time));
            if (!who.reach) return who.reach.error();
            asked = {.request = {.number = number, .time = time, .kind = kind}, .reach = *who.reach, .record = 0};
        }
        if (asked.reach != Reach::running) return asked;
        waited(wait, [&] { return page.record_of(asked.request.number) != 0 || !page.is_held(); });
        const bool is_running = page.is_held();  // first: who closes answers before
        asked.record = page.record_of(asked.request.number);
        if (asked.record == 0 && !is_running) asked.reach = Reach::next;
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

Table requests_table(const std::vector<Asked>& requests) {
    const auto when = [](const Asked& each) {
        return each.request.time == Timestamp{} ? std::nullopt : std::optional(each.request.time);
    };
    return TableBuilder("desk_requests", requests.size())
        .add(plain("number", "in the order of asking"),
             of(requests, [](const Asked& each) { return static_cast<std::int64_t>(each.request.number); }))
        .add(plain("command", "kill or release"),
             words(requests.size(), of(requests, [](const Asked& each) { return name(each.request.kind); })))
        .add(plain("asked_time", "by the asker's clock", "ns"), of(requests, when))
        .add(
            plain("reach", "running: the desk that runs takes it up before its next decision; next: the next one does"),
            words(requests.size(), of(requests, [](const Asked& each) { return name(each.reach); })))
        .add(plain("record", "of the journal that answers it; missing when it was not taken up yet"),
             of(requests,
                [](const Asked& each) {
                    return each.record == 0 ? std::nullopt : std::optional(static_cast<std::int64_t>(each.record));
                }))
        .take();
}

}  // namespace slipcast::storage
