#include <fmt/format.h>
#include <gtest/gtest.h>

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

constexpr std::size_t kSteps = 12;

desk::Context context_of(int step) {
    desk::Context context = test::calm_context("14:30:00", static_cast<std::uint64_t>(step % 3 + 1));
    context.time = context.quote_time = context.time + std::chrono::seconds(20 * step);
    context.filled = 300 * step;
    test::set_input(context, "spread", 1.0 + 0.1 * step);
    return context;
}

/// Decisions and outcomes, in order.
struct History {
    std::vector<Decision> decisions;
    std::vector<desk::Outcome> outcomes;
};

/// What came back from the first dark venue: half.
desk::Outcome outcome_of(int step, const Decision& decision) {
    const desk::Context context = context_of(step);
    return {.time = context.time,
            .order = context.order,
            .venue = 0,
            .sent = decision.dark.values[0],
            .filled = decision.dark.values[0] / 2};
}

/// Goes on after `known` until the end or until the journal fails; an outcome that the journal lacks is told first.
/// Returns what was acknowledged: decisions that were sent, outcomes that the desk need not be told again.
History traded(JournaledDesk& desk, const History& known) {
    History done = known;
    const auto is_told = [&] {
        const desk::Outcome outcome =
            outcome_of(static_cast<int>(done.outcomes.size()), done.decisions[done.outcomes.size()]);
        if (!desk.record(outcome) || !desk.acknowledge()) return false;
        done.outcomes.push_back(outcome);
        return true;
    };
    if (done.outcomes.size() < done.decisions.size() && !is_told()) return done;
    while (done.decisions.size() < kSteps) {
        const auto decision = desk.step(context_of(static_cast<int>(done.decisions.size())));
        if (!decision || !desk.acknowledge()) break;
        done.decisions.push_back(*decision);
        if (!is_told()) break;
    }
    return done;
}

History journaled(const std::string& file, const std::string& disk) {
    History history;
    auto reader = SqliteJournalReader::open(file, disk);
    desk::Record record;
    while (reader && (*reader)->next(record).value()) {
        if (record.kind == desk::RecordKind::step) {
            history.decisions.push_back(desk::decoded_step(record).value().decision);
        } else if (record.kind == desk::RecordKind::outcome) {
            history.outcomes.push_back(desk::decoded_outcome(record).value().outcome);
        }
    }
    return history;
}

/// `whole` begins with `part`.
void expect_begins_with(const History& whole, const History& part, int run) {
    ASSERT_GE(whole.decisions.size(), part.decisions.size()) << "run " << run;
    ASSERT_GE(whole.outcomes.size(), part.outcomes.size()) << "run " << run;
    for (std::size_t i = 0; i < part.decisions.size(); ++i) {
        EXPECT_FALSE(desk::first_difference(whole.decisions[i], part.decisions[i])) << "run " << run << ", step " << i;
    }
    for (std::size_t i = 0; i < part.outcomes.size(); ++i) {
        EXPECT_TRUE(whole.outcomes[i] == part.outcomes[i]) << "run " << run << ", outcome " << i;
    }
}

TEST(DeskCrash, WhatWasSentIsJournaledAndTheDeskGoesOnAsIfNothingHappened) {
    test::CrashFiles disk("slipcast-desk-crash");
    SqliteJournalOptions options;
    options.vfs = disk.name();
    const SimulatedClock clock(test::desk_time("14:00:00"));
    const desk::DeskSetup setup = desk_setup(2);
    std::int64_t begun = 0;
    {
        auto journal = SqliteJournal::open("whole", options).value();
        JournaledDesk desk = JournaledDesk::create(setup, *journal, clock).value();
        ASSERT_TRUE(desk.acknowledge());
        begun = disk.changes();
        ASSERT_EQ(traded(desk, {}).outcomes.size(), kSteps);
    }
    const History uninterrupted = journaled("whole", disk.name());
    ASSERT_EQ(uninterrupted.outcomes.size(), kSteps);
    const std::int64_t changes = disk.changes() - begun;
    int interrupted = 0;
    for (int run = 1; run <= test::kill_points(10); ++run) {
        RandomStream stream(static_cast<std::uint64_t>(run), "test.desk.crash");
        const std::string file = fmt::format("desk-{}", run);
        History acknowledged;
        {
            auto journal = SqliteJournal::open(file, options).value();
            JournaledDesk desk = JournaledDesk::create(setup, *journal, clock).value();
            ASSERT_TRUE(desk.acknowledge());  // a desk that dies before it began is the other test's
            disk.fail_at(1 + static_cast<std::int64_t>(math::draw_index(stream, static_cast<std::uint64_t>(changes))));
            acknowledged = traded(desk, {});
        }
        disk.reboot(stream);

        const History there = journaled(file, disk.name());
        expect_begins_with(there, acknowledged, run);
        interrupted += there.outcomes.size() < kSteps ? 1 : 0;
        auto reader = SqliteJournalReader::open(file, disk.name()).value();
        desk::Replay rebuilt = desk::replay(*reader, setup).value();
        EXPECT_TRUE(rebuilt.is_identical) << "run " << run;
        reader.reset();
        {
            auto journal = SqliteJournal::open(file, options).value();
            JournaledDesk desk = JournaledDesk::resume(setup, std::move(rebuilt.desk), *journal, clock).value();
            traded(desk, there);
        }
        const History whole = journaled(file, disk.name());
        ASSERT_EQ(whole.outcomes.size(), kSteps);
        expect_begins_with(whole, uninterrupted, run);
        reader = SqliteJournalReader::open(file, disk.name()).value();
        EXPECT_TRUE(desk::replay(*reader, setup).value().is_identical) << "across the restart, run " << run;
    }
    EXPECT_GT(interrupted, 0);
}

}  // namespace
}  // namespace slipcast::storage
