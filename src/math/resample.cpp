#include "slipcast/math/resample.hpp"

#include <algorithm>
#include <cmath>

#include "slipcast/core/assert.hpp"
#include "slipcast/core/random.hpp"
#include "slipcast/math/normal.hpp"
#include "slipcast/math/sampling.hpp"
#include "slipcast/math/statistics.hpp"
#include "slipcast/math/student.hpp"

namespace slipcast::math {

namespace {

void check(const ResampleOptions& options) {
    SLIPCAST_ASSERT(options.confidence >= 0.5 && options.confidence <= 0.999, "0.5 <= confidence <= 0.999");
    SLIPCAST_ASSERT(options.resamples >= 100, "at least 100 resamples");
}

void check(std::span<const BlockSums> metrics, const ResampleOptions& options) {
    check(options);
    const auto is_finite = [](double x) { return std::isfinite(x); };
    for (const BlockSums& metric : metrics) {
        SLIPCAST_ASSERT(metric.numerators.size() == metrics.front().numerators.size() &&
                            metric.denominators.size() == metric.numerators.size(),
                        "metrics of one resampling have the same blocks");
        SLIPCAST_ASSERT(std::all_of(metric.numerators.begin(), metric.numerators.end(), is_finite) &&
                            std::all_of(metric.denominators.begin(), metric.denominators.end(), is_finite),
                        "block sums are finite");
    }
}

/// Estimate and block counts: what needs no resampling.
RatioInterval without_interval(const BlockSums& sums) {
    RatioInterval result;
    Moments sizes;  // a weight of |denominator| makes Kish's count that of the blocks
    for (const double denominator : sums.denominators) sizes.add(0.0, std::abs(denominator));
    result.blocks = sizes.count();
    result.effective_blocks = sizes.effective_count();
    result.estimate = ratio_of_sums(sums.numerators, sums.denominators);
    result.outcome = IntervalOutcome::available;
    if (!result.estimate) {
        result.outcome = IntervalOutcome::no_estimate;
    } else if (result.blocks < kMinBlocks) {
        result.outcome = IntervalOutcome::too_few_blocks;
    }
    return result;
}

/// The lower percentile of the resamples that bounds the interval: see the header.
double lower_level(double confidence, double effective_blocks) {
    const double blocks = std::max(effective_blocks, 2.0);
    const double t = student_quantile((1.0 - confidence) / 2.0, blocks - 1.0);
    return normal_cdf(t * std::sqrt(blocks / (blocks - 1.0)));
}

/// One metric's resampled ratios, drawn so far.
struct Replicates {
    std::vector<double> ratios;
    double sign = 1.0;  ///< of the whole denominator
    bool changes_sign = false;

    void add(const BlockSums& sums, std::span<const std::size_t> picks) {
        double numerator = 0.0;
        double denominator = 0.0;
        for (const std::size_t block : picks) {
            numerator += sums.numerators[block];
            denominator += sums.denominators[block];
        }
        if (denominator * sign > 0.0) {
            ratios.push_back(numerator / denominator);
        } else if (denominator != 0.0) {
            changes_sign = true;
        }
    }
};

void close(RatioInterval& result, Replicates& replicates, double confidence) {
    if (result.outcome != IntervalOutcome::available) return;
    if (replicates.changes_sign || replicates.ratios.empty()) {
        result.outcome = IntervalOutcome::unstable_denominator;
        return;
    }
    std::sort(replicates.ratios.begin(), replicates.ratios.end());
    const double level = lower_level(confidence, result.effective_blocks);
    result.low = sorted_quantile(replicates.ratios, level);
    result.high = sorted_quantile(replicates.ratios, 1.0 - level);
}

}  // namespace

std::string_view name(IntervalOutcome outcome) {
    switch (outcome) {
        case IntervalOutcome::available:
            return "available";
        case IntervalOutcome::too_few_blocks:
            return "too_few_blocks";
        case IntervalOutcome::no_estimate:
            return "no_estimate";
        case IntervalOutcome::unstable_denominator:
            return "unstable_denominator";
    }
    SLIPCAST_ASSERT(false, "an IntervalOutcome outside its enumerators");
}

std::vector<RatioInterval> ratio_intervals(std::span<const BlockSums> metrics, const ResampleOptions& options) {
    check(metrics, options);
    std::vector<RatioInterval> results;
    std::vector<Replicates> replicates(metrics.size());
    bool any_open = false;
    for (std::size_t i = 0; i < metrics.size(); ++i) {
        results.push_back(without_interval(metrics[i]));
        if (results[i].outcome != IntervalOutcome::available) continue;
        any_open = true;
        replicates[i].sign = pairwise_sum(metrics[i].denominators) > 0.0 ? 1.0 : -1.0;
        replicates[i].ratios.reserve(static_cast<std::size_t>(options.resamples));
    }
    if (!any_open) return results;
    std::vector<std::size_t> picks(metrics.front().numerators.size());
    for (std::int64_t r = 0; r < options.resamples; ++r) {
        RandomStream stream(options.seed, "math.resample", static_cast<std::uint64_t>(r));
        for (std::size_t& pick : picks) pick = static_cast<std::size_t>(draw_index(stream, picks.size()));
        for (std::size_t i = 0; i < metrics.size(); ++i) {
            if (results[i].outcome == IntervalOutcome::available) replicates[i].add(metrics[i], picks);
        }
    }
    for (std::size_t i = 0; i < metrics.size(); ++i) close(results[i], replicates[i], options.confidence);
    return results;
}

std::vector<StatisticInterval> statistic_intervals(std::size_t blocks, std::size_t statistics,
                                                   const Statistics& evaluate, const ResampleOptions& options) {
    check(options);
    SLIPCAST_ASSERT(blocks > 0, "at least one block");
    std::vector<StatisticInterval> results(statistics);
    std::vector<std::uint32_t> times(blocks, 1);
    std::vector<double> values(statistics);
    evaluate(times, values);
    for (std::size_t i = 0; i < statistics; ++i) results[i].estimate = values[i];
    if (blocks < static_cast<std::size_t>(kMinBlocks)) return results;
    std::vector<std::vector<double>> replicates(statistics);
    for (std::int64_t r = 0; r < options.resamples; ++r) {
        RandomStream stream(options.seed, "math.resample", static_cast<std::uint64_t>(r));
        std::fill(times.begin(), times.end(), 0U);
        for (std::size_t b = 0; b < blocks; ++b) ++times[static_cast<std::size_t>(draw_index(stream, blocks))];
        evaluate(times, values);
        for (std::size_t i = 0; i < statistics; ++i) {
            SLIPCAST_ASSERT(std::isfinite(values[i]), "statistics are finite");
            replicates[i].push_back(values[i]);
        }
    }
    const double level = lower_level(options.confidence, static_cast<double>(blocks));
    for (std::size_t i = 0; i < statistics; ++i) {
        std::sort(replicates[i].begin(), replicates[i].end());
        results[i].low = sorted_quantile(replicates[i], level);
        results[i].high = sorted_quantile(replicates[i], 1.0 - level);
    }
    return results;
}

RatioInterval ratio_interval(const BlockSums& sums, const ResampleOptions& options) {
    return ratio_intervals({&sums, 1}, options).front();
}

}  // namespace slipcast::math
