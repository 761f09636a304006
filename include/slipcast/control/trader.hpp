#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "slipcast/control/guards.hpp"
#include "slipcast/control/multiscale.hpp"
#include "slipcast/control/recalibration.hpp"
#include "slipcast/control/rule.hpp"

namespace slipcast::control {

/// Everything a trader is made from.
struct TraderOptions {
    Parameters market;
    std::optional<Factors> factors;  ///< without them variance does not move the gains
    GuardOptions guards;
    RecalibrationOptions recalibration;  ///< bounds of one recalibration
    double mean_volatility = kNotGiven;  ///< of the half-step guard on volatilities; not given: sqrt of mean variance
    std::optional<double> theta;         ///< trade by `solve_small_impact` with impact and its decay scaled by theta

    [[nodiscard]] Result<void> validate() const;
};

/// What is known when a trade is decided.
struct Situation {
    double time = 0.0;  ///< days since any origin; not before the last fill
    double position = 0.0;
    std::span<const double> signal;
    double variance = kNotGiven;      ///< now; read by the half-step guard, and by a fast factor that it is itself
    double factor = kNotGiven;        ///< where a fast factor of another kind stands; not given: at the variance
    double volatility = kNotGiven;    ///< read by the half-step guard on volatilities; not given: sqrt of variance
    double step = 1.0;                ///< days until the next decision, > 0
    double impact_level = kNotGiven;  ///< as tracked elsewhere; not given: the trader's own
};

/// What was traded: `quantity` evenly over the `days` before `time`.
struct Fill {
    double time = 0.0;
    double quantity = 0.0;  ///< signed, positions
    double days = 1.0;      ///< > 0
    double realized_slippage =
        kNotGiven;  ///< of one unit, daily volatilities, positive is bad; not given: not measured
};

/// One recalibration that was due.
struct RecalibrationRecord {
    double time = 0.0;
    double before = 0.0;  ///< impact
    double after = 0.0;
    double factor = 1.0;
    friend bool operator==(const RecalibrationRecord&, const RecalibrationRecord&) = default;
};

/// Slippage of fills since the last recalibration, both in one unit and weighted alike.
struct MeasuredSlippage {
    double realized = 0.0;
    double expected = 0.0;
    std::int64_t fills = 0;
};

/// What asking for a recalibration did, and why when it did nothing.
struct RecalibrationOutcome {
    std::optional<RecalibrationRecord> record;
    std::string reason;
};

/// A rule with guards and memory: the impact level, what was traded in the turnover window, slippage since the last
/// recalibration, and the impact in force. Deterministic: the state is a function of the options and the fills.
class Trader {
public:
    /// Refuses what `solve`, `FactorRule::make` and the options refuse (guard G0). Time starts at `start` [days].
    [[nodiscard]] static Result<Trader> make(TraderOptions options, double start = 0.0);

    /// The guarded trading rate now. Changes nothing and allocates nothing. Refuses numbers that are not finite, a step
    /// that is not > 0, a time before the last fill, and signals of another number than the market's (guard G0).
    [[nodiscard]] Result<Decision> decide(const Situation& situation) const;

    /// Takes up a fill: impact level dl = (lambda u - beta l) dt, exactly; turnover window; slippage. Refuses numbers
    /// that are not finite, days that are not > 0, and a time before the last fill.
    [[nodiscard]] Result<void> record(const Fill& fill);

    /// Guard G7: when recalibration_days have passed since the last and least_fills were measured, multiplies the
    /// impact by realized over expected slippage (clipped), solves every coefficient again and starts to measure anew.
    /// When the new impact has no stable rule, or is outside its span, it goes to the span's end or stays, and `reason`
    /// says so.
    [[nodiscard]] RecalibrationOutcome recalibrate(double time) {
        return recalibrate(time, {realized_, expected_, fills_});
    }
    /// The same from slippage measured elsewhere, e.g. by TCA.
    [[nodiscard]] RecalibrationOutcome recalibrate(double time, const MeasuredSlippage& measured);

    /// Solves again at another variance and with factors that have moved; part of the saved state.
    [[nodiscard]] Result<void> renew(double variance, const std::optional<Factors>& factors);

    [[nodiscard]] const TraderOptions& options() const { return options_; }
    [[nodiscard]] const Rule& rule() const { return rule_; }
    [[nodiscard]] const std::optional<FactorRule>& factor_rule() const { return factor_rule_; }
    /// lambda in force, recalibrated, before theta.
    [[nodiscard]] double impact() const { return impact_; }
    [[nodiscard]] double impact_level() const { return level_; }
    /// The level at `time` without further trades.
    [[nodiscard]] double impact_level(double time) const;
    /// Sum of |quantity| in the window that ends at `time`.
    [[nodiscard]] double turnover(double time) const;
    /// Realized over expected slippage since the last recalibration; 0 with fewer than least_fills or none expected.
    [[nodiscard]] double slippage_ratio() const;
    [[nodiscard]] std::int64_t fills() const { return fills_; }
    [[nodiscard]] double last_recalibration() const { return last_recalibration_; }
    [[nodiscard]] const std::vector<RecalibrationRecord>& history() const { return history_; }

    /// The state as text, renewed variance and factors included: every number in hexadecimal, so that it comes back bit
    /// for bit.
    [[nodiscard]] std::string state() const;
    /// A trader of the same options in a saved state. Refuses text that is not whole, of another version, or of other
    /// options (field "options").
    [[nodiscard]] static Result<Trader> restore(TraderOptions options, std::string_view state);

private:
    struct Traded {
        double time = 0.0;
        double quantity = 0.0;
    };

    Trader(TraderOptions options, Rule rule)
        : options_(std::move(options)),
          rule_(std::move(rule)),
          factors_(options_.factors),
          variance_(options_.market.variance),
          impact_(options_.market.impact) {}
    [[nodiscard]] static Result<Rule> solved(const Parameters& market, const std::optional<double>& theta);
    [[nodiscard]] Result<void> solve_again(double impact, double variance, const std::optional<Factors>& factors);
    [[nodiscard]] std::uint64_t options_digest() const;
    void forget(double time);

    TraderOptions options_;
    Rule rule_;
    std::optional<FactorRule> factor_rule_;
    std::optional<Factors> factors_;  ///< now; those of the options until renewed
    double variance_ = 0.0;           ///< now
    double impact_ = 0.0;
    double time_ = 0.0;
    double level_ = 0.0;
    double last_recalibration_ = 0.0;
    double realized_ = 0.0;  ///< sum of |quantity| x realized slippage
    double expected_ = 0.0;
    std::int64_t fills_ = 0;
    std::vector<Traded> window_;
    std::vector<RecalibrationRecord> history_;
};

}  // namespace slipcast::control
