#include "slipcast/venue/compare.hpp"

#include <gtest/gtest.h>

#include <numeric>

#include "support/table_columns.hpp"

using namespace slipcast;
using namespace slipcast::venue;

namespace {

double value(const Table& table, const char* column, const std::string& model) {
    const auto& names = std::get<std::vector<std::string>>(table.find("model")->data);
    const auto row = std::find(names.begin(), names.end(), model) - names.begin();
    return std::get<std::vector<double>>(table.find(column)->data)[static_cast<std::size_t>(row)];
}

double total_wins(const Comparison& comparison) {
    const auto& wins = std::get<std::vector<double>>(comparison.models.find("wins")->data);
    return std::accumulate(wins.begin(), wins.end(), 0.0);
}

}  // namespace

TEST(CompareModels, TheModelThatMadeTheSuiteWinsMostPairs) {
    const auto suite = *synthetic_suite();
    ASSERT_EQ(suite.size(), 48U);
    const Comparison comparison = *compare_models(suite, {.max_liquidity = 10'000});
    EXPECT_EQ(comparison.compared, 48);
    EXPECT_DOUBLE_EQ(total_wins(comparison), 48.0);
    EXPECT_GT(value(comparison.models, "wins", "power_law"), 24.0);
    // Kaplan-Meier explains best what it saw and worse than the true family what it did not.
    for (const Shape shape : kModels) {
        EXPECT_LE(value(comparison.models, "train_loss", "kaplan_meier"),
                  value(comparison.models, "train_loss", std::string(model_name(shape))) + 1e-9);
    }
    EXPECT_GT(value(comparison.models, "test_loss", "kaplan_meier"),
              value(comparison.models, "test_loss", "power_law"));
    EXPECT_TRUE(comparison.verdict().starts_with("power_law has the lowest held-out loss on ")) << comparison.verdict();
    EXPECT_TRUE(comparison.verdict().ends_with("of 48 pairs, and over all observations.")) << comparison.verdict();
}

TEST(CompareModels, ThePowerLawLosesWhereItIsWrong) {
    const SuiteOptions lognormal{.suite = SuiteOptions::lognormal, .symbols = 6};
    const auto suite = *synthetic_suite(lognormal);
    const Comparison comparison = *compare_models(suite, {.max_liquidity = lognormal.max_liquidity()});
    EXPECT_DOUBLE_EQ(total_wins(comparison), 24.0);
    EXPECT_LT(value(comparison.models, "wins", "power_law"), 6.0);
    EXPECT_NE(comparison.verdict().find("The power law wins "), std::string::npos) << comparison.verdict();
}

TEST(CompareModels, TheSplitDependsOnlyOnSeedAndNames) {
    const auto suite = *synthetic_suite({.symbols = 2, .venues = 2, .observations = 100});
    std::vector<PairLog> reversed(suite.rbegin(), suite.rend());
    const ModelChoice one = *choose_model(suite[1]);
    const Comparison forward = *compare_models(suite);
    const Comparison backward = *compare_models(reversed);
    EXPECT_EQ(std::get<std::vector<double>>(forward.pairs.find("power_law_test_loss")->data)[1], one.test_loss[0]);
    EXPECT_EQ(std::get<std::vector<double>>(backward.pairs.find("power_law_test_loss")->data)[2], one.test_loss[0]);
    EXPECT_NE(choose_model(suite[1], {.seed = 2})->test_loss[0], one.test_loss[0]);
    EXPECT_EQ(one.train_observations + one.test_observations, 100);
}

TEST(CompareModels, EqualLossesShareTheWin) {
    // Nothing was filled: every model says so, and says the same.
    const std::vector<PairLog> logs{{"A", "X", 1, std::vector<Observation>(40, Observation{10, 0})}};
    const Comparison comparison = *compare_models(logs);
    for (const Shape shape : kModels)
        EXPECT_DOUBLE_EQ(value(comparison.models, "wins", std::string(model_name(shape))), 0.2);
    EXPECT_EQ(comparison.verdict(),
              "No model stands out: each of several has the lowest held-out loss on 0.2 of 1 pairs.");
}

TEST(CompareModels, TheVerdictSaysThatThePowerLawLosesAlsoWhenOthersTie) {
    const auto verdict = [](std::vector<double> wins, std::int64_t pairs) {
        Comparison comparison;
        comparison.models = Table("models");
        comparison.models.add(test::numbers("wins", "", std::move(wins)));
        comparison.models.add(test::numbers("test_loss", "nats", {3.0, 2.0, 4.0, 2.5, 5.0}));
        comparison.compared = pairs;
        return comparison.verdict();
    };
    ASSERT_EQ(kModels.front(), Shape::power_law);
    EXPECT_EQ(verdict({0.0, 5.0, 5.0, 0.0, 0.0}, 10),
              "No model stands out: each of several has the lowest held-out loss on 5 of 10 pairs. "
              "The power law wins 0: what assumes it (routers, pools) is an approximation here.");
    EXPECT_EQ(
        verdict({800.0 + 1.0 / 3.0, 1'234.0, 0.0, 0.0, 0.0}, 2'400)
            .find(std::string(model_name(kModels[1])) +
                  " has the lowest held-out loss on 1234 of 2400 pairs, and over all observations. The power law wins "
                  "800.33:"),
        0U);
}

TEST(CompareModels, RefusesAndCountsWhatItCannotCompare) {
    const std::vector<PairLog> few{{"A", "X", 1, std::vector<Observation>(5, Observation{10, 1})}};
    EXPECT_EQ(compare_models(few).error().code, ErrorCode::not_identified);
    EXPECT_EQ(choose_model(few[0]).error().place.file, "A at X");
    std::vector<PairLog> both = *synthetic_suite({.symbols = 1, .venues = 1, .observations = 50});
    both.push_back(few[0]);
    EXPECT_EQ(compare_models(both)->too_few, 1);
    EXPECT_EQ(compare_models(both, {.smoothing = 0.0}).error().field, "smoothing");
    EXPECT_EQ(model_of("powerlaw").error().field, "model");
    EXPECT_EQ(*model_of("kaplan_meier"), Shape::empirical);
}
