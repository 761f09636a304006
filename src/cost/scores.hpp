#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace slipcast::cost::detail {

inline constexpr std::array<double, 4> kPinballs{0.5, 0.9, 0.95, 0.99};
inline constexpr std::array<const char*, 8> kMetrics{"log_score",   "crps",        "pinball_p50", "pinball_p90",
                                                     "pinball_p95", "pinball_p99", "mae",         "squared_error"};

/// The scores of one row by one member; NaN where the member has none.
struct RowScore {
    std::array<double, kMetrics.size()> metric{};
    double pit = 0.0;  ///< predicted probability of a cost below the realized one
};

/// Weighted mean with its standard error over clusters: sum over clusters of squared sums of weighted deviations, times
/// C/(C-1). Source: Liang and Zeger 1986.
struct ClusteredMean {
    double mean = 0.0;
    double std_error = 0.0;
    std::int64_t rows = 0;
    std::int64_t clusters = 0;
};
/// Rows with a NaN are left out. Equal lengths (asserted); clusters are 0, 1, ...
[[nodiscard]] ClusteredMean clustered_mean(const std::vector<double>& values, const std::vector<double>& weights,
                                           const std::vector<std::int32_t>& clusters);

/// (1{y < q} - p)(q - y): what the p-quantile q should have been.
[[nodiscard]] inline double pinball(double y, double q, double p) {
    return y < q ? (1.0 - p) * (q - y) : p * (y - q);
}

/// The empirical distribution of past costs as a forecast.
class PastCosts {
public:
    PastCosts(std::vector<double> costs, std::vector<double> weights);
    [[nodiscard]] RowScore score(double cost) const;

private:
    [[nodiscard]] double quantile(double p) const;
    std::vector<double> costs_;       ///< ascending
    std::vector<double> cumulative_;  ///< weight up to and with each, of total 1
    std::vector<double> partial_;     ///< weighted sum of costs up to and with each
    std::array<double, kPinballs.size()> quantiles_{};
    double mean_ = 0.0;
    double gap_ = 0.0;  ///< E|X - X'|
};

}  // namespace slipcast::cost::detail
