#include "slipcast/cost/terms.hpp"

#include <algorithm>

#include "slipcast/core/assert.hpp"
#include "slipcast/core/table_builder.hpp"

namespace slipcast::cost {

namespace {

Source column(const char* name) {
    return {Reading::column, name, {}};
}
Source seconds(const char* from, const char* to) {
    return {Reading::seconds_between, from, to};
}

std::string source_text(const Source& source) {
    switch (source.reading) {
        case Reading::column:
            return source.first;
        case Reading::seconds_between:
            return source.second + " - " + source.first;
        case Reading::signed_by_side:
            return source.first + " x " + source.second;
    }
    SLIPCAST_ASSERT(false, "every way of reading has a text");
}

}  // namespace

std::string_view name(Formula formula) {
    constexpr std::string_view kNames[] = {"one",          "value",    "root",      "logarithm",  "product",
                                           "root_product", "is_below", "log_ratio", "root_ratio", "level"};
    return kNames[static_cast<std::size_t>(formula)];
}

const std::vector<InputDefinition>& declared_inputs() {
    using enum InputKind;
    static const std::vector<InputDefinition> kInputs{
        {"participation",
         number,
         "",
         "quantity over the volume expected in the order's life",
         {column("forecast_participation"), column("participation")}},
        {"spread",
         number,
         "bps",
         "quoted spread before the decision",
         {column("feature_spread_bps"), column("spread_bps"), column("spread")}},
        {"volatility",
         number,
         "bps",
         "volatility of a day expected at the decision",
         {column("forecast_volatility_bps"), column("volatility_bps"), column("volatility")}},
        {"recent_volatility",
         number,
         "bps",
         "realized volatility of the minutes before the decision",
         {column("feature_volatility_bps"), column("recent_volatility_bps"), column("recent_volatility")}},
        {"signed_imbalance",
         number,
         "",
         "side x (bid size - ask size) / their sum before the decision",
         {column("feature_imbalance"), column("signed_imbalance"), {Reading::signed_by_side, "imbalance", "side"}}},
        {"duration",
         number,
         "s",
         "planned life of the order",
         {column("planned_duration_s"), seconds("decision_time", "end_time"), seconds("arrival_time", "end_time"),
          column("duration_s")}},
        {"minutes_from_open",
         number,
         "min",
         "from the open to the decision",
         {column("feature_minutes_from_open"), column("minutes_from_open")}},
        {"minutes_to_close",
         number,
         "min",
         "from the decision to the close",
         {column("feature_minutes_to_close"), column("minutes_to_close")}},
        {"quantity", number, "units", "ordered quantity", {column("quantity")}},
        {"day_volume",
         number,
         "units",
         "volume of a day expected at the decision",
         {column("forecast_volume"), column("adv")}},
        {"depth",
         number,
         "units",
         "mean size of the two touches before the decision",
         {column("feature_depth"), column("depth")}},
        {"time_bucket",
         label,
         "",
         "half hours of the session gone at the decision",
         {column("feature_time_bucket"), column("time_bucket")}},
        {"event", label, "", "market events in force at the decision", {column("feature_event"), column("event")}},
    };
    return kInputs;
}

const std::vector<TermDefinition>& declared_terms() {
    using enum Formula;
    static const std::vector<TermDefinition> kTerms{
        {"participation", value, "participation", "", 0.0, "p", "linear impact"},
        {"sqrt_participation", root, "participation", "", 0.0, "sqrt(p)", "square-root impact"},
        {"log_participation", logarithm, "participation", "", 0.0, "ln(p)", "size on a log scale"},
        {"spread", value, "spread", "", 0.0, "spread", "what crossing costs"},
        {"log_spread", logarithm, "spread", "", 0.1, "ln(spread + 0.1)",
         "spread on a log scale; a locked quote is 0.1"},
        {"spread_x_participation", product, "spread", "participation", 0.0, "spread p",
         "liquidity paid for by larger orders"},
        {"volatility", value, "volatility", "", 0.0, "volatility", "risk while the order is worked"},
        {"volatility_x_participation", product, "volatility", "participation", 0.0, "volatility p",
         "impact that grows with volatility"},
        {"volatility_x_sqrt_participation", root_product, "volatility", "participation", 0.0, "volatility sqrt(p)",
         "the square-root law in basis points"},
        {"log_volatility", logarithm, "volatility", "", 0.0, "ln(volatility)", "volatility on a log scale"},
        {"log_recent_volatility", logarithm, "recent_volatility", "", 0.1, "ln(recent volatility + 0.1)",
         "how lively the market just was"},
        {"imbalance_x_side", value, "signed_imbalance", "", 0.0, "side x imbalance",
         "book pressure with (positive) or against the order"},
        {"log_duration", logarithm, "duration", "", 0.0, "ln(seconds)", "noise grows with the time it takes"},
        {"near_open", is_below, "minutes_from_open", "", 30.0, "first 30 min", "the open"},
        {"near_close", is_below, "minutes_to_close", "", 30.0, "last 30 min", "the close"},
        {"log_relative_size", log_ratio, "quantity", "day_volume", 0.0, "ln(quantity / day volume)",
         "share of a day's volume on a log scale"},
        {"sqrt_relative_size", root_ratio, "quantity", "day_volume", 0.0, "sqrt(quantity / day volume)",
         "square-root impact of the share of a day's volume"},
        {"log_depth_ratio", log_ratio, "quantity", "depth", 0.0, "ln(quantity / depth)",
         "how many times the quoted size"},
        {"time_bucket", level, "time_bucket", "", 0.0, "one column a half hour", "time of day"},
        {"event", level, "event", "", 0.0, "one column an event", "regime flags"},
    };
    return kTerms;
}

Table terms_table() {
    const auto describe = [](const std::string& input) {
        std::string text;
        for (const InputDefinition& each : declared_inputs()) {
            if (each.name != input) continue;
            for (const Source& source : each.sources) text += (text.empty() ? "" : ", else ") + source_text(source);
        }
        return text;
    };
    const std::vector<TermDefinition>& terms = declared_terms();
    const auto columns = [&](const TermDefinition& term) {
        return describe(term.first) + (term.second.empty() ? "" : "; " + describe(term.second));
    };
    return TableBuilder("cost_terms", terms.size())
        .add(plain("term", "name in mean, scale and completion"), of(terms, &TermDefinition::name))
        .add(plain("formula", "of its inputs"), of(terms, &TermDefinition::text))
        .add(plain("columns", "where the inputs are read, the first that a table has"), of(terms, columns))
        .add(plain("meaning", "what it stands for"), of(terms, &TermDefinition::meaning))
        .take();
}

}  // namespace slipcast::cost
