#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace slipcast::math {

/// How to resample.
struct ResampleOptions {
    double confidence = 0.95;       ///< of the interval, in [0.5, 0.999]
    std::int64_t resamples = 1000;  ///< >= 100
    std::uint64_t seed = 1;
};

/// Below this many blocks there is no interval: resampling so few says little about the spread of their population.
inline constexpr std::int64_t kMinBlocks = 10;

/// Why an interval is missing.
enum class IntervalOutcome : std::uint8_t {
    available,
    too_few_blocks,       ///< fewer than kMinBlocks blocks with a denominator
    no_estimate,          ///< the denominators sum to zero
    unstable_denominator  ///< some resampled denominators have the other sign: the ratio has no distribution to speak
                          ///< of
};
[[nodiscard]] std::string_view name(IntervalOutcome outcome);

/// A ratio of sums and its interval.
struct RatioInterval {
    std::optional<double> estimate;  ///< sum of numerators / sum of denominators
    std::optional<double> low;       ///< both ends, or neither
    std::optional<double> high;
    std::int64_t blocks = 0;        ///< blocks with a denominator that is not zero
    double effective_blocks = 0.0;  ///< Kish: (sum |denominator|)^2 / sum denominator^2; few when one block dominates
    IntervalOutcome outcome = IntervalOutcome::no_estimate;
};

/// One metric's numerator and denominator summed within each block, in the order of the blocks.
struct BlockSums {
    std::span<const double> numerators;
    std::span<const double> denominators;
};

/// The interval of a ratio of sums when rows of one block share a path and blocks are independent: blocks are drawn
/// with replacement, whole, `resamples` times. Resample r takes its draws from stream (seed, "math.resample", r), so
/// the result depends on nothing but its arguments. Sums must be finite and of one length; options in range (asserted).
[[nodiscard]] RatioInterval ratio_interval(const BlockSums& sums, const ResampleOptions& options = {});

/// The same for several metrics over the same blocks (equal lengths, asserted), each from the same resampled blocks: as
/// fast as drawing once, and parts that add up do so in every resample.
/// Result i equals ratio_interval(metrics[i], options).
[[nodiscard]] std::vector<RatioInterval> ratio_intervals(std::span<const BlockSums> metrics,
                                                         const ResampleOptions& options = {});

/// A statistic of all rows and its interval.
struct StatisticInterval {
    double estimate = 0.0;
    std::optional<double> low;  ///< both ends, or neither: below kMinBlocks blocks
    std::optional<double> high;
};
/// Writes the statistics of the rows when those of block b count `times[b]` times.
using Statistics = std::function<void(std::span<const std::uint32_t> times, std::span<double> values)>;

/// Intervals of any `statistics` many statistics (quantiles, differences of two paired runs) whose rows fall into
/// `blocks` > 0 blocks, all from the same resampled blocks: those that ratio_intervals draws. `evaluate` gives finite
/// values (asserted). Options in range (asserted).
[[nodiscard]] std::vector<StatisticInterval> statistic_intervals(std::size_t blocks, std::size_t statistics,
                                                                 const Statistics& evaluate,
                                                                 const ResampleOptions& options = {});

}  // namespace slipcast::math
