#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <functional>
#include <thread>

#include "slipcast/desk/replay.hpp"
#include "slipcast/storage/kill_file.hpp"
#include "slipcast/storage/sqlite_journal.hpp"
#include "support/allocation_counter.hpp"
#include "support/desk_market.hpp"
#include "support/scratch_folder.hpp"

// Somebody in another process stops a desk at work, and lets it go on.

namespace slipcast::storage {
namespace {

using desk::Action;
using desk::CommandKind;
using desk::Decision;
using desk::JournaledDesk;
using test::calm_context;
using test::desk_setup;
using test::desk_time;

/// Another process, begun before this one has threads: each order it is given it carries out, and says how it went.
class OtherProcess {
public:
    using Call = std::function<std::int64_t(CommandKind)>;
    explicit OtherProcess(const Call& call) {
        EXPECT_EQ(pipe(orders_), 0);
        EXPECT_EQ(pipe(answers_), 0);
        process_ = fork();
        if (process_ != 0) return;
        close(orders_[1]);
        CommandKind kind{};
        while (read(orders_[0], &kind, sizeof(kind)) == sizeof(kind)) {
            const std::int64_t answer = call(kind);
            if (write(answers_[1], &answer, sizeof(answer)) != sizeof(answer)) break;
        }
        _exit(0);
    }
    OtherProcess(const OtherProcess&) = delete;
    OtherProcess& operator=(const OtherProcess&) = delete;
    ~OtherProcess() {
        for (const int each : {orders_[0], orders_[1], answers_[0], answers_[1]}) close(each);
        waitpid(process_, nullptr, 0);
    }
    void begin(CommandKind kind) { EXPECT_EQ(write(orders_[1], &kind, sizeof(kind)), ssize_t{sizeof(kind)}); }
    [[nodiscard]] std::int64_t answer() {
        std::int64_t made = 0;
        EXPECT_EQ(read(answers_[0], &made, sizeof(made)), ssize_t{sizeof(made)});
        return made;
    }

private:
    int orders_[2]{}, answers_[2]{};
    pid_t process_ = 0;
};

struct RunningDesk {
    explicit RunningDesk(const std::filesystem::path& file)
        : journal(SqliteJournal::open(file).value()),
          desk(JournaledDesk::create(desk_setup(), *journal, clock).value()) {}
    Decision step(int at) {
        desk::Context context = calm_context();
        context.time = context.quote_time = context.time + std::chrono::seconds(30 * at);
        return desk.step(context).value();
    }
    SimulatedClock clock{desk_time("14:00:00")};
    std::unique_ptr<SqliteJournal> journal;
    JournaledDesk desk;
};

desk::Replay replayed(const std::filesystem::path& file) {
    auto reader = SqliteJournalReader::open(file).value();
    return desk::replay(*reader).value();
}

std::vector<desk::Command> commands(const std::filesystem::path& file) {
    auto reader = SqliteJournalReader::open(file).value();
    std::vector<desk::Command> all;
    desk::Record record;
    while (reader->next(record).value()) {
        if (record.kind == desk::RecordKind::command) all.push_back(desk::decoded_command(record).value());
    }
    return all;
}

TEST(KillFile, AnotherProcessStopsTheNextDecisionAndReleasesIt) {
    const test::ScratchFolder folder;
    const auto file = folder.path() / "desk.sqlite";
    // Asks without waiting: 10 x number + reach.
    OtherProcess asker([&](CommandKind kind) {
        const auto asked = ask(file, kind, desk_time("14:29:00"));
        return asked ? static_cast<std::int64_t>(10 * asked->request.number) + static_cast<std::int64_t>(asked->reach)
                     : std::int64_t{-1};
    });
    {
        RunningDesk running(file);
        ASSERT_EQ(running.step(0).action, Action::trade);
        asker.begin(CommandKind::kill);
        EXPECT_EQ(asker.answer(), 10 + static_cast<int>(Reach::running));
        EXPECT_EQ(open_requests(file).value().size(), 1U) << "nobody has taken it up yet";
        const Decision stopped = running.step(1);
        EXPECT_EQ(stopped.action, Action::wait);
        EXPECT_EQ(stopped.binding, desk::Guard::kill_switch);
        EXPECT_TRUE(stopped.cancel_working);
        ASSERT_TRUE(running.desk.acknowledge());
        asker.begin(CommandKind::release);
        EXPECT_EQ(asker.answer(), 20 + static_cast<int>(Reach::running));
        EXPECT_EQ(running.step(2).action, Action::trade);
        // The desk's own caller and the other process have one switch.
        ASSERT_TRUE(running.desk.kill());
        asker.begin(CommandKind::release);
        EXPECT_EQ(asker.answer(), 30 + static_cast<int>(Reach::running));
        ASSERT_TRUE(running.desk.take_requests());
        EXPECT_FALSE(running.desk.desk().is_killed());
    }
    const auto made = commands(file);
    ASSERT_EQ(made.size(), 4U);
    EXPECT_EQ(made[0], (desk::Command{.time = desk_time("14:00:00"),
                                      .kind = CommandKind::kill,
                                      .argument = 0,
                                      .request = 1,
                                      .asked = desk_time("14:29:00")}));
    EXPECT_EQ(made[1].request, 2U);
    EXPECT_EQ(made[2].request, 0U);
    const desk::Replay replay = replayed(file);
    EXPECT_TRUE(replay.is_identical);
    EXPECT_EQ(replay.decisions, 3U);
    EXPECT_FALSE(std::filesystem::exists(file.string() + "-kill")) << "every request is answered";
}

TEST(KillFile, TheAskerHearsOfTheRecordOnceItIsOnDisk) {
    const test::ScratchFolder folder;
    const auto file = folder.path() / "desk.sqlite";
    OtherProcess asker([&](CommandKind kind) {
        const auto asked = ask(file, kind, desk_time("14:29:00"), std::chrono::minutes(1));
        return asked ? static_cast<std::int64_t>(asked->record) : std::int64_t{-1};
    });
    RunningDesk running(file);
    asker.begin(CommandKind::kill);
    while (!running.step(0).cancel_working) {
    }
    const auto record = static_cast<std::uint64_t>(asker.answer());
    EXPECT_GT(record, 4U);
    EXPECT_GE(running.journal->acknowledged(), record);
    EXPECT_EQ(open_requests(file).value().size(), 0U);
}

TEST(KillFile, WithoutADeskTheNextOneBeginsKilledAndStaysSo) {
    const test::ScratchFolder folder;
    const auto file = folder.path() / "desk.sqlite";
    {
        RunningDesk before(file);
    }
    const auto asked = ask(file, CommandKind::kill, desk_time("14:10:00"), std::chrono::minutes(1));
    ASSERT_TRUE(asked) << asked.error().message();
    EXPECT_EQ(asked->reach, Reach::next) << "and does not wait for nobody";
    const SimulatedClock clock(desk_time("14:20:00"));
    for (int restart = 0; restart < 2; ++restart) {
        desk::Replay replay = replayed(file);
        EXPECT_TRUE(replay.is_identical);
        auto journal = SqliteJournal::open(file).value();
        JournaledDesk desk = JournaledDesk::resume(desk_setup(), std::move(replay), *journal, clock).value();
        EXPECT_TRUE(desk.desk().is_killed()) << "before its first decision";
        EXPECT_EQ(desk.step(calm_context()).value().action, Action::wait);
    }
    EXPECT_EQ(commands(file).size(), 1U) << "taken up once";
    EXPECT_TRUE(replayed(file).is_identical);
}

TEST(KillFile, ARequestThatNobodyTookUpOutlivesTheDesk) {
    const test::ScratchFolder folder;
    const auto file = folder.path() / "desk.sqlite";
    {
        RunningDesk running(file);
        ASSERT_EQ(running.step(0).action, Action::trade);
        for (const CommandKind kind : {CommandKind::kill, CommandKind::release, CommandKind::kill}) {
            EXPECT_EQ(ask(file, kind, desk_time("14:31:00")).value().reach, Reach::running) << "also from one process";
        }
    }
    EXPECT_EQ(open_requests(file).value().size(), 3U);
    auto journal = SqliteJournal::open(file).value();
    const SimulatedClock clock(desk_time("14:40:00"));
    JournaledDesk desk = JournaledDesk::resume(desk_setup(), replayed(file), *journal, clock).value();
    EXPECT_TRUE(desk.desk().is_killed());
    ASSERT_TRUE(desk.acknowledge());
    EXPECT_EQ(commands(file).size(), 3U) << "each in its order";
}

/// Between the commit of an answer and the page that says so there may be a crash: the page of before comes back.
TEST(KillFile, ARequestThatTheJournalAnswersIsNotTakenUpAgain) {
    const test::ScratchFolder folder;
    const auto file = folder.path() / "desk.sqlite";
    const std::string page = file.string() + "-kill";
    const std::string before = page + ".before";
    {
        RunningDesk running(file);
        ASSERT_TRUE(ask(file, CommandKind::release, desk_time("14:31:00")));
        ASSERT_TRUE(std::filesystem::copy_file(page, before));
        ASSERT_TRUE(running.desk.take_requests());
        ASSERT_TRUE(running.desk.kill());
        ASSERT_TRUE(running.desk.acknowledge());
        EXPECT_TRUE(open_requests(file).value().empty()) << "the answer stands before the kill is acknowledged";
    }
    std::filesystem::rename(before, page);
    ASSERT_EQ(open_requests(file).value().size(), 1U);
    {
        auto journal = SqliteJournal::open(file).value();
        const SimulatedClock clock(desk_time("14:40:00"));
        JournaledDesk desk = JournaledDesk::resume(desk_setup(), replayed(file), *journal, clock).value();
        EXPECT_TRUE(desk.desk().is_killed());
        ASSERT_TRUE(desk.acknowledge());
    }
    EXPECT_EQ(commands(file).size(), 2U);
    // A number that another page gave to another request answers nothing.
    ASSERT_EQ(ask(file, CommandKind::release, desk_time("14:45:00")).value().request.number, 1U);
    auto journal = SqliteJournal::open(file).value();
    const SimulatedClock clock(desk_time("14:50:00"));
    const JournaledDesk desk = JournaledDesk::resume(desk_setup(), replayed(file), *journal, clock).value();
    EXPECT_FALSE(desk.desk().is_killed());
}

TEST(KillFile, ADamagedCountIsAKill) {
    for (const int count : {0, 8}) {  // of requests; of answers
        const test::ScratchFolder folder;
        const auto file = folder.path() / "desk.sqlite";
        {
            RunningDesk before(file);
        }
        ASSERT_TRUE(ask(file, CommandKind::release, desk_time("14:31:00")));
        {
            std::fstream page(file.string() + "-kill", std::ios::in | std::ios::out | std::ios::binary);
            page.seekp(16 + count + 6);
            page.put('\x7f');
        }
        EXPECT_EQ(open_requests(file).value().size(), 1U);
        auto journal = SqliteJournal::open(file).value();
        const SimulatedClock clock(desk_time("14:40:00"));
        const JournaledDesk desk = JournaledDesk::resume(desk_setup(), replayed(file), *journal, clock).value();
        EXPECT_TRUE(desk.desk().is_killed()) << count;
    }
}

TEST(KillFile, WhoMayOnlyReadSeesWhatWaits) {
    const test::ScratchFolder folder;
    const auto file = folder.path() / "desk.sqlite";
    RunningDesk running(file);
    ASSERT_TRUE(ask(file, CommandKind::kill, desk_time("14:31:00")));
    std::filesystem::permissions(folder.path(), std::filesystem::perms{0755});
    std::filesystem::permissions(file.string() + "-kill", std::filesystem::perms{0444});
    const bool is_root = geteuid() == 0;  // who may write whatever the permissions say
    constexpr uid_t kNobody = 65534;
    ASSERT_TRUE(!is_root || seteuid(kNobody) == 0);
    const auto waiting = open_requests(file);
    ASSERT_TRUE(!is_root || seteuid(0) == 0);
    ASSERT_TRUE(waiting) << waiting.error().message();
    EXPECT_EQ(waiting->size(), 1U);
}

TEST(KillFile, WhatCannotBeReachedIsSaid) {
    const test::ScratchFolder folder;
    const auto file = folder.path() / "desk.sqlite";
    EXPECT_FALSE(ask(file, CommandKind::kill, {})) << "no such journal: a wrong name is no kill";
    EXPECT_FALSE(std::filesystem::exists(file.string() + "-kill"));
    {
        RunningDesk running(file);
        ASSERT_TRUE(std::filesystem::remove(file.string() + "-kill"));
        for (int i = 0; i < 2; ++i) {
            const auto asked = ask(file, CommandKind::kill, {});
            ASSERT_FALSE(asked) << "nor does asking again help";
            EXPECT_EQ(asked.error().field, "kill_file");
        }
        EXPECT_EQ(running.step(0).action, Action::trade);
    }
    EXPECT_EQ(open_requests(file).value().size(), 2U) << "the next desk sees them";
    std::ofstream(file.string() + "-kill", std::ios::trunc) << "not a kill file";
    EXPECT_EQ(ask(file, CommandKind::kill, {}).error().field, "kill_file");
    EXPECT_EQ(SqliteJournal::open(file).error().field, "kill_file") << "rather than a desk that cannot be stopped";
}

TEST(KillFile, ADamagedRequestIsAKill) {
    const test::ScratchFolder folder;
    const auto file = folder.path() / "desk.sqlite";
    {
        RunningDesk before(file);
    }
    ASSERT_TRUE(ask(file, CommandKind::release, desk_time("14:31:00")));
    {
        std::fstream page(file.string() + "-kill", std::ios::in | std::ios::out | std::ios::binary);
        page.seekp(64 + 32);  // the first entry's number
        page.put('\x7f');
    }
    auto journal = SqliteJournal::open(file).value();
    const SimulatedClock clock(desk_time("14:40:00"));
    const JournaledDesk desk = JournaledDesk::resume(desk_setup(), replayed(file), *journal, clock).value();
    EXPECT_TRUE(desk.desk().is_killed());
}

TEST(KillFile, TooManyThatWaitAreRefusedAndNoneIsLost) {
    const test::ScratchFolder folder;
    const auto file = folder.path() / "desk.sqlite";
    RunningDesk running(file);
    const auto kind_of = [](int i) { return i % 2 == 0 ? CommandKind::kill : CommandKind::release; };
    for (int i = 0; i < 126; ++i) ASSERT_TRUE(ask(file, kind_of(i), desk_time("14:31:00")));
    EXPECT_EQ(ask(file, CommandKind::kill, {}).error().code, ErrorCode::out_of_range);
    ASSERT_TRUE(running.desk.take_requests());
    while (!open_requests(file).value().empty()) std::this_thread::yield();  // the writer tells the askers
    const auto last = ask(file, CommandKind::kill, {});
    ASSERT_TRUE(last) << last.error().message();
    EXPECT_EQ(last->request.number, 127U);
    EXPECT_TRUE(running.step(0).cancel_working);
    ASSERT_TRUE(running.desk.acknowledge());
    EXPECT_EQ(commands(file).size(), 127U);
}

// Looking for requests is part of each step: it allocates nothing, and neither does taking one up.
TEST(KillFile, AStepAllocatesNothing) {
    const test::ScratchFolder folder;
    const auto file = folder.path() / "desk.sqlite";
    RunningDesk running(file);
    const desk::Context context = calm_context();
    ASSERT_TRUE(running.desk.step(context));
    ASSERT_TRUE(running.desk.acknowledge());
    for (const bool is_killed : {false, true}) {
        ASSERT_TRUE(!is_killed || ask(file, CommandKind::kill, {}));
        const std::size_t before = test::allocations;
        const auto decision = running.desk.step(context);
        const std::size_t after = test::allocations;
        EXPECT_EQ(after, before);
        EXPECT_EQ(decision.value().cancel_working, is_killed);
    }
}

}  // namespace
}  // namespace slipcast::storage
