#include "slipcast/math/sampling.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "slipcast/core/assert.hpp"
#include "slipcast/math/normal.hpp"
#include "slipcast/math/special.hpp"

namespace slipcast::math {

namespace {

__extension__ using UInt128 = unsigned __int128;

// Marsaglia and Tsang's method for shape >= 1.
double draw_large_shape_gamma(RandomStream& stream, double shape) {
    const double d = shape - 1.0 / 3.0;
    const double c = 1.0 / std::sqrt(9.0 * d);
    for (;;) {
        const double z = draw_normal(stream);
        const double v = std::pow(1.0 + c * z, 3.0);
        const double log_uniform = std::log(stream.next_uniform());
        if (v > 0.0 && log_uniform < 0.5 * z * z + d - d * v + d * std::log(v)) return d * v;
    }
}

std::int64_t draw_small_poisson(RandomStream& stream, double mean) {
    double left = stream.next_uniform();
    double probability = std::exp(-mean);
    std::int64_t k = 0;
    // Past the support of a double the probabilities are zero and the rounding that is left belongs to the last k.
    while (left > probability && probability > 0.0) {
        left -= probability;
        ++k;
        probability *= mean / static_cast<double>(k);
    }
    return k;
}

// Hormann's PTRS; the constants fit the hat to the distribution for every mean >= 10.
std::int64_t draw_large_poisson(RandomStream& stream, double mean) {
    const double b = 0.931 + 2.53 * std::sqrt(mean);
    const double a = -0.059 + 0.02483 * b;
    const double inverse_alpha = 1.1239 + 1.1328 / (b - 3.4);
    const double squeeze = 0.9277 - 3.6224 / (b - 2.0);
    for (;;) {
        const double u = stream.next_uniform() - 0.5;
        const double v = stream.next_uniform();
        const double us = 0.5 - std::abs(u);
        const double k = std::floor((2.0 * a / us + b) * u + mean + 0.43);
        if (us >= 0.07 && v <= squeeze) return static_cast<std::int64_t>(k);
        if (k < 0.0 || (us < 0.013 && v > us)) continue;
        const double log_hat = std::log(v * inverse_alpha / (a / (us * us) + b));
        const auto count = static_cast<std::int64_t>(k);
        if (log_hat <= k * std::log(mean) - mean - log_factorial(count)) return count;
    }
}

}  // namespace

std::uint64_t draw_index(RandomStream& stream, std::uint64_t count) {
    SLIPCAST_ASSERT(count > 0, "draw_index needs something to choose from");
    for (;;) {
        const UInt128 product = UInt128{stream.next_bits()} * count;
        const auto low = static_cast<std::uint64_t>(product);
        // 2^64 mod count products are surplus. That number is below count, so most draws never divide.
        if (low >= count || low >= (0 - count) % count) return static_cast<std::uint64_t>(product >> 64U);
    }
}

bool draw_bernoulli(RandomStream& stream, double probability) {
    SLIPCAST_ASSERT(probability >= 0.0 && probability <= 1.0, "a probability is in [0, 1]");
    return stream.next_uniform() < probability;
}

double draw_normal(RandomStream& stream) {
    return normal_quantile(stream.next_uniform());
}

double draw_lognormal(RandomStream& stream, double log_mean, double log_deviation) {
    SLIPCAST_ASSERT(std::isfinite(log_mean) && log_deviation >= 0.0, "a deviation is >= 0");
    return std::exp(log_mean + log_deviation * draw_normal(stream));
}

double draw_exponential(RandomStream& stream, double mean) {
    SLIPCAST_ASSERT(mean > 0.0, "draw_exponential needs mean > 0");
    return -mean * std::log(stream.next_uniform());
}

double draw_gamma(RandomStream& stream, double shape, double scale) {
    SLIPCAST_ASSERT(shape > 0.0 && scale > 0.0, "draw_gamma needs shape > 0 and scale > 0");
    if (shape >= 1.0) return scale * draw_large_shape_gamma(stream, shape);
    const double base = draw_large_shape_gamma(stream, shape + 1.0);
    return scale * base * std::pow(stream.next_uniform(), 1.0 / shape);
}

std::int64_t draw_poisson(RandomStream& stream, double mean) {
    SLIPCAST_ASSERT(mean >= 0.0 && mean <= 1e15, "draw_poisson needs 0 <= mean <= 1e15");
    return mean < 10.0 ? draw_small_poisson(stream, mean) : draw_large_poisson(stream, mean);
}

std::int64_t draw_geometric(RandomStream& stream, double p) {
    SLIPCAST_ASSERT(p > 0.0 && p <= 1.0, "draw_geometric needs 0 < p <= 1");
    const double u = stream.next_uniform();
    // ln u / ln(1 - p) is an exponential whose whole part is geometric; at p = 1 it is ln u / -infinity = 0.
    const double k = std::floor(std::log(u) / std::log1p(-p));
    return static_cast<std::int64_t>(std::min(k, 0x1p62));
}

double draw_pareto(RandomStream& stream, double minimum, double exponent) {
    SLIPCAST_ASSERT(minimum > 0.0 && exponent > 0.0, "draw_pareto needs minimum > 0 and exponent > 0");
    return minimum * std::pow(stream.next_uniform(), -1.0 / exponent);
}

std::int64_t draw_zeta(RandomStream& stream, double exponent, std::int64_t maximum) {
    SLIPCAST_ASSERT(exponent > 1.0, "draw_zeta needs exponent > 1");
    SLIPCAST_ASSERT(maximum >= 1 && maximum <= (std::int64_t{1} << 53), "draw_zeta needs 1 <= maximum <= 2^53");
    const double power = exponent - 1.0;
    const auto top = static_cast<double>(maximum);
    // The hat is floor(X) of a Pareto X on [1, maximum + 1), so its uniform stays above P(X >= maximum + 1).
    const double beyond = std::pow(top + 1.0, -power);
    const double b = std::exp2(power);
    for (;;) {
        const double u = beyond + (1.0 - beyond) * stream.next_uniform();
        const double v = stream.next_uniform();
        const double k = std::clamp(std::floor(std::pow(u, -1.0 / power)), 1.0, top);
        const double excess = std::expm1(power * std::log1p(1.0 / k));  // t - 1, which vanishes for large k
        if (v * k * excess / (b - 1.0) <= (1.0 + excess) / b) return static_cast<std::int64_t>(k);
    }
}

CategoricalSampler::CategoricalSampler(std::span<const double> weights)
    : keep_(weights.size()), alias_(weights.size()) {
    SLIPCAST_ASSERT(!weights.empty(), "a categorical distribution has a category");
    for (const double weight : weights) {
        SLIPCAST_ASSERT(weight >= 0.0 && std::isfinite(weight), "weights are finite and not negative");
    }
    const double total = std::accumulate(weights.begin(), weights.end(), 0.0);
    SLIPCAST_ASSERT(total > 0.0 && std::isfinite(total), "weights have a positive finite sum");
    const auto count = static_cast<double>(weights.size());
    std::vector<std::size_t> small;
    std::vector<std::size_t> large;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        keep_[i] = weights[i] / total * count;
        alias_[i] = i;
        (keep_[i] < 1.0 ? small : large).push_back(i);
    }
    while (!small.empty() && !large.empty()) {
        const std::size_t poor = small.back();
        const std::size_t rich = large.back();
        small.pop_back();
        alias_[poor] = rich;
        keep_[rich] -= 1.0 - keep_[poor];
        if (keep_[rich] < 1.0) {
            large.pop_back();
            small.push_back(rich);
        }
    }
    // What is left differs from a full column by rounding only.
    for (const std::size_t i : large) keep_[i] = 1.0;
    for (const std::size_t i : small) keep_[i] = 1.0;
}

std::size_t CategoricalSampler::draw(RandomStream& stream) const {
    const auto column = static_cast<std::size_t>(draw_index(stream, keep_.size()));
    return stream.next_uniform() < keep_[column] ? column : alias_[column];
}

}  // namespace slipcast::math
