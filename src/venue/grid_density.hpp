#pragma once

#include <cstddef>
#include <vector>

namespace slipcast::venue::detail {

/// ln likelihood of one quantity, given at equally spaced points: between them a cubic, beyond them the parabola of the
/// end, or a line where that would turn upwards.
struct GridLikelihood {
    double first = 0.0;
    double step = 1.0;
    std::vector<double> values;  ///< at least four

    [[nodiscard]] double point(std::size_t i) const { return first + step * static_cast<double>(i); }
    [[nodiscard]] double at(double x) const;
};

struct Gaussian {
    double mean = 0.0;
    double variance = 0.0;
};
[[nodiscard]] double log_density(const Gaussian& normal, double x);

/// A density on equally spaced points.
struct GridDensity {
    double first = 0.0;
    double step = 1.0;
    std::vector<double> weights;  ///< add up to 1

    [[nodiscard]] double point(std::size_t i) const { return first + step * static_cast<double>(i); }
    void normalize();
    [[nodiscard]] Gaussian moments() const;
    /// The point below which `probability` in (0, 1) lies; the distribution function is a line between points.
    [[nodiscard]] double quantile(double probability) const;
};

}  // namespace slipcast::venue::detail
