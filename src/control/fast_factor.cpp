#include "slipcast/control/fast_factor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "slipcast/math/special.hpp"

namespace slipcast::control {

double FastFactor::tabled(const Curve& curve, double y) const {
    const auto cells = static_cast<double>(curve.value.size() - 1);
    const double place = std::clamp((y - low_) / width_, 0.0, cells);
    const auto cell = static_cast<std::size_t>(std::min(place, cells - 1.0));
    const double t = place - static_cast<double>(cell);
    const double s = 1.0 - t;
    return s * s * (1.0 + 2.0 * t) * curve.value[cell] + t * t * (1.0 + 2.0 * s) * curve.value[cell + 1] +
           width_ * s * t * (s * curve.slope[cell] - t * curve.slope[cell + 1]);
}

Result<FastFactor> FastFactor::square_root(const Factor& factor) {
    SLIPCAST_CHECK(factor.validate("fast", factor.signal_correlation.size()));
    if (factor.kind != FactorKind::square_root) {
        return invalid_value("fast.kind", "gaussian", "a factor that is the variance itself must be square_root");
    }
    const double theta = factor.mean_reversion;
    const double xi = factor.volatility;
    FastFactor made;
    made.mean_variance_ = factor.mean;
    made.time_scale_ = 1.0 / factor.speed;
    made.signal_correlation_ = factor.signal_correlation;
    made.is_affine_ = true;
    made.phi_slope_ = -1.0 / theta;
    made.psi_slope_ = 1.0 / (theta * theta);
    made.phi_squared_ = xi * xi * factor.mean / (2.0 * theta * theta * theta);
    // The invariant distribution is gamma with this shape and scale.
    const double shape = 2.0 * theta * factor.mean / (xi * xi);
    const double scale = xi * xi / (2.0 * theta);
    const double mean_root = std::sqrt(scale) * std::exp(math::log_gamma(shape + 0.5) - math::log_gamma(shape));
    made.volatility_phi_ = -xi * mean_root / theta;
    made.volatility_psi_ = xi * mean_root / (theta * theta);
    made.probes_ = {0.0, factor.mean};
    return made;
}

}  // namespace slipcast::control
