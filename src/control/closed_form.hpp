#pragma once

#include <cmath>

#include "slipcast/control/parameters.hpp"

namespace slipcast::control::detail {

/// The spectral factor p(s) = s^2 + p1 s + p0 of the constant-variance problem: K p(s) p(-s) = K s^4 - b s^2 + c.
/// Letters of section 2: K trading_cost, lambda impact, beta impact_decay, gamma risk_aversion, rho discount, v
/// variance, r = rho/2. `Number` is double, or Taylor for the derivatives in v.
template <typename Number>
struct SpectralFactor {
    Number p0;
    Number p1;

    SpectralFactor(const Parameters& market, const Number& variance) : p0(0.0), p1(0.0) {
        using std::sqrt;
        const double K = market.trading_cost;
        const double lambda = market.impact;
        const double r = 0.5 * market.discount;
        const double slow = r + market.impact_decay;
        const Number risk = market.risk_aversion * variance;
        const Number b =
            risk + (K * (r * r + slow * slow) - lambda * market.discount + 2.0 * lambda * market.impact_decay);
        const Number c = slow * (slow * (K * r * r + risk) - 2.0 * lambda * r * r);
        p0 = sqrt(c / K);
        p1 = sqrt(b / K + 2.0 * p0);
    }

    [[nodiscard]] Number at(double s) const { return s * s + s * p1 + p0; }
};

/// What does not depend on a signal: M, N and the coefficients of q and l.
template <typename Number>
struct ClosedLoop {
    SpectralFactor<Number> factor;
    Number M;
    Number N;
    Number All;
    Number Aql;
    Number Aqq;

    ClosedLoop(const Parameters& market, const Number& variance)
        : factor(market, variance), M(0.0), N(0.0), All(0.0), Aql(0.0), Aqq(0.0) {
        const double rho = market.discount;
        const double beta = market.impact_decay;
        const double lambda = market.impact;
        const double r = 0.5 * rho;
        M = (lambda * rho * rho - market.risk_aversion * variance * (rho + beta)) / factor.at(r);
        N = (-beta * (rho + 2.0 * beta)) / factor.at(r + beta);
        All = N * N / (market.trading_cost * (rho + 2.0 * beta));
        Aql = N - lambda * All;
        Aqq = lambda * (1.0 + Aql) - M;
    }
};

/// What one signal adds.
template <typename Number>
struct SignalPart {
    Number P;
    Number Alx;
    Number Aqx;

    SignalPart(const Parameters& market, const ClosedLoop<Number>& loop, const Signal& signal)
        : P(0.0), Alx(0.0), Aqx(0.0) {
        const double decay = market.discount + market.impact_decay + signal.decay;
        P = (signal.loading * decay) / loop.factor.at(0.5 * market.discount + signal.decay);
        Alx = loop.N * P / (market.trading_cost * decay);
        Aqx = P - market.impact * Alx;
    }
};

}  // namespace slipcast::control::detail
