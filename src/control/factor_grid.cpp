#include "slipcast/control/factor_grid.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "slipcast/math/normal.hpp"
#include "slipcast/math/special.hpp"

namespace slipcast::control {
namespace {

/// A square_root factor keeps away from zero when its invariant law leaves less than `tail` below this share of the
/// grid's length: there the density would underflow.
constexpr double kLeastShare = 0.02;

/// The level at which the invariant law of a square_root factor, a gamma, reaches a probability of `tail` from below or
/// leaves it above.
double gamma_end(const Factor& factor, double tail, bool is_top) {
    const double shape = 2.0 * factor.mean_reversion * factor.mean / (factor.volatility * factor.volatility);
    const double scale = factor.volatility * factor.volatility / (2.0 * factor.mean_reversion);
    const auto outside = [&](double at) {
        const double below = math::regularized_gamma(shape, at);
        return is_top ? 1.0 - below : below;
    };
    double inner = shape;
    double outer = is_top ? shape + 1.0 : 0.5 * shape;
    while (outside(outer) > tail) outer *= is_top ? 2.0 : 0.5;
    // The end of the grid is a matter of taste: four digits are plenty.
    for (int step = 0; step < 14; ++step) {
        const double middle = 0.5 * (inner + outer);
        (outside(middle) > tail ? inner : outer) = middle;
    }
    return scale * outer;
}

/// Logarithm of the invariant density in the coordinate, up to a constant.
double log_density(const Factor& factor, double coordinate) {
    const double squared = factor.volatility * factor.volatility;
    if (factor.kind == FactorKind::gaussian) {
        const double distance = coordinate - factor.mean;
        return -factor.mean_reversion * distance * distance / squared;
    }
    return (4.0 * factor.mean_reversion * factor.mean / squared - 1.0) * std::log(coordinate) -
           2.0 * factor.mean_reversion * coordinate * coordinate / squared;
}

/// How many cells at zero take their mass from the power series: the density may have a pole there.
constexpr std::size_t kSeriesCells = 8;

/// Mass from zero to `high` under exp(log_density - peak), its power series integrated term by term.
double mass_below(const Factor& factor, double high, double peak) {
    const double squared = factor.volatility * factor.volatility;
    const double power = 4.0 * factor.mean_reversion * factor.mean / squared;
    const double decay = 2.0 * factor.mean_reversion / squared * high * high;
    double term = std::exp(power * std::log(high) - peak);
    double sum = term / power;
    for (int k = 1; k < 200 && std::abs(term) > 1e-17 * sum; ++k) {
        term *= -decay / k;
        sum += term / (power + 2.0 * k);
    }
    return sum;
}

/// Weights on the six nodes around a place between nodes 2 and 3, `t` of the way.
std::array<double, 6> hermite_weights(double t) {
    const double rest = 1.0 - t;
    const double near_value = (1.0 + 2.0 * t) * rest * rest;
    const double near_slope = t * rest * rest / 12.0;
    const double far_value = t * t * (3.0 - 2.0 * t);
    const double far_slope = -t * t * rest / 12.0;
    return {near_slope,
            far_slope - 8.0 * near_slope,
            near_value - 8.0 * far_slope,
            far_value + 8.0 * near_slope,
            8.0 * far_slope - near_slope,
            -far_slope};
}

/// The node that stands for index `i` beyond the ends: cells are mirrored.
std::size_t mirrored(std::ptrdiff_t i, std::size_t size) {
    const auto count = static_cast<std::ptrdiff_t>(size);
    if (count == 1) return 0;
    while (i < 0 || i >= count) i = i < 0 ? -1 - i : 2 * count - 1 - i;
    return static_cast<std::size_t>(i);
}

/// Nodes and weights that interpolate along one axis.
struct Stencil {
    std::array<std::size_t, 6> node{};
    std::array<double, 6> weight{};
    std::size_t count = 1;
};

Stencil stencil_at(const FactorAxis& axis, double place) {
    Stencil made;
    if (axis.size() == 1) {
        made.weight[0] = 1.0;
        return made;
    }
    // Half a cell beyond the outer nodes is inside: mirrored values interpolate there.
    const double last = static_cast<double>(axis.size()) - 0.5;
    place = std::clamp(place, -0.5, last);
    // Shifted to be positive, because a cast rounds towards zero.
    const auto below = static_cast<std::ptrdiff_t>(place + 1.0) - 1;
    made.count = 6;
    made.weight = hermite_weights(place - static_cast<double>(below));
    const bool inner = below >= 2 && below + 3 < static_cast<std::ptrdiff_t>(axis.size());
    for (std::size_t k = 0; k < 6; ++k) {
        const std::ptrdiff_t node = below - 2 + static_cast<std::ptrdiff_t>(k);
        made.node[k] = inner ? static_cast<std::size_t>(node) : mirrored(node, axis.size());
    }
    return made;
}

/// Of every node of a finer axis of the same extent.
std::vector<Stencil> stencils(const FactorAxis& axis, const FactorAxis& finer) {
    std::vector<Stencil> made(finer.size());
    for (std::size_t i = 0; i < made.size(); ++i) {
        made[i] = stencil_at(axis, (finer.coordinate[i] - axis.coordinate.front()) / axis.step);
    }
    return made;
}

double combined(std::span<const double> column, std::size_t width, const Stencil& along, const Stencil& across) {
    double sum = 0.0;
    for (std::size_t b = 0; b < across.count; ++b) {
        const double* line = column.data() + across.node[b] * width;
        double value = 0.0;
        for (std::size_t a = 0; a < along.count; ++a) value += along.weight[a] * line[along.node[a]];
        sum += across.weight[b] * value;
    }
    return sum;
}

/// `extent` stretched so that one of the faces of its `nodes` cells stands at `level`.
AxisExtent with_edge(const Factor& factor, const AxisExtent& extent, int nodes, double level) {
    const double at = factor.kind == FactorKind::square_root ? std::sqrt(level) : level;
    const double cells = std::floor((at - extent.begin) / extent.length * nodes);
    if (!(cells >= 1.0 && cells < nodes)) return extent;
    return {.begin = extent.begin, .length = (at - extent.begin) / cells * nodes};
}

}  // namespace

Result<void> GridOptions::validate() const {
    if (nodes < 16 || nodes > 20'000) return invalid_value("nodes", fmt::format("{}", nodes), "must be in [16, 20000]");
    if (second_nodes < 8 || second_nodes > 2'000) {
        return invalid_value("second_nodes", fmt::format("{}", second_nodes), "must be in [8, 2000]");
    }
    if (tail >= 1e-13 && tail <= 1e-3) return {};
    return invalid_value("tail", fmt::format("{}", tail), "must be in [1e-13, 1e-3]");
}

AxisExtent axis_extent(const Factor& factor, double tail) {
    if (factor.kind == FactorKind::square_root) {
        const double top = std::sqrt(gamma_end(factor, tail, true));
        const double shape = 2.0 * factor.mean_reversion * factor.mean / (factor.volatility * factor.volatility);
        const double scale = factor.volatility * factor.volatility / (2.0 * factor.mean_reversion);
        const double least = kLeastShare * top;
        if (math::regularized_gamma(shape, least * least / scale) > tail) return {.begin = 0.0, .length = top};
        const double begin = std::sqrt(gamma_end(factor, tail, false));
        return {.begin = begin, .length = top - begin};
    }
    const double reach = -math::normal_quantile(tail) * factor.deviation();
    return {.begin = factor.mean - reach, .length = 2.0 * reach};
}

FactorAxis::FactorAxis(const Factor& factor, int nodes, const AxisExtent& extent)
    : step(extent.length / nodes),
      volatility(factor.volatility * std::sqrt(factor.speed) * (factor.kind == FactorKind::square_root ? 0.5 : 1.0)),
      is_square_root(factor.kind == FactorKind::square_root) {
    const auto count = static_cast<std::size_t>(nodes);
    for (std::vector<double>* column : {&coordinate, &level, &down, &up, &weight}) column->assign(count, 0.0);
    const double peak = log_density(factor, is_square_root ? std::sqrt(factor.mean) : factor.mean);
    const auto density = [&](double at) { return std::exp(log_density(factor, at) - peak); };
    const double diffusion = 0.5 * volatility * volatility;
    const double pull = factor.mean_reversion * factor.speed;
    // Of the cell's lower face: density, and what the factor's own drift makes flow there.
    const bool from_zero = is_square_root && extent.begin == 0.0;
    const auto slope = [&](double at) { return is_square_root ? 2.0 * at : 1.0; };
    double low_density = from_zero ? 0.0 : density(extent.begin);
    double low_slope = diffusion * low_density * slope(extent.begin);
    double below = 0.0;
    for (std::size_t i = 0; i < count; ++i) {
        const double low = extent.begin + static_cast<double>(i) * step;
        const double high = low + step;
        coordinate[i] = low + 0.5 * step;
        const double high_density = density(high);
        if (from_zero && i < kSeriesCells) {
            const double now = mass_below(factor, high, peak);
            weight[i] = now - below;
            below = now;
        } else {
            weight[i] = step / 6.0 * (low_density + 4.0 * density(coordinate[i]) + high_density);
        }
        if (i > 0) down[i] = diffusion * low_density / (step * weight[i]);
        if (i + 1 < count) up[i] = diffusion * high_density / (step * weight[i]);
        const double high_slope = diffusion * high_density * slope(high);
        // Of a square_root factor its mean in the cell, from the flux that its own drift makes.
        level[i] = is_square_root ? factor.mean - (high_slope - low_slope) / (pull * weight[i]) : coordinate[i];
        low_density = high_density;
        low_slope = high_slope;
    }
    const double total = std::accumulate(weight.begin(), weight.end(), 0.0);
    for (double& share : weight) share /= total;
}

double FactorAxis::place(double at) const {
    const double where = is_square_root ? std::sqrt(std::max(at, 0.0)) : at;
    return (where - coordinate.front()) / step;
}

Result<FactorGrid> FactorGrid::make(const FactorModel& model, const GridOptions& options, std::size_t signals) {
    SLIPCAST_CHECK(model.validate(signals));
    SLIPCAST_CHECK(options.validate());
    FactorGrid frame;
    frame.signals_ = signals;
    frame.first_extent_ = with_edge(model.first, axis_extent(model.first, options.tail), options.nodes, options.edge);
    if (model.second) frame.second_extent_ = axis_extent(*model.second, options.tail);
    return frame.with_nodes(model, options.nodes, options.second_nodes);
}

Result<FactorGrid> FactorGrid::with_nodes(const FactorModel& model, int nodes, int second_nodes) const {
    FactorGrid grid;
    grid.signals_ = signals_;
    grid.first_extent_ = first_extent_;
    grid.second_extent_ = second_extent_;
    grid.first_ = FactorAxis(model.first, nodes, first_extent_);
    if (model.second) grid.second_ = FactorAxis(*model.second, second_nodes, second_extent_);
    SLIPCAST_CHECK(grid.fill(model));
    return grid;
}

Result<void> FactorGrid::fill(const FactorModel& model) {
    variance_.resize(first_.size() * second_.size());
    for (std::size_t node = 0; node < variance_.size(); ++node) {
        const FactorState at = state(node);
        variance_[node] = model.variance_at(at);
        if (std::isfinite(variance_[node]) && variance_[node] > 0.0) continue;
        return invalid_value("variance", fmt::format("{}", variance_[node]),
                             fmt::format("must be finite and > 0 at factors {} and {}", at.first, at.second));
    }
    const bool second_pulls = model.second && !model.second->signal_correlation.empty();
    if (!model.first.signal_correlation.empty() || second_pulls) pull_.assign(signals_, {0.0, 0.0});
    for (std::size_t j = 0; j < pull_.size(); ++j) {
        const double one = model.first.signal_correlation.empty() ? 0.0 : model.first.signal_correlation[j];
        pull_[j][0] = one * first_.volatility / (2.0 * first_.step);
        if (!second_pulls) continue;
        pull_[j][1] = model.second->signal_correlation[j] * second_.volatility / (2.0 * second_.step);
    }
    corner_ = model.correlation_between * first_.volatility * second_.volatility / (4.0 * first_.step * second_.step);
    return {};
}

FactorState FactorGrid::state(std::size_t node) const {
    return {.first = first_.level[node % first_.size()], .second = second_.level[node / first_.size()]};
}

double FactorGrid::weight(std::size_t node) const {
    return first_.weight[node % first_.size()] * second_.weight[node / first_.size()];
}

double FactorGrid::mean(std::span<const double> column) const {
    double sum = 0.0;
    for (std::size_t node = 0; node < size(); ++node) sum += weight(node) * column[node];
    return sum;
}

double FactorGrid::pull(std::size_t signal, std::span<const double> column, std::size_t node) const {
    const std::size_t i = node % first_.size();
    const std::size_t j = node / first_.size();
    const std::size_t row = j * first_.size();
    const std::size_t left = row + (i == 0 ? 0 : i - 1);
    const std::size_t right = row + std::min(i + 1, first_.size() - 1);
    const std::size_t before = i + first_.size() * (j == 0 ? 0 : j - 1);
    const std::size_t after = i + first_.size() * std::min(j + 1, second_.size() - 1);
    return pull_[signal][0] * (column[right] - column[left]) + pull_[signal][1] * (column[after] - column[before]);
}

double FactorGrid::interpolated(std::span<const double> column, const FactorState& state) const {
    return combined(column, first_.size(), stencil_at(first_, first_.place(state.first)),
                    stencil_at(second_, second_.place(state.second)));
}

std::vector<std::vector<double>> FactorGrid::prolonged(const std::vector<std::span<const double>>& columns,
                                                       const FactorGrid& finer) const {
    const std::vector<Stencil> along = stencils(first_, finer.first_);
    const std::vector<Stencil> across = stencils(second_, finer.second_);
    std::vector<std::vector<double>> made(columns.size());
    for (std::size_t which = 0; which < columns.size(); ++which) {
        made[which].reserve(finer.size());
        for (const Stencil& b : across) {
            for (const Stencil& a : along) made[which].push_back(combined(columns[which], first_.size(), a, b));
        }
    }
    return made;
}

bool FactorGrid::contains(const FactorState& state) const {
    const auto inside = [](const FactorAxis& axis, double level) {
        if (axis.size() == 1) return true;
        const double place = axis.place(level);
        return place >= -0.5 && place <= static_cast<double>(axis.size()) - 0.5;
    };
    return inside(first_, state.first) && inside(second_, state.second);
}

}  // namespace slipcast::control
