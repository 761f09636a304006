#include "crossed_effects.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>

#include "positive_matrix.hpp"
#include "slipcast/core/assert.hpp"

namespace slipcast::venue::detail {
namespace {

constexpr std::size_t kMidpoints = 6;  ///< of the lattice in each direction
constexpr double kReach = 3.8;         ///< of the lattice, in posterior deviations
constexpr double kNegligible = 9.0;    ///< a lattice point whose evidence is so far below the largest is left out
constexpr int kQuadrature = 8;         ///< points to each side ...
constexpr double kApart = 0.7;         ///< ... so many deviations apart: for Gaussians exact to 1e-8
constexpr int kMostSweeps = 60;
constexpr double kStands = 1e-3;  ///< change of moments, in deviations, after which the evidence no longer moves

double square(double x) {
    return x * x;
}

double log_density(const Gaussian& normal, double x) {
    return -0.5 * (std::log(2.0 * std::numbers::pi * normal.variance) + square(x - normal.mean) / normal.variance);
}

/// The product of a Gaussian and a site.
Gaussian times(const Gaussian& normal, double precision, double shift) {
    const double variance = 1.0 / (1.0 / normal.variance + precision);
    return {.mean = variance * (normal.mean / normal.variance + shift), .variance = variance};
}

/// The largest reach of `deviations` around any of the moments, with `count` points.
GridDensity spanned(const std::vector<Gaussian>& moments, double deviations, std::size_t count) {
    double low = std::numeric_limits<double>::infinity();
    double high = -low;
    for (const Gaussian& one : moments) {
        const double reach = deviations * std::sqrt(one.variance);
        low = std::min(low, one.mean - reach);
        high = std::max(high, one.mean + reach);
    }
    return {.first = low,
            .step = (high - low) / static_cast<double>(count - 1),
            .weights = std::vector<double>(count, 0.0)};
}

}  // namespace

CrossedEffects::CrossedEffects(std::vector<GridLikelihood> likelihoods, const std::vector<Place>& places,
                               std::size_t symbols, std::size_t venues, const PoolPrior& prior)
    : likelihoods_(std::move(likelihoods)), prior_(prior), is_swapped_(venues > symbols) {
    SLIPCAST_ASSERT(!places.empty() && places.size() == likelihoods_.size(), "a likelihood a pair");
    outer_ = std::max(symbols, venues);
    inner_ = std::min(symbols, venues);
    of_outer_.resize(outer_);
    for (const auto& [symbol, venue] : places) {
        const Place place = is_swapped_ ? Place{venue, symbol} : Place{symbol, venue};
        of_outer_[place.first].push_back(places_.size());
        places_.push_back(place);
    }
    integrate();
}

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
    const std::size_t size = inner_ + 1;
    const double own = square(scales.pair);
    Effects made;
    made.scales = scales;
    made.outer_precision.assign(outer_, 1.0 / square(scales.outer));
    made.coupling.assign(outer_ * size, 0.0);
    std::vector<double> outer_shift(outer_, 0.0);
    std::vector<double> matrix(size * size, 0.0);
    std::vector<double> shift(size, 0.0);
    matrix[0] = 1.0 / square(prior_.deviation);
    shift[0] = prior_.center * matrix[0];
    for (std::size_t i = 1; i < size; ++i) matrix[i * size + i] = 1.0 / square(scales.inner);
    double evidence = -0.5 * prior_.center * shift[0] - std::log(prior_.deviation) -
                      static_cast<double>(outer_) * std::log(scales.outer) -
                      static_cast<double>(inner_) * std::log(scales.inner);
    for (std::size_t pair = 0; pair < places_.size(); ++pair) {
        // The pair's own part integrated out: what its site says of the sum of the effects.
        const double loss = 1.0 / (1.0 + sites.precision[pair] * own);
        const double weight = sites.precision[pair] * loss;
        const double pull = sites.shift[pair] * loss;
        evidence += 0.5 * (std::log(loss) + sites.shift[pair] * pull * own);
        const auto& [outer, inner] = places_[pair];
        const std::size_t k = inner + 1;
        made.outer_precision[outer] += weight;
        outer_shift[outer] += pull;
        made.coupling[outer * size] += weight;
        made.coupling[outer * size + k] += weight;
        matrix[0] += weight;
        matrix[k] += weight;
        matrix[k * size] += weight;
        matrix[k * size + k] += weight;
        shift[0] += pull;
        shift[k] += pull;
    }
    for (std::size_t outer = 0; outer < outer_; ++outer) {
        const double precision = made.outer_precision[outer];
        const double* coupling = &made.coupling[outer * size];
        evidence += 0.5 * (square(outer_shift[outer]) / precision - std::log(precision));
        for (std::size_t i = 0; i < size; ++i) {
            if (coupling[i] == 0.0) continue;
            const double share = coupling[i] / precision;
            shift[i] -= share * outer_shift[outer];
            for (std::size_t j = 0; j < size; ++j) matrix[i * size + j] -= share * coupling[j];
        }
    }
    evidence -= 0.5 * invert(matrix, size);
    made.inner_mean.assign(size, 0.0);
    for (std::size_t i = 0; i < size; ++i) {
        for (std::size_t j = 0; j < size; ++j) made.inner_mean[i] += matrix[i * size + j] * shift[j];
        evidence += 0.5 * shift[i] * made.inner_mean[i];
    }
    for (std::size_t outer = 0; outer < outer_; ++outer) {
        double pull = outer_shift[outer];
        for (std::size_t i = 0; i < size; ++i) pull -= made.coupling[outer * size + i] * made.inner_mean[i];
        made.outer_mean.push_back(pull / made.outer_precision[outer]);
    }
    made.covariance = std::move(matrix);
    made.log_evidence = evidence;
    return made;
}

