#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "slipcast/core/result.hpp"
#include "slipcast/core/table.hpp"
#include "slipcast/venue/liquidity.hpp"
#include "slipcast/venue/observation.hpp"

namespace slipcast::venue {

/// What is believed of one quantity before any log: its common part is normal, the standard deviations of the effects
/// of symbols, of venues and of single pairs are half-normal with scale `spread`.
struct PoolPrior {
    double center = 0.0;
    double deviation = 1.0;
    double spread = 1.0;
};
/// Of the logit of the zero bin: a pair by itself has its zero bin in 0.06..0.99 nine times of ten.
inline constexpr PoolPrior kZeroBinPrior{.center = 1.0, .deviation = 1.5, .spread = 1.0};
/// Of the exponent: of a pair by itself in -1.1..2.6 nine times of ten.
inline constexpr PoolPrior kExponentPrior{.center = 0.75, .deviation = 0.75, .spread = 0.5};

/// How a pool's propagation of expectations ended.
enum class Termination : std::uint8_t {
    converged,    ///< every pair's moments stood still
    sweep_limit,  ///< not converged: use with care
};
[[nodiscard]] std::string_view name(Termination termination);

namespace detail {
class CrossedEffects;
}  // namespace detail

/// Power laws of many pairs that share a prior, so that a pair with few routes leans on its symbol and its venue:
///   logit of the zero bin and exponent, each:  x = common + symbol's + venue's + the pair's own,
/// the last three normal around 0. Nothing is plugged in: the common part and the three standard deviations are
/// integrated over what the logs leave open (kZeroBinPrior, kExponentPrior), so few pairs say little of each other and
/// the intervals say so. Each pair's own likelihood enters as it is, so a log without a partial fill, or without any
/// fill, pulls just as far as it can. Effects and pairs by expectation propagation, standard deviations on a lattice.
/// Zero bin and exponent are pooled each by itself, exact where no miss carries a minimum; where some do each is
/// integrated over the other, which then has the prior of a pair by itself. Cost: about a millisecond a pair.
class Pool {
public:
    /// What is believed of one pair: means, standard deviations and central intervals of the pair's own zero bin and
    /// exponent. Where a log says little the zero bin is far from normal: read its interval, not twice its deviation.
    struct Member {
        std::string symbol;
        std::string venue;
        std::int64_t observations = 0;
        double zero_bin = 0.0;
        double zero_bin_deviation = 0.0;
        double zero_bin_low = 0.0;
        double zero_bin_high = 0.0;
        double exponent = 0.0;
        double exponent_deviation = 0.0;
        double exponent_low = 0.0;
        double exponent_high = 0.0;
    };
    /// Standard deviations of the effects (of the logit, of the exponent).
    struct Spread {
        double symbol = 0.0;
        double venue = 0.0;
        double pair = 0.0;
    };
    /// How the propagation of one quantity ended, over the points of the lattice that carry its posterior.
    struct Propagation {
        Termination termination = Termination::converged;
        std::int64_t lattice_points = 0;
        std::int64_t sweeps = 0;        ///< at the point that took most
        double largest_change = 0.0;    ///< of a pair's mean or variance in the last sweep, in deviations
        double unsettled_weight = 0.0;  ///< posterior weight of the points where moments still moved
        /// Likelihoods at one point that bend upwards where their pair stands, so that no Gaussian is as wide as they
        /// make it: its mean is kept, the effects lean on it too much.
        std::int64_t held_sites = 0;
    };

    /// One max_liquidity for all pairs, in lots (0: the largest of their defaults); intervals hold with probability
    /// `confidence`. Refused: no log, a log without observations, two logs of one pair, an impossible observation, one
    /// beyond max_liquidity, a confidence outside (0, 1).
    [[nodiscard]] static Result<Pool> estimate(std::span<const PairLog> logs, std::int64_t max_liquidity = 0,
                                               double confidence = 0.95);

    /// In the order of the logs.
    [[nodiscard]] const std::vector<Member>& members() const { return members_; }
    /// Of a pair with a log its member; of another what its symbol and its venue suggest, with 0 observations: wider by
    /// what pairs differ, and by what symbols or venues differ where its own has no log at all.
    [[nodiscard]] Member belief(std::string_view symbol, std::string_view venue) const;
    /// A power law at the means of `belief`.
    [[nodiscard]] Liquidity liquidity(std::string_view symbol, std::string_view venue) const;
    /// Posterior means.
    [[nodiscard]] Spread zero_bin_spread() const;
    [[nodiscard]] Spread exponent_spread() const;
    [[nodiscard]] Propagation zero_bin_propagation() const;
    [[nodiscard]] Propagation exponent_propagation() const;
    /// converged only where both are.
    [[nodiscard]] Termination termination() const;
    /// What there is to judge the pool by: a row for the zero bin (its logit) and one for the exponent, with spreads
    /// and propagation.
    [[nodiscard]] Table diagnostics() const;
    [[nodiscard]] std::int64_t max_liquidity() const { return max_liquidity_; }
    /// The members as a table.
    [[nodiscard]] Table table() const;

private:
    std::int64_t max_liquidity_ = 0;
    double confidence_ = 0.0;
    std::vector<std::string> symbols_;
    std::vector<std::string> venues_;
    std::shared_ptr<const detail::CrossedEffects> zero_bins_;
    std::shared_ptr<const detail::CrossedEffects> exponents_;
    std::vector<Member> members_;
};

}  // namespace slipcast::venue
