#pragma once

#include <array>
#include <complex>
#include <cstddef>
#include <span>
#include <vector>

#include "slipcast/control/parameters.hpp"
#include "slipcast/core/result.hpp"

namespace slipcast::control {

/// The value function V(q, l, x) = -Aqq q^2/2 + Aql q l + All l^2/2 + sum_j (Aqx_j q + Alx_j l) x_j
/// + sum_ij Axx_ij x_i x_j / 2 + A0, in daily volatilities times the position limit. Published symbols.
struct Coefficients {
    double Aqq = 0.0;
    double Aql = 0.0;
    double All = 0.0;
    std::vector<double> Aqx;  ///< one a signal
    std::vector<double> Alx;  ///< one a signal
    std::vector<double> Axx;  ///< symmetric, row after row, one a pair of signals
    double A0 = 0.0;          ///< sum_j variance_j Axx_jj / (2 discount): signals have independent shocks
};

/// A value function and the linear rule that belongs to it.
struct Solution {
    Coefficients coefficients;
    Gains gains;
};

/// States of many decisions: columns of one length; `signal` has one row a decision, one column a signal.
struct States {
    std::span<const double> position;
    std::span<const double> level;
    std::span<const double> signal;
};

/// A linear rule at constant variance and its value function. Positions, impact levels and signals are in the units of
/// `Parameters`; the trading rate u is in positions per day. A decision allocates nothing.
class Rule {
public:
    /// `solution` belongs to `parameters`: one entry a signal in every column (asserted).
    Rule(Parameters parameters, Solution solution);

    [[nodiscard]] const Parameters& parameters() const { return parameters_; }
    [[nodiscard]] const Coefficients& coefficients() const { return solution_.coefficients; }
    [[nodiscard]] const Gains& gains() const { return solution_.gains; }

    /// How fast the position moves to its aim, 1/day: -M/K, > 0.
    [[nodiscard]] double rate() const { return -position_gain_; }
    /// Where the position moves to: -(N l + sum_j P_j x_j) / M. One entry of `signal` a signal (asserted).
    [[nodiscard]] double aim(double level, std::span<const double> signal) const;
    /// u = rate (aim - position) = (M q + N l + sum_j P_j x_j)/K, in positions per day; positive buys.
    [[nodiscard]] double decide(double position, double level, std::span<const double> signal) const;
    /// The same for a rule with one signal (asserted).
    [[nodiscard]] double decide(double position, double level, double signal) const {
        SLIPCAST_ASSERT(signal_gain_.size() == 1, "a rule with one signal decides from one number");
        return position_gain_ * position + (level_gain_ * level + signal_gain_.front() * signal);
    }
    /// u of many states, into `trade` (equal lengths asserted); bit for bit what one decision after another makes.
    void decide(const States& states, std::span<double> trade) const;

    /// V(q, l, x): what acting by the value function's own rule from here on is expected to earn, discounted and net of
    /// costs and of the price of risk. Exact for `solve`.
    [[nodiscard]] double value(double position, double level, std::span<const double> signal) const;

    /// Solves again for another variance, in place and without allocation: a slow factor has moved. Only for a rule of
    /// `solve`. Refused, with the rule left as it was: a variance without a stable solution.
    [[nodiscard]] Result<void> renew(double variance);

private:
    friend Result<Rule> solve(const Parameters& parameters);
    void scale();

    Parameters parameters_;
    Solution solution_;
    double position_gain_ = 0.0;       ///< M/K, 1/day
    double level_gain_ = 0.0;          ///< N/K
    std::vector<double> signal_gain_;  ///< P_j/K
};

/// The optimal rule at constant variance, in closed form: with r = rho/2 and p(s) = s^2 + p1 s + p0,
/// M = -[gamma v (rho + beta) - lambda rho^2]/p(r), N = -beta (rho + 2 beta)/p(r + beta),
/// P_j = L_j (rho + beta + kappa_j)/p(r + kappa_j), where K p(s) p(-s) = K s^4 - b s^2 + c,
/// b = K (r^2 + (r + beta)^2) + gamma v - lambda rho + 2 lambda beta,
/// c = (r + beta) [(r + beta)(K r^2 + gamma v) - 2 lambda r^2].
/// Two square roots and no iteration; relative error about 1e-13. Refuses what `Parameters::validate` refuses. The
/// problem is of Chan, Sircar, Zimbidis, arXiv:2507.17162, section 2; the closed form is derived here: p is the
/// spectral factor of the Hamiltonian, so that p(s - r) is the characteristic polynomial of the controlled (q, l).
[[nodiscard]] Result<Rule> solve(const Parameters& parameters);

/// First and second derivatives of the solution with respect to the variance.
struct Derivatives {
    Solution first;
    Solution second;
};

/// Derivatives of `solve` in the variance, exact (the closed form in truncated Taylor arithmetic).
[[nodiscard]] Result<Derivatives> derivatives(const Parameters& parameters);

/// Rates of decay of the controlled (q, l), 1/day: eigenvalues of [[M/K, N/K], [lambda M/K, lambda N/K - beta]], the
/// fast one first; complex pairs too. Negative real parts: stable. With impact_decay = 0 the second is zero. Those of
/// `solve` are real: b^2 - 4 K c = (K (s^2 - r^2) - D)^2 + 8 K lambda s (s - r)^2 with
/// s = r + beta and D = gamma v - 2 lambda (2 r - s), so the best position never oscillates.
[[nodiscard]] std::array<std::complex<double>, 2> eigenvalues(const Parameters& parameters, const Gains& gains);

/// The largest residual of the six coefficient equations, each relative to its largest term: rounding error for an
/// exact solution, the size of the approximation else.
[[nodiscard]] double residual(const Parameters& parameters, const Solution& solution);

}  // namespace slipcast::control
