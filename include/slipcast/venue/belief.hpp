#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "slipcast/core/random.hpp"
#include "slipcast/core/result.hpp"
#include "slipcast/venue/liquidity.hpp"
#include "slipcast/venue/observation.hpp"
#include "slipcast/venue/power_law_family.hpp"
#include "slipcast/venue/presence_memory.hpp"

namespace slipcast::venue {

/// What a belief starts from, and how far out its optimistic end lies.
struct BeliefOptions {
    double zero_bin_optimism = 1.5;   ///< posterior deviations
    double exponent_optimism = 0.75;  ///< posterior deviations at the median length
    double prior_exponent = 0.5;
    double prior_deviation = 1.0;
    std::int64_t prior_length = 0;        ///< lots; 0: even over the family's lengths
    double prior_length_deviation = 1.0;  ///< of its logarithm
    double prior_misses = 2.0;
    double prior_fills = 1.0;
    double forgetting = 0.01;  ///< prior probability that the zero bin drifts; 0: all observations count the same
};

/// What one venue has shown, as a posterior of its zero bin, its exponent and its length (the largest liquidity that it
/// can hold): prior Beta for the zero bin, normal for the exponent and for the logarithm of the length. A partial fill
/// of r adds -b ln r - ln H(M, b) to the log-likelihood, a full fill of v adds ln T(v), a miss with minimum m adds ln(1
/// - (1 - zero bin) T(m)); what was filled excludes all shorter lengths. At each length the exponent's posterior is
/// taken as normal around its peak (Laplace; with minimum sizes, which tie zero bin and exponent together, it is added
/// up over exponents), between lengths its logarithm as a line; the shortest length left is the largest fill, so that a
/// sharp end is found to within what the fills tell. Without minimum sizes the zero bin is that of a `PresenceMemory`,
/// which follows one that drifts; with them every observation counts the same. Observing counts, at the same cost for
/// any size; the posterior is found when it is asked for; neither allocates. Not safe to use from two threads at once.
class Belief {
public:
    Belief(std::shared_ptr<const PowerLawFamily> family, const BeliefOptions& options);

    /// Refused: an impossible observation, or one sent beyond the longest length.
    Result<void> observe(const Observation& observation);
    /// As made.
    void forget();

    struct Summary {
        double zero_bin = 0.0;
        double zero_bin_deviation = 0.0;
        double exponent = 0.0;
        double exponent_deviation = 0.0;
        double max_liquidity = 0.0;  ///< lots; the median
    };
    /// Posterior means and standard deviations.
    [[nodiscard]] const Summary& summary() const;
    /// Zero bin and exponent so many deviations below their means, at the median length: more liquidity than is likely.
    [[nodiscard]] Liquidity optimistic() const;
    /// At the means, and the exponent's at the median length.
    [[nodiscard]] Liquidity expected() const;
    /// One draw of all three.
    [[nodiscard]] Liquidity drawn(RandomStream& stream) const;
    [[nodiscard]] double observations() const { return misses_ + minimum_misses_ + partial_ + full_; }

    /// Everything learned, as numbers; `restore` makes a belief of the same family go on bit for bit. Asking a belief
    /// does not change them.
    [[nodiscard]] std::vector<double> state() const;
    /// Refused: not a state of this family.
    Result<void> restore(std::span<const double> state);

private:
    static constexpr std::size_t kExponents = PowerLawFamily::kExponents;
    static constexpr std::size_t kMostLengths = PowerLawFamily::kMostLengths;
    static constexpr std::size_t kMostPending = PowerLawFamily::kMostTails;
    static constexpr std::size_t kMostMinimums = 16;
    using Row = PowerLawFamily::Row;

    struct MinimumMiss {
        std::int64_t size = 0;
        double count = 0.0;
    };
    using MissSums = std::array<Row, kMostMinimums>;

    /// The posterior at one length.
    struct Ridge {
        double log_weight = 0.0;  ///< of the length, with the exponent integrated out
        double exponent = 0.0;
        double deviation = 0.0;
        double zero_bin = 0.0;
        double zero_bin_deviation = 0.0;  ///< over exponents too
        double zero_bin_slope = 0.0;      ///< of the zero bin's mean in the exponent
        double zero_bin_rest = 0.0;       ///< its deviation when the exponent is known
    };
    struct Presence {
        double log_integral = 0.0;
        double mode = 0.5;
        double deviation = 0.0;
    };
    /// One length and exponent.
    struct Cell {
        double log_weight = 0.0;
        Presence presence = {};
        bool is_known = false;
    };
    using Cells = std::array<Cell, kExponents>;
    /// Neighboring lengths, between which ln of the posterior density of ln(length) is a line.
    struct Segment {
        double from = 0.0;
        double to = 0.0;
        double log_from = 0.0;
        double log_to = 0.0;
    };
    struct Point {
        Ridge ridge = {};
        std::int64_t length = 0;
    };

    void filled(std::int64_t lots);
    void count_minimum(std::int64_t minimum);
    void fold() const;

    void refresh() const;
    void weigh_segments() const;
    [[nodiscard]] Ridge ridge(std::size_t length, std::size_t& start, const MissSums& sums) const;
    template <typename At>
    void sum_exponents(Ridge& found, std::size_t peak, const At& at) const;
    [[nodiscard]] Presence presence(std::size_t length, std::size_t exponent, const MissSums& sums, double start) const;
    [[nodiscard]] double log_posterior(std::size_t length, std::size_t exponent) const;
    [[nodiscard]] double log_prior(std::size_t length) const;
    [[nodiscard]] Segment segment(std::size_t to) const;
    [[nodiscard]] Ridge between(std::size_t to, double log_length) const;
    [[nodiscard]] Point point(double probability) const;
    [[nodiscard]] Liquidity power_law(double zero_bin, double exponent, std::int64_t length) const;

    std::shared_ptr<const PowerLawFamily> family_;
    BeliefOptions options_;
    double misses_ = 0.0;
    double minimum_misses_ = 0.0;
    double partial_ = 0.0;
    double full_ = 0.0;
    double log_sizes_ = 0.0;             ///< sum of ln r over partial fills
    std::int64_t largest_ = 0;           ///< filled
    std::size_t first_ = 0;              ///< the shortest length that holds it
    std::vector<MinimumMiss> minimums_;  ///< ascending sizes
    PresenceMemory presence_;

    /// By length and exponent, the product of T(v) over full fills v as mantissa x 2^power: multiplying by the pending
    /// ones sooner or later gives the same bits, so asking may do it.
    mutable std::vector<double> mantissa_;  ///< in 1..2
    mutable std::vector<double> power_;
    mutable std::vector<std::int64_t> pending_;
    mutable std::array<Ridge, kMostLengths> ridges_{};
    mutable std::array<double, kMostLengths> mass_{};  ///< of the segment up to each length, cumulated
    mutable Summary summary_;
    mutable bool is_shape_fresh_ = false;
    mutable bool is_fresh_ = false;
};

}  // namespace slipcast::venue
