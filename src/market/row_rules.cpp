#include "row_rules.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>

#include "slipcast/market/audit.hpp"

namespace slipcast::market::detail {

namespace {

// Sums of two quantities or prices stay inside 64 bits below these.
constexpr std::int64_t kMaxUnits = 1'000'000'000'000'000'000;
// One row's notional stays far enough inside Money that sums of many rows fit: 1e18 of the currency.
constexpr Int128 kMaxNotionalUnits = static_cast<Int128>(kMaxUnits) * kMaxUnits;

Error refuse(const char* field, std::string value, const char* rule, ErrorCode code = ErrorCode::invalid_value) {
    return Error{code, field, std::move(value), rule, {}};
}

BrokenRule quantity_rule(const char* field, Quantity quantity, const Instrument& instrument) {
    if (quantity > Quantity{} && quantity.units() <= kMaxUnits) return std::nullopt;
    const std::string value = quantity.to_string(instrument.value.quantity_decimals());
    if (quantity > Quantity{})
        return refuse(field, value, "must be at most 1e18 units of its scale", ErrorCode::out_of_range);
    return refuse(field, value, "must be > 0");
}

BrokenRule price_rule(const char* field, const std::optional<Price>& price, ContractKind kind) {
    if (!price) return std::nullopt;
    if (std::abs(price->to_double()) > 1e9) {
        return refuse(field, price->to_string(), "must be at most 1e9", ErrorCode::out_of_range);
    }
    if (*price > Price{} || kind == ContractKind::spread) return std::nullopt;
    return refuse(field, price->to_string(), "must be > 0");
}

BrokenRule fraction_rule(const char* field, const std::optional<double>& fraction, bool zero_allowed) {
    if (!fraction) return std::nullopt;
    if (*fraction <= 1.0 && (*fraction > 0.0 || (zero_allowed && *fraction == 0.0))) return std::nullopt;
    return refuse(field, fmt::format("{}", *fraction), zero_allowed ? "must be in [0, 1]" : "must be in (0, 1]");
}

BrokenRule times_rule(const Order& row) {
    struct Stage {
        const char* field;
        const std::optional<Timestamp>* time;
        const char* rule;
    };
    const std::array<Stage, 5> stages{{
        {"decision_time", &row.decision_time, ""},
        {"desk_arrival_time", &row.desk_arrival_time, "must not come before decision_time"},
        {"arrival_time", &row.arrival_time, "must not come before decision_time and desk_arrival_time"},
        {"broker_arrival_time", &row.broker_arrival_time, "must not come before the decision and earlier arrivals"},
        {"end_time", &row.end_time, "must not come before the decision and the arrivals"},
    }};
    std::optional<Timestamp> latest;
    for (const Stage& stage : stages) {
        if (!*stage.time) continue;
        if (latest && **stage.time < *latest) {
            return refuse(stage.field, (*stage.time)->to_string(), stage.rule, ErrorCode::inconsistent);
        }
        latest = *stage.time;
    }
    return std::nullopt;
}

BrokenRule first_of(std::initializer_list<BrokenRule> rules) {
    for (const BrokenRule& rule : rules) {
        if (rule) return rule;
    }
    return std::nullopt;
}

std::optional<Error> tick_remark(const char* field, const std::optional<Price>& price, const Instrument& instrument) {
    if (!price || price->units() % instrument.tick_size.units() == 0) return std::nullopt;
    return refuse(field, price->to_string(), "off the tick size");
}

std::optional<Error> lot_remark(Quantity quantity, const Instrument& instrument) {
    if (quantity.units() % instrument.lot_size.units() == 0) return std::nullopt;
    return refuse("quantity", quantity.to_string(instrument.value.quantity_decimals()), "off the round lot");
}

std::vector<Error> present(std::initializer_list<std::optional<Error>> found) {
    std::vector<Error> errors;
    for (const std::optional<Error>& error : found) {
        if (error) errors.push_back(*error);
    }
    return errors;
}

}  // namespace

BrokenRule broken_rule(const Instrument& row) {
    if (row.tick_size <= PriceMove{})
        return refuse("tick_size", Price::from_units(row.tick_size.units()).to_string(), "must be > 0");
    if (row.value.currency() == Currency{}) return refuse("currency", "", "must name a currency");
    if (auto broken = quantity_rule("lot_size", row.lot_size, row)) return broken;
    if (row.adv && !(std::isfinite(*row.adv) && *row.adv >= 0.0)) {
        return refuse("adv", fmt::format("{}", *row.adv), "must be >= 0 and finite");
    }
    if (row.daily_volatility) {
        const double volatility = row.daily_volatility->per_sqrt_day();
        if (!(std::isfinite(volatility) && volatility >= 0.0)) {
            return refuse("daily_volatility", fmt::format("{}", volatility * 1e4), "must be >= 0 and finite");
        }
    }
    return std::nullopt;
}

BrokenRule broken_rule(const Session& row) {
    if (row.close <= row.open) {
        return refuse("close", row.close.to_string(), "must come after open", ErrorCode::inconsistent);
    }
    if (row.opening_auction && *row.opening_auction > row.close) {
        return refuse("opening_auction", row.opening_auction->to_string(), "must not come after close",
                      ErrorCode::inconsistent);
    }
    if (row.closing_auction && *row.closing_auction < row.open) {
        return refuse("closing_auction", row.closing_auction->to_string(), "must not come before open",
                      ErrorCode::inconsistent);
    }
    // A market's own day differs from the UTC day by less than a day, and an evening session belongs to the next one.
    if (const Duration away = row.open - row.date.midnight_utc();
        away < -std::chrono::hours{48} || away > std::chrono::hours{48}) {
        return refuse("date", row.date.to_string(), "must be the market's calendar day of the session",
                      ErrorCode::inconsistent);
    }
    return std::nullopt;
}

BrokenRule broken_rule(const Order& row, const Instrument& instrument) {
    if (auto broken = first_of({quantity_rule("quantity", row.quantity, instrument),
                                price_rule("decision_price", row.decision_price, instrument.kind),
                                price_rule("limit_price", row.limit_price, instrument.kind), times_rule(row),
                                fraction_rule("min_completion", row.min_completion, true),
                                fraction_rule("max_participation", row.max_participation, false),
                                fraction_rule("assignment_probability", row.assignment_probability, false)})) {
        return broken;
    }
    if (row.alpha_half_life && *row.alpha_half_life <= Duration{}) {
        return refuse("alpha_half_life", to_string(*row.alpha_half_life), "must be > 0");
    }
    if (row.expected_alpha && !std::isfinite(row.expected_alpha->value())) {
        return refuse("expected_alpha", fmt::format("{}", row.expected_alpha->value()), "must be finite");
    }
    return std::nullopt;
}

BrokenRule broken_rule(const OrderEvent& row, const Instrument& instrument) {
    if (row.quantity) {
        if (auto broken = quantity_rule("quantity", *row.quantity, instrument)) return broken;
    }
    return price_rule("limit_price", row.limit_price, instrument.kind);
}

BrokenRule broken_rule(const Placement& row, const Instrument& instrument) {
    if (auto broken = first_of({quantity_rule("quantity", row.quantity, instrument),
                                price_rule("limit_price", row.limit_price, instrument.kind)})) {
        return broken;
    }
    const auto text = [&](Quantity quantity) { return quantity.to_string(instrument.value.quantity_decimals()); };
    if (row.done_time < row.sent_time) {
        return refuse("done_time", row.done_time.to_string(), "must not come before sent_time",
                      ErrorCode::inconsistent);
    }
    if (row.filled_quantity < Quantity{}) return refuse("filled_quantity", text(row.filled_quantity), "must be >= 0");
    if (row.filled_quantity > row.quantity) {
        return refuse("filled_quantity", text(row.filled_quantity), "must not exceed the quantity sent",
                      ErrorCode::inconsistent);
    }
    if (row.min_quantity && (*row.min_quantity <= Quantity{} || *row.min_quantity > row.quantity)) {
        return refuse("min_quantity", text(*row.min_quantity), "must be > 0 and not exceed the quantity sent");
    }
    if (row.cumulative_quantity && *row.cumulative_quantity < Quantity{}) {
        return refuse("cumulative_quantity", text(*row.cumulative_quantity), "must be >= 0");
    }
    return std::nullopt;
}

BrokenRule broken_rule(const Fill& row, const Instrument& instrument) {
    if (auto broken = first_of(
            {quantity_rule("quantity", row.quantity, instrument), price_rule("price", row.price, instrument.kind)})) {
        return broken;
    }
    Int128 notional = static_cast<Int128>(row.price.units()) * row.quantity.units();
    const bool overflows = __builtin_mul_overflow(notional, static_cast<Int128>(instrument.value.factor()), &notional);
    if (overflows || notional > kMaxNotionalUnits || notional < -kMaxNotionalUnits) {
        return refuse("quantity", row.quantity.to_string(instrument.value.quantity_decimals()),
                      "price x quantity must be at most 1e18 of the currency", ErrorCode::out_of_range);
    }
    if (row.fee.units() != 0 && row.fee.currency() != instrument.value.currency()) {
        return refuse("fee", row.fee.to_string() + " " + std::string(row.fee.currency().code()),
                      "must be in the instrument's currency", ErrorCode::inconsistent);
    }
    if (row.fee.units() > kMaxNotionalUnits || row.fee.units() < -kMaxNotionalUnits) {
        return refuse("fee", row.fee.to_string(), "must be at most 1e18 of the currency", ErrorCode::out_of_range);
    }
    return std::nullopt;
}

BrokenRule broken_rule(const FillEvent& row, const Instrument& instrument) {
    if (row.quantity && *row.quantity > Quantity{}) {
        if (auto broken = quantity_rule("quantity", *row.quantity, instrument)) return broken;
    }
    return price_rule("price", row.price, instrument.kind);
}

BrokenRule broken_rule(const MarketEvent& row) {
    if (row.instrument.is_none() && row.market.is_none()) {
        return refuse("symbol", "", "an event must name a symbol or a market", ErrorCode::missing_field);
    }
    if (row.window.end < row.window.begin) {
        return refuse("end", row.window.end.to_string(), "must not come before start", ErrorCode::inconsistent);
    }
    return std::nullopt;
}

BrokenRule broken_rule(const FxRate& row) {
    return price_rule("rate", row.rate, ContractKind::outright);
}

BrokenRule broken_rule(const CorporateAction& row) {
    if (row.kind == CorporateActionKind::symbol_change) {
        if (row.new_symbol.is_none()) {
            return refuse("new_symbol", "", "a symbol change must name the new symbol", ErrorCode::missing_field);
        }
        return std::nullopt;
    }
    return price_rule("ratio", row.ratio, ContractKind::outright);
}

std::vector<Error> remarks(const Order& row, const Instrument& instrument) {
    return present({tick_remark("limit_price", row.limit_price, instrument), lot_remark(row.quantity, instrument)});
}

std::vector<Error> remarks(const Placement& row, const Order& order, const Instrument& instrument) {
    std::vector<Error> found = present({tick_remark("limit_price", row.limit_price, instrument)});
    if (const auto begin = life_begin(order); begin && row.sent_time < *begin) {
        found.push_back(refuse("sent_time", row.sent_time.to_string(), "a placement sent before its order arrived",
                               ErrorCode::inconsistent));
    }
    if (order.cancel_time && row.sent_time > *order.cancel_time) {
        found.push_back(refuse("sent_time", row.sent_time.to_string(), "a placement sent after its order's cancel",
                               ErrorCode::inconsistent));
    }
    if (order.end_time && row.sent_time > *order.end_time) {
        found.push_back(refuse("sent_time", row.sent_time.to_string(), "a placement sent after its order's end",
                               ErrorCode::inconsistent));
    }
    return found;
}

std::vector<Error> remarks(const Fill& row, const Instrument& instrument) {
    return present({tick_remark("price", row.price, instrument)});
}

}  // namespace slipcast::market::detail
