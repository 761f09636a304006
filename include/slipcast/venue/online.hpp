#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "slipcast/core/random.hpp"
#include "slipcast/core/result.hpp"
#include "slipcast/venue/observation.hpp"
#include "slipcast/venue/power_law_grid.hpp"

namespace slipcast::venue {

/// The zero bin and power law of one venue, learned from one observation after the other: the likelihood at 256
/// exponents, kept up to date. Observing and discounting cost the same at any size; the likelihood itself is brought up
/// to date by the first question after them. A partial fill of r adds -b ln r - ln H(b), a full fill of v adds
/// ln T_b(v), a miss with minimum m adds ln(1 - (1 - zero bin) T_b(m)); without minimum sizes the zero bin is a count
/// and stands apart. Not safe to use from two threads at once.
class OnlinePowerLaw {
public:
    static constexpr std::size_t kExponents = PowerLawGrid::kExponents;

    explicit OnlinePowerLaw(std::shared_ptr<const PowerLawGrid> grid);

    /// Counts `weight` (> 0, asserted) such observations. Refused: an impossible one, or one sent beyond max_liquidity.
    Result<void> observe(const Observation& observation, double weight = 1.0);
    /// Everything observed so far counts `factor` times as much, in (0, 1] (asserted).
    void discount(double factor);

    /// The point of largest likelihood.
    struct Estimate {
        double zero_bin = 0.0;   ///< P(S = 0); the share of misses where no minimum was sent
        double exponent = 0.0;   ///< of the power law; meaningless when not `has_shape`
        bool has_shape = false;  ///< something was filled
        bool at_edge = false;    ///< the likelihood still rises at the end of the grid
    };
    /// Exponent by interpolation of the likelihood between grid points, good to 1e-6 where it is curved; the smallest
    /// of equal maxima. Nothing observed gives zero bin 0.
    [[nodiscard]] Estimate estimate() const;

    /// ln likelihood at each exponent of the grid, at the best zero bin there; up to a constant common to all. Valid
    /// until the next change.
    [[nodiscard]] std::span<const double, kExponents> log_likelihood() const;
    /// The zero bin of largest likelihood at grid exponent `index`.
    [[nodiscard]] double zero_bin_at(std::size_t index) const;
    /// One draw from the posterior with a flat prior on the zero bin and over the grid's exponents (the exponent then
    /// spread evenly within its cell): Thompson sampling. Three or more uniforms.
    [[nodiscard]] Estimate draw(RandomStream& stream) const;

    /// Weights of what was observed, after discounting.
    [[nodiscard]] double zero_weight() const { return misses_ * scale_; }  ///< misses without a minimum
    [[nodiscard]] double minimum_miss_weight() const { return minimum_misses_ * scale_; }
    [[nodiscard]] double filled_weight() const { return (partial_ + full_) * scale_; }  ///< anything filled
    [[nodiscard]] double partial_weight() const { return partial_ * scale_; }           ///< filled in part
    [[nodiscard]] double total_weight() const { return (misses_ + minimum_misses_ + partial_ + full_) * scale_; }
    [[nodiscard]] const PowerLawGrid& grid() const { return *grid_; }

    /// Everything learned, as numbers; `restore` makes an estimator on the same grid go on bit for bit.
    [[nodiscard]] std::vector<double> state() const;
    /// Refused: not a state of this grid.
    Result<void> restore(std::span<const double> state);

private:
    void rescale();
    void absorb() const;
    void refresh() const;
    /// The grid point of largest likelihood; `values` holds the likelihood at least around it.
    [[nodiscard]] std::size_t top(std::span<double, kExponents> values) const;
    [[nodiscard]] double fills_likelihood(std::size_t index) const;
    // Presence is 1 - zero bin.
    [[nodiscard]] double best_presence(std::size_t index, double start) const;
    [[nodiscard]] double presence_likelihood(std::size_t index, double presence) const;
    [[nodiscard]] double drawn_presence(std::size_t index, RandomStream& stream) const;

    std::shared_ptr<const PowerLawGrid> grid_;
    // In units of 1 / scale_, so that discounting is one product.
    double scale_ = 1.0;
    double misses_ = 0.0;
    double minimum_misses_ = 0.0;
    double partial_ = 0.0;
    double full_ = 0.0;
    double log_sizes_ = 0.0;                ///< sum of ln r over partial fills
    std::vector<double> miss_knots_;        ///< misses with a minimum, by knot
    std::vector<std::uint32_t> miss_used_;  ///< the knots with such misses
    mutable std::vector<double> pending_;   ///< full fills by knot that tails_ does not hold yet
    mutable std::vector<std::uint32_t> touched_;
    mutable std::array<double, kExponents> tails_{};  ///< sum of ln T_b(v) over full fills
    mutable std::array<double, kExponents> likelihood_{};
    mutable bool fresh_ = false;
};

}  // namespace slipcast::venue
