#pragma once

#include <string>
#include <vector>

#include "days.hpp"
#include "slipcast/tca/measure.hpp"
#include "slipcast/trial/trial.hpp"
#include "surroundings.hpp"

namespace slipcast::trial {

/// Orders of the learning days, worked and measured.
struct Learned {
    std::vector<FirstLook> looks;
    cost::Model model;
    Table orders;                       ///< trial_learning: what the model was fitted to
    std::int64_t without_forecast = 0;  ///< orders left out, as no volume could be forecast
    std::vector<std::string> left_out;  ///< terms that these orders do not identify, and why
};

/// Works orders on the learning days with the desk's tactics, each order with one drawn at random, measures them and
/// fits what they cost: Student t with the tactic among the terms of its mean and scale, and the completion head. A
/// model input means here what it means to the desk: participation and duration are those of the tactic's own speed,
/// completion is by the order's end.
[[nodiscard]] Result<Learned> learn(const market::Dataset& market, const Days& days, const Forecasts& forecasts,
                                    const TrialOptions& options, const Progress& progress);

/// What a measurement of a trial needs, and as little else as it allows.
[[nodiscard]] tca::MeasureOptions measure_options();

}  // namespace slipcast::trial
