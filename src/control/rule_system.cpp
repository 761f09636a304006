#include "rule_system.hpp"

#include <algorithm>
#include <cmath>

// Letters as in the paper: K trading cost, lambda impact, beta impact decay, gamma risk aversion, rho discount, kappa
// signal decay, eta signal variance; m, n, p, k the rule divided by K; w the value's coefficients. With u fixed the
// coefficient of u in V is M~ q + N~ l + sum P~_j x_j + R~ with M~ = lambda - w_qq + lambda w_ql, N~ = w_ql + lambda
// w_ll, P~ = w_qx + lambda w_lx, R~ = w_q + lambda w_l; the equations below match powers of q, l and x.

namespace slipcast::control::detail {
namespace {

double added_at(const ValueColumns* added, std::size_t which, std::size_t node) {
    return added == nullptr ? 0.0 : added->column(which)[node];
}

}  // namespace

std::vector<GridSolver<3>::Block> quadratic_couplings(const Parameters& parameters, const std::vector<double>& m,
                                                      const std::vector<double>& n, double shift) {
    const double rho = parameters.discount + shift;
    const double beta = parameters.impact_decay;
    const double lambda = parameters.impact;
    std::vector<GridSolver<3>::Block> blocks(m.size());
    for (std::size_t i = 0; i < m.size(); ++i) {
        blocks[i] << rho - 2.0 * m[i], 2.0 * lambda * m[i], 0.0,  //
            n[i], rho + beta - lambda * n[i] - m[i], -lambda * m[i], 0.0, -2.0 * n[i],
            rho + 2.0 * beta - 2.0 * lambda * n[i];
    }
    return blocks;
}

std::vector<GridSolver<3>::Column> quadratic_sources(const Parameters& parameters, const FactorGrid& grid,
                                                     const std::vector<double>& m, const std::vector<double>& n) {
    const double cost = parameters.trading_cost;
    const double lambda = parameters.impact;
    std::vector<GridSolver<3>::Column> sources(m.size());
    for (std::size_t i = 0; i < m.size(); ++i) {
        sources[i] << parameters.risk_aversion * grid.variance(i) + cost * m[i] * m[i] - 2.0 * lambda * m[i],
            lambda * n[i] - parameters.impact_decay - cost * m[i] * n[i], -cost * n[i] * n[i];
    }
    return sources;
}

RuleSystem::RuleSystem(const Parameters& parameters, std::shared_ptr<const FactorGrid> grid, RuleColumns rule,
                       double shift)
    : parameters_(parameters),
      grid_(std::move(grid)),
      rule_(std::move(rule)),
      shift_(shift),
      quadratic_(*grid_, quadratic_couplings(parameters_, rule_.m, rule_.n, shift)) {}

void RuleSystem::factor_rest() {
    const bool shifted = grid_->is_correlated() ||
                         std::any_of(rule_.k.begin(), rule_.k.end(), [](double value) { return value != 0.0; });
    const std::size_t signals = parameters_.signals.size();
    for (const Signal& signal : parameters_.signals) signal_.push_back(pair_solver(signal.decay));
    for (std::size_t i = 0; i < signals; ++i) {
        for (std::size_t j = i; j < signals; ++j) {
            const double decay = parameters_.signals[i].decay + parameters_.signals[j].decay;
            signal_pair_.push_back(scalar_solver(decay));
        }
    }
    constant_ = scalar_solver(0.0);
    if (!shifted) return;
    linear_ = pair_solver(0.0);
    for (const Signal& signal : parameters_.signals) linear_signal_.push_back(scalar_solver(signal.decay));
}

GridSolver<2> RuleSystem::pair_solver(double rate) const {
    const double rho = parameters_.discount + shift_ + rate;
    const double lambda = parameters_.impact;
    std::vector<GridSolver<2>::Block> blocks(grid_->size());
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        blocks[i] << rho - rule_.m[i], -lambda * rule_.m[i],  //
            -rule_.n[i], rho + parameters_.impact_decay - lambda * rule_.n[i];
    }
    return {*grid_, std::move(blocks)};
}

GridSolver<1> RuleSystem::scalar_solver(double rate) const {
    const double total = parameters_.discount + shift_ + rate;
    return {*grid_, std::vector<GridSolver<1>::Block>(grid_->size(), GridSolver<1>::Block::Constant(total))};
}

