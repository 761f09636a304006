#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "slipcast/core/clock.hpp"
#include "slipcast/desk/replay.hpp"
#include "slipcast/sim/parents.hpp"
#include "slipcast/sim/policy.hpp"
#include "surroundings.hpp"

namespace slipcast::trial {

/// The desk where a replay asks for a plan: the replay's views become contexts, decisions become children, and what
/// becomes of them outcomes. Everything that the desk is told goes through its journal.
class DeskPolicy final : public sim::Policy {
public:
    /// All of them outlive the policy. `clock` is put to the time of each call.
    DeskPolicy(desk::JournaledDesk& desk, SimulatedClock& clock, const market::Dataset& market,
               const Forecasts& forecasts, const Surroundings& surroundings, const std::vector<sim::Parent>& parents)
        : desk_(desk),
          clock_(clock),
          market_(market),
          forecasts_(forecasts),
          surroundings_(surroundings),
          parents_(parents),
          states_(parents.size()) {}

    [[nodiscard]] Duration window() const override { return desk_.desk().options().guards.window; }
    Result<void> plan(const sim::PolicyView& view, sim::PolicyPlan& plan) override;
    Result<void> ended(const sim::PolicyEnd& end) override;
    Result<void> finished(const sim::PolicyFinish& finish) override;

private:
    struct State {
        bool has_begun = false;
        bool is_open = false;  ///< the desk has a place for it
        Price reference;       ///< mid when the desk first saw a market
        double volatility_bps = 0.0;
    };
    [[nodiscard]] desk::Context context_of(const sim::PolicyView& view, State& state) const;

    desk::JournaledDesk& desk_;
    SimulatedClock& clock_;
    const market::Dataset& market_;
    const Forecasts& forecasts_;
    const Surroundings& surroundings_;
    const std::vector<sim::Parent>& parents_;
    std::vector<State> states_;
    std::map<InstrumentId, std::int64_t> finished_orders_;
};

}  // namespace slipcast::trial
