#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "slipcast/core/result.hpp"
#include "slipcast/core/settings.hpp"

namespace slipcast::control {

/// How to estimate.
struct CalibrationOptions {
    double confidence = 0.95;  ///< of intervals
    int resamples = 400;       ///< of the blocks
    std::uint64_t seed = 1;
    int max_lag = 60;    ///< intervals over which the autocovariance of variance is read
    bool joined = true;  ///< lags of variance run across blocks: trading time is one line; false for unrelated blocks

    [[nodiscard]] Settings settings();
    [[nodiscard]] Result<void> validate() const;
};

/// A number with its interval: quantiles of the estimate over whole blocks drawn with replacement.
struct Estimate {
    double value = 0.0;
    double low = 0.0;
    double high = 0.0;
};

/// Equally spaced observations. `block[i]` says to which block (a session) observation i belongs; equal numbers stand
/// together, and no observation is compared with one of another block unless stated.
struct BlockedSeries {
    std::span<const double> values;
    std::span<const std::int64_t> block;
    double spacing = 0.0;  ///< days of trading time, > 0
};

/// A signal as dx = -decay (x - mean) dt + sqrt(variance) dB.
struct SignalEstimate {
    Estimate decay;           ///< kappa, 1/day
    Estimate variance;        ///< eta, per day
    double decay_bias = 0.0;  ///< what was subtracted from the least-squares kappa: (1 + 3 phi)/n on phi
    std::int64_t pairs = 0;
};
/// Least squares of x(t + h) on x(t) by the exact discretization phi = e^(-kappa h), corrected for its bias of first
/// order (Marriott and Pope 1954). Refuses as not_identified: fewer than 10 blocks, a phi whose interval reaches zero
/// (the signal decays within one spacing) or one (no mean reversion).
[[nodiscard]] Result<SignalEstimate> estimate_signal(const BlockedSeries& signal,
                                                     const CalibrationOptions& options = {});

/// L of drift L x: least squares of the return over the next spacing on the signal. Refuses as not_identified: an
/// interval that holds zero. `decay` is the signal's: the drift dies away within the spacing.
[[nodiscard]] Result<Estimate> estimate_loading(const BlockedSeries& signal, std::span<const double> next_return,
                                                double decay, const CalibrationOptions& options = {});

/// One factor of variance: an exponential in its autocovariance.
struct VarianceComponent {
    Estimate speed;     ///< 1/day: mean_reversion x clock; only the product is identified
    Estimate variance;  ///< of the spot variance
};
struct VarianceEstimate {
    Estimate mean;                              ///< of the variance per day
    std::vector<VarianceComponent> components;  ///< one or two, the fast one first
    std::string note;                           ///< why there is no second one; empty with two
};
/// Sums of two exponentials (or one) fitted to the autocovariance of realized variances at lags 1 to max_lag:
/// measurement noise is at lag zero and does not enter. Averages over a spacing are accounted for: c(j) = a e^(-k (j -
/// 1) h) ((1 - e^(-k h))/(k h))^2. Lags run across blocks: trading time is one line, and a daily pattern must have been
/// taken out. Two components only when both variances and the ratio of speeds (above 3) hold over the resamples.
/// Refuses as not_identified: fewer than 10 blocks or 4 max_lag observations, an autocovariance that is not positive, a
/// speed beyond what the lags can tell (below 1/(max_lag h) or above 1/h).
[[nodiscard]] Result<VarianceEstimate> estimate_variance(const BlockedSeries& variance,
                                                         const CalibrationOptions& options = {});

/// Persistent impact.
struct ImpactEstimate {
    Estimate impact;                ///< lambda, daily volatilities per position limit traded
    std::optional<Estimate> decay;  ///< beta, 1/day; missing: see note
    std::string note;
};
/// Least squares of the return over each spacing on the change of the impact level that the flow makes,
/// dl = lambda dq - beta l dt from zero at the start of each block, over a profile of beta. Flow: signed, in position
/// limits. Refuses as not_identified: fewer than 10 blocks, a lambda whose interval reaches zero. Without a beta whose
/// interval lies inside (0, 2/spacing) the impact is that of beta = 0 and the note says so. What moves with the flow of
/// the whole market is not what our own flow causes: an upper bound for a price taker.
[[nodiscard]] Result<ImpactEstimate> estimate_impact(const BlockedSeries& returns, std::span<const double> flow,
                                                     const CalibrationOptions& options = {});

/// Instantaneous cost from execution results.
struct CostEstimate {
    Estimate trading_cost;  ///< K
    Estimate fixed;         ///< slippage at rate zero (half a spread): outside the model
    std::int64_t orders = 0;
};
/// Weighted least squares of slippage per unit (daily volatilities, positive is bad) on the trading rate (positions per
/// day): K/2 is the slope. Refuses as not_identified: fewer than 10 blocks, a slope whose interval reaches zero.
[[nodiscard]] Result<CostEstimate> estimate_trading_cost(const BlockedSeries& slippage, std::span<const double> rate,
                                                         std::span<const double> weight,
                                                         const CalibrationOptions& options = {});

}  // namespace slipcast::control
