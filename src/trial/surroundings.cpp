#include "surroundings.hpp"

#include <cmath>
#include <limits>
#include <string>

#include "slipcast/core/decimal.hpp"
#include "slipcast/core/table_values.hpp"
#include "slipcast/math/statistics.hpp"

namespace slipcast::trial {

namespace {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
constexpr std::int32_t kAllTiers = -1;

double seconds_of(Duration duration) {
    return static_cast<double>(duration.count()) / 1e9;
}

}  // namespace

Result<Surroundings> Surroundings::create(const market::Dataset& market, forecast::Forecaster forecaster,
                                          const cost::Model& model, const Table& learned) {
    Surroundings made(market, std::move(forecaster));
    SLIPCAST_CHECK(made.plan_inputs(model));
    SLIPCAST_CHECK(made.learn_from(model, learned));
    return made;
}

Result<void> Surroundings::plan_inputs(const cost::Model& model) {
    for (const cost::Input& input : model.inputs()) {
        if (input.name == "participation" || input.name == "duration" || input.name == "quantity" ||
            input.name == "tactic") {
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

Result<void> Surroundings::learn_from(const cost::Model& model, const Table& learned) {
    SLIPCAST_TRY(predicted, model.predict(learned, {0.95}));
    SLIPCAST_TRY(p95_column, column_of(predicted, "prediction", "p95"));
    SLIPCAST_TRY(p95, numbers_of(*p95_column));
    SLIPCAST_TRY(symbol_column, column_of(learned, "symbol", "symbol"));
    SLIPCAST_TRY(symbols, labels_of(*symbol_column));
    std::map<std::int32_t, std::vector<double>> by_tier;
    for (std::size_t row = 0; row < p95.size(); ++row) {
        if (!std::isfinite(p95[row]) || symbols.code[row] < 0) continue;
        const InstrumentId id =
            market_->names.symbols.find(symbols.labels[static_cast<std::size_t>(symbols.code[row])]);
        ++learned_orders_[id.index()];
        by_tier[kAllTiers].push_back(p95[row]);
        const LabelId tier = market_->instrument(id).liquidity_tier;
        if (!tier.is_none()) by_tier[tier.index()].push_back(p95[row]);
    }
    for (const auto& [tier, values] : by_tier) tier_p95_[tier] = math::quantile(values, 0.5).value_or(kUnknown);
    return {};
}

std::optional<double> Surroundings::volume_rate(InstrumentId instrument, Timestamp time, Timestamp until) const {
    const auto volume = forecaster_.window_volume(instrument, {time, until});
    if (!volume || !(volume->median > 0.0)) return std::nullopt;
    const auto scale = static_cast<double>(power_of_ten(market_->instrument(instrument).value.quantity_decimals()));
    return volume->median * scale / seconds_of(until - time);
}

double Surroundings::volatility_bps(InstrumentId instrument, Timestamp time) const {
    const forecast::Forecast known = forecaster_.at(instrument, time);
    if (known.daily_volatility) return known.daily_volatility->bps_per_sqrt_day().value();
    return known.session_volatility ? known.session_volatility->median * 1e4 : kUnknown;
}

void Surroundings::write_inputs(Side side, const sim::PolicyView& view, double volatility_bps,
                                desk::Few<double, desk::kMaxInputs>& inputs) const {
    const bool is_quoted = view.bid > Price{} && view.ask > Price{};
    const double bid_size = static_cast<double>(view.bid_size.units());
    const double ask_size = static_cast<double>(view.ask_size.units());
    inputs.size = static_cast<std::uint32_t>(inputs_.size());
    for (std::size_t i = 0; i < inputs_.size(); ++i) {
        double value = kUnknown;
        if (inputs_[i] == Known::spread && is_quoted) {
            value = ratio(view.ask - view.bid, midpoint(view.bid, view.ask)) * 1e4;
        }
        if (inputs_[i] == Known::volatility) value = volatility_bps;
        if (inputs_[i] == Known::signed_imbalance && bid_size + ask_size > 0.0) {
            value = static_cast<double>(sign(side)) * (bid_size - ask_size) / (bid_size + ask_size);
        }
        inputs.values[i] = value;
    }
}

std::int64_t Surroundings::learned_orders(InstrumentId instrument) const {
    const auto found = learned_orders_.find(instrument.index());
    return found == learned_orders_.end() ? 0 : found->second;
}

double Surroundings::tier_median_p95_bps(InstrumentId instrument) const {
    const LabelId tier = market_->instrument(instrument).liquidity_tier;
    auto found = tier_p95_.find(tier.is_none() ? kAllTiers : tier.index());
    if (found == tier_p95_.end()) found = tier_p95_.find(kAllTiers);
    return found == tier_p95_.end() ? kUnknown : found->second;
}

}  // namespace slipcast::trial
