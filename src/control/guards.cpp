#include "slipcast/control/guards.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace slipcast::control {
namespace {

constexpr double kUnbounded = std::numeric_limits<double>::infinity();

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

Settings GuardOptions::switches() {
    Settings all;
    all.flag("guard_denominator", denominator, "G1: hold when -M is below least_denominator")
        .flag("guard_aim", aim, "G2: the aim stays within position_limit")
        .flag("guard_half_step", half_step, "G3: half the rate when variance is high (against theory; seed)")
        .flag("guard_rate_cap", rate_cap, "G4: rate at most rate_cap_factor / trading_cost (seed)")
        .flag("guard_overshoot", overshoot, "G5: one step does not pass the aim")
        .flag("guard_turnover", turnover, "G6: a bound on what is traded in a window")
        .flag("guard_recalibration", recalibration, "G7: impact follows realized slippage")
        .flag("guard_slippage", slippage, "G8: half the rate while slippage is far above expected");
    return all;
}

Settings GuardOptions::thresholds() {
    const Settings::Range positive{.low = 0, .high = kUnbounded, .low_open = true, .high_open = true};
    const Settings::Range one_or_more{.low = 1, .high = kUnbounded, .high_open = true};
    Settings all;
    all.number("least_denominator", "", least_denominator, positive, "G1: least -M that is traded on", "seed")
        .number("position_limit", "positions", position_limit, positive, "G2: largest aim, either side", "seed")
        .number("half_step_threshold", "", half_step_threshold, positive, "G3: high is above this x the mean", "seed")
        .choice("half_step_measure", half_step_measure, {"variance", "volatility"}, "G3: what is compared")
        .number("rate_cap_factor", "", rate_cap_factor, positive, "G4: largest rate x trading cost", "seed")
        .number("turnover_limit", "position limits", turnover_limit, positive, "G6: most traded in a window", "seed")
        .number("turnover_window", "days", turnover_window, positive, "G6: length of the window")
        .number("recalibration_days", "days", recalibration_days, positive, "G7: least time between two", "seed")
        .integer("least_fills", "fills", least_fills, 1, 1'000'000'000, "G7, G8: fewer say nothing about slippage")
        .number("impact_span", "", impact_span, one_or_more, "G7: impact stays within this factor of the configured")
        .number("slippage_ratio", "", slippage_ratio, positive, "G8: far is above this, realized over expected");
    return all;
}

Result<void> GuardOptions::set_guards(const std::vector<std::string>& names) {
    const std::array<bool*, kGuards> switched = {nullptr,    &denominator, &aim,           &half_step, &rate_cap,
                                                 &overshoot, &turnover,    &recalibration, &slippage};
    for (bool* one : switched) {
        if (one != nullptr) *one = false;
    }
    for (const std::string& wanted : names) {
        std::size_t index = 1;
        while (index < kGuards && name(static_cast<Guard>(index)) != wanted) ++index;
        if (index == kGuards) {
            return invalid_value(
                "guards", wanted,
                "must be of denominator, aim, half_step, rate_cap, overshoot, turnover, recalibration, "
                "slippage");
        }
        *switched[index] = true;
    }
    return {};
}

Result<void> GuardOptions::validate() const {
    GuardOptions copy = *this;
    return copy.thresholds().validate();
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
