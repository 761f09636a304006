#include "slipcast/control/trader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "slipcast/control/small_impact.hpp"

namespace slipcast::control {
namespace {

Result<void> finite(const char* field, double value) {
    if (std::isfinite(value)) return {};
    return invalid_value(field, fmt::format("{}", value), "must be finite");
}

Result<void> positive(const char* field, double value) {
    if (std::isfinite(value) && value > 0.0) return {};
    return invalid_value(field, fmt::format("{}", value), "must be finite and > 0");
}

/// Where a fast factor stands: a variance is positive, another factor any number.
Result<void> known_factor(const FastFactor& fast, double y) {
    return fast.is_affine() ? positive("variance", y) : finite("factor", y);
}

Result<void> not_before(double time, double last) {
    SLIPCAST_CHECK(finite("time", time));
    if (time >= last) return {};
    return invalid_value("time", fmt::format("{}", time), fmt::format("must not be before the last fill, {}", last));
}

}  // namespace

Result<void> TraderOptions::validate() const {
    SLIPCAST_CHECK(market.validate());
    SLIPCAST_CHECK(guards.validate());
    SLIPCAST_CHECK(recalibration.validate());
    if (std::isnan(mean_volatility)) return {};
    return positive("mean_volatility", mean_volatility);
}

Result<Trader> Trader::make(TraderOptions options, double start) {
    SLIPCAST_CHECK(options.validate());
    SLIPCAST_CHECK(finite("start", start));
    SLIPCAST_TRY(rule, solved(options.market, options.theta));
    Trader trader(std::move(options), std::move(rule));
    SLIPCAST_CHECK(trader.solve_again(trader.impact_, trader.variance_, trader.options_.factors));
    trader.time_ = start;
    trader.last_recalibration_ = start;
    return trader;
}

Result<Decision> Trader::decide(const Situation& situation) const {
    SLIPCAST_CHECK(not_before(situation.time, time_));
    SLIPCAST_CHECK(finite("position", situation.position));
    SLIPCAST_CHECK(positive("step", situation.step));
    if (situation.signal.size() != rule_.gains().signal.size()) {
        return invalid_value("signal", fmt::format("{} numbers", situation.signal.size()),
                             fmt::format("needs one number a signal ({})", rule_.gains().signal.size()));
    }
    for (const double signal : situation.signal) SLIPCAST_CHECK(finite("signal", signal));
    const GuardOptions& guards = options_.guards;
    const bool on_volatility = guards.half_step_measure == static_cast<int>(HalfStepMeasure::volatility);
    const bool has_volatility = on_volatility && !std::isnan(situation.volatility);
    const bool has_fast = factor_rule_ && factor_rule_->has_fast();
    const double y = std::isnan(situation.factor) ? situation.variance : situation.factor;
    if (has_fast) SLIPCAST_CHECK(known_factor(*factor_rule_->factors().fast, y));
    if (guards.half_step && !has_volatility) SLIPCAST_CHECK(positive("variance", situation.variance));
    if (has_volatility) SLIPCAST_CHECK(positive("volatility", situation.volatility));
    const bool has_level = !std::isnan(situation.impact_level);
    if (has_level) SLIPCAST_CHECK(finite("impact_level", situation.impact_level));
    const double level = has_level ? situation.impact_level : impact_level(situation.time);
    const double K = rule_.parameters().trading_cost;
    Proposal proposal;
    proposal.position = situation.position;
    proposal.trading_cost = K;
    proposal.step = situation.step;
    proposal.denominator = K * (factor_rule_ ? factor_rule_->rate(y) : rule_.rate());
    proposal.pull = K * (factor_rule_ ? factor_rule_->decide(0.0, level, situation.signal, y)
                                      : rule_.decide(0.0, level, situation.signal));
    const double mean = rule_.parameters().variance;
    if (on_volatility) {
        proposal.half_step_value = has_volatility ? situation.volatility : std::sqrt(situation.variance);
        proposal.half_step_mean = std::isnan(options_.mean_volatility) ? std::sqrt(mean) : options_.mean_volatility;
    } else {
        proposal.half_step_value = situation.variance;
        proposal.half_step_mean = mean;
    }
    const double most = guards.turnover_limit * guards.position_limit;
    proposal.turnover_room = std::max(0.0, most - turnover(situation.time));
    proposal.slippage_measured = slippage_ratio();
    return guarded(proposal, guards);
}

double Trader::impact_level(double time) const {
    return level_ * std::exp(-rule_.parameters().impact_decay * (time - time_));
}

double Trader::turnover(double time) const {
    double sum = 0.0;
    for (const Traded& traded : window_) {
        if (time - traded.time < options_.guards.turnover_window) sum += traded.quantity;
    }
    return sum;
}

double Trader::slippage_ratio() const {
    if (fills_ < options_.guards.least_fills || expected_ <= options_.recalibration.least_expected) return 0.0;
    return realized_ / expected_;
}

void Trader::forget(double time) {
    const auto old = [&](const Traded& traded) { return time - traded.time >= options_.guards.turnover_window; };
    window_.erase(window_.begin(), std::find_if_not(window_.begin(), window_.end(), old));
}

Result<void> Trader::record(const Fill& fill) {
    SLIPCAST_CHECK(not_before(fill.time, time_));
    SLIPCAST_CHECK(finite("quantity", fill.quantity));
    SLIPCAST_CHECK(positive("days", fill.days));
    const Parameters& market = rule_.parameters();
    const double idle = std::max(0.0, fill.time - time_ - fill.days);
    const double standing = level_ * std::exp(-market.impact_decay * idle);
    const double u = fill.quantity / fill.days;
    const double kept = std::exp(-market.impact_decay * fill.days);
    const double built =
        market.impact_decay > 0.0 ? -std::expm1(-market.impact_decay * fill.days) / market.impact_decay : fill.days;
    level_ = kept * standing + market.impact * u * built;
    time_ = fill.time;
    forget(fill.time);
    if (fill.quantity == 0.0) return {};
    const double size = std::abs(fill.quantity);
    window_.push_back({fill.time, size});
    if (std::isfinite(fill.realized_slippage)) {
        realized_ += size * fill.realized_slippage;
        expected_ += size * expected_slippage(market.trading_cost, u, standing);
        ++fills_;
    }
    return {};
}

Result<Rule> Trader::solved(const Parameters& market, const std::optional<double>& theta) {
    if (!theta) return solve(market);
    SLIPCAST_TRY(expanded, solve_small_impact(market, *theta));
    return expanded.rule;
}

Result<void> Trader::solve_again(double impact, double variance, const std::optional<Factors>& factors) {
    Parameters market = options_.market;
    market.impact = impact;
    market.variance = variance;
    SLIPCAST_TRY(rule, solved(market, options_.theta));
    std::optional<FactorRule> corrected;
    if (factors) {
        SLIPCAST_TRY(made, FactorRule::make(rule, *factors));
        corrected = std::move(made);
    }
    impact_ = impact;
    variance_ = variance;
    factors_ = factors;
    rule_ = std::move(rule);
    factor_rule_ = std::move(corrected);
    return {};
}

RecalibrationOutcome Trader::recalibrate(double time, const MeasuredSlippage& measured) {
    const GuardOptions& guards = options_.guards;
    if (!guards.recalibration) return {{}, "recalibration is off"};
    if (!(time - last_recalibration_ >= guards.recalibration_days)) {
        return {
            {},
            fmt::format("not due: {} of {} days have passed", time - last_recalibration_, guards.recalibration_days)};
    }
    if (measured.fills < guards.least_fills) {
        return {{}, fmt::format("too few fills: {} of {}", measured.fills, guards.least_fills)};
    }
    const double before = impact();
    const Recalibration wanted =
        control::recalibrate(before, measured.realized, measured.expected, options_.recalibration);
    const double configured = options_.market.impact;
    const double after = std::clamp(wanted.impact, configured / guards.impact_span, configured * guards.impact_span);
    std::string why = wanted.is_informative ? "realized over expected slippage" : "expected slippage says nothing";
    if (after != wanted.impact) why += ", held within its span";
    if (const auto done = solve_again(after, variance_, factors_); !done) {
        return {{}, "kept: " + done.error().message()};
    }
    const RecalibrationRecord record{time, before, after, wanted.factor};
    history_.push_back(record);
    last_recalibration_ = time;
    realized_ = expected_ = 0.0;
    fills_ = 0;
    return {record, why};
}

Result<void> Trader::renew(double variance, const std::optional<Factors>& factors) {
    return solve_again(impact_, variance, factors);
}

}  // namespace slipcast::control
