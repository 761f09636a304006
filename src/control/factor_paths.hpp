#pragma once

#include <vector>

#include "slipcast/control/factors.hpp"
#include "slipcast/control/parameters.hpp"
#include "slipcast/core/random.hpp"

namespace slipcast::control::detail {

/// Signals and factors from one step to the next.
class FactorPaths {
public:
    FactorPaths(const Parameters& parameters, const FactorModel& model, double step);
    /// Draws the state a step later, in place.
    void advance(RandomStream& stream, std::vector<double>& signal, FactorState& factors) const;

private:
    /// One factor's transition over a step.
    struct Transition {
        FactorKind kind = FactorKind::gaussian;
        bool is_exact = true;
        double decay = 0.0;  ///< e^(-speed mean_reversion step)
        double mean = 0.0;
        double deviation = 0.0;   ///< gaussian: of the step's noise
        double degrees = 0.0;     ///< square_root, exact: of the chi-square
        double scale = 0.0;       ///< square_root, exact
        double half_decay = 0.0;  ///< square_root, split: over half a step
        double half_drift = 0.0;
        double kick = 0.0;            ///< square_root, split: volatility sqrt(speed step) / 2
        std::vector<double> loading;  ///< on the signals' normals
        double with_first = 0.0;      ///< on the first factor's own normal
        double own = 1.0;
    };
    static Transition transition(const Factor& factor, double step, bool exact);
    static double moved(const Transition& way, double now, double normal, RandomStream& stream);

    std::vector<double> decay_;
    std::vector<double> deviation_;
    Transition first_;
    Transition second_;
    bool has_second_ = false;
};

}  // namespace slipcast::control::detail
