#include "search.hpp"

#include <algorithm>
#include <vector>

namespace slipcast::venue::detail {

Peak peak_between(const Objective& objective, double low, double high) {
    constexpr double kGolden = 0.3819660112501051;
    // x: best so far, w: second best, v: the one before.
    double x = low + kGolden * (high - low);
    double w = x;
    double v = x;
    double at_x = objective(x);
    double at_w = at_x;
    double at_v = at_x;
    double step = 0.0;
    double before = 0.0;
    for (int iteration = 0; iteration < 200; ++iteration) {
        const double middle = 0.5 * (low + high);
        const double tolerance = 1e-8 * std::abs(x) + 1e-9;
        if (std::abs(x - middle) <= 2.0 * tolerance - 0.5 * (high - low)) break;
        bool is_parabola = false;
        if (std::abs(before) > tolerance) {
            const double r = (x - w) * (at_x - at_v);
            double q = (x - v) * (at_x - at_w);
            double p = (x - v) * q - (x - w) * r;
            q = 2.0 * (q - r);
            if (q > 0.0) p = -p;
            q = std::abs(q);
            if (std::abs(p) < std::abs(0.5 * q * before) && p > q * (low - x) && p < q * (high - x)) {
                before = step;
                step = p / q;
                const double next = x + step;
                if (next - low < 2.0 * tolerance || high - next < 2.0 * tolerance) {
                    step = x < middle ? tolerance : -tolerance;
                }
                is_parabola = true;
            }
        }
        if (!is_parabola) {
            before = x < middle ? high - x : low - x;
            step = kGolden * before;
        }
        const double u = x + (std::abs(step) >= tolerance ? step : (step > 0.0 ? tolerance : -tolerance));
        const double at_u = objective(u);
        if (at_u >= at_x) {
            (u >= x ? low : high) = x;
            v = w, at_v = at_w;
            w = x, at_w = at_x;
            x = u, at_x = at_u;
        } else {
            (u < x ? low : high) = u;
            if (at_u >= at_w || w == x) {
                v = w, at_v = at_w;
                w = u, at_w = at_u;
            } else if (at_u >= at_v || v == x || v == w) {
                v = u, at_v = at_u;
            }
        }
    }
    return {.at = x, .value = at_x};
}

Peak highest_peak(const Objective& objective, std::span<const double> points) {
    std::vector<double> values;
    values.reserve(points.size());
    for (const double point : points) values.push_back(objective(point));
    Peak best;
    const auto offer = [&](const Peak& peak) {
        if (peak.value > best.value) best = peak;
    };
    for (std::size_t i = 0; i < points.size(); ++i) {
        const std::size_t before = i > 0 ? i - 1 : 0;
        const std::size_t after = std::min(i + 1, points.size() - 1);
        if (values[before] > values[i] || values[after] > values[i]) continue;
        offer({.at = points[i], .value = values[i]});
        if (before < after) offer(peak_between(objective, points[before], points[after]));
    }
    return best;
}

double crossing(const Objective& objective, double inside, double outside, double level) {
    if (objective(outside) >= level) return std::numeric_limits<double>::quiet_NaN();
    for (int halving = 0; halving < 200; ++halving) {
        const double middle = 0.5 * (inside + outside);
        if (middle == inside || middle == outside || std::abs(outside - inside) <= 1e-10 * (1e-3 + std::abs(middle))) {
            break;
        }
        (objective(middle) >= level ? inside : outside) = middle;
    }
    return 0.5 * (inside + outside);
}

}  // namespace slipcast::venue::detail
