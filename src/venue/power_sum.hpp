#pragma once

#include <array>
#include <cstdint>

namespace slipcast::venue::detail {

/// B_2k / (2k)! for k = 1..6: the weights of Euler and Maclaurin's corrections.
inline constexpr std::array<double, 6> kBernoulli{1.0 / 12,         -1.0 / 720,       1.0 / 30'240,
                                                  -1.0 / 1'209'600, 1.0 / 47'900'160, -691.0 / 1'307'674'368'000.0};

/// ln of sum over s = first..last of s^-exponent, 1 <= first <= last <= 2^40, |exponent| <= 21 (asserted); the sum's
/// relative error is below 1e-12. The cost does not grow with the number of terms: short sums and the start of long
/// ones are added up, the rest is Euler and Maclaurin's formula.
[[nodiscard]] double log_power_sum(double exponent, std::int64_t first, std::int64_t last);

/// ln of sums s = first..last of s^-exponent for many `first` of one exponent and one end: what they share is kept, so
/// one costs an exponential and two logarithms. Same accuracy and limits.
class PowerTails {
public:
    PowerTails(double exponent, std::int64_t last);
    /// log_first = ln first.
    [[nodiscard]] double log_sum(std::int64_t first, double log_first) const;

private:
    double exponent_;
    std::int64_t last_;
    std::int64_t smooth_;  ///< from here on six corrections suffice
    double end_;
    double log_end_;
    double end_factor_;  ///< 1/2 and the corrections at the end, over the term there
};

}  // namespace slipcast::venue::detail