void RuleSystem::note(double residual) {
    // A NaN has to stay: it says that a pivot was singular.
    if (std::isnan(residual) || residual > residual_) residual_ = residual;
}

bool RuleSystem::is_stable() {
    std::vector<GridSolver<3>::Column> moments(grid_->size(), GridSolver<3>::Column{1.0, 0.0, -1.0});
    note(quadratic_.solve(moments));
    return std::all_of(moments.begin(), moments.end(), [](const GridSolver<3>::Column& w) {
        return w[0] > 0.0 && w[2] < 0.0 && w[1] * w[1] < -w[0] * w[2];
    });
}

void RuleSystem::solve_quadratic(ValueColumns& value, const ValueColumns* added) {
    std::vector<GridSolver<3>::Column> w = quadratic_sources(parameters_, *grid_, rule_.m, rule_.n);
    for (std::size_t i = 0; i < w.size() && added != nullptr; ++i) {
        for (int c = 0; c < 3; ++c) w[i][c] += added_at(added, static_cast<std::size_t>(c), i);
    }
    note(quadratic_.solve(w));
    for (std::size_t c = 0; c < 3; ++c) {
        const std::span<double> into = value.column(c);
        for (std::size_t i = 0; i < w.size(); ++i) into[i] = w[i][static_cast<Eigen::Index>(c)];
    }
}

double RuleSystem::position_pull(const ValueColumns& value, std::size_t node) const {
    return parameters_.impact * (1.0 + value.column(value.ql())[node]) - value.column(value.qq())[node];
}

double RuleSystem::level_pull(const ValueColumns& value, std::size_t node) const {
    return value.column(value.ql())[node] + parameters_.impact * value.column(value.ll())[node];
}

double RuleSystem::signal_pull(const ValueColumns& value, std::size_t j, std::size_t node) const {
    return value.column(value.qx(j))[node] + parameters_.impact * value.column(value.lx(j))[node];
}

double RuleSystem::shift_pull(const ValueColumns& value, std::size_t node) const {
    return value.column(value.q())[node] + parameters_.impact * value.column(value.l())[node];
}

void RuleSystem::solve_signal(ValueColumns& value, const ValueColumns* added, std::size_t j) {
    const double cost = parameters_.trading_cost;
    std::vector<GridSolver<2>::Column> w(grid_->size());
    for (std::size_t i = 0; i < w.size(); ++i) {
        const double p = rule_.p[j][i];
        w[i] << parameters_.signals[j].loading + p * (position_pull(value, i) - cost * rule_.m[i]) +
                    added_at(added, value.qx(j), i),
            p * (level_pull(value, i) - cost * rule_.n[i]) + added_at(added, value.lx(j), i);
    }
    note(signal_[j].solve(w));
    for (std::size_t i = 0; i < w.size(); ++i) {
        value.column(value.qx(j))[i] = w[i][0];
        value.column(value.lx(j))[i] = w[i][1];
    }
}

void RuleSystem::solve_scalar(GridSolver<1>& solver, std::vector<double>& sources, std::span<double> into) {
    std::vector<GridSolver<1>::Column> w(sources.size());
    for (std::size_t i = 0; i < w.size(); ++i) w[i][0] = sources[i];
    note(solver.solve(w));
    for (std::size_t i = 0; i < w.size(); ++i) into[i] = w[i][0];
}

void RuleSystem::solve_signal_pair(ValueColumns& value, const ValueColumns* added, std::size_t i, std::size_t j) {
    std::vector<double> sources(grid_->size());
    for (std::size_t node = 0; node < sources.size(); ++node) {
        const double one = rule_.p[i][node];
        const double two = rule_.p[j][node];
        sources[node] = signal_pull(value, i, node) * two + signal_pull(value, j, node) * one -
                        parameters_.trading_cost * one * two + added_at(added, value.xx(i, j), node);
    }
    const std::size_t which = value.xx(i, j);
    solve_scalar(signal_pair_[which - value.xx(0, 0)], sources, value.column(which));
}

