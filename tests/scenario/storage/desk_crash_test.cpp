#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "crash_files.hpp"
#include "kill_points.hpp"
#include "slipcast/desk/replay.hpp"
#include "slipcast/math/sampling.hpp"
#include "slipcast/storage/sqlite_journal.hpp"
#include "support/desk_market.hpp"

// Power fails under a desk at work. Every decision that it may have sent is in the journal, the journal replays bit for
// bit, and the desk that goes on decides as the one that never stopped.

namespace slipcast::storage {
namespace {

using desk::Decision;
using desk::JournaledDesk;
using test::desk_setup;

constexpr int kSteps = 12;

desk::Context context_of(int step) {
    desk::Context context = test::calm_context("14:30:00", static_cast<std::uint64_t>(step % 3 + 1));
    context.time = context.quote_time = context.time + std::chrono::seconds(20 * step);
    context.filled = 300 * step;
    test::set_input(context, "spread", 1.0 + 0.1 * step);
    return context;
}

/// Steps from `first` on, each sent only once acknowledged, until the end or the journal fails. Returns what was sent.
std::vector<Decision> traded(JournaledDesk& desk, int first) {
    std::vector<Decision> sent;
    for (int step = first; step < kSteps; ++step) {
        const desk::Context context = context_of(step);
        const auto decision = desk.step(context);
        if (!decision || !desk.acknowledge()) break;
        sent.push_back(*decision);
        const auto told = desk.record({.time = context.time,
                                       .order = context.order,
                                       .venue = 0,
                                       .sent = decision->dark.values[0],
                                       .filled = decision->dark.values[0] / 2});
        if (!told) break;
    }
    return sent;
}

/// The decisions in a journal, in order.
std::vector<Decision> journaled(const std::string& file, const std::string& disk) {
    std::vector<Decision> decisions;
    auto reader = SqliteJournalReader::open(file, disk);
    desk::Record record;
    while (reader && (*reader)->next(record).value()) {
        if (record.kind == desk::RecordKind::step) decisions.push_back(desk::decoded_step(record).value().decision);
    }
    return decisions;
}

TEST(DeskCrash, WhatWasSentIsJournaledAndTheDeskGoesOnAsIfNothingHappened) {
    test::CrashFiles disk("slipcast-desk-crash");
    SqliteJournalOptions options;
    options.vfs = disk.name();
    const SimulatedClock clock(test::desk_time("14:00:00"));
    std::int64_t begun = 0;
    {
        auto journal = SqliteJournal::open("whole", options).value();
        JournaledDesk desk = JournaledDesk::create(desk_setup(2), *journal, clock).value();
        ASSERT_TRUE(desk.acknowledge());
        begun = disk.changes();
        ASSERT_EQ(traded(desk, 0).size(), static_cast<std::size_t>(kSteps));
    }
    const std::vector<Decision> uninterrupted = journaled("whole", disk.name());
    const std::int64_t changes = disk.changes() - begun;
    int interrupted = 0;
    for (int run = 1; run <= std::max(1, test::kill_points() / 20); ++run) {
        RandomStream stream(static_cast<std::uint64_t>(run), "test.desk.crash");
        const std::string file = fmt::format("desk-{}", run);
        std::vector<Decision> sent;
        {
            auto journal = SqliteJournal::open(file, options).value();
            JournaledDesk desk = JournaledDesk::create(desk_setup(2), *journal, clock).value();
            ASSERT_TRUE(desk.acknowledge());  // a desk that dies before it began is the other test's
            disk.fail_at(1 + static_cast<std::int64_t>(math::draw_index(stream, static_cast<std::uint64_t>(changes))));
            sent = traded(desk, 0);
        }
        disk.reboot(stream);

        std::vector<Decision> there = journaled(file, disk.name());
        ASSERT_GE(there.size(), sent.size()) << "run " << run;
        for (std::size_t i = 0; i < sent.size(); ++i) EXPECT_FALSE(desk::first_difference(there[i], sent[i]));
        interrupted += there.size() < uninterrupted.size() ? 1 : 0;
        auto reader = SqliteJournalReader::open(file, disk.name()).value();
        desk::Replay rebuilt = desk::replay(*reader, desk_setup(2)).value();
        EXPECT_TRUE(rebuilt.is_identical) << "run " << run;
        reader.reset();
        {
            auto journal = SqliteJournal::open(file, options).value();
            JournaledDesk desk = JournaledDesk::resume(desk_setup(2), std::move(rebuilt.desk), *journal, clock).value();
            traded(desk, static_cast<int>(there.size()));
        }
        there = journaled(file, disk.name());
        ASSERT_EQ(there.size(), uninterrupted.size());
        reader = SqliteJournalReader::open(file, disk.name()).value();
        EXPECT_TRUE(desk::replay(*reader, desk_setup(2)).value().is_identical) << "across the restart, run " << run;
    }
    EXPECT_GT(interrupted, 0);
}

}  // namespace
}  // namespace slipcast::storage
