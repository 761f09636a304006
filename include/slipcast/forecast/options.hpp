#pragma once

#include <chrono>

#include "slipcast/core/result.hpp"
#include "slipcast/core/settings.hpp"
#include "slipcast/core/time.hpp"

namespace slipcast::forecast {

/// How history is collected and forecast. Every field is declared once, in settings().
struct ForecastOptions {
    Duration bin = std::chrono::minutes{5};           ///< bins of a session; a forecast sees the bins that are over
    Duration edge = std::chrono::minutes{30};         ///< a session silent for this long at either end is incomplete
    Duration auction_margin = std::chrono::hours{1};  ///< auctions print at most this long outside their session
    int lookback = 60;                                ///< most past sessions used
    int adv_days = 20;                                ///< days of the average daily volume
    double volume_half_life = 5.0;                    ///< sessions after which a past volume counts half
    double volatility_half_life = 5.0;                ///< the same for variance and spread
    double prior_sessions = 2.0;                      ///< weight of the declared prior dispersions below
    double prior_volume_dispersion = 0.4;             ///< prior standard deviation of log session volume
    double prior_variance_dispersion = 0.8;           ///< the same of log session variance
    double prior_spread_dispersion = 0.25;            ///< the same of the log session spread
    double prior_share_dispersion = 0.15;             ///< prior of the noise of shares: sd of a log half-session share
    double prior_bin_dispersion = 0.5;                ///< the same of the log share of one bin

    [[nodiscard]] Settings settings();
    [[nodiscard]] Result<void> validate() const;
};

}  // namespace slipcast::forecast
