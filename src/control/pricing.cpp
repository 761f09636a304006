#include "slipcast/control/pricing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "rule_system.hpp"

namespace slipcast::control {
namespace {

/// A solve whose residual exceeds this is not a solution.
constexpr double kResidualAllowed = 1e-9;

Error unstable() {
    return invalid_value("rule", "", "its discounted second moments must stay finite: the rule has no value");
}

Result<detail::RuleColumns> columns_of(const Parameters& parameters, const FactorGrid& grid, const LinearRule& rule) {
    detail::RuleColumns columns;
    columns.m.resize(grid.size());
    columns.n.resize(grid.size());
    columns.k.resize(grid.size());
    columns.p.assign(parameters.signals.size(), std::vector<double>(grid.size()));
    for (std::size_t node = 0; node < grid.size(); ++node) {
        const Gains gains = rule(grid.state(node));
        if (gains.signal.size() != parameters.signals.size()) {
            return Error{ErrorCode::inconsistent,
                         "rule",
                         fmt::format("{}", gains.signal.size()),
                         fmt::format("needs one gain a signal ({})", parameters.signals.size()),
                         {}};
        }
        columns.m[node] = gains.position / parameters.trading_cost;
        columns.n[node] = gains.level / parameters.trading_cost;
        columns.k[node] = gains.shift / parameters.trading_cost;
        double sum = columns.m[node] + columns.n[node] + columns.k[node];
        for (std::size_t j = 0; j < columns.p.size(); ++j) {
            columns.p[j][node] = gains.signal[j] / parameters.trading_cost;
            sum += columns.p[j][node];
        }
        if (!std::isfinite(sum)) {
            return invalid_value("rule", "nan",
                                 fmt::format("gains must be finite at variance {}", grid.variance(node)));
        }
    }
    return columns;
}

/// One step of a diagonally implicit Runge-Kutta method (Alexander 1977: two stages, L-stable, order two): the stages
/// share one matrix.
ValueColumns stepped(detail::RuleSystem& system, const ValueColumns& now, double rate) {
    const double gamma = 1.0 - 1.0 / std::sqrt(2.0);
    ValueColumns added = now;
    for (double& number : added.data()) number *= rate;
    const ValueColumns stage = system.solve(&added);
    // k1 = rate (stage - now); the second stage starts from now + (1 - gamma) h k1, and rate = 1 / (gamma h).
    const double carry = (1.0 - gamma) / gamma;
    for (std::size_t i = 0; i < added.data().size(); ++i) {
        added.data()[i] = rate * (now.data()[i] + carry * (stage.data()[i] - now.data()[i]));
    }
    return system.solve(&added);
}

}  // namespace

Result<void> Objective::validate() const {
    if (std::isnan(horizon) || horizon <= 0.0) {
        return invalid_value("horizon", fmt::format("{}", horizon), "must be > 0 days");
    }
    if (steps < 1) return invalid_value("steps", fmt::format("{}", steps), "must be >= 1");
    if (discounted || std::isfinite(horizon)) return {};
    return invalid_value("horizon", fmt::format("{}", horizon), "must be finite without discounting");
}

ValueColumns::ValueColumns(std::size_t nodes, std::size_t signals)
    : nodes_(nodes), signals_(signals), data_(nodes * (6 + 3 * signals + signals * (signals + 1) / 2), 0.0) {}

std::size_t ValueColumns::xx(std::size_t i, std::size_t j) const {
    const std::size_t low = std::min(i, j);
    const std::size_t high = std::max(i, j);
    return 6 + 3 * signals_ + low * signals_ - low * (low + 1) / 2 + high;
}

double PricedRule::value(const FactorState& state, const Standing& standing) const {
    const std::size_t signals = columns_.signals();
    SLIPCAST_ASSERT(standing.signal.empty() || standing.signal.size() == signals, "one number a signal");
    const auto at = [&](std::size_t which) { return grid_->interpolated(columns_.column(which), state); };
    const double q = standing.position;
    const double l = standing.level;
    double value = at(columns_.constant()) + q * at(columns_.q()) + l * at(columns_.l());
    value += -0.5 * q * q * at(columns_.qq()) + q * l * at(columns_.ql()) + 0.5 * l * l * at(columns_.ll());
    for (std::size_t i = 0; i < standing.signal.size(); ++i) {
        double slope = at(columns_.x(i)) + q * at(columns_.qx(i)) + l * at(columns_.lx(i));
        for (std::size_t j = 0; j < signals; ++j) slope += 0.5 * standing.signal[j] * at(columns_.xx(i, j));
        value += standing.signal[i] * slope;
    }
    return value;
}

double PricedRule::mean_value() const {
    return grid_->mean(columns_.column(columns_.constant()));
}

Result<PricedRule> price(const Parameters& parameters, std::shared_ptr<const FactorGrid> grid, const LinearRule& rule,
                         const Objective& objective) {
    SLIPCAST_CHECK(objective.validate());
    SLIPCAST_TRY(columns, columns_of(parameters, *grid, rule));
    Parameters judged = parameters;
    if (!objective.risk) judged.risk_aversion = 0.0;
    if (!objective.discounted) judged.discount = 0.0;
    if (!std::isfinite(objective.horizon)) {
        detail::RuleSystem system(judged, grid, std::move(columns), 0.0);
        if (!system.is_stable()) return unstable();
        ValueColumns value = system.solve();
        if (system.residual() <= kResidualAllowed) return PricedRule(grid, std::move(value), system.residual());
        return invalid_value("grid", fmt::format("{}", system.residual()), "the linear solver did not converge");
    }
    const double rate = objective.steps / (objective.horizon * (1.0 - 1.0 / std::sqrt(2.0)));
    detail::RuleSystem system(judged, grid, std::move(columns), rate);
    ValueColumns value(grid->size(), parameters.signals.size());
    for (int step = 0; step < objective.steps; ++step) value = stepped(system, value, rate);
    if (system.residual() <= kResidualAllowed) return PricedRule(grid, std::move(value), system.residual());
    return invalid_value("grid", fmt::format("{}", system.residual()), "the linear solver did not converge");
}

double loss_bps(double value, double best) {
    return 1e4 * (best - value) / best;
}

}  // namespace slipcast::control
