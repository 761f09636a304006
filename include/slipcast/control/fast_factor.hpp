#pragma once

#include <functional>
#include <vector>

#include "slipcast/control/factors.hpp"
#include "slipcast/core/result.hpp"

namespace slipcast::control {
namespace detail {
class FactorsText;
}

/// Any fast factor: dy = speed drift(y) dt + sqrt(speed) volatility(y) dB, with variance sigma^2(y) > 0, on an interval
/// that holds nearly all of its invariant distribution.
struct FastDynamics {
    std::function<double(double)> variance;
    std::function<double(double)> drift;
    std::function<double(double)> volatility;  ///< > 0
    double low = kNotGiven;                    ///< both ends finite
    double high = kNotGiven;
    double speed = kNotGiven;                ///< 1/epsilon, 1/day when drift is per unit of fast time
    std::vector<double> signal_correlation;  ///< with the shock of each signal; empty = none
};

/// What the corrections for a fast factor take from it: the solutions of L0 phi = sigma^2 - <sigma^2> and L0 psi = phi
/// with mean zero, where L0 is the generator at speed one and < > the mean under the invariant density, and a few
/// means. Immutable.
class FastFactor {
public:
    /// dy = speed theta (mu - y) dt + sqrt(speed y) xi dB with variance y itself: phi = -(y - mu)/theta,
    /// psi = (y - mu)/theta^2, in closed form for every y >= 0. Refuses what `Factor::validate` refuses and a kind
    /// other than square_root.
    [[nodiscard]] static Result<FastFactor> square_root(const Factor& factor);
    /// An Ornstein-Uhlenbeck factor with variance(y), over `deviations` of its invariant distribution to each side.
    [[nodiscard]] static Result<FastFactor> gaussian(const Factor& factor, std::function<double(double)> variance,
                                                     double deviations = 8.0);
    /// Any factor, through phi' = 2/(b^2 Phi) times the integral of (sigma^2 - <sigma^2>) Phi up to y, by
    /// Gauss-Legendre quadrature on `cells` equal cells; between their ends phi and psi are cubic Hermite
    /// interpolations, beyond low and high they stay what they are there. Refuses functions that are not finite or not
    /// > 0 where they have to be, and an interval that leaves no density.
    [[nodiscard]] static Result<FastFactor> general(const FastDynamics& dynamics, int cells = 400);

    [[nodiscard]] double mean_variance() const { return mean_variance_; }
    /// epsilon: the factor reverts in time_scale / mean_reversion days.
    [[nodiscard]] double time_scale() const { return time_scale_; }
    [[nodiscard]] double phi(double y) const {
        return is_affine_ ? phi_slope_ * (y - mean_variance_) : tabled(phi_, y);
    }
    [[nodiscard]] double psi(double y) const {
        return is_affine_ ? psi_slope_ * (y - mean_variance_) : tabled(psi_, y);
    }
    /// <phi^2>.
    [[nodiscard]] double phi_squared() const { return phi_squared_; }
    /// <b phi'>, b the volatility.
    [[nodiscard]] double volatility_phi() const { return volatility_phi_; }
    /// <b psi'>.
    [[nodiscard]] double volatility_psi() const { return volatility_psi_; }
    /// With signal j's shock; 0 when none was given.
    [[nodiscard]] double correlation(std::size_t signal) const {
        return signal_correlation_.empty() ? 0.0 : signal_correlation_[signal];
    }
    [[nodiscard]] std::size_t correlations() const { return signal_correlation_.size(); }
    /// Whether phi and psi are straight lines through zero at the mean: the square-root factor.
    [[nodiscard]] bool is_affine() const { return is_affine_; }
    /// phi = phi_slope (y - mean_variance) when affine.
    [[nodiscard]] double phi_slope() const { return phi_slope_; }
    /// Factor values at which a gain that is a combination of phi and psi is checked: the ends of its range and, for a
    /// table, every cell.
    [[nodiscard]] const std::vector<double>& probes() const { return probes_; }

private:
    friend class FastTable;
    friend class detail::FactorsText;
    FastFactor() = default;

    /// Values and slopes at the ends of the cells.
    struct Curve {
        std::vector<double> value;
        std::vector<double> slope;
    };
    [[nodiscard]] double tabled(const Curve& curve, double y) const;

    double mean_variance_ = 0.0;
    double time_scale_ = 0.0;
    double phi_squared_ = 0.0;
    double volatility_phi_ = 0.0;
    double volatility_psi_ = 0.0;
    std::vector<double> signal_correlation_;
    bool is_affine_ = false;
    double phi_slope_ = 0.0;
    double psi_slope_ = 0.0;
    double low_ = 0.0;
    double width_ = 1.0;  ///< of a cell
    Curve phi_;
    Curve psi_;
    std::vector<double> probes_;
};

}  // namespace slipcast::control
