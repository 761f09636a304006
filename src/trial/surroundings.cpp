#include "surroundings.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "slipcast/core/decimal.hpp"
#include "slipcast/desk/tactics.hpp"
#include "slipcast/math/statistics.hpp"

namespace slipcast::trial {

namespace {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
constexpr Duration kLeastWindow = std::chrono::minutes{30};

}  // namespace

std::optional<double> Forecasts::volume_rate(InstrumentId instrument, Timestamp time, Timestamp until) const {
    const market::Instrument& known = market_->instrument(instrument);
    TimeRange window{time, std::max(until, time + kLeastWindow)};
    if (const market::Session* session = market_->sessions.at(known.market, time)) {
        window.end = std::min(window.end, session->close);
        window.begin = std::max(session->open, std::min(time, window.end - kLeastWindow));
    }
    const auto volume = forecaster_.window_volume(instrument, window);
    if (!volume || !(volume->median > 0.0)) return std::nullopt;
    const auto units = static_cast<double>(power_of_ten(known.value.quantity_decimals()));
    return volume->median * units / seconds_of(window.length());
}

double Forecasts::volatility_bps(InstrumentId instrument, Timestamp time) const {
    const forecast::Forecast known = forecaster_.at(instrument, time);
    if (known.daily_volatility) return known.daily_volatility->bps_per_sqrt_day().value();
    return known.session_volatility ? known.session_volatility->median * 1e4 : kUnknown;
}

Seen seen(Side side, const sim::PolicyView& view, double volatility_bps) {
    Seen made{kUnknown, volatility_bps, kUnknown};
    if (view.bid > Price{} && view.ask > Price{}) {
        made.spread_bps = ratio(view.ask - view.bid, midpoint(view.bid, view.ask)) * 1e4;
    }
    const double bids = static_cast<double>(view.bid_size.units());
    const double asks = static_cast<double>(view.ask_size.units());
    if (bids + asks > 0.0) made.signed_imbalance = static_cast<double>(sign(side)) * (bids - asks) / (bids + asks);
    return made;
}

Result<Surroundings> Surroundings::create(const market::Dataset& market, const cost::Model& model,
                                          const std::vector<FirstLook>& learned, const desk::DeskOptions& options) {
    Surroundings made(market);
    SLIPCAST_CHECK(made.plan_inputs(model));
    SLIPCAST_CHECK(made.learn_from(model, learned, options));
    return made;
}

Result<void> Surroundings::plan_inputs(const cost::Model& model) {
    for (const cost::Input& input : model.inputs()) {
        if (input.name == "participation" || input.name == "duration" || input.name == "tactic") {
            inputs_.push_back(Known::of_candidate);
        } else if (input.name == "spread") {
            inputs_.push_back(Known::spread);
        } else if (input.name == "volatility") {
            inputs_.push_back(Known::volatility);
        } else if (input.name == "signed_imbalance") {
            inputs_.push_back(Known::signed_imbalance);
        } else {
            return Error{ErrorCode::not_found, "model.input", input.name, "must be known while an order trades", {}};
        }
    }
    return {};
}

Result<void> Surroundings::learn_from(const cost::Model& model, const std::vector<FirstLook>& learned,
                                      const desk::DeskOptions& options) {
    SLIPCAST_TRY(predictor, cost::Predictor::create(model, desk::forecast_levels(options.objective.tail_quantile)));
    const desk::Scoring scoring{
        .predictor = &predictor, .where = desk::CandidateInputs(model, predictor), .objective = options.objective};
    desk::Plan plan;
    std::map<LabelId, std::vector<double>> by_tier;
    for (const FirstLook& look : learned) {
        ++learned_orders_[look.instrument];
        desk::Need need;
        need.quantity = look.quantity;
        need.horizon_s = look.horizon_s;
        need.volume_rate = look.volume_rate;
        need.pace = look.quantity / (look.horizon_s * look.volume_rate);
        need.cap = desk::allowed_participation(options.guards);
        desk::Few<double, desk::kMaxInputs> inputs;
        write_inputs(look.seen, inputs);
        desk::make_plan(need, inputs, scoring, plan);
        if (!plan.is_confident) continue;
        const double p95 = plan.forecasts[desk::wished(plan)].p95;
        by_tier[LabelId::none()].push_back(p95);
        const LabelId tier = market_->instrument(look.instrument).liquidity_tier;
        if (!tier.is_none()) by_tier[tier].push_back(p95);
    }
    for (const auto& [tier, values] : by_tier) tier_p95_[tier] = math::quantile(values, 0.5).value_or(kUnknown);
    return {};
}

void Surroundings::write_inputs(const Seen& seen, desk::Few<double, desk::kMaxInputs>& inputs) const {
    inputs.size = static_cast<std::uint32_t>(inputs_.size());
    for (std::size_t i = 0; i < inputs_.size(); ++i) {
        inputs.values[i] = inputs_[i] == Known::spread             ? seen.spread_bps
                           : inputs_[i] == Known::volatility       ? seen.volatility_bps
                           : inputs_[i] == Known::signed_imbalance ? seen.signed_imbalance
                                                                   : kUnknown;
    }
}

std::int64_t Surroundings::learned_orders(InstrumentId instrument) const {
    const auto found = learned_orders_.find(instrument);
    return found == learned_orders_.end() ? 0 : found->second;
}

double Surroundings::tier_median_p95_bps(InstrumentId instrument) const {
    auto found = tier_p95_.find(market_->instrument(instrument).liquidity_tier);
    if (found == tier_p95_.end()) found = tier_p95_.find(LabelId::none());
    return found == tier_p95_.end() ? kUnknown : found->second;
}

}  // namespace slipcast::trial
