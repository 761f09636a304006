#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "slipcast/core/random.hpp"
#include "slipcast/core/result.hpp"

namespace slipcast::venue {

/// How positive liquidity is spread over sizes. The chance of none at all (the zero bin) stands apart from it.
enum class Shape : std::uint8_t {
    uniform,      ///< equal on 1..m
    power_law,    ///< s^-b / H(max, b) on 1..max; b of any sign
    poisson,      ///< Poisson of mean `parameter`, given that it is positive
    exponential,  ///< (1 - q) q^(s-1) on 1, 2, ...
    empirical,    ///< a step function of sizes: Kaplan-Meier and Turnbull
};
[[nodiscard]] std::string_view name(Shape shape);

/// The hidden liquidity S of one venue in whole lots: a distribution on {0, 1, ...}. Immutable; cheap to query: each
/// query of a parametric shape costs the same for any size.
class Liquidity {
public:
    /// zero_bin in [0, 1], upper >= 1.
    [[nodiscard]] static Result<Liquidity> uniform(double zero_bin, std::int64_t upper);
    /// zero_bin in [0, 1], |exponent| <= 20, 1 <= max_liquidity <= 2^40.
    [[nodiscard]] static Result<Liquidity> power_law(double zero_bin, double exponent, std::int64_t max_liquidity);
    /// zero_bin in [0, 1], mean in (0, 1e9]: of the Poisson before the condition.
    [[nodiscard]] static Result<Liquidity> poisson(double zero_bin, double mean);
    /// zero_bin in [0, 1], ratio q in [0, 1].
    [[nodiscard]] static Result<Liquidity> exponential(double zero_bin, double ratio);
    /// prob_at_least[i] = P(S >= s) for sizes[i-1] < s <= sizes[i] (sizes[-1] = 0), strictly ascending sizes >= 1,
    /// values in [0, 1] not increasing; zero beyond the last.
    [[nodiscard]] static Result<Liquidity> empirical(std::vector<std::int64_t> sizes,
                                                     std::vector<double> prob_at_least);

    [[nodiscard]] Shape shape() const { return shape_; }
    [[nodiscard]] double zero_bin() const { return zero_bin_; }
    /// upper, exponent, mean or ratio; NaN for empirical.
    [[nodiscard]] double parameter() const { return parameter_; }
    [[nodiscard]] std::int64_t max_liquidity() const { return max_liquidity_; }

    /// T(s) = P(S >= s); 1 for s <= 0.
    [[nodiscard]] double prob_at_least(std::int64_t size) const;
    /// ln P(S = s); -inf where impossible.
    [[nodiscard]] double log_prob(std::int64_t size) const;
    /// The number of sizes s in 1..at_most with T(s) > threshold: the inverse tail.
    [[nodiscard]] std::int64_t sizes_above(double threshold, std::int64_t at_most) const;
    /// E[min(S, sent)] = sum over s = 1..sent of T(s).
    [[nodiscard]] double expected_fill(std::int64_t sent) const;
    /// One draw of S by inversion of one uniform.
    [[nodiscard]] std::int64_t draw(RandomStream& stream) const;

private:
    Liquidity() = default;

    Shape shape_ = Shape::uniform;
    double zero_bin_ = 0.0;
    double parameter_ = 0.0;
    double normalizer_ = 0.0;  ///< H(max, b) of the power law, e^mean - 1 in logs of the Poisson
    std::int64_t max_liquidity_ = 0;
    std::vector<std::int64_t> sizes_;
    std::vector<double> tails_;
};

}  // namespace slipcast::venue
