#include "slipcast/control/factors.hpp"

#include <fmt/format.h>

#include <cmath>

namespace slipcast::control {
namespace {

Result<void> positive(const std::string& field, double value) {
    if (std::isfinite(value) && value > 0.0) return {};
    return invalid_value(field, fmt::format("{}", value), "must be finite and > 0");
}

double correlation_with(const Factor& factor, std::size_t signal) {
    return factor.signal_correlation.empty() ? 0.0 : factor.signal_correlation[signal];
}

}  // namespace

Result<void> Factor::validate(const std::string& name, std::size_t signals) const {
    if (!std::isfinite(mean)) return invalid_value(name + ".mean", fmt::format("{}", mean), "must be finite");
    if (kind == FactorKind::square_root) SLIPCAST_CHECK(positive(name + ".mean", mean));
    SLIPCAST_CHECK(positive(name + ".mean_reversion", mean_reversion));
    SLIPCAST_CHECK(positive(name + ".volatility", volatility));
    SLIPCAST_CHECK(positive(name + ".speed", speed));
    if (!signal_correlation.empty() && signal_correlation.size() != signals) {
        return Error{ErrorCode::inconsistent,
                     name + ".signal_correlation",
                     fmt::format("{}", signal_correlation.size()),
                     fmt::format("needs one number a signal ({})", signals),
                     {}};
    }
    double squared = 0.0;
    for (const double correlation : signal_correlation) {
        if (!std::isfinite(correlation)) {
            return invalid_value(name + ".signal_correlation", fmt::format("{}", correlation), "must be finite");
        }
        squared += correlation * correlation;
    }
    if (squared < 1.0) return {};
    return invalid_value(name + ".signal_correlation", fmt::format("{}", squared), "sum of squares must be < 1");
}

double Factor::deviation() const {
    const double scale = volatility / std::sqrt(2.0 * mean_reversion);
    return kind == FactorKind::square_root ? scale * std::sqrt(mean) : scale;
}

Result<void> FactorModel::validate(std::size_t signals) const {
    SLIPCAST_CHECK(first.validate("first", signals));
    if (!variance && (second || first.kind != FactorKind::square_root)) {
        return Error{ErrorCode::missing_field,
                     "variance",
                     "",
                     "give the variance as a function of the factors: only a lone square_root factor is one itself",
                     {}};
    }
    if (!second) return {};
    SLIPCAST_CHECK(second->validate("second", signals));
    double shared = correlation_between;
    double first_left = 1.0;
    double second_left = 1.0;
    for (std::size_t j = 0; j < signals; ++j) {
        const double one = correlation_with(first, j);
        const double two = correlation_with(*second, j);
        shared -= one * two;
        first_left -= one * one;
        second_left -= two * two;
    }
    if (std::isfinite(shared) && shared * shared < first_left * second_left) return {};
    return invalid_value("correlation_between", fmt::format("{}", correlation_between),
                         "the correlations of signals and factors must form a positive definite matrix");
}

double FactorModel::variance_at(const FactorState& state) const {
    return variance ? variance(state.first, state.second) : state.first;
}

}  // namespace slipcast::control
