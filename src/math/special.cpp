#include "slipcast/math/special.hpp"

#include <cmath>
#include <limits>
#include <numbers>

#include "slipcast/core/assert.hpp"

namespace slipcast::math {

namespace {

constexpr double kEpsilon = std::numeric_limits<double>::epsilon();
// Stands in for a zero denominator in Lentz's recurrence, as its modified form does.
constexpr double kTiny = 1e-300;
// Series and continued fractions here take about sqrt(a) steps; this many would be a bug.
constexpr int kMaxSteps = 100'000;

double away_from_zero(double x) {
    return std::abs(x) < kTiny ? kTiny : x;
}

// ln Gamma(x) - [(x - 1/2) ln x - x + ln(2 pi)/2], x >= 15: the tail of Stirling's series with Bernoulli numbers.
double stirling_tail(double x) {
    const double y = 1.0 / (x * x);
    return (1.0 / 12 +
            y * (-1.0 / 360 + y * (1.0 / 1260 + y * (-1.0 / 1680 + y * (1.0 / 1188 - y * 691.0 / 360360))))) /
           x;
}

// P(a, x) / [x^a exp(-x) / Gamma(a + 1)] by the power series.
double gamma_series(double a, double x) {
    double term = 1.0;
    double sum = 1.0;
    for (int step = 1; step < kMaxSteps; ++step) {
        term *= x / (a + step);
        sum += term;
        if (term < sum * kEpsilon) return sum;
    }
    SLIPCAST_ASSERT(false, "the series of the incomplete gamma function converges");
}

// Q(a, x) / [x^a exp(-x) / Gamma(a)] by the continued fraction.
double gamma_fraction(double a, double x) {
    double b = x + 1.0 - a;
    double c = 1.0 / kTiny;
    double d = 1.0 / away_from_zero(b);
    double value = d;
    for (int step = 1; step < kMaxSteps; ++step) {
        const double numerator = -step * (step - a);
        b += 2.0;
        d = 1.0 / away_from_zero(numerator * d + b);
        c = away_from_zero(b + numerator / c);
        const double factor = c * d;
        value *= factor;
        if (std::abs(factor - 1.0) <= 2.0 * kEpsilon) return value;
    }
    SLIPCAST_ASSERT(false, "the continued fraction of the incomplete gamma function converges");
}

// I_x(a, b) / [x^a (1 - x)^b / (a B(a, b))] by the continued fraction; converges for x < (a + 1) / (a + b + 2).
double beta_fraction(double x, double a, double b) {
    double c = 1.0;
    double d = 1.0 / away_from_zero(1.0 - (a + b) * x / (a + 1.0));
    double value = d;
    const auto take = [&](double numerator) {
        d = 1.0 / away_from_zero(1.0 + numerator * d);
        c = away_from_zero(1.0 + numerator / c);
        value *= c * d;
    };
    for (int step = 1; step < kMaxSteps; ++step) {
        const double twice = 2.0 * step;
        take(step * (b - step) * x / ((a + twice - 1.0) * (a + twice)));
        take(-(a + step) * (a + b + step) * x / ((a + twice) * (a + twice + 1.0)));
        if (std::abs(c * d - 1.0) <= 2.0 * kEpsilon) return value;
    }
    SLIPCAST_ASSERT(false, "the continued fraction of the incomplete beta function converges");
}

}  // namespace

double log_gamma(double x) {
    SLIPCAST_ASSERT(x > 0.0, "log_gamma needs x > 0");
    // Gamma(x) = Gamma(x + n) / [x (x + 1) ... (x + n - 1)]
    double product = 1.0;
    for (; x < 15.0; x += 1.0) product *= x;
    const double half_log_two_pi = 0.5 * std::log(2.0 * std::numbers::pi);
    return (x - 0.5) * std::log(x) - x + half_log_two_pi + stirling_tail(x) - std::log(product);
}

double log_factorial(std::int64_t n) {
    SLIPCAST_ASSERT(n >= 0, "log_factorial needs n >= 0");
    return n < 2 ? 0.0 : log_gamma(static_cast<double>(n) + 1.0);
}

double regularized_gamma(double a, double x) {
    SLIPCAST_ASSERT(a > 0.0 && x >= 0.0, "regularized_gamma needs a > 0 and x >= 0");
    if (x == 0.0) return 0.0;
    if (std::isinf(x)) return 1.0;
    const double log_weight = a * std::log(x) - x;
    if (x < a + 1.0) return std::exp(log_weight - log_gamma(a + 1.0)) * gamma_series(a, x);
    return 1.0 - std::exp(log_weight - log_gamma(a)) * gamma_fraction(a, x);
}

double regularized_beta(double x, double a, double b) {
    SLIPCAST_ASSERT(a > 0.0 && b > 0.0 && x >= 0.0 && x <= 1.0, "regularized_beta needs a, b > 0 and 0 <= x <= 1");
    if (x == 0.0 || x == 1.0) return x;
    const double log_weight = log_gamma(a + b) - log_gamma(a) - log_gamma(b) + a * std::log(x) + b * std::log1p(-x);
    if (x < (a + 1.0) / (a + b + 2.0)) return std::exp(log_weight) / a * beta_fraction(x, a, b);
    return 1.0 - std::exp(log_weight) / b * beta_fraction(1.0 - x, b, a);
}

}  // namespace slipcast::math
