#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "slipcast/control/fast_factor.hpp"

namespace slipcast::control {
namespace {

constexpr std::size_t kPoints = 8;
/// Gauss-Legendre on [-1, 1] (Abramowitz and Stegun 1964, table 25.4).
constexpr std::array<double, kPoints> kNode = {-0.9602898564975363, -0.7966664774136267, -0.5255324099163290,
                                               -0.1834346424956498, 0.1834346424956498,  0.5255324099163290,
                                               0.7966664774136267,  0.9602898564975363};
constexpr std::array<double, kPoints> kWeight = {0.1012285362903763, 0.2223810344533745, 0.3137066458778873,
                                                 0.3626837833783620, 0.3626837833783620, 0.3137066458778873,
                                                 0.2223810344533745, 0.1012285362903763};
/// Below exp(-kDeep) of its largest value the invariant density is left out.
constexpr double kDeep = 60.0;

using Points = std::array<double, kPoints>;

/// Row k: weights of the integral from -1 to node k, exact for polynomials of degree 7.
std::array<Points, kPoints> running_weights() {
    std::array<Points, kPoints> rows{};
    for (std::size_t k = 0; k < kPoints; ++k) {
        const double half = 0.5 * (kNode[k] + 1.0);
        for (std::size_t j = 0; j < kPoints; ++j) {
            for (std::size_t i = 0; i < kPoints; ++i) {
                const double at = half * (kNode[i] + 1.0) - 1.0;
                double basis = 1.0;
                for (std::size_t other = 0; other < kPoints; ++other) {
                    if (other != j) basis *= (at - kNode[other]) / (kNode[j] - kNode[other]);
                }
                rows[k][j] += half * kWeight[i] * basis;
            }
        }
    }
    return rows;
}

/// A function on the cells: at the points inside, and at the ends of every cell.
struct Sampled {
    std::vector<Points> inside;
    std::vector<double> ends;

    explicit Sampled(std::size_t cells) : inside(cells), ends(cells + 1, 0.0) {}
};

}  // namespace

/// Builds the curves of a factor on equal cells.
class FastTable {
public:
    FastTable(const FastDynamics& dynamics, int cells)
        : dynamics_(dynamics),
          cells_(static_cast<std::size_t>(cells)),
          running_(running_weights()),
          low_(dynamics.low),
          width_((dynamics.high - dynamics.low) / cells),
          variance_(cells_),
          volatility_(cells_),
          log_scale_(cells_),
          density_(cells_) {}

    Result<FastFactor> build() {
        SLIPCAST_CHECK(sample());
        SLIPCAST_CHECK(trim());
        normalize();
        FastFactor made;
        made.mean_variance_ = mean(variance_);
        Sampled centered = variance_;
        shift(centered, -made.mean_variance_);
        const auto [phi, phi_slope] = solved(centered);
        const auto [psi, psi_slope] = solved(phi);
        made.time_scale_ = 1.0 / dynamics_.speed;
        made.signal_correlation_ = dynamics_.signal_correlation;
        made.phi_squared_ = mean(product(phi, phi));
        made.volatility_phi_ = mean(product(volatility_, phi_slope));
        made.volatility_psi_ = mean(product(volatility_, psi_slope));
        made.low_ = low_;
        made.width_ = width_;
        made.phi_ = {phi.ends, phi_slope.ends};
        made.psi_ = {psi.ends, psi_slope.ends};
        for (std::size_t c = 0; c <= cells_; ++c) made.probes_.push_back(low_ + width_ * static_cast<double>(c));
        return made;
    }

private:
    [[nodiscard]] double at(std::size_t cell, std::size_t point) const {
        return low_ + width_ * (static_cast<double>(cell) + 0.5 * (kNode[point] + 1.0));
    }

    Result<void> sample() {
        Sampled slope(cells_);
        for (std::size_t c = 0; c < cells_; ++c) {
            for (std::size_t k = 0; k < kPoints; ++k) {
                const double y = at(c, k);
                const double b = dynamics_.volatility(y);
                variance_.inside[c][k] = dynamics_.variance(y);
                volatility_.inside[c][k] = b;
                slope.inside[c][k] = 2.0 * dynamics_.drift(y) / (b * b);
                if (!(std::isfinite(variance_.inside[c][k]) && variance_.inside[c][k] > 0.0)) {
                    return refusal("variance", variance_.inside[c][k], y, "must be finite and > 0");
                }
                if (!(std::isfinite(b) && b > 0.0)) return refusal("volatility", b, y, "must be finite and > 0");
                if (!std::isfinite(slope.inside[c][k])) {
                    return refusal("drift", slope.inside[c][k], y, "2 drift/volatility^2 must be finite");
                }
            }
        }
        log_scale_ = integral(slope);
        return {};
    }

