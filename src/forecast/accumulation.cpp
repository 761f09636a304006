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

/// What one session says of the noise of shares: means over parts of d^2 f and -2 d f, where d = log(share / F) and
/// f = F / (1 - F). The first estimates k; the second is k too when the mean of d is as far below 0 as a log-normal's
/// around the true mean share, and less when F was fitted to these same sessions.
class ShareNoise {
public:
    void add(double share, double expected) {
        const double deviation = std::log(share / expected);
        const double factor = expected / (1.0 - expected);
        squares_.add(deviation * deviation * factor);
        gap_.add(-2.0 * deviation * factor);
    }
    [[nodiscard]] double squares() const { return squares_.mean().value_or(0.0); }
    [[nodiscard]] double gap() const { return gap_.mean().value_or(0.0); }

private:
    math::Moments squares_, gap_;
};

/// Over the points of the curve.
ShareNoise share_noise(const PastAmounts& session, double total, std::span<const double> curve) {
    ShareNoise noise;
    double seen = 0.0;
    for (std::size_t bin = 0; bin < curve.size(); ++bin) {
        seen += session.bins[bin];
        if (curve[bin] < kFirstShare || curve[bin] > kLastShare || seen <= 0.0) continue;
        noise.add(seen / total, curve[bin]);
    }
    return noise;
}

/// Over single bins. A bin of zero has no logarithm and is left out.
ShareNoise bin_noise(const PastAmounts& session, double total, std::span<const double> curve) {
    ShareNoise noise;
    double before = 0.0;
    for (std::size_t bin = 0; bin < curve.size(); ++bin) {
        const double share = curve[bin] - before;
        before = curve[bin];
        if (session.bins[bin] <= 0.0 || share <= 0.0 || share >= 1.0) continue;
        noise.add(session.bins[bin] / total, share);
    }
    return noise;
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

    math::Moments noise, gap, noise_of_bins, gap_of_bins;
    for (const PastAmounts& session : past) {
        const double total = total_of(session);
        if (total <= 0.0) continue;
        const ShareNoise shares = share_noise(session, total, model.curve_);
        const ShareNoise bins = bin_noise(session, total, model.curve_);
        noise.add(shares.squares(), weight(session));
        gap.add(shares.gap(), weight(session));
        noise_of_bins.add(bins.squares(), weight(session));
        gap_of_bins.add(bins.gap(), weight(session));
    }
    const double count = log_total.effective_count();
    const double degrees = count - 1.0;
    const double unseen = 1.0 + 1.0 / count;  // a new session, and the error of the mean
    model.mean_ = *log_total.mean();
    model.variance_ =
        unseen * pooled(prior.total_dispersion, prior.sessions, degrees * log_total.variance().value_or(0.0), degrees);
    model.mean_error_ = std::sqrt(model.variance_ / (count + 1.0));
    model.share_noise_ = unseen * pooled(prior.share_dispersion, prior.sessions, count * *noise.mean(), degrees);
    const auto bins = static_cast<double>(model.curve_.size());
    const double prior_bin = prior.bin_dispersion / std::sqrt(std::max(1.0, bins - 1.0));  // w / (1 - w), w = 1 / bins
    model.bin_noise_ = unseen * pooled(prior_bin, prior.sessions, count * *noise_of_bins.mean(), degrees);
    model.share_gap_ = std::clamp(*gap.mean() / model.share_noise_, 0.0, 1.0);
    model.bin_gap_ = std::clamp(*gap_of_bins.mean() / model.bin_noise_, 0.0, 1.0);
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

double Accumulation::scale_of(double share) const {
    const auto bins = static_cast<double>(curve_.size());
    return bins <= 2.0 ? 1.0 : std::min(1.0, std::log(share * bins) / std::log(0.5 * bins));
}

double Accumulation::noise_of(double share) const {
    const double scale = scale_of(share);
    const double ratio = share_noise_ / bin_noise_;
    // Below a bin k does not grow: parts of a bin vary no more than independent ones would.
    return bin_noise_ * std::pow(scale < 0.0 ? std::max(ratio, 1.0) : ratio, scale);
}

double Accumulation::gap_of(double share) const {
    return bin_gap_ + (share_gap_ - bin_gap_) * std::max(0.0, scale_of(share));
}

std::optional<Outlook> Accumulation::outlook(const Question& question) const {
    const double w = question.share;
    if (w <= 0.0) return std::nullopt;
    const double seen = question.seen_share;
    const double rest = std::max(1.0 - seen, w);  // R
    const double rest_noise = share_noise_ * (1.0 / rest - 1.0);
    const double part_noise = noise_of(w) * (1.0 / w - 1.0 / rest);
    double level = mean_;
    double level_variance = variance_;
    double level_error = mean_error_;
    if (question.seen > 0.0 && seen > 0.0) {
        const double seen_noise = share_noise_ * (1.0 / seen - 1.0);
        const double b = (variance_ - share_noise_) / (variance_ + seen_noise);
        level += b * (std::log(question.seen / seen) - mean_ + 0.5 * share_gap_ * seen_noise);
        // Below zero where shares are noisier than totals: what was seen then tells of the rest by their covariance.
        level_variance = variance_ - b * b * (variance_ + seen_noise);
        level_error *= 1.0 - b;
    }
    const double gap = 0.5 * (share_gap_ * rest_noise + gap_of(w) * part_noise);
    const double known_variance = std::max(0.0, level_variance);  // a mean needs one of its own
    return Outlook{level + std::log(w) - gap,
                   std::max(0.0, level_variance + rest_noise + part_noise),
                   w * std::exp(level + 0.5 * known_variance),
                   std::expm1(known_variance) + rest_noise + part_noise,
                   level_error,
                   band_factor_};
}

std::optional<Band> Accumulation::to_come(const Question& question) const {
    const auto amount = outlook(question);
    if (!amount) return std::nullopt;
    return amount->band();
}

Band Outlook::band() const {
    const double half = band_factor * std::sqrt(variance);
    return {std::exp(center), std::exp(center - half), std::exp(center + half)};
}

void OutlookSum::add(const Outlook& part) {
    const double shared = part.mean * part.level_error;
    last_ = part;
    ++parts_;
    band_factor_ = std::max(band_factor_, part.band_factor);
    mean_ += part.mean;
    variance_ += part.mean * part.mean * part.relative_variance;
    shared_ += shared;
    shared_squares_ += shared * shared;
}

std::optional<Band> OutlookSum::band() const {
    if (parts_ == 0) return std::nullopt;
    if (parts_ == 1) return last_.band();
    const double variance = variance_ + shared_ * shared_ - shared_squares_;
    if (!std::isfinite(mean_ * mean_) || !std::isfinite(variance)) return std::nullopt;
    Outlook sum;
    sum.variance = std::log1p(variance / (mean_ * mean_));
    sum.center = std::log(mean_) - 0.5 * sum.variance;
    sum.band_factor = band_factor_;
    return sum.band();
}

}  // namespace slipcast::forecast
