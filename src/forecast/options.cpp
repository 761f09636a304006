#include "slipcast/forecast/options.hpp"

namespace slipcast::forecast {

namespace {

constexpr const char* kScored = "scored on 44 days of 41 stocks: docs/reference/benchmarks.md";

}  // namespace

Settings ForecastOptions::settings() {
    using std::chrono::hours;
    using std::chrono::seconds;
    const Settings::Range half_life{.low = 0.1, .high = 1e12};
    const Settings::Range dispersion{.low = 0, .high = 10, .low_open = true};
    Settings all;
    all.duration("bin", bin, seconds{1}, hours{2}, "bins of a session; a forecast sees the bins that are over")
        .duration("edge", edge, seconds{1}, hours{24}, "a session silent for this long at either end is incomplete")
        .duration("auction_margin", auction_margin, seconds{0}, hours{12},
                  "auctions print at most this long outside their session")
        .integer("lookback", "sessions", lookback, 1, 10'000, "most past sessions used")
        .integer("adv_days", "days", adv_days, 1, 10'000, "days of the average daily volume")
        .number("volume_half_life", "sessions", volume_half_life, half_life,
                "sessions after which a past volume counts half", kScored)
        .number("volatility_half_life", "sessions", volatility_half_life, half_life,
                "sessions after which past variance and spread count half", kScored)
        .number("prior_sessions", "sessions", prior_sessions, {.low = 1, .high = 1e6},
                "weight of the declared prior dispersions")
        .number("prior_volume_dispersion", "", prior_volume_dispersion, dispersion,
                "prior standard deviation of log session volume")
        .number("prior_variance_dispersion", "", prior_variance_dispersion, dispersion,
                "prior standard deviation of log session variance")
        .number("prior_spread_dispersion", "", prior_spread_dispersion, dispersion,
                "prior standard deviation of the log session spread")
        .number("prior_share_dispersion", "", prior_share_dispersion, dispersion,
                "prior standard deviation of the log share of half a session")
        .number("prior_bin_dispersion", "", prior_bin_dispersion, dispersion,
                "prior standard deviation of the log share of one bin");
    return all;
}

Result<void> ForecastOptions::validate() const {
    ForecastOptions copy = *this;
    return copy.settings().validate();
}

}  // namespace slipcast::forecast
