#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "slipcast/core/result.hpp"

namespace slipcast::venue {

/// The tails of 256 power laws on 1..max_liquidity, tabulated at sizes ("knots") four percent apart, so that the whole
/// table of any max_liquidity fits a processor's cache. Between knots ln T is a cubic in the logarithm of the size
/// (of the distance to the end in the upper half), with weights that no exponent changes: one observation is four
/// numbers, whatever the size. Error of ln T below 1e-5. Immutable; venues of one max_liquidity share it.
class PowerLawGrid {
public:
    static constexpr std::size_t kExponents = 256;
    using Row = std::span<const double, kExponents>;

    struct Options {
        double lowest = -4.0;  ///< smallest exponent, in [-20, highest)
        double highest = 4.0;  ///< largest exponent, at most 20
    };
    /// 1 <= max_liquidity <= 2^40 lots.
    [[nodiscard]] static Result<std::shared_ptr<const PowerLawGrid>> create(std::int64_t max_liquidity,
                                                                            Options options);
    [[nodiscard]] static Result<std::shared_ptr<const PowerLawGrid>> create(std::int64_t max_liquidity);

    /// A size as a weighted sum of knots.
    struct Position {
        std::uint32_t first = 0;         ///< knot
        std::uint32_t count = 1;         ///< knots from there on: one or four
        std::array<double, 4> weight{};  ///< sum 1
    };
    /// Where a size in 1..max_liquidity (asserted) lies; its own knot with weight 1 when it is one.
    [[nodiscard]] Position position(std::int64_t size) const;

    [[nodiscard]] std::int64_t max_liquidity() const { return max_liquidity_; }
    [[nodiscard]] std::size_t knots() const { return sizes_.size(); }
    /// Equally spaced, ascending.
    [[nodiscard]] Row exponents() const { return Row{exponents_}; }
    /// ln H(max_liquidity, b) for each exponent b.
    [[nodiscard]] Row log_normalizer() const { return Row{log_normalizer_}; }
    /// ln P(S >= size of the knot | S > 0) for each exponent.
    [[nodiscard]] Row log_tail(std::size_t knot) const { return Row{log_tail_.data() + knot * kExponents, kExponents}; }
    /// The same probability itself.
    [[nodiscard]] Row tail(std::size_t knot) const { return Row{tail_.data() + knot * kExponents, kExponents}; }

private:
    PowerLawGrid() = default;
    void place_knots();
    void tabulate();
    [[nodiscard]] double coordinate(std::int64_t size, bool upper) const;

    std::int64_t max_liquidity_ = 0;
    std::size_t lower_ = 0;            ///< knots of the lower half, which end at its middle; the upper half's follow
    std::vector<std::int64_t> sizes_;  ///< of the knots
    std::vector<double> coordinates_;  ///< of the knots, in their half's variable
    std::vector<std::array<double, 4>> scales_;  ///< Lagrange's denominators of the four knots from here, inverted
    std::array<double, kExponents> exponents_{};
    std::array<double, kExponents> log_normalizer_{};
    std::vector<double> log_tail_;
    std::vector<double> tail_;
};

}  // namespace slipcast::venue
