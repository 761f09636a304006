#pragma once

#include <Eigen/Dense>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "grid_density.hpp"
#include "slipcast/venue/pool.hpp"

namespace slipcast::venue::detail {

[[nodiscard]] constexpr double square(double x) {
    return x * x;
}

/// The posterior of  x = common + symbol's + venue's + the pair's own  for pairs that each have a likelihood of x,
/// with  common ~ N(center, deviation^2), the effects normal around 0 and their three standard deviations half-normal.
///
/// Given the three standard deviations everything but the likelihoods is Gaussian. They enter through expectation
/// propagation: each is replaced by the Gaussian that gives its pair the mean and the variance which the true
/// likelihood gives it under all the others (Minka 2001, "Expectation propagation for approximate Bayesian inference";
/// moments by quadrature). The effects keep their joint posterior. The longer side (symbols or venues) is eliminated,
/// so a sweep costs O(pairs x shorter side^2). The standard deviations are integrated over a lattice of midpoints that
/// covers their posterior, each point weighted with its prior and EP's evidence; what a sum of effects is believed to
/// be is a mixture over the lattice, and a pair's own posterior is that mixture without the pair times its exact
/// likelihood.
///
/// A site's precision is never negative, so a pair without its site is always a proper Gaussian. A likelihood that
/// bends upwards where its pair stands asks for a negative one: it is held at zero, keeps the mean, and is counted.
class CrossedEffects {
public:
    /// Where a pair stands: index of its symbol, of its venue.
    using Place = std::pair<std::size_t, std::size_t>;
    /// Far beyond any log that was seen: the slowest takes nine.
    static constexpr int kMostSweeps = 60;
    /// Change of moments, in deviations, after which the evidence no longer moves.
    static constexpr double kStands = 1e-3;

    /// As many likelihoods as places (asserted), at least one; every index below its count.
    CrossedEffects(std::vector<GridLikelihood> likelihoods, const std::vector<Place>& places, std::size_t symbols,
                   std::size_t venues, const PoolPrior& prior, int most_sweeps = kMostSweeps);

    /// Of the x of a pair with a likelihood, by its place in the list.
    [[nodiscard]] GridDensity member(std::size_t pair) const;
    /// Of the x of another pair: its symbol's and its venue's effect as far as they are known.
    [[nodiscard]] GridDensity unseen(std::optional<std::size_t> symbol, std::optional<std::size_t> venue) const;
    /// Posterior means of the standard deviations.
    [[nodiscard]] Pool::Spread spread() const;
    /// How the propagation ended, over the points of the lattice that were kept.
    [[nodiscard]] Pool::Propagation propagation() const;

private:
    /// A place as it is computed with: the index of the eliminated side, of the other.
    struct Seat {
        Eigen::Index outer = 0;
        Eigen::Index inner = 0;
    };
    /// Gaussians in the place of likelihoods: exp(shift x - precision x^2 / 2), by pair.
    struct Sites {
        std::vector<double> precision;
        std::vector<double> shift;
    };
    /// Standard deviations of the effects: of the eliminated side, the other side, the pair.
    struct Scales {
        double outer = 0.0;
        double inner = 0.0;
        double pair = 0.0;
    };
    /// The Gaussian posterior of the effects. Coordinates of the inner block: the common part, then each inner effect.
    struct Effects {
        Scales scales;
        double log_evidence = 0.0;        ///< of the Gaussian sites
        Eigen::VectorXd outer_precision;  ///< of an outer effect given the inner block
        Eigen::VectorXd outer_mean;
        Eigen::MatrixXd coupling;  ///< inner block x outer
        Eigen::VectorXd inner_mean;
        Eigen::MatrixXd covariance;  ///< of the inner block
    };
    /// A pair under everything but its own likelihood, and with it.
    struct Tilted {
        Gaussian cavity;
        Gaussian moments;
        double log_mass = 0.0;  ///< ln of the likelihood's mean under the cavity
    };
    /// One point of the lattice.
    struct Node {
        double weight = 0.0;
        Effects effects;
        std::vector<Tilted> pairs;
        std::int64_t sweeps = 0;
        double change = 0.0;    ///< of moments in the last sweep, in deviations
        std::int64_t held = 0;  ///< sites at zero whose likelihood asks for less
    };
    /// Midpoints in one direction of the lattice.
    struct Axis {
        double first = 0.0;
        double step = 0.0;
        [[nodiscard]] double point(std::size_t i) const { return first + step * static_cast<double>(i); }
    };

    [[nodiscard]] Sites first_sites() const;
    [[nodiscard]] Effects solve(const Scales& scales, const Sites& sites) const;
    [[nodiscard]] Gaussian sum(const Effects& effects, std::optional<Eigen::Index> outer,
                               std::optional<Eigen::Index> inner) const;
    /// Of every pair, without its own part.
    [[nodiscard]] std::vector<Gaussian> sums(const Effects& effects) const;
    /// `now` is the pair as its site has it: where the quadrature stands.
    [[nodiscard]] Tilted tilted(std::size_t pair, const Gaussian& cavity, const Gaussian& now) const;
    /// Sweeps until the moments stand or the sweeps are used up. The node's weight becomes ln of the evidence.
    [[nodiscard]] Node propagate(const Scales& scales, Sites& sites) const;
    /// One sweep: fills the node and says what the sites become at full step.
    [[nodiscard]] Sites sweep(const Scales& scales, const Sites& sites, Node& node) const;
    [[nodiscard]] double log_prior(const Scales& scales) const;
    /// Of the scales of outer, inner and pair.
    [[nodiscard]] std::array<Axis, 3> axes(const Sites& sites) const;
    void integrate();

    std::vector<GridLikelihood> likelihoods_;
    std::vector<Seat> seats_;
    PoolPrior prior_;
    int most_sweeps_ = 0;
    bool is_swapped_ = false;  ///< the outer side is the venues
    Eigen::Index outer_ = 0;
    Eigen::Index inner_ = 0;
    std::vector<Node> nodes_;
};

}  // namespace slipcast::venue::detail
