#include "slipcast/desk/journal_tables.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "slipcast/core/random.hpp"
#include "slipcast/desk/replay.hpp"
#include "slipcast/math/binomial.hpp"
#include "support/desk_market.hpp"
#include "support/table_reading.hpp"

// What a journal's tables say against an independent count of the same decisions and outcomes.

namespace slipcast::desk {
namespace {

using test::calm_context;
using test::desk_setup;
using test::desk_time;
using test::numbers_in;
using test::table_named;

std::vector<std::string> texts(const Table& table, std::string_view name) {
    std::vector<std::string> made;
    for (std::size_t c = 0; c < table.columns().size(); ++c) {
        if (table.columns()[c].meta.name != name) continue;
        for (std::size_t row = 0; row < table.rows(); ++row) made.push_back(table.text(row, c, 9));
    }
    return made;
}
double total(const Table& table, const char* name) {
    double sum = 0.0;
    for (const double each : numbers_in(table, name)) sum += each;
    return sum;
}

/// A morning with everything in it: calm and wild markets, a stale feed, a kill, a notional cap, dark fills, a cold
/// symbol, an order past its deadline, an order whose key comes back.
struct Morning {
    MemoryJournal journal;
    std::vector<Context> contexts;
    std::vector<Decision> decisions;
    std::map<std::uint64_t, std::int64_t> dark_fills;

    void step(JournaledDesk& desk, const Context& context) {
        const Decision decision = desk.step(context).value();
        contexts.push_back(context);
        decisions.push_back(decision);
        for (std::size_t k = 0; k < decision.dark.size; ++k) {
            const std::int64_t sent = decision.dark.values[k];
            if (sent == 0) continue;
            ASSERT_TRUE(desk.record({.time = context.time,
                                     .order = context.order,
                                     .venue = static_cast<std::int32_t>(k),
                                     .sent = sent,
                                     .filled = sent / 2}));
            dark_fills[context.order] += sent / 2;
        }
    }

