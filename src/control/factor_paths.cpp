#include "factor_paths.hpp"

#include <cmath>

#include "slipcast/math/sampling.hpp"

namespace slipcast::control::detail {
namespace {

bool is_independent(const Factor& factor) {
    for (const double correlation : factor.signal_correlation) {
        if (correlation != 0.0) return false;
    }
    return true;
}

}  // namespace

FactorPaths::Transition FactorPaths::transition(const Factor& factor, double step, bool exact) {
    const double time = factor.speed * step;
    const double squared = factor.volatility * factor.volatility;
    Transition way;
    way.kind = factor.kind;
    way.is_exact = exact;
    way.mean = factor.mean;
    way.decay = std::exp(-factor.mean_reversion * time);
    way.deviation = factor.deviation() * std::sqrt(-std::expm1(-2.0 * factor.mean_reversion * time));
    if (factor.kind == FactorKind::gaussian) return way;
    way.degrees = 4.0 * factor.mean_reversion * factor.mean / squared;
    way.scale = -squared * std::expm1(-factor.mean_reversion * time) / (4.0 * factor.mean_reversion);
    const double drift = factor.mean_reversion * factor.mean - 0.25 * squared;
    way.half_decay = std::exp(-0.5 * factor.mean_reversion * time);
    way.half_drift = -drift * std::expm1(-0.5 * factor.mean_reversion * time) / factor.mean_reversion;
    way.kick = 0.5 * factor.volatility * std::sqrt(time);
    return way;
}

FactorPaths::FactorPaths(const Parameters& parameters, const FactorModel& model, double step) {
    for (const Signal& signal : parameters.signals) {
        decay_.push_back(std::exp(-signal.decay * step));
        const double time = signal.decay > 0.0 ? -std::expm1(-2.0 * signal.decay * step) / (2.0 * signal.decay) : step;
        deviation_.push_back(std::sqrt(signal.variance * time));
    }
    const bool apart = model.correlation_between == 0.0;
    first_ = transition(model.first, step, is_independent(model.first) && (apart || !model.second));
    first_.loading.assign(decay_.size(), 0.0);
    const auto load = [](Transition& way, const Factor& factor) {
        double left = 1.0;
        for (std::size_t j = 0; j < factor.signal_correlation.size(); ++j) {
            way.loading[j] = factor.signal_correlation[j];
            left -= way.loading[j] * way.loading[j];
        }
        way.own = std::sqrt(left);
    };
    load(first_, model.first);
    if (!model.second) return;
    has_second_ = true;
    second_ = transition(*model.second, step, is_independent(*model.second) && apart);
    second_.loading.assign(decay_.size(), 0.0);
    load(second_, *model.second);
    double shared = model.correlation_between;
    for (std::size_t j = 0; j < decay_.size(); ++j) shared -= first_.loading[j] * second_.loading[j];
    second_.with_first = shared / first_.own;
    second_.own = std::sqrt(second_.own * second_.own - second_.with_first * second_.with_first);
}

double FactorPaths::moved(const Transition& way, double now, double normal, RandomStream& stream) {
    if (way.kind == FactorKind::gaussian) return way.mean + way.decay * (now - way.mean) + way.deviation * normal;
    if (!way.is_exact) {
        const double half = now * way.half_decay + way.half_drift;
        const double root = std::sqrt(half) + way.kick * normal;
        return root * root * way.half_decay + way.half_drift;
    }
    // scale x noncentral chi-square: one squared shifted normal and a central rest, or a mixture of central ones.
    const double noncentrality = now * way.decay / way.scale;
    if (way.degrees > 1.0) {
        const double shifted = normal + std::sqrt(noncentrality);
        return way.scale * (shifted * shifted + math::draw_gamma(stream, 0.5 * (way.degrees - 1.0), 2.0));
    }
    const auto pairs = static_cast<double>(math::draw_poisson(stream, 0.5 * noncentrality));
    return way.scale * math::draw_gamma(stream, 0.5 * way.degrees + pairs, 2.0);
}

void FactorPaths::advance(RandomStream& stream, std::vector<double>& signal, FactorState& factors) const {
    double first_normal = 0.0;
    double second_normal = 0.0;
    for (std::size_t j = 0; j < signal.size(); ++j) {
        const double normal = math::draw_normal(stream);
        signal[j] = decay_[j] * signal[j] + deviation_[j] * normal;
        first_normal += first_.loading[j] * normal;
        if (has_second_) second_normal += second_.loading[j] * normal;
    }
    const double own = math::draw_normal(stream);
    factors.first = moved(first_, factors.first, first_normal + first_.own * own, stream);
    if (!has_second_) return;
    second_normal += second_.with_first * own + second_.own * math::draw_normal(stream);
    factors.second = moved(second_, factors.second, second_normal, stream);
}

}  // namespace slipcast::control::detail
