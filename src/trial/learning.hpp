#pragma once

#include "days.hpp"
#include "slipcast/forecast/forecaster.hpp"
#include "slipcast/trial/trial.hpp"

namespace slipcast::trial {

/// Orders of the learning days, worked and measured.
struct Learned {
    Table orders;  ///< of the measurement
    cost::Model model;
    std::int64_t without_forecast = 0;  ///< orders left out, as no volume could be forecast
};

/// Works orders on the learning days with the desk's tactics, each order with one drawn at random, measures them and
/// fits what they cost: Student t with the tactic among the terms of its mean and scale, and the completion head.
[[nodiscard]] Result<Learned> learn(const market::Dataset& market, const Days& days,
                                    const forecast::Forecaster& forecaster, const TrialOptions& options,
                                    const Progress& progress);

}  // namespace slipcast::trial
