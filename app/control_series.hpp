#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "slipcast/control/calibrate.hpp"
#include "slipcast/control/parameters.hpp"
#include "slipcast/core/progress.hpp"
#include "slipcast/core/result.hpp"
#include "slipcast/core/settings.hpp"
#include "slipcast/core/table.hpp"
#include "slipcast/market/dataset.hpp"
#include "slipcast/tca/measure.hpp"

namespace slipcast::app {

/// How a tape becomes series.
struct SeriesOptions {
    Duration interval = std::chrono::minutes{5};  ///< of every series
    double position_limit = 0.01;                 ///< of an instrument's mean daily volume: the unit of position

    [[nodiscard]] Settings settings();
};

/// A tape as equally spaced columns, instruments and sessions one after the other; block = one session of one
/// instrument. Units of module control: trading days, daily volatilities of price, position limits.
struct TapeSeries {
    double spacing = 0.0;  ///< days
    std::vector<std::int64_t> block;
    std::vector<double> imbalance;     ///< of the quoted sizes at the interval's begin: (bid - ask)/(bid + ask)
    std::vector<double> next_return;   ///< of the mid over the interval
    std::vector<double> flow;          ///< signed market volume of the interval
    std::vector<double> variance;      ///< realized, per day, with the mean pattern of the day taken out
    std::vector<std::string> symbols;  ///< that entered
    std::vector<double> volatility;    ///< by symbol: daily, as a ratio
    std::vector<double> daily_volume;  ///< by symbol, units
};

/// Reads every session of every instrument. Trades are signed by their aggressor, else by the side of the mid on which
/// they printed. A session is used when nine in ten of its intervals have a mid; an instrument without one is left out.
[[nodiscard]] Result<TapeSeries> tape_series(const market::Dataset& data, const SeriesOptions& options,
                                             const Progress& progress);

/// Everything that the data can say of a trading problem: one row a parameter with its interval, or the reason why it
/// is not identified. Execution cost comes from the dataset's own orders when it has any.
[[nodiscard]] Result<Table> calibration_table(const market::Dataset& data, const SeriesOptions& options,
                                              const control::CalibrationOptions& calibration, const Progress& progress);

}  // namespace slipcast::app
