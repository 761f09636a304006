#include <algorithm>

#include "slipcast/core/decimal.hpp"
#include "slipcast/tca/horizon.hpp"
#include "slipcast/tca/measure.hpp"

namespace slipcast::tca {

namespace {

constexpr Duration kDay = std::chrono::hours{24};

Result<void> check_horizon(const std::string& text) {
    SLIPCAST_CHECK(parse_horizon(text));
    return {};
}

/// A window is a time after a time: on the clocks of prints there is none to average over.
Result<void> check_window(Duration window, const std::vector<std::string>& markouts) {
    if (window == Duration{}) return {};
    for (const std::string& text : markouts) {
        SLIPCAST_TRY(horizon, parse_horizon(text));
        if (horizon.clock == MarkoutClock::wall) continue;
        return Error{ErrorCode::inconsistent,
                     "markout_window",
                     to_string(window),
                     "averages after a time: not with " + text + ", which counts prints",
                     {}};
    }
    return {};
}

Result<void> check_rate(const std::string& text) {
    SLIPCAST_TRY(rate, parse_decimal(text, 4, "pwp_rates"));
    if (rate > 0 && rate <= power_of_ten(4)) return {};
    return invalid_value("pwp_rates", text, "must be in (0, 1]");
}

Result<void> check_distinct(const char* field, std::vector<std::string> texts) {
    std::sort(texts.begin(), texts.end());
    const auto twice = std::adjacent_find(texts.begin(), texts.end());
    if (twice == texts.end()) return {};
    return invalid_value(field, *twice, "must not be named twice");
}

}  // namespace

Settings MeasureOptions::settings() {
    Settings all;
    all.list("markouts", "", markouts,
             "mark-out horizons: 1s, 5min (wall clock, negative = before the fill), 50trades, 10000shares",
             check_horizon)
        .duration("markout_window", markout_window, Duration{}, kDay,
                  "average the mid over [h, h + window] of a wall-clock horizon; zero takes the quote at h")
        .list("pwp_rates", "of market volume", pwp_rates, "participation rates of the PWP benchmarks", check_rate)
        .duration("reversion_horizon", reversion_horizon, Duration{1}, kDay, "how long after the last fill to look")
        .number("confidence", "", confidence, {.low = 0.5, .high = 0.999}, "confidence level of every interval")
        .integer("resamples", "", resamples, std::int64_t{100}, std::int64_t{1'000'000},
                 "block resamples behind an interval")
        .integer("bins_per_decade", "", bins_per_decade, 1, 100, "log-size bins", "Almgren 2020")
        .integer("worst_orders", "", worst_orders, std::int64_t{0}, std::int64_t{100'000},
                 "orders listed as the worst by arrival cost in cash")
        .flag("exclude_limit_orders", exclude_limit_orders,
              "leave orders that ever had a limit price out of the aggregates")
        .number("max_client_cancel_share", "of a client's orders", max_client_cancel_share, {.low = 0, .high = 1},
                "leave out clients who cancel more than this share")
        .flag("outright_only", outright_only, "leave out orders in spread contracts")
        .number("outlier_score", "deviations", outlier_score, {.low = 2, .high = 1'000},
                "a row whose cost lies farther from its symbol's median is flagged as an outlier, never left out",
                "Iglewicz and Hoaglin 1993")
        .duration("sector_flow_window", sector_flow_window, Duration{}, kDay,
                  "whole minutes of market flow before a decision that sector_net_flow sums; zero leaves it out")
        .seed("seed", seed, "seed of the resampling")
        .integer("threads", "", threads, 0, 1024, "threads, 0 = all cores; results do not depend on it")
        .duration("window", window, std::chrono::seconds{1}, 31 * kDay,
                  "tape held in memory a thread; results do not depend on it");
    return all;
}

Result<void> MeasureOptions::validate() const {
    MeasureOptions copy = *this;
    SLIPCAST_CHECK(copy.settings().validate());
    SLIPCAST_CHECK(check_distinct("markouts", markouts));
    SLIPCAST_CHECK(check_window(markout_window, markouts));
    if (sector_flow_window % std::chrono::minutes{1} != Duration{}) {
        return invalid_value("sector_flow_window", std::to_string(sector_flow_window.count()) + "ns",
                             "must be whole minutes");
    }
    return check_distinct("pwp_rates", pwp_rates);
}

}  // namespace slipcast::tca
