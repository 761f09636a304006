#include <algorithm>
#include <cmath>

#include "slipcast/venue/router.hpp"

namespace slipcast::venue {
namespace {

constexpr double kNegligible = 30.0;  ///< nats below the peak of a posterior

}  // namespace

Belief::Belief(std::shared_ptr<const PowerLawGrid> grid, const RouterOptions& options)
    : online_(std::move(grid)),
      zero_bin_optimism_(options.zero_bin_optimism),
      exponent_optimism_(options.exponent_optimism),
      prior_exponent_(options.prior_exponent),
      prior_deviation_(options.prior_deviation),
      prior_misses_(options.prior_misses),
      prior_fills_(options.prior_fills) {}

Result<void> Belief::observe(const Observation& observation) {
    is_summed_ = false;
    return online_.observe(observation);
}

Result<void> Belief::restore(std::span<const double> state) {
    is_summed_ = false;
    return online_.restore(state);
}

const Belief::Summary& Belief::summary() const {
    if (is_summed_) return summary_;
    const auto likelihood = online_.log_likelihood();
    const PowerLawGrid::Row exponents = online_.grid().exponents();
    std::array<double, PowerLawGrid::kExponents> posterior{};
    double peak = -1e300;
    for (std::size_t j = 0; j < posterior.size(); ++j) {
        const double distance = (exponents[j] - prior_exponent_) / prior_deviation_;
        posterior[j] = likelihood[j] - 0.5 * distance * distance;
        peak = std::max(peak, posterior[j]);
    }
    double weight = 0.0;
    double first = 0.0;
    double second = 0.0;
    for (std::size_t j = 0; j < posterior.size(); ++j) {
        const double below = posterior[j] - peak;
        if (below < -kNegligible) continue;
        const double mass = std::exp(below);
        const double distance = exponents[j] - prior_exponent_;
        weight += mass;
        first += mass * distance;
        second += mass * distance * distance;
    }
    const double shift = first / weight;
    summary_.exponent = prior_exponent_ + shift;
    summary_.exponent_deviation = std::sqrt(std::max(0.0, second / weight - shift * shift));
    const double fills = online_.filled_weight();
    double misses = online_.zero_weight() + online_.minimum_miss_weight();
    if (online_.minimum_miss_weight() > 0.0 && fills > 0.0) {
        const double cell = exponents[1] - exponents[0];
        const double index = std::clamp((summary_.exponent - exponents[0]) / cell, 0.0, 255.0);
        const double zero_bin = online_.zero_bin_at(static_cast<std::size_t>(index + 0.5));
        misses = zero_bin < 1.0 ? fills * zero_bin / (1.0 - zero_bin) : misses;
    }
    const double a = misses + prior_misses_;
    const double b = fills + prior_fills_;
    summary_.zero_bin = a / (a + b);
    summary_.zero_bin_deviation = std::sqrt(a * b / (a + b + 1.0)) / (a + b);
    is_summed_ = true;
    return summary_;
}

Liquidity Belief::power_law(double zero_bin, double exponent) const {
    const PowerLawGrid::Row exponents = online_.grid().exponents();
    return *Liquidity::power_law(std::clamp(zero_bin, 0.0, 1.0),
                                 std::clamp(exponent, exponents.front(), exponents.back()),
                                 online_.grid().max_liquidity());
}

double Belief::log_predictive(const Observation& observation) const {
    const double zero_bin = summary().zero_bin;
    if (observation.filled == 0 && observation.min_quantity == 1) return std::log(zero_bin);
    const Liquidity liquidity = expected();
    if (observation.filled == 0) return std::log1p(-liquidity.prob_at_least(observation.min_quantity));
    if (observation.is_censored()) return std::log(liquidity.prob_at_least(observation.sent));
    return liquidity.log_prob(observation.filled);
}

Liquidity Belief::optimistic() const {
    const Summary& at = summary();
    return power_law(at.zero_bin - zero_bin_optimism_ * at.zero_bin_deviation,
                     at.exponent - exponent_optimism_ * at.exponent_deviation);
}

Liquidity Belief::expected() const {
    return power_law(summary().zero_bin, summary().exponent);
}

Liquidity Belief::drawn(RandomStream& stream) const {
    const OnlinePowerLaw::Estimate drawn = online_.draw(stream);
    return power_law(drawn.zero_bin, drawn.exponent);
}

}  // namespace slipcast::venue
