#pragma once

#include "slipcast/core/table.hpp"
#include "slipcast/forecast/forecaster.hpp"

namespace slipcast::forecast {

/// Table `forecast_scores`: each forecast against its outcome, out of sample and rolling (every forecast is
/// Forecaster::at or window_volume at its own time, so it saw earlier rows only). Columns:
///   what       session_volume, window_volume, session_volatility, spread, opening_auction, closing_auction
///   horizon    when it was made and for how long: "at open", "at 50 % of session", "30min ahead"
///   mae        mean of |ln(forecast median / outcome)|: 0.2 is about 20 %
///   bias       mean of ln(forecast median / outcome): positive = forecast too high
///   mae_naive  mae of the simplest method, the same amount of the last complete session of that length
///   coverage_80  share of outcomes inside the band; 0.80 when the bands are right
///   count      forecasts with an outcome; instruments, sessions  how many of each they come from
///   note       what to know about the row (few sessions, outcomes left out)
/// Rows without a scored forecast are kept with count 0 and missing figures. Outcomes are taken from complete sessions;
/// an outcome of zero has no logarithm and is left out (and counted in the note).
[[nodiscard]] Table forecast_scores(const Forecaster& forecaster);

}  // namespace slipcast::forecast
