#include <Eigen/Cholesky>
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>

#include "crossed_effects.hpp"
#include "slipcast/core/assert.hpp"

// What is believed at one point of the lattice: the Gaussian posterior of the effects under sites, and the sites.

namespace slipcast::venue::detail {
namespace {

constexpr int kQuadrature = 8;  ///< points to each side ...
constexpr double kApart = 0.7;  ///< ... so many deviations apart: for Gaussians exact to 1e-8

/// The product of a Gaussian and a site.
Gaussian times(const Gaussian& normal, double precision, double shift) {
    const double variance = 1.0 / (1.0 / normal.variance + precision);
    return {.mean = variance * (normal.mean / normal.variance + shift), .variance = variance};
}

}  // namespace

// A likelihood's moments under the prior of a pair by itself, on its own points.
CrossedEffects::Sites CrossedEffects::first_sites() const {
    const Gaussian alone{.mean = prior_.center, .variance = square(prior_.deviation) + 3.0 * square(prior_.spread)};
    Sites sites;
    for (const GridLikelihood& likelihood : likelihoods_) {
        GridDensity density{.first = likelihood.first, .step = likelihood.step, .weights = likelihood.values};
        double largest = -std::numeric_limits<double>::infinity();
        for (std::size_t i = 0; i < density.weights.size(); ++i) {
            density.weights[i] += log_density(alone, density.point(i));
            largest = std::max(largest, density.weights[i]);
        }
        for (double& weight : density.weights) weight = std::exp(weight - largest);
        density.normalize();
        const Gaussian moments = density.moments();
        const double variance = std::max(moments.variance, square(likelihood.step) / 12.0);
        sites.precision.push_back(std::max(0.0, 1.0 / variance - 1.0 / alone.variance));
        sites.shift.push_back((sites.precision.back() + 1.0 / alone.variance) * moments.mean -
                              alone.mean / alone.variance);
    }
    return sites;
}

CrossedEffects::Effects CrossedEffects::solve(const Scales& scales, const Sites& sites) const {
    const Eigen::Index size = inner_ + 1;
    const double own = square(scales.pair);
    Effects made;
    made.scales = scales;
    made.outer_precision = Eigen::VectorXd::Constant(outer_, 1.0 / square(scales.outer));
    made.coupling = Eigen::MatrixXd::Zero(size, outer_);
    Eigen::VectorXd outer_shift = Eigen::VectorXd::Zero(outer_);
    Eigen::VectorXd shift = Eigen::VectorXd::Zero(size);
    Eigen::MatrixXd precision = Eigen::MatrixXd::Zero(size, size);  // below the diagonal
    precision.diagonal().setConstant(1.0 / square(scales.inner));
    precision(0, 0) = 1.0 / square(prior_.deviation);
    shift[0] = prior_.center * precision(0, 0);
    made.log_evidence = -0.5 * prior_.center * shift[0] - std::log(prior_.deviation) -
                        static_cast<double>(outer_) * std::log(scales.outer) -
                        static_cast<double>(inner_) * std::log(scales.inner);
    for (std::size_t pair = 0; pair < seats_.size(); ++pair) {
        // The pair's own part integrated out: what its site says of the sum of the effects.
        const double loss = 1.0 / (1.0 + sites.precision[pair] * own);
        const double weight = sites.precision[pair] * loss;
        const double pull = sites.shift[pair] * loss;
        made.log_evidence += 0.5 * (std::log(loss) + sites.shift[pair] * pull * own);
        const auto& [outer, inner] = seats_[pair];
        made.outer_precision[outer] += weight;
        outer_shift[outer] += pull;
        for (const Eigen::Index k : {Eigen::Index{0}, inner + 1}) {
            made.coupling(k, outer) += weight;
            precision(k, 0) += weight;
            shift[k] += pull;
        }
        precision(inner + 1, inner + 1) += weight;
    }
    made.log_evidence += 0.5 * (outer_shift.array().square() / made.outer_precision.array()).sum() -
                         0.5 * made.outer_precision.array().log().sum();
    const Eigen::MatrixXd share = made.coupling * made.outer_precision.cwiseInverse().asDiagonal();
    precision.triangularView<Eigen::Lower>() -= share * made.coupling.transpose();
    shift -= share * outer_shift;
    const Eigen::LLT<Eigen::MatrixXd> factors(precision);
    // What sites add stays below 1 / pair^2 each, far from drowning the prior's own precision.
    SLIPCAST_ASSERT(factors.info() == Eigen::Success, "a prior's precision and sites of no negative one");
    made.inner_mean = factors.solve(shift);
    made.covariance = factors.solve(Eigen::MatrixXd::Identity(size, size));
    made.log_evidence += 0.5 * shift.dot(made.inner_mean) - factors.matrixLLT().diagonal().array().log().sum();
    made.outer_mean = (outer_shift - made.coupling.transpose() * made.inner_mean).cwiseQuotient(made.outer_precision);
    return made;
}

std::vector<Gaussian> CrossedEffects::sums(const Effects& effects) const {
    const Eigen::MatrixXd& covariance = effects.covariance;
    // An outer effect follows the inner block by -coupling / precision.
    const Eigen::MatrixXd share = effects.coupling * effects.outer_precision.cwiseInverse().asDiagonal();
    const Eigen::MatrixXd carried = covariance * share;
    const Eigen::VectorXd follows = carried.cwiseProduct(share).colwise().sum();
    std::vector<Gaussian> made;
    made.reserve(seats_.size());
    for (const auto& [outer, inner] : seats_) {
        const Eigen::Index k = inner + 1;
        made.push_back({.mean = effects.inner_mean[0] + effects.inner_mean[k] + effects.outer_mean[outer],
                        .variance = covariance(0, 0) + 2.0 * covariance(k, 0) + covariance(k, k) + follows[outer] -
                                    2.0 * (carried(0, outer) + carried(k, outer)) +
                                    1.0 / effects.outer_precision[outer]});
    }
    return made;
}

Gaussian CrossedEffects::sum(const Effects& effects, std::optional<Eigen::Index> outer,
                             std::optional<Eigen::Index> inner) const {
    Eigen::VectorXd direction = Eigen::VectorXd::Unit(inner_ + 1, 0);
    Gaussian made{.mean = effects.inner_mean[0], .variance = 0.0};
    if (inner) {
        direction[*inner + 1] += 1.0;
        made.mean += effects.inner_mean[*inner + 1];
    } else {
        made.variance += square(effects.scales.inner);
    }
    if (outer) {
        direction -= effects.coupling.col(*outer) / effects.outer_precision[*outer];
        made.mean += effects.outer_mean[*outer];
        made.variance += 1.0 / effects.outer_precision[*outer];
    } else {
        made.variance += square(effects.scales.outer);
    }
    made.variance += direction.dot(effects.covariance * direction);
    return made;
}

CrossedEffects::Tilted CrossedEffects::tilted(std::size_t pair, const Gaussian& cavity, const Gaussian& now) const {
    std::array<double, 2 * kQuadrature + 1> weights{};
    const double step = kApart * std::sqrt(now.variance);
    const auto point = [&](std::size_t i) { return now.mean + step * (static_cast<double>(i) - kQuadrature); };
    double largest = -std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < weights.size(); ++i) {
        weights[i] = likelihoods_[pair].at(point(i)) - 0.5 * square(point(i) - cavity.mean) / cavity.variance;
        largest = std::max(largest, weights[i]);
    }
    double sum = 0.0;
    double first = 0.0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        sum += weights[i] = std::exp(weights[i] - largest);
        first += weights[i] * point(i);
    }
    first /= sum;
    double second = 0.0;
    for (std::size_t i = 0; i < weights.size(); ++i) second += weights[i] * square(point(i) - first);
    return {.cavity = cavity,
            .moments = {.mean = first, .variance = std::max(second / sum, 1e-4 * now.variance)},
            .log_mass = largest + std::log(sum * step) - 0.5 * std::log(2.0 * std::numbers::pi * cavity.variance)};
}