std::vector<Gaussian> CrossedEffects::sums(const Effects& effects) const {
    const std::size_t size = inner_ + 1;
    const std::vector<double>& covariance = effects.covariance;
    std::vector<Gaussian> made(places_.size());
    std::vector<double> carried(size);
    for (std::size_t outer = 0; outer < outer_; ++outer) {
        // An outer effect follows the inner block by -coupling / precision.
        const double precision = effects.outer_precision[outer];
        const double* coupling = &effects.coupling[outer * size];
        double follows = 0.0;
        for (std::size_t i = 0; i < size; ++i) {
            carried[i] = 0.0;
            for (std::size_t j = 0; j < size; ++j) carried[i] += covariance[i * size + j] * coupling[j] / precision;
            follows += carried[i] * coupling[i] / precision;
        }
        for (const std::size_t pair : of_outer_[outer]) {
            const std::size_t k = places_[pair].second + 1;
            made[pair] = {.mean = effects.inner_mean[0] + effects.inner_mean[k] + effects.outer_mean[outer],
                          .variance = covariance[0] + 2.0 * covariance[k] + covariance[k * size + k] + follows -
                                      2.0 * (carried[0] + carried[k]) + 1.0 / precision};
        }
    }
    return made;
}

Gaussian CrossedEffects::sum(const Effects& effects, std::optional<std::size_t> outer,
                             std::optional<std::size_t> inner) const {
    const std::size_t size = inner_ + 1;
    std::vector<double> direction(size, 0.0);
    direction[0] = 1.0;
    Gaussian made;
    if (inner) {
        direction[*inner + 1] += 1.0;
    } else {
        made.variance += square(effects.scales.inner);
    }
    if (outer) {
        const double precision = effects.outer_precision[*outer];
        for (std::size_t i = 0; i < size; ++i) direction[i] -= effects.coupling[*outer * size + i] / precision;
        made.variance += 1.0 / precision;
        made.mean += effects.outer_mean[*outer];
    } else {
        made.variance += square(effects.scales.outer);
    }
    made.mean += effects.inner_mean[0] + (inner ? effects.inner_mean[*inner + 1] : 0.0);
    for (std::size_t i = 0; i < size; ++i) {
        for (std::size_t j = 0; j < size; ++j) {
            made.variance += direction[i] * effects.covariance[i * size + j] * direction[j];
        }
    }
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

CrossedEffects::Node CrossedEffects::propagate(const Scales& scales, Sites& sites) const {
    const double own = square(scales.pair);
    Node node;
    node.pairs.resize(places_.size());
    double damping = 1.0;
    double moved = std::numeric_limits<double>::infinity();
    for (int sweep = 0; sweep < kMostSweeps; ++sweep) {
        node.effects = solve(scales, sites);
        const std::vector<Gaussian> around = sums(node.effects);
        node.weight = node.effects.log_evidence;
        double change = 0.0;
        Sites next = sites;
        for (std::size_t pair = 0; pair < places_.size(); ++pair) {
            const double loss = 1.0 / (1.0 + sites.precision[pair] * own);
            const double variance = 1.0 / (1.0 / around[pair].variance - sites.precision[pair] * loss);
            const Gaussian cavity{
                .mean = variance * (around[pair].mean / around[pair].variance - sites.shift[pair] * loss),
                .variance = variance + own};
            const Gaussian now = times(cavity, sites.precision[pair], sites.shift[pair]);
            Tilted& found = node.pairs[pair];
            found = tilted(pair, cavity, now);
            node.weight +=
                found.log_mass - 0.5 * (std::log(now.variance / cavity.variance) + square(now.mean) / now.variance -
                                        square(cavity.mean) / cavity.variance);
            change = std::max({change, std::abs(found.moments.mean - now.mean) / std::sqrt(now.variance),
                               std::abs(found.moments.variance / now.variance - 1.0)});
            const double precision = std::max(0.0, 1.0 / found.moments.variance - 1.0 / cavity.variance);
            const double shift =
                found.moments.mean * (precision + 1.0 / cavity.variance) - cavity.mean / cavity.variance;
            next.precision[pair] += damping * (precision - sites.precision[pair]);
            next.shift[pair] += damping * (shift - sites.shift[pair]);
        }
        if (change < kStands) break;
        // Sites that overshoot each other take shorter steps.
        if (change > 0.8 * moved) damping = std::max(0.2, 0.7 * damping);
        moved = change;
        sites = std::move(next);
    }
    return node;
}

double CrossedEffects::log_prior(const Scales& scales) const {
    return -0.5 * (square(scales.outer) + square(scales.inner) + square(scales.pair)) / square(prior_.spread);
}

std::array<CrossedEffects::Axis, 3> CrossedEffects::axes(const Sites& sites) const {
    // Where the posterior lies, with the likelihoods as Gaussians: cheap, and only the lattice depends on it.
    constexpr std::array<double, 10> kCoarse{0.04, 0.1, 0.18, 0.3, 0.45, 0.65, 0.95, 1.4, 2.0, 3.0};
    constexpr std::size_t kCount = kCoarse.size();
    std::array<double, kCount> width{};
    for (std::size_t i = 0; i < kCount; ++i) {
        const double low = i == 0 ? 0.0 : 0.5 * (kCoarse[i - 1] + kCoarse[i]);
        width[i] = (i + 1 == kCount ? kCoarse[i] + 0.5 : 0.5 * (kCoarse[i] + kCoarse[i + 1])) - low;
    }
    std::vector<double> weights;
    std::vector<Scales> scales;
    for (std::size_t code = 0; code < kCount * kCount * kCount; ++code) {
        const std::array<std::size_t, 3> at{code / (kCount * kCount), code / kCount % kCount, code % kCount};
        scales.push_back({.outer = prior_.spread * kCoarse[at[0]],
                          .inner = prior_.spread * kCoarse[at[1]],
                          .pair = prior_.spread * kCoarse[at[2]]});
        weights.push_back(solve(scales.back(), sites).log_evidence + log_prior(scales.back()) +
                          std::log(width[at[0]] * width[at[1]] * width[at[2]]));
    }
    const double largest = *std::max_element(weights.begin(), weights.end());
    double sum = 0.0;
    for (double& weight : weights) sum += weight = std::exp(weight - largest);
    std::array<Axis, 3> made{};
    constexpr std::array<double Scales::*, 3> kSides{&Scales::outer, &Scales::inner, &Scales::pair};
    for (std::size_t side = 0; side < 3; ++side) {
        double mean = 0.0;
        double variance = 0.0;
        for (std::size_t i = 0; i < scales.size(); ++i) mean += weights[i] / sum * scales[i].*kSides[side];
        for (std::size_t i = 0; i < scales.size(); ++i) {
            variance += weights[i] / sum * square(scales[i].*kSides[side] - mean);
        }
        // A posterior between two coarse points is no narrower than the data can make it look there.
        const double reach = kReach * std::max(std::sqrt(variance), 0.1 * mean);
        const double low = std::max(0.0, mean - reach);
        made[side].step = (mean + reach - low) / static_cast<double>(kMidpoints);
        made[side].first = low + 0.5 * made[side].step;
    }
    return made;
}

void CrossedEffects::integrate() {
    const Sites rough = first_sites();
    const std::array<Axis, 3> lattice = axes(rough);
    std::vector<Scales> points;
    std::vector<double> expected;
    for (std::size_t code = 0; code < kMidpoints * kMidpoints * kMidpoints; ++code) {
        points.push_back({.outer = lattice[0].point(code / (kMidpoints * kMidpoints)),
                          .inner = lattice[1].point(code / kMidpoints % kMidpoints),
                          .pair = lattice[2].point(code % kMidpoints)});
        expected.push_back(solve(points.back(), rough).log_evidence + log_prior(points.back()));
    }
    const double least = *std::max_element(expected.begin(), expected.end()) - kNegligible;
    Sites sites = rough;
    double largest = -std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < points.size(); ++i) {
        if (expected[i] < least) continue;
        nodes_.push_back(propagate(points[i], sites));
        nodes_.back().weight += log_prior(points[i]);
        largest = std::max(largest, nodes_.back().weight);
    }
    std::erase_if(nodes_, [&](const Node& node) { return node.weight < largest - kNegligible; });
    double sum = 0.0;
    for (Node& node : nodes_) sum += node.weight = std::exp(node.weight - largest);
    for (Node& node : nodes_) node.weight /= sum;
}

