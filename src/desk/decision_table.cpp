#include "decision_table.hpp"

#include <fmt/format.h>

#include <limits>
#include <numeric>
#include <string>

#include "order_story.hpp"

namespace slipcast::desk::detail {
namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

/// The allowed candidate with the next lowest score, or null.
const Candidate* runner_up(const Decision& decision) {
    const Candidate* next = nullptr;
    for (std::uint32_t i = 0; i < decision.candidates.size; ++i) {
        const Candidate& each = decision.candidates.values[i];
        if (i == decision.chosen || !each.is_allowed || !std::isfinite(each.score)) continue;
        if (next == nullptr || each.score < next->score) next = &each;
    }
    return next;
}

}  // namespace

void DecisionTable::add(const Context& context, const Decision& decision) {
    time_.push_back(decision.time);
    order_.add(std::to_string(decision.order));
    step_.push_back(static_cast<std::int64_t>(decision.step));
    kind_.add(kind_name(context.kind));
    action_.add(name(decision.action));
    reason_.add(text(decision.reason));
    side_.add(name(decision.side));
    quantity_.push_back(decision.quantity);
    lit_.push_back(decision.lit);
    const auto dark = decision.dark.values.begin();
    dark_.push_back(std::accumulate(dark, dark + decision.dark.size, std::int64_t{0}));
    price_.push_back(decision.price);
    interval_.push_back(static_cast<double>(decision.interval.count()) / 1e9);
    binding_.add(decision.binding == Guard::none ? std::string_view{} : name(decision.binding));
    stress_.push_back(decision.stress);
    bid_.push_back(context.bid);
    ask_.push_back(context.ask);
    filled_.push_back(context.filled);
    working_.push_back(context.working);
    const bool has_model = decision.model.digest != 0;
    model_.add(has_model ? fmt::format("{:016x}", decision.model.digest) : std::string{});
    updates_.push_back(decision.model.updates);
    field_.add(decision.field == ContextField::none ? std::string_view{} : name(decision.field));
    cancels_.push_back(decision.cancel_working ? 1 : 0);
    add_choice(decision);
    add_forecast(decision);
    add_ladder(decision);
}

void DecisionTable::add_choice(const Decision& decision) {
    const bool is_there = has_plan(decision);
    tactic_.add(is_there ? name(decision.tactic) : std::string_view{});
    participation_.push_back(is_there ? decision.participation : kMissing);
    rung_.add(is_there ? name(decision.ladder.rung) : std::string_view{});
    rung_reason_.add(is_there ? text(decision.ladder.reason) : std::string_view{});
    score_.push_back(is_there ? decision.candidates.values[decision.chosen].score : kMissing);
    const Candidate* next = runner_up(decision);
    runner_up_.add(next != nullptr ? name(next->tactic) : std::string_view{});
    runner_up_score_.push_back(next != nullptr ? next->score : kMissing);
}

void DecisionTable::add_forecast(const Decision& decision) {
    const bool is_there = has_plan(decision);
    const Forecast& forecast = decision.forecast;
    mean_.push_back(is_there ? forecast.mean : kMissing);
    p50_.push_back(is_there ? forecast.p50 : kMissing);
    p90_.push_back(is_there ? forecast.p90 : kMissing);
    p95_.push_back(is_there ? forecast.p95 : kMissing);
    p99_.push_back(is_there ? forecast.p99 : kMissing);
    epistemic_.push_back(is_there ? forecast.epistemic_sd : kMissing);
    aleatoric_.push_back(is_there ? forecast.aleatoric_sd : kMissing);
    miss_risk_.push_back(is_there ? decision.candidates.values[decision.chosen].miss_risk : kMissing);
}

void DecisionTable::add_ladder(const Decision& decision) {
    const bool is_there = has_plan(decision);
    const LadderInputs& read = decision.ladder.inputs;
    ladder_p95_.push_back(is_there ? read.p95_bps : kMissing);
    tier_median_.push_back(is_there ? read.tier_median_p95_bps : kMissing);
    ladder_epistemic_.push_back(is_there ? read.epistemic_sd_bps : kMissing);
    ladder_aleatoric_.push_back(is_there ? read.aleatoric_sd_bps : kMissing);
    observations_.push_back(is_there ? std::optional(read.symbol_observations) : std::nullopt);
    stressed_.push_back(is_there ? std::optional(read.is_stressed) : std::nullopt);
    portfolio_.add(is_there ? name(read.portfolio) : std::string_view{});
}

