#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "slipcast/core/random.hpp"

// Samplers over core's counter-based streams. Each returns one draw and advances the stream; parameters outside the
// stated range are a bug (asserted): options are refused before they get here. Every sampler is exact up to the
// rounding of doubles and the 52 bits of a uniform; none is an approximation of its distribution.

namespace slipcast::math {

/// Uniform on {0, ..., count - 1}, count > 0, without modulo bias.
/// Source: Lemire 2019, "Fast random integer generation in an interval".
[[nodiscard]] std::uint64_t draw_index(RandomStream& stream, std::uint64_t count);

/// True with `probability`, in [0, 1]. One uniform.
[[nodiscard]] bool draw_bernoulli(RandomStream& stream, double probability);

/// Standard normal by inversion of `normal_quantile`: one uniform a draw, so draw n of a stream can be reached by
/// `seek(n)`; |draw| <= 8.3.
[[nodiscard]] double draw_normal(RandomStream& stream);

/// exp(log_mean + log_deviation x Z); log_deviation >= 0. The mean is exp(log_mean + log_deviation^2 / 2). One uniform.
[[nodiscard]] double draw_lognormal(RandomStream& stream, double log_mean, double log_deviation);

/// Exponential with `mean` > 0: -mean x ln U. One uniform.
[[nodiscard]] double draw_exponential(RandomStream& stream, double mean);

/// Gamma with `shape` > 0 and `scale` > 0; mean shape x scale.
/// Source: Marsaglia and Tsang 2000, "A simple method for generating gamma variables" (rejection; below shape 1 with
/// their power of a uniform).
[[nodiscard]] double draw_gamma(RandomStream& stream, double shape, double scale);

/// Poisson with `mean` in [0, 1e15]. Inversion by sequential search below 10 (one uniform); above, rejection PTRS of
/// Hormann 1993, "The transformed rejection method for generating Poisson random variables".
[[nodiscard]] std::int64_t draw_poisson(RandomStream& stream, double mean);

/// Failures before the first success, P(k) = p (1 - p)^k for k >= 0, p in (0, 1], by inversion; values are capped at
/// 2^62, which p >= 1e-17 never reaches. One uniform.
[[nodiscard]] std::int64_t draw_geometric(RandomStream& stream, double p);

/// Pareto: P(X > x) = (minimum / x)^exponent for x >= minimum > 0, exponent > 0, by inversion. One uniform.
[[nodiscard]] double draw_pareto(RandomStream& stream, double minimum, double exponent);

/// Zeta truncated to {1, ..., maximum}: P(k) proportional to k^-exponent, exponent > 1, 1 <= maximum <= 2^53.
/// Source: Devroye 1986, "Non-uniform random variate generation", X.6.1 (rejection from a rounded-down Pareto, here
/// truncated at `maximum`).
[[nodiscard]] std::int64_t draw_zeta(RandomStream& stream, double exponent, std::int64_t maximum);

/// Draws an index with probability proportional to its weight, in constant time.
/// Source: Walker 1977, "An efficient method for generating discrete random variables with general distributions",
/// with the tables set up as in Vose 1991.
class CategoricalSampler {
public:
    /// weights: at least one, finite, >= 0, with a positive sum (asserted).
    explicit CategoricalSampler(std::span<const double> weights);
    /// Two draws of the stream (more only when `draw_index` rejects).
    [[nodiscard]] std::size_t draw(RandomStream& stream) const;
    [[nodiscard]] std::size_t size() const { return keep_.size(); }

private:
    std::vector<double> keep_;        ///< probability that a column stays with its own index
    std::vector<std::size_t> alias_;  ///< where it goes otherwise
};

/// Puts `values` in a uniformly random order (Fisher and Yates, from the last to the first).
template <typename T>
void shuffle(RandomStream& stream, std::span<T> values) {
    for (std::size_t left = values.size(); left > 1; --left) {
        using std::swap;
        swap(values[left - 1], values[static_cast<std::size_t>(draw_index(stream, left))]);
    }
}

}  // namespace slipcast::math
