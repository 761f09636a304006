#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "crossed_effects.hpp"
#include "slipcast/core/assert.hpp"

// The lattice over the standard deviations, and what it says. What is believed at one of its points is found in
// crossed_effects_propagation.cpp.

namespace slipcast::venue::detail {
namespace {

constexpr std::size_t kMidpoints = 6;  ///< of the lattice in each direction
constexpr double kReach = 3.8;         ///< of the lattice, in posterior deviations
constexpr double kNegligible = 9.0;    ///< a lattice point whose evidence is so far below the largest is left out

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
                               std::size_t symbols, std::size_t venues, const PoolPrior& prior, int most_sweeps)
    : likelihoods_(std::move(likelihoods)),
      prior_(prior),
      most_sweeps_(most_sweeps),
      is_swapped_(venues > symbols),
      outer_(static_cast<Eigen::Index>(std::max(symbols, venues))),
      inner_(static_cast<Eigen::Index>(std::min(symbols, venues))) {
    SLIPCAST_ASSERT(!places.empty() && places.size() == likelihoods_.size(), "a likelihood a pair");
    for (const auto& [symbol, venue] : places) {
        const auto row = static_cast<Eigen::Index>(symbol);
        const auto column = static_cast<Eigen::Index>(venue);
        seats_.push_back(is_swapped_ ? Seat{column, row} : Seat{row, column});
    }
    integrate();
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
    const auto index = [](std::optional<std::size_t> place) {
        return place ? std::optional(static_cast<Eigen::Index>(*place)) : std::nullopt;
    };
    for (const Node& node : nodes_) {
        sums.push_back(is_swapped_ ? sum(node.effects, index(venue), index(symbol))
                                   : sum(node.effects, index(symbol), index(venue)));
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

Pool::Propagation CrossedEffects::propagation() const {
    Pool::Propagation made;
    made.lattice_points = static_cast<std::int64_t>(nodes_.size());
    for (const Node& node : nodes_) {
        made.sweeps = std::max(made.sweeps, node.sweeps);
        made.largest_change = std::max(made.largest_change, node.change);
        made.held_sites = std::max(made.held_sites, node.held);
        if (node.change >= kStands) made.unsettled_weight += node.weight;
    }
    if (made.largest_change >= kStands) made.termination = Termination::sweep_limit;
    return made;
}

}  // namespace slipcast::venue::detail
