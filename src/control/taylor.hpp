#pragma once

#include <cmath>

namespace slipcast::control::detail {

/// A function of one variable as its value, first and second derivative there; arithmetic is exact to second order.
struct Taylor {
    double value = 0.0;
    double first = 0.0;
    double second = 0.0;

    Taylor(double constant) : value(constant) {}  // NOLINT(google-explicit-constructor): numbers are constants
    Taylor(double at, double slope, double bend) : value(at), first(slope), second(bend) {}
};

inline Taylor operator+(const Taylor& a, const Taylor& b) {
    return {a.value + b.value, a.first + b.first, a.second + b.second};
}

inline Taylor operator-(const Taylor& a, const Taylor& b) {
    return {a.value - b.value, a.first - b.first, a.second - b.second};
}

inline Taylor operator*(const Taylor& a, const Taylor& b) {
    return {a.value * b.value, a.first * b.value + a.value * b.first,
            a.second * b.value + 2.0 * a.first * b.first + a.value * b.second};
}

inline Taylor operator/(const Taylor& a, const Taylor& b) {
    const double value = a.value / b.value;
    const double first = (a.first - value * b.first) / b.value;
    return {value, first, (a.second - 2.0 * first * b.first - value * b.second) / b.value};
}

inline Taylor sqrt(const Taylor& a) {
    const double value = std::sqrt(a.value);
    const double first = a.first / (2.0 * value);
    return {value, first, (a.second - 2.0 * first * first) / (2.0 * value)};
}

}  // namespace slipcast::control::detail
