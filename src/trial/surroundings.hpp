#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "slipcast/core/result.hpp"
#include "slipcast/cost/cost.hpp"
#include "slipcast/desk/options.hpp"
#include "slipcast/desk/records.hpp"
#include "slipcast/forecast/forecaster.hpp"
#include "slipcast/market/dataset.hpp"
#include "slipcast/sim/policy.hpp"

namespace slipcast::trial {

[[nodiscard]] inline double seconds_of(Duration duration) {
    return static_cast<double>(duration.count()) / 1e9;
}

/// What a desk can know of volume and volatility before it decides: from past days and the day so far.
class Forecasts {
public:
    Forecasts(const market::Dataset& market, forecast::Forecaster forecaster)
        : market_(&market), forecaster_(std::move(forecaster)) {}

    /// Quantity units per second that the market is expected to trade from `time` to `until`; missing without a
    /// forecast. The median of a short window is far below its mean, so a window of at least half an hour is asked,
    /// within the session.
    [[nodiscard]] std::optional<double> volume_rate(InstrumentId instrument, Timestamp time, Timestamp until) const;
    /// Of a day [bps]; NaN where unknown.
    [[nodiscard]] double volatility_bps(InstrumentId instrument, Timestamp time) const;
    [[nodiscard]] const forecast::Forecaster& forecaster() const { return forecaster_; }

private:
    const market::Dataset* market_;
    forecast::Forecaster forecaster_;
};

/// The inputs of the cost model that do not depend on how the order is worked; NaN where unknown.
struct Seen {
    double spread_bps = 0.0;
    double volatility_bps = 0.0;
    double signed_imbalance = 0.0;  ///< side x (bid size - ask size) / their sum
};
[[nodiscard]] Seen seen(Side side, const sim::PolicyView& view, double volatility_bps);

/// An order when a policy is first asked what to do with it.
struct FirstLook {
    InstrumentId instrument;
    double quantity = 0.0;     ///< units
    double horizon_s = 0.0;    ///< until its end
    double volume_rate = 0.0;  ///< units per second
    Seen seen;
};

/// What a desk's model means to it: which input is which, and how the orders that it was fitted to went.
class Surroundings {
public:
    /// Refused: a model input that nothing here supplies.
    [[nodiscard]] static Result<Surroundings> create(const market::Dataset& market, const cost::Model& model,
                                                     const std::vector<FirstLook>& learned,
                                                     const desk::DeskOptions& options);

    /// Of the model, in its order. Those of a candidate are left to the desk.
    void write_inputs(const Seen& seen, desk::Few<double, desk::kMaxInputs>& inputs) const;
    /// Orders of the symbol that the model was fitted to.
    [[nodiscard]] std::int64_t learned_orders(InstrumentId instrument) const;
    /// Median p95 of the learned orders of the symbol's liquidity tier, of all where it has none, each forecast for the
    /// candidate that the desk would choose for it at its first look [bps].
    [[nodiscard]] double tier_median_p95_bps(InstrumentId instrument) const;

private:
    enum class Known : std::uint8_t { of_candidate, spread, volatility, signed_imbalance };

    explicit Surroundings(const market::Dataset& market) : market_(&market) {}
    Result<void> plan_inputs(const cost::Model& model);
    Result<void> learn_from(const cost::Model& model, const std::vector<FirstLook>& learned,
                            const desk::DeskOptions& options);

    const market::Dataset* market_;
    std::vector<Known> inputs_;
    std::map<InstrumentId, std::int64_t> learned_orders_;
    std::map<LabelId, double> tier_p95_;  ///< none = all orders
};

}  // namespace slipcast::trial
