#include "control_factors.hpp"

#include <cmath>
#include <utility>

namespace slipcast::app {

void FactorFlags::add(CLI::App& command) {
    CLI::Option* scale = command.add_option("--fast-time-scale", fast_time_scale,
                                            "epsilon of a fast volatility factor, days; it reverts in epsilon/theta");
    CLI::Option* reversion =
        command.add_option("--fast-mean-reversion", fast_reversion, "its theta: mean reversion at epsilon 1, 1/day");
    CLI::Option* volatility =
        command.add_option("--fast-vol-of-variance", fast_volatility,
                           "its volatility at epsilon 1: xi of a square_root, g of an exponential factor");
    command
        .add_option("--fast-kind", fast_kind,
                    "square_root: the factor is the variance; exponential: variance is proportional to e^(2y), y an "
                    "Ornstein-Uhlenbeck factor around 0")
        ->check(CLI::IsMember({"square_root", "exponential"}))
        ->needs(scale);
    command.add_option("--fast-order", fast_order, "corrections through this power of epsilon (default 1)")
        ->check(CLI::IsMember({"1", "1.5", "2"}))
        ->needs(scale);
    command
        .add_option("--fast-correlation", fast_correlation, "of its shock with the signal's, one a signal (default 0)")
        ->delimiter(',')
        ->needs(scale);
    command.add_option("--variance-now", variance_now, "variance now, per day (default: its mean)");
    command.add_option("--factor-now", fast_now, "where an exponential factor stands (default 0)")->needs(scale);
    scale->needs(reversion)->needs(volatility);
    reversion->needs(scale);
    volatility->needs(scale);
    CLI::Option* delta =
        command.add_option("--slow-time-scale", slow_time_scale, "delta of a slow volatility factor z, 1/day");
    CLI::Option* slow_vol = command.add_option("--slow-volatility", slow_volatility, "its volatility g(z) at delta 1");
    CLI::Option* slope = command.add_option("--slow-slope", slow_slope, "v'(z) where it stands");
    delta->needs(slow_vol)->needs(slope);
    slow_vol->needs(delta);
    slope->needs(delta);
    command.add_option("--slow-curvature", slow_curvature, "v''(z), read at order 1 (default 0)")->needs(delta);
    command.add_option("--slow-drift", slow_drift, "alpha(z), read at order 1 (default 0)")->needs(delta);
    command
        .add_option("--slow-correlation", slow_correlation, "of its shock with the signal's, one a signal (default 0)")
        ->delimiter(',')
        ->needs(delta);
    command.add_option("--slow-order", slow_order, "corrections through this power of delta (default 0.5)")
        ->check(CLI::IsMember({"0.5", "1"}))
        ->needs(delta);
    command.add_option("--factor-correlation", correlation_between, "of the two factors' shocks (default 0)")
        ->needs(scale)
        ->needs(delta);
}

Result<control::FastFactor> FactorFlags::fast(double mean_variance) const {
    control::Factor factor;
    factor.mean_reversion = fast_reversion;
    factor.volatility = fast_volatility;
    factor.speed = 1.0 / fast_time_scale;
    factor.signal_correlation = fast_correlation;
    if (!is_exponential()) {
        factor.mean = mean_variance;
        return control::FastFactor::square_root(factor);
    }
    factor.kind = control::FactorKind::gaussian;
    factor.mean = 0.0;
    // The mean of e^(2y) is e^(2 s^2), s^2 = g^2/(2 theta): taken out, so that the mean variance stays what it is.
    const double scale = mean_variance * std::exp(-fast_volatility * fast_volatility / fast_reversion);
    return control::FastFactor::gaussian(factor, [scale](double y) { return scale * std::exp(2.0 * y); });
}

Result<std::optional<control::Factors>> FactorFlags::factors(double mean_variance) const {
    const bool has_fast = !std::isnan(fast_time_scale);
    const bool has_slow = !std::isnan(slow_time_scale);
    if (!has_fast && !has_slow) return std::optional<control::Factors>{};
    control::Factors made;
    if (has_fast) {
        SLIPCAST_TRY(factor, fast(mean_variance));
        made.fast = std::move(factor);
        made.fast_order = fast_order == "2"     ? control::FastOrder::two
                          : fast_order == "1.5" ? control::FastOrder::one_and_half
                                                : control::FastOrder::one;
    }
    if (has_slow) {
        made.slow = control::SlowFactor{.dvariance = slow_slope,
                                        .d2variance = slow_curvature,
                                        .drift = slow_drift,
                                        .volatility = slow_volatility,
                                        .time_scale = slow_time_scale,
                                        .signal_correlation = slow_correlation};
        made.slow_order = slow_order == "1" ? control::SlowOrder::one : control::SlowOrder::half;
    }
    made.correlation_between = correlation_between;
    return std::optional<control::Factors>{std::move(made)};
}

double FactorFlags::now(double mean_variance) const {
    if (is_exponential()) return std::isnan(fast_now) ? 0.0 : fast_now;
    return std::isnan(variance_now) ? mean_variance : variance_now;
}

}  // namespace slipcast::app
