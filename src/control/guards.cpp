#include "slipcast/control/guards.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace slipcast::control {
namespace {

constexpr double kHuge = 1e12;

void act(Decision& decision, const GuardAction& action) {
    decision.actions[decision.acted] = action;
    ++decision.acted;
}

void lower_rate(Decision& decision, Guard guard, double to, double limit) {
    act(decision, {guard, decision.rate, to, limit});
    decision.rate = to;
}

/// G3 to G5: the rate. Thresholds themselves pass.
void guard_rate(Decision& decision, const Proposal& proposal, const GuardOptions& options) {
    const double threshold = options.half_step_threshold * proposal.half_step_mean;
    if (options.half_step && proposal.half_step_value > threshold) {
        lower_rate(decision, Guard::half_step, 0.5 * decision.rate, threshold);
    }
    const double cap = options.rate_cap_factor / proposal.trading_cost;
    if (options.rate_cap && decision.rate > cap) lower_rate(decision, Guard::rate_cap, cap, cap);
    const double whole = 1.0 / proposal.step;
    if (options.overshoot && decision.rate > whole) lower_rate(decision, Guard::overshoot, whole, whole);
}

/// G6 and G8: the trade, and the rate that belongs to it.
void guard_trade(Decision& decision, const Proposal& proposal, const GuardOptions& options) {
    const double most = proposal.turnover_room / proposal.step;
    if (options.turnover && std::abs(decision.trade) > most) {
        const double cut = std::copysign(most, decision.trade);
        act(decision, {Guard::turnover, decision.trade, cut, proposal.turnover_room});
        decision.rate *= cut / decision.trade;
        decision.trade = cut;
    }
    if (options.slippage && proposal.slippage_measured > options.slippage_ratio) {
        act(decision, {Guard::slippage, decision.rate, 0.5 * decision.rate, options.slippage_ratio});
        decision.rate *= 0.5;
        decision.trade *= 0.5;
    }
}

}  // namespace

std::string_view name(Guard guard) {
    constexpr std::array<std::string_view, kGuards> kNames = {"parameters", "denominator",   "aim",
                                                              "half_step",  "rate_cap",      "overshoot",
                                                              "turnover",   "recalibration", "slippage"};
    return kNames[static_cast<std::size_t>(guard)];
}

GuardOptions GuardOptions::seed() {
    GuardOptions options;
    options.half_step = true;
    options.half_step_measure = static_cast<int>(HalfStepMeasure::volatility);
    options.rate_cap = true;
    return options;
}

Settings GuardOptions::settings() {
    const Settings::Range positive{.low = 0, .high = kHuge, .low_open = true};
    Settings all;
    all.flag("guard_denominator", denominator, "G1: hold when -M is below its least")
        .number("least_denominator", "", least_denominator, positive, "least -M that is traded on", "seed")
        .flag("guard_aim", aim, "G2: the aim stays within the position limit")
        .number("position_limit", "positions", position_limit, positive, "largest aim, either side", "seed")
        .flag("guard_half_step", half_step, "G3: half the rate when variance is high (against theory; seed)")
        .number("half_step_threshold", "", half_step_threshold, positive, "high is above this times the mean", "seed")
        .choice("half_step_measure", half_step_measure, {"variance", "volatility"}, "what is compared with its mean")
        .flag("guard_rate_cap", rate_cap, "G4: rate at most rate_cap_factor / trading_cost (seed)")
        .number("rate_cap_factor", "", rate_cap_factor, positive, "largest rate x trading cost", "seed")
        .flag("guard_overshoot", overshoot, "G5: one step does not pass the aim")
        .flag("guard_turnover", turnover, "G6: a bound on what is traded in a window")
        .number("turnover_limit", "position limits", turnover_limit, positive, "most traded in a window", "seed: 200 %")
        .number("turnover_window", "days", turnover_window, positive, "length of the window")
        .flag("guard_recalibration", recalibration, "G7: impact follows realized slippage")
        .number("recalibration_days", "days", recalibration_days, positive, "least time between two", "seed")
        .integer("least_fills", "fills", least_fills, 1, 1'000'000'000, "fewer say nothing about slippage")
        .number("impact_span", "", impact_span, {.low = 1, .high = kHuge},
                "impact stays within this factor of the configured")
        .flag("guard_slippage", slippage, "G8: half the rate while slippage is far above expected")
        .number("slippage_ratio", "", slippage_ratio, positive, "far is above this, realized over expected");
    return all;
}

Result<void> GuardOptions::validate() const {
    GuardOptions copy = *this;
    return copy.settings().validate();
}

bool Decision::is_flagged(Guard guard) const {
    return std::any_of(flags().begin(), flags().end(), [guard](const GuardAction& a) { return a.guard == guard; });
}

std::string reason(const GuardAction& action) {
    switch (action.guard) {
        case Guard::parameters:
            return fmt::format("parameters refused ({} against {})", action.before, action.limit);
        case Guard::denominator:
            return fmt::format("held: -M = {:.6g} is below {:.6g}", action.before, action.limit);
        case Guard::aim:
            return fmt::format("aim {:.6g} clipped to {:.6g}: limit {:.6g}", action.before, action.after, action.limit);
        case Guard::half_step:
            return fmt::format("rate halved to {:.6g}: variance or volatility above {:.6g}", action.after,
                               action.limit);
        case Guard::rate_cap:
            return fmt::format("rate {:.6g} capped at {:.6g}", action.before, action.limit);
        case Guard::overshoot:
            return fmt::format("rate {:.6g} cut to {:.6g}: one step would pass the aim", action.before, action.after);
        case Guard::turnover:
            return fmt::format("trade {:.6g} cut to {:.6g}: room for {:.6g} in the window", action.before, action.after,
                               action.limit);
        case Guard::recalibration:
            return fmt::format("impact {:.6g} recalibrated to {:.6g}", action.before, action.after);
        case Guard::slippage:
            return fmt::format("rate halved to {:.6g}: slippage above {:.6g} times the expected", action.after,
                               action.limit);
    }
    return {};
}

Decision guarded(const Proposal& proposal, const GuardOptions& options) {
    SLIPCAST_ASSERT(proposal.step > 0.0 && proposal.trading_cost > 0.0 && proposal.turnover_room >= 0.0,
                    "a proposal has a step, a cost and a room");
    Decision decision;
    const double D = proposal.denominator;
    if (options.denominator && !(D >= options.least_denominator)) {
        decision.aim = proposal.position;
        act(decision, {Guard::denominator, D, 0.0, options.least_denominator});
        return decision;
    }
    decision.aim = proposal.pull / D;
    decision.rate = D / proposal.trading_cost;
    decision.unguarded = (proposal.pull - D * proposal.position) / proposal.trading_cost;
    if (options.aim && std::abs(decision.aim) > options.position_limit) {
        const double clipped = std::copysign(options.position_limit, decision.aim);
        act(decision, {Guard::aim, decision.aim, clipped, options.position_limit});
        decision.aim = clipped;
    }
    guard_rate(decision, proposal, options);
    decision.trade = decision.rate * (decision.aim - proposal.position);
    guard_trade(decision, proposal, options);
    return decision;
}

}  // namespace slipcast::control
