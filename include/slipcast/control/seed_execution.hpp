#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "slipcast/control/trader.hpp"

namespace slipcast::control {

/// The seed's parameters under its names, with its defaults: an example, to be replaced by numbers of one's own market.
/// The lines after theta are what its formulas need and it does not name; they are off by default.
struct ExecutionConfig {
    double K = 1.0;
    double lambda_impact = 0.1;
    double beta_decay = 0.1;
    double gamma = 5.0;
    double rho = 0.2;
    double kappa = 1.0;
    double eta = 1.0;
    double epsilon = 0.1;
    double delta = 0.5;     ///< taken as delta itself, not its root
    double chi_fast = 1.0;  ///< speed of mean reversion of the fast factor
    double mu_vol = 0.2;    ///< mean of the fast factor y, which is a variance in every formula
    double theta = 0.1;     ///< in (0, 0.2); scales impact and decay when small_impact is on
    double recalibrate_days = 7.0;
    double half_step_threshold = 1.2;
    bool small_impact = false;      ///< trade by the expansion in theta instead of the exact solution
    double slow_volatility = 0.0;   ///< g of the slow factor z, with variance v(z) = mu_vol e^(2 z)
    double slow_correlation = 0.0;  ///< of z's shock with the signal's
    int min_fills = 20;             ///< before slippage recalibrates

    [[nodiscard]] Settings settings();
    [[nodiscard]] Result<void> validate() const;
};

/// What the seed calls its comprehensive output: configuration, state, rule, corrections, guards.
struct ExecutionSummary {
    ExecutionConfig config;
    Coefficients coefficients;
    Gains gains;
    double time = 0.0;  ///< days
    double position = 0.0;
    double price_impact = 0.0;   ///< l
    double lambda_impact = 0.0;  ///< in force, after recalibrations
    double target_exposure = 0.0;
    double trading_rate = 0.0;     ///< u of the last decision
    double tracking_speed = 0.0;   ///< rate of the last decision, 1/day
    double fast_correction = 0.0;  ///< -epsilon gamma (y - mu) q/(chi_fast K), positions per day
    double slow_correction = 0.0;  ///< sqrt(delta)(Bq + lambda Bl)/K
    double fast_factor = 0.0;      ///< y
    double slow_factor = 0.0;      ///< z
    double total_cost = 0.0;       ///< sum of cost x days
    double turnover = 0.0;         ///< in the window
    double slippage_ratio = 0.0;
    double last_recalibration = 0.0;
    std::vector<RecalibrationRecord> recalibrations;
    std::vector<std::string> guards;  ///< what acted on the last decision, one sentence each
};

/// The seed's execution engine: its parameters, methods and guards (`GuardOptions::seed`) over the exact rule. Where
/// the seed's text or public code contradicts the model, the model wins; docs/how-to/choose-a-trading-rate.md lists
/// every such place.
class OptimalExecution {
public:
    [[nodiscard]] static Result<OptimalExecution> make(const ExecutionConfig& config);

    [[nodiscard]] const ExecutionConfig& config() const { return config_; }
    [[nodiscard]] const Trader& trader() const { return trader_; }
    [[nodiscard]] double position() const { return position_; }
    [[nodiscard]] double price_impact() const { return trader_.impact_level(); }
    [[nodiscard]] double fast_factor() const { return y_; }
    [[nodiscard]] double slow_factor() const { return z_; }

    /// Moves the volatility factors: y > 0 a variance with mean v(z), z of the slow factor.
    [[nodiscard]] Result<void> set_factors(double y, double z);
    [[nodiscard]] Result<void> set_position(double position);

    /// x*: where the position should be for `bias` at the present impact level and factors, within [-1, 1].
    [[nodiscard]] Result<double> compute_target_exposure(double bias) const;
    /// u with all guards, for one step of dt days. `current_vol` is compared with half_step_threshold x mu_vol and
    /// nothing else, as in the seed; not given: y.
    [[nodiscard]] Result<Decision> compute_trading_rate(double bias, double current_vol = kNotGiven, double dt = 1.0);
    /// Trades at `trading_rate` for dt days: moves position, impact level (exactly), time and cost. Returns l.
    [[nodiscard]] Result<double> update_price_impact(double trading_rate, double dt);
    /// Cost per day of trading at `trading_rate` while holding `position`: K u^2/2 - q (lambda u - beta l). The seed
    /// adds lambda q u; that part is what a holder gains, and the decay of the impact is what he loses.
    [[nodiscard]] double cost(double trading_rate, double position) const;
    /// Guard G7 with slippage of `fills` fills.
    [[nodiscard]] RecalibrationOutcome calibrate_from_slippage(const MeasuredSlippage& measured);
    [[nodiscard]] ExecutionSummary get_execution_summary() const;

    /// Configuration and state as text, bit for bit.
    [[nodiscard]] std::string save() const;
    [[nodiscard]] static Result<OptimalExecution> load(std::string_view text);

private:
    OptimalExecution(const ExecutionConfig& config, Trader trader)
        : config_(config), trader_(std::move(trader)), y_(config.mu_vol) {}
    [[nodiscard]] double mean_variance() const;

    ExecutionConfig config_;
    Trader trader_;
    double time_ = 0.0;
    double position_ = 0.0;
    double y_ = 0.0;
    double z_ = 0.0;
    double total_cost_ = 0.0;
    double bias_ = 0.0;
    Decision last_;
};

}  // namespace slipcast::control
