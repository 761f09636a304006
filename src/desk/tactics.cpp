#include "slipcast/desk/tactics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace slipcast::desk {

namespace {

constexpr std::size_t kMaxLevels = 16;
constexpr std::array<double, 13> kLevels{0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99};
constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

Forecast without_forecast() {
    return {kNone, kNone, kNone, kNone, kNone, kNone, kNone, kNone, kNone};
}

struct Speed {
    Tactic tactic;
    double of_pace;  ///< 0 = the cap
};
constexpr std::array<Speed, 6> kWork{{{Tactic::vwap_pace, 1.0},
                                      {Tactic::passive, 1.0},
                                      {Tactic::passive, 0.5},
                                      {Tactic::vwap_pace, 1.5},
                                      {Tactic::vwap_pace, 2.0},
                                      {Tactic::immediate, 0.0}}};
constexpr std::array<Speed, 1> kTarget{{{Tactic::rule_rate, 1.0}}};

Forecast forecast_of(const cost::Predictor& predictor, std::span<const double> inputs) {
    std::array<double, kMaxLevels> values{};
    cost::Prediction out;
    const std::size_t levels = predictor.quantiles().size();
    predictor.predict(inputs, out, {values.data(), levels});
    return {out.mean,   values[6],        values[10],       values[11],   values[12],
            values[13], out.epistemic_sd, out.aleatoric_sd, out.miss_risk};
}

}  // namespace

std::vector<double> forecast_levels(double tail_quantile) {
    std::vector<double> levels(kLevels.begin(), kLevels.end());
    levels.push_back(tail_quantile);
    return levels;
}

CandidateInputs::CandidateInputs(const cost::Model& model, const cost::Predictor& predictor) {
    for (std::size_t i = 0; i < model.inputs().size(); ++i) {
        const std::string& input = model.inputs()[i].name;
        const int at = static_cast<int>(i);
        if (input == "participation") participation_ = at;
        if (input == "duration") duration_ = at;
        if (input == "quantity") quantity_ = at;
        if (input != "tactic") continue;
        tactic_ = at;
        for (std::size_t k = 0; k < 4; ++k) tactic_code_[k] = predictor.code(i, name(static_cast<Tactic>(k)));
    }
}

void CandidateInputs::write(Few<double, kMaxInputs>& inputs, Tactic tactic, double participation, double duration_s,
                            double quantity) const {
    const auto put = [&inputs](int at, double value) {
        if (at >= 0) inputs.values[static_cast<std::size_t>(at)] = value;
    };
    put(participation_, participation);
    put(duration_, duration_s);
    put(quantity_, quantity);
    put(tactic_, tactic_code_[static_cast<std::size_t>(tactic)]);
}

namespace {

/// What the model says of a candidate whose tactic and participation are set, and its score. `row` is the context's
/// inputs, over which the candidate's are written. Only a speed below the pace makes it miss with more than
/// `most_miss`.
void score(const Need& need, Few<double, kMaxInputs>& row, const Scoring& scoring, double most_miss, Candidate& each,
           Forecast& forecast) {
    const bool is_work = need.kind == market::OrderKind::work;
    double duration = need.quantity / (each.participation * need.volume_rate);
    if (is_work) duration = std::min(duration, need.horizon_s);
    forecast = without_forecast();
    if (scoring.predictor != nullptr && scoring.predictor->inputs() == row.size) {
        scoring.where.write(row, each.tactic, each.participation, duration, need.quantity);
        forecast = forecast_of(*scoring.predictor, {row.values.data(), row.size});
    }
    double miss = std::isfinite(forecast.miss_risk) ? forecast.miss_risk : 0.0;
    miss = std::min(miss, most_miss);
    if (each.participation < need.pace) miss = 1.0;
    if (!is_work) miss = 0.0;
    const ObjectiveOptions& o = scoring.objective;
    const double tail_weight = o.tail_weight * (need.is_cold ? scoring.cold_start_uncertainty : 1.0);
    each.mean = forecast.mean;
    each.tail = forecast.tail;
    each.miss_risk = miss;
    each.score = forecast.mean + tail_weight * forecast.tail + o.miss_weight * miss;
}

}  // namespace

void make_plan(const Need& need, const Few<double, kMaxInputs>& inputs, const Scoring& scoring, Plan& plan) {
    const bool is_work = need.kind == market::OrderKind::work;
    const std::span<const Speed> speeds = is_work ? std::span<const Speed>(kWork) : std::span<const Speed>(kTarget);
    plan.candidates.size = static_cast<std::uint32_t>(speeds.size());
    const Candidate& first = plan.candidates.values[0];
    Few<double, kMaxInputs> row = inputs;
    for (std::size_t i = 0; i < speeds.size(); ++i) {
        Candidate& each = plan.candidates.values[i];
        each = {};
        each.tactic = speeds[i].tactic;
        each.participation = speeds[i].of_pace == 0.0 ? need.cap : std::min(speeds[i].of_pace * need.pace, need.cap);
        score(need, row, scoring, i == 0 ? 1.0 : first.miss_risk, each, plan.forecasts[i]);
    }
    plan.is_confident = std::isfinite(first.mean) && std::isfinite(first.tail);
}

std::uint32_t wished(const Plan& plan) {
    std::uint32_t best = 0;
    for (std::uint32_t i = 1; plan.is_confident && i < plan.candidates.size; ++i) {
        if (plan.candidates.values[i].score < plan.candidates.values[best].score) best = i;
    }
    return best;
}

Price touch_of(Tactic tactic, Side side, Price bid, Price ask) {
    const bool is_near = tactic == Tactic::passive;
    return (side == Side::buy) == is_near ? bid : ask;
}

double rung_limit(const Need& need, double wish, double slowdown) {
    const double slowest = need.kind == market::OrderKind::work ? std::min(wish, need.pace) : 0.0;
    return std::max(slowdown * wish, slowest);
}

std::uint32_t chosen_within(double limit, const Need& need, const Few<double, kMaxInputs>& inputs,
                            const Scoring& scoring, Plan& plan) {
    Few<Candidate, kMaxCandidates>& all = plan.candidates;
    const Candidate wish = all.values[wished(plan)];
    for (std::uint32_t i = 0; i < all.size; ++i) all.values[i].is_allowed = all.values[i].participation <= limit;
    const Candidate& first = all.values[0];
    if (wish.participation > limit && first.participation != limit) {
        Candidate& slowed = all.values[all.size];
        slowed = {.tactic = wish.tactic == Tactic::immediate ? Tactic::vwap_pace : wish.tactic, .participation = limit};
        Few<double, kMaxInputs> row = inputs;
        score(need, row, scoring, first.miss_risk, slowed, plan.forecasts[all.size]);
        ++all.size;
    }
    std::uint32_t best = all.size;
    for (std::uint32_t i = 0; i < all.size; ++i) {
        const Candidate& each = all.values[i];
        if (each.is_allowed && (best == all.size || each.score < all.values[best].score)) best = i;
    }
    return best;
}

}  // namespace slipcast::desk