CrossedEffects::Sites CrossedEffects::sweep(const Scales& scales, const Sites& sites, Node& node) const {
    const double own = square(scales.pair);
    node.effects = solve(scales, sites);
    node.weight = node.effects.log_evidence;
    node.change = 0.0;
    node.held = 0;
    const std::vector<Gaussian> around = sums(node.effects);
    Sites next = sites;
    for (std::size_t pair = 0; pair < seats_.size(); ++pair) {
        const double loss = 1.0 / (1.0 + sites.precision[pair] * own);
        const double variance = 1.0 / (1.0 / around[pair].variance - sites.precision[pair] * loss);
        const Gaussian cavity{.mean = variance * (around[pair].mean / around[pair].variance - sites.shift[pair] * loss),
                              .variance = variance + own};
        const Gaussian now = times(cavity, sites.precision[pair], sites.shift[pair]);
        Tilted& found = node.pairs[pair];
        found = tilted(pair, cavity, now);
        node.weight += found.log_mass - 0.5 * (std::log(now.variance / cavity.variance) +
                                               square(now.mean) / now.variance - square(cavity.mean) / cavity.variance);
        const double wanted = 1.0 / found.moments.variance - 1.0 / cavity.variance;
        next.precision[pair] = std::max(0.0, wanted);
        next.shift[pair] =
            found.moments.mean * (next.precision[pair] + 1.0 / cavity.variance) - cavity.mean / cavity.variance;
        const double wider = found.moments.variance / now.variance - 1.0;
        // A site that has come down to zero can follow a wider likelihood no further.
        const bool is_held = wanted < 0.0 && sites.precision[pair] * cavity.variance < kStands;
        if (is_held && wider >= kStands) ++node.held;
        node.change = std::max({node.change, std::abs(found.moments.mean - now.mean) / std::sqrt(now.variance),
                                is_held ? 0.0 : std::abs(wider)});
    }
    return next;
}

CrossedEffects::Node CrossedEffects::propagate(const Scales& scales, Sites& sites) const {
    Node node;
    node.pairs.resize(seats_.size());
    double damping = 1.0;
    double moved = std::numeric_limits<double>::infinity();
    for (node.sweeps = 1;; ++node.sweeps) {
        const Sites next = sweep(scales, sites, node);
        if (node.change < kStands || node.sweeps == most_sweeps_) return node;
        // Sites that overshoot each other take shorter steps.
        if (node.change > 0.8 * moved) damping = std::max(0.2, 0.7 * damping);
        moved = node.change;
        for (std::size_t pair = 0; pair < seats_.size(); ++pair) {
            sites.precision[pair] += damping * (next.precision[pair] - sites.precision[pair]);
            sites.shift[pair] += damping * (next.shift[pair] - sites.shift[pair]);
        }
    }
}

}  // namespace slipcast::venue::detail
