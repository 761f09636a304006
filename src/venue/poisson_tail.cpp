#include "poisson_tail.hpp"

#include <array>
#include <cmath>

#include "slipcast/math/special.hpp"

namespace slipcast::venue::detail {
namespace {

constexpr int kNodes = 32;
constexpr double kDrop = 42.0;  ///< e^-42: what lies beyond is below a rounding of the rest

struct GaussLegendre {
    std::array<double, kNodes> node{};  ///< on [0, 1]
    std::array<double, kNodes> weight{};
};

GaussLegendre gauss_legendre() {
    GaussLegendre rule;
    for (int i = 0; i < kNodes; ++i) {
        // Newton's method on the Legendre polynomial from Chebyshev-like starts.
        double x = std::cos(3.14159265358979323846 * (i + 0.75) / (kNodes + 0.5));
        double slope = 1.0;
        for (int step = 0; step < 8; ++step) {
            double before = 1.0;
            double value = x;
            for (int n = 2; n <= kNodes; ++n) {
                const double next = ((2.0 * n - 1.0) * x * value - (n - 1.0) * before) / n;
                before = value;
                value = next;
            }
            slope = kNodes * (x * value - before) / (x * x - 1.0);
            x -= value / slope;
        }
        const auto at = static_cast<std::size_t>(i);
        rule.node[at] = 0.5 * (1.0 - x);
        rule.weight[at] = 1.0 / ((1.0 - x * x) * slope * slope);
    }
    return rule;
}

/// x - ln(1 + x) without cancellation.
double log_gap(double x) {
    if (std::abs(x) > 0.1) return x - std::log1p(x);
    // With y = x / (2 + x): ln(1 + x) = 2 (y + y^3/3 + y^5/5 + ...) and x = y (2 + x).
    const double y = x / (2.0 + x);
    const double square = y * y;
    double sum = 0.0;
    for (int odd = 21; odd >= 3; odd -= 2) sum = square * (sum + 1.0 / odd);
    return y * (x - 2.0 * sum);
}

/// ln(n!) less Stirling's leading terms.
double stirling_rest(double n) {
    if (n < 16.0) {
        return math::log_gamma(n + 1.0) - (n + 0.5) * std::log(n) + n - 0.91893853320467274178;
    }
    const double square = n * n;
    return (1.0 / 12 - (1.0 / 360 - (1.0 / 1260 - (1.0 / 1680 - 1.0 / 1188 / square) / square) / square) / square) / n;
}

/// P(N >= size) (`upper`) or P(N <= size), over P(N = size).
double series(std::int64_t size, double mean, bool upper) {
    double term = 1.0;
    double sum = 1.0;
    auto s = static_cast<double>(size);
    while (term > 1e-17 * sum) {
        term *= upper ? mean / (s + 1.0) : s / mean;
        s += upper ? 1.0 : -1.0;
        sum += term;
    }
    return sum;
}

/// Integral over distances u from the mean (downwards if `upper`) of the gamma density of shape `size` over its value
/// at the mean.
double integral(std::int64_t size, double mean, bool upper) {
    static const GaussLegendre kRule = gauss_legendre();
    const double power = static_cast<double>(size) - 1.0;
    const double sign = upper ? -1.0 : 1.0;
    // ln of the density's ratio: power ln(1 + sign u / mean) - sign u, taken through the slope at the mean and the gap.
    const double slope = sign * (power - mean) / mean;
    const auto drop = [&](double u) { return -slope * u + power * log_gap(sign * u / mean); };
    double end = upper ? mean : mean + 1.0;
    if (!upper) {
        while (drop(end) < kDrop) end *= 2.0;
    }
    if (!upper || drop(end * (1.0 - 1e-12)) > kDrop) {
        double low = 0.0;
        for (int step = 0; step < 60 && end - low > 1e-3 * end; ++step) {
            const double middle = 0.5 * (low + end);
            (drop(middle) < kDrop ? low : end) = middle;
        }
    }
    double sum = 0.0;
    for (std::size_t i = 0; i < kNodes; ++i) sum += kRule.weight[i] * std::exp(-drop(end * kRule.node[i]));
    return sum * end;
}

}  // namespace

double log_poisson(std::int64_t size, double mean) {
    if (size == 0) return -mean;
    const auto n = static_cast<double>(size);
    return -stirling_rest(n) - n * log_gap((mean - n) / n) - 0.5 * std::log(6.28318530717958647693 * n);
}

double poisson_tail(std::int64_t size, double mean) {
    const bool upper = static_cast<double>(size) > mean;
    if (mean < 200.0) {
        return upper ? std::exp(log_poisson(size, mean)) * series(size, mean, true)
                     : 1.0 - std::exp(log_poisson(size - 1, mean)) * series(size - 1, mean, false);
    }
    // The gamma density of shape `size` at `mean` is P(N = size - 1).
    const double outer = std::exp(log_poisson(size - 1, mean)) * integral(size, mean, upper);
    return upper ? outer : 1.0 - outer;
}

}  // namespace slipcast::venue::detail
