#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "desk_sections.hpp"
#include "number_text.hpp"

namespace slipcast::report {
namespace {

constexpr std::size_t kMostOrders = 2'000;

/// Finished orders with a first forecast and a cost, the last ones when there are many, by their forecast's tail.
std::vector<OrderRow> scored(const std::vector<OrderRow>& orders) {
    std::vector<OrderRow> made;
    std::copy_if(orders.begin(), orders.end(), std::back_inserter(made), [](const OrderRow& each) {
        return each.is_finished && each.cost && each.p50 && each.p90 && each.p95;
    });
    if (made.size() > kMostOrders) {
        made.erase(made.begin(), made.end() - static_cast<std::ptrdiff_t>(kMostOrders));
    }
    std::stable_sort(made.begin(), made.end(), [](const OrderRow& a, const OrderRow& b) { return *a.p95 < *b.p95; });
    return made;
}

Figure outcome_figure(const std::vector<OrderRow>& orders, std::size_t all) {
    Figure figure;
    figure.title = "Forecast and outcome of each order";
    figure.caption =
        "Orders from the lightest to the heaviest forecast tail. Band: from the median to the 0.95 "
        "quantile; dashed: the 0.90 quantile. One dot in twenty belongs above the band, every second below.";
    if (orders.size() < all)
        figure.caption += fmt::format(" The last {} of {}.", count_text(static_cast<std::int64_t>(orders.size())),
                                      count_text(static_cast<std::int64_t>(all)));
    figure.x = {.title = "orders by forecast", .unit = ""};
    figure.y = {.title = "cost", .unit = "bps"};
    Series median{.name = "median to p95"};
    median.interval = IntervalKind::band;
    median.tone = Tone::accent;
    Series upper{.name = "p90"};
    upper.tone = Tone::accent;
    upper.style = LineStyle::dashed;
    Series within{.name = "realized", .kind = SeriesKind::points};
    within.tone = Tone::neutral;
    Series above{.name = "realized above p95", .kind = SeriesKind::points};
    above.tone = Tone::cost;
    for (std::size_t i = 0; i < orders.size(); ++i) {
        const OrderRow& order = orders[i];
        const auto at = static_cast<double>(i + 1);
        median.x.push_back(at);
        median.y.push_back(*order.p50);
        median.low.push_back(*order.p50);
        median.high.push_back(std::max(*order.p50, *order.p95));
        upper.x.push_back(at);
        upper.y.push_back(*order.p90);
        Series& side = *order.cost > *order.p95 ? above : within;
        side.x.push_back(at);
        side.y.push_back(*order.cost);
        side.notes.push_back(fmt::format("order {}", order_name(order)));
    }
    figure.series.push_back(std::move(median));
    figure.series.push_back(std::move(upper));
    if (!within.x.empty()) figure.series.push_back(std::move(within));
    if (!above.x.empty()) figure.series.push_back(std::move(above));
    figure.labels = Labels::legend;
    figure.height = 340;
    return figure;
}

/// Shares of a table with their intervals, at `x`.
Series share_series(const TableView& view, std::string name, const std::vector<double>& x) {
    Series series{.name = std::move(name), .kind = SeriesKind::points, .x = x};
    for (std::size_t row = 0; row < x.size(); ++row) {
        series.y.push_back(view.number(row, "share").value_or(std::nan("")));
        series.low.push_back(view.number(row, "share_low").value_or(std::nan("")));
        series.high.push_back(view.number(row, "share_high").value_or(std::nan("")));
    }
    return series;
}

std::vector<double> positions(std::size_t count) {
    std::vector<double> made;
    for (std::size_t i = 0; i < count; ++i) made.push_back(static_cast<double>(i));
    return made;
}

Figure level_figure(const TableView& levels) {
    Figure figure;
    figure.title = "Costs within each quantile";
    figure.caption = "Bars: exact 95 % intervals, as if orders were independent.";
    figure.x = {.title = "promised", .unit = ""};
    figure.y = {.title = "share within", .unit = ""};
    Series promised{.name = "promised", .kind = SeriesKind::points, .x = positions(levels.rows())};
    promised.tone = Tone::ink;
    for (std::size_t row = 0; row < levels.rows(); ++row) {
        const double level = levels.number(row, "level").value_or(0.0);
        figure.x.categories.push_back(percent_text(level, 0));
        promised.y.push_back(level);
    }
    Series kept = share_series(levels, "kept", promised.x);
    kept.tone = Tone::accent;
    figure.series = {std::move(promised), std::move(kept)};
    figure.width = Width::third;
    return figure;
}

Figure bins_figure(const TableView& bins) {
    Figure figure;
    figure.title = "Where costs fell";
    figure.caption = "Bars left: what should fall between these quantiles of the forecast; right: what did.";
    figure.x = {.title = "quantiles of the first forecast", .unit = ""};
    figure.y = {.title = "share of orders", .unit = ""};
    Series expected{.name = "should", .kind = SeriesKind::bars, .x = positions(bins.rows())};
    expected.tone = Tone::neutral;
    for (std::size_t row = 0; row < bins.rows(); ++row) {
        figure.x.categories.push_back(bins.label(row, "bin"));
        expected.y.push_back(bins.number(row, "expected").value_or(0.0));
    }
    Series found = share_series(bins, "did", expected.x);
    found.kind = SeriesKind::bars;
    found.tone = Tone::accent;
    figure.series = {std::move(expected), std::move(found)};
    figure.width = Width::third;
    return figure;
}

Figure miss_figure(const TableView& risks) {
    Figure figure;
    figure.title = "Deadlines missed";
    figure.caption = "By the first miss risk. On the line the risk was told right.";
    figure.x = {.title = "mean miss risk told", .unit = "", .scale = Scale::linear, .low = 0.0, .high = 1.0};
    figure.y = {.title = "share missed", .unit = "", .scale = Scale::linear, .low = 0.0, .high = 1.0};
    Series missed{.name = "missed", .kind = SeriesKind::points};
    missed.tone = Tone::accent;
    for (std::size_t row = 0; row < risks.rows(); ++row) {
        const auto mean = risks.number(row, "mean_risk");
        if (!mean) continue;
        missed.x.push_back(*mean);
        missed.y.push_back(risks.number(row, "share").value_or(std::nan("")));
        missed.low.push_back(risks.number(row, "share_low").value_or(std::nan("")));
        missed.high.push_back(risks.number(row, "share_high").value_or(std::nan("")));
        missed.notes.push_back(counted(risks.number(row, "orders").value_or(0.0), "order", "orders"));
    }
    Series even{.name = "told right", .x = {0.0, 1.0}, .y = {0.0, 1.0}};
    even.tone = Tone::neutral;
    even.style = LineStyle::dashed;
    figure.series = {std::move(missed), std::move(even)};
    figure.labels = Labels::legend;
    figure.width = Width::third;
    return figure;
}

/// Mean CRPS of each model after each finished order; champion and challenger are scored on the same ones.
Figure scores_figure(const TableView& scores) {
    Figure figure;
    figure.title = "Champion and challenger";
    figure.caption = "Mean CRPS of the first forecasts of all orders finished so far; the lower the better.";
    figure.x = {.title = "finished orders", .unit = ""};
    figure.y = {.title = "mean CRPS", .unit = "bps"};
    constexpr std::array kTones{Tone::accent, Tone::ochre, Tone::plum, Tone::teal, Tone::neutral, Tone::ink};
    std::vector<std::string> models;
    for (std::size_t row = 0; row < scores.rows(); ++row) {
        const std::string model = scores.label(row, "model");
        const auto at = static_cast<std::size_t>(std::find(models.begin(), models.end(), model) - models.begin());
        if (at == models.size()) {
            models.push_back(model);
            figure.series.push_back({.name = ""});
            figure.series[at].tone = kTones[at % kTones.size()];
        }
        // A promotion changes roles: the last one counts, as in the table of scorecards.
        figure.series[at].name = fmt::format("{} {}", scores.label(row, "role"), model.substr(0, 6));
        figure.series[at].x.push_back(scores.number(row, "orders").value_or(std::nan("")));
        figure.series[at].y.push_back(scores.number(row, "mean_crps_bps").value_or(std::nan("")));
    }
    figure.labels = Labels::legend;
    figure.height = 240;
    return figure;
}

ShownTable cards_table(const Journal& journal) {
    ShownTable table{.table = journal.tables.table("desk_scorecards"),
                     .title = "Scorecards",
                     .caption = "Of each model on the finished orders that it forecast, from the journal."};
    table.columns = {
        {.name = "role"},
        {.name = "model"},
        {.name = "orders"},
        {.name = "mean_crps_bps", .label = "Mean CRPS"},
        {.name = "coverage_90", .kind = NumberKind::ratio, .low = "coverage_90_low", .high = "coverage_90_high"},
        {.name = "mean_log_score", .label = "Mean log score"}};
    return table;
}

/// What the mean error says, and which promises were not kept.
std::string verdict(const TableView& bias, const TableView& levels) {
    const auto error = bias.number(0, "error_bps");
    if (!error) return "No finished order has both a forecast and a known cost yet.";
    const auto low = bias.number(0, "error_low_bps");
    const auto high = bias.number(0, "error_high_bps");
    std::string text = fmt::format("Finished orders cost {} bps {} than forecast on average",
                                   fixed_text(std::abs(*error), 2), *error < 0.0 ? "less" : "more");
    if (!low || !high) {
        text += "; there are too few blocks of orders to say how sure that is.";
    } else {
        text += fmt::format(" (95 % interval {}): {} from zero.", range_text(fixed_text(*low, 2), fixed_text(*high, 2)),
                            *low > 0.0 || *high < 0.0 ? "separable" : "not separable");
    }
    std::vector<std::string> broken;
    for (std::size_t row = 0; row < levels.rows(); ++row) {
        const double level = levels.number(row, "level").value_or(0.0);
        const double from = levels.number(row, "share_low").value_or(0.0);
        const double to = levels.number(row, "share_high").value_or(1.0);
        if (level >= from && level <= to) continue;
        broken.push_back(fmt::format("{} within the {} quantile",
                                     percent_text(levels.number(row, "share").value_or(0.0), 1),
                                     percent_text(level, 0)));
    }
    text += broken.empty() ? std::string(" No promised quantile is separable from what was kept.")
                           : fmt::format(" Promises not kept: {}.", fmt::join(broken, ", "));
    return text;
}

}  // namespace

Section forecast_section(const Journal& journal) {
    Section section{.id = "forecast", .title = "Forecast against outcome"};
    section.wide = true;
    section.notes = {"The first forecast of each order, made for the choice it began with, against what it cost.",
                     "Missed: not filled whole by the deadline; orders canceled at will are left out."};
    const TableView bias = journal.tables.view("desk_bias");
    const TableView levels = journal.tables.view("desk_calibration");
    const TableView bins = journal.tables.view("desk_quantile_bins");
    const TableView risks = journal.tables.view("desk_miss_risk");
    section.parts.emplace_back(Prose{{verdict(bias, levels)}, Prose::Kind::lead});
    const auto is_scored = [](const OrderRow& each) { return each.is_finished && each.cost && each.p50; };
    const auto all = static_cast<std::size_t>(std::count_if(journal.orders.begin(), journal.orders.end(), is_scored));
    const std::vector<OrderRow> shown = scored(journal.orders);
    if (!shown.empty()) {
        section.parts.emplace_back(outcome_figure(shown, all));
        section.parts.emplace_back(level_figure(levels));
        section.parts.emplace_back(bins_figure(bins));
    }
    Figure miss = miss_figure(risks);
    if (!miss.series.front().x.empty()) section.parts.emplace_back(std::move(miss));
    const TableView scores = journal.tables.view("desk_scores");
    if (journal.tables.view("desk_scorecards").rows() > 1) section.parts.emplace_back(scores_figure(scores));
    append_table(section.parts, cards_table(journal));
    const auto shares = [](std::vector<ShownColumn> first) {
        first.push_back({.name = "share", .kind = NumberKind::ratio, .low = "share_low", .high = "share_high"});
        return first;
    };
    section.parts.emplace_back(ShownTable{
        .table = journal.tables.table("desk_calibration"),
        .title = "Calibration",
        .columns = shares({{.name = "level", .kind = NumberKind::ratio}, {.name = "orders"}, {.name = "covered"}})});
    section.parts.emplace_back(ShownTable{.table = journal.tables.table("desk_miss_risk"),
                                          .title = "Miss risk",
                                          .columns = shares({{.name = "risk_above", .kind = NumberKind::ratio},
                                                             {.name = "risk_up_to", .kind = NumberKind::ratio},
                                                             {.name = "mean_risk", .kind = NumberKind::ratio},
                                                             {.name = "orders"},
                                                             {.name = "missed"}})});
    return section;
}

}  // namespace slipcast::report
