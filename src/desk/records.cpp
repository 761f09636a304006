#include "slipcast/desk/records.hpp"

namespace slipcast::desk {

std::string_view name(Tactic tactic) {
    switch (tactic) {
        case Tactic::vwap_pace:
            return "vwap_pace";
        case Tactic::passive:
            return "passive";
        case Tactic::immediate:
            return "immediate";
        case Tactic::rule_rate:
            return "rule_rate";
    }
    return "unknown";
}

std::string_view name(Action action) {
    return action == Action::trade ? "trade" : "wait";
}

std::string_view name(OutcomeKind kind) {
    switch (kind) {
        case OutcomeKind::filled:
            return "filled";
        case OutcomeKind::rejected:
            return "rejected";
        case OutcomeKind::finished:
            return "finished";
    }
    return "unknown";
}

std::string_view name(Taken taken) {
    switch (taken) {
        case Taken::whole:
            return "whole";
        case Taken::not_learned:
            return "not_learned";
        case Taken::refused:
            return "refused";
    }
    return "unknown";
}

std::string_view name(ContextField field) {
    static constexpr std::array<std::string_view, kContextFields> kNames{
        "none",        "time",       "kind",          "side",       "quantity",       "filled",       "working",
        "lot",         "deadline",   "rule",          "position",   "position_units", "impact_level", "day_seconds",
        "signals",     "bid",        "ask",           "quote_time", "reference",      "limit_price",  "unit_value",
        "volume_rate", "own_volume", "market_volume", "inputs",
    };
    return kNames[static_cast<std::size_t>(field)];
}

std::string_view name(Reason reason) {
    switch (reason) {
        case Reason::best_score:
            return "best_score";
        case Reason::fallback:
            return "fallback";
        case Reason::guard:
            return "guard";
        case Reason::paused:
            return "paused";
        case Reason::all_working:
            return "all_working";
        case Reason::past_deadline:
            return "past_deadline";
        case Reason::at_target:
            return "at_target";
        case Reason::price_limit:
            return "price_limit";
        case Reason::no_room:
            return "no_room";
        case Reason::bad_context:
            return "bad_context";
        case Reason::reversing:
            return "reversing";
    }
    return "unknown";
}

std::string_view text(Reason reason) {
    switch (reason) {
        case Reason::best_score:
            return "the lowest expected cost with its tail and the risk to miss the deadline";
        case Reason::fallback:
            return "no confident forecast: the deterministic policy trades at the pace, capped";
        case Reason::guard:
            return "a guard acted";
        case Reason::paused:
            return "RED pauses";
        case Reason::all_working:
            return "all that is left is already working";
        case Reason::past_deadline:
            return "the deadline has passed";
        case Reason::at_target:
            return "the rule asks for less than one lot";
        case Reason::price_limit:
            return "the order's limit price does not allow the market's price";
        case Reason::no_room:
            return "more orders than the desk has room for";
        case Reason::bad_context:
            return "the context contradicts itself: nothing is sent";
        case Reason::reversing:
            return "children of the other side still work: they are cancelled first";
    }
    return "unknown";
}

}  // namespace slipcast::desk