    static Error refusal(const char* field, double value, double y, const char* rule) {
        return invalid_value(field, fmt::format("{}", value), fmt::format("{}, also at factor {}", rule, y));
    }

    /// Leaves out cells at the ends where the density is nothing.
    Result<void> trim() {
        double top = -1e300;
        const auto height = [&](std::size_t c, std::size_t k) {
            return log_scale_.inside[c][k] - 2.0 * std::log(volatility_.inside[c][k]);
        };
        for (std::size_t c = 0; c < cells_; ++c) {
            for (std::size_t k = 0; k < kPoints; ++k) top = std::max(top, height(c, k));
        }
        std::size_t first = 0;
        std::size_t last = cells_;
        while (first < last && height(first, kPoints - 1) < top - kDeep) ++first;
        while (last > first && height(last - 1, 0) < top - kDeep) --last;
        if (last - first < 16) {
            return invalid_value("cells", fmt::format("{} of {}", last - first, cells_),
                                 "at least 16 cells must hold density: narrow low and high or take more cells");
        }
        for (Sampled* column : {&variance_, &volatility_, &log_scale_}) cut(*column, first, last);
        density_ = Sampled(last - first);
        low_ += width_ * static_cast<double>(first);
        cells_ = last - first;
        top_ = top;
        return {};
    }

    static void cut(Sampled& column, std::size_t first, std::size_t last) {
        const auto from = static_cast<std::ptrdiff_t>(first);
        const auto to = static_cast<std::ptrdiff_t>(last);
        column.inside = std::vector<Points>(column.inside.begin() + from, column.inside.begin() + to);
        column.ends = std::vector<double>(column.ends.begin() + from, column.ends.begin() + to + 1);
    }

    /// The invariant density, so that the mean of one is one.
    void normalize() {
        double total = 0.0;
        for (std::size_t c = 0; c < cells_; ++c) {
            for (std::size_t k = 0; k < kPoints; ++k) {
                const double b = volatility_.inside[c][k];
                density_.inside[c][k] = std::exp(log_scale_.inside[c][k] - top_) / (b * b);
                total += 0.5 * width_ * kWeight[k] * density_.inside[c][k];
            }
        }
        top_ += std::log(total);
        for (Points& points : density_.inside) {
            for (double& value : points) value /= total;
        }
    }

    [[nodiscard]] double mean(const Sampled& f) const {
        double sum = 0.0;
        for (std::size_t c = 0; c < cells_; ++c) {
            for (std::size_t k = 0; k < kPoints; ++k) {
                sum += 0.5 * width_ * kWeight[k] * density_.inside[c][k] * f.inside[c][k];
            }
        }
        return sum;
    }

    /// From the first end.
    [[nodiscard]] Sampled integral(const Sampled& f) const {
        Sampled made(f.inside.size());
        double sum = 0.0;
        for (std::size_t c = 0; c < f.inside.size(); ++c) {
            made.ends[c] = sum;
            for (std::size_t k = 0; k < kPoints; ++k) {
                double part = 0.0;
                for (std::size_t j = 0; j < kPoints; ++j) part += running_[k][j] * f.inside[c][j];
                made.inside[c][k] = sum + 0.5 * width_ * part;
            }
            for (std::size_t k = 0; k < kPoints; ++k) sum += 0.5 * width_ * kWeight[k] * f.inside[c][k];
        }
        made.ends.back() = sum;
        return made;
    }

    static Sampled product(const Sampled& f, const Sampled& g) {
        Sampled made = f;
        for (std::size_t c = 0; c < f.inside.size(); ++c) {
            for (std::size_t k = 0; k < kPoints; ++k) made.inside[c][k] *= g.inside[c][k];
        }
        return made;
    }

    static void shift(Sampled& f, double by) {
        for (Points& points : f.inside) {
            for (double& value : points) value += by;
        }
        for (double& value : f.ends) value += by;
    }

