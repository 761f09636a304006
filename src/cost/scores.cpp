#include "scores.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "slipcast/core/assert.hpp"

namespace slipcast::cost::detail {

ClusteredMean clustered_mean(const std::vector<double>& values, const std::vector<double>& weights,
                             const std::vector<std::int32_t>& clusters) {
    SLIPCAST_ASSERT(values.size() == weights.size() && values.size() == clusters.size(),
                    "one weight and cluster a row");
    ClusteredMean out;
    double weight = 0.0, sum = 0.0;
    std::int32_t last = -1;
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (std::isnan(values[i])) continue;
        weight += weights[i];
        sum += weights[i] * values[i];
        last = std::max(last, clusters[i]);
        ++out.rows;
    }
    out.mean = out.std_error = std::numeric_limits<double>::quiet_NaN();
    if (!(weight > 0.0)) return out;
    out.mean = sum / weight;
    std::vector<double> deviation(static_cast<std::size_t>(last + 1), 0.0);
    std::vector<std::uint8_t> is_there(deviation.size(), 0);
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (std::isnan(values[i])) continue;
        const auto cluster = static_cast<std::size_t>(clusters[i]);
        deviation[cluster] += weights[i] * (values[i] - out.mean);
        is_there[cluster] = 1;
    }
    out.clusters = std::accumulate(is_there.begin(), is_there.end(), std::int64_t{0});
    if (out.clusters < 2) return out;
    double squares = 0.0;
    for (const double each : deviation) squares += each * each;
    const auto count = static_cast<double>(out.clusters);
    out.std_error = std::sqrt(squares * count / (count - 1.0)) / weight;
    return out;
}

PastCosts::PastCosts(std::vector<double> costs, std::vector<double> weights) {
    std::vector<std::size_t> order(costs.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t x, std::size_t y) { return costs[x] < costs[y]; });
    const double total = std::accumulate(weights.begin(), weights.end(), 0.0);
    double cumulative = 0.0;
    for (const std::size_t i : order) {
        const double weight = weights[i] / total;
        // E|X - X'| = 2 sum of w_i (y_i W_before - S_before), in ascending order.
        gap_ += 2.0 * weight * (costs[i] * cumulative - mean_);
        cumulative += weight;
        mean_ += weight * costs[i];
        costs_.push_back(costs[i]);
        cumulative_.push_back(cumulative);
        partial_.push_back(mean_);
    }
    for (std::size_t k = 0; k < kPinballs.size(); ++k) quantiles_[k] = quantile(kPinballs[k]);
}

double PastCosts::quantile(double p) const {
    const auto at = std::lower_bound(cumulative_.begin(), cumulative_.end() - 1, p);
    return costs_[static_cast<std::size_t>(at - cumulative_.begin())];
}

RowScore PastCosts::score(double cost) const {
    RowScore row;
    const auto above = std::upper_bound(costs_.begin(), costs_.end(), cost) - costs_.begin();
    const double below = above == 0 ? 0.0 : cumulative_[static_cast<std::size_t>(above - 1)];
    const double sum_below = above == 0 ? 0.0 : partial_[static_cast<std::size_t>(above - 1)];
    const double distance = cost * (2.0 * below - 1.0) + mean_ - 2.0 * sum_below;
    row.metric[0] = std::numeric_limits<double>::quiet_NaN();
    row.metric[1] = distance - 0.5 * gap_;
    for (std::size_t k = 0; k < kPinballs.size(); ++k) row.metric[2 + k] = pinball(cost, quantiles_[k], kPinballs[k]);
    row.metric[6] = std::abs(cost - mean_);
    row.metric[7] = (cost - mean_) * (cost - mean_);
    // The realized cost's place among the past ones, with half of its own: never 0 or 1.
    const auto count = static_cast<double>(costs_.size());
    row.pit = (below * count + 0.5) / (count + 1.0);
    return row;
}

}  // namespace slipcast::cost::detail
