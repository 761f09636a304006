#include "slipcast/trial/trial.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "slipcast/core/table_values.hpp"
#include "slipcast/desk/replay.hpp"
#include "slipcast/sim/market.hpp"

namespace slipcast::trial {
namespace {

TrialOptions small() {
    TrialOptions options;
    options.parents.count = 150;
    options.parents.max_horizon = std::chrono::minutes{30};
    options.learning_orders = 500;
    options.resamples = 200;
    return options;
}

const market::Dataset& sample_market() {
    static const market::Dataset kMarket =
        sim::synthetic_market({.symbols = 3, .days = 3, .seed = 4, .quotes_per_day = 12'000}).value();
    return kMarket;
}

struct Done {
    desk::MemoryJournal journal;
    Trial trial;
    explicit Done(const TrialOptions& options) : trial(run(sample_market(), options, journal).value()) {}
};

const Done& done() {
    static const Done kDone(small());
    return kDone;
}

std::vector<double> numbers(const Table& table, const char* column) {
    return numbers_of(*table.find(column)).value();
}
std::vector<std::string> texts(const Table& table, const char* column) {
    return std::get<std::vector<std::string>>(table.find(column)->data);
}

TEST(Trial, EveryPolicyWorksTheSameOrders) {
    const Table& orders = *done().trial.find("trial_orders");
    const auto ids = texts(orders, "order_id");
    const auto policies = texts(orders, "policy");
    std::map<std::string, std::set<std::string>> of_order;
    for (std::size_t row = 0; row < ids.size(); ++row) of_order[ids[row]].insert(policies[row]);
    EXPECT_GT(of_order.size(), 140U);
    for (const auto& [id, seen] : of_order) EXPECT_EQ(seen.size(), 7U) << id;
    const Table& table = *done().trial.find("trial_policies");
    for (const double count : numbers(table, "orders")) EXPECT_EQ(count, static_cast<double>(of_order.size()));
}

TEST(Trial, OnlyTheDeskTradesInTheDarkAndItFinishesMostOrders) {
    const Table& table = *done().trial.find("trial_policies");
    const auto names = texts(table, "policy");
    const auto dark = numbers(table, "dark_share");
    const auto completion = numbers(table, "completion");
    for (std::size_t row = 0; row < names.size(); ++row) {
        if (names[row] == "desk" || names[row] == "desk_no_ladder") {
            EXPECT_GT(dark[row], 0.02);
        } else {
            EXPECT_EQ(dark[row], 0.0) << names[row];
        }
        EXPECT_GT(completion[row], 0.9) << names[row];
    }
}

// Who has the trial's tables has what the desk's own model was fitted to, tactics and all.
TEST(Trial, TheLearningOrdersFitTheDesksOwnModelAgain) {
    ASSERT_EQ(done().trial.provenance.at("trial.model"), "every term identified");
    cost::FitOptions options;
    for (std::vector<std::string>* terms : {&options.mean, &options.scale, &options.completion}) {
        terms->emplace_back("tactic");
    }
    const auto model = cost::fit(*done().trial.find("trial_learning"), options);
    ASSERT_TRUE(model) << model.error().message();
    EXPECT_EQ(model->to_json(), done().trial.model.to_json());
}

TEST(Trial, ReplaysFromItsJournalBitForBit) {
    desk::MemoryJournal copy;
    for (const desk::Record& record : done().journal.records()) {
        ASSERT_TRUE(copy.append(record.kind, record.time, record.payload));
    }
    const auto replay = desk::replay(copy);
    ASSERT_TRUE(replay) << replay.error().message();
    EXPECT_TRUE(replay->is_identical);
    EXPECT_GT(replay->decisions, 300U);
    EXPECT_EQ(replay->desk.open_orders(), 0U);
    EXPECT_GT(replay->desk.models()->champion_version().updates, 100);
}

TEST(Trial, IsTheSameAgainAndAPolicyDoesNotDependOnTheOthers) {
    TrialOptions options = small();
    options.policies = {"twap", "desk"};
    const Done other(options);
    EXPECT_TRUE(other.journal.records() == done().journal.records());
    const auto cost_by_order = [](const Trial& trial, const std::string& policy) {
        std::map<std::string, double> costs;
        const Table& orders = *trial.find("trial_orders");
        const auto ids = texts(orders, "order_id");
        const auto policies = texts(orders, "policy");
        const auto shortfall = numbers(orders, "shortfall_bps");
        for (std::size_t row = 0; row < ids.size(); ++row) {
            if (policies[row] == policy) costs[ids[row]] = shortfall[row];
        }
        return costs;
    };
    EXPECT_EQ(cost_by_order(other.trial, "twap"), cost_by_order(done().trial, "twap"));
    EXPECT_EQ(cost_by_order(other.trial, "desk"), cost_by_order(done().trial, "desk"));
}

TEST(Trial, ADeskWithoutRoomLeavesOrdersAloneAndGoesOn) {
    TrialOptions options = small();
    options.policies = {"desk", "twap"};
    options.desk.max_orders = 1;
    const Done crowded(options);
    const auto completion = numbers(*crowded.trial.find("trial_policies"), "completion");
    EXPECT_LT(completion[0], 0.96);
    EXPECT_GT(completion[1], 0.99);
}

TEST(Trial, SaysWhatItRestsOn) {
    const auto& provenance = done().trial.provenance;
    EXPECT_NE(provenance.at("replay.impact").find("bps"), std::string::npos);
    EXPECT_NE(provenance.at("replay.dark_venues").find("DARK3"), std::string::npos);
    EXPECT_FALSE(provenance.at("trial.days").empty());
    EXPECT_NE(provenance.at("trial.orders").find("left out"), std::string::npos);
    EXPECT_NE(provenance.at("replay.volume_curve").find("dated curves"), std::string::npos);
    EXPECT_NE(done().trial.find("cost_summary"), nullptr);
}

TEST(Trial, RefusesWhatItCannotTry) {
    desk::MemoryJournal journal;
    TrialOptions days = small();
    days.trial_days = 2;
    const auto few = run(sample_market(), days, journal);
    ASSERT_FALSE(few);
    EXPECT_EQ(few.error().field, "trial_days");

    TrialOptions unknown = small();
    unknown.policies = {"desk", "vwpa"};
    const auto misspelled = run(sample_market(), unknown, journal);
    ASSERT_FALSE(misspelled);
    EXPECT_NE(misspelled.error().rule.find("vwap"), std::string::npos);

    TrialOptions twice = small();
    twice.policies = {"desk", "desk"};
    EXPECT_FALSE(run(sample_market(), twice, journal));
    EXPECT_TRUE(journal.records().empty());
}

TEST(Trial, StopsWhenAsked) {
    desk::MemoryJournal journal;
    const auto stopped =
        run(sample_market(), small(), journal, [](std::string_view, std::int64_t, std::int64_t) { return false; });
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().code, ErrorCode::interrupted);
}

}  // namespace
}  // namespace slipcast::trial
