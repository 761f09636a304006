#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "slipcast/desk/journal_tables.hpp"
#include "slipcast/desk/replay.hpp"
#include "support/desk_market.hpp"
#include "support/table_reading.hpp"

// How champion and challenger fared stands in the journal, side by side, and a replay finds the same scores.

namespace slipcast::desk {
namespace {

using test::calm_context;
using test::desk_setup;
using test::desk_time;
using test::numbers_in;
using test::table_named;
using test::text_in;

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

DeskSetup two_models() {
    DeskSetup setup = desk_setup();
    setup.challenger = test::desk_model(7, 300);
    return setup;
}

Outcome finished(std::uint64_t order, double cost) {
    return {.time = desk_time("14:40:00"),
            .order = order,
            .kind = OutcomeKind::finished,
            .cost_bps = cost,
            .is_complete = true};
}

TEST(DeskScores, BothModelsAreScoredSideBySideInTheJournal) {
    const SimulatedClock clock(desk_time("14:00:00"));
    MemoryJournal journal;
    JournaledDesk desk = JournaledDesk::create(two_models(), journal, clock).value();
    Lesson last;
    for (std::uint64_t order = 1; order <= 20; ++order) {
        ASSERT_TRUE(desk.step(calm_context("14:30:00", order)));
        ASSERT_TRUE(desk.record(finished(order, 0.5 * static_cast<double>(order)), &last));
        ASSERT_EQ(last.scores.size, 2U);
        EXPECT_EQ(last.taken, Taken::whole);
    }
    const Models& models = *desk.desk().models();
    EXPECT_EQ(last.scores.values[0].card, models.champion_card());
    EXPECT_EQ(last.scores.values[1].card, *models.challenger_card());
    EXPECT_EQ(last.scores.values[0].model, models.champion_version());
    EXPECT_EQ(last.scores.values[1].model, models.challenger_version());

    const auto tables = journal_tables(journal).value();
    const Table& cards = table_named(tables, "desk_scorecards");
    ASSERT_EQ(cards.rows(), 2U);
    EXPECT_EQ(text_in(cards, 0, "role"), "champion");
    EXPECT_EQ(text_in(cards, 1, "role"), "challenger");
    EXPECT_EQ(numbers_in(cards, "orders"), (std::vector<double>{20, 20}));
    EXPECT_EQ(numbers_in(cards, "mean_crps_bps"),
              (std::vector<double>{models.champion_card().crps, models.challenger_card()->crps}));
    EXPECT_EQ(numbers_in(cards, "pit_10")[0], static_cast<double>(models.champion_card().pit[9]));
    EXPECT_LT(numbers_in(cards, "coverage_90_low")[0], models.champion_card().coverage_90);
    const Table& scores = table_named(tables, "desk_scores");
    ASSERT_EQ(scores.rows(), 40U);
    double sum = 0.0;
    for (std::size_t row = 0; row < 40; row += 2) sum += numbers_in(scores, "crps_bps")[row];
    EXPECT_NEAR(sum / 20.0, models.champion_card().crps, 1e-12);
    journal.rewind();
    EXPECT_TRUE(replay(journal, two_models()).value().is_identical);
}

TEST(DeskScores, AScoreThatWasChangedIsNamedByTheReplay) {
    const SimulatedClock clock(desk_time("14:00:00"));
    MemoryJournal journal, forged;
    JournaledDesk desk = JournaledDesk::create(two_models(), journal, clock).value();
    for (std::uint64_t order = 1; order <= 3; ++order) {
        ASSERT_TRUE(desk.step(calm_context("14:30:00", order)));
        ASSERT_TRUE(desk.record(finished(order, 4.0)));
    }
    std::uint64_t changed = 0;
    for (const Record& record : journal.records()) {
        std::vector<std::byte> payload = record.payload;
        if (record.kind == RecordKind::outcome) {
            Told told = decoded_outcome(record).value();
            if (told.outcome.order == 2) {
                double& crps = told.lesson.scores.values[1].card.crps;
                crps = std::nextafter(crps, 0.0);
                encode(told.outcome, told.lesson, payload);
                changed = record.sequence;
            }
        }
        ASSERT_TRUE(forged.append(record.kind, record.time, payload));
    }
    const Replay found = replay(forged, two_models()).value();
    EXPECT_FALSE(found.is_identical);
    ASSERT_TRUE(found.first_difference);
    EXPECT_EQ(found.first_difference->sequence, changed);
    EXPECT_EQ(found.first_difference->order, 2U);
    EXPECT_EQ(found.first_difference->field, "score[1].card.crps");
}

// An order is open while the models change places: each is scored by what it forecast itself.
TEST(DeskScores, APromotionOrARollbackDoesNotExchangeForecasts) {
    const auto scored = [](bool promotes, bool rolls_back) {
        Desk desk = Desk::create(two_models()).value();
        const std::string before = desk.save();
        static_cast<void>(desk.step(calm_context()));
        EXPECT_TRUE(!promotes || desk.promote());
        EXPECT_TRUE(!rolls_back || desk.roll_back(before));
        Lesson lesson;
        EXPECT_TRUE(desk.record(finished(1, 9.0), &lesson));
        EXPECT_EQ(lesson.scores.size, 2U);
        std::map<std::uint64_t, double> made;
        for (const ModelScore& each : lesson.scores.values) made[each.model.digest] = each.crps;
        return made;
    };
    const auto plain = scored(false, false);
    ASSERT_EQ(plain.size(), 2U);
    ASSERT_NE(plain.begin()->second, plain.rbegin()->second);
    EXPECT_EQ(scored(true, false), plain);
    EXPECT_EQ(scored(true, true), plain);
    EXPECT_EQ(scored(false, true), plain);
}

TEST(DeskScores, AnOutcomeThatCannotBeIsToldAsRefusedAndCountsNowhere) {
    const SimulatedClock clock(desk_time("14:00:00"));
    MemoryJournal journal;
    JournaledDesk desk = JournaledDesk::create(two_models(), journal, clock).value();
    ASSERT_TRUE(desk.step(calm_context()));
    Lesson lesson;
    EXPECT_FALSE(desk.record({.time = desk_time("14:31:00"), .order = 1, .sent = 100, .filled = 5'000}, &lesson));
    EXPECT_EQ(lesson.taken, Taken::refused);
    Outcome bad = finished(1, 4.0);
    bad.weight = 2.0;
    EXPECT_FALSE(desk.record(bad));
    EXPECT_FALSE(desk.record(finished(17, 4.0))) << "never had a step";
    const auto tables = journal_tables(journal).value();
    const Table& orders = table_named(tables, "desk_orders");
    EXPECT_EQ(numbers_in(orders, "filled"), std::vector<double>{0.0});
    EXPECT_EQ(numbers_in(orders, "finished"), std::vector<double>{0.0});
    EXPECT_EQ(numbers_in(orders, "refused"), std::vector<double>{2.0});
    EXPECT_EQ(numbers_in(table_named(tables, "desk_state"), "refused_outcomes"), std::vector<double>{3.0});
    EXPECT_EQ(table_named(tables, "desk_scores").rows(), 0U);
    journal.rewind();
    EXPECT_TRUE(replay(journal, two_models()).value().is_identical);
}

// A desk refuses a context that contradicts itself: there is no order that is open for it.
TEST(DeskScores, AnOrderThatTheDeskNeverTookUpIsNotOpen) {
    const SimulatedClock clock(desk_time("14:00:00"));
    MemoryJournal journal;
    DeskSetup setup = desk_setup();
    setup.options.max_orders = 1;
    JournaledDesk desk = JournaledDesk::create(setup, journal, clock).value();
    Context bad = calm_context("14:30:00", 5);
    bad.lot = 0;
    EXPECT_EQ(desk.step(bad).value().reason, Reason::bad_context);
    ASSERT_TRUE(desk.step(calm_context("14:30:00", 1)));
    EXPECT_EQ(desk.step(calm_context("14:30:00", 2)).value().reason, Reason::no_room);
    const auto tables = journal_tables(journal).value();
    EXPECT_EQ(numbers_in(table_named(tables, "desk_state"), "open_orders")[0],
              static_cast<double>(desk.desk().open_orders()));
    EXPECT_EQ(numbers_in(table_named(tables, "desk_orders"), "open"), (std::vector<double>{0.0, 1.0, 0.0}));
}

// A challenger in want of an input forecasts nothing: the champion learns all the same, and no card is spoilt.
TEST(DeskScores, AChallengerWithoutAForecastIsLeftOut) {
    DeskSetup setup = desk_setup();
    cost::FitOptions options;
    options.target = "cost_bps";
    options.mean = {"sqrt_participation", "log_spread"};
    options.scale = {"log_volatility"};
    options.completion = {};
    options.partial = static_cast<int>(cost::PartialOrders::whole);
    setup.challenger = cost::fit(test::CostOrders(500, 3).table(), options).value();
    ASSERT_EQ(setup.challenger->inputs(), setup.champion->inputs());
    Desk desk = Desk::create(setup).value();
    Context context = calm_context();
    test::set_input(context, "spread", -1.0);  // a crossed quote has no logarithm
    ASSERT_TRUE(std::isfinite(desk.step(context).forecast.mean));
    Lesson lesson;
    EXPECT_TRUE(desk.record(finished(1, 4.0), &lesson));
    EXPECT_EQ(lesson.scores.size, 1U);
    EXPECT_EQ(desk.models()->champion_card().count, 1);
    EXPECT_EQ(desk.models()->challenger_card()->count, 0);
    EXPECT_EQ(desk.models()->challenger_card()->crps, 0.0);
}

/// Markets in which every rung is taken for some reason.
std::vector<Context> markets() {
    std::vector<Context> all;
    const auto vary = [&all](const auto& values, const auto& set) {
        std::vector<Context> made;
        for (const Context& each : all) {
            for (const auto value : values) {
                made.push_back(each);
                set(made.back(), value);
            }
        }
        all = std::move(made);
    };
    all.push_back(calm_context());
    vary(std::vector{50.0, 300.0, 900.0, 5'000.0}, [](Context& c, double v) { test::set_input(c, "volatility", v); });
    vary(std::vector{5, 200}, [](Context& c, int count) { c.symbol_observations = count; });
    vary(std::vector{14.0, 4.0, kMissing}, [](Context& c, double median) { c.tier_median_p95_bps = median; });
    vary(std::vector{0.0, 1.5, 3.0}, [](Context& c, double z) { c.stress = {z, 0.0, 0.0}; });
    vary(std::vector{Rung::green, Rung::red}, [](Context& c, Rung rung) { c.portfolio = rung; });
    for (std::size_t i = 0; i < all.size(); ++i) {
        all[i].order = i % 3;
        all[i].time = all[i].quote_time = all[i].time + std::chrono::seconds(i);
    }
    return all;
}

// The rung is checked from the record alone: what the ladder read gives the same reading again.
TEST(DeskRecord, TheRungFollowsFromWhatTheRecordHolds) {
    Desk desk = Desk::create(desk_setup()).value();
    std::set<std::pair<Rung, RungReason>> seen;
    for (const Context& context : markets()) {
        const Decision decision = desk.step(context);
        const LadderInputs& read = decision.ladder.inputs;
        Decision checked = decision;
        checked.ladder = ladder(read, desk.options().ladder);
        EXPECT_FALSE(first_difference(decision, checked));
        EXPECT_EQ(read.symbol_observations, context.symbol_observations);
        EXPECT_EQ(read.portfolio, context.portfolio);
        EXPECT_TRUE(read.tier_median_p95_bps == context.tier_median_p95_bps || std::isnan(read.tier_median_p95_bps));
        EXPECT_TRUE(decision.ladder.rung != Rung::green || read.p95_bps == decision.forecast.p95);
        seen.emplace(decision.ladder.rung, decision.ladder.reason);
    }
    EXPECT_GE(seen.size(), 7U) << "every way to a rung that these markets have";
}

}  // namespace
}  // namespace slipcast::desk
