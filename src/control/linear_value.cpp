#include "slipcast/control/linear_value.hpp"

#include <fmt/format.h>

#include <Eigen/Dense>
#include <cstddef>

namespace slipcast::control {
namespace {

/// u = m q + n l + sum p x + k, and the market. V_q + lambda V_l + lambda q = a q + b l + sum c_j x_j + d, with
/// a = lambda - Aqq + lambda Aql, b = Aql + lambda All, c = Aqx + lambda Alx, d = Bq + lambda Bl.
struct Pricing {
    const Parameters& market;
    double K;
    double lambda;
    double beta;
    double rho;
    double m;
    double n;
    double k;

    Pricing(const Parameters& parameters, const Gains& gains)
        : market(parameters),
          K(parameters.trading_cost),
          lambda(parameters.impact),
          beta(parameters.impact_decay),
          rho(parameters.discount),
          m(gains.position / K),
          n(gains.level / K),
          k(gains.shift / K) {}

    /// -rho Aqq/2 = m a - K m^2/2 - gamma v/2; (rho+beta) Aql = m b + n a - K m n - beta;
    /// (rho+2beta) All/2 = n b - K n^2/2.
    void position_and_level(Coefficients& A) const {
        const double risk = market.risk_aversion * market.variance;
        Eigen::Matrix3d equations;
        equations << 2.0 * m - rho, -2.0 * m * lambda, 0.0,  //
            n, rho + beta - m - n * lambda, -m * lambda,     //
            0.0, -2.0 * n, rho + 2.0 * beta - 2.0 * n * lambda;
        const Eigen::Vector3d right(2.0 * m * lambda - K * m * m - risk, n * lambda - K * m * n - beta, -K * n * n);
        const Eigen::Vector3d made = equations.partialPivLu().solve(right);
        A.Aqq = made[0];
        A.Aql = made[1];
        A.All = made[2];
    }

    /// A pair (f, g) with f (extra + rho) = m (f + lambda g) + right_q, g (extra + rho + beta) = n (f + lambda g) +
    /// right_l.
    [[nodiscard]] Eigen::Vector2d pair(double extra, double right_q, double right_l) const {
        Eigen::Matrix2d equations;
        equations << rho + extra - m, -m * lambda, -n, rho + beta + extra - n * lambda;
        return equations.partialPivLu().solve(Eigen::Vector2d(right_q, right_l));
    }
};

}  // namespace

Result<LinearValue> linear_value(const Parameters& parameters, const Gains& gains) {
    SLIPCAST_CHECK(parameters.validate());
    const std::size_t count = parameters.signals.size();
    SLIPCAST_ASSERT(gains.signal.size() == count, "one gain a signal");
    const double growth = eigenvalues(parameters, gains)[0].real();
    const double other = eigenvalues(parameters, gains)[1].real();
    if (!(growth < 0.5 * parameters.discount && other < 0.5 * parameters.discount)) {
        return invalid_value("stability", fmt::format("{} and {}", growth, other),
                             "the rule's closed loop must decay, or grow slower than discount/2");
    }
    const Pricing pricing(parameters, gains);
    LinearValue value;
    Coefficients& A = value.quadratic;
    pricing.position_and_level(A);
    const double a = pricing.lambda - A.Aqq + pricing.lambda * A.Aql;
    const double b = A.Aql + pricing.lambda * A.All;
    std::vector<double> c(count);
    for (std::size_t j = 0; j < count; ++j) {
        const double p = gains.signal[j] / pricing.K;
        const Eigen::Vector2d made =
            pricing.pair(parameters.signals[j].decay, parameters.signals[j].loading + p * (a - pricing.K * pricing.m),
                         p * (b - pricing.K * pricing.n));
        A.Aqx.push_back(made[0]);
        A.Alx.push_back(made[1]);
        c[j] = made[0] + pricing.lambda * made[1];
    }
    const double k = pricing.k;
    const Eigen::Vector2d linear = pricing.pair(0.0, k * (a - pricing.K * pricing.m), k * (b - pricing.K * pricing.n));
    value.Bq = linear[0];
    value.Bl = linear[1];
    const double d = linear[0] + pricing.lambda * linear[1];
    double constant = k * d - 0.5 * pricing.K * k * k;
    A.Axx.resize(count * count);
    for (std::size_t i = 0; i < count; ++i) {
        const double p = gains.signal[i] / pricing.K;
        const double decay = parameters.signals[i].decay;
        value.Bx.push_back((p * d + k * c[i] - pricing.K * p * k) / (pricing.rho + decay));
        for (std::size_t j = 0; j < count; ++j) {
            const double other_p = gains.signal[j] / pricing.K;
            A.Axx[i * count + j] = (p * c[j] + other_p * c[i] - pricing.K * p * other_p) /
                                   (pricing.rho + decay + parameters.signals[j].decay);
        }
        constant += 0.5 * parameters.signals[i].variance * A.Axx[i * count + i];
    }
    A.A0 = constant / pricing.rho;
    return value;
}

}  // namespace slipcast::control
