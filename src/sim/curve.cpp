#include "slipcast/sim/curve.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "slipcast/core/assert.hpp"

namespace slipcast::sim {

Result<VolumeCurve> VolumeCurve::create(std::vector<double> shares) {
    double total = 0.0;
    for (const double share : shares) {
        if (!std::isfinite(share) || share < 0.0) {
            return invalid_value("curve.shares", fmt::format("{}", share), "every share must be finite and >= 0");
        }
        total += share;
    }
    if (!(total > 0.0) || !std::isfinite(total)) {
        return invalid_value("curve.shares", fmt::format("{}", total), "shares must have a positive, finite sum");
    }
    VolumeCurve curve;
    curve.cumulative_.assign(1, 0.0);
    double sum = 0.0;
    for (const double share : shares) {
        sum += share;
        curve.cumulative_.push_back(std::min(1.0, sum / total));
    }
    curve.cumulative_.back() = 1.0;
    return curve;
}

VolumeCurve VolumeCurve::generic() {
    constexpr int kBins = 26;
    std::vector<double> shares;
    for (int bin = 0; bin < kBins; ++bin) {
        const double x = (bin + 0.5) / kBins;
        shares.push_back(1.0 + 1.6 * std::exp(-x / 0.10) + 2.2 * std::exp(-(1.0 - x) / 0.10));
    }
    auto curve = create(std::move(shares));
    return std::move(curve).value();
}

double VolumeCurve::cumulative(double fraction) const {
    SLIPCAST_ASSERT(!std::isnan(fraction), "a fraction of a session is a number");
    const auto bins = static_cast<double>(cumulative_.size() - 1);
    const double position = std::clamp(fraction, 0.0, 1.0) * bins;
    const auto bin = std::min(static_cast<std::size_t>(position), cumulative_.size() - 2);
    const double within = position - static_cast<double>(bin);
    return cumulative_[bin] + within * (cumulative_[bin + 1] - cumulative_[bin]);
}

}  // namespace slipcast::sim
