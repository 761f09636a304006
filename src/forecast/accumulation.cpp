#include "accumulation.hpp"

#include <algorithm>
#include <cmath>

#include "slipcast/core/assert.hpp"
#include "slipcast/math/statistics.hpp"
#include "slipcast/math/student.hpp"

namespace slipcast::forecast {
namespace {

/// Nearer to the ends of the curve, the noise of shares says little about k: log shares there are far from normal.
constexpr double kFirstShare = 0.1;
constexpr double kLastShare = 0.9;
constexpr double kUpperTail = 0.9;  ///< a central 80 % band

double total_of(const PastAmounts& session) {
    return math::pairwise_sum(session.bins);
}

/// Mean over the points of the curve of log(share / F)^2 F / (1 - F): one session's estimate of k.
double share_noise(const PastAmounts& session, double total, std::span<const double> curve) {
    math::Moments noise;
    double seen = 0.0;
    for (std::size_t bin = 0; bin < curve.size(); ++bin) {
        seen += session.bins[bin];
        const double share = curve[bin];
        if (share < kFirstShare || share > kLastShare || seen <= 0.0) continue;
        const double deviation = std::log(seen / total / share);
        noise.add(deviation * deviation * share / (1.0 - share));
    }
    return noise.mean().value_or(0.0);
}

/// The same over single bins. A bin of zero has no logarithm and is left out.
double bin_noise(const PastAmounts& session, double total, std::span<const double> curve) {
    math::Moments noise;
    double before = 0.0;
    for (std::size_t bin = 0; bin < curve.size(); ++bin) {
        const double share = curve[bin] - before;
        before = curve[bin];
        if (session.bins[bin] <= 0.0 || share <= 0.0 || share >= 1.0) continue;
        const double deviation = std::log(session.bins[bin] / total / share);
        noise.add(deviation * deviation * share / (1.0 - share));
    }
    return noise.mean().value_or(0.0);
}

/// A prior variance pooled with `squares`, a sum of squared deviations that has `degrees` degrees of freedom.
double pooled(double prior_deviation, double prior_weight, double squares, double degrees) {
    return (prior_weight * prior_deviation * prior_deviation + squares) / (prior_weight + degrees);
}

}  // namespace

std::optional<Accumulation> Accumulation::fit(std::span<const PastAmounts> past, const AccumulationPrior& prior) {
    const auto weight = [&](const PastAmounts& session) { return std::exp2(-session.age / prior.half_life); };
    Accumulation model;
    math::Moments log_total;
    std::vector<double> curve;
    for (const PastAmounts& session : past) {
        const double total = total_of(session);
        if (total <= 0.0) continue;
        log_total.add(std::log(total), weight(session));
        curve.resize(session.bins.size());
        for (std::size_t bin = 0; bin < curve.size(); ++bin) curve[bin] += weight(session) * session.bins[bin] / total;
        ++model.sessions_;
    }
    if (model.sessions_ == 0) return std::nullopt;

    double reached = 0.0;
    for (double& share : curve) share = reached += share / log_total.weight();
    for (double& share : curve) share = std::min(share / reached, 1.0);
    model.curve_ = std::move(curve);

    math::Moments noise, noise_of_bins;
    for (const PastAmounts& session : past) {
        const double total = total_of(session);
        if (total <= 0.0) continue;
        noise.add(share_noise(session, total, model.curve_), weight(session));
        noise_of_bins.add(bin_noise(session, total, model.curve_), weight(session));
    }
    const double count = log_total.effective_count();
    const double degrees = count - 1.0;
    const double unseen = 1.0 + 1.0 / count;  // a new session, and the error of the mean
    model.mean_ = *log_total.mean();
    model.variance_ =
        unseen * pooled(prior.total_dispersion, prior.sessions, degrees * log_total.variance().value_or(0.0), degrees);
    model.share_noise_ = unseen * pooled(prior.share_dispersion, prior.sessions, count * *noise.mean(), degrees);
    const auto bins = static_cast<double>(model.curve_.size());
    const double prior_bin = prior.bin_dispersion / std::sqrt(std::max(1.0, bins - 1.0));  // w / (1 - w), w = 1 / bins
    model.bin_noise_ = unseen * pooled(prior_bin, prior.sessions, count * *noise_of_bins.mean(), degrees);
    model.band_factor_ = math::student_quantile(kUpperTail, prior.sessions + degrees);
    return model;
}

double Accumulation::share_by(double bins) const {
    SLIPCAST_ASSERT(bins >= 0.0, "a point of the session");
    const auto whole = static_cast<std::size_t>(bins);
    if (whole >= curve_.size()) return 1.0;
    const double before = whole == 0 ? 0.0 : curve_[whole - 1];
    return before + (bins - static_cast<double>(whole)) * (curve_[whole] - before);
}

double Accumulation::noise_of(double share) const {
    const auto bins = static_cast<double>(curve_.size());
    if (bins <= 2.0) return share_noise_;
    const double scale = std::clamp(std::log(share * bins) / std::log(0.5 * bins), 0.0, 1.0);
    return std::pow(share_noise_, scale) * std::pow(bin_noise_, 1.0 - scale);
}

std::optional<Band> Accumulation::to_come(const Question& question) const {
    const double w = question.share;
    if (w <= 0.0) return std::nullopt;
    const double seen = question.seen_share;
    const double rest = std::max(1.0 - seen, w);  // R
    const double part_noise = share_noise_ * (1.0 / rest - 1.0) + noise_of(w) * (1.0 / w - 1.0 / rest);
    double center = mean_ - 0.5 * part_noise;
    double variance = variance_ + part_noise;
    if (question.seen > 0.0 && seen > 0.0) {
        const double seen_noise = share_noise_ * (1.0 / seen - 1.0);
        const double b = (variance_ - share_noise_) / (variance_ + seen_noise);
        center += b * (std::log(question.seen / seen) - mean_ + 0.5 * seen_noise);
        variance -= b * b * (variance_ + seen_noise);
    }
    const double half = band_factor_ * std::sqrt(std::max(0.0, variance));
    const double log_median = center + std::log(w);
    return Band{std::exp(log_median), std::exp(log_median - half), std::exp(log_median + half)};
}

}  // namespace slipcast::forecast
