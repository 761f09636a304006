#pragma once

#include <cmath>
#include <functional>
#include <limits>
#include <optional>
#include <span>

namespace slipcast::venue::detail {

using Objective = std::function<double(double)>;

/// A point and the objective there.
struct Peak {
    double at = 0.0;
    double value = -std::numeric_limits<double>::infinity();
    std::optional<double> curvature = {};  ///< minus the second derivative, where it is known exactly
};

/// The maximum of an objective with one peak in [low, high], by golden sections and parabolas, to about 1e-8 of the
/// scale of x (the objective's own rounding does not tell points apart below that).
/// Source: Brent 1973, "Algorithms for minimization without derivatives", chapter 5.
[[nodiscard]] Peak peak_between(const Objective& objective, double low, double high);

/// The largest maximum over ascending `points` and between them: every point that no neighbor exceeds is refined
/// between its neighbors. The end points themselves count.
[[nodiscard]] Peak highest_peak(const Objective& objective, std::span<const double> points);

/// Where the objective, which falls from `inside` towards `outside`, crosses `level`; NaN when it stays above.
[[nodiscard]] double crossing(const Objective& objective, double inside, double outside, double level);

}  // namespace slipcast::venue::detail