GridDensity CrossedEffects::member(std::size_t pair) const {
    std::vector<Gaussian> moments;
    for (const Node& node : nodes_) moments.push_back(node.pairs[pair].moments);
    GridDensity density = spanned(moments, 7.0, 201);
    for (std::size_t i = 0; i < density.weights.size(); ++i) {
        const double likelihood = likelihoods_[pair].at(density.point(i));
        for (const Node& node : nodes_) {
            const Tilted& one = node.pairs[pair];
            density.weights[i] +=
                node.weight * std::exp(likelihood - one.log_mass + log_density(one.cavity, density.point(i)));
        }
    }
    density.normalize();
    return density;
}

GridDensity CrossedEffects::unseen(std::optional<std::size_t> symbol, std::optional<std::size_t> venue) const {
    std::vector<Gaussian> sums;
    for (const Node& node : nodes_) {
        sums.push_back(is_swapped_ ? sum(node.effects, venue, symbol) : sum(node.effects, symbol, venue));
        sums.back().variance += square(node.effects.scales.pair);
    }
    GridDensity density = spanned(sums, 7.0, 401);
    for (std::size_t i = 0; i < density.weights.size(); ++i) {
        for (std::size_t k = 0; k < nodes_.size(); ++k) {
            density.weights[i] += nodes_[k].weight * std::exp(log_density(sums[k], density.point(i)));
        }
    }
    density.normalize();
    return density;
}

Pool::Spread CrossedEffects::spread() const {
    Scales mean;
    for (const Node& node : nodes_) {
        mean.outer += node.weight * node.effects.scales.outer;
        mean.inner += node.weight * node.effects.scales.inner;
        mean.pair += node.weight * node.effects.scales.pair;
    }
    return {.symbol = is_swapped_ ? mean.inner : mean.outer,
            .venue = is_swapped_ ? mean.outer : mean.inner,
            .pair = mean.pair};
}

}  // namespace slipcast::venue::detail
