#include "slipcast/control/calibrate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "block_bootstrap.hpp"

namespace slipcast::control {
namespace {

using detail::BlockTotals;
using detail::not_identified;

/// Values of beta x spacing that the impact profile tries, after zero.
constexpr int kDecays = 60;
constexpr double kLeastDecay = 1e-3;
constexpr double kMostDecay = 2.0;

/// n (1 - phi) of a random walk stays below this 95 times in 100 (Fuller 1976, table 8.5.1, with a mean).
constexpr double kUnitRoot = 14.1;

double decay_tried(int i) {
    return i == 0 ? 0.0 : kLeastDecay * std::pow(kMostDecay / kLeastDecay, (i - 1) / (kDecays - 1.0));
}

/// phi of x(t + h) = phi x(t) + noise around the common mean, and its bias of first order.
struct Regression {
    double phi = 0.0;
    double bias = 0.0;
    double noise = 0.0;  ///< variance of the step's noise
};

std::optional<Regression> regression(std::span<const double> sums) {
    const double n = sums[0];
    const double xx = sums[3] - sums[1] * sums[1] / n;
    const double xy = sums[4] - sums[1] * sums[2] / n;
    const double yy = sums[5] - sums[2] * sums[2] / n;
    if (!(n > 4.0) || !(xx > 0.0)) return std::nullopt;
    Regression made;
    const double phi = xy / xx;
    made.bias = -(1.0 + 3.0 * phi) / n;
    made.phi = phi - made.bias;
    made.noise = (yy - phi * xy) / n;
    return made;
}

}  // namespace

Settings CalibrationOptions::settings() {
    Settings all;
    all.number("confidence", "", confidence, {.low = 0.5, .high = 0.999}, "of the intervals")
        .integer("resamples", "", resamples, 100, 100'000, "resamples of whole blocks behind an interval")
        .seed("seed", seed, "seed of the resamples")
        .integer("max_lag", "intervals", max_lag, 4, 10'000, "lags over which the variance's autocovariance is read");
    return all;
}

Result<void> CalibrationOptions::validate() const {
    CalibrationOptions copy = *this;
    return copy.settings().validate();
}

Result<SignalEstimate> estimate_signal(const BlockedSeries& signal, const CalibrationOptions& options) {
    SLIPCAST_CHECK(detail::validate_series(signal, {}, options));
    const auto blocks = detail::runs(signal.block);
    BlockTotals totals{.width = 6, .sums = std::vector<double>(6 * blocks.size(), 0.0)};
    for (std::size_t b = 0; b < blocks.size(); ++b) {
        const std::span<double> sums = totals.block(b);
        for (std::size_t i = blocks[b].first; i + 1 < blocks[b].second; ++i) {
            const double x = signal.values[i];
            const double y = signal.values[i + 1];
            const double terms[] = {1.0, x, y, x * x, x * y, y * y};
            for (std::size_t c = 0; c < 6; ++c) sums[c] += terms[c];
        }
    }
    const auto phi = detail::bootstrapped(
        totals,
        [](std::span<const double> sums) -> std::optional<std::vector<double>> {
            const auto fit = regression(sums);
            if (!fit) return std::nullopt;
            return std::vector<double>{fit->phi};
        },
        options);
    if (!phi) return not_identified("signal_decay", "", "the signal does not vary");
    const std::string interval = fmt::format("phi in [{}, {}]", phi->front().low, phi->front().high);
    if (phi->front().low <= 0.0) {
        return not_identified("signal_decay", interval, "the signal decays within one spacing: observe it more often");
    }
    const double reverted = totals.total()[0] * (1.0 - phi->front().value);
    if (phi->front().high >= 1.0 || reverted < kUnitRoot) {
        return not_identified("signal_decay", interval, "no mean reversion measured: observe it for longer");
    }
    const double h = signal.spacing;
    const auto made = detail::bootstrapped(
        totals,
        [h](std::span<const double> sums) -> std::optional<std::vector<double>> {
            const auto fit = regression(sums);
            if (!fit || fit->phi <= 0.0 || fit->phi >= 1.0) return std::nullopt;
            const double decay = -std::log(fit->phi) / h;
            return std::vector<double>{decay, fit->noise * 2.0 * decay / (1.0 - fit->phi * fit->phi)};
        },
        options);
    if (!made) return not_identified("signal_decay", interval, "too many resamples without mean reversion");
    const auto whole = regression(totals.total());
    return SignalEstimate{.decay = (*made)[0],
                          .variance = (*made)[1],
                          .decay_bias = -std::log(whole->phi + whole->bias) / h - (*made)[0].value,
                          .pairs = static_cast<std::int64_t>(totals.total()[0])};
}

Result<Estimate> estimate_loading(const BlockedSeries& signal, std::span<const double> next_return, double decay,
                                  const CalibrationOptions& options) {
    SLIPCAST_CHECK(detail::validate_series(signal, {next_return}, options));
    if (!(decay >= 0.0)) return invalid_value("decay", fmt::format("{}", decay), "must be >= 0");
    const auto blocks = detail::runs(signal.block);
    BlockTotals totals{.width = 2, .sums = std::vector<double>(2 * blocks.size(), 0.0)};
    // A drift of x today is x (1 - e^(-kappa h))/kappa over the spacing.
    const double reach = decay > 0.0 ? -std::expm1(-decay * signal.spacing) / decay : signal.spacing;
    for (std::size_t b = 0; b < blocks.size(); ++b) {
        for (std::size_t i = blocks[b].first; i < blocks[b].second; ++i) {
            totals.block(b)[0] += signal.values[i] * next_return[i];
            totals.block(b)[1] += signal.values[i] * signal.values[i] * reach;
        }
    }
    const auto made = detail::bootstrapped(
        totals,
        [](std::span<const double> sums) -> std::optional<std::vector<double>> {
            if (!(sums[1] > 0.0)) return std::nullopt;
            return std::vector<double>{sums[0] / sums[1]};
        },
        options);
    if (!made) return not_identified("loading", "", "the signal does not vary");
    const Estimate& loading = made->front();
    if (loading.low <= 0.0 && loading.high >= 0.0) {
        return not_identified("loading", fmt::format("[{}, {}]", loading.low, loading.high),
                              "the signal must predict returns: the interval holds zero");
    }
    return loading;
}

Result<ImpactEstimate> estimate_impact(const BlockedSeries& returns, std::span<const double> flow,
                                       const CalibrationOptions& options) {
    SLIPCAST_CHECK(detail::validate_series(returns, {flow}, options));
    const auto blocks = detail::runs(returns.block);
    // Of each block and each decay tried: return x change of the unit level, and its square.
    BlockTotals totals{.width = 2 * (kDecays + 1), .sums = std::vector<double>(2 * (kDecays + 1) * blocks.size(), 0.0)};
    for (std::size_t b = 0; b < blocks.size(); ++b) {
        const std::span<double> sums = totals.block(b);
        for (int d = 0; d <= kDecays; ++d) {
            const double decay = decay_tried(d);
            const double keep = std::exp(-decay);
            const double reach = decay > 0.0 ? -std::expm1(-decay) / decay : 1.0;
            double level = 0.0;
            for (std::size_t i = blocks[b].first; i < blocks[b].second; ++i) {
                const double next = keep * level + reach * flow[i];
                const double change = next - level;
                level = next;
                sums[static_cast<std::size_t>(2 * d)] += returns.values[i] * change;
                sums[static_cast<std::size_t>(2 * d + 1)] += change * change;
            }
        }
    }
    const auto best = [](std::span<const double> sums) -> std::optional<std::vector<double>> {
        int chosen = -1;
        double explained = 0.0;
        for (int d = 0; d <= kDecays; ++d) {
            const auto at = static_cast<std::size_t>(2 * d);
            if (!(sums[at + 1] > 0.0)) return std::nullopt;
            const double gain = sums[at] * std::abs(sums[at]) / sums[at + 1];
            if (chosen < 0 || gain > explained) {
                chosen = d;
                explained = gain;
            }
        }
        const auto at = static_cast<std::size_t>(2 * chosen);
        return std::vector<double>{sums[at] / sums[at + 1], decay_tried(chosen), sums[0] / sums[1]};
    };
    const auto made = detail::bootstrapped(totals, best, options);
    if (!made) return not_identified("impact", "", "there is no flow");
    const Estimate& profiled = (*made)[0];
    const Estimate& decay = (*made)[1];
    const Estimate& lasting = (*made)[2];
    if (lasting.low <= 0.0) {
        return not_identified("impact", fmt::format("[{}, {}]", lasting.low, lasting.high),
                              "returns must move with the flow: the interval reaches zero");
    }
    ImpactEstimate estimate{.impact = lasting, .decay = std::nullopt, .note = {}};
    if (decay.low <= 0.0 || decay.high >= kMostDecay || decay.value >= kMostDecay) {
        estimate.note = fmt::format(
            "impact_decay is not identified: its interval is [{:.3g}, {:.3g}] a spacing; impact is "
            "that of decay 0",
            decay.low, decay.high);
        return estimate;
    }
    const double h = returns.spacing;
    estimate.impact = profiled;
    estimate.decay = Estimate{decay.value / h, decay.low / h, decay.high / h};
    return estimate;
}

Result<CostEstimate> estimate_trading_cost(const BlockedSeries& slippage, std::span<const double> rate,
                                           std::span<const double> weight, const CalibrationOptions& options) {
    SLIPCAST_CHECK(detail::validate_series(slippage, {rate, weight}, options));
    const auto blocks = detail::runs(slippage.block);
    BlockTotals totals{.width = 5, .sums = std::vector<double>(5 * blocks.size(), 0.0)};
    for (std::size_t b = 0; b < blocks.size(); ++b) {
        for (std::size_t i = blocks[b].first; i < blocks[b].second; ++i) {
            const double w = weight[i];
            const double u = std::abs(rate[i]);
            const double s = slippage.values[i];
            const double terms[] = {w, w * u, w * s, w * u * u, w * u * s};
            for (std::size_t c = 0; c < 5; ++c) totals.block(b)[c] += terms[c];
        }
    }
    const auto made = detail::bootstrapped(
        totals,
        [](std::span<const double> sums) -> std::optional<std::vector<double>> {
            if (!(sums[0] > 0.0)) return std::nullopt;
            const double spread = sums[3] - sums[1] * sums[1] / sums[0];
            if (!(spread > 1e-12 * sums[3])) return std::nullopt;
            const double slope = (sums[4] - sums[1] * sums[2] / sums[0]) / spread;
            return std::vector<double>{2.0 * slope, (sums[2] - slope * sums[1]) / sums[0]};
        },
        options);
    if (!made) return not_identified("trading_cost", "", "rates do not vary");
    const Estimate& cost = made->front();
    if (cost.low <= 0.0) {
        return not_identified("trading_cost", fmt::format("[{}, {}]", cost.low, cost.high),
                              "slippage must rise with the rate: the interval reaches zero");
    }
    return CostEstimate{
        .trading_cost = cost, .fixed = (*made)[1], .orders = static_cast<std::int64_t>(slippage.values.size())};
}

}  // namespace slipcast::control
