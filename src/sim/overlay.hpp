#pragma once

#include <optional>
#include <vector>

#include "slipcast/core/price.hpp"
#include "slipcast/sim/impact.hpp"

namespace slipcast::sim {

/// The impact state in whole ticks of each instrument: what is added to every price that is shown.
class Overlay {
public:
    /// adv in whole units, ticks: both by instrument.
    Overlay(const ImpactOptions& options, std::vector<double> adv, std::vector<PriceMove> ticks);

    /// Own flow at `time`; it moves prices after `time`. Times ascend.
    void add(std::size_t source, double signed_quantity, Timestamp time);
    /// The session's first mid, before any shift.
    void set_reference(std::size_t target, Price mid);
    [[nodiscard]] bool reaches(std::size_t source, std::size_t target) const { return state_.reaches(source, target); }

    /// What is added to prices shown at `time`: the move from fills strictly before it, rounded to the nearest tick.
    /// Times ascend from call to call.
    [[nodiscard]] PriceMove shift(std::size_t target, Timestamp time);
    /// When to look at the shift again if no row comes before; Timestamp::max() when it cannot change. Decay alone is
    /// looked at no more often than every 1/20,000 of the shortest half-life.
    [[nodiscard]] Timestamp next_change(std::size_t target) const { return targets_[target].insert_at; }

private:
    struct Target {
        double reference_ticks = 0.0;
        PriceMove tick;
        PriceMove shift;
        Timestamp steady_until = Timestamp::max();  // shift holds for times before it
        Timestamp insert_at = Timestamp::max();     // after a fill at once, for decay at the resolution
    };
    struct Flow {
        std::size_t source = 0;
        double quantity = 0.0;
        Timestamp time;
    };
    void settle(Timestamp before);

    ImpactState state_;
    std::vector<Target> targets_;
    std::vector<Flow> pending_;
    Duration resolution_;
};

}  // namespace slipcast::sim
