#pragma once

#include <map>
#include <string>
#include <vector>

#include "slipcast/core/result.hpp"
#include "slipcast/core/side.hpp"
#include "slipcast/core/time.hpp"
#include "slipcast/cost/model.hpp"
#include "slipcast/forecast/forecaster.hpp"

namespace slipcast::cost {

/// An order before it is sent.
struct Contemplated {
    std::string symbol;
    Side side = Side::buy;
    double quantity = 0.0;                      ///< units, > 0
    Duration over{};                            ///< planned life, > 0
    std::map<std::string, double> numbers;      ///< inputs known better than by the symbol's typical order
    std::map<std::string, std::string> labels;  ///< the same of label inputs
};

/// What an order should cost before it trades.
///   cost_estimate   one row: mean, quantiles, epistemic_sd, aleatoric_sd, miss_risk
///   cost_by_size    the same for a tenth to ten times the quantity
///   cost_by_horizon the same for a quarter to four times the time
///   cost_inputs     what each input was taken as, and from where: given, the order, or the symbol's typical order
struct Estimate {
    std::vector<Table> tables;
    [[nodiscard]] const Table* find(std::string_view name) const;
};

/// Participation follows from quantity, time and the volume expected: of the forecast in `numbers` ("volume_per_s"), or
/// that of the symbol's orders in the fit. Refused: a symbol the model has not seen (the nearest is named), an unknown
/// input, quantity or time that is not positive, an input that neither the order nor its symbol gives.
[[nodiscard]] Result<Estimate> estimate(const Model& model, const Contemplated& order,
                                        const std::vector<double>& quantiles = {0.5, 0.9, 0.95, 0.99});

/// The inputs that a forecast at `time` knows of an order to be worked over `over`: volume_per_s, spread, volatility,
/// minutes_from_open, minutes_to_close. What the forecast does not know is left out.
[[nodiscard]] std::map<std::string, double> forecast_inputs(const forecast::Forecaster& forecaster,
                                                            InstrumentId instrument, Timestamp time, Duration over);

}  // namespace slipcast::cost
