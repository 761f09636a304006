#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#include "slipcast/math/special.hpp"

// Statistical tests fail a correct program now and then by design. This is the one place that says how often: the
// budget of a commit, shared by the assertions that spend it, and the critical values that follow from a share.

namespace slipcast::test {

/// How often all statistical assertions of one test file together may fail a correct program.
inline constexpr double kFalseAlarmBudget = 1e-6;

/// The level of one of `assertions` that share the budget (Bonferroni: valid however they depend on each other).
[[nodiscard]] constexpr double false_alarm_share(int assertions) {
    return kFalseAlarmBudget / assertions;
}

/// The largest |empirical - true| distribution function that `draws` independent draws exceed with probability at most
/// `level`: 2 exp(-2 n d^2) = level, a bound for every n and every distribution, discrete ones too (Dvoretzky, Kiefer,
/// Wolfowitz 1956 with the constant of Massart 1990).
[[nodiscard]] inline double largest_gap_allowed(std::size_t draws, double level) {
    return std::sqrt(std::log(2.0 / level) / (2.0 * static_cast<double>(draws)));
}

/// Kolmogorov and Smirnov's distance of draws from a continuous distribution function.
template <typename Cdf>
[[nodiscard]] double largest_gap(std::vector<double> draws, const Cdf& cdf) {
    std::sort(draws.begin(), draws.end());
    const auto count = static_cast<double>(draws.size());
    double gap = 0.0;
    for (std::size_t i = 0; i < draws.size(); ++i) {
        const double probability = cdf(draws[i]);
        const auto below = static_cast<double>(i);
        gap = std::max({gap, probability - below / count, (below + 1.0) / count - probability});
    }
    return gap;
}

/// The same for whole numbers: the gap at every integer from the smallest draw to the largest.
template <typename Cdf>
[[nodiscard]] double largest_integer_gap(std::vector<std::int64_t> draws, const Cdf& cdf) {
    std::sort(draws.begin(), draws.end());
    const auto count = static_cast<double>(draws.size());
    double gap = cdf(draws.front() - 1);
    for (std::size_t i = 0; i < draws.size(); ++i) {
        if (i + 1 < draws.size() && draws[i + 1] == draws[i]) continue;
        const double empirical = static_cast<double>(i + 1) / count;
        gap = std::max(gap, std::abs(empirical - cdf(draws[i])));
        // Between two draws the empirical function is flat and the true one rises: its end is the far point.
        if (i + 1 < draws.size()) gap = std::max(gap, std::abs(empirical - cdf(draws[i + 1] - 1)));
    }
    return gap;
}

/// Pearson's sum of (observed - expected)^2 / expected.
[[nodiscard]] inline double chi_square(std::span<const double> observed, std::span<const double> expected) {
    double sum = 0.0;
    for (std::size_t i = 0; i < observed.size(); ++i) {
        sum += (observed[i] - expected[i]) * (observed[i] - expected[i]) / expected[i];
    }
    return sum;
}

/// The value that a chi-square variable exceeds with probability `level`. The approximation of Pearson's sum is good at
/// the levels used here when every expected count is in the hundreds.
[[nodiscard]] inline double chi_square_allowed(double degrees, double level) {
    double low = degrees;
    double high = 2.0 * degrees + 200.0;
    for (int step = 0; step < 100; ++step) {
        const double middle = 0.5 * (low + high);
        (1.0 - math::regularized_gamma(degrees / 2.0, middle / 2.0) > level ? low : high) = middle;
    }
    return high;
}

/// P(at most `successes` of `trials`), exactly, through the incomplete beta function.
[[nodiscard]] inline double binomial_cdf(std::int64_t successes, std::int64_t trials, double probability) {
    if (successes >= trials) return 1.0;
    const auto k = static_cast<double>(successes);
    return math::regularized_beta(1.0 - probability, static_cast<double>(trials) - k, k + 1.0);
}

/// Whether a success rate of at least `promised` would give so few successes with probability below `level`.
[[nodiscard]] inline bool is_below_promise(std::int64_t successes, std::int64_t trials, double promised, double level) {
    return binomial_cdf(successes, trials, promised) < level;
}

/// Whether a success rate of at most `promised` would give so many successes with probability below `level`.
[[nodiscard]] inline bool is_above_promise(std::int64_t successes, std::int64_t trials, double promised, double level) {
    return successes > 0 && 1.0 - binomial_cdf(successes - 1, trials, promised) < level;
}

}  // namespace slipcast::test