    /// The integral of f from the last end, running down: minus what lies beyond.
    [[nodiscard]] Sampled integral_from_above(const Sampled& f) const {
        Sampled mirrored(cells_);
        for (std::size_t c = 0; c < cells_; ++c) {
            for (std::size_t k = 0; k < kPoints; ++k) {
                mirrored.inside[c][k] = f.inside[cells_ - 1 - c][kPoints - 1 - k];
            }
        }
        const Sampled sums = integral(mirrored);
        Sampled made(cells_);
        for (std::size_t c = 0; c < cells_; ++c) {
            for (std::size_t k = 0; k < kPoints; ++k) {
                made.inside[c][k] = -sums.inside[cells_ - 1 - c][kPoints - 1 - k];
            }
        }
        for (std::size_t c = 0; c <= cells_; ++c) made.ends[c] = -sums.ends[cells_ - c];
        return made;
    }

    /// f and f' with L0 f = source, <source> = <f> = 0. The flux is summed from the nearer end, where it starts at
    /// zero: far out it is the difference of large equal parts otherwise.
    [[nodiscard]] std::pair<Sampled, Sampled> solved(const Sampled& source) const {
        const Sampled weighted = product(source, density_);
        const Sampled from_below = integral(weighted);
        const Sampled from_above = integral_from_above(weighted);
        const std::vector<double> mass = integral(density_).ends;
        Sampled slope(cells_);
        for (std::size_t c = 0; c <= cells_; ++c) {
            const Sampled& flux = mass[c] < 0.5 ? from_below : from_above;
            slope.ends[c] = 2.0 * flux.ends[c] * std::exp(top_ - log_scale_.ends[c]);
            for (std::size_t k = 0; k < kPoints && c < cells_; ++k) {
                slope.inside[c][k] = 2.0 * flux.inside[c][k] * std::exp(top_ - log_scale_.inside[c][k]);
            }
        }
        Sampled made = integral(slope);
        shift(made, -mean(made));
        return {std::move(made), std::move(slope)};
    }

    const FastDynamics& dynamics_;
    std::size_t cells_;
    std::array<Points, kPoints> running_;
    double low_;
    double width_;
    double top_ = 0.0;  ///< ln of the factor between exp(log_scale)/b^2 and the density
    Sampled variance_;  ///< ends are not sampled: nothing reads them
    Sampled volatility_;
    Sampled log_scale_;  ///< integral of 2 drift/volatility^2
    Sampled density_;
};

Result<FastFactor> FastFactor::general(const FastDynamics& dynamics, int cells) {
    if (!(std::isfinite(dynamics.low) && std::isfinite(dynamics.high) && dynamics.low < dynamics.high)) {
        return invalid_value("low", fmt::format("{} to {}", dynamics.low, dynamics.high),
                             "low and high must be finite, low < high");
    }
    if (!(std::isfinite(dynamics.speed) && dynamics.speed > 0.0)) {
        return invalid_value("speed", fmt::format("{}", dynamics.speed), "must be finite and > 0");
    }
    if (cells < 16 || cells > 100'000) {
        return invalid_value("cells", fmt::format("{}", cells), "must be in [16, 100000]");
    }
    double squared = 0.0;
    for (const double correlation : dynamics.signal_correlation) squared += correlation * correlation;
    if (!(squared < 1.0)) {
        return invalid_value("signal_correlation", fmt::format("{}", squared), "sum of squares must be < 1");
    }
    return FastTable(dynamics, cells).build();
}

Result<FastFactor> FastFactor::gaussian(const Factor& factor, std::function<double(double)> variance,
                                        double deviations) {
    SLIPCAST_CHECK(factor.validate("fast", factor.signal_correlation.size()));
    if (factor.kind != FactorKind::gaussian) {
        return invalid_value("fast.kind", "square_root", "must be gaussian: a square_root factor has its own form");
    }
    FastDynamics dynamics;
    dynamics.variance = std::move(variance);
    dynamics.drift = [factor](double y) { return factor.mean_reversion * (factor.mean - y); };
    dynamics.volatility = [factor](double) { return factor.volatility; };
    dynamics.low = factor.mean - deviations * factor.deviation();
    dynamics.high = factor.mean + deviations * factor.deviation();
    dynamics.speed = factor.speed;
    dynamics.signal_correlation = factor.signal_correlation;
    return general(dynamics);
}

}  // namespace slipcast::control
