#pragma once

#include <cstddef>
#include <functional>
#include <limits>
#include <memory>
#include <span>
#include <vector>

#include "slipcast/control/factor_grid.hpp"
#include "slipcast/control/factors.hpp"
#include "slipcast/control/parameters.hpp"
#include "slipcast/core/result.hpp"

namespace slipcast::control {

/// A linear rule as a function of the factors: `u = (position q + level l + sum_j signal_j x_j + shift) / K`.
using LinearRule = std::function<Gains(const FactorState&)>;

/// What a rule is judged by.
struct Objective {
    /// Days until the end; infinite: for ever.
    double horizon = std::numeric_limits<double>::infinity();
    /// Of a finite horizon, >= 1.
    int steps = 500;
    /// Whether the risk term counts: false prices the expected profit alone.
    bool risk = true;
    /// Whether gains are discounted; false needs a finite horizon.
    bool discounted = true;

    [[nodiscard]] Result<void> validate() const;
};

/// The coefficients of a value function that is quadratic in position q, impact level l and signals x, one column of
/// nodes each: V = -qq q^2/2 + ql q l + ll l^2/2 + sum_j x_j (qx_j q + lx_j l) + sum_ij xx_ij x_i x_j / 2 + q_ q + l_ l
/// + sum_j x_j_ x_j + constant.
class ValueColumns {
public:
    ValueColumns() = default;
    ValueColumns(std::size_t nodes, std::size_t signals);

    using Column = std::span<double>;
    using ConstColumn = std::span<const double>;
    [[nodiscard]] std::size_t signals() const { return signals_; }
    [[nodiscard]] std::size_t count() const { return nodes_ == 0 ? 0 : data_.size() / nodes_; }
    [[nodiscard]] std::size_t qq() const { return 0; }
    [[nodiscard]] std::size_t ql() const { return 1; }
    [[nodiscard]] std::size_t ll() const { return 2; }
    [[nodiscard]] std::size_t q() const { return 3; }
    [[nodiscard]] std::size_t l() const { return 4; }
    [[nodiscard]] std::size_t constant() const { return 5; }
    [[nodiscard]] std::size_t qx(std::size_t j) const { return 6 + j; }
    [[nodiscard]] std::size_t lx(std::size_t j) const { return 6 + signals_ + j; }
    [[nodiscard]] std::size_t x(std::size_t j) const { return 6 + 2 * signals_ + j; }
    /// Symmetric in i and j.
    [[nodiscard]] std::size_t xx(std::size_t i, std::size_t j) const;
    [[nodiscard]] Column column(std::size_t which) { return Column(data_).subspan(which * nodes_, nodes_); }
    [[nodiscard]] ConstColumn column(std::size_t which) const {
        return ConstColumn(data_).subspan(which * nodes_, nodes_);
    }
    [[nodiscard]] std::vector<double>& data() { return data_; }
    [[nodiscard]] const std::vector<double>& data() const { return data_; }

private:
    std::size_t nodes_ = 0;
    std::size_t signals_ = 0;
    std::vector<double> data_;
};

/// Where a trader stands.
struct Standing {
    double position = 0.0;       ///< q
    double level = 0.0;          ///< l
    std::vector<double> signal;  ///< x; empty = all zero
};

/// The exact value of a linear rule on a grid, in the objective's unit (daily volatilities of price x the limit).
class PricedRule {
public:
    PricedRule(std::shared_ptr<const FactorGrid> grid, ValueColumns columns, double residual)
        : grid_(std::move(grid)), columns_(std::move(columns)), residual_(residual) {}

    [[nodiscard]] const FactorGrid& grid() const { return *grid_; }
    [[nodiscard]] const ValueColumns& columns() const { return columns_; }
    /// Expected discounted objective from here on. Standing.signal: empty, or one number a signal (asserted).
    [[nodiscard]] double value(const FactorState& state, const Standing& standing = {}) const;
    /// The value from a flat start (q = l = x = 0), averaged over the factors' invariant distribution.
    [[nodiscard]] double mean_value() const;
    /// Of the linear solver, relative; zero for one factor (direct solver).
    [[nodiscard]] double residual() const { return residual_; }

private:
    std::shared_ptr<const FactorGrid> grid_;
    ValueColumns columns_;
    double residual_ = 0.0;
};

/// The exact value of any linear rule: with u fixed the Hamilton-Jacobi-Bellman equation is linear, and its
/// coefficients solve (rho - G) w_qq = 2 lambda m - K m^2 - gamma v + 2 m (w_qq + lambda w_ql) and so on by powers of
/// q, l and x; no Monte Carlo noise, so rules can be compared to rounding. Error: that of the grid, second order in its
/// spacing. A finite horizon is stepped by an L-stable method of second order.
/// Refused: gains that are not finite, and without a horizon a rule whose discounted second moments grow without bound
/// (field "rule"): the value would be minus infinity, or a number that means nothing.
[[nodiscard]] Result<PricedRule> price(const Parameters& parameters, std::shared_ptr<const FactorGrid> grid,
                                       const LinearRule& rule, const Objective& objective = {});

/// (best - value) / best in basis points: what a rule loses, where `best` > 0 is the exact policy's value.
[[nodiscard]] double loss_bps(double value, double best);

}  // namespace slipcast::control
