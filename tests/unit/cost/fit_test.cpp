#include <gtest/gtest.h>

#include <cmath>

#include "slipcast/cost/cost.hpp"
#include "slipcast/math/student.hpp"
#include "support/cost_orders.hpp"

// What a fit promises: the right answer, or a refusal that names what is wrong.

namespace slipcast::cost {
namespace {

using test::labels;
using test::numbers;

FitOptions flat() {
    FitOptions options;
    options.target = "cost_bps";
    options.mean = {"sqrt_participation", "spread"};
    options.scale = {"log_volatility"};
    options.completion = {};
    options.prior_intercept_sd = options.prior_mean_sd = 0.0;
    options.prior_scale_intercept_sd = options.prior_scale_sd = 0.0;
    options.prior_nu_shape = options.prior_nu_rate = 0.0;
    return options;
}

double cell(const Table& table, const std::string& name, std::size_t row) {
    return std::get<std::vector<double>>(table.find(name)->data)[row];
}

std::string fact(const Model& model, const std::string& name) {
    const Table table = model.diagnostics();
    for (std::size_t row = 0; row < table.rows(); ++row) {
        if (table.text(row, 0) == name) return table.text(row, 1);
    }
    return {};
}

Error refusal_of(const Table& table, const FitOptions& options) {
    const auto model = fit(table, options);
    EXPECT_FALSE(model.has_value());
    return model.has_value() ? Error{} : model.error();
}

TEST(CostFit, FindsThePlantedParameters) {
    const test::CostOrders orders(20'000, 7);
    const auto model = fit(orders.table(), flat());
    ASSERT_TRUE(model.has_value()) << model.error().message();
    EXPECT_EQ(model->termination(), Termination::converged);
    EXPECT_EQ(fact(*model, "starts_agree"), "yes");
    EXPECT_LT(std::stod(fact(*model, "gradient")), 1e-6);
    const Table summary = model->summary();
    // Coefficients per unit of the term; deviations of 20,000 rows are far below these tolerances.
    EXPECT_NEAR(cell(summary, "coefficient", 1), test::CostOrders::kRoot, 0.5);
    EXPECT_NEAR(cell(summary, "coefficient", 2), test::CostOrders::kSpread, 0.08);
    EXPECT_NEAR(cell(summary, "coefficient", 4), test::CostOrders::kVolatility, 0.05);
    EXPECT_NEAR(model->degrees(), test::CostOrders::kDegrees, 0.4);
}

TEST(CostFit, ScalingChangesNothingButTheUnitsOfTheSearch) {
    const test::CostOrders orders(800, 8);
    FitOptions options = flat();
    const auto scaled = fit(orders.table(), options);
    options.unscaled = true;
    const auto unscaled = fit(orders.table(), options);
    ASSERT_TRUE(scaled && unscaled);
    const Table one = *scaled->predict(orders.table());
    const Table two = *unscaled->predict(orders.table());
    for (const char* name : {"mean", "p95", "epistemic_sd", "aleatoric_sd"}) {
        for (std::size_t row = 0; row < 800; row += 97) {
            EXPECT_NEAR(cell(one, name, row), cell(two, name, row), 1e-5 * (1.0 + std::abs(cell(two, name, row))))
                << name;
        }
    }
}

TEST(CostFit, NormalCostsEndAtTheGaussianLimitAndItSaysSo) {
    test::CostOrders orders(4'000, 9, {.degrees = 0.0});
    const auto model = fit(orders.table(), flat());
    ASSERT_TRUE(model.has_value()) << model.error().message();
    EXPECT_EQ(model->termination(), Termination::gaussian_limit);
    // The predictive is then normal around the same mean, widened by what is not known.
    const Table predicted = *model->predict(orders.table(), {0.975});
    const double a = cell(predicted, "epistemic_sd", 0), s = cell(predicted, "aleatoric_sd", 0);
    EXPECT_NEAR(cell(predicted, "p97_5", 0) - cell(predicted, "mean", 0), 1.96 * std::hypot(a, s), 0.01 * s);
}

TEST(CostFit, WeightsCountRows) {
    const test::CostOrders orders(400, 10);
    std::vector<double> twice(400, 1.0);
    for (std::size_t i = 0; i < 400; i += 2) twice[i] = 2.0;
    Table weighted = orders.table();
    weighted.add(numbers("w", "", twice));
    FitOptions options = flat();
    options.unscaled = true;  // scaling sees medians, which know no weights
    options.weight = "w";
    const auto by_weight = fit(weighted, options);
    std::vector<std::size_t> rows;
    for (std::size_t i = 0; i < 400; ++i) rows.insert(rows.end(), i % 2 == 0 ? 2 : 1, i);
    options.weight.clear();
    const auto by_copies = fit(orders.table(rows), options);
    ASSERT_TRUE(by_weight && by_copies);
    EXPECT_NEAR(by_weight->degrees(), by_copies->degrees(), 1e-5);
    EXPECT_NEAR(cell(by_weight->summary(), "effect", 1), cell(by_copies->summary(), "effect", 1), 1e-5);
}

TEST(CostFit, RefusalsNameTheColumn) {
    const test::CostOrders orders(200, 11);
    FitOptions options = flat();
    options.mean = {"sqrt_partcipation"};
    Error error = refusal_of(orders.table(), options);
    EXPECT_EQ(error.code, ErrorCode::unknown_field);
    EXPECT_NE(error.rule.find("sqrt_participation"), std::string::npos) << error.message();

    Table table = orders.table();
    table.add(numbers("constant", "", std::vector<double>(200, 3.0)));
    options.mean = {"spread", "constant"};
    error = refusal_of(table, options);
    EXPECT_EQ(error.code, ErrorCode::not_identified);
    EXPECT_EQ(error.value, "constant");

    std::vector<double> copy;
    for (std::size_t i = 0; i < 200; ++i) copy.push_back(2.0 * cell(table, "spread_bps", i) - 1.0);
    table.add(numbers("copy", "", copy));
    options.mean = {"spread", "copy"};
    error = refusal_of(table, options);
    EXPECT_EQ(error.code, ErrorCode::not_identified);
    EXPECT_NE(error.rule.find("combination of"), std::string::npos) << error.message();

    options = flat();
    options.target = "cost_bp";
    EXPECT_NE(refusal_of(table, options).rule.find("cost_bps"), std::string::npos);
    options = flat();
    options.mean = {"cost_bps"};
    Table measured("orders");
    for (Column each : table.columns()) {
        if (each.meta.name == "cost_bps") each.meta.sign = SignTag::cost;
        measured.add(std::move(each));
    }
    EXPECT_NE(refusal_of(measured, options).rule.find("before the trade"), std::string::npos);
    EXPECT_EQ(refusal_of(orders.table({0, 1, 2, 3}), flat()).code, ErrorCode::not_identified);
    options = flat();
    options.fixed_nu = 1.5;
    EXPECT_EQ(refusal_of(table, options).field, "fixed_nu");
}

TEST(CostFit, ALevelNeverSeenReadsAsTheAverageWithTheSpreadBetweenLevels) {
    test::CostOrders orders(3'000, 12, {.brokers = {0.0, 4.0, -4.0}});
    FitOptions options = flat();
    options.mean = {"sqrt_participation", "spread", "broker"};
    const auto model = fit(orders.table(), options);
    ASSERT_TRUE(model.has_value()) << model.error().message();
    const Table known = *model->predict(orders.table());
    Table other("orders");
    const Table source = orders.table();
    for (Column each : source.columns()) {
        if (each.meta.name == "broker") each = labels("broker", std::vector<std::string>(3'000, "new"));
        other.add(std::move(each));
    }
    const Table unseen = *model->predict(other);
    double shift = 0.0;
    for (std::size_t row = 0; row < 3'000; ++row) shift += cell(unseen, "mean", row) - cell(known, "mean", row);
    EXPECT_NEAR(shift / 3'000.0, 0.0, 0.3);
    EXPECT_NEAR(cell(unseen, "epistemic_sd", 0), 4.0, 0.5) << "brokers lie 4 bps apart";
    EXPECT_LT(cell(known, "epistemic_sd", 0), 1.0);
}

TEST(CostFit, ARowWithoutAnInputIsMissingInThePredictionAndCountedInTheFit) {
    const test::CostOrders orders(300, 13);
    Table table("orders");
    const Table source = orders.table();
    for (Column each : source.columns()) {
        if (each.meta.name == "spread_bps") {
            each.valid.assign(300, 1);
            each.valid[5] = 0;
        }
        table.add(std::move(each));
    }
    const auto model = fit(table, flat());
    ASSERT_TRUE(model.has_value());
    EXPECT_EQ(fact(*model, "rows"), "299");
    EXPECT_EQ(fact(*model, "left_out"), "spread: 1");
    const Table predicted = *model->predict(table);
    EXPECT_FALSE(predicted.find("mean")->is_valid(5));
    EXPECT_FALSE(predicted.find("p99")->is_valid(5));
    EXPECT_TRUE(predicted.find("p99")->is_valid(6));
}

TEST(CostFit, TheArtifactPredictsTheSameBits) {
    const test::CostOrders orders(500, 14, {.brokers = {0.0, 2.0}});
    FitOptions options = flat();
    options.mean.emplace_back("broker");
    options.completion = {"log_participation"};
    options.completed = "finished";
    options.partial = 1;
    const auto model = fit(orders.table(), options);
    ASSERT_TRUE(model.has_value()) << model.error().message();
    const std::string text = model->to_json();
    const auto again = Model::from_json(text);
    ASSERT_TRUE(again.has_value()) << again.error().message();
    EXPECT_EQ(again->to_json(), text);
    const Table one = *model->predict(orders.table());
    const Table two = *again->predict(orders.table());
    for (std::size_t c = 0; c < one.columns().size(); ++c) {
        EXPECT_EQ(std::get<std::vector<double>>(one.columns()[c].data),
                  std::get<std::vector<double>>(two.columns()[c].data))
            << one.columns()[c].meta.name;
    }
}

TEST(CostFit, AnArtifactWithAnUnknownOrMissingKeyIsRefused) {
    const auto model = fit(test::CostOrders(200, 15).table(), flat());
    ASSERT_TRUE(model.has_value());
    std::string text = model->to_json();
    const auto refusal = [](const std::string& json) {
        const auto read = Model::from_json(json);
        return read ? Error{} : read.error();
    };
    const auto replaced = [&text](const std::string& from, const std::string& to) {
        std::string changed = text;
        changed.replace(changed.find(from), from.size(), to);
        return changed;
    };
    EXPECT_NE(refusal(replaced("\"nu_coupling\"", "\"nu_copling\"")).message().find("nu_coupling"), std::string::npos);
    const Error unknown = refusal(replaced("\"version\": 1", "\"targt_center\": 1, \"version\": 1"));
    EXPECT_EQ(unknown.code, ErrorCode::unknown_field);
    EXPECT_NE(unknown.rule.find("target_center"), std::string::npos) << unknown.message();
    EXPECT_NE(refusal(replaced("\"version\": 1", "\"version\": 2")).rule.find("later release"), std::string::npos);
    EXPECT_EQ(refusal("{").code, ErrorCode::malformed);
    EXPECT_EQ(refusal("[]").code, ErrorCode::malformed);
    EXPECT_NE(refusal(replaced("\"prior_mean_sd\"", "\"prior_men_sd\"")).rule.find("prior_mean_sd"), std::string::npos);
}

}  // namespace
}  // namespace slipcast::cost
