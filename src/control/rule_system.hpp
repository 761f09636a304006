#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include "grid_solver.hpp"
#include "slipcast/control/factor_grid.hpp"
#include "slipcast/control/parameters.hpp"
#include "slipcast/control/pricing.hpp"

namespace slipcast::control::detail {

/// A rule's gains at every node, divided by the trading cost: u = m q + n l + sum_j p_j x_j + k.
struct RuleColumns {
    std::vector<double> m;
    std::vector<double> n;
    std::vector<std::vector<double>> p;
    std::vector<double> k;
};

/// Local couplings of (w_qq, w_ql, w_ll) under a fixed rule, `shift` added to every rate.
[[nodiscard]] std::vector<GridSolver<3>::Block> quadratic_couplings(const Parameters& parameters,
                                                                    const std::vector<double>& m,
                                                                    const std::vector<double>& n, double shift);
/// The running reward that a fixed rule puts into (w_qq, w_ql, w_ll).
[[nodiscard]] std::vector<GridSolver<3>::Column> quadratic_sources(const Parameters& parameters, const FactorGrid& grid,
                                                                   const std::vector<double>& m,
                                                                   const std::vector<double>& n);

/// The linear equations of a fixed rule's value, factored once. Parameters are those of the objective: risk_aversion
/// and discount may be zero.
class RuleSystem {
public:
    /// shift: added to every discount rate (an implicit time step); 0 for the stationary equations.
    RuleSystem(const Parameters& parameters, std::shared_ptr<const FactorGrid> grid, RuleColumns rule, double shift);

    /// The solution with `added` on the right-hand sides.
    [[nodiscard]] ValueColumns solve(const ValueColumns* added = nullptr);
    /// The value of a rule close to the optimal one, and from it the optimal rule itself: m and n by one step of policy
    /// iteration (the error squared; that of the value is smaller still), then p and k, whose equations at the optimum
    /// do not hold them on their right-hand sides. Once, and not after `solve`.
    [[nodiscard]] ValueColumns solve_optimal();
    [[nodiscard]] const RuleColumns& rule() const { return rule_; }
    /// Whether discounted second moments of (q, l) stay finite: the cost q^2 + l^2 has a positive definite value at
    /// every node. The moments' equations keep positive matrices positive, so this is necessary and sufficient.
    [[nodiscard]] bool is_stable();
    /// The largest relative residual of any solve so far.
    [[nodiscard]] double residual() const { return residual_; }

private:
    /// The solvers of everything but the quadratic part, under the rule as it stands.
    void factor_rest();
    void solve_quadratic(ValueColumns& value, const ValueColumns* added);
    void solve_signal(ValueColumns& value, const ValueColumns* added, std::size_t j);
    void solve_signal_pair(ValueColumns& value, const ValueColumns* added, std::size_t i, std::size_t j);
    void solve_linear(ValueColumns& value, const ValueColumns* added);
    void solve_linear_signal(ValueColumns& value, const ValueColumns* added, std::size_t i);
    void solve_constant(ValueColumns& value, const ValueColumns* added);
    [[nodiscard]] GridSolver<2> pair_solver(double rate) const;
    [[nodiscard]] GridSolver<1> scalar_solver(double rate) const;
    /// w with G f = rates: fills `which` from a scalar equation with these sources.
    void solve_scalar(GridSolver<1>& solver, std::vector<double>& sources, std::span<double> into);
    /// What multiplies u in V: M~, N~, P~_j, R~ of the value so far.
    [[nodiscard]] double position_pull(const ValueColumns& value, std::size_t node) const;
    [[nodiscard]] double level_pull(const ValueColumns& value, std::size_t node) const;
    [[nodiscard]] double signal_pull(const ValueColumns& value, std::size_t j, std::size_t node) const;
    [[nodiscard]] double shift_pull(const ValueColumns& value, std::size_t node) const;
    void note(double residual);

    Parameters parameters_;
    std::shared_ptr<const FactorGrid> grid_;
    RuleColumns rule_;
    double shift_;
    double residual_ = 0.0;
    GridSolver<3> quadratic_;
    std::vector<GridSolver<2>> signal_;         ///< by signal; these from factor_rest
    std::vector<GridSolver<1>> signal_pair_;    ///< in the order of ValueColumns::xx
    std::optional<GridSolver<2>> linear_;       ///< absent when nothing drives the linear terms
    std::vector<GridSolver<1>> linear_signal_;  ///< by signal
    std::optional<GridSolver<1>> constant_;
};

}  // namespace slipcast::control::detail
