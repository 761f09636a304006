#include <gtest/gtest.h>

#include <cmath>

#include "slipcast/cost/cost.hpp"
#include "support/cost_orders.hpp"

// Learning between fits, estimates before the trade, scores out of sample.

namespace slipcast::cost {
namespace {

FitOptions options_of() {
    FitOptions options;
    options.target = "cost_bps";
    options.mean = {"sqrt_participation", "spread"};
    options.scale = {"log_volatility"};
    options.completion = {};
    return options;
}

std::vector<std::size_t> rows_between(std::size_t begin, std::size_t end) {
    std::vector<std::size_t> rows;
    for (std::size_t i = begin; i < end; ++i) rows.push_back(i);
    return rows;
}

std::vector<double> inputs_at(const Model& model, const test::CostOrders& orders, std::size_t row) {
    std::vector<double> inputs;
    for (const Input& input : model.inputs()) {
        inputs.push_back(input.name == "participation" ? orders.participation[row]
                         : input.name == "spread"      ? orders.spread[row]
                                                       : orders.volatility[row]);
    }
    return inputs;
}

double mean_of(const Predictor& predictor, const std::vector<double>& inputs) {
    Prediction out;
    std::vector<double> values(predictor.quantiles().size());
    predictor.predict(inputs, out, values);
    return out.mean;
}

FitOptions with_completion() {
    FitOptions options = options_of();
    options.completion = {"log_participation"};
    options.completed = "finished";
    options.partial = static_cast<int>(PartialOrders::whole);
    return options;
}

double miss_of(const Predictor& predictor, const std::vector<double>& inputs) {
    Prediction out;
    std::vector<double> values(predictor.quantiles().size());
    predictor.predict(inputs, out, values);
    return out.miss_risk;
}

TEST(CostOnline, LearningOrderByOrderIsCloseToFittingThemAll) {
    const test::CostOrders orders(3'000, 21);
    const auto first = fit(orders.table(rows_between(0, 1'000)), options_of());
    const auto all = fit(orders.table(), options_of());
    ASSERT_TRUE(first && all);
    auto online = Online::create(*first);
    ASSERT_TRUE(online.has_value());
    const auto learned = online->update(orders.table(rows_between(1'000, 3'000)));
    ASSERT_TRUE(learned.has_value()) << learned.error().message();
    EXPECT_EQ(learned->costs, 2'000);
    EXPECT_EQ(learned->completions, 0) << "no head was asked for";
    const auto refitted = Predictor::create(*all, {});
    const auto before = Predictor::create(*first, {});
    double moved = 0.0, left = 0.0;
    for (std::size_t row = 0; row < 200; ++row) {
        const std::vector<double> inputs = inputs_at(*first, orders, row);
        moved += std::abs(mean_of(*before, inputs) - mean_of(*refitted, inputs));
        left += std::abs(mean_of(online->predictor(), inputs) - mean_of(*refitted, inputs));
    }
    EXPECT_LT(left, 0.25 * moved) << "the filter goes most of the way to a refit";
    Prediction wide, narrow, full;
    std::vector<double> none;
    const std::vector<double> inputs = inputs_at(*first, orders, 0);
    before->predict(inputs, wide, none);
    refitted->predict(inputs, full, none);
    std::vector<double> four(4);
    online->predictor().predict(inputs, narrow, four);
    EXPECT_NEAR(narrow.epistemic_sd / full.epistemic_sd, 1.0, 0.15) << "and knows about as well what it knows";
    EXPECT_LT(narrow.epistemic_sd, wide.epistemic_sd);
}

TEST(CostOnline, ForgettingFollowsAMarketThatMoved) {
    const test::CostOrders orders(4'000, 22);
    const auto model = fit(orders.table(rows_between(0, 2'000)), options_of());
    ASSERT_TRUE(model.has_value());
    auto keeping = Online::create(*model), forgetting = Online::create(*model, {.half_life = 200.0});
    ASSERT_TRUE(keeping && forgetting);
    constexpr double kShift = 6.0;
    for (std::size_t row = 2'000; row < 4'000; ++row) {
        const std::vector<double> inputs = inputs_at(*model, orders, row);
        ASSERT_TRUE(keeping->update(inputs, orders.cost[row] + kShift));
        ASSERT_TRUE(forgetting->update(inputs, orders.cost[row] + kShift));
    }
    const std::vector<double> inputs = inputs_at(*model, orders, 5);
    EXPECT_NEAR(mean_of(forgetting->predictor(), inputs), orders.mean[5] + kShift, 1.0);
    EXPECT_LT(mean_of(keeping->predictor(), inputs), orders.mean[5] + 0.8 * kShift);
    EXPECT_GT(forgetting->mean_log_score(), keeping->mean_log_score());
}

TEST(CostOnline, GoesOnFromItsFileBitForBit) {
    const test::CostOrders orders(900, 23);
    const auto model = fit(orders.table(rows_between(0, 500)), with_completion());
    ASSERT_TRUE(model.has_value());
    auto online = Online::create(*model, {.half_life = 300.0});
    ASSERT_TRUE(online.has_value());
    for (std::size_t row = 500; row < 700; ++row) {
        ASSERT_TRUE(online->update(inputs_at(*model, orders, row), orders.cost[row]));
        ASSERT_TRUE(online->update_completion(inputs_at(*model, orders, row), orders.finished[row] != 0));
    }
    auto again = Online::from_json(online->to_json());
    ASSERT_TRUE(again.has_value()) << again.error().message();
    for (std::size_t row = 700; row < 900; ++row) {
        const std::vector<double> inputs = inputs_at(*model, orders, row);
        EXPECT_EQ(mean_of(online->predictor(), inputs), mean_of(again->predictor(), inputs));
        EXPECT_EQ(miss_of(online->predictor(), inputs), miss_of(again->predictor(), inputs));
        ASSERT_TRUE(online->update(inputs, orders.cost[row]));
        ASSERT_TRUE(again->update(inputs, orders.cost[row]));
        ASSERT_TRUE(online->update_completion(inputs, orders.finished[row] != 0));
        ASSERT_TRUE(again->update_completion(inputs, orders.finished[row] != 0));
    }
    EXPECT_EQ(online->to_json(), again->to_json());
}

TEST(CostOnline, RefusesWhatTeachesNothing) {
    const test::CostOrders orders(300, 24);
    const auto model = fit(orders.table(), options_of());
    auto online = Online::create(*model);
    std::vector<double> inputs = inputs_at(*model, orders, 0);
    EXPECT_EQ(online->update(inputs, std::nan("")).error().field, "cost_bps");
    EXPECT_EQ(online->update(inputs, 1.0, 0.0).error().field, "weight");
    inputs[0] = std::nan("");
    EXPECT_EQ(online->update(inputs, 1.0).error().code, ErrorCode::missing_field);
    EXPECT_EQ(online->learned().costs, 0);
    EXPECT_EQ(online->update_completion(inputs, true).error().code, ErrorCode::not_found) << "no head was asked for";
    EXPECT_EQ(Online::create(*model, {.half_life = -1.0}).error().field, "half_life");
}

TEST(CostOnline, LearnsWhetherOrdersFinishAsARefitWould) {
    const test::CostOrders orders(3'000, 31);
    const auto first = fit(orders.table(rows_between(0, 500)), with_completion());
    const auto all = fit(orders.table(), with_completion());
    ASSERT_TRUE(first && all);
    auto online = Online::create(*first, {}, {});
    ASSERT_TRUE(online.has_value());
    const auto learned = online->update(orders.table(rows_between(500, 3'000)));
    ASSERT_TRUE(learned.has_value()) << learned.error().message();
    EXPECT_EQ(learned->completions, 2'500);
    const auto refitted = Predictor::create(*all, {});
    const auto before = Predictor::create(*first, {});
    for (std::size_t row = 0; row < 200; ++row) {
        const std::vector<double> inputs = inputs_at(*first, orders, row);
        // The mode moves by what a curvature frozen an order too early is worth: well inside the posterior's width.
        EXPECT_NEAR(miss_of(online->predictor(), inputs), miss_of(*refitted, inputs), 0.01) << row;
    }
    Prediction wide, narrow;
    std::vector<double> none;
    before->predict(inputs_at(*first, orders, 0), wide, none);
    online->predictor().predict(inputs_at(*first, orders, 0), narrow, none);
    EXPECT_LT(narrow.miss_high - narrow.miss_low, 0.6 * (wide.miss_high - wide.miss_low));
    EXPECT_GT(online->mean_completion_log_score(), std::log(0.5)) << "better than a coin";
}

// With one coefficient the belief after one order is a one-dimensional integral away: its mode is where a fine grid
// finds the largest prior x likelihood.
TEST(CostOnline, OneOrderMovesTheCompletionBeliefToItsExactMode) {
    const test::CostOrders orders(400, 32);
    const auto model = fit(orders.table(), with_completion());
    ASSERT_TRUE(model.has_value());
    auto online = Online::create(*model, {}, {});
    ASSERT_TRUE(online.has_value());
    const std::vector<double> inputs = inputs_at(*model, orders, 7);
    // From probabilities to log odds: mean and deviation of the belief along this order's row.
    const auto log_odds_of = [&](const Predictor& predictor) {
        Prediction out;
        std::vector<double> none;
        predictor.predict(inputs, out, none);
        const double high = std::log(out.miss_low) - std::log1p(-out.miss_low);
        const double low = std::log(out.miss_high) - std::log1p(-out.miss_high);
        return std::pair{-0.5 * (low + high), 0.5 * (low - high) / 1.6448536269514722};
    };
    const auto [center, deviation] = log_odds_of(online->predictor());
    constexpr double kWeight = 40.0;  // as heavy as forty orders, so that the step is long
    ASSERT_TRUE(online->update_completion(inputs, false, kWeight));
    const auto [moved, narrowed] = log_odds_of(online->predictor());
    double best = center, largest = -1e300;
    for (double eta = center - 8.0 * deviation; eta < center + 8.0 * deviation; eta += 1e-5) {
        const double z = (eta - center) / deviation;
        const double value = -0.5 * z * z - kWeight * std::log1p(std::exp(eta));
        if (value > largest) largest = value, best = eta;
    }
    EXPECT_NEAR(moved, best, 2e-5);
    const double p = 1.0 / (1.0 + std::exp(-best));
    EXPECT_NEAR(narrowed, 1.0 / std::sqrt(1.0 / (deviation * deviation) + kWeight * p * (1.0 - p)), 1e-5 * deviation);
}

TEST(CostOnline, ForgettingFollowsADeskThatFinishesLessOften) {
    const test::CostOrders orders(3'000, 33);
    const auto model = fit(orders.table(rows_between(0, 1'000)), with_completion());
    ASSERT_TRUE(model.has_value());
    auto keeping = Online::create(*model, {}, {}), forgetting = Online::create(*model, {.half_life = 100.0}, {});
    ASSERT_TRUE(keeping && forgetting);
    for (std::size_t row = 1'000; row < 2'000; ++row) {
        const std::vector<double> inputs = inputs_at(*model, orders, row);
        const bool is_finished = row % 5 == 0;
        ASSERT_TRUE(keeping->update_completion(inputs, is_finished));
        ASSERT_TRUE(forgetting->update_completion(inputs, is_finished));
    }
    double kept = 0.0, forgot = 0.0;
    for (std::size_t row = 2'000; row < 2'200; ++row) {
        const std::vector<double> inputs = inputs_at(*model, orders, row);
        kept += miss_of(keeping->predictor(), inputs) / 200.0;
        forgot += miss_of(forgetting->predictor(), inputs) / 200.0;
    }
    EXPECT_NEAR(forgot, 0.8, 0.08);
    EXPECT_LT(kept, forgot - 0.05);
    EXPECT_GT(forgetting->mean_completion_log_score(), keeping->mean_completion_log_score());
}

TEST(CostOnline, AFreshStateComesBackBitForBitAlsoInItsMissRisk) {
    const test::CostOrders orders(400, 35);
    const auto model = fit(orders.table(), with_completion());
    const auto online = Online::create(*model, {}, {});
    ASSERT_TRUE(online.has_value());
    const auto again = Online::from_json(online->to_json(), {});
    ASSERT_TRUE(again.has_value());
    for (std::size_t row = 0; row < 50; ++row) {
        const std::vector<double> inputs = inputs_at(*model, orders, row);
        EXPECT_EQ(miss_of(online->predictor(), inputs), miss_of(again->predictor(), inputs)) << row;
    }
}

TEST(CostOnline, AStateOfTheFirstVersionStartsItsCompletionFromTheModel) {
    const test::CostOrders orders(400, 34);
    const auto model = fit(orders.table(), with_completion());
    auto online = Online::create(*model, {}, {});
    ASSERT_TRUE(online.has_value());
    const std::vector<double> inputs = inputs_at(*model, orders, 3);
    const double fitted = miss_of(online->predictor(), inputs);
    ASSERT_TRUE(online->update(inputs, orders.cost[3]));
    std::string text = online->to_json();
    // What version 1 wrote: none of the head's keys. The keys stand in alphabetical order, the head's one after
    // another.
    const auto from = text.find(" \"completion_information\""), to = text.find(" \"format\"");
    ASSERT_LT(from, to);
    text.erase(from, to - from);
    text.replace(text.find("\"version\": 2", text.rfind("\"updates\"")), 12, "\"version\": 1");
    const auto old = Online::from_json(text, {});
    ASSERT_TRUE(old.has_value()) << old.error().message();
    EXPECT_EQ(old->learned().costs, 1);
    EXPECT_EQ(miss_of(old->predictor(), inputs), fitted);
    text.replace(text.find("\"version\": 1", text.rfind("\"updates\"")), 12, "\"version\": 3");
    EXPECT_EQ(Online::from_json(text, {}).error().field, "version");
}

/// The same orders with what an estimate and a rolling split need.
Table dated(const test::CostOrders& orders) {
    const std::size_t count = orders.cost.size();
    Table table = orders.table();
    std::vector<Timestamp> decided, ended;
    std::vector<std::string> symbols;
    std::vector<double> quantities;
    for (std::size_t i = 0; i < count; ++i) {
        const auto start = static_cast<std::int64_t>(i) * 60'000'000'000;
        decided.push_back(Timestamp::from_ns(start));
        ended.push_back(Timestamp::from_ns(start + 1'800'000'000'000));
        symbols.emplace_back(i % 2 == 0 ? "AAA" : "BBB");
        quantities.push_back(1'000.0);
    }
    table.add(test::times("decision_time", std::move(decided)));
    table.add(test::times("end_time", std::move(ended)));
    table.add(test::labels("symbol", std::move(symbols)));
    table.add(test::numbers("quantity", "units", std::move(quantities)));
    return table;
}

TEST(CostEstimate, CostRisesWithSizeAndFallsWithTime) {
    const test::CostOrders orders(2'000, 25);
    const auto model = fit(dated(orders), with_completion());
    ASSERT_TRUE(model.has_value()) << model.error().message();
    Contemplated order{.symbol = "AAA",
                       .side = Side::buy,
                       .quantity = 500.0,
                       .over = std::chrono::hours{2},
                       .numbers = {{"volume_per_s", 1.0}},
                       .labels = {}};
    const auto made = estimate(*model, order);
    ASSERT_TRUE(made.has_value()) << made.error().message();
    const auto column = [&](const char* table_name, const char* name) {
        return std::get<std::vector<double>>(made->find(table_name)->find(name)->data);
    };
    const auto sizes = column("cost_by_size", "mean"), times = column("cost_by_horizon", "mean");
    for (std::size_t i = 1; i < sizes.size(); ++i) EXPECT_GT(sizes[i], sizes[i - 1]);
    for (std::size_t i = 1; i < times.size(); ++i) EXPECT_LT(times[i], times[i - 1]);
    EXPECT_EQ(column("cost_estimate", "mean")[0], sizes[3]);
    EXPECT_LT(column("cost_estimate", "p50")[0], column("cost_estimate", "p99")[0]);
    const auto risks = column("cost_by_size", "miss_risk");
    EXPECT_LT(risks.front(), risks.back());
    order.symbol = "AAB";
    EXPECT_EQ(estimate(*model, order).error().code, ErrorCode::not_found);
    order.symbol = "AAA";
    order.numbers = {{"volum_per_s", 1.0}};
    EXPECT_NE(estimate(*model, order).error().rule.find("volume_per_s"), std::string::npos);
    order.numbers.clear();
    EXPECT_EQ(estimate(*model, order).error().field, "participation") << "no volume is known of this symbol";
    order.quantity = 0.0;
    EXPECT_EQ(estimate(*model, order).error().field, "quantity");
}

double score(const Evaluation& scored, const std::string& member, const std::string& metric, const char* what) {
    const Table& table = *scored.find("cost_scores");
    for (std::size_t row = 0; row < table.rows(); ++row) {
        if (table.text(row, 0) != member || table.text(row, 1) != metric) continue;
        return std::get<std::vector<double>>(table.find(what)->data)[row];
    }
    ADD_FAILURE() << member << " " << metric;
    return 0.0;
}

TEST(CostEvaluate, TheModelBeatsSimplerOnesWhereItsWorldIsTrue) {
    const test::CostOrders orders(3'000, 26);
    const Table table = dated(orders);
    const auto model = fit(table, with_completion());
    ASSERT_TRUE(model.has_value());
    const auto scored = evaluate(*model, table, {.splits = 0, .folds = 3});
    ASSERT_TRUE(scored.has_value()) << scored.error().message();
    EXPECT_LT(score(*scored, "model", "log_score", "value"),
              score(*scored, "gaussian_regression", "log_score", "value"));
    EXPECT_LT(score(*scored, "model", "log_score", "difference"), 0.0);
    for (const char* metric : {"crps", "pinball_p50", "pinball_p95", "mae"}) {
        EXPECT_LT(score(*scored, "model", metric, "difference"),
                  -2.0 * score(*scored, "model", metric, "difference_std_error"))
            << metric;
    }
    const Table& folds = *scored->find("cost_folds");
    ASSERT_EQ(folds.rows(), 3U);
    // An order lives half an hour and one is decided a minute: those still at work at a fold's start are not learned
    // from.
    EXPECT_EQ(std::get<std::vector<std::int64_t>>(folds.find("train_orders")->data)[0], 750 - 30);
    const Table& completion = *scored->find("cost_completion");
    EXPECT_LT(std::get<std::vector<double>>(completion.find("difference")->data)[0], 0.0) << "Brier";
    EXPECT_EQ(evaluate(*model, orders.table()).error().field, "splits");
}

TEST(CostEvaluate, LaterCostsChangeNoEarlierScore) {
    test::CostOrders orders(1'200, 27);
    const auto scores_of_first_fold = [&] {
        const Table table = dated(orders);
        const auto model = fit(table, options_of());
        const auto scored = evaluate(*model, table, {.splits = 0, .folds = 2});
        return std::get<std::vector<double>>(scored->find("cost_folds")->find("nu")->data)[0];
    };
    const double before = scores_of_first_fold();
    for (std::size_t i = 400; i < 1'200; ++i) orders.cost[i] *= 3.0;
    EXPECT_EQ(scores_of_first_fold(), before) << "the first fold's fit saw only what was finished before it";
}

}  // namespace
}  // namespace slipcast::cost
