#include "lyapunov_part.hpp"

namespace slipcast::control::detail {

Gains source_gains(const Parameters& market, const Gains& base, const Coefficients& source) {
    const double K = market.trading_cost;
    const double lambda = market.impact;
    const double rho = market.discount;
    const double one = rho + market.impact_decay;
    const double two = one + market.impact_decay;
    const double M = base.position;
    const double N = base.level;
    // Two linear equations in (Mc, Nc).
    const double qq = 1.0 - 2.0 * M / (K * rho) - lambda * N / (K * one);
    const double ql = -lambda * M / (K * one);
    const double lq = -N / (K * one);
    const double ll = 1.0 - M / (K * one) - 2.0 * lambda * N / (K * two);
    const double right_q = -source.Aqq / rho + lambda * source.Aql / one;
    const double right_l = source.Aql / one + lambda * source.All / two;
    const double determinant = qq * ll - ql * lq;
    Gains made;
    made.position = (right_q * ll - ql * right_l) / determinant;
    made.level = (qq * right_l - lq * right_q) / determinant;
    for (std::size_t j = 0; j < market.signals.size(); ++j) {
        const double decay = rho + market.signals[j].decay;
        const double P = base.signal[j];
        const double right = (P * made.position / K + source.Aqx[j]) / decay +
                             lambda * (P * made.level / K + source.Alx[j]) / (decay + market.impact_decay);
        made.signal.push_back(right / (1.0 - M / (K * decay) - lambda * N / (K * (decay + market.impact_decay))));
    }
    return made;
}

double source_shift(const Parameters& market, double position_source, double level_source) {
    const double rho = market.discount;
    const SpectralFactor<double> factor(market, market.variance);
    return ((rho + market.impact_decay) * position_source + rho * market.impact * level_source) / factor.at(0.5 * rho);
}

}  // namespace slipcast::control::detail
