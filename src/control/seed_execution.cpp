#include "slipcast/control/seed_execution.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "state_text.hpp"

namespace slipcast::control {
namespace {

constexpr std::string_view kHeading = "slipcast.control.execution 1";
constexpr double kUnbounded = std::numeric_limits<double>::infinity();

double mean_at(const ExecutionConfig& config, double z) {
    return config.mu_vol * std::exp(2.0 * z);
}

/// The factors at z: y reverts to v(z) at chi_fast/epsilon; v'(z) = 2 v. The vol of variance of y does not enter at
/// order one.
Result<Factors> factors_at(const ExecutionConfig& config, double z) {
    Factor fast;
    fast.mean = mean_at(config, z);
    fast.mean_reversion = config.chi_fast;
    fast.volatility = 1.0;
    fast.speed = 1.0 / config.epsilon;
    Factors factors;
    SLIPCAST_TRY(made, FastFactor::square_root(fast));
    factors.fast = std::move(made);
    SlowFactor slow;
    slow.dvariance = 2.0 * fast.mean;
    slow.volatility = config.slow_volatility;
    slow.time_scale = config.delta;
    slow.signal_correlation = {config.slow_correlation};
    factors.slow = std::move(slow);
    return factors;
}

Result<TraderOptions> trader_options(const ExecutionConfig& config) {
    SLIPCAST_CHECK(config.validate());
    TraderOptions options;
    options.market.trading_cost = config.K;
    options.market.impact = config.lambda_impact;
    options.market.impact_decay = config.beta_decay;
    options.market.risk_aversion = config.gamma;
    options.market.discount = config.rho;
    options.market.variance = config.mu_vol;
    options.market.signals = {{config.kappa, config.eta, 1.0}};
    SLIPCAST_TRY(factors, factors_at(config, 0.0));
    options.factors = std::move(factors);
    options.guards = GuardOptions::seed();
    options.guards.half_step_threshold = config.half_step_threshold;
    options.guards.recalibration_days = config.recalibrate_days;
    options.guards.least_fills = config.min_fills;
    options.mean_volatility = config.mu_vol;
    if (config.small_impact) options.theta = config.theta;
    return options;
}

}  // namespace

Settings ExecutionConfig::settings() {
    const Settings::Range positive{.low = 0, .high = kUnbounded, .low_open = true, .high_open = true};
    const Settings::Range not_negative{.low = 0, .high = kUnbounded, .high_open = true};
    Settings all;
    all.number("K", "", K, positive, "instantaneous trading cost", "seed")
        .number("lambda_impact", "", lambda_impact, not_negative, "persistent impact of a unit traded", "seed")
        .number("beta_decay", "1/day", beta_decay, not_negative, "decay of the persistent impact", "seed")
        .number("gamma", "", gamma, positive, "risk aversion", "seed")
        .number("rho", "1/day", rho, positive, "discount rate", "seed")
        .number("kappa", "1/day", kappa, not_negative, "decay of the signal", "seed")
        .number("eta", "per day", eta, not_negative, "variance of the signal's shocks", "seed")
        .number("epsilon", "", epsilon, positive, "time scale of the fast factor", "seed")
        .number("delta", "", delta, positive, "time scale of the slow factor (itself, not its root)", "seed")
        .number("chi_fast", "1/day", chi_fast, positive, "mean reversion of the fast factor", "seed")
        .number("mu_vol", "per day", mu_vol, positive, "mean of the fast factor, a variance", "seed")
        .number("theta", "", theta, {.low = 0, .high = 0.2, .low_open = true, .high_open = true},
                "scale of small impact", "seed")
        .number("recalibrate_days", "days", recalibrate_days, positive, "least time between recalibrations", "seed")
        .number("half_step_threshold", "", half_step_threshold, positive, "half-step above this x mu_vol", "seed")
        .flag("small_impact", small_impact, "trade by the expansion in theta instead of the exact solution")
        .number("slow_volatility", "", slow_volatility, not_negative, "volatility g of the slow factor")
        .number("slow_correlation", "", slow_correlation, {.low = -1, .high = 1}, "slow factor and signal")
        .integer("min_fills", "fills", min_fills, 1, 1'000'000'000, "fewer say nothing about slippage");
    return all;
}

Result<void> ExecutionConfig::validate() const {
    ExecutionConfig copy = *this;
    return copy.settings().validate();
}

Result<OptimalExecution> OptimalExecution::make(const ExecutionConfig& config) {
    SLIPCAST_TRY(options, trader_options(config));
    SLIPCAST_TRY(trader, Trader::make(std::move(options)));
    return OptimalExecution(config, std::move(trader));
}

double OptimalExecution::mean_variance() const {
    return mean_at(config_, z_);
}

Result<void> OptimalExecution::set_factors(double y, double z) {
    if (!(std::isfinite(y) && y > 0.0)) return invalid_value("y", fmt::format("{}", y), "must be finite and > 0");
    if (!std::isfinite(z)) return invalid_value("z", fmt::format("{}", z), "must be finite");
    if (z != z_) {
        SLIPCAST_TRY(factors, factors_at(config_, z));
        SLIPCAST_CHECK(trader_.renew(mean_at(config_, z), factors));
    }
    y_ = y;
    z_ = z;
    return {};
}

Result<void> OptimalExecution::set_position(double position) {
    if (!std::isfinite(position)) {
        return invalid_value("position", fmt::format("{}", position), "must be finite");
    }
    position_ = position;
    return {};
}

Result<double> OptimalExecution::compute_target_exposure(double bias) const {
    const std::array<double, 1> signal = {bias};
    Situation situation;
    situation.time = time_;
    situation.position = position_;
    situation.signal = signal;
    situation.variance = y_;
    SLIPCAST_TRY(decision, trader_.decide(situation));
    return decision.aim;
}

Result<Decision> OptimalExecution::compute_trading_rate(double bias, double current_vol, double dt) {
    const std::array<double, 1> signal = {bias};
    Situation situation;
    situation.time = time_;
    situation.position = position_;
    situation.signal = signal;
    situation.variance = y_;
    situation.volatility = std::isnan(current_vol) ? y_ : current_vol;
    situation.step = dt;
    SLIPCAST_TRY(decision, trader_.decide(situation));
    bias_ = bias;
    last_ = decision;
    return decision;
}

Result<double> OptimalExecution::update_price_impact(double trading_rate, double dt) {
    const double before = cost(trading_rate, position_);
    Fill fill;
    fill.time = time_ + dt;
    fill.quantity = trading_rate * dt;
    fill.days = dt;
    SLIPCAST_CHECK(trader_.record(fill));
    total_cost_ += before * dt;
    position_ += fill.quantity;
    time_ = fill.time;
    return trader_.impact_level();
}

double OptimalExecution::cost(double trading_rate, double position) const {
    const Parameters& market = trader_.rule().parameters();
    return 0.5 * market.trading_cost * trading_rate * trading_rate -
           position * (market.impact * trading_rate - market.impact_decay * trader_.impact_level());
}

RecalibrationOutcome OptimalExecution::calibrate_from_slippage(const MeasuredSlippage& measured) {
    return trader_.recalibrate(time_, measured);
}

ExecutionSummary OptimalExecution::get_execution_summary() const {
    const FactorRule& rule = *trader_.factor_rule();
    ExecutionSummary summary;
    summary.config = config_;
    summary.coefficients = trader_.rule().coefficients();
    summary.gains = rule.gains(y_);
    summary.time = time_;
    summary.position = position_;
    summary.price_impact = trader_.impact_level();
    summary.lambda_impact = trader_.impact();
    summary.target_exposure = last_.aim;
    summary.trading_rate = last_.trade;
    summary.tracking_speed = last_.rate;
    summary.fast_correction =
        -config_.epsilon * config_.gamma * (y_ - mean_variance()) * position_ / (config_.chi_fast * config_.K);
    summary.slow_correction = rule.shift() / config_.K;
    summary.fast_factor = y_;
    summary.slow_factor = z_;
    summary.total_cost = total_cost_;
    summary.turnover = trader_.turnover(time_);
    summary.slippage_ratio = trader_.slippage_ratio();
    summary.last_recalibration = trader_.last_recalibration();
    summary.recalibrations = trader_.history();
    for (const GuardAction& action : last_.flags()) summary.guards.push_back(reason(action));
    return summary;
}

std::string OptimalExecution::save() const {
    detail::StateWriter writer(kHeading);
    writer.line("config");
    const ExecutionConfig& c = config_;
    for (const double value :
         {c.K, c.lambda_impact, c.beta_decay, c.gamma, c.rho, c.kappa, c.eta, c.epsilon, c.delta, c.chi_fast, c.mu_vol,
          c.theta, c.recalibrate_days, c.half_step_threshold, c.slow_volatility, c.slow_correlation}) {
        writer.number(value);
    }
    writer.whole(c.small_impact ? 1 : 0).whole(c.min_fills);
    writer.line("state").number(time_).number(position_).number(y_).number(z_).number(total_cost_).number(bias_);
    writer.line("last").number(last_.trade).number(last_.aim).number(last_.rate).number(last_.unguarded);
    writer.whole(static_cast<std::int64_t>(last_.acted));
    for (const GuardAction& action : last_.flags()) {
        writer.whole(static_cast<int>(action.guard)).number(action.before).number(action.after).number(action.limit);
    }
    return writer.text() + trader_.state();
}

Result<OptimalExecution> OptimalExecution::load(std::string_view text) {
    const std::size_t split = text.find("\nend\n");
    const std::string_view own = text.substr(0, split == std::string_view::npos ? text.size() : split + 5);
    detail::StateReader reader(own);
    reader.expect("slipcast.control.execution");
    reader.expect("1");
    reader.expect("config");
    ExecutionConfig c;
    for (double* value :
         {&c.K, &c.lambda_impact, &c.beta_decay, &c.gamma, &c.rho, &c.kappa, &c.eta, &c.epsilon, &c.delta, &c.chi_fast,
          &c.mu_vol, &c.theta, &c.recalibrate_days, &c.half_step_threshold, &c.slow_volatility, &c.slow_correlation}) {
        *value = reader.finite();
    }
    c.small_impact = reader.whole() != 0;
    c.min_fills = static_cast<int>(std::clamp<std::int64_t>(reader.whole(), 0, 1'000'000'000));
    reader.expect("state");
    std::array<double, 6> state{};
    for (double& value : state) value = reader.finite();
    reader.expect("last");
    Decision last;
    for (double* value : {&last.trade, &last.aim, &last.rate, &last.unguarded}) *value = reader.number();
    const std::int64_t acted = reader.whole();
    for (std::int64_t i = 0; i < acted && i < static_cast<std::int64_t>(kGuards) && !reader.failed(); ++i) {
        GuardAction& action = last.actions[last.acted];
        ++last.acted;
        action.guard = static_cast<Guard>(std::clamp<std::int64_t>(reader.whole(), 0, kGuards - 1));
        for (double* value : {&action.before, &action.after, &action.limit}) *value = reader.number();
    }
    SLIPCAST_CHECK(reader.done());
    SLIPCAST_TRY(options, trader_options(c));
    SLIPCAST_TRY(trader, Trader::restore(std::move(options), text.substr(own.size())));
    OptimalExecution made(c, std::move(trader));
    SLIPCAST_CHECK(made.set_factors(state[2], state[3]));
    made.time_ = state[0];
    made.position_ = state[1];
    made.total_cost_ = state[4];
    made.bias_ = state[5];
    made.last_ = last;
    return made;
}

}  // namespace slipcast::control
