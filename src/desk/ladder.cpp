#include "slipcast/desk/ladder.hpp"

#include <algorithm>
#include <cmath>

namespace slipcast::desk {

std::string_view name(Rung rung) {
    switch (rung) {
        case Rung::green:
            return "GREEN";
        case Rung::amber:
            return "AMBER";
        case Rung::red:
            return "RED";
    }
    return "unknown";
}

std::string_view name(RungReason reason) {
    switch (reason) {
        case RungReason::normal:
            return "normal";
        case RungReason::amber_tail:
            return "amber_tail";
        case RungReason::red_tail:
            return "red_tail";
        case RungReason::epistemic:
            return "epistemic";
        case RungReason::cold_start:
            return "cold_start";
        case RungReason::stress:
            return "stress";
        case RungReason::portfolio:
            return "portfolio";
        case RungReason::no_forecast:
            return "no_forecast";
    }
    return "unknown";
}

std::string_view text(RungReason reason) {
    switch (reason) {
        case RungReason::normal:
            return "nothing speaks against normal trading";
        case RungReason::amber_tail:
            return "the predicted tail is well above what is usual for the tier";
        case RungReason::red_tail:
            return "the predicted tail is far above what is usual for the tier";
        case RungReason::epistemic:
            return "what the model does not know outweighs what chance adds";
        case RungReason::cold_start:
            return "the model has seen few orders of this symbol";
        case RungReason::stress:
            return "the market is under stress: volatile, wide or thin";
        case RungReason::portfolio:
            return "the portfolio's state is stricter";
        case RungReason::no_forecast:
            return "there is no confident forecast";
    }
    return "unknown";
}

LadderReading ladder(const LadderInputs& inputs, const LadderOptions& options) {
    LadderReading reading{.inputs = inputs};
    reading.is_cold = inputs.symbol_observations < options.least_observations;
    // An earlier reason keeps its place: only a stricter rung replaces it.
    const auto raise = [&reading](bool holds, Rung rung, RungReason reason) {
        if (holds && rung > reading.rung) {
            reading.rung = rung;
            reading.reason = reason;
        }
    };
    const double median = inputs.tier_median_p95_bps;
    const bool is_known = std::isfinite(inputs.p95_bps) && std::isfinite(inputs.epistemic_sd_bps) &&
                          std::isfinite(inputs.aleatoric_sd_bps) && std::isfinite(median) && median > 0.0;
    if (is_known) {
        raise(inputs.p95_bps > options.red_multiple * median, Rung::red, RungReason::red_tail);
        raise(inputs.epistemic_sd_bps > inputs.aleatoric_sd_bps, Rung::red, RungReason::epistemic);
        raise(inputs.p95_bps > options.amber_multiple * median, Rung::amber, RungReason::amber_tail);
    }
    raise(reading.is_cold, Rung::amber, RungReason::cold_start);
    raise(inputs.is_stressed, Rung::amber, RungReason::stress);
    raise(!is_known, Rung::amber, RungReason::no_forecast);
    raise(true, inputs.portfolio, RungReason::portfolio);
    return reading;
}

double stress_score(const StressInputs& inputs) {
    return inputs.volatility_z + inputs.spread_z - inputs.depth_z;
}

bool is_stressed(bool before, double score, const LadderOptions& options) {
    if (score > options.stress_enter) return true;
    if (score < options.stress_leave) return false;
    return before;
}

}  // namespace slipcast::desk
