#include "slipcast/control/exact.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "rule_system.hpp"

namespace slipcast::control {
namespace {

constexpr int kMaxIterations = 60;
/// Newton squares the error: after a relative change of this size it is 1e-8, and the valuation that ends the solution
/// is one more step, exact to rounding.
constexpr double kChangeAllowed = 1e-4;
constexpr double kResidualAllowed = 1e-9;
/// Coarser grids start the finer ones, down to about this many nodes.
constexpr int kCoarsest = 40;
constexpr int kCoarsening = 4;

/// M/K and N/K at every node.
struct Policy {
    std::vector<double> m;
    std::vector<double> n;
};

/// The optimal rule without impact at the node's own variance, which stabilizes whatever the impact is: q decays, and
/// so does the level that it moves. A floor keeps the rate up where the variance is small.
Policy first_guess(const Parameters& parameters, const FactorGrid& grid) {
    const double r = 0.5 * parameters.discount;
    std::vector<double> variances(grid.size());
    for (std::size_t node = 0; node < grid.size(); ++node) variances[node] = grid.variance(node);
    const double floor = 0.25 * grid.mean(variances);
    Policy policy{std::vector<double>(grid.size()), std::vector<double>(grid.size(), 0.0)};
    for (std::size_t node = 0; node < grid.size(); ++node) {
        const double variance = std::max(variances[node], floor);
        policy.m[node] = r - std::sqrt(r * r + parameters.risk_aversion * variance / parameters.trading_cost);
    }
    return policy;
}

/// The largest change of a gain, relative to the largest rate; NaN when a gain is.
double change_between(const Policy& before, const std::vector<double>& m, const std::vector<double>& n) {
    double change = 0.0;
    double size = 0.0;
    for (std::size_t node = 0; node < m.size(); ++node) {
        const double gap = std::abs(m[node] - before.m[node]) + std::abs(n[node] - before.n[node]);
        if (!(gap <= change)) change = gap;
        if (std::isnan(change)) return change;
        size = std::max(size, std::abs(m[node]));
    }
    return change / size;
}

/// Policy iteration for M and N on one grid, in place.
Result<void> iterate(const Parameters& parameters, const FactorGrid& grid, Policy& policy, ExactSummary& summary) {
    const double cost = parameters.trading_cost;
    const double lambda = parameters.impact;
    Policy next = policy;
    for (int step = 0; step < kMaxIterations; ++step) {
        const detail::GridSolver<3> solver(grid, detail::quadratic_couplings(parameters, policy.m, policy.n, 0.0));
        auto w = detail::quadratic_sources(parameters, grid, policy.m, policy.n);
        summary.residual = std::max(summary.residual, solver.solve(w));
        for (std::size_t node = 0; node < w.size(); ++node) {
            next.m[node] = (lambda * (1.0 + w[node][1]) - w[node][0]) / cost;
            next.n[node] = (w[node][1] + lambda * w[node][2]) / cost;
        }
        summary.change = change_between(policy, next.m, next.n);
        std::swap(policy, next);
        ++summary.iterations;
        if (!std::isfinite(summary.change)) break;
        if (summary.change <= kChangeAllowed) return {};
    }
    return invalid_value("stability", fmt::format("{}", summary.change),
                         "no stable solution: policy iteration does not converge");
}

Result<void> validate_problem(Parameters parameters) {
    // Stability depends on the factors and is checked on the solution.
    if (!std::isfinite(parameters.variance)) parameters.variance = 1.0;
    if (auto valid = parameters.validate(); !valid && valid.error().field != "stability") return valid.error();
    return {};
}

/// How many nodes each coarser grid has, coarsest first, ending with the grid asked for.
std::vector<GridOptions> levels(const GridOptions& options) {
    std::vector<GridOptions> made{options};
    while (made.front().nodes / kCoarsening >= kCoarsest || made.size() < 2) {
        GridOptions coarser = made.front();
        coarser.nodes = std::max(16, coarser.nodes / kCoarsening);
        coarser.second_nodes = std::max(8, coarser.second_nodes / kCoarsening);
        if (coarser.nodes == made.front().nodes) break;
        made.insert(made.begin(), coarser);
    }
    return made;
}

}  // namespace

ExactPolicy::ExactPolicy(Parameters parameters, std::shared_ptr<const FactorGrid> grid, Columns gains, PricedRule value,
                         ExactSummary summary)
    : parameters_(std::move(parameters)),
      grid_(std::move(grid)),
      gains_(std::make_shared<const Columns>(std::move(gains))),
      value_(std::move(value)),
      summary_(summary) {}

Result<ExactPolicy> ExactPolicy::solve(const Parameters& parameters, const FactorModel& model,
                                       const GridOptions& options) {
    SLIPCAST_CHECK(validate_problem(parameters));
    SLIPCAST_CHECK(options.validate());
    ExactSummary summary;
    Policy policy;
    const std::vector<GridOptions> sizes = levels(options);
    // An edge has to stand on the finest grid.
    const GridOptions& framed = std::isnan(options.edge) ? sizes.front() : options;
    SLIPCAST_TRY(frame, FactorGrid::make(model, framed, parameters.signals.size()));
    std::shared_ptr<const FactorGrid> grid;
    for (const GridOptions& level : sizes) {
        SLIPCAST_TRY(made, frame.with_nodes(model, level.nodes, level.second_nodes));
        auto finer = std::make_shared<const FactorGrid>(std::move(made));
        if (grid) {
            std::vector<std::vector<double>> columns = grid->prolonged({policy.m, policy.n}, *finer);
            policy = {std::move(columns[0]), std::move(columns[1])};
        } else {
            policy = first_guess(parameters, *finer);
        }
        const Policy start = policy;
        // An error that falls with the square of the spacing is this share of the change from a coarser grid.
        const double ratio =
            grid ? static_cast<double>(finer->first().size()) / static_cast<double>(grid->first().size()) : 2.0;
        grid = finer;
        SLIPCAST_CHECK(iterate(parameters, *grid, policy, summary));
        double squares = 0.0;
        for (std::size_t node = 0; node < grid->size(); ++node) {
            const double gap = policy.m[node] - start.m[node];
            squares += grid->weight(node) * gap * gap;
        }
        summary.discretization = parameters.trading_cost * std::sqrt(squares) / (ratio * ratio - 1.0);
    }
    const std::vector<double> none(grid->size(), 0.0);
    detail::RuleColumns known{.m = policy.m, .n = policy.n, .p = {parameters.signals.size(), none}, .k = none};
    detail::RuleSystem system(parameters, grid, std::move(known), 0.0);
    if (!system.is_stable()) {
        return invalid_value("stability", "",
                             "no stable solution: the closed loop's discounted moments must be finite");
    }
    ValueColumns value = system.solve_optimal();
    summary.residual = std::max(summary.residual, system.residual());
    if (!(summary.residual <= kResidualAllowed)) {
        return invalid_value("grid", fmt::format("{}", summary.residual), "the linear solver did not converge");
    }
    const detail::RuleColumns& rule = system.rule();
    summary.change = change_between(policy, rule.m, rule.n);
    ++summary.iterations;
    summary.lowest_rate = -*std::max_element(rule.m.begin(), rule.m.end());
    if (!(summary.lowest_rate > 0.0)) {
        return invalid_value("stability", fmt::format("{}", summary.lowest_rate),
                             "no stable solution: the optimal rate must be > 0 at every state of the factors");
    }
    Columns gains{rule.m, rule.n, rule.p, rule.k};
    const auto scale = [&](std::vector<double>& column) {
        for (double& number : column) number *= parameters.trading_cost;
    };
    for (std::vector<double>* column : {&gains.position, &gains.level, &gains.shift}) scale(*column);
    for (std::vector<double>& column : gains.signal) scale(column);
    PricedRule priced(grid, std::move(value), summary.residual);
    return ExactPolicy(parameters, grid, std::move(gains), std::move(priced), summary);
}

Gains ExactPolicy::interpolated(const FactorGrid& grid, const Columns& gains, const FactorState& state) {
    Gains made;
    made.position = grid.interpolated(gains.position, state);
    made.level = grid.interpolated(gains.level, state);
    for (const std::vector<double>& column : gains.signal) made.signal.push_back(grid.interpolated(column, state));
    made.shift = grid.interpolated(gains.shift, state);
    return made;
}

Gains ExactPolicy::node_gains(std::size_t node) const {
    Gains made{
        .position = gains_->position[node], .level = gains_->level[node], .signal = {}, .shift = gains_->shift[node]};
    for (const std::vector<double>& column : gains_->signal) made.signal.push_back(column[node]);
    return made;
}

LinearRule ExactPolicy::rule() const {
    return [grid = grid_, gains = gains_](const FactorState& state) { return interpolated(*grid, *gains, state); };
}

}  // namespace slipcast::control
