#include "slipcast/cost/options.hpp"

#include <algorithm>
#include <limits>

namespace slipcast::cost {

namespace {

constexpr double kNoLimit = std::numeric_limits<double>::infinity();

Result<void> check_distinct(const char* field, std::vector<std::string> terms) {
    std::sort(terms.begin(), terms.end());
    const auto twice = std::adjacent_find(terms.begin(), terms.end());
    if (twice == terms.end()) return {};
    return invalid_value(field, *twice, "must not be named twice");
}

void add_columns(Settings& all, FitOptions& options) {
    all.text("target", options.target, "column of the realized cost [bps], positive hurts")
        .list("mean", "", options.mean, "terms of the expected cost, beside an intercept")
        .list("scale", "", options.scale, "terms of the log of its spread, beside an intercept")
        .list("completion", "", options.completion,
              "terms of the chance to finish by the deadline; none = no such head")
        .text("weight", options.weight, "column of weights >= 0; none = 1")
        .text("censored", options.censored, "column that is true where the target is only a lower bound of the cost")
        .choice("partial", options.partial, {"censor", "whole", "drop"},
                "orders filled in part: censor the rest at the far touch of the end, count the fills as a whole order, "
                "or drop them")
        .text("completed", options.completed, "column of the filled fraction by the deadline, or true/false")
        .text("time", options.time, "column of the decision's time")
        .text("finished", options.finished, "column of the time at which the outcome was known")
        .text("symbol", options.symbol, "column of the symbol");
}

void add_priors(Settings& all, FitOptions& options) {
    const Settings::Range sd{.low = 0.0, .high = kNoLimit};
    all.number("prior_intercept_sd", "target deviations", options.prior_intercept_sd, sd,
               "prior deviation of the expected cost at the average order; 0 = flat")
        .number("prior_mean_sd", "target deviations", options.prior_mean_sd, sd,
                "prior deviation of each other mean coefficient; 0 = flat")
        .number("prior_scale_intercept_sd", "", options.prior_scale_intercept_sd, sd,
                "prior deviation of the log scale at the average order; 0 = flat")
        .number("prior_scale_sd", "", options.prior_scale_sd, sd,
                "prior deviation of each other scale coefficient; 0 = flat")
        .number("prior_nu_shape", "", options.prior_nu_shape, sd,
                "shape of the gamma prior of nu - 2; 0 = flat in ln(nu - 2)")
        .number("prior_nu_rate", "", options.prior_nu_rate, sd, "rate of the gamma prior of nu - 2")
        .number("prior_completion_sd", "", options.prior_completion_sd, sd,
                "prior deviation of each completion coefficient but the intercept; 0 = flat");
}

}  // namespace

Settings FitOptions::settings() {
    Settings all;
    all.choice("method", method, {"global"}, "one regression for all symbols");
    add_columns(all, *this);
    all.number("half_life_days", "days", half_life_days, {.low = 0.0, .high = kNoLimit},
               "age at which an order counts half; 0 = all alike")
        .flag("unscaled", unscaled, "fit in the units of the table: features and target are not scaled first");
    add_priors(all, *this);
    all.number("fixed_nu", "", fixed_nu, {.low = 0.0, .high = 1e4},
               "degrees of freedom held at this value; 0 = learned")
        .integer("max_iterations", "", max_iterations, 1, 100'000, "most Newton steps")
        .seed("seed", seed, "recorded; the global method draws nothing");
    return all;
}

Result<void> FitOptions::validate() const {
    FitOptions copy = *this;
    SLIPCAST_CHECK(copy.settings().validate());
    if (target.empty()) return invalid_value("target", target, "must name a column");
    if (fixed_nu != 0.0 && fixed_nu <= 2.0) {
        return invalid_value("fixed_nu", std::to_string(fixed_nu),
                             "must be 0 (learned) or > 2, where a variance exists");
    }
    SLIPCAST_CHECK(check_distinct("mean", mean));
    SLIPCAST_CHECK(check_distinct("scale", scale));
    return check_distinct("completion", completion);
}

}  // namespace slipcast::cost
