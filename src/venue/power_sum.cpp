#include "power_sum.hpp"

#include <algorithm>
#include <cmath>

#include "slipcast/core/assert.hpp"

namespace slipcast::venue::detail {
namespace {

/// sum of B_2k / (2k)! times the (2k - 1)-th derivative of (s / anchor)^-b at s, over its value `height` there.
double corrections(double b, double s, double height) {
    double factor = -b / s;  // the first derivative over the value
    double sum = 0.0;
    for (std::size_t k = 0; k < kBernoulli.size(); ++k) {
        sum += kBernoulli[k] * factor;
        const double order = static_cast<double>(2 * k) + 1.0;
        factor *= (b + order) * (b + order + 1.0) / (s * s);
    }
    return height * sum;
}

}  // namespace

double log_power_sum(double exponent, std::int64_t first, std::int64_t last) {
    SLIPCAST_ASSERT(1 <= first && first <= last && last <= (std::int64_t{1} << 40), "a power sum has terms");
    SLIPCAST_ASSERT(std::abs(exponent) <= 21.0, "exponents beyond 21 are refused before they get here");
    // Terms are taken relative to the largest one, so that nothing overflows.
    const double log_anchor = std::log(static_cast<double>(exponent >= 0.0 ? first : last));
    const auto term = [&](double s) { return std::exp(-exponent * (std::log(s) - log_anchor)); };
    // From here on six corrections leave less than 1e-12.
    const auto smooth = static_cast<std::int64_t>(12.0 + 2.0 * std::abs(exponent));
    const std::int64_t begin = std::max(first, smooth);
    double sum = 0.0;
    for (std::int64_t s = first; s < begin && s <= last; ++s) sum += term(static_cast<double>(s));
    if (begin <= last) {
        const auto a = static_cast<double>(begin);
        const auto n = static_cast<double>(last);
        const double at_a = term(a);
        const double at_n = term(n);
        const double length = std::log(n / a);
        const double growth = (1.0 - exponent) * length;
        const double integral = a * at_a * (growth == 0.0 ? length : length * std::expm1(growth) / growth);
        sum += integral + 0.5 * (at_a + at_n) + corrections(exponent, n, at_n) - corrections(exponent, a, at_a);
    }
    return std::log(sum) - exponent * log_anchor;
}

PowerTails::PowerTails(double exponent, std::int64_t last)
    : exponent_(exponent),
      last_(last),
      smooth_(static_cast<std::int64_t>(12.0 + 2.0 * std::abs(exponent))),
      end_(static_cast<double>(last)),
      log_end_(std::log(end_)),
      end_factor_(0.5 + corrections(exponent, end_, 1.0)) {}

double PowerTails::log_sum(std::int64_t first, double log_first) const {
    const double length = log_end_ - log_first;
    const double rise = 1.0 - exponent_;
    const double growth = rise * length;
    // A short integral would be a difference of nearly equal numbers: that case goes the general way.
    if (first < smooth_ || std::abs(growth) < 1.0) return log_power_sum(exponent_, first, last_);
    // Everything over first^-exponent.
    const auto a = static_cast<double>(first);
    const double at_end = std::exp(-exponent_ * length);
    const double integral = (end_ * at_end - a) / rise;
    const double sum = integral + at_end * end_factor_ + 0.5 - corrections(exponent_, a, 1.0);
    return std::log(sum) - exponent_ * log_first;
}

}  // namespace slipcast::venue::detail
