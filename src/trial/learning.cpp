#include "learning.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <optional>

#include "desk_policy.hpp"
#include "slipcast/core/random.hpp"
#include "slipcast/core/table_builder.hpp"
#include "slipcast/math/sampling.hpp"

namespace slipcast::trial {

namespace {

constexpr std::array kTactics{desk::Tactic::vwap_pace, desk::Tactic::passive, desk::Tactic::immediate};

/// Works each order with the tactic that it was given: at the pace that is left, or immediate at the participation cap,
/// as the desk would were it to choose that tactic at every step.
class OneTactic final : public sim::Policy {
public:
    OneTactic(const market::Dataset& market, const Forecasts& forecasts, const std::vector<sim::Parent>& parents,
              const std::vector<desk::Tactic>& tactics, const desk::DeskOptions& options)
        : market_(market),
          forecasts_(forecasts),
          parents_(parents),
          tactics_(tactics),
          options_(options),
          looks_(parents.size()) {}

    Result<void> plan(const sim::PolicyView& view, sim::PolicyPlan& plan) override {
        const market::Order& order = parents_[view.parent].order;
        plan.next = options_.sizing.interval;
        if (view.bid <= Price{}) return {};
        const double left_s = seconds_of(*order.end_time - view.time);
        const auto rate = forecasts_.volume_rate(order.instrument, view.time, *order.end_time);
        if (!rate) return {};
        if (!looks_[view.parent]) {
            looks_[view.parent] =
                FirstLook{order.instrument, static_cast<double>(order.quantity.units()), left_s, *rate,
                          seen(order.side, view, forecasts_.volatility_bps(order.instrument, view.time))};
        }
        const desk::Tactic tactic = tactics_[view.parent];
        const double interval_s = std::min(seconds_of(options_.sizing.interval), left_s);
        const std::int64_t open = (order.quantity - view.filled).units();
        const double most = desk::allowed_participation(options_.guards) * *rate * interval_s;
        const double pace = static_cast<double>(open) * interval_s / left_s;
        const double units = tactic == desk::Tactic::immediate ? most : std::min(pace, most);
        const std::int64_t lot = std::max<std::int64_t>(1, market_.instrument(order.instrument).lot_size.units());
        const std::int64_t lots = std::max<std::int64_t>(1, std::llround(std::min(units, 9e15)) / lot);
        const std::int64_t quantity = open - lots * lot < lot ? open : lots * lot;
        plan.children.push_back({.quantity = Quantity::from_units(quantity),
                                 .limit = desk::touch_of(tactic, order.side, view.bid, view.ask),
                                 .rests = tactic == desk::Tactic::passive});
        return {};
    }
    Result<void> ended(const sim::PolicyEnd&) override { return {}; }
    Result<void> finished(const sim::PolicyFinish&) override { return {}; }
    [[nodiscard]] const std::vector<std::optional<FirstLook>>& looks() const { return looks_; }

private:
    const market::Dataset& market_;
    const Forecasts& forecasts_;
    const std::vector<sim::Parent>& parents_;
    const std::vector<desk::Tactic>& tactics_;
    const desk::DeskOptions& options_;
    std::vector<std::optional<FirstLook>> looks_;
};

/// Columns of inputs under the names that the model reads them by.
struct InputColumns {
    std::vector<double> participation, duration, spread, volatility, imbalance;

