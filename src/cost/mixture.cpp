#include "mixture.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <utility>

#include "slipcast/core/assert.hpp"
#include "slipcast/math/normal.hpp"

namespace slipcast::cost::detail {

namespace {

constexpr double kLargestB = 1.0;
constexpr double kCell = 0.2;         // of ln V when points are merged
constexpr double kNegligible = 27.0;  // e^-27: below any quantile that is asked for

// Gauss-Hermite for a standard normal: points and weights (Abramowitz and Stegun 1964, 25.4.46, scaled by sqrt 2 and
// 1/sqrt pi).
constexpr std::array<std::pair<double, double>, 5> kFive{{{-2.8569700138728, 0.0112574113277207},
                                                          {-1.3556261799742659, 0.2220759220056126},
                                                          {0.0, 0.5333333333333333},
                                                          {1.3556261799742659, 0.2220759220056126},
                                                          {2.8569700138728, 0.0112574113277207}}};
constexpr std::array<std::pair<double, double>, 9> kNine{{{-4.512745863399783, 2.2345844007746566e-05},
                                                          {-3.2054290028564703, 0.0027891413212317705},
                                                          {-2.07684797867783, 0.049916406765217888},
                                                          {-1.0232556637891326, 0.24409750289493909},
                                                          {0.0, 0.40634920634920635},
                                                          {1.0232556637891326, 0.24409750289493909},
                                                          {2.07684797867783, 0.049916406765217888},
                                                          {3.2054290028564703, 0.0027891413212317705},
                                                          {4.512745863399783, 2.2345844007746566e-05}}};

struct Point {
    double log_variance;
    double weight;
};

// Points of -ln G, G ~ Gamma(nu/2, rate nu/2): density proportional to exp(-(nu/2)(y + e^-y)), largest at 0.
std::vector<Point> log_inverse_gamma(double nu) {
    const double half = 0.5 * nu;
    const double step = std::min(0.3, 0.5 / std::sqrt(half));
    const auto log_weight = [half](double y) { return -half * (y + std::exp(-y) - 1.0); };
    std::vector<Point> points;
    double total = 0.0;
    for (const int direction : {1, -1}) {
        for (int i = direction > 0 ? 0 : 1;; ++i) {
            const double y = direction * i * step;
            const double weight = log_weight(y);
            if (weight < -kNegligible) break;
            points.push_back({y, std::exp(weight)});
            total += points.back().weight;
        }
    }
    for (Point& point : points) point.weight /= total;
    return points;
}

// Two points a cell that keep its weight, mean and variance.
void merge(std::vector<Point>& points) {
    std::sort(points.begin(), points.end(), [](const Point& x, const Point& y) {
        return x.log_variance < y.log_variance || (x.log_variance == y.log_variance && x.weight < y.weight);
    });
    std::vector<Point> merged;
    for (std::size_t begin = 0; begin < points.size();) {
        std::size_t end = begin;
        double weight = 0.0, mean = 0.0, square = 0.0;
        const double origin = points[begin].log_variance;
        for (; end < points.size() && points[end].log_variance < origin + kCell; ++end) {
            const double offset = points[end].log_variance - origin;
            weight += points[end].weight;
            mean += points[end].weight * offset;
            square += points[end].weight * offset * offset;
        }
        mean /= weight;
        const double spread = std::sqrt(std::max(0.0, square / weight - mean * mean));
        if (weight > 1e-16) {
            if (spread == 0.0) {
                merged.push_back({origin + mean, weight});
            } else {
                merged.push_back({origin + mean - spread, 0.5 * weight});
                merged.push_back({origin + mean + spread, 0.5 * weight});
            }
        }
        begin = end;
    }
    points = std::move(merged);
}

double b_of_node(int node) {
    const double t = static_cast<double>(node) / (MixtureTable::kBNodes - 1);
    return kLargestB * t * t;
}

// E|X - x| of X ~ N(0, variance).
double normal_distance(double x, double variance) {
    const double deviation = std::sqrt(variance);
    const double z = x / deviation;
    return 2.0 * deviation * math::normal_density(z) + x * (1.0 - 2.0 * math::normal_cdf(-z));
}

}  // namespace

Mixture::Mixture(double log_excess, double nu_variance, double coupling) {
    std::vector<Point> base;
    variance_factor_ = 0.0;
    const double deviation = std::sqrt(nu_variance);
    for (const auto& [z, weight] : kFive) {
        if (deviation == 0.0 && z != 0.0) continue;
        const double share = deviation == 0.0 ? 1.0 : weight;
        const double shift = deviation * z;
        const double excess = std::exp(log_excess + shift);
        for (const Point& point : log_inverse_gamma(2.0 + excess)) {
            base.push_back({point.log_variance + 2.0 * coupling * shift, point.weight * share});
        }
        variance_factor_ += share * std::exp(2.0 * coupling * shift) * (1.0 + 2.0 / excess);
    }
    for (int node = 0; node < MixtureTable::kBNodes; ++node) {
        const double spread = 2.0 * std::sqrt(b_of_node(node));
        std::vector<Point> points;
        for (const auto& [z, weight] : kNine) {
            if (node == 0 && z != 0.0) continue;
            for (const Point& point : base) {
                points.push_back({point.log_variance + spread * z, point.weight * (node == 0 ? 1.0 : weight)});
            }
        }
        merge(points);
        Points stored;
        for (const Point& point : points) {
            stored.variance.push_back(std::exp(point.log_variance));
            stored.weight.push_back(point.weight);
        }
        at_node_.push_back(std::move(stored));
    }
}

Mixture::Between Mixture::between(double b) const {
    const double clamped = std::clamp(b, 0.0, kLargestB);
    int node = static_cast<int>(std::sqrt(clamped / kLargestB) * (MixtureTable::kBNodes - 1));
    node = std::min(node, MixtureTable::kBNodes - 2);
    const double low = b_of_node(node);
    const auto index = static_cast<std::size_t>(node);
    return {&at_node_[index], &at_node_[index + 1], (clamped - low) / (b_of_node(node + 1) - low)};
}

double Mixture::cdf(double x, double a, double b) const {
    const Between nodes = between(b);
    const auto sum = [&](const Points& points) {
        double total = 0.0;
        for (std::size_t i = 0; i < points.weight.size(); ++i) {
            total += points.weight[i] * math::normal_cdf(x / std::sqrt(a + points.variance[i]));
        }
        return total;
    };
    return (1.0 - nodes.share) * sum(*nodes.low) + (nodes.share > 0.0 ? nodes.share * sum(*nodes.high) : 0.0);
}

double Mixture::log_density(double x, double a, double b) const {
    const Between nodes = between(b);
    const auto sum = [&](const Points& points) {
        double total = 0.0;
        for (std::size_t i = 0; i < points.weight.size(); ++i) {
            const double deviation = std::sqrt(a + points.variance[i]);
            total += points.weight[i] * math::normal_density(x / deviation) / deviation;
        }
        return total;
    };
    return std::log((1.0 - nodes.share) * sum(*nodes.low) + (nodes.share > 0.0 ? nodes.share * sum(*nodes.high) : 0.0));
}

double Mixture::quantile(double p, double a, double b) const {
    SLIPCAST_ASSERT(p > 0.0 && p < 1.0, "a probability inside (0, 1)");
    if (p == 0.5) return 0.0;
    const double tail = p > 0.5 ? 1.0 - p : p;
    const auto excess = [&](double x) { return cdf(-x, a, b) - tail; };  // decreasing in x
    double low = 0.0;
    double high = std::sqrt(1.0 + a);
    while (excess(high) > 0.0) {
        low = high;
        high *= 2.0;
    }
    double x = 0.5 * (low + high);
    for (int step = 0; step < 100 && high - low > 1e-13 * high; ++step) {
        const double gap = excess(x);
        (gap > 0.0 ? low : high) = x;
        const double next = x + gap / std::exp(log_density(x, a, b));
        if (std::abs(next - x) < 1e-12 * x) break;
        x = next > low && next < high ? next : 0.5 * (low + high);
    }
    return p > 0.5 ? x : -x;
}

double Mixture::mean_distance(double x, double a, double b) const {
    const Between nodes = between(b);
    const auto sum = [&](const Points& points) {
        double total = 0.0;
        for (std::size_t i = 0; i < points.weight.size(); ++i) {
            total += points.weight[i] * normal_distance(x, a + points.variance[i]);
        }
        return total;
    };
    return (1.0 - nodes.share) * sum(*nodes.low) + (nodes.share > 0.0 ? nodes.share * sum(*nodes.high) : 0.0);
}

double Mixture::mean_gap(double a, double b) const {
    const Between nodes = between(b);
    std::vector<std::pair<double, double>> points;  // variance, weight
    const auto take = [&](const Points& from, double share) {
        if (share <= 0.0) return;
        for (std::size_t i = 0; i < from.weight.size(); ++i) {
            points.emplace_back(a + from.variance[i], share * from.weight[i]);
        }
    };
    take(*nodes.low, 1.0 - nodes.share);
    take(*nodes.high, nodes.share);
    double total = 0.0;
    for (std::size_t i = 0; i < points.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            total += 2.0 * points[i].second * points[j].second * std::sqrt(points[i].first + points[j].first);
        }
        total += points[i].second * points[i].second * std::sqrt(2.0 * points[i].first);
    }
    return std::sqrt(2.0 * std::numbers::inv_pi) * total;
}

