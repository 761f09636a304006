#include "slipcast/math/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "slipcast/core/assert.hpp"

namespace slipcast::math {

namespace {

std::vector<double> ascending_copy(std::span<const double> values) {
    std::vector<double> copy(values.begin(), values.end());
    SLIPCAST_ASSERT(std::none_of(copy.begin(), copy.end(), [](double x) { return std::isnan(x); }),
                    "order statistics are of numbers");
    std::sort(copy.begin(), copy.end());
    return copy;
}

}  // namespace

void Moments::add(double value, double weight) {
    SLIPCAST_ASSERT(std::isfinite(value) && std::isfinite(weight) && weight >= 0.0,
                    "moments are of finite values with weights >= 0");
    if (weight == 0.0) return;
    smallest_ = count_ == 0 ? value : std::min(smallest_, value);
    largest_ = count_ == 0 ? value : std::max(largest_, value);
    ++count_;
    weight_ += weight;
    squared_weight_ += weight * weight;
    const double step = value - mean_;
    mean_ += step * (weight / weight_);
    squares_ += weight * step * (value - mean_);
}

void Moments::merge(const Moments& other) {
    if (other.count_ == 0) return;
    if (count_ == 0) {
        *this = other;
        return;
    }
    const double total = weight_ + other.weight_;
    const double step = other.mean_ - mean_;
    squares_ += other.squares_ + step * step * (weight_ * (other.weight_ / total));
    mean_ += step * (other.weight_ / total);
    weight_ = total;
    squared_weight_ += other.squared_weight_;
    count_ += other.count_;
    smallest_ = std::min(smallest_, other.smallest_);
    largest_ = std::max(largest_, other.largest_);
}

double Moments::effective_count() const {
    return count_ == 0 ? 0.0 : weight_ * weight_ / squared_weight_;
}

std::optional<double> Moments::mean() const {
    return count_ == 0 ? std::nullopt : std::optional(mean_);
}

std::optional<double> Moments::variance() const {
    if (count_ < 2) return std::nullopt;
    const double divisor = weight_ - squared_weight_ / weight_;
    // One weight so large that the others vanish beside it leaves one value's worth of information.
    if (divisor <= 0.0) return std::nullopt;
    return squares_ / divisor;
}

std::optional<double> Moments::deviation() const {
    const auto squared = variance();
    return squared ? std::optional(std::sqrt(*squared)) : std::nullopt;
}

std::optional<double> Moments::standard_error() const {
    const auto squared = variance();
    return squared ? std::optional(std::sqrt(*squared / effective_count())) : std::nullopt;
}

std::optional<double> Moments::smallest() const {
    return count_ == 0 ? std::nullopt : std::optional(smallest_);
}

std::optional<double> Moments::largest() const {
    return count_ == 0 ? std::nullopt : std::optional(largest_);
}

double pairwise_sum(std::span<const double> values) {
    constexpr std::size_t kLeaf = 32;  // short enough for a small error, long enough to cost nothing
    if (values.size() > kLeaf) {
        const std::size_t half = values.size() / 2;
        return pairwise_sum(values.first(half)) + pairwise_sum(values.subspan(half));
    }
    double sum = 0.0;
    for (const double value : values) sum += value;
    return sum;
}

std::optional<double> ratio_of_sums(std::span<const double> numerators, std::span<const double> denominators) {
    SLIPCAST_ASSERT(numerators.size() == denominators.size(), "one denominator a numerator");
    const double denominator = pairwise_sum(denominators);
    if (denominator == 0.0) return std::nullopt;
    return pairwise_sum(numerators) / denominator;
}

std::optional<double> correlation(std::span<const double> x, std::span<const double> y) {
    SLIPCAST_ASSERT(x.size() == y.size(), "correlation is of pairs");
    if (x.size() < 2) return std::nullopt;
    const auto count = static_cast<double>(x.size());
    const double mean_x = pairwise_sum(x) / count;
    const double mean_y = pairwise_sum(y) / count;
    double xx = 0.0;
    double yy = 0.0;
    double xy = 0.0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        xx += (x[i] - mean_x) * (x[i] - mean_x);
        yy += (y[i] - mean_y) * (y[i] - mean_y);
        xy += (x[i] - mean_x) * (y[i] - mean_y);
    }
    if (xx == 0.0 || yy == 0.0) return std::nullopt;
    return std::clamp(xy / (std::sqrt(xx) * std::sqrt(yy)), -1.0, 1.0);
}

double sorted_quantile(std::span<const double> ascending, double p) {
    SLIPCAST_ASSERT(!ascending.empty() && p >= 0.0 && p <= 1.0, "a quantile is of something, at 0 <= p <= 1");
    const double position = p * static_cast<double>(ascending.size() - 1);
    const auto below = static_cast<std::size_t>(position);
    if (below + 1 >= ascending.size()) return ascending.back();
    const double fraction = position - static_cast<double>(below);
    return ascending[below] + fraction * (ascending[below + 1] - ascending[below]);
}

std::optional<double> quantile(std::span<const double> values, double p) {
    if (values.empty()) return std::nullopt;
    return sorted_quantile(ascending_copy(values), p);
}

std::optional<double> median(std::span<const double> values) {
    return quantile(values, 0.5);
}

std::optional<double> median_absolute_deviation(std::span<const double> values) {
    const auto middle = median(values);
    if (!middle) return std::nullopt;
    std::vector<double> distances(values.begin(), values.end());
    for (double& x : distances) x = std::abs(x - *middle);
    return median(distances);
}

}  // namespace slipcast::math