    void add(const std::optional<FirstLook>& look, desk::Tactic tactic, double cap) {
        constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
        const FirstLook none{{}, kUnknown, kUnknown, kUnknown, {kUnknown, kUnknown, kUnknown}};
        const FirstLook& at = look ? *look : none;
        const double pace = at.quantity / (at.horizon_s * at.volume_rate);
        const double share = tactic == desk::Tactic::immediate ? cap : std::min(pace, cap);
        participation.push_back(look ? share : kUnknown);
        duration.push_back(std::min(at.horizon_s, at.quantity / (share * at.volume_rate)));
        spread.push_back(at.seen.spread_bps);
        volatility.push_back(at.seen.volatility_bps);
        imbalance.push_back(at.seen.signed_imbalance);
    }
};

/// The measured orders, their features replaced by what the desk saw.
Table as_seen(const Table& measured, InputColumns inputs) {
    TableBuilder table("trial_learning", measured.rows());
    constexpr std::array kReplaced{"forecast_participation", "feature_spread_bps", "forecast_volatility_bps",
                                   "feature_imbalance"};
    for (const Column& column : measured.columns()) {
        if (std::find(kReplaced.begin(), kReplaced.end(), column.meta.name) == kReplaced.end()) table.add(column);
    }
    return table
        .add(plain("forecast_participation", "of the volume, at the tactic's own speed"),
             finite(std::move(inputs.participation)))
        .add(plain("planned_duration_s", "life at that speed, at most until the order's end", "s"),
             finite(std::move(inputs.duration)))
        .add(plain("feature_spread_bps", "quoted spread at the first look", "bps"), finite(std::move(inputs.spread)))
        .add(plain("forecast_volatility_bps", "forecast daily volatility then", "bps"),
             finite(std::move(inputs.volatility)))
        .add(plain("feature_imbalance", "side x (bid size - ask size) / their sum then"),
             finite(std::move(inputs.imbalance)))
        .take();
}

/// Fits; a term that these orders do not identify is left out, and said.
Result<cost::Model> fitted(const Table& orders, std::vector<std::string>& left_out, const Progress& progress) {
    cost::FitOptions fit;
    for (std::vector<std::string>* terms : {&fit.mean, &fit.scale, &fit.completion}) terms->emplace_back("tactic");
    while (true) {
        auto model = cost::fit(orders, fit, progress);
        if (model || model.error().code != ErrorCode::not_identified) return model;
        const Error& error = model.error();
        std::vector<std::string>& terms = error.field == "scale"        ? fit.scale
                                          : error.field == "completion" ? fit.completion
                                                                        : fit.mean;
        if (std::erase(terms, error.value) == 0) return model;
        left_out.push_back(fmt::format("{} {}: {}", error.field, error.value, error.rule));
    }
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

tca::MeasureOptions measure_options() {
    tca::MeasureOptions measure;
    measure.markouts = {"1min"};
    measure.pwp_rates = {"0.10"};
    measure.resamples = 100;
    measure.sector_flow_window = Duration{};
    return measure;
}

Result<Learned> learn(const market::Dataset& market, const Days& days, const Forecasts& forecasts,
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
        if (!forecasts.volume_rate(order.instrument, *order.arrival_time, *order.end_time)) continue;
        RandomStream stream(options.parents.seed, "trial.tactic", i);
        tactics.push_back(kTactics[static_cast<std::size_t>(math::draw_index(stream, kTactics.size()))]);
        drawn[i].style = sim::Style::policy;
        order.tactic = part.names.labels.intern(name(tactics.back()));
        order.algo = part.names.labels.intern("one_tactic");
        parents.push_back(drawn[i]);
    }
    market::Dataset until = market_until(market, days);
    until.names = part.names;
    OneTactic policy(market, forecasts, parents, tactics, options.desk);
    sim::ReplayOptions replay = options.replay;
    replay.policy = &policy;
    SLIPCAST_TRY(outcome, sim::replay_in_memory(std::move(until), parents, replay, progress));
    SLIPCAST_TRY(measured, tca::measure(outcome.dataset, measure_options(), progress));

    std::map<OrderId, std::size_t> parent_of;
    for (std::size_t i = 0; i < parents.size(); ++i) parent_of[parents[i].order.id] = i;
    InputColumns inputs;
    std::vector<FirstLook> looks;
    for (const market::Order& order : outcome.dataset.orders) {
        const std::size_t i = parent_of.at(order.id);
        inputs.add(policy.looks()[i], tactics[i], desk::allowed_participation(options.desk.guards));
        if (policy.looks()[i]) looks.push_back(*policy.looks()[i]);
    }
    std::vector<std::string> left_out;
    Table orders = as_seen(*measured.find("orders"), std::move(inputs));
    SLIPCAST_TRY(model, fitted(orders, left_out, progress));
    return Learned{std::move(looks), std::move(model), std::move(orders),
                   static_cast<std::int64_t>(drawn.size() - parents.size()), std::move(left_out)};
}

}  // namespace slipcast::trial
