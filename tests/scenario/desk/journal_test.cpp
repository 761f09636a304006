#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>

#include "slipcast/desk/journal_tables.hpp"
#include "slipcast/desk/replay.hpp"
#include "support/desk_market.hpp"

// The journal: replay bit for bit, what differs is named, restart in the middle of an order, rollback.

namespace slipcast::desk {
namespace {

using test::calm_context;
using test::desk_setup;
using test::desk_time;

/// A morning: orders 1 to 3 take ten steps each, with dark fills, a reject, a kill and a release; order 1 finishes.
void trade_morning(JournaledDesk& desk, int first, int last) {
    for (int i = first; i < last; ++i) {
        for (std::uint64_t order = 1; order <= 3; ++order) {
            Context context = calm_context("14:30:00", order);
            context.time = context.quote_time = context.time + std::chrono::seconds(20 * i);
            context.filled = 300 * i;
            test::set_input(context, "spread", 1.0 + 0.1 * i);
            const Decision decision = desk.step(context).value();
            for (std::size_t k = 0; k < decision.dark.size; ++k) {
                const std::int64_t sent = decision.dark.values[k];
                ASSERT_TRUE(desk.record({.time = context.time,
                                         .order = order,
                                         .venue = static_cast<std::int32_t>(k),
                                         .sent = sent,
                                         .filled = sent / static_cast<std::int64_t>(k + 1)}));
            }
        }
        if (i == 4) {
            ASSERT_TRUE(desk.record({.time = desk_time("14:31:20"), .order = 2, .kind = OutcomeKind::rejected}));
            ASSERT_TRUE(desk.kill());
        }
        if (i == 5) {
            ASSERT_TRUE(desk.release());
            ASSERT_TRUE(desk.record({.time = desk_time("14:31:40"),
                                     .order = 1,
                                     .kind = OutcomeKind::finished,
                                     .cost_bps = 9.0,
                                     .is_complete = true}));
        }
    }
}

TEST(DeskJournalScenario, ReplayReproducesEveryDecision) {
    const SimulatedClock clock(desk_time("14:00:00"));
    MemoryJournal journal;
    JournaledDesk desk = JournaledDesk::create(desk_setup(2), journal, clock).value();
    trade_morning(desk, 0, 10);
    const Replay same = replay(journal, desk_setup(2)).value();
    EXPECT_TRUE(same.is_identical) << (same.first_difference ? same.first_difference->field : "");
    EXPECT_EQ(same.decisions, 30U);
    EXPECT_TRUE(same.desk.save() == desk.desk().save());

    // Another seed: the beginning says so, and the first decision differs in its size.
    journal.rewind();
    DeskSetup other = desk_setup(2);
    other.options.seed = 2;
    const Replay seeded = replay(journal, other).value();
    EXPECT_FALSE(seeded.is_identical);
    EXPECT_EQ(seeded.different_beginning, (std::vector<std::string>{"seed", "options_digest"}));
    ASSERT_TRUE(seeded.first_difference);
    EXPECT_EQ(seeded.first_difference->field, "quantity");
    EXPECT_EQ(seeded.first_difference->order, 1U);
    EXPECT_EQ(seeded.first_difference->step, 0U);

    // Another model.
    journal.rewind();
    other = desk_setup(2);
    other.champion = test::desk_model(99);
    const Replay modeled = replay(journal, other).value();
    EXPECT_EQ(modeled.different_beginning, std::vector<std::string>{"champion"});
    ASSERT_TRUE(modeled.first_difference);

    // Other venues.
    journal.rewind();
    EXPECT_EQ(replay(journal, desk_setup(3)).value().different_beginning, std::vector<std::string>{"setup_digest"});
}

TEST(DeskJournalScenario, ADecisionThatWasChangedIsNamed) {
    const SimulatedClock clock(desk_time("14:00:00"));
    MemoryJournal journal;
    JournaledDesk desk = JournaledDesk::create(desk_setup(), journal, clock).value();
    trade_morning(desk, 0, 3);
    MemoryJournal forged;
    std::uint64_t changed = 0;
    int steps = 0;
    for (const Record& record : journal.records()) {
        std::vector<std::byte> payload = record.payload;
        if (record.kind == RecordKind::step && ++steps == 5) {
            Step step = decoded_step(record).value();
            step.decision.forecast.p99 = std::nextafter(step.decision.forecast.p99, 1e9);
            encode(step.context, step.decision, payload);
            changed = record.sequence;
        }
        ASSERT_TRUE(forged.append(record.kind, record.time, payload));
    }
    const Replay found = replay(forged, desk_setup()).value();
    ASSERT_TRUE(found.first_difference);
    EXPECT_EQ(found.first_difference->sequence, changed);
    EXPECT_EQ(found.first_difference->field, "forecast.p99");
    EXPECT_NE(found.first_difference->journaled_text, found.first_difference->replayed_text);
    MemoryJournal empty;
    EXPECT_EQ(replay(empty, desk_setup()).error().field, "journal");
}

TEST(DeskJournalScenario, ARestartInTheMiddleOfAnOrderGoesOnAsIfNothingHappened) {
    const SimulatedClock clock(desk_time("14:00:00"));
    MemoryJournal whole;
    JournaledDesk uninterrupted = JournaledDesk::create(desk_setup(2), whole, clock).value();
    trade_morning(uninterrupted, 0, 10);

    MemoryJournal journal;
    {
        JournaledDesk before = JournaledDesk::create(desk_setup(2), journal, clock).value();
        trade_morning(before, 0, 5);  // stops with the kill switch on
    }
    Replay rebuilt = replay(journal, desk_setup(2)).value();
    ASSERT_TRUE(rebuilt.is_identical);
    EXPECT_TRUE(rebuilt.desk.is_killed()) << "the kill switch outlives a restart";
    EXPECT_EQ(rebuilt.desk.open_orders(), 3U);
    JournaledDesk after = JournaledDesk::resume(desk_setup(2), std::move(rebuilt.desk), journal, clock).value();
    trade_morning(after, 5, 10);
    EXPECT_TRUE(after.desk().save() == uninterrupted.desk().save());
    journal.rewind();
    EXPECT_TRUE(replay(journal, desk_setup(2)).value().is_identical) << "also across the restart";
}

TEST(DeskJournalScenario, ADeskThatWouldDecideOtherwiseDoesNotGoOn) {
    const SimulatedClock clock(desk_time("14:00:00"));
    MemoryJournal journal;
    JournaledDesk before = JournaledDesk::create(desk_setup(2), journal, clock).value();
    trade_morning(before, 0, 3);
    DeskSetup other = desk_setup(2);
    other.options.seed = 2;
    const auto refused = JournaledDesk::resume(other, replay(journal, other).value(), journal, clock);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().field, "seed");
    journal.rewind();
    Replay later = replay(journal, desk_setup(2)).value();
    later.different_beginning = {"engine_version"};
    EXPECT_TRUE(check_resumable(later)) << "another engine that decides the same";
    later.first_difference.emplace();
    later.first_difference->sequence = 9;
    EXPECT_EQ(check_resumable(later).error().place.row, 9);
}

TEST(DeskJournalScenario, AStateComesBackFromItsBytes) {
    const SimulatedClock clock(desk_time("14:00:00"));
    MemoryJournal journal;
    JournaledDesk desk = JournaledDesk::create(desk_setup(2), journal, clock).value();
    trade_morning(desk, 0, 7);
    const std::string state = desk.desk().save();
    Desk restored = Desk::create(desk_setup(2)).value();
    ASSERT_TRUE(restored.restore(state));
    EXPECT_FALSE(restored.restore(state.substr(0, state.size() - 1))) << "and changes nothing";
    // Both go on with the same morning: the same steps, byte for byte.
    MemoryJournal other;
    JournaledDesk resumed = JournaledDesk::resume(desk_setup(2), std::move(restored), other, clock).value();
    const std::size_t before = journal.records().size();
    const std::size_t begun = other.records().size();
    trade_morning(desk, 7, 12);
    trade_morning(resumed, 7, 12);
    ASSERT_EQ(journal.records().size() - before, other.records().size() - begun);
    for (std::size_t i = begun; i < other.records().size(); ++i) {
        EXPECT_TRUE(other.records()[i].payload == journal.records()[before + i - begun].payload) << i;
    }
    EXPECT_EQ(Desk::create(desk_setup()).value().restore(state).error().code, ErrorCode::inconsistent);
}

TEST(DeskJournalScenario, ChampionAndChallengerLearnAndARollbackRestoresTheFormerBehavior) {
    const SimulatedClock clock(desk_time("14:00:00"));
    MemoryJournal journal;
    DeskSetup setup = desk_setup();
    setup.challenger = test::desk_model(7, 300);
    JournaledDesk desk = JournaledDesk::create(setup, journal, clock).value();
    const auto forecast_now = [&](std::uint64_t order) {
        return desk.step(calm_context("14:30:00", order)).value().forecast;
    };
    const auto finish = [&](std::uint64_t order, double cost) {
        return desk.record({.time = desk_time("14:40:00"),
                            .order = order,
                            .kind = OutcomeKind::finished,
                            .cost_bps = cost,
                            .is_complete = true});
    };
    const Forecast before = forecast_now(1);
    const std::uint64_t saved = desk.snapshot().value();
    for (std::uint64_t order = 10; order < 30; ++order) {
        forecast_now(order);
        ASSERT_TRUE(finish(order, 25.0));  // far dearer than forecast
    }
    const Models& models = *desk.desk().models();
    EXPECT_EQ(models.champion_card().count, 20);
    ASSERT_TRUE(models.challenger_card());
    EXPECT_EQ(models.challenger_card()->count, 20);
    EXPECT_EQ(models.champion_card().pit[9], 20);
    EXPECT_EQ(models.champion_card().coverage_90, 0.0);
    EXPECT_GT(models.champion_card().crps, 0.0);
    EXPECT_EQ(models.champion_version().updates, 40) << "costs and completions";
    EXPECT_GT(forecast_now(2).mean, before.mean);

    const std::uint64_t champion = models.champion_version().digest;
    ASSERT_TRUE(desk.promote());
    EXPECT_EQ(models.challenger_version().digest, champion);
    EXPECT_NE(forecast_now(3), before);

    const auto said = [&](const char* column) {
        journal.rewind();
        const Table state = journal_tables(journal).value().front();
        for (std::size_t c = 0; c < state.columns().size(); ++c) {
            if (state.columns()[c].meta.name == column) return state.text(0, c);
        }
        return std::string("no such column");
    };
    EXPECT_EQ(said("challenger"), fmt::format("{:016x}", champion)) << "the journal alone tells it";

    ASSERT_TRUE(desk.roll_back(saved));
    EXPECT_EQ(said("champion"), fmt::format("{:016x}", champion));
    EXPECT_EQ(said("champion"), fmt::format("{:016x}", models.champion_version().digest));
    EXPECT_EQ(said("champion_updates"), "") << "not told by the former champion's last step";
    const Forecast again = forecast_now(4);
    EXPECT_EQ(again, before) << "bit for bit";
    EXPECT_EQ(said("champion_updates"), std::to_string(models.champion_version().updates));
    journal.rewind();
    EXPECT_EQ(desk.roll_back(saved + 1).error().field, "snapshot");
    EXPECT_TRUE(replay(journal, setup).value().is_identical);
}

}  // namespace
}  // namespace slipcast::desk
