#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "grid_density.hpp"
#include "slipcast/venue/pool.hpp"

namespace slipcast::venue::detail {

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
class CrossedEffects {
public:
    /// Where a pair stands: index of its symbol, of its venue.
    using Place = std::pair<std::size_t, std::size_t>;

    /// As many likelihoods as places (asserted), at least one; every index below its count.
    CrossedEffects(std::vector<GridLikelihood> likelihoods, const std::vector<Place>& places, std::size_t symbols,
                   std::size_t venues, const PoolPrior& prior);

    /// Of the x of a pair with a likelihood, by its place in the list.
    [[nodiscard]] GridDensity member(std::size_t pair) const;
    /// Of the x of another pair: its symbol's and its venue's effect as far as they are known.
    [[nodiscard]] GridDensity unseen(std::optional<std::size_t> symbol, std::optional<std::size_t> venue) const;
    /// Posterior means of the standard deviations.
    [[nodiscard]] Pool::Spread spread() const;

private:
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
        double log_evidence = 0.0;            ///< of the Gaussian sites
        std::vector<double> outer_precision;  ///< of an outer effect given the inner block
        std::vector<double> outer_mean;
        std::vector<double> coupling;  ///< outer x inner block
        std::vector<double> inner_mean;
        std::vector<double> covariance;  ///< of the inner block
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
    };
    /// Midpoints in one direction of the lattice.
    struct Axis {
        double first = 0.0;
        double step = 0.0;
        [[nodiscard]] double point(std::size_t i) const { return first + step * static_cast<double>(i); }
    };

    [[nodiscard]] Sites first_sites() const;
    [[nodiscard]] Effects solve(const Scales& scales, const Sites& sites) const;
    [[nodiscard]] Gaussian sum(const Effects& effects, std::optional<std::size_t> outer,
                               std::optional<std::size_t> inner) const;
    /// Of every pair, without its own part.
    [[nodiscard]] std::vector<Gaussian> sums(const Effects& effects) const;
    /// `now` is the pair as its site has it: where the quadrature stands.
    [[nodiscard]] Tilted tilted(std::size_t pair, const Gaussian& cavity, const Gaussian& now) const;
    /// Sweeps until the moments stand. The node's weight becomes ln of the evidence.
    [[nodiscard]] Node propagate(const Scales& scales, Sites& sites) const;
    [[nodiscard]] double log_prior(const Scales& scales) const;
    /// Of the scales of outer, inner and pair.
    [[nodiscard]] std::array<Axis, 3> axes(const Sites& sites) const;
    void integrate();

    std::vector<GridLikelihood> likelihoods_;
    std::vector<Place> places_;  ///< outer index, inner index
    PoolPrior prior_;
    bool is_swapped_ = false;  ///< the outer side is the venues
    std::size_t outer_ = 0;
    std::size_t inner_ = 0;
    std::vector<std::vector<std::size_t>> of_outer_;  ///< pairs by outer index
    std::vector<Node> nodes_;
};

}  // namespace slipcast::venue::detail
