#include "slipcast/control/multiscale.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "lyapunov_part.hpp"

namespace slipcast::control {
namespace {

Coefficients no_source(std::size_t signals) {
    Coefficients source;
    source.Aqx.assign(signals, 0.0);
    source.Alx.assign(signals, 0.0);
    return source;
}

double relative_size(const Gains& change, const Gains& base, double scale) {
    double largest = std::max(std::abs(change.position), std::abs(change.level)) / std::abs(base.position);
    for (std::size_t j = 0; j < base.signal.size(); ++j) {
        if (base.signal[j] != 0.0) largest = std::max(largest, std::abs(change.signal[j] / base.signal[j]));
    }
    return scale * largest;
}

/// Constants of order eps^2: the source -gamma^2 <phi^2>/K on q^2.
Gains fast_constants(const Rule& rule, const FastFactor& fast) {
    const Parameters& market = rule.parameters();
    Coefficients source = no_source(market.signals.size());
    source.Aqq = -market.risk_aversion * market.risk_aversion * fast.phi_squared() / market.trading_cost;
    return detail::source_gains(market, rule.gains(), source);
}

/// R3 of order eps^1.5: shocks of the factor that correlate with shocks of signals.
double fast_shift(const Rule& rule, const FastFactor& fast) {
    const Parameters& market = rule.parameters();
    double source = 0.0;
    for (std::size_t j = 0; j < market.signals.size(); ++j) {
        source -= fast.correlation(j) * std::sqrt(market.signals[j].variance) * market.risk_aversion *
                  (rule.gains().signal[j] / market.trading_cost) * fast.volatility_psi();
    }
    return detail::source_shift(market, source, 0.0);
}

/// R of order sqrt(delta).
double slow_shift(const Parameters& market, const SlowFactor& slow, const Solution& slope) {
    if (slow.signal_correlation.empty()) return 0.0;
    double position_source = 0.0;
    double level_source = 0.0;
    for (std::size_t j = 0; j < market.signals.size(); ++j) {
        const double c =
            slow.signal_correlation[j] * std::sqrt(market.signals[j].variance) * slow.volatility * slow.dvariance;
        position_source += c * slope.coefficients.Aqx[j];
        level_source += c * slope.coefficients.Alx[j];
    }
    return detail::source_shift(market, position_source, level_source);
}

/// Gains of order delta: drift and curvature of the solution along the factor.
Gains slow_constants(const Rule& rule, const SlowFactor& slow, const Derivatives& slopes) {
    const double half = 0.5 * slow.volatility * slow.volatility;
    const double with_first = slow.drift * slow.dvariance + half * slow.d2variance;
    const double with_second = half * slow.dvariance * slow.dvariance;
    const Coefficients& first = slopes.first.coefficients;
    const Coefficients& second = slopes.second.coefficients;
    Coefficients source;
    source.Aqq = with_first * first.Aqq + with_second * second.Aqq;
    source.Aql = with_first * first.Aql + with_second * second.Aql;
    source.All = with_first * first.All + with_second * second.All;
    for (std::size_t j = 0; j < first.Aqx.size(); ++j) {
        source.Aqx.push_back(with_first * first.Aqx[j] + with_second * second.Aqx[j]);
        source.Alx.push_back(with_first * first.Alx[j] + with_second * second.Alx[j]);
    }
    return detail::source_gains(rule.parameters(), rule.gains(), source);
}

Result<void> check_factors(const Rule& rule, const Factors& factors) {
    const Parameters& market = rule.parameters();
    const std::size_t signals = market.signals.size();
    if (!factors.fast && !factors.slow) {
        return Error{ErrorCode::missing_field, "factors", "", "give a fast factor, a slow factor or both", {}};
    }
    if (factors.fast) {
        const double mean = factors.fast->mean_variance();
        if (!(std::abs(mean - market.variance) <= 1e-6 * market.variance)) {
            return Error{ErrorCode::inconsistent,
                         "variance",
                         fmt::format("{}", market.variance),
                         fmt::format("the rule must be solved at the fast factor's mean variance, {}", mean),
                         {}};
        }
        if (factors.fast->correlations() != 0 && factors.fast->correlations() != signals) {
            return Error{ErrorCode::inconsistent,
                         "fast.signal_correlation",
                         fmt::format("{}", factors.fast->correlations()),
                         fmt::format("needs one number a signal ({})", signals),
                         {}};
        }
    }
    if (factors.slow) SLIPCAST_CHECK(factors.slow->validate(signals));
    if (!(std::abs(factors.correlation_between) < 1.0)) {
        return invalid_value("correlation_between", fmt::format("{}", factors.correlation_between),
                             "must be in (-1, 1)");
    }
    return {};
}

}  // namespace

Result<void> SlowFactor::validate(std::size_t signals) const {
    const auto finite = [](const char* field, double value) -> Result<void> {
        if (std::isfinite(value)) return {};
        return invalid_value(std::string("slow.") + field, fmt::format("{}", value), "must be finite");
    };
    SLIPCAST_CHECK(finite("dvariance", dvariance));
    SLIPCAST_CHECK(finite("d2variance", d2variance));
    SLIPCAST_CHECK(finite("drift", drift));
    if (!(std::isfinite(volatility) && volatility >= 0.0)) {
        return invalid_value("slow.volatility", fmt::format("{}", volatility), "must be finite and >= 0");
    }
    if (!(std::isfinite(time_scale) && time_scale > 0.0)) {
        return invalid_value("slow.time_scale", fmt::format("{}", time_scale), "must be finite and > 0");
    }
    if (!signal_correlation.empty() && signal_correlation.size() != signals) {
        return Error{ErrorCode::inconsistent,
                     "slow.signal_correlation",
                     fmt::format("{}", signal_correlation.size()),
                     fmt::format("needs one number a signal ({})", signals),
                     {}};
    }
    double squared = 0.0;
    for (const double correlation : signal_correlation) squared += correlation * correlation;
    if (squared <= 1.0) return {};
    return invalid_value("slow.signal_correlation", fmt::format("{}", squared), "sum of squares must be <= 1");
}

FactorRule::FactorRule(const Rule& rule, const Factors& factors) : base_(rule), factors_(factors) {
    const double K = rule.parameters().trading_cost;
    const std::size_t signals = rule.gains().signal.size();
    constant_.signal.assign(signals, 0.0);
    with_psi_.signal.assign(signals, 0.0);
    add_constants(rule.gains(), 1.0 / K);
    shift_ = rule.gains().shift;
}

void FactorRule::add_constants(const Gains& gains, double scale) {
    constant_.position += scale * gains.position;
    constant_.level += scale * gains.level;
    for (std::size_t j = 0; j < gains.signal.size(); ++j) constant_.signal[j] += scale * gains.signal[j];
}

void FactorRule::add_fast(const FastFactor& fast, FastOrder order) {
    const Parameters& market = base_.parameters();
    const double K = market.trading_cost;
    const double eps = fast.time_scale();
    with_phi_ = eps * market.risk_aversion / K;
    const Gains constants = fast_constants(base_, fast);
    const double shift = std::pow(eps, 1.5) * fast_shift(base_, fast);
    if (order == FastOrder::one) {
        accuracy_.fast_next =
            std::max(std::abs(shift / base_.gains().position), relative_size(constants, base_.gains(), eps * eps));
        return;
    }
    shift_ += shift;
    if (order == FastOrder::one_and_half) {
        accuracy_.fast_next = relative_size(constants, base_.gains(), eps * eps);
        return;
    }
    add_constants(constants, eps * eps / K);
    const Gains& gains = base_.gains();
    const double scale = -eps * eps * market.risk_aversion / K;
    has_psi_ = true;
    with_psi_.position = scale * (-market.discount + (2.0 * gains.position + market.impact * gains.level) / K);
    with_psi_.level = scale * gains.level / K;
    for (std::size_t j = 0; j < gains.signal.size(); ++j) with_psi_.signal[j] = scale * gains.signal[j] / K;
}

void FactorRule::add_slow(const SlowFactor& slow, SlowOrder order, const Derivatives& slopes) {
    const Parameters& market = base_.parameters();
    shift_ += std::sqrt(slow.time_scale) * slow_shift(market, slow, slopes.first);
    const Gains constants = slow_constants(base_, slow, slopes);
    if (order == SlowOrder::half) {
        accuracy_.slow_next = relative_size(constants, base_.gains(), slow.time_scale);
        return;
    }
    add_constants(constants, slow.time_scale / market.trading_cost);
}

void FactorRule::add_cross() {
    const Parameters& market = base_.parameters();
    // phi scales with the slow part of the variance, so that d phi'/dz = phi' v'/v.
    Coefficients source = no_source(market.signals.size());
    source.Aqq = -market.risk_aversion * factors_.correlation_between * factors_.slow->volatility *
                 factors_.fast->volatility_phi() * factors_.slow->dvariance / market.variance;
    add_constants(detail::source_gains(market, base_.gains(), source),
                  std::sqrt(factors_.fast->time_scale() * factors_.slow->time_scale) / market.trading_cost);
}

Result<void> FactorRule::check_rate(double time_scale) {
    accuracy_.least_rate = rate(factors_.fast ? factors_.fast->probes().front() : 0.0);
    double at = 0.0;
    double largest_phi = 0.0;
    if (factors_.fast) {
        for (const double y : factors_.fast->probes()) {
            largest_phi = std::max(largest_phi, factors_.fast->phi(y));
            if (rate(y) < accuracy_.least_rate) {
                accuracy_.least_rate = rate(y);
                at = y;
            }
        }
        if (largest_phi > 0.0) {
            accuracy_.time_scale_limit = -base_.gains().position / (base_.parameters().risk_aversion * largest_phi);
        }
        // A straight line that falls reaches zero at some large variance.
        if (factors_.fast->is_affine() &&
            rate(2.0 * factors_.fast->mean_variance()) < rate(factors_.fast->mean_variance())) {
            return invalid_value("fast.time_scale", fmt::format("{}", time_scale),
                                 "the rate must not fall as variance rises: too large for order two");
        }
    }
    if (accuracy_.least_rate > 0.0) return {};
    return invalid_value(
        factors_.fast ? "fast.time_scale" : "slow.time_scale", fmt::format("{}", time_scale),
        fmt::format("the rate must stay > 0: it is {} at factor {} (limit of order one {}); use the exact policy",
                    accuracy_.least_rate, at, accuracy_.time_scale_limit));
}

Result<FactorRule> FactorRule::make(const Rule& rule, const Factors& factors) {
    SLIPCAST_CHECK(check_factors(rule, factors));
    FactorRule made(rule, factors);
    if (factors.fast) made.add_fast(*factors.fast, factors.fast_order);
    if (factors.slow) {
        SLIPCAST_TRY(slopes, derivatives(rule.parameters()));
        made.add_slow(*factors.slow, factors.slow_order, slopes);
    }
    if (factors.fast && factors.slow && factors.slow_order == SlowOrder::one) made.add_cross();
    double signal = 0.0;
    for (const double P : rule.gains().signal) signal += P * P;
    made.accuracy_.signal_shift = signal > 0.0 ? std::abs(made.shift_) / std::sqrt(signal) : 0.0;
    const double time_scale = factors.fast ? factors.fast->time_scale() : factors.slow->time_scale;
    SLIPCAST_CHECK(made.check_rate(time_scale));
    return made;
}

Gains FactorRule::gains(double y) const {
    const double K = base_.parameters().trading_cost;
    const double phi = factors_.fast ? factors_.fast->phi(y) : 0.0;
    const double psi = has_psi_ ? factors_.fast->psi(y) : 0.0;
    Gains made;
    made.position = K * (constant_.position + with_phi_ * phi + with_psi_.position * psi);
    made.level = K * (constant_.level + with_psi_.level * psi);
    for (std::size_t j = 0; j < constant_.signal.size(); ++j) {
        made.signal.push_back(K * (constant_.signal[j] + with_psi_.signal[j] * psi));
    }
    made.shift = shift_;
    return made;
}

double FactorRule::rate(double y) const {
    const double phi = factors_.fast ? factors_.fast->phi(y) : 0.0;
    const double psi = has_psi_ ? factors_.fast->psi(y) : 0.0;
    return -(constant_.position + with_phi_ * phi + with_psi_.position * psi);
}

double FactorRule::aim(double level, std::span<const double> signal, double y) const {
    return decide(0.0, level, signal, y) / rate(y);
}

double FactorRule::decide(double position, double level, std::span<const double> signal, double y) const {
    SLIPCAST_ASSERT(signal.size() == constant_.signal.size(), "one number a signal");
    const double phi = factors_.fast ? factors_.fast->phi(y) : 0.0;
    double position_gain = constant_.position + with_phi_ * phi;
    double pull = constant_.level * level + shift_ / base_.parameters().trading_cost;
    for (std::size_t j = 0; j < signal.size(); ++j) pull += constant_.signal[j] * signal[j];
    if (has_psi_) {
        const double psi = factors_.fast->psi(y);
        position_gain += with_psi_.position * psi;
        double part = with_psi_.level * level;
        for (std::size_t j = 0; j < signal.size(); ++j) part += with_psi_.signal[j] * signal[j];
        pull += psi * part;
    }
    return position_gain * position + pull;
}

void FactorRule::decide(const States& states, std::span<const double> y, std::span<double> trade) const {
    const std::size_t count = trade.size();
    const std::size_t signals = constant_.signal.size();
    SLIPCAST_ASSERT(states.position.size() == count && states.level.size() == count &&
                        states.signal.size() == count * signals && (!factors_.fast || y.size() == count),
                    "columns of one length");
    if (signals == 1 && factors_.fast && factors_.fast->is_affine() && !has_psi_) {
        // The common rule without what it does not need: the same operations in the same order.
        const double mean = factors_.fast->mean_variance();
        const double slope = factors_.fast->phi_slope();
        const double shift = shift_ / base_.parameters().trading_cost;
        const double m = constant_.position;
        const double n = constant_.level;
        const double p = constant_.signal.front();
        const double w = with_phi_;
        for (std::size_t i = 0; i < count; ++i) {
            const double gain = m + w * (slope * (y[i] - mean));
            trade[i] = gain * states.position[i] + (n * states.level[i] + shift + p * states.signal[i]);
        }
        return;
    }
    for (std::size_t i = 0; i < count; ++i) {
        trade[i] = decide(states.position[i], states.level[i], states.signal.subspan(i * signals, signals),
                          factors_.fast ? y[i] : 0.0);
    }
}

}  // namespace slipcast::control
