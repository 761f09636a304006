#pragma once

#include <vector>

namespace slipcast::cost::detail {

/// The standardized predictive r = (y - mu)/s when mu, log s and nu are uncertain:
///   r = sqrt(a) Z1 + sqrt(V) Z0,  ln V = 2 sqrt(b) Z2 + 2 coupling d - ln G,  G ~ Gamma(nu/2, rate nu/2),
///   ln(nu - 2) = mode + d, d ~ N(0, nu_variance): a Student t whose location, scale and tail are not known exactly.
/// Given V it is normal, so every law below is a sum over points (V, weight): tensor quadrature (Gauss-Hermite in d and
/// Z2, trapezoids in ln G), merged in cells of ln V that keep weight, mean and variance. In b the law is linear between
/// the nodes of a grid.
class Mixture {
public:
    /// log_excess: ln(nu - 2) at the mode; nu_variance: of it, 0 = known.
    Mixture(double log_excess, double nu_variance, double coupling);

    /// P(r <= x). a >= 0; b in [0, 1] (clamped).
    [[nodiscard]] double cdf(double x, double a, double b) const;
    [[nodiscard]] double log_density(double x, double a, double b) const;
    [[nodiscard]] double quantile(double p, double a, double b) const;
    /// E|r - x| and E|r - r'| of two independent draws: the continuous ranked probability score is the first minus half
    /// the second.
    [[nodiscard]] double mean_distance(double x, double a, double b) const;
    [[nodiscard]] double mean_gap(double a, double b) const;
    /// E[exp(2 coupling d) nu/(nu - 2)]: the variance of r at a = b = 0.
    [[nodiscard]] double variance_factor() const { return variance_factor_; }

private:
    struct Points {
        std::vector<double> variance;
        std::vector<double> weight;
    };
    struct Between {
        const Points* low;
        const Points* high;
        double share;  ///< of high
    };
    [[nodiscard]] Between between(double b) const;

    std::vector<Points> at_node_;  ///< by node of b
    double variance_factor_ = 1.0;
};

/// A figure of a mixture as a table in u = a/(1 + a) and t = sqrt(b), divided by sqrt(1 + a).
class MixtureTable {
public:
    static constexpr int kANodes = 17;
    static constexpr int kBNodes = 13;
    [[nodiscard]] static MixtureTable of_quantile(const Mixture& mixture, double p);
    [[nodiscard]] static MixtureTable of_mean_gap(const Mixture& mixture);
    [[nodiscard]] const double* values() const { return values_.data(); }

private:
    MixtureTable() = default;
    std::vector<double> values_;  ///< a fastest
};

/// Cubic weights at one (a, b), shared by every table.
struct TablePosition {
    int first = 0;  ///< index of the corner
    double across[4] = {0, 0, 0, 0};
    double along[4] = {0, 0, 0, 0};
    double stretch = 1.0;
};
[[nodiscard]] TablePosition table_position(double a, double b);
[[nodiscard]] double table_value(const double* values, const TablePosition& at);

}  // namespace slipcast::cost::detail
