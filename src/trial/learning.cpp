#include "learning.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "desk_policy.hpp"
#include "slipcast/core/random.hpp"
#include "slipcast/math/sampling.hpp"
#include "slipcast/tca/measure.hpp"

namespace slipcast::trial {

namespace {

constexpr std::array kTactics{desk::Tactic::vwap_pace, desk::Tactic::passive, desk::Tactic::immediate};

double seconds_of(Duration duration) {
    return static_cast<double>(duration.count()) / 1e9;
}

/// Works each order to its end at the pace that is left, with the tactic that it was given: what the desk would do
/// were it to choose that tactic at every step.
class OneTactic final : public sim::Policy {
public:
    OneTactic(const market::Dataset& market, const std::vector<sim::Parent>& parents,
              const std::vector<desk::Tactic>& tactics, Duration interval)
        : market_(market), parents_(parents), tactics_(tactics), interval_(interval) {}

    Result<void> plan(const sim::PolicyView& view, sim::PolicyPlan& plan) override {
        const market::Order& order = parents_[view.parent].order;
        plan.next = interval_;
        if (view.bid <= Price{}) return {};
        const Duration left = *order.end_time - view.time;
        const double share = std::min(1.0, seconds_of(interval_) / seconds_of(left));
        const std::int64_t lot = std::max<std::int64_t>(1, market_.instrument(order.instrument).lot_size.units());
        const std::int64_t open = (order.quantity - view.filled).units();
        const auto lots = std::max<std::int64_t>(1, std::llround(static_cast<double>(open) * share) / lot);
        const desk::Tactic tactic = tactics_[view.parent];
        plan.children.push_back({.quantity = Quantity::from_units(std::min(open, lots * lot)),
                                 .limit = touch_for(tactic, order.side, view),
                                 .rests = tactic == desk::Tactic::passive});
        return {};
    }
    Result<void> ended(const sim::PolicyEnd&) override { return {}; }
    Result<void> finished(const sim::PolicyFinish&) override { return {}; }

private:
    const market::Dataset& market_;
    const std::vector<sim::Parent>& parents_;
    const std::vector<desk::Tactic>& tactics_;
    Duration interval_;
};

/// An immediate order ends when the participation cap lets it, so that its life is the one that it is planned for.
void shorten(sim::Parent& parent, double volume_rate, double cap) {
    const Timestamp start = parent.order.broker_arrival_time.value_or(*parent.order.arrival_time);
    const double seconds = static_cast<double>(parent.order.quantity.units()) / (cap * volume_rate);
    const Timestamp end =
        start + std::max<Duration>(Duration{static_cast<std::int64_t>(seconds * 1e9)}, std::chrono::seconds{1});
    parent.order.end_time = std::min(*parent.order.end_time, end);
}

cost::FitOptions fit_options() {
    cost::FitOptions fit;
    fit.mean.emplace_back("tactic");
    fit.scale.emplace_back("tactic");
    fit.completion.emplace_back("tactic");
    return fit;
}

/// Only what the fit reads, and as little else as a measurement allows.
tca::MeasureOptions measure_options() {
    tca::MeasureOptions measure;
    measure.markouts = {"1min"};
    measure.pwp_rates = {"0.10"};
    measure.resamples = 100;
    measure.sector_flow_window = Duration{};
    return measure;
}

/// The market up to the end of the learning days, with the history before them.
market::Dataset market_until(const market::Dataset& market, const Days& days) {
    std::vector<Date> dates;
    for (const market::Session& session : market.sessions.all()) {
        if (session.date <= days.learning.back()) dates.push_back(session.date);
    }
    return clipped_to(market, dates);
}

}  // namespace

Result<Learned> learn(const market::Dataset& market, const Days& days, const forecast::Forecaster& forecaster,
                      const TrialOptions& options, const Progress& progress) {
    market::Dataset part = with_sessions_of(market, days.learning);
    sim::ParentOptions drawing = options.parents;
    drawing.count = options.learning_orders;
    drawing.seed = RandomStream(options.parents.seed, "trial.learning").next_bits();
    SLIPCAST_TRY(drawn, sim::generate_parents(part, drawing, progress));
    std::vector<sim::Parent> parents;
    std::vector<desk::Tactic> tactics;
    for (std::size_t i = 0; i < drawn.size(); ++i) {
        market::Order& order = drawn[i].order;
        const Timestamp start = order.broker_arrival_time.value_or(*order.arrival_time);
        const auto volume = forecaster.window_volume(order.instrument, {start, *order.end_time});
        if (!volume || !(volume->median > 0.0)) continue;
        RandomStream stream(options.parents.seed, "trial.tactic", i);
        const desk::Tactic tactic = kTactics[static_cast<std::size_t>(math::draw_index(stream, kTactics.size()))];
        const double whole = order.quantity.to_double(part.instrument(order.instrument).value.quantity_decimals());
        const double rate =
            volume->median / seconds_of(*order.end_time - start) * static_cast<double>(order.quantity.units()) / whole;
        if (tactic == desk::Tactic::immediate) shorten(drawn[i], rate, options.desk.guards.participation);
        drawn[i].style = sim::Style::policy;
        order.tactic = part.names.labels.intern(name(tactic));
        order.algo = part.names.labels.intern("one_tactic");
        parents.push_back(std::move(drawn[i]));
        tactics.push_back(tactic);
    }
    market::Dataset until = market_until(market, days);
    until.names = part.names;
    OneTactic policy(market, parents, tactics, options.desk.sizing.interval);
    sim::ReplayOptions replay = options.replay;
    replay.policy = &policy;
    SLIPCAST_TRY(outcome, sim::replay_in_memory(std::move(until), parents, replay, progress));
    SLIPCAST_TRY(measured, tca::measure(outcome.dataset, measure_options(), progress));
    const Table* orders = measured.find("orders");
    SLIPCAST_TRY(model, cost::fit(*orders, fit_options(), progress));
    return Learned{*orders, std::move(model), static_cast<std::int64_t>(drawn.size() - parents.size())};
}

}  // namespace slipcast::trial
