#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "slipcast/control/factor_grid.hpp"
#include "slipcast/control/factors.hpp"
#include "slipcast/control/parameters.hpp"
#include "slipcast/control/pricing.hpp"
#include "slipcast/core/result.hpp"

namespace slipcast::control {

/// How the exact policy was found.
struct ExactSummary {
    int iterations = 0;           ///< of policy iteration, over all grids
    double residual = 0.0;        ///< of the linear solver, relative; zero for one factor (direct)
    double change = 0.0;          ///< of the last iteration, relative; the error after it is about its square
    double lowest_rate = 0.0;     ///< min over nodes of -M/K, 1/day, > 0
    double discretization = 0.0;  ///< root mean square error of M over the invariant law, from the next coarser grid
};

/// The optimal policy with volatility factors, without asymptotics: the value stays quadratic in q, l and x for every
/// state of the factors, and its coefficients solve coupled Riccati equations on a grid (rho Aqq - G Aqq = gamma v
/// - M^2/K and so on). Newton's method, which here is policy iteration and converges from any stabilizing rule; started
/// on coarser grids. Source: derived from the model of arXiv:2507.17162 (docs/explain/control.md); no published
/// numbers. `parameters.variance` is not read: the factors make the variance.
class ExactPolicy {
public:
    /// Refuses invalid parameters, factors or options, and a problem whose policy has no positive rate at some node
    /// (field "stability") or does not converge.
    [[nodiscard]] static Result<ExactPolicy> solve(const Parameters& parameters, const FactorModel& model,
                                                   const GridOptions& options = {});

    /// M, N, P, R at a state, interpolated (FactorGrid::interpolated).
    [[nodiscard]] Gains gains(const FactorState& state) const { return interpolated(*grid_, *gains_, state); }
    /// The same at a node.
    [[nodiscard]] Gains node_gains(std::size_t node) const;
    /// The exact policy as a rule that `price` takes; shares this policy's data.
    [[nodiscard]] LinearRule rule() const;
    /// Its value: at least that of every other rule on the same grid.
    [[nodiscard]] const PricedRule& value() const { return value_; }
    [[nodiscard]] const Parameters& parameters() const { return parameters_; }
    [[nodiscard]] std::shared_ptr<const FactorGrid> grid() const { return grid_; }
    [[nodiscard]] const ExactSummary& summary() const { return summary_; }
    /// The exact value of another linear rule on this policy's grid.
    [[nodiscard]] Result<PricedRule> price(const LinearRule& rule, const Objective& objective = {}) const {
        return control::price(parameters_, grid_, rule, objective);
    }

private:
    struct Columns {
        std::vector<double> position;
        std::vector<double> level;
        std::vector<std::vector<double>> signal;
        std::vector<double> shift;
    };
    [[nodiscard]] static Gains interpolated(const FactorGrid& grid, const Columns& gains, const FactorState& state);
    ExactPolicy(Parameters parameters, std::shared_ptr<const FactorGrid> grid, Columns gains, PricedRule value,
                ExactSummary summary);

    Parameters parameters_;
    std::shared_ptr<const FactorGrid> grid_;
    std::shared_ptr<const Columns> gains_;
    PricedRule value_;
    ExactSummary summary_;
};

}  // namespace slipcast::control