namespace {

// `limit` is the figure over sqrt(1 + a) where the uncertainty of the mean is all there is.
template <typename Figure>
std::vector<double> tabulated(const Figure& figure, double limit) {
    const auto last = static_cast<double>(MixtureTable::kANodes - 1);
    std::vector<double> values;
    for (int j = 0; j < MixtureTable::kBNodes; ++j) {
        for (int i = 0; i < MixtureTable::kANodes - 1; ++i) {
            const double u = i / last;
            const double a = u / (1.0 - u);
            values.push_back(figure(a, b_of_node(j)) / std::sqrt(1.0 + a));
        }
        values.push_back(limit);
    }
    return values;
}

}  // namespace

MixtureTable MixtureTable::of_quantile(const Mixture& mixture, double p) {
    MixtureTable table;
    table.values_ = tabulated([&](double a, double b) { return mixture.quantile(p, a, b); },
                              p == 0.5 ? 0.0 : math::normal_quantile(p));
    return table;
}

MixtureTable MixtureTable::of_mean_gap(const Mixture& mixture) {
    MixtureTable table;
    table.values_ =
        tabulated([&](double a, double b) { return mixture.mean_gap(a, b); }, 2.0 / std::sqrt(std::numbers::pi));
    return table;
}

namespace {

// Lagrange's cubic on the four nodes around `position`, of `nodes` at 0, 1, ...; returns the first of the four.
int cubic_weights(double position, int nodes, double* weights) {
    const int first = std::clamp(static_cast<int>(position) - 1, 0, nodes - 4);
    const double t = position - first;
    const double t1 = t - 1.0, t2 = t - 2.0, t3 = t - 3.0;
    weights[0] = t1 * t2 * t3 * (-1.0 / 6.0);
    weights[1] = t * t2 * t3 * 0.5;
    weights[2] = t * t1 * t3 * -0.5;
    weights[3] = t * t1 * t2 * (1.0 / 6.0);
    return first;
}

}  // namespace

TablePosition table_position(double a, double b) {
    TablePosition at;
    const double u = a / (1.0 + a);
    const double t = std::sqrt(std::min(b, kLargestB) / kLargestB);
    const int i = cubic_weights(u * (MixtureTable::kANodes - 1), MixtureTable::kANodes, at.across);
    const int j = cubic_weights(t * (MixtureTable::kBNodes - 1), MixtureTable::kBNodes, at.along);
    at.first = j * MixtureTable::kANodes + i;
    at.stretch = std::sqrt(1.0 + a);
    return at;
}

double table_value(const double* values, const TablePosition& at) {
    double total = 0.0;
    const double* row = values + at.first;
    for (const double weight : at.along) {
        total +=
            weight * (at.across[0] * row[0] + at.across[1] * row[1] + at.across[2] * row[2] + at.across[3] * row[3]);
        row += MixtureTable::kANodes;
    }
    return total * at.stretch;
}

}  // namespace slipcast::cost::detail
