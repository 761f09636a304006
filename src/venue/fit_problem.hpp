#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "power_sum.hpp"
#include "search.hpp"
#include "size_counts.hpp"
#include "slipcast/venue/fit.hpp"

namespace slipcast::venue::detail {

/// The censored likelihood of one log under one parametric shape. A shape has one coordinate x, on which searches run:
/// the exponent, the whole-numbered upper, ln mean, or ln of q / (1 - q) for the ratio q.
class FitProblem {
public:
    FitProblem(std::span<const Observation> observations, Shape shape, std::int64_t max_liquidity);

    [[nodiscard]] const ObservationCounts& counts() const { return counts_; }
    [[nodiscard]] std::int64_t largest_sent() const { return largest_sent_; }
    [[nodiscard]] bool has_minimums() const { return !minimum_misses_.empty(); }

    /// The range of x: what the data exclude is left out.
    [[nodiscard]] double lowest() const { return lowest_; }
    [[nodiscard]] double highest() const { return highest_; }
    [[nodiscard]] double parameter(double x) const;
    [[nodiscard]] double coordinate(double parameter) const;
    /// d parameter / dx: 1, the mean, q (1 - q).
    [[nodiscard]] double rate(double x) const;

    /// Log-likelihood at x with the best zero bin.
    [[nodiscard]] double profile(double x) const;
    /// The best zero bin at x.
    [[nodiscard]] double zero_bin(double x) const;
    /// Log-likelihood at x and a zero bin.
    [[nodiscard]] double likelihood(double x, double zero_bin) const;
    /// The same at many zero bins.
    [[nodiscard]] std::vector<double> likelihoods(double x, std::span<const double> zero_bins) const;
    /// The maximum of `profile` over the range of x.
    [[nodiscard]] Peak best() const;
    /// Log-likelihood at a zero bin with the best x near `around`.
    [[nodiscard]] double zero_bin_profile(double zero_bin, double around) const;

private:
    struct Count {
        std::int64_t size = 0;
        SumStart start = {};  ///< of the power law's sum from there
        double count = 0.0;
    };

    [[nodiscard]] std::vector<Count> listed(const std::vector<SizeCount>& counts) const;
    [[nodiscard]] SumStart start_of(std::int64_t size) const;

    [[nodiscard]] Peak best_upper() const;
    [[nodiscard]] Peak closed_form() const;
    [[nodiscard]] Peak best_exponent() const;
    [[nodiscard]] Peak scanned_exponent(const std::vector<Count>& full) const;
    /// Where the slope, positive at low and negative at high, changes sign.
    [[nodiscard]] Peak exponent_between(double low, double high, const std::vector<Count>& full) const;
    [[nodiscard]] Peak exponent_near(double start) const;
    [[nodiscard]] static Peak peak_at(double x, double step, const LogSum& before);
    /// `fills` of the power law with derivatives.
    [[nodiscard]] LogSum power_fills(double exponent, const std::vector<Count>& full) const;
    [[nodiscard]] std::vector<double> search_points() const;
    /// ln likelihood of the fills given that there is liquidity.
    [[nodiscard]] double fills(double x, const std::vector<Count>& full) const;
    [[nodiscard]] double profile(double x, const std::vector<Count>& full) const;
    /// Full fills with neighboring sizes replaced by their mean.
    [[nodiscard]] std::vector<Count> merged_full() const;
    [[nodiscard]] double partial_fills(double x) const;
    /// ln P(S >= size | S > 0).
    [[nodiscard]] double log_tail(double x, std::int64_t size) const;
    [[nodiscard]] std::vector<double> minimum_tails(double x) const;
    [[nodiscard]] double presence(std::span<const double> tails) const;
    [[nodiscard]] double presence_likelihood(std::span<const double> tails, double presence) const;

    Shape shape_;
    std::int64_t max_liquidity_;
    ObservationCounts counts_;
    std::int64_t largest_sent_ = 0;
    double filled_ = 0.0;
    double misses_ = 0.0;
    double partial_ = 0.0;
    double sum_sizes_ = 0.0;           ///< over partial fills
    double sum_log_sizes_ = 0.0;       ///< of ln r
    double sum_log_factorials_ = 0.0;  ///< of ln r!, for the Poisson
    std::vector<Count> full_;          ///< distinct sizes of full fills
    std::vector<Count> minimum_misses_;
    double lowest_ = 0.0;
    double highest_ = 0.0;
};

}  // namespace slipcast::venue::detail
