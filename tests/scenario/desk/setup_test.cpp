#include "slipcast/desk/setup.hpp"

#include <gtest/gtest.h>

#include "slipcast/core/random.hpp"
#include "slipcast/core/version.hpp"
#include "slipcast/desk/replay.hpp"
#include "support/desk_market.hpp"

// A journal is enough: setup, replay, restart and rollback need nothing beside it.

namespace slipcast::desk {
namespace {

using test::calm_context;
using test::desk_setup;
using test::desk_time;

/// Champion and challenger that forget, rules of one and of two signals, a router that has learned.
DeskSetup rich_setup() {
    DeskSetup setup = desk_setup(2);
    static const cost::Model kChallenger = test::desk_model(7, 300);
    setup.challenger = kChallenger;
    setup.online.half_life = 250.0;
    setup.options.seed = 42;
    setup.options.sizing.interval = std::chrono::milliseconds(12'345);
    setup.options.guards.price_band_mode = static_cast<int>(LimitMode::observe);
    setup.rules.push_back(
        control::solve({.trading_cost = 0.7,
                        .impact = 0.1,
                        .impact_decay = 0.3,
                        .risk_aversion = 2.0,
                        .discount = 0.1,
                        .variance = 0.3,
                        .signals = {{.decay = 1.0, .variance = 1.0}, {.decay = 0.2, .variance = 0.5}}})
            .value());
    for (int i = 0; i < 40; ++i) {
        EXPECT_TRUE(setup.router->observe(0, {.sent = 50, .filled = i % 3 == 0 ? 0 : 10 + i}));
    }
    return setup;
}

/// Steps of three orders, one of them following a target, with dark fills; the third finishes every fifth round.
void trade(JournaledDesk& desk, int first, int last) {
    for (int i = first; i < last; ++i) {
        for (std::uint64_t order = 1; order <= 3; ++order) {
            Context context = calm_context("14:30:00", order);
            context.time = context.quote_time = context.time + std::chrono::seconds(20 * i);
            context.filled = 200 * i;
            if (order == 2) {
                context.kind = market::OrderKind::target;
                context.rule = 1;
                context.position = 0.1 * i;
                context.position_units = 50'000.0;
                context.signals.size = 2;
                context.signals.values = {1.0, -0.5};
            }
            const Decision decision = desk.step(context).value();
            for (std::size_t k = 0; k < decision.dark.size; ++k) {
                ASSERT_TRUE(desk.record({.time = context.time,
                                         .order = order,
                                         .venue = static_cast<std::int32_t>(k),
                                         .sent = decision.dark.values[k],
                                         .filled = decision.dark.values[k] / 2}));
            }
        }
        if (i % 5 == 4) {
            ASSERT_TRUE(desk.record({.time = desk_time("15:00:00"),
                                     .order = 3,
                                     .kind = OutcomeKind::finished,
                                     .cost_bps = 5.0 + i,
                                     .is_complete = true}));
        }
    }
}

std::string why(const Replay& replay) {
    std::string text;
    for (const std::string& each : replay.different_beginning) text += each + " ";
    if (!replay.first_difference) return text;
    const Difference& d = *replay.first_difference;
    return text + d.field + ": " + d.journaled_text + " then, " + d.replayed_text + " now";
}

TEST(DeskSetupScenario, AJournalGivesItsSetupBack) {
    const SimulatedClock clock(desk_time("14:00:00"));
    MemoryJournal journal;
    const DeskSetup setup = rich_setup();
    JournaledDesk desk = JournaledDesk::create(setup, journal, clock).value();
    const DeskSetup back = journaled_setup(journal).value();
    EXPECT_EQ(setup_digest(back), setup_digest(setup));
    EXPECT_EQ(back.options.digest(), setup.options.digest());
    EXPECT_EQ(back.champion->to_json(), setup.champion->to_json());
    EXPECT_EQ(back.challenger->to_json(), setup.challenger->to_json());
    EXPECT_EQ(Desk::create(back).value().save(), desk.desk().save());
    trade(desk, 0, 12);
    journal.rewind();
    const Replay alone = replay(journal).value();
    EXPECT_TRUE(alone.is_identical) << why(alone);
    EXPECT_EQ(alone.decisions, 36U);
    EXPECT_EQ(alone.desk.save(), desk.desk().save());
    EXPECT_EQ(alone.beginning.engine_version, std::string(version()));
    EXPECT_GT(alone.desk.models()->champion_version().updates, 0);
    // The same again with the setup at hand.
    journal.rewind();
    EXPECT_TRUE(replay(journal, setup).value().is_identical);
    // The fallback alone, without venues and rules.
    MemoryJournal plain;
    JournaledDesk bare = JournaledDesk::create({}, plain, clock).value();
    static_cast<void>(bare.step(calm_context()));
    EXPECT_TRUE(replay(plain).value().is_identical);
}

TEST(DeskSetupScenario, ARestartAndARollbackToASnapshotFromBeforeIt) {
    const SimulatedClock clock(desk_time("14:00:00"));
    MemoryJournal journal;
    std::uint64_t saved = 0;
    Forecast then;
    {
        JournaledDesk before = JournaledDesk::create(rich_setup(), journal, clock).value();
        trade(before, 0, 3);
        saved = before.snapshot().value();
        then = before.step(calm_context("14:40:00", 9)).value().forecast;
        trade(before, 3, 7);
        ASSERT_TRUE(before.promote());
    }
    Replay rebuilt = replay(journal).value();
    ASSERT_TRUE(rebuilt.is_identical) << why(rebuilt);
    journal.rewind();
    const DeskSetup setup = journaled_setup(journal).value();
    JournaledDesk after = JournaledDesk::resume(setup, std::move(rebuilt), journal, clock).value();
    trade(after, 7, 10);
    EXPECT_NE(after.step(calm_context("14:40:00", 10)).value().forecast, then);
    ASSERT_TRUE(after.roll_back(saved));
    EXPECT_EQ(after.step(calm_context("14:40:00", 11)).value().forecast, then) << "bit for bit";
    trade(after, 10, 15);
    EXPECT_EQ(after.roll_back(saved + 1).error().field, "snapshot");
    journal.rewind();
    const Replay whole = replay(journal).value();
    EXPECT_TRUE(whole.is_identical) << why(whole);
    EXPECT_EQ(whole.desk.save(), after.desk().save());
}

// A desk may carry its state into a new journal: that one stands alone, too.
TEST(DeskSetupScenario, AJournalThatBeginsInTheMiddleStandsAlone) {
    const SimulatedClock clock(desk_time("14:00:00"));
    MemoryJournal first, second;
    JournaledDesk before = JournaledDesk::create(rich_setup(), first, clock).value();
    trade(before, 0, 6);
    ASSERT_TRUE(before.promote());
    Desk carried = Desk::create(rich_setup()).value();
    ASSERT_TRUE(carried.restore(before.desk().save()));
    JournaledDesk after = JournaledDesk::resume(rich_setup(), std::move(carried), second, clock).value();
    trade(after, 6, 12);
    const Replay alone = replay(second).value();
    EXPECT_TRUE(alone.is_identical) << why(alone);
    EXPECT_EQ(alone.desk.save(), after.desk().save());
}

TEST(DeskSetupScenario, ABeginningCutShortByACrashIsNotTheOneThatCounts) {
    const SimulatedClock clock(desk_time("14:00:00"));
    MemoryJournal whole;
    JournaledDesk desk = JournaledDesk::create(rich_setup(), whole, clock).value();
    trade(desk, 0, 2);
    for (const std::size_t cut : {2U, 4U}) {
        MemoryJournal journal;
        for (std::size_t i = 0; i < cut; ++i) {
            const Record& record = whole.records()[i];
            ASSERT_TRUE(journal.append(record.kind, record.time, record.payload));
        }
        if (cut < 4) {
            EXPECT_EQ(replay(journal).error().code, ErrorCode::missing_field) << cut;
        }
        for (const Record& record : whole.records()) {
            ASSERT_TRUE(journal.append(record.kind, record.time, record.payload));
        }
        journal.rewind();
        const Replay alone = replay(journal).value();
        EXPECT_TRUE(alone.is_identical) << why(alone);
        EXPECT_EQ(alone.records, journal.records().size());
    }
}

/// The journal of a desk with one record changed.
class Forged {
public:
    Forged() {
        const SimulatedClock clock(desk_time("14:00:00"));
        JournaledDesk desk = JournaledDesk::create(rich_setup(), whole_, clock).value();
        trade(desk, 0, 1);
    }
    /// `change` gets the kind and the payload of record `sequence`.
    template <typename Change>
    MemoryJournal& with(std::uint64_t sequence, const Change& change) {
        made_ = std::make_unique<MemoryJournal>();
        for (const Record& record : whole_.records()) {
            Record each = record;
            if (record.sequence == sequence) change(each);
            EXPECT_TRUE(made_->append(each.kind, each.time, each.payload));
        }
        return *made_;
    }
    template <typename Change>
    MemoryJournal& with_beginning(const Change& change) {
        return with(1, [&](Record& record) {
            Begin begin = decoded_begin(record).value();
            change(begin);
            encode(begin, record.payload);
        });
    }

private:
    MemoryJournal whole_;
    std::unique_ptr<MemoryJournal> made_;
};

TEST(DeskSetupScenario, ASetupThatDoesNotFitIsRefusedByName) {
    Forged forged;
    const auto flip = [](Record& record) { record.payload.back() ^= std::byte{1}; };
    const Error setup = replay(forged.with(2, flip)).error();
    EXPECT_EQ(setup.field, "setup");
    EXPECT_EQ(setup.code, ErrorCode::inconsistent);
    EXPECT_EQ(setup.place.row, 2);
    const Error champion = replay(forged.with(3, flip)).error();
    EXPECT_EQ(champion.value, "champion");
    EXPECT_EQ(champion.place.row, 3);
    EXPECT_EQ(replay(forged.with(4, [](Record& r) { r.payload[0] = std::byte{'x'}; })).error().code,
              ErrorCode::malformed);
    const auto to_model = [](Record& record) { record.kind = RecordKind::command; };
    EXPECT_EQ(replay(forged.with(2, to_model)).error().field, "setup") << "missing";
    EXPECT_EQ(replay(forged.with(3, to_model)).error().field, "champion");
    EXPECT_EQ(replay(forged.with(4, to_model)).error().field, "challenger");
    EXPECT_EQ(replay(forged.with(1, to_model)).error().field, "kind");
    const auto options = [&](const std::string& text) {
        return replay(forged.with_beginning([&](Begin& begin) { begin.options = text; })).error();
    };
    EXPECT_EQ(options("tail_wieght=0.5;").rule, "is not a setting; did you mean 'tail_weight'?");
    EXPECT_EQ(options("tail_weight=-1;").code, ErrorCode::invalid_value);
    EXPECT_EQ(options("tail_weight").code, ErrorCode::malformed);
    EXPECT_EQ(options("tail_weight=0.75;").field, "options");
    EXPECT_EQ(replay(forged.with_beginning([](Begin& begin) { begin.encoding_version = 9; })).error().field,
              "encoding_version");
    MemoryJournal empty;
    EXPECT_EQ(replay(empty).error().code, ErrorCode::not_found);
    EXPECT_EQ(journaled_setup(empty).error().code, ErrorCode::not_found);
}

TEST(DeskSetupScenario, AnotherEngineVersionIsSaid) {
    Forged forged;
    const Replay found = replay(forged.with_beginning([](Begin& begin) { begin.engine_version = "0.0.7"; })).value();
    EXPECT_FALSE(found.is_identical);
    EXPECT_EQ(found.different_beginning, std::vector<std::string>{"engine_version"});
    EXPECT_EQ(found.beginning.engine_version, "0.0.7");
    EXPECT_FALSE(found.first_difference) << "the decisions are the same";
}

}  // namespace
}  // namespace slipcast::desk
