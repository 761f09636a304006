#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "slipcast/control/fast_factor.hpp"
#include "slipcast/control/rule.hpp"

namespace slipcast::control {

/// Through which power of epsilon the corrections for a fast factor go.
enum class FastOrder : std::uint8_t { one, one_and_half, two };
/// Through which power of delta the corrections for a slow factor go.
enum class SlowOrder : std::uint8_t { half, one };

/// A slow factor dz = delta drift dt + sqrt(delta) volatility dB where it stands now, with variance v(z). The rule it
/// corrects is solved at the present v(z); when z has moved, make a new one (`Rule::renew`).
struct SlowFactor {
    double dvariance = kNotGiven;            ///< v'(z)
    double d2variance = 0.0;                 ///< v''(z), read at order one
    double drift = 0.0;                      ///< alpha(z), read at order one
    double volatility = kNotGiven;           ///< g(z) >= 0
    double time_scale = kNotGiven;           ///< delta > 0
    std::vector<double> signal_correlation;  ///< with the shock of each signal; empty = none

    [[nodiscard]] Result<void> validate(std::size_t signals) const;
};

/// What a rule with factors knows of its own accuracy.
struct FactorAccuracy {
    double least_rate = 0.0;        ///< 1/day, over all values of the fast factor; > 0
    double time_scale_limit = 0.0;  ///< epsilon at which the rate of order one reaches zero for some variance; 0: none
    double fast_next = 0.0;         ///< size of the first fast term left out, relative to |M|: eps^2 or eps^1.5
    double slow_next = 0.0;         ///< the same for the slow factor: delta or 0
    double signal_shift = 0.0;      ///< |R| in units of |P| (root of sum of squares): a signal that trades as much
};

/// The factors that a rule is corrected for.
struct Factors {
    std::optional<FastFactor> fast;
    FastOrder fast_order = FastOrder::one;
    std::optional<SlowFactor> slow;
    SlowOrder slow_order = SlowOrder::half;
    double correlation_between = 0.0;  ///< of the two factors' shocks; acts at slow order one
};

/// A linear rule with gains that follow the fast factor y:
/// u = [M(y) q + N(y) l + sum_j P_j(y) x_j + R]/K with
/// M(y) = M + eps gamma phi(y) - eps^2 gamma psi(y) (-rho + 2M/K + lambda N/K) + constants, and so on.
/// A decision allocates nothing.
class FactorRule {
public:
    /// Corrects `rule` (of `solve` or the expansion), whose variance must be the fast factor's mean variance.
    /// Fast, order one: M += eps gamma phi(y); for the square-root factor -eps gamma (y - mu)/theta. There is no
    /// sqrt(eps) term. Order 1.5: R += eps^1.5 R3. Order two: psi terms on M, N, P and constants.
    /// Slow, order half: R += sqrt(delta) c [(rho+beta) Aqx' + rho lambda Alx']/p(r), c = corr sqrt(eta) g v', summed
    /// over signals; the rate does not change. Order one: constants on M, N, P, and for correlated shocks of both
    /// factors (variance a product of a function of z and one of y) the sqrt(eps delta) term.
    /// Refuses a rate that is not > 0 at every value of the fast factor (order one of the square-root factor: needs
    /// eps < theta |M|/(gamma mu)); use the exact policy there.
    /// Source: form of the leading terms arXiv:2507.17162, sections 3 and 4; closed forms and higher orders derived
    /// here.
    [[nodiscard]] static Result<FactorRule> make(const Rule& rule, const Factors& factors);

    [[nodiscard]] const Rule& base() const { return base_; }
    /// R, the part of the trade that no state scales (over K: positions per day).
    [[nodiscard]] double shift() const { return shift_; }
    [[nodiscard]] const FactorAccuracy& accuracy() const { return accuracy_; }
    /// What the rule was corrected for.
    [[nodiscard]] const Factors& factors() const { return factors_; }
    [[nodiscard]] bool has_fast() const { return factors_.fast.has_value(); }

    /// Gains at factor value y; y is not read without a fast factor.
    [[nodiscard]] Gains gains(double y) const;
    /// -M(y)/K, 1/day.
    [[nodiscard]] double rate(double y) const;
    /// (N l + sum_j P_j x_j + R)/(-M) at y.
    [[nodiscard]] double aim(double level, std::span<const double> signal, double y) const;
    /// u, positions per day.
    [[nodiscard]] double decide(double position, double level, std::span<const double> signal, double y) const;
    /// Many states, one factor value each, into `trade`; bit for bit what one decision after another makes.
    void decide(const States& states, std::span<const double> y, std::span<double> trade) const;

private:
    FactorRule(const Rule& rule, const Factors& factors);
    void add_fast(const FastFactor& fast, FastOrder order);
    void add_slow(const SlowFactor& slow, SlowOrder order, const Derivatives& slopes);
    void add_cross();
    void add_constants(const Gains& gains, double scale);
    [[nodiscard]] Result<void> check_rate(double time_scale);

    Rule base_;
    Factors factors_;
    Gains constant_;         ///< M, N, P at phi = psi = 0, over K
    double with_phi_ = 0.0;  ///< of position gain, over K
    Gains with_psi_;         ///< over K
    bool has_psi_ = false;
    double shift_ = 0.0;
    FactorAccuracy accuracy_;
};

}  // namespace slipcast::control
