#pragma once

#include <array>
#include <cstdint>
#include <span>
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
/// What a shape's parameter is called: "exponent", "upper", "mean", "ratio"; "" for empirical.
[[nodiscard]] std::string_view parameter_name(Shape shape);

/// Sizes end here: the largest order and the largest liquidity that the module speaks of.
inline constexpr std::int64_t kLargestSize = std::int64_t{1} << 40;

/// The hidden liquidity S of one venue in whole lots: a distribution on {0, 1, ...}. Immutable; cheap to query: each
/// query of a parametric shape costs the same for any size.
class Liquidity {
public:
    /// zero_bin in [0, 1], 1 <= upper <= 2^40.
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
    /// The largest possible size; 2^40 where the shape has no end.
    [[nodiscard]] std::int64_t max_liquidity() const { return max_liquidity_; }

    /// T(s) = P(S >= s); 1 for s <= 0. Never increases in s, not even by a rounding. Relative error below 1e-11.
    [[nodiscard]] double prob_at_least(std::int64_t size) const;
    /// ln P(S = s); -inf where impossible.
    [[nodiscard]] double log_prob(std::int64_t size) const;
    /// The number of sizes s in 1..at_most with T(s) > threshold: the inverse tail, exact for `prob_at_least` as it is
    /// computed.
    [[nodiscard]] std::int64_t sizes_above(double threshold, std::int64_t at_most) const;
    /// E[min(S, sent)] = sum over s = 1..sent of T(s).
    [[nodiscard]] double expected_fill(std::int64_t sent) const;
    /// One draw of S by inversion of one uniform.
    [[nodiscard]] std::int64_t draw(RandomStream& stream) const;

    /// Where T, continued smoothly between whole sizes, falls to a threshold: a start for an exact search, good to a
    /// fraction of a size past the first few.
    struct Crossing {
        double size = 0.0;
        double per_log_threshold = 0.0;  ///< d size / d ln threshold, <= 0; NaN where the shape does not offer it
    };
    /// threshold > 0 (asserted).
    [[nodiscard]] Crossing crossing(double threshold) const;

private:
    Liquidity() = default;

    /// Partial sums of s^-b by Euler and Maclaurin's formula from size `first` on; below it they are tabulated.
    struct PowerSums {
        std::int64_t first = 1;
        double total = 1.0;                   ///< H(max, b)
        double below = 0.0;                   ///< sum over s < first
        double rise = 0.0;                    ///< 1 - b
        std::array<double, 6> corrections{};  ///< of s^-b, in odd powers of 1 / s
        double at_first = 0.0;                ///< first^-b
        double correction_first = 0.0;
        double at_last = 0.0;  ///< max^-b
        double correction_last = 0.0;
        double middle = 0.0;      ///< up to here sums run from below, beyond from above
        double half_first = 0.0;  ///< (first - 1/2)^(1 - b)
        double half_last = 0.0;   ///< (max + 1/2)^(1 - b)
        double log_half_last = 0.0;
        double log_half_first = 0.0;
        std::array<double, 52> head{};  ///< tails of sizes 1..first; |exponent| <= 20 leaves no more
    };

    void prepare_power_law();
    [[nodiscard]] std::span<const double> power_head() const {
        return {power_.head.data(), static_cast<std::size_t>(power_.first)};
    }
    [[nodiscard]] double power_correction(double size) const;
    [[nodiscard]] double power_tail(std::int64_t size) const;
    [[nodiscard]] Crossing power_crossing(double tail) const;
    [[nodiscard]] double conditional_tail(std::int64_t size) const;
    [[nodiscard]] std::int64_t settled(std::int64_t guess, double threshold, std::int64_t at_most) const;

    Shape shape_ = Shape::uniform;
    double zero_bin_ = 0.0;
    double presence_ = 1.0;  ///< 1 - zero bin
    double parameter_ = 0.0;
    std::int64_t max_liquidity_ = 0;
    PowerSums power_;
    std::vector<std::int64_t> sizes_;
    std::vector<double> tails_;  ///< of the empirical steps
    std::vector<double> sums_;   ///< expected fill at the empirical steps
};

}  // namespace slipcast::venue