    void run() {
        DeskSetup setup = desk_setup(2);
        setup.options.guards.order_notional = 4e4;
        const SimulatedClock clock(desk_time("14:00:00"));
        JournaledDesk desk = JournaledDesk::create(setup, journal, clock).value();
        for (int i = 0; i < 12; ++i) {
            for (std::uint64_t order = 1; order <= 5; ++order) {
                Context context = calm_context("14:30:00", order);
                context.time = context.quote_time = context.time + std::chrono::seconds(25 * i);
                context.filled = 400 * i;
                if (order == 2) test::set_input(context, "volatility", 50.0 * std::exp2(i));
                if (order == 3) context.symbol_observations = 5;
                if (order == 4 && i > 8) context.deadline = context.time - std::chrono::seconds(1);
                if (order == 5) context.quantity = 400'000;
                if (i == 7) context.quote_time = context.time - std::chrono::seconds(30);
                step(desk, context);
            }
            if (i == 3) {
                ASSERT_TRUE(desk.kill());
            }
            if (i == 4) {
                ASSERT_TRUE(desk.release());
            }
            if (i == 8) finish(desk, 1, 9.0, true);
        }
        finish(desk, 2, -4.0, false);
        finish(desk, 4, 31.0, false);
        Context target = calm_context("14:41:00", 77);
        target.kind = market::OrderKind::target;
        target.position_units = 1e5;
        target.signals.size = 1;
        target.signals.values[0] = 1.0;
        target.quantity = 0;
        target.filled = 0;
        step(desk, target);
        ASSERT_TRUE(desk.kill());
    }
    static void finish(JournaledDesk& desk, std::uint64_t order, double cost, bool is_complete) {
        ASSERT_TRUE(desk.record({.time = desk_time("14:40:00"),
                                 .order = order,
                                 .kind = OutcomeKind::finished,
                                 .cost_bps = cost,
                                 .is_complete = is_complete}));
    }
};

class JournalTables : public ::testing::Test {
protected:
    static const Morning& morning() {
        static const std::unique_ptr<Morning> kMade = [] {
            auto run = std::make_unique<Morning>();
            run->run();
            return run;
        }();
        return *kMade;
    }
    static const std::vector<Table>& tables() {
        static const std::vector<Table> kMade = [] {
            MemoryJournal copy;
            for (const Record& each : morning().journal.records()) {
                EXPECT_TRUE(copy.append(each.kind, each.time, each.payload));
            }
            return journal_tables(copy).value();
        }();
        return kMade;
    }
};

TEST_F(JournalTables, EveryStepIsARowWithItsOwnNumbers) {
    const Table& table = table_named(tables(), "desk_decisions");
    const auto& decisions = morning().decisions;
    ASSERT_EQ(table.rows(), decisions.size());
    const auto order = texts(table, "order");
    const auto reason = texts(table, "reason");
    const auto rung = texts(table, "rung");
    const auto binding = texts(table, "binding");
    const auto quantity = numbers_in(table, "quantity");
    const auto dark = numbers_in(table, "dark");
    const auto p95 = numbers_in(table, "p95_bps");
    const auto score = numbers_in(table, "score_bps");
    const auto next = numbers_in(table, "runner_up_bps");
    const auto ask = numbers_in(table, "ask");
    for (std::size_t i = 0; i < decisions.size(); ++i) {
        const Decision& d = decisions[i];
        EXPECT_EQ(order[i], std::to_string(d.order));
        EXPECT_EQ(reason[i], text(d.reason));
        EXPECT_EQ(quantity[i], static_cast<double>(d.quantity));
        EXPECT_EQ(dark[i], static_cast<double>(d.quantity - d.lit));
        EXPECT_EQ(binding[i], d.binding == Guard::none ? "" : name(d.binding));
        EXPECT_DOUBLE_EQ(ask[i], 100.0);
        if (d.candidates.size == 0) {
            EXPECT_EQ(rung[i], "");
            EXPECT_TRUE(std::isnan(p95[i]));
            continue;
        }
        EXPECT_EQ(rung[i], name(d.ladder.rung));
        EXPECT_EQ(p95[i], d.forecast.p95);
        // The chosen one has the lowest score of all that the rung allowed.
        std::vector<double> scores;
        for (std::uint32_t k = 0; k < d.candidates.size; ++k) {
            if (d.candidates.values[k].is_allowed) scores.push_back(d.candidates.values[k].score);
        }
        std::sort(scores.begin(), scores.end());
        EXPECT_EQ(score[i], scores[0]);
        if (scores.size() > 1) {
            EXPECT_EQ(next[i], scores[1]);
        }
    }
}

TEST_F(JournalTables, OrdersTellTheirLives) {
    const Table& table = table_named(tables(), "desk_orders");
    EXPECT_EQ(texts(table, "order"), (std::vector<std::string>{"1", "2", "3", "4", "5", "1", "77"}))
        << "the key that came back after its end is another order";
    EXPECT_EQ(texts(table, "kind").back(), "target");
    EXPECT_EQ(numbers_in(table, "steps"), (std::vector<double>{9, 12, 12, 12, 12, 3, 1}));
    EXPECT_EQ(numbers_in(table, "finished"), (std::vector<double>{1, 1, 0, 1, 0, 0, 0}));
    EXPECT_EQ(numbers_in(table, "complete")[0], 1.0);
    EXPECT_EQ(numbers_in(table, "complete")[1], 0.0);
    EXPECT_EQ(numbers_in(table, "complete")[3], 0.0);
    EXPECT_EQ(table.find("complete")->valid, (std::vector<std::uint8_t>{1, 1, 0, 1, 0, 0, 0}))
        << "not every end says it";
    EXPECT_EQ(total(table, "guarded"),
              static_cast<double>(std::count_if(morning().decisions.begin(), morning().decisions.end(),
                                                [](const Decision& d) { return d.binding != Guard::none; })));
    double children = 0.0;
    for (const Decision& d : morning().decisions) {
        if (d.action == Action::wait) continue;
        if (d.lit > 0) ++children;
        for (std::size_t k = 0; k < d.dark.size; ++k) children += d.dark.values[k] > 0 ? 1.0 : 0.0;
    }
    EXPECT_EQ(total(table, "children"), children);
    const auto filled = numbers_in(table, "filled");
    EXPECT_GE(filled[2], 4400.0) << "what the last context said, and the dark fills since";
    EXPECT_LE(filled[2], 4400.0 + static_cast<double>(morning().dark_fills.at(3)));
    // The first forecast is the first decision's; the cost stands between its quantiles.
    const Forecast& first = morning().decisions[1].forecast;
    EXPECT_EQ(numbers_in(table, "p95_bps")[1], first.p95);
    EXPECT_EQ(numbers_in(table, "cost_bps")[1], -4.0);
    EXPECT_LT(-4.0, first.p50);
    EXPECT_EQ(texts(table, "fell")[1], "up to p50");
    EXPECT_TRUE(std::isnan(numbers_in(table, "cost_bps")[2]));
    EXPECT_EQ(texts(table, "fell")[2], "");
}

TEST_F(JournalTables, GuardsRungsReasonsAndTacticsAreCounted) {
    const auto& decisions = morning().decisions;
    const Table& guards = table_named(tables(), "desk_guards");
    ASSERT_EQ(guards.rows(), kGuards);
    for (std::size_t g = 0; g < kGuards; ++g) {
        double readings = 0, passed = 0, acted = 0, binding = 0, largest = -HUGE_VAL;
        for (const Decision& d : decisions) {
            if (d.guards[static_cast<std::size_t>(Guard::participation)].limit == 0.0) continue;
            ++readings;
            passed += d.guards[g].is_passed ? 1 : 0;
            acted += d.guards[g].acted ? 1 : 0;
            binding += d.binding == static_cast<Guard>(g) ? 1 : 0;
            if (std::isfinite(d.guards[g].value)) largest = std::max(largest, d.guards[g].value);
        }
        EXPECT_EQ(texts(guards, "guard")[g], name(static_cast<Guard>(g)));
        EXPECT_EQ(numbers_in(guards, "readings")[g], readings);
        EXPECT_EQ(numbers_in(guards, "passed")[g], passed);
        EXPECT_EQ(numbers_in(guards, "acted")[g], acted);
        EXPECT_EQ(numbers_in(guards, "binding")[g], binding);
        EXPECT_EQ(numbers_in(guards, "largest")[g], largest);
    }
    // The morning made these act.
    for (const Guard guard : {Guard::kill_switch, Guard::stale_data, Guard::order_notional}) {
        EXPECT_GT(numbers_in(guards, "acted")[static_cast<std::size_t>(guard)], 0.0) << name(guard);
    }

    const Table& rungs = table_named(tables(), "desk_rungs");
    std::map<std::pair<std::string, std::string>, double> expected;
    double quantity = 0.0, planned = 0.0;
    for (const Decision& d : decisions) {
        quantity += static_cast<double>(d.quantity);
        if (d.candidates.size == 0) continue;
        ++planned;
        ++expected[{std::string(name(d.ladder.rung)), std::string(text(d.ladder.reason))}];
    }
    EXPECT_GE(expected.size(), 3U) << "the morning takes several rungs";
    EXPECT_LT(planned, static_cast<double>(decisions.size())) << "and steps that come to no choice";
    ASSERT_EQ(rungs.rows(), expected.size());
    for (std::size_t row = 0; row < rungs.rows(); ++row) {
        const double steps = expected.at({texts(rungs, "rung")[row], texts(rungs, "reason")[row]});
        EXPECT_EQ(numbers_in(rungs, "steps")[row], steps);
        EXPECT_DOUBLE_EQ(numbers_in(rungs, "share")[row], steps / planned);
    }
    EXPECT_EQ(total(rungs, "quantity"), quantity);
    EXPECT_EQ(total(table_named(tables(), "desk_reasons"), "steps"), static_cast<double>(decisions.size()));
    EXPECT_EQ(total(table_named(tables(), "desk_tactics"), "steps"), planned);
}

TEST_F(JournalTables, TheStateIsThatOfTheJournalsEnd) {
    const Table& state = table_named(tables(), "desk_state");
    EXPECT_EQ(numbers_in(state, "records")[0], static_cast<double>(morning().journal.records().size()));
    EXPECT_EQ(numbers_in(state, "kill_switch")[0], 1.0);
    EXPECT_EQ(numbers_in(state, "orders")[0], 7.0);
    EXPECT_EQ(numbers_in(state, "open_orders")[0], 4.0);
    EXPECT_EQ(texts(table_named(tables(), "desk_commands"), "command"),
              (std::vector<std::string>{"kill", "release", "kill"}));
    const Table& models = table_named(tables(), "desk_models");
    EXPECT_EQ(texts(models, "role"), std::vector<std::string>{"champion"});
    EXPECT_EQ(texts(models, "digest"), texts(state, "champion")) << "a version names its file";
    const Table& begins = table_named(tables(), "desk_beginnings");
    EXPECT_EQ(texts(begins, "seed"), std::vector<std::string>{"1"});
    EXPECT_EQ(texts(begins, "champion"), texts(state, "champion"));
    EXPECT_EQ(total(table_named(tables(), "desk_records"), "records"), numbers_in(state, "records")[0]);
    // Every column says what it means.
    for (const Table& table : tables()) {
        for (const Column& column : table.columns()) EXPECT_FALSE(column.meta.meaning.empty()) << column.meta.name;
    }
}

/// A journal of parents with one step each, all forecast alike: p50 0, p90 10, p95 20, p99 40, miss risk 0.3.
MemoryJournal& forecasts(MemoryJournal& journal, const std::vector<double>& costs,
                         std::chrono::minutes apart = std::chrono::minutes(60)) {
    std::vector<std::byte> bytes;
    for (std::size_t i = 0; i < costs.size(); ++i) {
        Context context = calm_context("14:30:00", i + 1);
        context.time = desk_time("00:00:00") + static_cast<std::int64_t>(i) * apart;
        Decision decision;
        decision.time = context.time;
        decision.order = context.order;
        decision.action = Action::trade;
        decision.candidates.size = 1;
        decision.candidates.values[0].miss_risk = 0.3;
        decision.forecast = {.mean = 2.0, .p50 = 0.0, .p90 = 10.0, .p95 = 20.0, .p99 = 40.0};
        encode(context, decision, bytes);
        EXPECT_TRUE(journal.append(RecordKind::step, context.time, bytes));
        encode(Outcome{.time = context.time,
                       .order = context.order,
                       .kind = OutcomeKind::finished,
                       .cost_bps = costs[i],
                       .is_complete = i % 2 == 0},
               Lesson{}, bytes);
        EXPECT_TRUE(journal.append(RecordKind::outcome, context.time, bytes));
    }
    return journal;
}

TEST(JournalWithoutRecords, HasNoTimes) {
    MemoryJournal empty;
    const std::vector<Table> tables = journal_tables(empty).value();
    const Table& state = tables.front();
    EXPECT_EQ(state.name(), "desk_state");
    for (const char* when : {"first_time", "last_time"}) {
        EXPECT_EQ(state.find(when)->valid, std::vector<std::uint8_t>{0}) << when;
    }
}

TEST(JournalCalibration, CountsWhatFellBelowEachQuantile) {
    MemoryJournal journal;
    // 6 up to p50, one of them exactly at it; 3 up to p90, 1 up to p95, none up to p99, 2 above; one unknown.
    const std::vector<double> costs{
        -5, -4, -3, -2, -1, 0, 1, 5, 10, 15, 41, 90, std::numeric_limits<double>::quiet_NaN()};
    const auto tables = journal_tables(forecasts(journal, costs)).value();
    const Table& levels = table_named(tables, "desk_calibration");
    EXPECT_EQ(numbers_in(levels, "level"), (std::vector<double>{0.5, 0.9, 0.95, 0.99}));
    EXPECT_EQ(numbers_in(levels, "orders"), (std::vector<double>{12, 12, 12, 12}));
    EXPECT_EQ(numbers_in(levels, "covered"), (std::vector<double>{6, 9, 10, 10}));
    EXPECT_DOUBLE_EQ(numbers_in(levels, "share")[1], 0.75);
    EXPECT_DOUBLE_EQ(numbers_in(levels, "share_low")[1], math::share_interval(9, 12).low);
    const Table& bins = table_named(tables, "desk_quantile_bins");
    EXPECT_EQ(numbers_in(bins, "orders"), (std::vector<double>{6, 3, 1, 0, 2}));
    EXPECT_NEAR(total(bins, "expected"), 1.0, 1e-12);

    const Table& bias = table_named(tables, "desk_bias");
    double sum = 0.0;
    for (std::size_t i = 0; i < 12; ++i) sum += costs[i];
    EXPECT_EQ(numbers_in(bias, "orders")[0], 12.0);
    EXPECT_NEAR(numbers_in(bias, "mean_cost_bps")[0], sum / 12.0, 1e-12);
    EXPECT_NEAR(numbers_in(bias, "error_bps")[0], sum / 12.0 - 2.0, 1e-12);
    EXPECT_EQ(texts(bias, "block_kind")[0], "UTC hour");
    EXPECT_EQ(numbers_in(bias, "blocks")[0], 12.0);
    EXPECT_LT(numbers_in(bias, "error_low_bps")[0], numbers_in(bias, "error_bps")[0]);
    EXPECT_GT(numbers_in(bias, "error_high_bps")[0], numbers_in(bias, "error_bps")[0]);

    const Table& miss = table_named(tables, "desk_miss_risk");
    EXPECT_EQ(numbers_in(miss, "orders"), (std::vector<double>{0, 0, 13, 0, 0}));
    EXPECT_EQ(numbers_in(miss, "missed")[2], 6.0);
    EXPECT_DOUBLE_EQ(numbers_in(miss, "mean_risk")[2], 0.3);
    EXPECT_TRUE(std::isnan(numbers_in(miss, "share")[0]));
}

TEST(JournalCalibration, BlocksAreAsLongAsTheJournalAllows) {
    const auto kind = [](std::size_t orders, std::chrono::minutes apart) {
        MemoryJournal journal;
        const auto tables = journal_tables(forecasts(journal, std::vector<double>(orders, 1.0), apart)).value();
        const Table& bias = table_named(tables, "desk_bias");
        return std::pair(texts(bias, "block_kind")[0], numbers_in(bias, "blocks")[0]);
    };
    EXPECT_EQ(kind(40, std::chrono::hours(12)), (std::pair<std::string, double>("UTC day", 20.0)));
    EXPECT_EQ(kind(38, std::chrono::hours(12)), (std::pair<std::string, double>("UTC hour", 38.0)));
    EXPECT_EQ(kind(18, std::chrono::minutes(30)), (std::pair<std::string, double>("UTC half hour", 18.0)));
}

TEST(JournalCalibration, FewBlocksHaveNoIntervalAndNoOrdersNoShare) {
    MemoryJournal few;
    const auto tables = journal_tables(forecasts(few, {1.0, 2.0, 3.0})).value();
    EXPECT_TRUE(std::isnan(numbers_in(table_named(tables, "desk_bias"), "error_low_bps")[0]));
    EXPECT_DOUBLE_EQ(numbers_in(table_named(tables, "desk_bias"), "error_bps")[0], 0.0);
    MemoryJournal empty;
    const auto none = journal_tables(empty).value();
    EXPECT_EQ(table_named(none, "desk_decisions").rows(), 0U);
    EXPECT_EQ(numbers_in(table_named(none, "desk_state"), "records")[0], 0.0);
    EXPECT_TRUE(std::isnan(numbers_in(table_named(none, "desk_calibration"), "share")[0]));
    EXPECT_TRUE(std::isnan(numbers_in(table_named(none, "desk_bias"), "mean_cost_bps")[0]));
}

TEST(JournalCalibration, ARecordThatCannotBeReadIsRefusedByItsNumber) {
    MemoryJournal journal;
    forecasts(journal, {1.0});
    ASSERT_TRUE(journal.append(RecordKind::step, Timestamp{}, std::vector<std::byte>(3)));
    const auto refused = journal_tables(journal);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::malformed);
    EXPECT_EQ(refused.error().place.row, 3);
}

}  // namespace
}  // namespace slipcast::desk
