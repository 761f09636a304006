#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "desk_sections.hpp"
#include "number_text.hpp"

namespace slipcast::report {
namespace {

constexpr std::size_t kMostKeys = 6;
/// Of policies in their order: what is compared first, in the page's own color.
constexpr std::array kTones{Tone::accent, Tone::ochre, Tone::plum, Tone::teal, Tone::neutral, Tone::ink};
constexpr std::size_t kCurvePoints = 400;  ///< of each policy's curve

double or_gap(std::optional<double> value) {
    return value.value_or(std::nan(""));
}

/// Values with intervals at the rows of a table, missing where they are.
Series interval_series(const TableView& view, const std::string& stem, const std::string& value, std::string name) {
    Series series{.name = std::move(name), .kind = SeriesKind::points};
    for (std::size_t row = 0; row < view.rows(); ++row) {
        const auto middle = view.number(row, value);
        const auto low = view.number(row, stem + "_low");
        const auto high = view.number(row, stem + "_high");
        series.x.push_back(static_cast<double>(row));
        series.y.push_back(or_gap(middle));
        series.low.push_back(middle && low && high ? *low : std::nan(""));
        series.high.push_back(middle && low && high ? *high : std::nan(""));
    }
    return series;
}

/// A series for the mean, each quantile and, where it is there, what the desk's objective makes of the outcome.
void add_statistics(Figure& figure, const TableView& view, const std::string& ending) {
    for (const char* stem : {"mean", "p50", "p90", "p95", "objective"}) {
        if (!view.has_values(stem + ending)) continue;
        Series series = interval_series(view, stem, stem + ending, stem);
        series.tone = kTones[figure.series.size()];
        figure.series.push_back(std::move(series));
    }
}

std::string pair_name(const TableView& pairs, std::size_t row) {
    return pairs.label(row, "policy") + " \u2212 " + pairs.label(row, "baseline");
}

/// "1.20 bps cheaper (95 % interval ...): separable from zero".
std::string difference_text(const TableView& pairs, std::size_t row, const std::string& stem) {
    const auto value = pairs.number(row, stem + "_difference_bps");
    if (!value) return "unknown";
    const auto low = pairs.number(row, stem + "_low");
    const auto high = pairs.number(row, stem + "_high");
    if (*value == 0.0 && low == 0.0 && high == 0.0) return "the same";
    const std::string size =
        fmt::format("{} bps {}", fixed_text(std::abs(*value), 2), *value < 0.0 ? "cheaper" : "dearer");
    if (!low || !high) return size + ", with too few blocks for an interval";
    const bool is_separable = *low > 0.0 || *high < 0.0;
    return fmt::format("{} (95 % interval {}), {}", size, range_text(fixed_text(*low, 2), fixed_text(*high, 2)),
                       is_separable ? "separable from zero" : "not separable from zero");
}

/// "1.33 points less is filled (95 % interval ...)".
std::string points_text(const TableView& pairs, std::size_t row, double difference) {
    std::string size = std::abs(difference) < 5e-5
                           ? "as much is filled"
                           : fmt::format("{} points {} is filled", fixed_text(100.0 * std::abs(difference), 2),
                                         difference < 0.0 ? "less" : "more");
    const auto low = pairs.number(row, "completion_low"), high = pairs.number(row, "completion_high");
    if (!low || !high) return size;
    return fmt::format("{} (95 % interval {})", size,
                       range_text(fixed_text(100.0 * *low, 2), fixed_text(100.0 * *high, 2)));
}

std::string comparison_sentence(const TableView& pairs, std::size_t row) {
    std::string text = fmt::format("{} against {} over {}: on average {}; at the 0.95 quantile {}.",
                                   pairs.label(row, "policy"), pairs.label(row, "baseline"),
                                   counted(pairs.number(row, "orders").value_or(0.0), "paired order", "paired orders"),
                                   difference_text(pairs, row, "mean"), difference_text(pairs, row, "p95"));
    if (pairs.number(row, "objective_difference_bps")) {
        text += fmt::format(" By the desk's own objective {}.", difference_text(pairs, row, "objective"));
    }
    if (const auto cheaper = pairs.number(row, "cheaper")) {
        text += fmt::format(" Cheaper in {} of the orders", percent_text(*cheaper, 1));
        const double equal = pairs.number(row, "equal").value_or(0.0);
        if (equal > 0.0) text += fmt::format(", as dear in {}", percent_text(equal, 1));
        if (const auto completion = pairs.number(row, "completion_difference")) {
            text += "; " + points_text(pairs, row, *completion);
        }
        text += ".";
    }
    return text;
}

KeyNumbers pair_numbers(const TableView& pairs) {
    KeyNumbers keys;
    for (std::size_t row = 0; row < std::min(pairs.rows(), kMostKeys); ++row) {
        // The first policy is what the page is about.
        if (pairs.label(row, "policy") != pairs.label(0, "policy")) break;
        const auto low = pairs.number(row, "mean_low");
        keys.numbers.push_back(
            {.label = pair_name(pairs, row),
             .value = pairs.number(row, "mean_difference_bps"),
             .unit = "bps",
             .low = low,
             .high = pairs.number(row, "mean_high"),
             .sign = SignTag::cost,
             .notes = {low ? "mean difference, 95 % interval" : "mean difference, no interval",
                       counted(pairs.number(row, "orders").value_or(0.0), "paired order", "paired orders")}});
    }
    return keys;
}

Figure policies_figure(const TableView& policies) {
    Figure figure;
    figure.title = "Shortfall by policy";
    figure.caption = "Bars: 95 % intervals over resampled blocks.";
    figure.x = {.title = "", .unit = ""};
    for (std::size_t row = 0; row < policies.rows(); ++row) {
        figure.x.categories.push_back(policies.label(row, "policy"));
    }
    figure.y = {.title = "shortfall", .unit = "bps"};
    add_statistics(figure, policies, "_bps");
    figure.labels = Labels::legend;
    figure.width = Width::half;
    return figure;
}

Figure pairs_figure(const TableView& pairs) {
    Figure figure;
    figure.title = "Paired differences";
    figure.caption =
        "Below zero the first of the two is cheaper on the same orders and the same market. An interval "
        "over zero: the difference cannot be told from none.";
    figure.x = {.title = "", .unit = ""};
    for (std::size_t row = 0; row < pairs.rows(); ++row) figure.x.categories.push_back(pair_name(pairs, row));
    figure.y = {.title = "difference", .unit = "bps"};
    add_statistics(figure, pairs, "_difference_bps");
    figure.references.push_back({.axis = Reference::Along::y, .at = 0.0, .label = ""});
    figure.labels = Labels::legend;
    figure.width = Width::half;
    return figure;
}

Figure shares_figure(const TableView& policies) {
    Figure figure;
    figure.title = "Filled, finished whole, and filled dark";
    figure.x = {.title = "", .unit = ""};
    figure.y = {.title = "share", .unit = ""};
    constexpr std::array kShares{Tone::accent, Tone::teal, Tone::ochre};
    const std::vector<std::pair<const char*, const char*>> columns{
        {"completion", "mean filled share"}, {"finished", "orders filled whole"}, {"dark_share", "of fills, dark"}};
    for (const auto& [column, name] : columns) {
        Series bars{.name = name, .kind = SeriesKind::bars};
        bars.tone = kShares[figure.series.size()];
        for (std::size_t row = 0; row < policies.rows(); ++row) {
            bars.x.push_back(static_cast<double>(row));
            bars.y.push_back(or_gap(policies.number(row, column)));
        }
        figure.series.push_back(std::move(bars));
    }
    for (std::size_t row = 0; row < policies.rows(); ++row) {
        figure.x.categories.push_back(policies.label(row, "policy"));
    }
    figure.width = Width::half;
    return figure;
}

/// Share of orders at or below each shortfall, a curve a policy; long ones are thinned evenly.
Figure curves_figure(const TableView& orders) {
    Figure figure;
    figure.title = "Shortfall of every order";
    figure.caption = "Share of orders that cost at most so much.";
    figure.x = {.title = "shortfall", .unit = "bps"};
    figure.y = {.title = "share of orders", .unit = "", .scale = Scale::linear, .low = 0.0, .high = 1.0};
    std::vector<std::string> names;
    std::map<std::string, std::vector<double>> costs;
    for (std::size_t row = 0; row < orders.rows(); ++row) {
        const auto cost = orders.number(row, "shortfall_bps");
        if (!cost) continue;
        const std::string policy = orders.label(row, "policy");
        std::vector<double>& list = costs[policy];
        if (list.empty()) names.push_back(policy);
        list.push_back(*cost);
    }
    for (const std::string& name : names) {
        std::vector<double>& list = costs[name];
        std::sort(list.begin(), list.end());
        Series curve{.name = name, .kind = SeriesKind::steps};
        curve.tone = kTones[figure.series.size() % kTones.size()];
        if (figure.series.size() >= kTones.size()) curve.style = LineStyle::dashed;
        const std::size_t every = std::max<std::size_t>(1, list.size() / kCurvePoints);
        for (std::size_t i = 0; i < list.size(); ++i) {
            if (i % every != 0 && i + 1 != list.size()) continue;
            curve.x.push_back(list[i]);
            curve.y.push_back(static_cast<double>(i + 1) / static_cast<double>(list.size()));
        }
        figure.series.push_back(std::move(curve));
    }
    figure.labels = Labels::legend;
    figure.all_shown = true;
    figure.width = Width::half;
    return figure;
}

ShownColumn with_interval(const std::string& stem, const std::string& value) {
    return {.name = value, .label = stem, .low = stem + "_low", .high = stem + "_high"};
}

/// Two of the statistics: all four with their intervals are wider than a page.
ShownTable policies_table(const DeskTables& trial, const char* title, const std::string& first,
                          const std::string& second) {
    ShownTable table{.table = trial.table("trial_policies"), .title = title};
    table.columns = {{.name = "policy"}, with_interval(first, first + "_bps"), with_interval(second, second + "_bps")};
    return table;
}

ShownTable rest_table(const DeskTables& trial) {
    ShownTable table{.table = trial.table("trial_policies"), .title = "What they did for it"};
    table.columns = {{.name = "policy"},
                     {.name = "orders"},
                     {.name = "completion", .label = "Mean filled share", .kind = NumberKind::ratio},
                     {.name = "finished", .label = "Filled whole", .kind = NumberKind::ratio},
                     {.name = "dark_share", .label = "Filled dark", .kind = NumberKind::ratio},
                     {.name = "children"},
                     {.name = "fees_bps"}};
    if (trial.view("trial_policies").has_values("objective_bps")) {
        table.columns.push_back(with_interval("objective", "objective_bps"));
    }
    return table;
}

ShownTable pairs_table(const DeskTables& trial) {
    ShownTable table{.table = trial.table("trial_pairs"),
                     .title = "Paired differences",
                     .caption = "On the same orders and market; negative: the policy is cheaper than its baseline."};
    table.columns = {{.name = "policy"},
                     {.name = "baseline"},
                     {.name = "orders"},
                     with_interval("mean", "mean_difference_bps"),
                     with_interval("p95", "p95_difference_bps"),
                     {.name = "cheaper", .kind = NumberKind::ratio},
                     {.name = "equal", .kind = NumberKind::ratio}};
    return table;
}

}  // namespace

Section comparison_section(const DeskTables& trial) {
    Section section{.id = "baselines", .title = "Against the baselines"};
    section.wide = true;
    section.notes = {
        "Shortfall of whole orders, what stayed unfilled included; positive hurts. Every policy works the "
        "same orders in the same market.",
        "Separable: the 95 % interval of the paired difference leaves out zero. A hollow dot does not."};
    const TableView policies = trial.view("trial_policies");
    const TableView pairs = trial.view("trial_pairs");
    if (pairs.rows() > 0) section.parts.emplace_back(pair_numbers(pairs));
    std::vector<std::string> sentences;
    for (std::size_t row = 0; row < pairs.rows(); ++row) sentences.push_back(comparison_sentence(pairs, row));
    if (!sentences.empty()) section.parts.emplace_back(Prose{std::move(sentences), Prose::Kind::body});
    if (pairs.rows() > 0) section.parts.emplace_back(pairs_figure(pairs));
    if (policies.rows() > 0) section.parts.emplace_back(policies_figure(policies));
    Figure curves = curves_figure(trial.view("trial_orders"));
    if (!curves.series.empty()) section.parts.emplace_back(std::move(curves));
    if (policies.rows() > 0) section.parts.emplace_back(shares_figure(policies));
    append_table(section.parts, pairs_table(trial));
    append_table(section.parts, policies_table(trial, "Policies: mean and median", "mean", "p50"));
    append_table(section.parts, policies_table(trial, "Policies: tails", "p90", "p95"));
    append_table(section.parts, rest_table(trial));
    return section;
}

}  // namespace slipcast::report
