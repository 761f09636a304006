#include "slipcast/control/small_impact.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

#include "slipcast/control/linear_value.hpp"

namespace slipcast::control {
namespace {

/// `market` without theta; letters of the paper's section 2.6, order in theta as the number behind the symbol.
Solution expansion(const Parameters& market, double theta, double Aqq0) {
    const double K = market.trading_cost;
    const double rho = market.discount;
    const double lambda = market.impact;
    const double Aqq1 = 2.0 * lambda * Aqq0 / (K * rho + 2.0 * Aqq0);
    const double Aql1 = -market.impact_decay * K / (K * rho + Aqq0);
    Solution solution;
    Coefficients& A = solution.coefficients;
    A.Aqq = Aqq0 + theta * Aqq1;
    A.Aql = theta * Aql1;
    std::vector<double> Aqx0;
    std::vector<double> Aqx1;
    for (const Signal& signal : market.signals) {
        const double pull = rho + signal.decay + Aqq0 / K;
        Aqx0.push_back(signal.loading / pull);
        Aqx1.push_back(Aqx0.back() * (lambda - Aqq1) / (K * pull));
        A.Aqx.push_back(Aqx0.back() + theta * Aqx1.back());
        A.Alx.push_back(theta * Aql1 * Aqx0.back() / (K * (rho + signal.decay)));
    }
    const std::size_t count = market.signals.size();
    for (std::size_t i = 0; i < count; ++i) {
        for (std::size_t j = 0; j < count; ++j) {
            const double decay = K * (rho + market.signals[i].decay + market.signals[j].decay);
            A.Axx.push_back((Aqx0[i] * Aqx0[j] + theta * (Aqx0[i] * Aqx1[j] + Aqx1[i] * Aqx0[j])) / decay);
        }
        A.A0 += market.signals[i].variance * A.Axx[i * count + i] / (2.0 * rho);
    }
    solution.gains = {theta * lambda - A.Aqq, A.Aql, A.Aqx, 0.0};
    return solution;
}

double gain_error(const Gains& made, const Gains& exact) {
    const double scale = std::abs(exact.position);
    double worst = std::max(std::abs(made.position - exact.position), std::abs(made.level - exact.level)) / scale;
    for (std::size_t j = 0; j < exact.signal.size(); ++j) {
        if (exact.signal[j] == 0.0) continue;
        worst = std::max(worst, std::abs(made.signal[j] / exact.signal[j] - 1.0));
    }
    return worst;
}

}  // namespace

Result<SmallImpactRule> solve_small_impact(const Parameters& parameters, double theta) {
    if (!(theta > 0.0 && theta < 0.2)) {
        return invalid_value("theta", fmt::format("{}", theta),
                             "must be > 0 and < 0.2: the expansion needs small impact");
    }
    Parameters in_force = parameters;
    in_force.impact *= theta;
    in_force.impact_decay *= theta;
    SLIPCAST_TRY(exact, solve(in_force));
    const double K = parameters.trading_cost;
    const double rho = parameters.discount;
    const double risk = 4.0 * parameters.risk_aversion * parameters.variance;
    // The form without cancellation of (K/2)(sqrt(rho^2 + 4 gamma v/K) - rho).
    const double Aqq0 = 0.5 * risk / (std::sqrt(rho * rho + risk / K) + rho);
    Solution solution = expansion(parameters, theta, Aqq0);
    if (!(solution.gains.position < 0.0)) {
        return invalid_value(
            "theta", fmt::format("{}", theta),
            fmt::format("the expansion has no stable rule here: its rate is {}", -solution.gains.position / K));
    }
    SmallImpactRule made{Rule(in_force, solution), theta};
    made.impact_ratio = in_force.impact / Aqq0;
    made.decay_ratio = in_force.impact_decay / (rho + Aqq0 / K);
    made.gain_error = gain_error(solution.gains, exact.gains());
    SLIPCAST_TRY(value, linear_value(in_force, solution.gains));
    const double best = exact.coefficients().A0;
    made.value_loss = best > 0.0 ? (best - value.quadratic.A0) / best : 0.0;
    return made;
}

}  // namespace slipcast::control
