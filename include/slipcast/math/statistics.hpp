#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace slipcast::math {

/// Weighted mean, variance and extremes of a stream of numbers, in one pass, without keeping them.
/// Source: West 1979, "Updating mean and variance estimates" (weighted Welford); `merge` as in Chan, Golub, LeVeque
/// 1979. Parts that are merged in a fixed order give the same bytes for any number of threads. What the numbers do not
/// determine is missing (nullopt), never NaN.
class Moments {
public:
    /// Adds a finite value with a finite weight >= 0 (asserted); weight 0 changes nothing.
    void add(double value, double weight = 1.0);
    /// Adds everything that `other` has seen.
    void merge(const Moments& other);

    /// Values with a positive weight.
    [[nodiscard]] std::int64_t count() const { return count_; }
    /// Sum of the weights.
    [[nodiscard]] double weight() const { return weight_; }
    /// Sum of w x: the total.
    [[nodiscard]] double sum() const { return weight_ * mean_; }
    /// Kish's effective count (sum w)^2 / sum w^2; `count()` for equal weights, 0 when empty.
    [[nodiscard]] double effective_count() const;
    /// sum w x / sum w; missing when empty.
    [[nodiscard]] std::optional<double> mean() const;
    /// sum w (x - mean)^2 / (W - sum w^2 / W), which is unbiased for weights that do not depend on the values, and the
    /// usual divisor n - 1 for equal weights; missing below two values.
    [[nodiscard]] std::optional<double> variance() const;
    /// Square root of `variance()`.
    [[nodiscard]] std::optional<double> deviation() const;
    /// Of the mean of independent values: sqrt(variance / effective count). Values that share a path are not
    /// independent: use the intervals of math/resample.hpp for those.
    [[nodiscard]] std::optional<double> standard_error() const;
    [[nodiscard]] std::optional<double> smallest() const;
    [[nodiscard]] std::optional<double> largest() const;

private:
    std::int64_t count_ = 0;
    double weight_ = 0.0;
    double squared_weight_ = 0.0;  ///< sum w^2
    double mean_ = 0.0;
    double squares_ = 0.0;  ///< sum w (x - mean)^2
    double smallest_ = 0.0;
    double largest_ = 0.0;
};

/// Sum in a fixed pairwise order: error grows with log n instead of n, and does not depend on threads.
[[nodiscard]] double pairwise_sum(std::span<const double> values);

/// sum of numerators / sum of denominators; missing when the denominators sum to zero (also when there are none).
/// Equal lengths (asserted).
[[nodiscard]] std::optional<double> ratio_of_sums(std::span<const double> numerators,
                                                  std::span<const double> denominators);

/// Pearson's correlation; missing below two pairs or when one side does not vary. Equal lengths (asserted).
[[nodiscard]] std::optional<double> correlation(std::span<const double> x, std::span<const double> y);

/// The p-quantile of values in ascending order (asserted not empty), 0 <= p <= 1, linear between order statistics:
/// position p (n - 1). Source: Hyndman and Fan 1996, type 7; the default of R and NumPy.
[[nodiscard]] double sorted_quantile(std::span<const double> ascending, double p);

/// The same of values in any order (copied and sorted); missing when there are none.
[[nodiscard]] std::optional<double> quantile(std::span<const double> values, double p);

/// The middle value, or the mean of the two middle ones; missing when there are none.
[[nodiscard]] std::optional<double> median(std::span<const double> values);

/// Times `median_absolute_deviation` of normal values: their standard deviation. 1 / normal_quantile(3/4).
inline constexpr double kDeviationOfNormal = 1.4826022185056018;

/// median |x - median x|, unscaled; missing when there are none.
[[nodiscard]] std::optional<double> median_absolute_deviation(std::span<const double> values);

}  // namespace slipcast::math
