#pragma once

#include <array>

#include "slipcast/desk/journal.hpp"
#include "slipcast/desk/records.hpp"

// One list of fields a record: encoding, decoding and the naming of a difference all walk it, so none can forget one.
// The order is the format: append at the end and raise kEncodingVersion.

namespace slipcast::desk::detail {

template <typename Visitor, typename Record>
void visit_stress(Visitor&& field, Record& r) {
    field("stress.volatility_z", r.volatility_z);
    field("stress.spread_z", r.spread_z);
    field("stress.depth_z", r.depth_z);
}

template <typename Visitor, typename Record>
void visit_context(Visitor&& field, Record& r) {
    field("time", r.time);
    field("order", r.order);
    field("kind", r.kind);
    field("side", r.side);
    field("quantity", r.quantity);
    field("filled", r.filled);
    field("working", r.working);
    field("lot", r.lot);
    field("deadline", r.deadline);
    field("rule", r.rule);
    field("position", r.position);
    field("position_units", r.position_units);
    field("impact_level", r.impact_level);
    field("day_seconds", r.day_seconds);
    field("signals", r.signals);
    field("bid", r.bid);
    field("ask", r.ask);
    field("quote_time", r.quote_time);
    field("reference", r.reference);
    field("limit_price", r.limit_price);
    field("unit_value", r.unit_value);
    field("volume_rate", r.volume_rate);
    field("own_volume", r.own_volume);
    field("market_volume", r.market_volume);
    visit_stress(field, r.stress);
    field("portfolio", r.portfolio);
    field("symbol_observations", r.symbol_observations);
    field("tier_median_p95_bps", r.tier_median_p95_bps);
    field("inputs", r.inputs);
}

template <typename Visitor, typename Record>
void visit_forecast(Visitor&& field, Record& r) {
    field("forecast.mean", r.mean);
    field("forecast.p50", r.p50);
    field("forecast.p90", r.p90);
    field("forecast.p95", r.p95);
    field("forecast.p99", r.p99);
    field("forecast.tail", r.tail);
    field("forecast.epistemic_sd", r.epistemic_sd);
    field("forecast.aleatoric_sd", r.aleatoric_sd);
    field("forecast.miss_risk", r.miss_risk);
}

template <typename Visitor, typename Record>
void visit_candidate(Visitor&& field, Record& r) {
    field("candidate.tactic", r.tactic);
    field("candidate.participation", r.participation);
    field("candidate.score", r.score);
    field("candidate.mean", r.mean);
    field("candidate.tail", r.tail);
    field("candidate.miss_risk", r.miss_risk);
    field("candidate.is_allowed", r.is_allowed);
}

template <typename Visitor, typename Record>
void visit_ladder_inputs(Visitor&& field, Record& r) {
    field("ladder.p95_bps", r.p95_bps);
    field("ladder.tier_median_p95_bps", r.tier_median_p95_bps);
    field("ladder.epistemic_sd_bps", r.epistemic_sd_bps);
    field("ladder.aleatoric_sd_bps", r.aleatoric_sd_bps);
    field("ladder.symbol_observations", r.symbol_observations);
    field("ladder.is_stressed", r.is_stressed);
    field("ladder.portfolio", r.portfolio);
}

struct GuardFields {
    const char *value, *limit, *is_passed, *acted;
};
inline constexpr std::array<GuardFields, kGuards> kGuardFields{{
    {"guard.kill_switch.value", "guard.kill_switch.limit", "guard.kill_switch.is_passed", "guard.kill_switch.acted"},
    {"guard.stale_data.value", "guard.stale_data.limit", "guard.stale_data.is_passed", "guard.stale_data.acted"},
    {"guard.no_market.value", "guard.no_market.limit", "guard.no_market.is_passed", "guard.no_market.acted"},
    {"guard.reject_storm.value", "guard.reject_storm.limit", "guard.reject_storm.is_passed",
     "guard.reject_storm.acted"},
    {"guard.message_rate.value", "guard.message_rate.limit", "guard.message_rate.is_passed",
     "guard.message_rate.acted"},
    {"guard.price_band.value", "guard.price_band.limit", "guard.price_band.is_passed", "guard.price_band.acted"},
    {"guard.participation.value", "guard.participation.limit", "guard.participation.is_passed",
     "guard.participation.acted"},
    {"guard.order_notional.value", "guard.order_notional.limit", "guard.order_notional.is_passed",
     "guard.order_notional.acted"},
    {"guard.day_notional.value", "guard.day_notional.limit", "guard.day_notional.is_passed",
     "guard.day_notional.acted"},
}};

template <typename Visitor, typename Record>
void visit_guard(Visitor&& field, Record& r, const GuardFields& names) {
    field(names.value, r.value);
    field(names.limit, r.limit);
    field(names.is_passed, r.is_passed);
    field(names.acted, r.acted);
}

template <typename Visitor, typename Record>
void visit_decision(Visitor&& field, Record& r) {
    field("time", r.time);
    field("order", r.order);
    field("step", r.step);
    field("action", r.action);
    field("reason", r.reason);
    field("tactic", r.tactic);
    field("side", r.side);
    field("participation", r.participation);
    field("quantity", r.quantity);
    field("lit", r.lit);
    field("dark", r.dark);
    field("price", r.price);
    field("interval", r.interval);
    field("ladder.rung", r.ladder.rung);
    field("ladder.reason", r.ladder.reason);
    field("ladder.is_cold", r.ladder.is_cold);
    field("binding", r.binding);
    for (std::size_t i = 0; i < kGuards; ++i) visit_guard(field, r.guards[i], kGuardFields[i]);
    visit_forecast(field, r.forecast);
    field("candidates", r.candidates);
    field("chosen", r.chosen);
    field("model.digest", r.model.digest);
    field("model.updates", r.model.updates);
    field("stress", r.stress);
    field("field", r.field);
    field("cancel_working", r.cancel_working);
    visit_ladder_inputs(field, r.ladder.inputs);
}

template <typename Visitor, typename Record>
void visit_outcome(Visitor&& field, Record& r) {
    field("time", r.time);
    field("order", r.order);
    field("kind", r.kind);
    field("venue", r.venue);
    field("sent", r.sent);
    field("filled", r.filled);
    field("cost_bps", r.cost_bps);
    field("weight", r.weight);
    field("is_complete", r.is_complete);
    field("is_discretionary", r.is_discretionary);
}

template <typename Visitor, typename Record>
void visit_score(Visitor&& field, Record& r) {
    field("score.model.digest", r.model.digest);
    field("score.model.updates", r.model.updates);
    field("score.crps", r.crps);
    field("score.pit", r.pit);
    field("score.is_covered", r.is_covered);
    field("score.card.count", r.card.count);
    field("score.card.crps", r.card.crps);
    field("score.card.coverage_90", r.card.coverage_90);
    field("score.card.mean_log_score", r.card.mean_log_score);
    field("score.card.pit", r.card.pit);
}

template <typename Visitor, typename Record>
void visit_lesson(Visitor&& field, Record& r) {
    field("taken", r.taken);
    field("scores", r.scores);
}

template <typename Visitor, typename Record>
void visit_command(Visitor&& field, Record& r) {
    field("time", r.time);
    field("kind", r.kind);
    field("argument", r.argument);
    field("request", r.request);
    field("asked", r.asked);
}

template <typename Visitor, typename Record>
void visit_begin(Visitor&& field, Record& r) {
    field("time", r.time);
    field("engine_version", r.engine_version);
    field("encoding_version", r.encoding_version);
    field("seed", r.seed);
    field("options_digest", r.options_digest);
    field("champion", r.champion);
    field("challenger", r.challenger);
    field("setup_digest", r.setup_digest);
    field("options", r.options);
}

}  // namespace slipcast::desk::detail
