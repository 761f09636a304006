#pragma once

#include <cstdint>

#include "slipcast/core/result.hpp"
#include "slipcast/core/settings.hpp"
#include "slipcast/core/time.hpp"

namespace slipcast::desk {

/// What a limit does when it is passed: act, or only say that it would have.
enum class LimitMode : int { enforce, observe };

/// The choice between tactics: score = E[y] + tail_weight x quantile(tail_quantile) + miss_weight x P(not finished).
struct ObjectiveOptions {
    double tail_quantile = 0.95;
    double tail_weight = 0.5;   ///< lambda
    double miss_weight = 20.0;  ///< eta, bps
};

/// When the desk turns careful.
struct LadderOptions {
    double amber_multiple = 1.5;          ///< of the tier's median p95
    double red_multiple = 2.5;            ///< of the tier's median p95
    int least_observations = 30;          ///< N_min; below it a symbol is cold
    double cold_start_cap = 0.5;          ///< multiplies the participation cap of a cold symbol
    double cold_start_uncertainty = 1.5;  ///< multiplies tail_weight for a cold symbol
    double stress_enter = 2.0;            ///< stress begins above
    double stress_leave = 1.0;            ///< and ends below
};

/// How children are sized and spaced on each rung.
struct SizingOptions {
    Duration interval = std::chrono::seconds(30);  ///< between children on GREEN
    double amber_clip = 0.5;                       ///< of the GREEN child
    double red_clip = 0.25;
    double amber_patience = 1.5;  ///< of the GREEN interval
    double red_patience = 2.0;
    double green_randomness = 0.1;  ///< children and intervals vary by at most this share either way
    double amber_randomness = 0.2;
    double red_randomness = 0.4;
    bool red_pause = false;                ///< RED sends nothing
    double fallback_participation = 0.05;  ///< at most, without a confident forecast
    double least_dark_chance = 0.2;        ///< a lot goes dark where its believed chance to fill is above
    double dark_probe = 0.02;              ///< chance that a step sends one lot to a dark venue drawn at random
};

/// Limits outside the model. At a limit is allowed; above it binds.
struct GuardOptions {
    double participation = 0.2;  ///< own share of the market's volume in the guard window
    double price_band_bps = 100.0;
    double order_notional = 1e6;
    double day_notional = 1e8;
    int messages = 100;  ///< in the guard window
    int rejects = 5;     ///< in the guard window
    Duration window = std::chrono::minutes(1);
    Duration stale_after = std::chrono::seconds(5);
    int participation_mode = 0;  ///< indices of LimitMode
    int price_band_mode = 0;
    int order_notional_mode = 0;
    int day_notional_mode = 0;
    int messages_mode = 0;
    int rejects_mode = 0;
    int stale_mode = 0;
};

/// All that a desk is told. Every field is declared once, in settings().
struct DeskOptions {
    ObjectiveOptions objective;
    LadderOptions ladder;
    SizingOptions sizing;
    GuardOptions guards;
    int max_orders = 256;  ///< worked at one time
    std::uint64_t seed = 1;

    [[nodiscard]] Settings settings();
    /// Refuses a value outside its range; red_multiple below amber_multiple; stress_leave above stress_enter.
    [[nodiscard]] Result<void> validate() const;
    /// Of the canonical text of all settings.
    [[nodiscard]] std::uint64_t digest() const;
};

}  // namespace slipcast::desk
