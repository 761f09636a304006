#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "presence.hpp"
#include "slipcast/venue/belief.hpp"

// The posterior of exponent and length. At each length the exponent's peak is found on the grid, then on the polynomial
// through five points around it (with minimum sizes, the grid is added up around it); over lengths, ln of the density
// is a line between neighbors.
namespace slipcast::venue {
namespace {

constexpr std::size_t kScan = 4;      ///< grid steps of the first look for a peak
constexpr double kNegligible = 14.0;  ///< nats below the peak

/// A quartic through values at -2..2.
struct Quartic {
    std::array<double, 5> derivative{};

    explicit Quartic(const std::array<double, 5>& f)
        : derivative{f[2], (f[0] - 8.0 * f[1] + 8.0 * f[3] - f[4]) / 12.0,
                     (-f[0] + 16.0 * f[1] - 30.0 * f[2] + 16.0 * f[3] - f[4]) / 12.0,
                     0.5 * (-f[0] + 2.0 * f[1] - 2.0 * f[3] + f[4]),
                     f[0] - 4.0 * f[1] + 6.0 * f[2] - 4.0 * f[3] + f[4]} {}
    [[nodiscard]] double value(double t) const {
        const auto& d = derivative;
        return d[0] + t * (d[1] + t / 2.0 * (d[2] + t / 3.0 * (d[3] + t / 4.0 * d[4])));
    }
    [[nodiscard]] double slope(double t) const {
        const auto& d = derivative;
        return d[1] + t * (d[2] + t / 2.0 * (d[3] + t / 3.0 * d[4]));
    }
    [[nodiscard]] double curvature(double t) const {
        const auto& d = derivative;
        return d[2] + t * (d[3] + t / 2.0 * d[4]);
    }
    /// Where it is largest within `reach` of `start`.
    [[nodiscard]] double summit(double start, double reach) const {
        double t = start;
        for (int step = 0; step < 8; ++step) {
            const double up = slope(t);
            const double bend = curvature(t);
            const double move = bend < 0.0 ? -up / bend : std::copysign(0.5, up);
            const double next = std::clamp(t + std::clamp(move, -0.5, 0.5), start - reach, start + reach);
            if (std::abs(next - t) < 1e-12) return next;
            t = next;
        }
        return t;
    }
};

/// The mean of a density on 0..1 whose logarithm rises by `rise` along a line.
double mean_place(double rise) {
    if (std::abs(rise) < 1e-3) return 0.5 + rise / 12.0;
    return 1.0 / -std::expm1(-rise) - 1.0 / rise;
}

/// ln of the integral over a width of a density whose logarithm is a line.
double log_area(double width, double log_from, double log_to) {
    if (width <= 0.0) return -std::numeric_limits<double>::infinity();
    const double rise = log_to - log_from;
    const double mean = std::abs(rise) < 1e-9 ? 1.0 : std::expm1(rise) / rise;
    return std::log(width) + (rise > 0.0 ? log_to + std::log(-std::expm1(-rise) / rise) : log_from + std::log(mean));
}

}  // namespace

Belief::Presence Belief::presence(std::size_t length, std::size_t exponent, const MissSums& sums, double start) const {
    const double fills = partial_ + full_ + options_.prior_fills;
    const double misses = misses_ + options_.prior_misses;
    std::array<double, kMostMinimums> tails{};
    for (std::size_t k = 0; k < minimums_.size(); ++k) {
        const bool is_reached = minimums_[k].size <= family_->length(length);
        tails[k] = is_reached ? std::min(1.0, family_->tail(length, exponent, sums[k])) : 0.0;
    }
    const detail::PresenceCounts counts{.filled = fills, .misses = misses, .minimum_misses = minimum_misses_};
    Presence found;
    found.mode = detail::best_presence(counts, start, [&](const auto& add) {
        for (std::size_t k = 0; k < minimums_.size(); ++k) add(minimums_[k].count, tails[k]);
    });
    // Laplace's integral over the logit of the presence.
    const double p = found.mode;
    const double unit = p * (1.0 - p);
    double value = fills * std::log(p) + misses * std::log1p(-p);
    double curvature = (fills + misses) * unit;
    for (std::size_t k = 0; k < minimums_.size(); ++k) {
        const double t = tails[k];
        const double left = 1.0 - p * t;
        value += minimums_[k].count * std::log(left);
        curvature += minimums_[k].count * unit * t * ((1.0 - 2.0 * p) * left + unit * t) / (left * left);
    }
    found.log_integral = value - 0.5 * std::log(curvature);
    found.deviation = unit / std::sqrt(curvature);
    return found;
}

double Belief::log_posterior(std::size_t length, std::size_t exponent) const {
    const std::size_t cell = length * kExponents + exponent;
    const double b = PowerLawFamily::exponent(exponent);
    const double distance = (b - options_.prior_exponent) / options_.prior_deviation;
    const double log_tails = std::log(mantissa_[cell]) + power_[cell] * std::numbers::ln2;
    return log_tails - b * log_sizes_ - partial_ * family_->log_normalizer(length)[exponent] -
           0.5 * distance * distance;
}

double Belief::log_prior(std::size_t length) const {
    if (options_.prior_length == 0) return 0.0;
    const double distance = (family_->log_length(length) - std::log(static_cast<double>(options_.prior_length))) /
                            options_.prior_length_deviation;
    return -0.5 * distance * distance;
}

// With minimum sizes a larger exponent leaves room for a smaller zero bin: what the zero bin may be is the sum over
// exponents. Steps of a deviation at most make the sum of a bell exact to a few digits more than needed.
template <typename At>
void Belief::sum_exponents(Ridge& found, std::size_t peak, const At& at) const {
    const auto stride = static_cast<std::size_t>(std::clamp(found.deviation / PowerLawFamily::kStep, 1.0, 8.0));
    const double top = at(peak).log_weight;
    double weight = 0.0;
    std::array<double, 5> sums{};  // exponent, its square, zero bin, its square, their product
    const auto add = [&](std::size_t i) {
        const Cell& cell = at(i);
        if (cell.log_weight < top - kNegligible) return false;
        const double share = std::exp(cell.log_weight - top);
        const double b = PowerLawFamily::exponent(i);
        const double zero_bin = 1.0 - cell.presence.mode;
        const double within = cell.presence.deviation * cell.presence.deviation;
        weight += share;
        sums[0] += share * b;
        sums[1] += share * b * b;
        sums[2] += share * zero_bin;
        sums[3] += share * (zero_bin * zero_bin + within);
        sums[4] += share * zero_bin * b;
        return true;
    };
    for (std::size_t i = peak; add(i) && i + stride < kExponents;) i += stride;
    for (std::size_t i = peak; i >= stride && add(i - stride);) i -= stride;
    for (double& sum : sums) sum /= weight;
    found.log_weight = top + std::log(weight * static_cast<double>(stride) * PowerLawFamily::kStep);
    found.exponent = sums[0];
    found.deviation = std::sqrt(std::max(0.0, sums[1] - sums[0] * sums[0]));
    found.zero_bin = sums[2];
    const double variance = std::max(0.0, sums[3] - sums[2] * sums[2]);
    found.zero_bin_deviation = std::sqrt(variance);
    const double spread = found.deviation * found.deviation;
    found.zero_bin_slope = spread > 0.0 ? (sums[4] - sums[0] * sums[2]) / spread : 0.0;
    found.zero_bin_rest = std::sqrt(std::max(0.0, variance - found.zero_bin_slope * found.zero_bin_slope * spread));
}

Belief::Ridge Belief::ridge(std::size_t length, std::size_t& start, const MissSums& sums) const {
    Cells cells{};
    double presence_start = 0.5;
    const auto cell = [&](std::size_t i) -> const Cell& {
        Cell& one = cells[i];
        if (one.is_known) return one;
        one = {.log_weight = log_posterior(length, i), .presence = {}, .is_known = true};
        if (!minimums_.empty()) {
            one.presence = presence(length, i, sums, presence_start);
            presence_start = one.presence.mode;
            one.log_weight += one.presence.log_integral;
        }
        return one;
    };
    const auto at = [&cell](std::size_t i) { return cell(i).log_weight; };
    if (start >= kExponents) {
        start = 0;
        for (std::size_t i = kScan; i < kExponents; i += kScan) start = at(i) > at(start) ? i : start;
    }
    while (start + 1 < kExponents && at(start + 1) > at(start)) ++start;
    while (start > 0 && at(start - 1) > at(start)) --start;
    const std::size_t center = std::clamp<std::size_t>(start, 2, kExponents - 3);
    const Quartic around({at(center - 2), at(center - 1), at(center), at(center + 1), at(center + 2)});
    const auto offset = static_cast<double>(start) - static_cast<double>(center);
    const double t = offset == 0.0 ? around.summit(0.0, 1.0) : offset;
    const double least = 0.25 / (options_.prior_deviation * options_.prior_deviation);
    const double curvature = std::max(least, -around.curvature(t) / (PowerLawFamily::kStep * PowerLawFamily::kStep));
    Ridge found;
    found.log_weight = around.value(t) - 0.5 * std::log(curvature);
    found.exponent = PowerLawFamily::exponent(center) + t * PowerLawFamily::kStep;
    found.deviation = 1.0 / std::sqrt(curvature);
    if (!minimums_.empty()) sum_exponents(found, start, cell);
    found.log_weight += log_prior(length);
    return found;
}

// Below the shortest length left the line goes on down to the largest fill.
Belief::Segment Belief::segment(std::size_t to) const {
    const Ridge& end = ridges_[to];
    if (to > first_) {
        return {.from = family_->log_length(to - 1),
                .to = family_->log_length(to),
                .log_from = ridges_[to - 1].log_weight,
                .log_to = end.log_weight};
    }
    const double last = family_->log_length(to);
    const double from = largest_ > 0 ? std::log(static_cast<double>(largest_)) : last;
    double slope = 0.0;
    if (to + 1 < family_->lengths()) {
        slope = (ridges_[to + 1].log_weight - end.log_weight) / (family_->log_length(to + 1) - last);
    }
    return {.from = from, .to = last, .log_from = end.log_weight - slope * (last - from), .log_to = end.log_weight};
}

void Belief::weigh_segments() const {
    std::array<double, kMostLengths> log_mass{};
    double largest = -std::numeric_limits<double>::infinity();
    const std::size_t lengths = family_->lengths();
    for (std::size_t j = first_; j < lengths; ++j) {
        const Segment one = segment(j);
        log_mass[j] = log_area(one.to - one.from, one.log_from, one.log_to);
        largest = std::max(largest, log_mass[j]);
    }
    if (std::isinf(largest)) {
        // One length, and nothing between it and the largest fill.
        mass_[first_] = 1.0;
        return;
    }
    double sum = 0.0;
    for (std::size_t j = first_; j < lengths; ++j) mass_[j] = sum += std::exp(log_mass[j] - largest);
    for (std::size_t j = first_; j < lengths; ++j) mass_[j] /= sum;
}

void Belief::refresh() const {
    fold();
    MissSums sums;
    for (std::size_t k = 0; k < minimums_.size(); ++k) sums[k] = family_->sums(minimums_[k].size);
    std::size_t start = kExponents;
    for (std::size_t j = family_->lengths(); j-- > first_;) ridges_[j] = ridge(j, start, sums);
    weigh_segments();
    double before = 0.0;
    double first = 0.0;
    double second = 0.0;
    double zero_bin = 0.0;
    double zero_bin_second = 0.0;
    for (std::size_t j = first_; j < family_->lengths(); ++j) {
        const double mass = mass_[j] - before;
        before = mass_[j];
        const Segment one = segment(j);
        const Ridge here = between(j, one.from + mean_place(one.log_to - one.log_from) * (one.to - one.from));
        first += mass * here.exponent;
        second += mass * (here.exponent * here.exponent + here.deviation * here.deviation);
        zero_bin += mass * here.zero_bin;
        zero_bin_second += mass * (here.zero_bin * here.zero_bin + here.zero_bin_deviation * here.zero_bin_deviation);
    }
    summary_.zero_bin = zero_bin;
    summary_.zero_bin_deviation = std::sqrt(std::max(0.0, zero_bin_second - zero_bin * zero_bin));
    summary_.exponent = first;
    summary_.exponent_deviation = std::sqrt(std::max(0.0, second - first * first));
    summary_.max_liquidity = static_cast<double>(point(0.5).length);
}

const Belief::Summary& Belief::summary() const {
    if (is_fresh_) return summary_;
    if (!is_shape_fresh_) refresh();
    if (minimums_.empty()) {
        const PresenceMemory::Moments presence = presence_.moments();
        summary_.zero_bin = 1.0 - presence.mean;
        summary_.zero_bin_deviation = presence.deviation;
    }
    is_shape_fresh_ = is_fresh_ = true;
    return summary_;
}

// On the line between the lengths around the segment's; below the shortest, on the line through the next two.
Belief::Ridge Belief::between(std::size_t to, double log_length) const {
    if (family_->lengths() - first_ < 2) return ridges_[to];
    const std::size_t left = to > first_ ? to - 1 : to;
    const Ridge& a = ridges_[left];
    const Ridge& b = ridges_[left + 1];
    const double place =
        (log_length - family_->log_length(left)) / (family_->log_length(left + 1) - family_->log_length(left));
    const auto blend = [place](double from, double until) { return from + place * (until - from); };
    return {.log_weight = blend(a.log_weight, b.log_weight),
            .exponent = blend(a.exponent, b.exponent),
            .deviation = blend(a.deviation, b.deviation),
            .zero_bin = blend(a.zero_bin, b.zero_bin),
            .zero_bin_deviation = blend(a.zero_bin_deviation, b.zero_bin_deviation),
            .zero_bin_slope = blend(a.zero_bin_slope, b.zero_bin_slope),
            .zero_bin_rest = std::max(0.0, blend(a.zero_bin_rest, b.zero_bin_rest))};
}

Belief::Point Belief::point(double probability) const {
    const auto begin = mass_.begin() + static_cast<std::ptrdiff_t>(first_);
    const auto end = mass_.begin() + static_cast<std::ptrdiff_t>(family_->lengths());
    const auto found = std::min(std::lower_bound(begin, end, probability), end - 1);
    const auto to = static_cast<std::size_t>(found - mass_.begin());
    const double below = to > first_ ? mass_[to - 1] : 0.0;
    const double share = mass_[to] > below ? std::clamp((probability - below) / (mass_[to] - below), 0.0, 1.0) : 1.0;
    const Segment one = segment(to);
    const double rise = one.log_to - one.log_from;
    double along = share;
    if (std::abs(rise) > 1e-9) {
        // From the heavier end, so that nothing overflows.
        along = rise < 0.0 ? std::log1p(share * std::expm1(rise)) / rise
                           : 1.0 + std::log1p((1.0 - share) * std::expm1(-rise)) / rise;
    }
    const double log_length = one.from + std::clamp(along, 0.0, 1.0) * (one.to - one.from);
    Point at{.ridge = between(to, log_length), .length = 0};
    at.ridge.deviation = std::max(0.0, at.ridge.deviation);
    at.length = std::clamp<std::int64_t>(std::llround(std::exp(log_length)), std::max<std::int64_t>(1, largest_),
                                         family_->longest());
    return at;
}

}  // namespace slipcast::venue
