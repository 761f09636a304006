#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "slipcast/core/result.hpp"
#include "slipcast/core/settings.hpp"

namespace slipcast::control {

/// The guards around a rule, in the order in which they act.
enum class Guard : std::uint8_t {
    parameters,     ///< G0 invalid or unstable parameters are refused: `Parameters::validate`, always on
    denominator,    ///< G1 a speed that is not positive: hold
    aim,            ///< G2 the aim stays within the position limit
    half_step,      ///< G3 half the rate when variance is high
    rate_cap,       ///< G4 rate <= rate_cap_factor / trading_cost
    overshoot,      ///< G5 one step does not pass the aim
    turnover,       ///< G6 a bound on what is traded in a window
    recalibration,  ///< G7 impact follows realized slippage
    slippage,       ///< G8 half the rate while realized slippage is far above expected
};
inline constexpr std::size_t kGuards = 9;
[[nodiscard]] std::string_view name(Guard guard);

/// What the half-step guard compares with its mean.
enum class HalfStepMeasure : std::uint8_t { variance, volatility };

/// Each guard's switch and threshold. The defaults are the native mode; `seed` is the published preset.
struct GuardOptions {
    bool denominator = true;
    double least_denominator = 1e-6;  ///< of -M, in units of trading_cost per day
    bool aim = true;
    double position_limit = 1.0;
    bool half_step = false;  ///< against theory, the rate should rise with variance: on in the seed's preset only
    double half_step_threshold = 1.2;
    int half_step_measure = 0;  ///< index of HalfStepMeasure
    bool rate_cap = false;
    double rate_cap_factor = 2.0;
    bool overshoot = true;
    bool turnover = true;
    double turnover_limit = 2.0;   ///< of the position limit
    double turnover_window = 1.0;  ///< days
    bool recalibration = true;
    double recalibration_days = 7.0;
    int least_fills = 20;      ///< before slippage says anything: recalibration and slippage guard
    double impact_span = 8.0;  ///< impact stays within [1/span, span] of the configured one
    bool slippage = true;
    double slippage_ratio = 2.0;

    /// The seed's preset: half-step on volatilities and the rate cap on, everything else as above.
    [[nodiscard]] static GuardOptions seed();
    /// guard_NAME, one a guard that can be switched.
    [[nodiscard]] Settings switches();
    [[nodiscard]] Settings thresholds();
    /// Switches exactly the named guards on; an unknown name is refused.
    [[nodiscard]] Result<void> set_guards(const std::vector<std::string>& names);
    [[nodiscard]] Result<void> validate() const;
};

/// What a guard changed: the guarded quantity before and after it, and the limit that made it act.
struct GuardAction {
    Guard guard = Guard::parameters;
    double before = 0.0;
    double after = 0.0;
    double limit = 0.0;
};

/// A trading rate with the guards that changed it.
struct Decision {
    double trade = 0.0;      ///< u, positions per day; positive buys
    double aim = 0.0;        ///< position
    double rate = 0.0;       ///< 1/day: trade = rate (aim - position)
    double unguarded = 0.0;  ///< u of the rule alone; zero when the denominator guard acted
    std::array<GuardAction, kGuards> actions{};
    std::size_t acted = 0;

    /// The guards that changed something, in order.
    [[nodiscard]] std::span<const GuardAction> flags() const { return {actions.data(), acted}; }
    [[nodiscard]] bool is_flagged(Guard guard) const;
};

/// One sentence: what the guard did and why.
[[nodiscard]] std::string reason(const GuardAction& action);

/// A rule's answer before the guards. u = (pull - denominator position)/trading_cost.
struct Proposal {
    double position = 0.0;
    double pull = 0.0;         ///< N l + sum_j P_j x_j + R
    double denominator = 0.0;  ///< -M
    double trading_cost = 1.0;
    double step = 1.0;               ///< days over which the rate is held, > 0
    double half_step_value = 0.0;    ///< variance or volatility now ...
    double half_step_mean = 0.0;     ///< ... and its mean
    double turnover_room = 0.0;      ///< what may still be traded, >= 0
    double slippage_measured = 0.0;  ///< realized over expected; 0 while unknown
};

/// The guards G1 to G6 and G8 on a proposal, in that order. Deterministic, without allocation. After aim and overshoot
/// guards a position inside the limit stays inside, and one outside moves only inward.
[[nodiscard]] Decision guarded(const Proposal& proposal, const GuardOptions& options);

}  // namespace slipcast::control
