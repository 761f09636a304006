#pragma once

#include <cstdint>
#include <string_view>

#include "slipcast/core/result.hpp"
#include "slipcast/desk/options.hpp"

namespace slipcast::desk {

/// How careful the desk is. A later rung is stricter.
enum class Rung : std::uint8_t { green, amber, red };
[[nodiscard]] std::string_view name(Rung rung);

/// Why a rung was taken: the first of these that led to it.
enum class RungReason : std::uint8_t {
    normal,       ///< nothing speaks against normal trading
    amber_tail,   ///< the predicted tail is above amber_multiple of the tier's median
    red_tail,     ///< the predicted tail is above red_multiple of the tier's median
    epistemic,    ///< what the model does not know is more than what chance adds
    cold_start,   ///< fewer than least_observations of the symbol: caps are tighter, at least AMBER
    stress,       ///< volatility and spread are high and depth is low: at least AMBER
    portfolio,    ///< the portfolio's state is stricter
    no_forecast,  ///< no confident forecast: at least AMBER, and the fallback policy trades
};
[[nodiscard]] std::string_view name(RungReason reason);
/// One sentence.
[[nodiscard]] std::string_view text(RungReason reason);

/// What the ladder looks at.
struct LadderInputs {
    double p95_bps = 0.0;              ///< of the predictive distribution; NaN = no forecast
    double tier_median_p95_bps = 0.0;  ///< of the symbol's liquidity tier; > 0, else unknown = no forecast
    double epistemic_sd_bps = 0.0;
    double aleatoric_sd_bps = 0.0;
    std::int64_t symbol_observations = 0;
    bool is_stressed = false;
    Rung portfolio = Rung::green;  ///< of the portfolio's own guard
    friend bool operator==(const LadderInputs&, const LadderInputs&) = default;
};

/// The rung with all that led to it: ladder(inputs, options) gives the same reading again.
struct LadderReading {
    Rung rung = Rung::green;
    RungReason reason = RungReason::normal;
    bool is_cold = false;
    LadderInputs inputs = {};
    friend bool operator==(const LadderReading&, const LadderReading&) = default;
};

/// The rung: RED when p95 > red_multiple x median or epistemic_sd > aleatoric_sd; AMBER when p95 > amber_multiple x
/// median, the symbol is cold, there is stress or no forecast; combined with the portfolio's state by the stricter. Of
/// several reasons for one rung the first above is given. Allocates nothing.
/// Source: hierarchical-slippage playbook, parts 3.3 and 6; cross-impact playbook, part 6.
[[nodiscard]] LadderReading ladder(const LadderInputs& inputs, const LadderOptions& options);

/// Today's market against its last days, as standard scores.
struct StressInputs {
    double volatility_z = 0.0;  ///< of log volatility over 20 days
    double spread_z = 0.0;      ///< of log spread
    double depth_z = 0.0;       ///< of log depth
    friend bool operator==(const StressInputs&, const StressInputs&) = default;
};
/// volatility_z + spread_z - depth_z; NaN when one is missing.
[[nodiscard]] double stress_score(const StressInputs& inputs);
/// Stress begins above stress_enter and ends below stress_leave; between them, and with a score that is NaN, it stays.
[[nodiscard]] bool is_stressed(bool before, double score, const LadderOptions& options);

}  // namespace slipcast::desk
