#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "slipcast/control/exact.hpp"
#include "slipcast/control/simulate.hpp"
#include "slipcast/core/progress.hpp"
#include "slipcast/core/result.hpp"
#include "slipcast/core/settings.hpp"
#include "slipcast/core/table.hpp"

namespace slipcast::control {

/// The market in which rules are compared: a fast square_root factor that is the variance, and, for the slow tables, a
/// gaussian factor z with variance mean_variance e^(2z) that reverts to zero. The defaults are the published example of
/// arXiv:2507.17162, with the numbers that the example leaves open as in docs/explain/control.md: a study of a method,
/// not an estimate of any market.
struct StudyOptions {
    double trading_cost = 1.0;
    double impact = 0.1;
    double impact_decay = 0.1;
    double risk_aversion = 5.0;
    double discount = 0.2;
    double signal_decay = 1.0;
    double signal_variance = 1.0;
    double mean_variance = 0.2;
    double mean_reversion = 1.0;   ///< theta of the fast factor at speed one
    double vol_of_variance = 0.5;  ///< xi
    double time_scale = 0.1;       ///< epsilon of the paired paths
    double start_variance = 0.4;   ///< Y0 of the paired paths
    std::vector<std::string> time_scales{"0.0125", "0.025", "0.05", "0.1", "0.2", "0.4"};
    std::vector<std::string> slow_time_scales{"0.02", "0.05", "0.1", "0.2", "0.5"};
    double slow_volatility = 0.4;      ///< g
    double slow_correlation = -0.5;    ///< with the signal's shock
    double half_step_threshold = 1.2;  ///< of the mean variance
    /// Of the mean variance: what the plug-in rule takes a smaller variance for. Its loss depends on it.
    double plug_in_floor = 0.1;
    int nodes = 400;

    [[nodiscard]] Settings settings();
    [[nodiscard]] Result<void> validate() const;
    [[nodiscard]] Parameters parameters() const;  ///< at the mean variance
    [[nodiscard]] FactorModel fast(double epsilon) const;
    [[nodiscard]] FactorModel slow(double delta) const;
};

/// The linear rules that a study knows.
enum class StudyRule : std::uint8_t {
    constant,   ///< closed form at the mean variance: ignores the factor
    fast_one,   ///< with the correction of order epsilon
    fast_two,   ///< through epsilon squared
    plug_in,    ///< closed form at the present variance: the tempting shortcut
    half_step,  ///< fast_one with half the rate above the threshold, as the seed document has it
    exact
};
[[nodiscard]] const std::vector<StudyRule>& study_rules();
[[nodiscard]] std::string name(StudyRule rule);

/// A rule of the study at epsilon; `exact` is the policy of the same model. Refused where the correction has no
/// positive rate.
[[nodiscard]] Result<LinearRule> study_rule(StudyRule rule, const StudyOptions& options, double epsilon,
                                            const ExactPolicy& exact);

/// Loss of every rule against the exact policy over epsilon, in bps of value from a flat start, averaged over the
/// factor's invariant distribution; missing where the rule does not exist.
[[nodiscard]] Result<Table> fast_loss_table(const StudyOptions& options);
/// The same over delta of the slow factor, at z = 0: no correction, sqrt(delta), delta.
[[nodiscard]] Result<Table> slow_loss_table(const StudyOptions& options);
/// Rate and aim per unit of signal of every rule over the variance, with the closed loop's two speeds.
[[nodiscard]] Result<Table> states_table(const StudyOptions& options);

/// Paired paths from `start_variance`, beside exact prices over the same horizon.
struct PairedStudy {
    Simulation simulation;
    Table table;
};
[[nodiscard]] Result<PairedStudy> paired_study(const StudyOptions& options, const SimulationOptions& simulation,
                                               const Progress& progress = {});
/// What each guard costs: the rule with the epsilon correction, decided at every step and held over it, with one guard
/// on at its default and tightened, over the same paths; then the same decided once a day (gains over the unguarded
/// rule decided once a day), where overshoot matters. With the share of decisions that a guard changed, and exact
/// prices where the guarded rule stays linear. Guards on broken inputs (denominator) and on measured slippage
/// (recalibration, slippage) do not appear: fills on these paths cost what the model expects.
[[nodiscard]] Result<PairedStudy> guard_study(const StudyOptions& options, const SimulationOptions& simulation,
                                              const Progress& progress = {});

}  // namespace slipcast::control
