#include "fit_problem.hpp"

#include <algorithm>
#include <cmath>

#include "poisson_tail.hpp"
#include "power_sum.hpp"
#include "presence.hpp"
#include "slipcast/core/assert.hpp"
#include "slipcast/math/special.hpp"

namespace slipcast::venue::detail {
namespace {

constexpr double kLargestExponent = 20.0;
constexpr double kSmallestMean = 1e-6;
constexpr std::size_t kFewSizes = 400;  ///< distinct full fills up to which the whole search takes each by itself
constexpr double kMergedWidth = 1.06;   ///< of neighbors that the search merges
constexpr double kNewtonEnd = 1e-6;     ///< the step after which another one would be below 1e-11
constexpr double kReach = 0.02;         ///< of the search on all sizes, around the peak on merged ones
constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// ln P(N >= size), also where the probability itself is below what a double holds.
double log_poisson_tail(std::int64_t size, double mean) {
    const double tail = poisson_tail(size, mean);
    if (tail > 1e-280) return std::log(tail);
    double term = 1.0;
    double sum = 1.0;
    for (auto s = static_cast<double>(size); term > 1e-17 * sum;) sum += term *= mean / (s += 1.0);
    return log_poisson(size, mean) + std::log(sum);
}

}  // namespace

std::vector<FitProblem::Count> FitProblem::listed(const std::vector<SizeCount>& counts) const {
    std::vector<Count> list;
    list.reserve(counts.size());
    for (const auto& [size, count] : counts) {
        list.push_back({.size = size, .start = start_of(size), .count = static_cast<double>(count)});
    }
    return list;
}

SumStart FitProblem::start_of(std::int64_t size) const {
    return shape_ == Shape::power_law ? SumStart{size, max_liquidity_} : SumStart{};
}

FitProblem::FitProblem(std::span<const Observation> observations, Shape shape, std::int64_t max_liquidity)
    : shape_(shape), max_liquidity_(max_liquidity) {
    for (const Observation& one : observations) largest_sent_ = std::max(largest_sent_, one.sent);
    SizeCounter full(largest_sent_, observations.size());
    SizeCounter partial(largest_sent_, observations.size());
    SizeCounter minimum(largest_sent_, observations.size());
    for (const Observation& one : observations) {
        if (one.filled == 0 && one.min_quantity == 1) {
            ++counts_.misses;
        } else if (one.filled == 0) {
            ++counts_.minimum_misses;
            minimum.add(one.min_quantity);
        } else if (one.is_censored()) {
            ++counts_.full;
            full.add(one.sent);
        } else {
            ++counts_.partial;
            partial.add(one.filled);
        }
    }
    counts_.all = static_cast<std::int64_t>(observations.size());
    std::int64_t largest_partial = 1;
    for (const auto& [size, count] : partial.counts()) {
        const auto weight = static_cast<double>(count);
        largest_partial = size;
        sum_sizes_ += weight * static_cast<double>(size);
        sum_log_sizes_ += weight * std::log(static_cast<double>(size));
        if (shape == Shape::poisson) sum_log_factorials_ += weight * math::log_factorial(size);
    }
    partial_ = static_cast<double>(counts_.partial);
    filled_ = partial_ + static_cast<double>(counts_.full);
    misses_ = static_cast<double>(counts_.misses);
    full_ = listed(full.counts());
    minimum_misses_ = listed(minimum.counts());
    const auto size = static_cast<double>(max_liquidity);
    switch (shape) {
        case Shape::power_law:
            lowest_ = -kLargestExponent;
            highest_ = kLargestExponent;
            return;
        case Shape::uniform:
            lowest_ = static_cast<double>(std::max(largest_partial, full_.empty() ? 1 : full_.back().size));
            highest_ = size;
            return;
        case Shape::poisson:
            lowest_ = std::log(kSmallestMean);
            highest_ = std::log(std::min(1e9, 8.0 * size));
            return;
        case Shape::exponential:
            lowest_ = std::log(kSmallestMean);
            highest_ = std::log(1e3 * size);
            return;
        case Shape::empirical:
            break;
    }
    SLIPCAST_ASSERT(false, "an empirical shape has no parameter");
}

double FitProblem::parameter(double x) const {
    if (shape_ == Shape::poisson) return std::exp(x);
    if (shape_ == Shape::exponential) return 1.0 / (1.0 + std::exp(-x));
    return x;
}

double FitProblem::coordinate(double parameter) const {
    if (shape_ == Shape::poisson) return std::log(parameter);
    if (shape_ == Shape::exponential) return std::log(parameter / (1.0 - parameter));
    return parameter;
}

double FitProblem::rate(double x) const {
    const double at = parameter(x);
    if (shape_ == Shape::poisson) return at;
    return shape_ == Shape::exponential ? at * (1.0 - at) : 1.0;
}

double FitProblem::log_tail(double x, std::int64_t size) const {
    if (size == 1) return 0.0;
    switch (shape_) {
        case Shape::power_law:
            return log_power_sum(x, size, max_liquidity_);  // over the normalizer, which `fills` takes off
        case Shape::uniform:
            return static_cast<double>(size) > x ? -kInfinity : std::log1p(-static_cast<double>(size - 1) / x);
        case Shape::poisson:
            return log_poisson_tail(size, std::exp(x)) - std::log(-std::expm1(-std::exp(x)));
        case Shape::exponential:
            return -static_cast<double>(size - 1) * std::log1p(std::exp(-x));
        case Shape::empirical:
            break;
    }
    return 0.0;
}

double FitProblem::partial_fills(double x) const {
    if (partial_ == 0.0) return 0.0;
    switch (shape_) {
        case Shape::power_law:
            return -x * sum_log_sizes_;
        case Shape::uniform:
            return -partial_ * std::log(x);
        case Shape::poisson: {
            const double mean = std::exp(x);
            return x * sum_sizes_ - sum_log_factorials_ - partial_ * (mean + std::log(-std::expm1(-mean)));
        }
        case Shape::exponential:
            return -partial_ * std::log1p(std::exp(x)) - (sum_sizes_ - partial_) * std::log1p(std::exp(-x));
        case Shape::empirical:
            break;
    }
    return 0.0;
}

double FitProblem::fills(double x, const std::vector<Count>& full) const {
    if (shape_ == Shape::power_law) return power_fills(x, full).value;
    double sum = partial_fills(x);
    for (const Count& one : full) sum += one.count * log_tail(x, one.size);
    return sum;
}

LogSum FitProblem::power_fills(double exponent, const std::vector<Count>& full) const {
    const PowerTails tails(exponent, max_liquidity_);
    LogSum sum = tails.log_sum(SumStart{1, max_liquidity_});
    sum = {.value = -filled_ * sum.value - exponent * sum_log_sizes_,
           .slope = -filled_ * sum.slope - sum_log_sizes_,
           .curvature = -filled_ * sum.curvature};
    for (const Count& one : full) {
        const LogSum tail = tails.log_sum(one.start);
        sum.value += one.count * tail.value;
        sum.slope += one.count * tail.slope;
        sum.curvature += one.count * tail.curvature;
    }
    return sum;
}

std::vector<double> FitProblem::minimum_tails(double x) const {
    std::vector<double> tails;
    const double log_normalizer =
        shape_ == Shape::power_law && has_minimums() ? log_power_sum(x, 1, max_liquidity_) : 0.0;
    for (const Count& one : minimum_misses_) {
        tails.push_back(std::min(1.0, std::exp(log_tail(x, one.size) - log_normalizer)));
    }
    return tails;
}

double FitProblem::presence(std::span<const double> tails) const {
    if (filled_ == 0.0) return 0.0;
    const PresenceCounts counts{
        .filled = filled_, .misses = misses_, .minimum_misses = static_cast<double>(counts_.minimum_misses)};
    return best_presence(counts, 0.5, [&](const auto& add) {
        for (std::size_t i = 0; i < tails.size(); ++i) add(minimum_misses_[i].count, tails[i]);
    });
}

double FitProblem::presence_likelihood(std::span<const double> tails, double presence) const {
    double sum = filled_ > 0.0 ? filled_ * std::log(presence) : 0.0;
    if (misses_ > 0.0) sum += misses_ * std::log1p(-presence);
    for (std::size_t i = 0; i < tails.size(); ++i) {
        sum += minimum_misses_[i].count * std::log1p(-presence * tails[i]);
    }
    return sum;
}

double FitProblem::zero_bin(double x) const {
    return 1.0 - presence(minimum_tails(x));
}

double FitProblem::profile(double x) const {
    return profile(x, full_);
}

double FitProblem::profile(double x, const std::vector<Count>& full) const {
    const std::vector<double> tails = minimum_tails(x);
    return fills(x, full) + presence_likelihood(tails, presence(tails));
}

double FitProblem::likelihood(double x, double zero_bin) const {
    return fills(x, full_) + presence_likelihood(minimum_tails(x), 1.0 - zero_bin);
}

std::vector<double> FitProblem::likelihoods(double x, std::span<const double> zero_bins) const {
    const double of_fills = fills(x, full_);
    const std::vector<double> tails = minimum_tails(x);
    std::vector<double> values;
    for (const double zero_bin : zero_bins) values.push_back(of_fills + presence_likelihood(tails, 1.0 - zero_bin));
    return values;
}

std::vector<double> FitProblem::search_points() const {
    std::vector<double> points;
    if (shape_ == Shape::power_law) {
        // A quarter where exponents live, one beyond.
        for (double b = lowest_; b <= highest_; b += std::abs(b + 0.125) < 5.0 ? 0.25 : 1.0) points.push_back(b);
        return points;
    }
    constexpr int kSteps = 80;
    for (int i = 0; i <= kSteps; ++i) points.push_back(lowest_ + (highest_ - lowest_) * i / kSteps);
    return points;
}

Peak FitProblem::best_upper() const {
    const auto at = [&](std::int64_t upper) { return profile(static_cast<double>(upper)); };
    const auto first = static_cast<std::int64_t>(lowest_);
    const auto last = static_cast<std::int64_t>(highest_);
    std::vector<std::int64_t> points;
    for (std::int64_t m = first; m < last; m += std::max<std::int64_t>(1, (m - first) / 8)) points.push_back(m);
    points.push_back(last);
    Peak best;
    std::size_t index = 0;
    for (std::size_t i = 0; i < points.size(); ++i) {
        const double value = at(points[i]);
        if (value > best.value) best = {.at = static_cast<double>(points[i]), .value = value}, index = i;
    }
    std::int64_t low = points[index > 0 ? index - 1 : 0];
    std::int64_t high = points[std::min(index + 1, points.size() - 1)];
    // One peak between neighbors: keep the side that still rises.
    while (high - low > 2) {
        const std::int64_t middle = low + (high - low) / 2;
        (at(middle + 1) > at(middle) ? low : high) = middle;
    }
    for (std::int64_t m = low; m <= high; ++m) {
        const double value = at(m);
        if (value > best.value) best = {.at = static_cast<double>(m), .value = value};
    }
    return best;
}

Peak FitProblem::closed_form() const {
    // Every lot beyond the first was a success of probability q, every partial fill a failure.
    double successes = sum_sizes_ - partial_;
    for (const Count& one : full_) successes += one.count * static_cast<double>(one.size - 1);
    const double x = std::clamp(std::log(successes / partial_), lowest_, highest_);
    return {.at = x, .value = profile(x)};
}

Peak FitProblem::best() const {
    if (shape_ == Shape::uniform) return best_upper();
    if (shape_ == Shape::exponential && !has_minimums()) return closed_form();
    if (shape_ == Shape::power_law && !has_minimums()) return best_exponent();
    const std::vector<double> points = search_points();
    const Objective exact = [&](double x) { return profile(x); };
    if (full_.size() <= kFewSizes) return highest_peak(exact, points);
    // Many sizes: the search runs on neighbors merged, and only its end on all of them.
    const std::vector<Count> merged = merged_full();
    const double near = highest_peak([&](double x) { return profile(x, merged); }, points).at;
    const double low = std::max(lowest_, near - kReach);
    const double high = std::min(highest_, near + kReach);
    const Peak peak = peak_between(exact, low, high);
    const double margin = 1e-3 * kReach;
    const bool is_inside = peak.at > low + margin && peak.at < high - margin;
    return is_inside ? peak : highest_peak(exact, points);
}

// The power law has derivatives: its peaks lie where the slope changes sign.
Peak FitProblem::best_exponent() const {
    Peak best;
    if (full_.size() <= kFewSizes) {
        best = scanned_exponent(full_);
    } else {
        best = exponent_near(scanned_exponent(merged_full()).at);
        if (!best.curvature) best = scanned_exponent(full_);
    }
    best.value += presence_likelihood({}, presence({}));
    return best;
}

Peak FitProblem::scanned_exponent(const std::vector<Count>& full) const {
    const std::vector<double> points = search_points();
    Peak best;
    const auto offer = [&](const Peak& peak) {
        if (peak.value > best.value) best = peak;
    };
    LogSum before;
    for (std::size_t i = 0; i < points.size(); ++i) {
        const LogSum here = power_fills(points[i], full);
        const bool is_end = (i == 0 && here.slope <= 0.0) || (i + 1 == points.size() && here.slope >= 0.0);
        if (is_end) offer({.at = points[i], .value = here.value});
        if (i > 0 && before.slope > 0.0 && here.slope <= 0.0) {
            offer(exponent_between(points[i - 1], points[i], full));
        }
        before = here;
    }
    return best;
}

Peak FitProblem::exponent_between(double low, double high, const std::vector<Count>& full) const {
    double x = 0.5 * (low + high);
    for (;;) {
        const LogSum here = power_fills(x, full);
        (here.slope > 0.0 ? low : high) = x;
        const double newton = x - here.slope / here.curvature;
        const bool is_inside = here.curvature < 0.0 && newton >= low && newton <= high;
        const double next = is_inside ? newton : 0.5 * (low + high);
        if (std::abs(next - x) <= kNewtonEnd) return peak_at(next, next - x, here);
        x = next;
    }
}

// Newton's steps on all sizes from where merged ones have their peak; no peak when they leave its neighborhood.
Peak FitProblem::exponent_near(double start) const {
    double x = start;
    for (int step = 0; step < 8; ++step) {
        const LogSum here = power_fills(x, full_);
        const double move = -here.slope / here.curvature;
        if (!(here.curvature < 0.0) || std::abs(x + move - start) > kReach) return {};
        x += move;
        if (std::abs(move) <= kNewtonEnd) return peak_at(x, move, here);
    }
    return {};
}

Peak FitProblem::peak_at(double x, double step, const LogSum& before) {
    return {.at = x, .value = before.value + 0.5 * before.slope * step, .curvature = -before.curvature};
}

std::vector<FitProblem::Count> FitProblem::merged_full() const {
    std::vector<Count> merged;
    double weighted = 0.0;
    std::int64_t first = 0;
    for (const Count& one : full_) {
        if (merged.empty() || static_cast<double>(one.size) > kMergedWidth * static_cast<double>(first)) {
            merged.push_back({});
            weighted = 0.0;
            first = one.size;
        }
        Count& last = merged.back();
        weighted += one.count * static_cast<double>(one.size);
        last.count += one.count;
        last.size = static_cast<std::int64_t>(weighted / last.count);
    }
    for (Count& one : merged) one.start = start_of(one.size);
    return merged;
}

double FitProblem::zero_bin_profile(double zero_bin, double around) const {
    // Without minimum sizes the best shape is the same at every zero bin.
    if (!has_minimums()) return likelihood(around, zero_bin);
    const double reach = shape_ == Shape::uniform ? around : 4.0;
    const double low = std::max(lowest_, around - reach);
    const double high = std::min(highest_, around + reach);
    if (shape_ != Shape::uniform) {
        std::vector<double> points;
        for (int i = 0; i <= 8; ++i) points.push_back(low + (high - low) * i / 8.0);
        return highest_peak([&](double x) { return likelihood(x, zero_bin); }, points).value;
    }
    double best = -kInfinity;
    const double step = std::max(1.0, std::floor((high - low) / 400.0));
    for (double upper = std::ceil(low); upper <= high; upper += step) {
        best = std::max(best, likelihood(upper, zero_bin));
    }
    return best;
}

}  // namespace slipcast::venue::detail
