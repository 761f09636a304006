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

SumStart::SumStart(std::int64_t start, std::int64_t last)
    : first(start),
      inverse(1.0 / (static_cast<double>(start) - 0.5)),
      log_from(-std::log(inverse)),
      log_span(std::log1p(static_cast<double>(last - start + 1) * inverse)) {}

PowerTails::PowerTails(double exponent, std::int64_t last)
    : exponent_(exponent),
      end_inverse_(1.0 / (static_cast<double>(last) + 0.5)),
      smooth_(std::min(last + 1, static_cast<std::int64_t>(32.0 + 2.0 * std::abs(exponent)))) {
    SLIPCAST_ASSERT(std::abs(exponent) <= 21.0, "exponents beyond 21 are refused before they get here");
    const double b = exponent;
    third_ = {.value = ((b + 3.0) * b + 2.0) * b, .slope = (3.0 * b + 6.0) * b + 2.0, .curvature = 6.0 * b + 6.0};
    fifth_ = {.value = ((((b + 10.0) * b + 35.0) * b + 50.0) * b + 24.0) * b,
              .slope = (((5.0 * b + 40.0) * b + 105.0) * b + 100.0) * b + 24.0,
              .curvature = ((20.0 * b + 120.0) * b + 210.0) * b + 100.0};
    for (double* number : {&third_.value, &third_.slope, &third_.curvature}) *number *= 7.0 / 5760.0;
    for (double* number : {&fifth_.value, &fifth_.slope, &fifth_.curvature}) *number *= 31.0 / 967'680.0;
    end_ = midpoint_correction(end_inverse_);
    Sum sum;
    if (smooth_ <= last) {
        const SumStart start(smooth_, last);
        const Sum above = smooth(start);
        const double scale = std::exp(-b * start.log_from);
        const double log_x = start.log_from;
        sum.value = scale * above.value;
        sum.slope = scale * (above.slope - log_x * above.value);
        sum.curvature = scale * (above.curvature - 2.0 * log_x * above.slope + log_x * log_x * above.value);
    }
    for (std::int64_t size = smooth_ - 1; size >= 1; --size) {
        const double log_size = std::log(static_cast<double>(size));
        const double term = std::exp(-b * log_size);
        sum.value += term;
        sum.slope -= log_size * term;
        sum.curvature += log_size * log_size * term;
        added_[static_cast<std::size_t>(size)] = sum;
    }
}

PowerTails::Sum PowerTails::midpoint_correction(double inverse) const {
    const double square = inverse * inverse;
    return {.value = inverse * (exponent_ / 24.0 - square * (third_.value - square * fifth_.value)),
            .slope = inverse * (1.0 / 24.0 - square * (third_.slope - square * fifth_.slope)),
            .curvature = -inverse * square * (third_.curvature - square * fifth_.curvature)};
}

PowerTails::Sum PowerTails::smooth(const SumStart& start) const {
    const double x = static_cast<double>(start.first) - 0.5;
    const double span = start.log_span;
    const double y = (1.0 - exponent_) * span;
    const double grown = std::exp(y);
    // (e^y - 1) / y and its derivatives in y, by their series where those of e^y cancel.
    Sum mean;
    if (std::abs(y) < 0.5) {
        double power = 1.0;  // y^k / k!
        for (int k = 0; k < 14; ++k) {
            mean.value += power / (k + 1);
            mean.slope += power / (k + 2);
            mean.curvature += power / (k + 3);
            power *= y / (k + 1);
        }
    } else {
        const double inverse = 1.0 / y;
        mean.value = (grown - 1.0) * inverse;
        mean.slope = (grown - mean.value) * inverse;
        mean.curvature = (grown - 2.0 * mean.slope) * inverse;
    }
    const double area = x * span;
    const double there = grown * x * end_inverse_;
    const Sum here = midpoint_correction(start.inverse);
    return {.value = area * mean.value + there * end_.value - here.value,
            .slope = -span * area * mean.slope + there * (end_.slope - span * end_.value) - here.slope,
            .curvature = span * span * area * mean.curvature +
                         there * (end_.curvature - 2.0 * span * end_.slope + span * span * end_.value) -
                         here.curvature};
}

LogSum PowerTails::log_sum(const SumStart& start) const {
    if (start.first < smooth_) {
        const Sum& sum = added_[static_cast<std::size_t>(start.first)];
        const double slope = sum.slope / sum.value;
        return {.value = std::log(sum.value), .slope = slope, .curvature = sum.curvature / sum.value - slope * slope};
    }
    const Sum sum = smooth(start);
    const double inverse = 1.0 / sum.value;
    const double slope = sum.slope * inverse;
    return {.value = std::log(sum.value) - exponent_ * start.log_from,
            .slope = slope - start.log_from,
            .curvature = sum.curvature * inverse - slope * slope};
}

}  // namespace slipcast::venue::detail
