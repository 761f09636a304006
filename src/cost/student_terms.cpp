#include "student_terms.hpp"

#include <array>
#include <cmath>
#include <numbers>

namespace slipcast::cost::detail {

namespace {

// The density's log and what it does when nu moves: A = d/dnu, B = d2/dnu2.
struct TailTerms {
    double log_density, a, b;
};

TailTerms density_terms(double t, double nu, const DensityConstant& constant) {
    const double square = t * t;
    const double d = nu + square;
    const double log1p_term = std::log1p(square / nu);
    const double ratio = square / (nu * d);
    return {constant.value - 0.5 * (nu + 1.0) * log1p_term,
            constant.first - 0.5 * log1p_term + 0.5 * (nu + 1.0) * ratio,
            constant.second + ratio - 0.5 * (nu + 1.0) * ratio * (1.0 / nu + 1.0 / d)};
}

// Upper tail from x >= 0: ln of it, and its first two relative derivatives in nu.
struct Tail {
    double log_value, first, second;
};

Tail upper_tail(double x, double nu, const DensityConstant& constant) {
    // t = x + scale exp(pi/2 sinh k): a trapezoid in k takes algebraic and exponential tails alike.
    struct Node {
        double distance, weight;
    };
    constexpr int kHalf = 72;
    static const std::array<Node, 2 * kHalf + 1> kNodes = [] {
        std::array<Node, 2 * kHalf + 1> nodes{};
        constexpr double kStep = 1.0 / 16.0;
        for (int i = -kHalf; i <= kHalf; ++i) {
            const double k = i * kStep;
            const double distance = std::exp(0.5 * std::numbers::pi * std::sinh(k));
            nodes[static_cast<std::size_t>(i + kHalf)] = {distance,
                                                          kStep * distance * 0.5 * std::numbers::pi * std::cosh(k)};
        }
        return nodes;
    }();
    const double scale = 1.0 / (1.0 + (nu + 1.0) * x / (nu + x * x));
    const double origin = density_terms(x, nu, constant).log_density;
    double sum = 0.0, first = 0.0, second = 0.0;
    for (const Node& node : kNodes) {
        const TailTerms at = density_terms(x + scale * node.distance, nu, constant);
        const double weight = node.weight * std::exp(at.log_density - origin);
        sum += weight;
        first += weight * at.a;
        second += weight * (at.a * at.a + at.b);
    }
    return {origin + std::log(sum * scale), first / sum, second / sum};
}

}  // namespace

DensityConstant density_constant(double nu) {
    // With x = nu/2: ln Gamma(x + 1/2) - ln Gamma(x) - ln(x)/2 is a short series in 1/x; small x are shifted up.
    double x = 0.5 * nu;
    double value = 0.0, first = 0.0, second = 0.0;  // in x
    for (; x < 30.0; x += 1.0) {
        const double half = x + 0.5;
        value -= std::log(half / x);
        first -= 1.0 / half - 1.0 / x;
        second -= 1.0 / (x * x) - 1.0 / (half * half);
    }
    const double y = 1.0 / x;
    const double y2 = y * y;
    value += 0.5 * std::log(x) + y * (-1.0 / 8.0 + y2 * (1.0 / 192.0 + y2 * (-1.0 / 640.0 + y2 * 17.0 / 14336.0)));
    first += 0.5 * y + y2 * (1.0 / 8.0 + y2 * (-3.0 / 192.0 + y2 * (5.0 / 640.0 - y2 * 119.0 / 14336.0)));
    second += -0.5 * y2 + y2 * y * (-2.0 / 8.0 + y2 * (12.0 / 192.0 + y2 * (-30.0 / 640.0 + y2 * 952.0 / 14336.0)));
    // ln Gamma((nu+1)/2) - ln Gamma(nu/2) - ln(nu pi)/2, and d/dnu = (d/dx)/2.
    return {value - 0.5 * std::log(nu * std::numbers::pi), 0.5 * first - 0.5 / nu, 0.25 * second + 0.5 / (nu * nu)};
}

RowTerms observed_row(double r, double log_s, double inverse_s, double nu, const DensityConstant& constant) {
    const double square = r * r;
    const double inverse_d = 1.0 / (nu + square);
    const double tail = (nu + 1.0) * inverse_d;
    const double log1p_term = std::log1p(square / nu);
    const double ratio = square * inverse_d / nu;
    const double bend = 2.0 * nu * tail * inverse_d * r;
    const double tilt = (square - 1.0) * inverse_d * inverse_d;
    RowTerms row;
    row.value = constant.value - log_s - 0.5 * (nu + 1.0) * log1p_term;
    row.mu = tail * r * inverse_s;
    row.l = tail * square - 1.0;
    row.nu = constant.first - 0.5 * log1p_term + 0.5 * (nu + 1.0) * ratio;
    row.mu_mu = -tail * (nu - square) * inverse_d * inverse_s * inverse_s;
    row.mu_l = -bend * inverse_s;
    row.l_l = -bend * r;
    row.mu_nu = r * tilt * inverse_s;
    row.l_nu = square * tilt;
    row.nu_nu = constant.second + ratio - 0.5 * (nu + 1.0) * ratio * (1.0 / nu + inverse_d);
    return row;
}

RowTerms censored_row(double r, double inverse_s, double nu, const DensityConstant& constant) {
    const Tail tail = upper_tail(std::abs(r), nu, constant);
    const TailTerms density = density_terms(r, nu, constant);
    double log_survival = tail.log_value, first = tail.first, second = tail.second;
    if (r < 0.0) {
        // 1 - (lower tail): its derivatives change sign and are relative to the other side.
        const double lower = std::exp(tail.log_value);
        log_survival = std::log1p(-lower);
        const double odds = -lower / (1.0 - lower);
        first *= odds;
        second *= odds;
    }
    const double hazard = std::exp(density.log_density - log_survival);
    const double slope = hazard * (hazard - (nu + 1.0) * r / (nu + r * r));  // d hazard / dr
    RowTerms row;
    row.value = log_survival;
    row.mu = hazard * inverse_s;
    row.l = hazard * r;
    row.nu = first;
    row.mu_mu = -slope * inverse_s * inverse_s;
    row.mu_l = -(slope * r + hazard) * inverse_s;
    row.l_l = -r * (slope * r + hazard);
    const double hazard_nu = hazard * (density.a - first);
    row.mu_nu = hazard_nu * inverse_s;
    row.l_nu = hazard_nu * r;
    row.nu_nu = second - first * first;
    return row;
}

}  // namespace slipcast::cost::detail