// The tail and the deviations are those of the candidate that would be chosen were nothing forbidden.
void DecisionTable::add_ladder_to(TableBuilder& table) const {
    const char* const wish = "of the choice were nothing forbidden, which the rung was read from";
    table
        .add(plain("ladder_p95_bps", std::string("0.95 quantile of the cost ") + wish, "bps", SignTag::cost),
             finite(ladder_p95_))
        .add(plain("tier_median_p95_bps", "that it was compared with", "bps"), finite(tier_median_))
        .add(plain("ladder_epistemic_sd_bps", std::string("epistemic deviation ") + wish, "bps"),
             finite(ladder_epistemic_))
        .add(plain("ladder_aleatoric_sd_bps", std::string("aleatoric deviation ") + wish, "bps"),
             finite(ladder_aleatoric_))
        .add(plain("symbol_observations", "finished orders of the symbol that the model learned from"),
             of(observations_, [](const auto& each) { return each; }))
        .add(plain("stressed", "the order's market was under stress"),
             of(stressed_, [](const auto& each) { return each; }))
        .add(plain("portfolio", "the portfolio's own state"), portfolio_.column());
}

void DecisionTable::add_to(TableBuilder& table) const {
    table.add(plain("time", "of the step", "ns"), time_)
        .add(plain("order", "key of the parent"), order_.column())
        .add(plain("step", "of this order, from 0"), step_)
        .add(plain("kind", "work or target"), kind_.column())
        .add(plain("action", "trade or wait"), action_.column())
        .add(plain("reason", "why the action is what it is"), reason_.column())
        .add(plain("tactic", "of the chosen candidate"), tactic_.column())
        .add(plain("side", "buy or sell"), side_.column())
        .add(plain("participation", "share of the market's volume that the choice aims at"), finite(participation_))
        .add(plain("quantity", "sent: lit and dark", "units"), quantity_)
        .add(plain("lit", "sent to the lit market", "units"), lit_)
        .add(plain("dark", "sent to dark venues", "units"), dark_)
        .add(plain("price", "limit of the children"), positive(price_))
        .add(plain("interval_s", "until the next step", "s"), finite(interval_))
        .add(plain("rung", "of the ladder; missing when the step did not come to choose"), rung_.column())
        .add(plain("rung_reason", "the first reason that led to the rung"), rung_reason_.column())
        .add(plain("binding", "the first guard that acted; missing when none did"), binding_.column())
        .add(plain("stress", "z(log volatility) + z(log spread) - z(log depth)"), finite(stress_));
}

void DecisionTable::add_forecast_to(TableBuilder& table) const {
    const auto cost = [&table](const char* name, const std::vector<double>& values, const char* meaning) {
        table.add(plain(name, meaning, "bps", SignTag::cost), finite(values));
    };
    cost("mean_bps", mean_, "expected cost of the chosen candidate");
    cost("p50_bps", p50_, "median of its cost");
    cost("p90_bps", p90_, "0.90 quantile of its cost");
    cost("p95_bps", p95_, "0.95 quantile of its cost");
    cost("p99_bps", p99_, "0.99 quantile of its cost");
    table.add(plain("epistemic_sd_bps", "what the model does not know of the expected cost", "bps"), finite(epistemic_))
        .add(plain("aleatoric_sd_bps", "what chance adds around it", "bps"), finite(aleatoric_))
        .add(plain("miss_risk", "chance to miss the deadline, as the choice weighed it"), finite(miss_risk_));
    cost("score_bps", score_, "mean + lambda x tail + eta x miss risk of the choice");
    table.add(plain("runner_up", "tactic of the allowed candidate with the next lowest score"), runner_up_.column());
    cost("runner_up_bps", runner_up_score_, "its score");
    table.add(plain("model", "digest of the model that spoke"), model_.column())
        .add(plain("model_updates", "costs and completions it had learned from"), updates_);
}

Table DecisionTable::table() const {
    TableBuilder table("desk_decisions", time_.size());
    add_to(table);
    add_forecast_to(table);
    table.add(plain("bid", "best bid of the step's market; missing when there was none"), positive(bid_))
        .add(plain("ask", "best ask"), positive(ask_))
        .add(plain("filled", "of the parent, before the step (work)", "units"), filled_)
        .add(plain("working", "sent and not ended, before the step; of a target net, buys positive", "units"), working_)
        .add(plain("field", "of the context that is outside its meaning; missing when none is"), field_.column())
        .add(plain("cancel_working", "all that works of the order is to be cancelled"),
             of(cancels_, [](char each) { return each != 0; }));
    add_ladder_to(table);
    return table.take();
}

}  // namespace slipcast::desk::detail
