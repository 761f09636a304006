#include "slipcast/desk/tactics.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "slipcast/math/normal.hpp"
#include "support/desk_market.hpp"

namespace slipcast::desk {
namespace {

/// A plan whose candidates have given scores.
Plan plan_of(const std::vector<double>& scores) {
    Plan plan;
    plan.candidates.size = static_cast<std::uint32_t>(scores.size());
    for (std::size_t i = 0; i < scores.size(); ++i) {
        plan.candidates.values[i] = {.tactic = Tactic::vwap_pace, .participation = 0.1, .score = scores[i]};
    }
    return plan;
}

TEST(DeskTactics, EqualScoresTakeTheFirst) {
    Plan plan = plan_of({3.0, 2.0, 2.0, 4.0});
    EXPECT_EQ(chosen(plan, Rung::green), 1U);
    plan = plan_of({2.0, 2.0});
    EXPECT_EQ(chosen(plan, Rung::red), 0U);
}

TEST(DeskTactics, RungsForbidSpeed) {
    Plan plan = plan_of({3.0, 2.0, 1.0});
    plan.candidates.values[1].participation = 0.2;
    plan.candidates.values[2].tactic = Tactic::immediate;
    EXPECT_EQ(chosen(plan, Rung::green), 2U);
    EXPECT_EQ(chosen(plan, Rung::amber), 1U);
    EXPECT_EQ(chosen(plan, Rung::red), 0U);
    EXPECT_FALSE(plan.candidates.values[1].is_allowed);
}

TEST(DeskTactics, TheScoreIsMeanTailAndMissRisk) {
    const cost::Model model = test::desk_model();
    const auto levels = forecast_levels(0.9);
    const cost::Predictor predictor = cost::Predictor::create(model, levels).value();
    const CandidateInputs where(model, predictor);
    const Context context = test::calm_context();
    const Need need{.quantity = 12'000.0, .horizon_s = 3'600.0, .volume_rate = 100.0, .pace = 1.0 / 30.0, .cap = 0.2};
    const ObjectiveOptions objective{.tail_quantile = 0.9, .tail_weight = 0.7, .miss_weight = 11.0};
    Plan plan;
    make_plan(need, context.inputs, &predictor, where, objective, 1.0, plan);
    ASSERT_TRUE(plan.is_confident);
    for (std::size_t i = 0; i < plan.candidates.size; ++i) {
        const Candidate& each = plan.candidates.values[i];
        // The predictor asked alone, at this participation.
        Context at = context;
        test::set_input(at, "participation", each.participation);
        cost::Prediction out;
        std::vector<double> values(levels.size());
        predictor.predict({at.inputs.values.data(), at.inputs.size}, out, values);
        EXPECT_EQ(each.mean, out.mean);
        EXPECT_EQ(each.tail, values[10]);
        EXPECT_EQ(each.score, each.mean + 0.7 * each.tail + 11.0 * each.miss_risk);
        EXPECT_LE(each.participation, need.cap);
    }
    EXPECT_EQ(plan.candidates.values[2].miss_risk, 1.0) << "half the pace misses";
    EXPECT_LT(plan.candidates.values[0].miss_risk, 1.0);
    for (std::size_t i = 3; i < 6; ++i) {
        EXPECT_LE(plan.candidates.values[i].miss_risk, plan.candidates.values[0].miss_risk);
        EXPECT_GT(plan.candidates.values[i].mean, plan.candidates.values[0].mean) << "speed costs";
    }
    Plan cold;
    Need cold_need = need;
    cold_need.is_cold = true;
    make_plan(cold_need, context.inputs, &predictor, where, objective, 1.5, cold);
    EXPECT_NEAR(cold.candidates.values[0].score - plan.candidates.values[0].score,
                0.35 * plan.candidates.values[0].tail, 1e-12);
    Plan blind;
    make_plan(need, context.inputs, nullptr, where, objective, 1.0, blind);
    EXPECT_FALSE(blind.is_confident);
}

// The CRPS of a standard normal at y in closed form: y (2 Phi(y) - 1) + 2 phi(y) - 1/sqrt(pi).
TEST(DeskLearning, ScoresAgreeWithTheNormalClosedForm) {
    std::vector<double> levels = forecast_levels(0.95);
    levels.pop_back();
    std::vector<double> quantiles;
    for (const double level : levels) quantiles.push_back(math::normal_quantile(level));
    for (const double y : {-1.5, -0.3, 0.0, 0.8, 2.0}) {
        const ForecastScore score = score_of(levels, quantiles, y);
        const double density = std::exp(-0.5 * y * y) / std::sqrt(2.0 * M_PI);
        const double exact = y * (2.0 * math::normal_cdf(y) - 1.0) + 2.0 * density - 1.0 / std::sqrt(M_PI);
        EXPECT_NEAR(score.crps, exact, 0.02) << y;
        EXPECT_NEAR(score.pit, math::normal_cdf(y), 0.01) << y;
        EXPECT_EQ(score.is_covered, std::abs(y) < 1.645) << y;
    }
    EXPECT_EQ(score_of(levels, quantiles, -9.0).pit, 0.0);
    EXPECT_EQ(score_of(levels, quantiles, 9.0).pit, 1.0);
}

}  // namespace
}  // namespace slipcast::desk
