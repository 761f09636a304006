#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "slipcast/core/result.hpp"
#include "slipcast/cost/cost.hpp"
#include "slipcast/desk/records.hpp"
#include "slipcast/forecast/forecaster.hpp"
#include "slipcast/market/dataset.hpp"
#include "slipcast/sim/policy.hpp"

namespace slipcast::trial {

/// What a desk could know around an order before it decides: forecasts from past days, and how the orders that its
/// model learned from went. Model inputs mean here what they mean in a measurement.
class Surroundings {
public:
    /// learned: the `orders` table that `model` was fitted to. Refused: a model input that nothing here supplies.
    [[nodiscard]] static Result<Surroundings> create(const market::Dataset& market, forecast::Forecaster forecaster,
                                                     const cost::Model& model, const Table& learned);

    /// Quantity units per second that the market is expected to trade from `time` to `until`; missing without a
    /// forecast.
    [[nodiscard]] std::optional<double> volume_rate(InstrumentId instrument, Timestamp time, Timestamp until) const;
    /// Daily volatility forecast [bps]; NaN where unknown.
    [[nodiscard]] double volatility_bps(InstrumentId instrument, Timestamp time) const;
    /// Of the model, in its order; NaN where unknown. Those of a candidate are left to the desk.
    void write_inputs(Side side, const sim::PolicyView& view, double volatility_bps,
                      desk::Few<double, desk::kMaxInputs>& inputs) const;
    /// Orders of the symbol that the model was fitted to.
    [[nodiscard]] std::int64_t learned_orders(InstrumentId instrument) const;
    /// Median predicted p95 of the learned orders of the symbol's liquidity tier, of all where it has none [bps].
    [[nodiscard]] double tier_median_p95_bps(InstrumentId instrument) const;

private:
    enum class Known : std::uint8_t { of_candidate, spread, volatility, signed_imbalance };

    Surroundings(const market::Dataset& market, forecast::Forecaster forecaster)
        : market_(&market), forecaster_(std::move(forecaster)) {}
    Result<void> plan_inputs(const cost::Model& model);
    Result<void> learn_from(const cost::Model& model, const Table& learned);

    const market::Dataset* market_;
    forecast::Forecaster forecaster_;
    std::vector<Known> inputs_;
    std::map<std::int32_t, std::int64_t> learned_orders_;  ///< by instrument
    std::map<std::int32_t, double> tier_p95_;              ///< by the tier's label; -1 = all
};

}  // namespace slipcast::trial
