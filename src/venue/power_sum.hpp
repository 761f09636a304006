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

/// ln of a power sum and its first two derivatives in the exponent.
struct LogSum {
    double value = 0.0;
    double slope = 0.0;
    double curvature = 0.0;
};

/// Where a sum starts, as `PowerTails` takes it: x = first - 1/2, ln x and ln((last + 1/2) / x). None depends on the
/// exponent.
struct SumStart {
    std::int64_t first = 1;
    double inverse = 2.0;  ///< 1 / x
    double log_from = 0.0;
    double log_span = 0.0;

    SumStart() = default;
    SumStart(std::int64_t first, std::int64_t last);
};

/// ln of sums s = first..last of s^-b for many `first` of one exponent b and one end, with derivatives in b. With
/// x = first - 1/2, L the span and y = (1 - b) L, Euler and Maclaurin's formula at midpoints says
///   sum = x^-b (x L (e^y - 1) / y + e^(y - L) q(end + 1/2) - q(x)),
///   q(x) = b / (24 x) - 7 b (b+1) (b+2) / (5760 x^3) + 31 b (b+1) ... (b+4) / (967680 x^5),
/// so a sum costs an exponential and a logarithm; sums from the first few dozen sizes are added up from there down.
/// Same limits as `log_power_sum`; relative error below 1e-11.
class PowerTails {
public:
    PowerTails(double exponent, std::int64_t last);
    [[nodiscard]] LogSum log_sum(const SumStart& start) const;

private:
    struct Sum {
        double value = 0.0;
        double slope = 0.0;
        double curvature = 0.0;
    };
    /// q and its derivatives in b.
    [[nodiscard]] Sum midpoint_correction(double inverse) const;
    /// The sum over x^-b, with derivatives of that.
    [[nodiscard]] Sum smooth(const SumStart& start) const;

    static constexpr std::size_t kMostAdded = 84;
    double exponent_;
    double end_inverse_;   ///< 1 / (end + 1/2)
    std::int64_t smooth_;  ///< from here on the formula holds
    Sum third_;            ///< 7 b (b+1) (b+2) / 5760
    Sum fifth_;            ///< 31 b (b+1) ... (b+4) / 967680
    Sum end_;
    std::array<Sum, kMostAdded> added_{};  ///< of sizes below `smooth_`, by size
};

}  // namespace slipcast::venue::detail
