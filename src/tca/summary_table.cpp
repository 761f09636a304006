#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "aggregates.hpp"
#include "filters.hpp"
#include "outliers.hpp"
#include "slipcast/core/table_builder.hpp"
#include "tables.hpp"

namespace slipcast::tca::detail {

namespace {

/// One headline metric, before it is a row.
struct Headline {
    const char* metric;
    const char* label;
    const char* unit;
    SignTag sign;
    const char* weighting;
    double scale;  ///< of the ratio: 1e4 for bps
    RatioOf ratio;
    std::string note;
};

/// One row of the table.
struct Line {
    std::string metric, label, unit;
    SignTag sign = SignTag::none;
    std::string weighting, note;
    std::optional<double> value, low, high;
    std::int64_t count = 0;
    std::optional<std::int64_t> blocks;
    std::optional<double> effective_blocks;
    std::string block_kind;
};

std::vector<Headline> headlines(const OrderTerms& terms) {
    constexpr auto kCost = SignTag::cost;
    const auto against = [&](const char* metric, const char* label, Benchmark benchmark) {
        return Headline{metric, label, "bps", kCost, "ratio_of_sums", 1e4, terms.slippage_against(benchmark), {}};
    };
    const auto weighted = [&](const char* metric, const char* label, const char* unit, SignTag sign,
                              std::optional<double> OrderRecord::* field) {
        return Headline{metric,
                        label,
                        unit,
                        sign,
                        "executed_notional",
                        1.0,
                        terms.notional_weighted(field),
                        "no ratio of sums: the orders' own numbers, weighted with their executed notional"};
    };
    return {
        {"shortfall_bps",
         "Implementation shortfall",
         "bps",
         kCost,
         "ratio_of_sums",
         1e4,
         terms.ledger_part([](const Shortfall& ledger) { return ledger.total; }),
         {}},
        against("arrival_cost_bps", "Cost against arrival", Benchmark::arrival),
        against("decision_cost_bps", "Cost against decision", Benchmark::decision),
        against("interval_vwap_cost_bps", "Cost against interval VWAP", Benchmark::interval_vwap),
        against("interval_twap_cost_bps", "Cost against interval TWAP", Benchmark::interval_twap),
        against("day_vwap_cost_bps", "Cost against day VWAP", Benchmark::day_vwap),
        against("close_cost_bps", "Cost against close", Benchmark::close),
        {"spread_bps", "Spread paid (half, effective)", "bps", kCost, "ratio_of_sums", 1e4, terms.half_spread(), {}},
        {"effective_spread_bps",
         "Effective spread",
         "bps",
         kCost,
         "ratio_of_sums",
         1e4,
         terms.cash_over(&OrderRecord::effective_spread, &OrderRecord::marked_notional),
         {}},
        {"quoted_spread_bps",
         "Quoted spread at the fills",
         "bps",
         kCost,
         "ratio_of_sums",
         1e4,
         terms.cash_over(&OrderRecord::quoted_spread, &OrderRecord::marked_notional),
         {}},
        {"effective_over_quoted",
         "Effective over quoted",
         "",
         kCost,
         "ratio_of_sums",
         1.0,
         terms.cash_over(&OrderRecord::effective_spread, &OrderRecord::quoted_spread),
         {}},
        {"realized_spread_1min_bps",
         "Realized spread after 1 min",
         "bps",
         kCost,
         "ratio_of_sums",
         1e4,
         terms.cash_over(&OrderRecord::realized_spread, &OrderRecord::realized_notional),
         {}},
        {"price_improvement_bps",
         "Price improvement",
         "bps",
         SignTag::gain,
         "ratio_of_sums",
         1e4,
         terms.cash_over(&OrderRecord::price_improvement, &OrderRecord::touch_notional),
         {}},
        {"fees_bps", "Fees", "bps", kCost, "ratio_of_sums", 1e4, terms.fees(), {}},
        weighted("reversion_bps", "Reversion", "bps", kCost, &OrderRecord::reversion_bps),
        {"completion", "Completion", "", SignTag::none, "ratio_of_sums", 1.0, terms.completion(), {}},
        weighted("participation", "Participation", "", SignTag::none, &OrderRecord::participation),
        weighted("rpm", "Relative performance measure", "", SignTag::none, &OrderRecord::relative_performance),
        {"fill_rate", "Fill rate of placements", "", SignTag::none, "ratio_of_sums", 1.0, terms.fill_rate(), {}},
    };
}

/// The two headline costs once more without the outliers, so that their weight can be seen.
std::vector<Headline> without_outliers(const std::vector<Headline>& all, const Context& context,
                                       const Records& records) {
    std::vector<Headline> kept;
    const auto outliers = std::count_if(records.orders.begin(), records.orders.end(), [&](const OrderRecord& record) {
        return record.included && is_outlier(record.outlier_score, context.options);
    });
    for (const auto& [metric, name, label] :
         {std::tuple{"shortfall_bps", "shortfall_bps_ex_outliers", "Implementation shortfall without outliers"},
          std::tuple{"arrival_cost_bps", "arrival_cost_bps_ex_outliers", "Cost against arrival without outliers"}}) {
        const std::string_view wanted = metric;
        Headline headline =
            *std::find_if(all.begin(), all.end(), [&](const Headline& each) { return each.metric == wanted; });
        headline.metric = name;
        headline.label = label;
        headline.note = fmt::format(
            "{} orders left out: arrival cost more than {:g} deviations from the median of "
            "their symbol",
            outliers, context.options.outlier_score);
        headline.ratio = [&context, &records, ratio = headline.ratio](std::size_t row) -> std::optional<RatioTerm> {
            if (is_outlier(records.orders[row].outlier_score, context.options)) return std::nullopt;
            return ratio(row);
        };
        kept.push_back(std::move(headline));
    }
    return kept;
}

Line counted(const char* metric, const char* label, double value, std::int64_t count) {
    Line line;
    line.metric = metric;
    line.label = label;
    line.value = value;
    line.count = count;
    return line;
}

std::string reason(math::IntervalOutcome outcome) {
    switch (outcome) {
        case math::IntervalOutcome::too_few_blocks:
            return fmt::format("fewer than {} blocks", math::kMinBlocks);
        case math::IntervalOutcome::no_estimate:
            return "nothing to estimate from";
        case math::IntervalOutcome::unstable_denominator:
            return "the ratio's denominator may change its sign";
        case math::IntervalOutcome::available:
            break;
    }
    return {};
}

std::string outcome_note(const math::RatioInterval& interval, const std::string& note) {
    if (interval.outcome == math::IntervalOutcome::available) return note;
    const std::string why = "no interval: " + reason(interval.outcome);
    return note.empty() ? why : note + "; " + why;
}

/// Orders that no total counts because some of their fills were left out.
std::string quarantine_note(const Records& records) {
    const auto orders = std::count_if(records.orders.begin(), records.orders.end(), [](const OrderRecord& record) {
        return record.excluded_because == kFillsQuarantined;
    });
    if (orders == 0) return {};
    return fmt::format("{} orders left out: some of their fills are quarantined", orders);
}

/// Whether own impact can be told from nothing, by the interval of the drift that would hold it, and what a replay says
/// of its own: for the cost rows.
std::string impact_note(const market::Dataset& dataset, const math::RatioInterval& drift, double level) {
    const auto replay = dataset.provenance.find("replay.impact");
    const bool is_replay = replay != dataset.provenance.end();
    const bool has_none = is_replay && replay->second.starts_with("no own impact");
    std::string note;
    if (drift.low && drift.high) {
        const bool holds_zero = *drift.low <= 0.0 && 0.0 <= *drift.high;
        const char* reading = "drift while trading is separable from zero: timing and own impact together";
        if (has_none) reading = "drift while trading is timing alone: fills that prices chose";
        if (holds_zero) reading = "own impact is not separable from zero";
        note = fmt::format("{}: {:.2f} bps of drift, {:g} % interval {:.2f} to {:.2f}", reading, *drift.estimate * 1e4,
                           level * 100.0, *drift.low * 1e4, *drift.high * 1e4);
    } else if (has_none) {
        note = "own impact is not separable";
    }
    if (!is_replay) return note;
    if (!note.empty()) note += "; ";
    return note + (has_none ? "the replay had none" : "replay with impact: " + replay->second);
}

Table lines_table(const std::vector<Line>& lines, double level) {
    TableBuilder builder("summary", lines.size());
    const auto text = [&](const char* name, const char* meaning, std::string Line::* field) {
        builder.add(plain(name, meaning), [&lines, field](std::size_t row) { return lines[row].*field; });
    };
    const auto number = [&](const char* name, const char* meaning, std::optional<double> Line::* field) {
        builder.add(plain(name, meaning), [&lines, field](std::size_t row) { return lines[row].*field; });
    };
    text("metric", "its name", &Line::metric);
    text("label", "its name for people", &Line::label);
    number("value", "its value over the included orders", &Line::value);
    text("unit", "of value, low and high", &Line::unit);
    number("low", "lower end of the interval", &Line::low);
    number("high", "upper end of the interval", &Line::high);
    builder.add(plain("level", "confidence of the interval"),
                [&](std::size_t row) { return lines[row].low ? std::optional<double>(level) : std::nullopt; });
    builder.add_label(plain("sign", "what a positive value means"),
                      [&](std::size_t row) { return name(lines[row].sign); });
    builder.add(plain("count", "orders that had a say"), [&](std::size_t row) { return lines[row].count; });
    builder.add(plain("blocks", "blocks resampled"), [&](std::size_t row) { return lines[row].blocks; });
    number("effective_blocks", "blocks of equal weight that would say as much (Kish)", &Line::effective_blocks);
    text("block_kind", "what a block is", &Line::block_kind);
    text("weighting", "how orders are weighted", &Line::weighting);
    text("note", "what to know about the row", &Line::note);
    return builder.take();
}

}  // namespace

Table summary_table(const Context& context, const Records& records, const Blocks& blocks) {
    const OrderTerms terms(context, records);
    const std::vector<std::size_t> rows = included_orders(records);
    std::int64_t fills = 0;
    Money notional;
    bool has_notional = rows.empty();
    for (const std::size_t row : rows) {
        fills += records.orders[row].fills;
        if (!records.orders[row].notional) continue;
        notional += *records.orders[row].notional;
        has_notional = true;
    }
    const auto orders = static_cast<std::int64_t>(rows.size());
    std::vector<Line> lines{counted("orders", "Orders", static_cast<double>(orders), orders),
                            counted("fills", "Fills", static_cast<double>(fills), orders),
                            counted("notional", "Executed notional", notional.to_double(), orders)};
    lines.front().note = quarantine_note(records);
    lines.back().unit = std::string(notional.currency().code());
    lines.back().weighting = "sum";
    if (!has_notional) {
        lines.back().value.reset();
        lines.back().note = "no order has a known one";
    }
    std::vector<Headline> wanted = headlines(terms);
    for (Headline& headline : without_outliers(wanted, context, records)) wanted.push_back(std::move(headline));
    std::vector<RatioOf> ratios;
    for (const Headline& headline : wanted) ratios.push_back(headline.ratio);
    ratios.push_back(terms.ledger_part([](const Shortfall& ledger) { return ledger.drift; }));
    const std::vector<Aggregate> found = blocks.aggregates(rows, rows, ratios);
    const std::string of_impact = impact_note(context.dataset, found.back().interval, context.options.confidence);
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        const math::RatioInterval& interval = found[i].interval;
        const auto scaled = [&](const std::optional<double>& value) {
            return value ? std::optional<double>(*value * wanted[i].scale) : std::nullopt;
        };
        const bool is_cost = wanted[i].metric == std::string_view("shortfall_bps") ||
                             wanted[i].metric == std::string_view("arrival_cost_bps");
        Line& line = lines.emplace_back();
        line.metric = wanted[i].metric;
        line.label = wanted[i].label;
        line.unit = wanted[i].unit;
        line.sign = wanted[i].sign;
        line.weighting = wanted[i].weighting;
        line.note = outcome_note(interval, is_cost ? of_impact : wanted[i].note);
        line.value = scaled(interval.estimate);
        line.low = scaled(interval.low);
        line.high = scaled(interval.high);
        line.count = found[i].count;
        line.blocks = interval.blocks;
        line.effective_blocks = interval.effective_blocks;
        line.block_kind = found[i].block_kind;
    }
    return lines_table(lines, context.options.confidence);
}

}  // namespace slipcast::tca::detail
