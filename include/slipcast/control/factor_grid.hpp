#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "slipcast/control/factors.hpp"
#include "slipcast/core/result.hpp"

namespace slipcast::control {

/// How fine a grid is.
struct GridOptions {
    int nodes = 400;        ///< of the first factor, in [16, 20000]
    int second_nodes = 48;  ///< of the second factor, in [8, 2000]; not read without one
    double tail = 1e-10;    ///< probability that the factor's invariant distribution leaves beyond the grid's end
    /// A value of the first factor that becomes the edge of a cell, by at most one cell more of grid: a rule that jumps
    /// there is then priced with an error of second order in the spacing, of first order else. Not given: none. Not
    /// read where it is outside the grid.
    double edge = kNotGiven;

    [[nodiscard]] Result<void> validate() const;
};

/// Where an axis begins and how long it is, in its coordinate.
struct AxisExtent {
    double begin = 0.0;
    double length = 0.0;
};
/// What holds all of the factor's invariant distribution but `tail` (of each end).
[[nodiscard]] AxisExtent axis_extent(const Factor& factor, double tail);

/// One factor in cells of equal width in a coordinate with constant diffusion: the square root of a square_root factor,
/// a gaussian factor itself. The generator is a birth and death process in finite volumes that keep the invariant
/// density: (G f)_i = down_i (f_{i-1} - f_i) + up_i (f_{i+1} - f_i), rates >= 0, no flux at the ends. A cell's level is
/// a gaussian factor's value at its middle, and a square_root factor's mean in the cell, so that G maps that factor to
/// mean_reversion (mean - level) to rounding. Works where Feller's condition fails. Error of second order in the
/// spacing.
struct FactorAxis {
    FactorAxis() = default;  ///< the axis of a factor that is absent: one node at zero
    FactorAxis(const Factor& factor, int nodes, const AxisExtent& extent);

    [[nodiscard]] std::size_t size() const { return coordinate.size(); }
    /// Where a factor's level stands between the nodes, in units of nodes.
    [[nodiscard]] double place(double level) const;

    std::vector<double> coordinate{0.0};
    std::vector<double> level{0.0};   ///< the factor in the node's cell
    std::vector<double> down{0.0};    ///< 1/day
    std::vector<double> up{0.0};      ///< 1/day
    std::vector<double> weight{1.0};  ///< invariant probability of the node's cell
    double step = 1.0;                ///< of the coordinate
    double volatility = 0.0;          ///< of the coordinate, clock included
    bool is_square_root = false;
};

/// The product of two axes (or one), with the variance at every node. Node (i, j) has index j first.size() + i.
class FactorGrid {
public:
    /// Refuses an invalid model and a variance that is not finite and > 0 at some node.
    [[nodiscard]] static Result<FactorGrid> make(const FactorModel& model, const GridOptions& options,
                                                 std::size_t signals);
    /// The same extent with other numbers of nodes.
    [[nodiscard]] Result<FactorGrid> with_nodes(const FactorModel& model, int nodes, int second_nodes) const;

    [[nodiscard]] std::size_t size() const { return variance_.size(); }
    [[nodiscard]] const FactorAxis& first() const { return first_; }
    [[nodiscard]] const FactorAxis& second() const { return second_; }
    [[nodiscard]] FactorState state(std::size_t node) const;
    [[nodiscard]] double variance(std::size_t node) const { return variance_[node]; }
    /// Product of the factors' invariant probabilities.
    [[nodiscard]] double weight(std::size_t node) const;
    /// Mean under `weight`.
    [[nodiscard]] double mean(std::span<const double> column) const;
    /// Weight of the four corners in the generator: correlated shocks of the two factors.
    [[nodiscard]] double corner() const { return corner_; }
    /// Whether any signal's shocks correlate with a factor's.
    [[nodiscard]] bool is_correlated() const { return !pull_.empty(); }
    /// (X_j f)_i = sum over factors of correlation x volatility x df, for a signal of unit variance; central
    /// differences.
    [[nodiscard]] double pull(std::size_t signal, std::span<const double> column, std::size_t node) const;
    /// A column between the nodes: cubic Hermite with fourth-order slopes, mirrored at the ends (no flux), continuous
    /// with its first derivative. A state beyond an end gets the end's value.
    [[nodiscard]] double interpolated(std::span<const double> column, const FactorState& state) const;
    /// Columns of this grid at the nodes of `finer`, a grid of the same extent.
    [[nodiscard]] std::vector<std::vector<double>> prolonged(const std::vector<std::span<const double>>& columns,
                                                             const FactorGrid& finer) const;
    /// Whether a state is on the grid, so that nothing is cut off.
    [[nodiscard]] bool contains(const FactorState& state) const;

private:
    FactorGrid() = default;
    [[nodiscard]] Result<void> fill(const FactorModel& model);

    std::size_t signals_ = 0;
    AxisExtent first_extent_;
    AxisExtent second_extent_;
    FactorAxis first_;
    FactorAxis second_;
    std::vector<double> variance_;
    std::vector<std::array<double, 2>> pull_;  ///< by signal: correlation x volatility / (2 step) of each axis
    double corner_ = 0.0;
};

}  // namespace slipcast::control
