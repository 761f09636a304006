#include "grid_density.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace slipcast::venue::detail {
namespace {

/// Beyond an end: x steps outwards from `end`, whose neighbors inwards are `next` and `third`.
double extended(double end, double next, double third, double x) {
    const double slope = 1.5 * end - 2.0 * next + 0.5 * third;  // outwards
    const double bend = std::min(0.0, end - 2.0 * next + third);
    return end + x * (slope + 0.5 * bend * x);
}

}  // namespace

double GridLikelihood::at(double x) const {
    const std::size_t last = values.size() - 1;
    const double position = (x - first) / step;
    if (position <= 0.0) return extended(values[0], values[1], values[2], -position);
    const double beyond = position - static_cast<double>(last);
    if (beyond >= 0.0) return extended(values[last], values[last - 1], values[last - 2], beyond);
    // The cubic through four neighbors.
    const std::size_t i = std::clamp<std::size_t>(static_cast<std::size_t>(position), 1, last - 2);
    const double t = position - static_cast<double>(i);
    const double before = values[i - 1];
    const double low = values[i];
    const double high = values[i + 1];
    const double after = values[i + 2];
    const double second = 0.5 * (before + high) - low;
    const double third = (after - before) / 6.0 - 0.5 * (high - low);
    return low + t * (high - low - second - third + t * (second + t * third));
}

double log_density(const Gaussian& normal, double x) {
    const double gap = x - normal.mean;
    return -0.5 * (std::log(2.0 * std::numbers::pi * normal.variance) + gap * gap / normal.variance);
}

void GridDensity::normalize() {
    double sum = 0.0;
    for (const double weight : weights) sum += weight;
    for (double& weight : weights) weight /= sum;
}

Gaussian GridDensity::moments() const {
    Gaussian made;
    for (std::size_t i = 0; i < weights.size(); ++i) made.mean += weights[i] * point(i);
    for (std::size_t i = 0; i < weights.size(); ++i) {
        const double gap = point(i) - made.mean;
        made.variance += weights[i] * gap * gap;
    }
    return made;
}

double GridDensity::quantile(double probability) const {
    double below = 0.0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        if (below + weights[i] >= probability && weights[i] > 0.0) {
            return point(i) + step * ((probability - below) / weights[i] - 0.5);
        }
        below += weights[i];
    }
    return point(weights.size() - 1);
}

}  // namespace slipcast::venue::detail
