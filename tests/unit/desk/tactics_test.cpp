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
    plan.is_confident = true;
    plan.candidates.size = static_cast<std::uint32_t>(scores.size());
    for (std::size_t i = 0; i < scores.size(); ++i) {
        plan.candidates.values[i] = {.tactic = Tactic::vwap_pace, .participation = 0.1, .score = scores[i]};
    }
    return plan;
}

/// Half an hour's 12,000 in a market of 100 a second, and the model that judges it.
struct Asked {
    cost::Model model = test::desk_model();
    ObjectiveOptions objective{.tail_quantile = 0.9, .tail_weight = 0.7, .miss_weight = 11.0};
    std::vector<double> levels = forecast_levels(objective.tail_quantile);
    cost::Predictor predictor = cost::Predictor::create(model, levels).value();
    Scoring scoring{.predictor = &predictor, .where = CandidateInputs(model, predictor), .objective = objective};
    Context context = test::calm_context();
    Need need{.quantity = 12'000.0, .horizon_s = 3'600.0, .volume_rate = 100.0, .pace = 1.0 / 30.0, .cap = 0.2};

    Asked() = default;
    Asked(const Asked&) = delete;
    Asked& operator=(const Asked&) = delete;
    ~Asked() = default;

    [[nodiscard]] Plan plan() const {
        Plan made;
        make_plan(need, context.inputs, scoring, made);
        return made;
    }
    std::uint32_t within(double limit, Plan& made) const {
        return chosen_within(limit, need, context.inputs, scoring, made);
    }
    /// The predictor asked alone, at the candidate's participation.
    void expect_own_forecast(const Candidate& each) const {
        Context at = context;
        test::set_input(at, "participation", each.participation);
        cost::Prediction out;
        std::vector<double> values(levels.size());
        predictor.predict({at.inputs.values.data(), at.inputs.size}, out, values);
        EXPECT_EQ(each.mean, out.mean);
        EXPECT_EQ(each.tail, values[10]);
        EXPECT_EQ(each.score, each.mean + 0.7 * each.tail + scoring.objective.miss_weight * each.miss_risk);
    }
};

TEST(DeskTactics, EqualScoresTakeTheFirst) {
    EXPECT_EQ(wished(plan_of({3.0, 2.0, 2.0, 4.0})), 1U);
    EXPECT_EQ(wished(plan_of({2.0, 2.0})), 0U);
    const Asked asked;
    Plan plan = plan_of({3.0, 2.0, 2.0, 4.0});
    EXPECT_EQ(asked.within(0.1, plan), 1U);
    EXPECT_EQ(plan.candidates.size, 4U) << "nothing is faster than the limit";
}

TEST(DeskTactics, TheScoreIsMeanTailAndMissRisk) {
    const Asked asked;
    const Plan plan = asked.plan();
    ASSERT_TRUE(plan.is_confident);
    for (std::size_t i = 0; i < plan.candidates.size; ++i) {
        asked.expect_own_forecast(plan.candidates.values[i]);
        EXPECT_LE(plan.candidates.values[i].participation, asked.need.cap);
    }
    EXPECT_EQ(plan.candidates.values[2].miss_risk, 1.0) << "half the pace misses";
    EXPECT_LT(plan.candidates.values[0].miss_risk, 1.0);
    for (std::size_t i = 3; i < 6; ++i) {
        EXPECT_LE(plan.candidates.values[i].miss_risk, plan.candidates.values[0].miss_risk);
        EXPECT_GT(plan.candidates.values[i].mean, plan.candidates.values[0].mean) << "speed costs";
    }
    Plan cold;
    Need cold_need = asked.need;
    cold_need.is_cold = true;
    Scoring wary = asked.scoring;
    wary.cold_start_uncertainty = 1.5;
    make_plan(cold_need, asked.context.inputs, wary, cold);
    EXPECT_NEAR(cold.candidates.values[0].score - plan.candidates.values[0].score,
                0.35 * plan.candidates.values[0].tail, 1e-12);
    Plan blind;
    make_plan(asked.need, asked.context.inputs, {}, blind);
    EXPECT_FALSE(blind.is_confident);
    EXPECT_EQ(wished(blind), 0U);
}

TEST(DeskTactics, ARungSlowsDownToThePaceAndNotBelow) {
    Need need{.pace = 0.02, .cap = 0.2};
    EXPECT_DOUBLE_EQ(rung_limit(need, 0.2, 1.0 / 3.0), 0.2 / 3.0);
    EXPECT_EQ(rung_limit(need, 0.04, 1.0 / 3.0), 0.02) << "a third of it would miss";
    EXPECT_EQ(rung_limit(need, 0.02, 1.0 / 8.0), 0.02);
    EXPECT_EQ(rung_limit(need, 0.01, 1.0 / 3.0), 0.01) << "never faster than the wish";
    need.pace = 0.5;
    EXPECT_EQ(rung_limit(need, 0.2, 1.0 / 8.0), 0.2) << "the cap itself is below the pace";
    need.kind = market::OrderKind::target;
    EXPECT_DOUBLE_EQ(rung_limit(need, 0.2, 1.0 / 8.0), 0.025) << "a target has no deadline";
}

TEST(DeskTactics, AWishAboveTheLimitIsOfferedAtTheLimitAndScoredThere) {
    const Asked asked;
    Plan plan = asked.plan();
    const std::uint32_t wish = 5;
    ASSERT_EQ(plan.candidates.values[wish].tactic, Tactic::immediate);
    plan.candidates.values[wish].score = -1e3;  // the model would rather be slow
    const double limit = 0.06;
    const std::uint32_t chosen = asked.within(limit, plan);
    ASSERT_EQ(plan.candidates.size, 7U);
    const Candidate& slowed = plan.candidates.values[6];
    EXPECT_EQ(slowed.tactic, Tactic::vwap_pace);
    EXPECT_EQ(slowed.participation, limit);
    EXPECT_LE(slowed.miss_risk, plan.candidates.values[0].miss_risk);
    asked.expect_own_forecast(slowed);
    EXPECT_EQ(plan.forecasts[6].mean, slowed.mean);
    for (std::size_t i = 0; i < 7; ++i) {
        const Candidate& each = plan.candidates.values[i];
        EXPECT_EQ(each.is_allowed, each.participation <= limit);
        EXPECT_TRUE(!each.is_allowed || each.score >= plan.candidates.values[chosen].score) << i;
    }
    EXPECT_FALSE(plan.candidates.values[wish].is_allowed);
    // At the pace there is a candidate already.
    plan = asked.plan();
    plan.candidates.values[wish].score = -1e3;
    EXPECT_LE(plan.candidates.values[asked.within(asked.need.pace, plan)].participation, asked.need.pace);
    EXPECT_EQ(plan.candidates.size, 6U);
}

TEST(DeskTactics, ATargetOrderSlowsDownItsRate) {
    Asked asked;
    asked.need.kind = market::OrderKind::target;
    Plan plan = asked.plan();
    ASSERT_EQ(plan.candidates.size, 1U);
    const double limit = rung_limit(asked.need, plan.candidates.values[0].participation, 0.25);
    EXPECT_EQ(asked.within(limit, plan), 1U);
    EXPECT_EQ(plan.candidates.values[1].tactic, Tactic::rule_rate);
    EXPECT_DOUBLE_EQ(plan.candidates.values[1].participation, 1.0 / 120.0);
    EXPECT_FALSE(plan.candidates.values[0].is_allowed);
    asked.expect_own_forecast(plan.candidates.values[1]);
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