void RuleSystem::solve_linear(ValueColumns& value, const ValueColumns* added) {
    const double cost = parameters_.trading_cost;
    std::vector<GridSolver<2>::Column> w(grid_->size());
    for (std::size_t i = 0; i < w.size(); ++i) {
        w[i] << rule_.k[i] * (position_pull(value, i) - cost * rule_.m[i]) + added_at(added, value.q(), i),
            rule_.k[i] * (level_pull(value, i) - cost * rule_.n[i]) + added_at(added, value.l(), i);
        for (std::size_t j = 0; grid_->is_correlated() && j < signal_.size(); ++j) {
            const double deviation = std::sqrt(parameters_.signals[j].variance);
            w[i][0] += deviation * grid_->pull(j, value.column(value.qx(j)), i);
            w[i][1] += deviation * grid_->pull(j, value.column(value.lx(j)), i);
        }
    }
    note(linear_->solve(w));
    for (std::size_t i = 0; i < w.size(); ++i) {
        value.column(value.q())[i] = w[i][0];
        value.column(value.l())[i] = w[i][1];
    }
}

void RuleSystem::solve_linear_signal(ValueColumns& value, const ValueColumns* added, std::size_t i) {
    std::vector<double> sources(grid_->size());
    for (std::size_t node = 0; node < sources.size(); ++node) {
        const double p = rule_.p[i][node];
        sources[node] = rule_.k[node] * (signal_pull(value, i, node) - parameters_.trading_cost * p) +
                        shift_pull(value, node) * p + added_at(added, value.x(i), node);
        for (std::size_t j = 0; grid_->is_correlated() && j < signal_.size(); ++j) {
            const double deviation = std::sqrt(parameters_.signals[j].variance);
            sources[node] += deviation * grid_->pull(j, value.column(value.xx(i, j)), node);
        }
    }
    solve_scalar(linear_signal_[i], sources, value.column(value.x(i)));
}

void RuleSystem::solve_constant(ValueColumns& value, const ValueColumns* added) {
    std::vector<double> sources(grid_->size());
    for (std::size_t node = 0; node < sources.size(); ++node) {
        const double k = rule_.k[node];
        sources[node] = k * (shift_pull(value, node) - 0.5 * parameters_.trading_cost * k) +
                        added_at(added, value.constant(), node);
        for (std::size_t j = 0; j < signal_.size(); ++j) {
            const double variance = parameters_.signals[j].variance;
            sources[node] += 0.5 * variance * value.column(value.xx(j, j))[node];
            if (grid_->is_correlated()) {
                sources[node] += std::sqrt(variance) * grid_->pull(j, value.column(value.x(j)), node);
            }
        }
    }
    solve_scalar(*constant_, sources, value.column(value.constant()));
}

ValueColumns RuleSystem::solve_optimal() {
    ValueColumns value(grid_->size(), parameters_.signals.size());
    solve_quadratic(value, nullptr);
    for (std::size_t i = 0; i < grid_->size(); ++i) {
        rule_.m[i] = position_pull(value, i) / parameters_.trading_cost;
        rule_.n[i] = level_pull(value, i) / parameters_.trading_cost;
    }
    factor_rest();
    for (std::size_t j = 0; j < signal_.size(); ++j) {
        solve_signal(value, nullptr, j);
        for (std::size_t i = 0; i < grid_->size(); ++i) {
            rule_.p[j][i] = signal_pull(value, j, i) / parameters_.trading_cost;
        }
    }
    for (std::size_t i = 0; i < signal_.size(); ++i) {
        for (std::size_t j = i; j < signal_.size(); ++j) solve_signal_pair(value, nullptr, i, j);
    }
    if (linear_) {
        solve_linear(value, nullptr);
        for (std::size_t i = 0; i < grid_->size(); ++i) rule_.k[i] = shift_pull(value, i) / parameters_.trading_cost;
        for (std::size_t i = 0; i < signal_.size(); ++i) solve_linear_signal(value, nullptr, i);
    }
    solve_constant(value, nullptr);
    return value;
}

ValueColumns RuleSystem::solve(const ValueColumns* added) {
    if (!constant_) factor_rest();
    ValueColumns value(grid_->size(), signal_.size());
    solve_quadratic(value, added);
    for (std::size_t j = 0; j < signal_.size(); ++j) solve_signal(value, added, j);
    for (std::size_t i = 0; i < signal_.size(); ++i) {
        for (std::size_t j = i; j < signal_.size(); ++j) solve_signal_pair(value, added, i, j);
    }
    if (linear_) {
        solve_linear(value, added);
        for (std::size_t i = 0; i < signal_.size(); ++i) solve_linear_signal(value, added, i);
    }
    solve_constant(value, added);
    return value;
}

}  // namespace slipcast::control::detail
