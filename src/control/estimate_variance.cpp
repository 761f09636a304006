#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "block_bootstrap.hpp"
#include "slipcast/control/calibrate.hpp"

namespace slipcast::control {
namespace {

using detail::BlockTotals;
using detail::not_identified;

constexpr int kSpeeds = 40;
/// Two factors closer than this are one.
constexpr double kLeastRatio = 3.0;
/// Share of the misfit of one exponential that the second has to take away.
constexpr double kLeastGain = 0.05;

/// Exponentials on a grid of speeds as they show in averages over a spacing (unit spacing).
struct Basis {
    std::vector<double> speed;
    std::vector<std::vector<double>> shape;  ///< by speed, by lag from 1

    Basis(double low, double high, int lags) {
        for (int i = 0; i < kSpeeds; ++i) {
            const double k = low * std::pow(high / low, i / (kSpeeds - 1.0));
            const double average = -std::expm1(-k) / k;
            speed.push_back(k);
            shape.emplace_back();
            for (int lag = 1; lag <= lags; ++lag) shape.back().push_back(average * average * std::exp(-k * (lag - 1)));
        }
    }
};

double dot(const std::vector<double>& a, const std::vector<double>& b) {
    double sum = 0.0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
    return sum;
}

struct Fit {
    double misfit = HUGE_VAL;
    std::array<double, 2> speed{};  ///< fast first; one component: [0]
    std::array<double, 2> weight{};
};

Fit one_component(const Basis& basis, const std::vector<double>& target) {
    Fit best;
    const double size = dot(target, target);
    for (std::size_t i = 0; i < basis.speed.size(); ++i) {
        const double along = dot(basis.shape[i], target);
        const double norm = dot(basis.shape[i], basis.shape[i]);
        const double misfit = size - along * along / norm;
        if (along > 0.0 && misfit < best.misfit) best = {misfit, {basis.speed[i], 0.0}, {along / norm, 0.0}};
    }
    return best;
}

Fit two_components(const Basis& basis, const std::vector<double>& target) {
    Fit best;
    const double size = dot(target, target);
    for (std::size_t i = 0; i < basis.speed.size(); ++i) {
        for (std::size_t j = i + 1; j < basis.speed.size(); ++j) {
            const double ii = dot(basis.shape[i], basis.shape[i]);
            const double jj = dot(basis.shape[j], basis.shape[j]);
            const double ij = dot(basis.shape[i], basis.shape[j]);
            const double it = dot(basis.shape[i], target);
            const double jt = dot(basis.shape[j], target);
            const double determinant = ii * jj - ij * ij;
            if (!(determinant > 1e-9 * ii * jj)) continue;
            const double slow = (it * jj - jt * ij) / determinant;
            const double fast = (jt * ii - it * ij) / determinant;
            const double misfit = size - slow * it - fast * jt;
            if (slow > 0.0 && fast > 0.0 && misfit < best.misfit) {
                best = {misfit, {basis.speed[j], basis.speed[i]}, {fast, slow}};
            }
        }
    }
    return best;
}

/// Mean and autocovariances of the whole from sums: count, sum, then for each lag count, sum of products, of first and
/// of second factors.
std::vector<double> autocovariance(std::span<const double> sums, int lags) {
    const double mean = sums[1] / sums[0];
    std::vector<double> made;
    for (int lag = 0; lag < lags; ++lag) {
        const std::span<const double> at = sums.subspan(2 + 4 * static_cast<std::size_t>(lag), 4);
        // No pair at a lag leaves zero: it takes no part in the fit.
        made.push_back(at[0] > 0.0 ? (at[1] - mean * (at[2] + at[3])) / at[0] + mean * mean : 0.0);
    }
    return made;
}

BlockTotals lag_totals(const BlockedSeries& series, int lags, bool joined) {
    const auto blocks = detail::runs(series.block);
    BlockTotals totals{.width = 2 + 4 * static_cast<std::size_t>(lags), .sums = {}};
    totals.sums.assign(totals.width * blocks.size(), 0.0);
    for (std::size_t b = 0; b < blocks.size(); ++b) {
        const std::span<double> sums = totals.block(b);
        const std::size_t end = joined ? series.values.size() : blocks[b].second;
        for (std::size_t i = blocks[b].first; i < blocks[b].second; ++i) {
            sums[0] += 1.0;
            sums[1] += series.values[i];
            for (std::size_t lag = 1; lag <= static_cast<std::size_t>(lags) && i + lag < end; ++lag) {
                const std::span<double> at = sums.subspan(2 + 4 * (lag - 1), 4);
                at[0] += 1.0;
                at[1] += series.values[i] * series.values[i + lag];
                at[2] += series.values[i];
                at[3] += series.values[i + lag];
            }
        }
    }
    return totals;
}

VarianceComponent component(const Estimate& speed, const Estimate& variance, double spacing) {
    return {.speed = {speed.value / spacing, speed.low / spacing, speed.high / spacing}, .variance = variance};
}

}  // namespace

Result<VarianceEstimate> estimate_variance(const BlockedSeries& variance, const CalibrationOptions& options) {
    SLIPCAST_CHECK(detail::validate_series(variance, {}, options));
    const int lags = options.max_lag;
    if (variance.values.size() < 4 * static_cast<std::size_t>(lags)) {
        return not_identified("variance", fmt::format("{}", variance.values.size()),
                              fmt::format("needs at least {} observations for {} lags", 4 * lags, lags));
    }
    const BlockTotals totals = lag_totals(variance, lags, options.joined);
    const double low = 1.0 / lags;
    const Basis basis(low / 3.0, 3.0, lags);
    const auto one = detail::bootstrapped(
        totals,
        [&](std::span<const double> sums) -> std::optional<std::vector<double>> {
            const Fit fit = one_component(basis, autocovariance(sums, lags));
            if (!std::isfinite(fit.misfit)) return std::nullopt;
            return std::vector<double>{sums[1] / sums[0], fit.speed[0], fit.weight[0]};
        },
        options);
    if (!one) return not_identified("variance", "", "the autocovariance of variance is not positive");
    const auto two = detail::bootstrapped(
        totals,
        [&](std::span<const double> sums) -> std::optional<std::vector<double>> {
            const std::vector<double> target = autocovariance(sums, lags);
            const Fit fit = two_components(basis, target);
            const Fit single = one_component(basis, target);
            if (!std::isfinite(fit.misfit) || fit.misfit > (1.0 - kLeastGain) * single.misfit) return std::nullopt;
            return std::vector<double>{fit.speed[0], fit.weight[0], fit.speed[1], fit.weight[1],
                                       fit.speed[0] / fit.speed[1]};
        },
        options);
    VarianceEstimate made{.mean = (*one)[0], .components = {}, .note = {}};
    const bool is_double = two && (*two)[4].low >= kLeastRatio && (*two)[0].high < 3.0 && (*two)[2].low > low / 3.0;
    if (is_double) {
        made.components = {component((*two)[0], (*two)[1], variance.spacing),
                           component((*two)[2], (*two)[3], variance.spacing)};
        return made;
    }
    const Estimate& speed = (*one)[1];
    if (speed.low <= low / 3.0 * 1.001 || speed.high >= 2.999) {
        return not_identified("variance_speed",
                              fmt::format("[{}, {}]", speed.low / variance.spacing, speed.high / variance.spacing),
                              fmt::format("must lie within what {} lags of {} days tell", lags, variance.spacing));
    }
    made.components = {component(speed, (*one)[2], variance.spacing)};
    made.note = two ? "a second factor's speed is not apart from the first's, or beyond what the lags tell"
                    : "a second exponential does not fit better in nine of ten resamples";
    return made;
}

}  // namespace slipcast::control
