#include <algorithm>
#include <cmath>

#include "power_sum.hpp"
#include "slipcast/venue/liquidity.hpp"

// The power law's sums. With f(s) = s^-b, Euler and Maclaurin say
//   sum over a..n of f = integral + (f(a) + f(n)) / 2 + C(n) - C(a),  C(s) = sum of B_2k / (2k)! f^(2k-1)(s),
// and six terms of C leave less than 1e-12 of the sum from size 12 + 2 |b| on: the remainder is below the first omitted
// term, because the derivatives of f of one parity keep their sign. Each tail is taken from the end it is nearer to, so
// that its rounding stays far below the difference of neighboring tails and it never rises.
namespace slipcast::venue {
namespace {

using detail::kBernoulli;

/// (e^(a x) - 1) / a, continued to a = 0.
double risen(double a, double grown, double x) {
    return a == 0.0 ? x : grown / a;
}

}  // namespace

void Liquidity::prepare_power_law() {
    const double b = parameter_;
    const std::int64_t smooth = static_cast<std::int64_t>(12.0 + 2.0 * std::abs(b));
    power_.first = std::min(smooth, max_liquidity_);
    power_.rise = 1.0 - b;
    const auto first = static_cast<double>(power_.first);
    const auto last = static_cast<double>(max_liquidity_);
    double rising = -b;
    for (std::size_t k = 0; k < kBernoulli.size(); ++k) {
        power_.corrections[k] = kBernoulli[k] * rising;
        const double order = static_cast<double>(2 * k) + 1.0;
        rising *= (b + order) * (b + order + 1.0);
    }
    power_.at_last = std::pow(last, -b);
    // From the small terms up where they are the first ones.
    const std::span<double> head{power_.head.data(), static_cast<std::size_t>(power_.first)};
    for (std::int64_t s = 1; s < power_.first; ++s) {
        head[static_cast<std::size_t>(s - 1)] = power_.below;
        power_.below += std::pow(static_cast<double>(s), -b);
    }
    head.back() = power_.below;
    power_.at_first = std::pow(first, -b);
    double above = power_.at_last;
    if (power_.first < max_liquidity_) {
        power_.correction_first = power_.at_first * power_correction(first);
        power_.correction_last = power_.at_last * power_correction(last);
        const double length = std::log(last / first);
        above = first * power_.at_first * risen(power_.rise, std::expm1(power_.rise * length), length) +
                0.5 * (power_.at_first + power_.at_last) + power_.correction_last - power_.correction_first;
    }
    power_.total = power_.below + above;
    // Below `first` the table holds sums from 1; make them tails, from the nearer end.
    double tail = above;
    for (std::size_t i = head.size(); i-- > 0;) {
        if (i + 1 < head.size()) tail += std::pow(static_cast<double>(i + 1), -b);
        head[i] = 2.0 * head[i] < power_.total ? 1.0 - head[i] / power_.total : tail / power_.total;
    }
    head.front() = 1.0;
    power_.log_half_first = std::log(first - 0.5);
    power_.log_half_last = std::log(last + 0.5);
    power_.half_first = std::exp(power_.rise * power_.log_half_first);
    power_.half_last = std::exp(power_.rise * power_.log_half_last);
    power_.middle = last;
    power_.middle = head.back() > 0.5 ? power_crossing(0.5).size : first;
}

double Liquidity::power_correction(double size) const {
    const double square = 1.0 / (size * size);
    double sum = 0.0;
    for (std::size_t k = power_.corrections.size(); k-- > 0;) sum = sum * square + power_.corrections[k];
    return sum / size;
}

double Liquidity::power_tail(std::int64_t size) const {
    if (size <= power_.first) return power_.head[static_cast<std::size_t>(size - 1)];
    const auto s = static_cast<double>(size);
    if (s <= power_.middle) {
        const auto first = static_cast<double>(power_.first);
        const double length = std::log(s / first);
        const double grown = std::expm1(power_.rise * length);
        const double here = power_.at_first * (1.0 + grown) * first / s;
        const double sum = power_.below + first * power_.at_first * risen(power_.rise, grown, length) +
                           0.5 * (power_.at_first - here) + here * power_correction(s) - power_.correction_first;
        return 1.0 - sum / power_.total;
    }
    const auto last = static_cast<double>(max_liquidity_);
    const double length = 2.0 * s > last ? std::log1p((s - last) / last) : std::log(s / last);
    const double grown = std::expm1(power_.rise * length);
    const double here = power_.at_last * (1.0 + grown) * last / s;
    const double sum = -last * power_.at_last * risen(power_.rise, grown, length) + 0.5 * (here + power_.at_last) +
                       power_.correction_last - here * power_correction(s);
    return sum / power_.total;
}

Liquidity::Crossing Liquidity::power_crossing(double tail) const {
    const auto last = static_cast<double>(max_liquidity_);
    double log_size = 0.0;  // of the size less one half
    const std::span<const double> head = power_head();
    if (tail >= head.back()) {
        const auto above = std::partition_point(head.begin(), head.end(), [&](double t) { return t > tail; });
        const auto index = static_cast<std::size_t>(above - head.begin());  // >= 1: head[0] = 1 > tail
        const double upper = head[index - 1];
        const double lower = index < head.size() ? head[index] : tail;
        const double size = static_cast<double>(index) + (upper > lower ? (upper - tail) / (upper - lower) : 0.0);
        const double fall = std::max(upper - lower, 1e-300);
        return {.size = std::min(size, last), .per_log_threshold = -tail / fall};
    }
    // The sum over first..s-1, or s..max, is about the integral between the half sizes around it.
    const double a = power_.rise;
    if (head.back() > 0.5 && tail >= 0.5) {
        const double area = (1.0 - tail) * power_.total - power_.below;
        const double scaled = area / power_.half_first;
        log_size = power_.log_half_first + (a == 0.0 ? scaled : std::log1p(a * scaled) / a);
    } else {
        const double scaled = tail * power_.total / power_.half_last;
        const double inner = std::max(-a * scaled, -1.0 + 1e-15);
        log_size = power_.log_half_last + (a == 0.0 ? -scaled : std::log1p(inner) / a);
    }
    const double size = std::clamp(0.5 + std::exp(log_size), static_cast<double>(power_.first), last);
    return {.size = size, .per_log_threshold = -tail * power_.total * std::exp(parameter_ * log_size)};
}

}  // namespace slipcast::venue
