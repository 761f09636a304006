#pragma once

#include <algorithm>
#include <cmath>

namespace slipcast::venue::detail {

/// Weights of what was observed, as far as the presence (1 - zero bin) is concerned.
struct PresenceCounts {
    double filled = 0.0;
    double misses = 0.0;          ///< without a minimum: each adds ln(1 - presence)
    double minimum_misses = 0.0;  ///< each adds ln(1 - presence T(minimum))
};

/// The presence of largest likelihood, filled > 0. visit(f) calls f(weight, T(minimum)) for each group of misses with
/// a minimum. The likelihood is concave: Newton's method from `start`, kept between bounds that close in.
template <typename Visit>
[[nodiscard]] double best_presence(const PresenceCounts& counts, double start, const Visit& visit) {
    // A miss with a minimum pulls less than one without.
    double low = counts.filled / (counts.filled + counts.misses + counts.minimum_misses);
    double high = counts.filled / (counts.filled + counts.misses);
    double presence = std::clamp(start, low, high);
    for (int step = 0; step < 100 && high - low > 1e-15; ++step) {
        const double absence = 1.0 - presence;
        double slope = counts.filled / presence;
        double curvature = slope / presence;
        if (counts.misses > 0.0) {
            slope -= counts.misses / absence;
            curvature += counts.misses / (absence * absence);
        }
        visit([&](double weight, double tail) {
            const double pull = tail / (1.0 - presence * tail);
            slope -= weight * pull;
            curvature += weight * pull * pull;
        });
        (slope > 0.0 ? low : high) = presence;
        const double newton = presence + slope / curvature;
        const double next = newton > low && newton < high ? newton : 0.5 * (low + high);
        if (std::abs(next - presence) < 1e-15) return next;
        presence = next;
    }
    return presence;
}

}  // namespace slipcast::venue::detail
