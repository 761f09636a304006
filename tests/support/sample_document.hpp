#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "slipcast/report/document.hpp"
#include "support/table_columns.hpp"

namespace slipcast::test {

/// A hand-made document with every part a page can have, in every look. Its numbers are plausible and measured from
/// nothing: use it to test what is shown.
namespace sample {

using report::Figure;
using report::Scale;
using report::Series;
using report::SeriesKind;
using report::Tone;
using report::Width;

inline constexpr double kGap = std::numeric_limits<double>::quiet_NaN();

/// `count` sizes from 100 to 100,000 shares, even on a logarithmic axis.
inline std::vector<double> sizes(int count) {
    std::vector<double> list;
    for (int i = 0; i < count; ++i) list.push_back(std::round(100.0 * std::pow(1000.0, i / (count - 1.0))));
    return list;
}

/// Probability of a fill at each size, with a band around it.
inline Series fill_curve(const std::string& name, double half_size, int count) {
    Series series;
    series.name = name;
    for (const double size : sizes(count)) {
        const double probability = 1.0 / (1.0 + size / half_size);
        const double half = 0.03 + 0.04 * std::sqrt(size / 1e5);
        series.x.push_back(size);
        series.y.push_back(probability);
        series.low.push_back(std::max(probability - half, 0.0));
        series.high.push_back(std::min(probability + half, 1.0));
    }
    return series;
}

inline Figure lines_with_bands() {
    Figure figure;
    figure.title = "Probability that at least this much fills";
    figure.caption = "Bands hold 95 % of resamples. A curve that falls late belongs to a venue worth a large part.";
    figure.x = {.title = "sent", .unit = "shares", .scale = Scale::logarithmic};
    figure.y = {.title = "probability", .low = 0.0, .high = 1.0};
    for (const auto& [name, half] :
         {std::pair{"Alder", 800.0}, std::pair{"Birch", 6'000.0}, std::pair{"Cedar", 40'000.0}}) {
        figure.series.push_back(fill_curve(name, half, 40));
    }
    figure.references.push_back({report::Reference::Along::x, 8'000.0, "this order"});
    return figure;
}

/// Ten series: more than are drawn at first.
inline Figure many_lines() {
    Figure figure;
    figure.title = "Ten venues, six at first";
    figure.x = {.title = "sent", .unit = "shares", .scale = Scale::logarithmic};
    figure.y = {.title = "probability"};
    for (int i = 0; i < 10; ++i) {
        Series series = fill_curve("Venue " + std::to_string(i + 1), 300.0 * std::pow(1.9, i), 25);
        series.low.clear();
        series.high.clear();
        figure.series.push_back(std::move(series));
    }
    figure.width = Width::half;
    return figure;
}

inline Figure steps_with_gap() {
    Figure figure;
    figure.title = "Position while trading";
    figure.x = {.title = "time since arrival", .unit = "min"};
    figure.y = {.title = "position", .unit = "shares"};
    Series held{.name = "held", .kind = SeriesKind::steps};
    Series aim{.name = "aim", .tone = Tone::ink, .style = report::LineStyle::dashed};
    for (int minute = 0; minute <= 60; ++minute) {
        held.x.push_back(minute);
        held.y.push_back(minute == 30 ? kGap : 50'000.0 * std::exp(-minute / 22.0) - 9'000.0);
        aim.x.push_back(minute);
        aim.y.push_back(20'000.0 * std::cos(minute / 19.0));
    }
    figure.series = {std::move(held), std::move(aim)};
    figure.width = Width::half;
    return figure;
}

inline Figure scatter_with_errors() {
    Figure figure;
    figure.title = "Forecast against outcome";
    figure.x = {.title = "forecast cost", .unit = "bps"};
    figure.y = {.title = "realized cost", .unit = "bps"};
    Series points{.name = "deciles", .kind = SeriesKind::points};
    Series even{
        .name = "equal", .x = {0.0, 20.0}, .y = {0.0, 20.0}, .tone = Tone::neutral, .style = report::LineStyle::dashed};
    for (int i = 0; i < 10; ++i) {
        points.x.push_back(1.0 + 2.0 * i);
        points.y.push_back(0.4 + 1.9 * i + 1.3 * std::sin(3.0 * i));
        points.low.push_back(points.y.back() - 0.8 - 0.2 * i);
        points.high.push_back(points.y.back() + 0.8 + 0.2 * i);
    }
    figure.series = {std::move(points), std::move(even)};
    figure.width = Width::third;
    return figure;
}

inline Figure grouped_bars() {
    Figure figure;
    figure.title = "Filled by policy";
    figure.x = {.title = "", .categories = {"Alder", "Birch", "Cedar"}};
    figure.y = {.title = "filled", .unit = "shares"};
    figure.series = {{.name = "greedy",
                      .kind = SeriesKind::bars,
                      .x = {0, 1, 2},
                      .y = {310, 1'240, 4'100},
                      .low = {250, 1'100, 3'700},
                      .high = {370, 1'380, 4'500}},
                     {.name = "even",
                      .kind = SeriesKind::bars,
                      .x = {0, 1, 2},
                      .y = {290, 980, 2'050},
                      .low = {230, 850, 1'800},
                      .high = {350, 1'110, 2'300}}};
    figure.width = Width::third;
    return figure;
}

inline Figure stacked_bars() {
    Figure figure;
    figure.title = "Cost by part";
    figure.x = {.title = "", .categories = {"fast", "even", "slow", "optimal"}};
    figure.y = {.title = "cost", .unit = "bps"};
    figure.stacked = true;
    figure.series = {
        {.name = "impact", .kind = SeriesKind::bars, .x = {0, 1, 2, 3}, .y = {9.1, 5.2, 2.6, 4.0}, .tone = Tone::cost},
        {.name = "risk", .kind = SeriesKind::bars, .x = {0, 1, 2, 3}, .y = {1.2, 3.0, 7.4, 2.5}, .tone = Tone::ochre},
        {.name = "signal",
         .kind = SeriesKind::bars,
         .x = {0, 1, 2, 3},
         .y = {-3.1, -2.2, -0.6, -2.9},
         .tone = Tone::gain}};
    figure.width = Width::third;
    return figure;
}

inline Figure histogram() {
    Figure figure;
    figure.title = "Terminal wealth";
    figure.x = {.title = "wealth", .unit = "USD"};
    figure.y = {.title = "share of paths"};
    Series bars{.name = "paths", .kind = SeriesKind::bars};
    for (int bin = -20; bin < 20; ++bin) {
        bars.x.push_back(500.0 * bin);
        bars.x_high.push_back(500.0 * (bin + 1));
        bars.y.push_back(0.08 * std::exp(-0.5 * std::pow((bin + 0.5) / 6.0, 2)));
    }
    figure.series = {std::move(bars)};
    figure.references.push_back({report::Reference::Along::x, 0.0, "break even"});
    figure.width = Width::half;
    figure.height = 260;
    return figure;
}

inline Figure heat(bool diverging) {
    Figure figure;
    figure.title = diverging ? "Trading rate by position and signal" : "Marginal value over size and exponent";
    figure.x = diverging ? report::Axis{.title = "signal"}
                         : report::Axis{.title = "size", .unit = "shares", .scale = Scale::logarithmic};
    figure.y = diverging ? report::Axis{.title = "position", .unit = "shares"}
                         : report::Axis{.title = "", .categories = {"steep", "middle", "flat"}};
    report::HeatMap map{.name = diverging ? "rate" : "marginal fill", .unit = diverging ? "shares/s" : ""};
    map.diverging = diverging;
    map.values_shown = !diverging;
    const int columns = diverging ? 21 : 7;
    const int rows = diverging ? 13 : 3;
    for (int i = 0; i < columns; ++i)
        map.x.push_back(diverging ? -1.0 + 0.1 * i : sizes(columns)[static_cast<std::size_t>(i)]);
    for (int j = 0; j < rows; ++j) map.y.push_back(diverging ? -6'000.0 + 1'000.0 * j : j);
    for (int j = 0; j < rows; ++j) {
        for (int i = 0; i < columns; ++i) {
            map.value.push_back(diverging
                                    ? 3.0 * (-1.0 + 0.1 * i) - (-6.0 + j) / 3.0
                                    : std::pow(1.0 + map.x[static_cast<std::size_t>(i)] / 1'000.0, -1.2 + 0.4 * j));
        }
    }
    if (!diverging) map.value[4] = kGap;
    figure.heat = std::move(map);
    if (diverging)
        figure.series.push_back({.name = "no trade", .x = {-0.66, 0.66}, .y = {-6'000, 6'000}, .tone = Tone::ink});
    figure.width = Width::half;
    return figure;
}

/// Values of several groups at named places, beside each other.
inline Figure dots_at_categories() {
    Figure figure;
    figure.title = "Log-likelihood a row, by model";
    figure.x = {.title = "", .categories = {"Kaplan-Meier", "power law", "uniform", "Poisson", "exponential"}};
    figure.y = {.title = "log-likelihood", .unit = "nats"};
    for (const auto& [name, shift] : {std::pair{"in sample", 0.0}, std::pair{"out of sample", -0.11}}) {
        Series series{.name = name, .kind = SeriesKind::points};
        for (int i = 0; i < 5; ++i) {
            series.x.push_back(i);
            series.y.push_back(-1.4 - 0.13 * i + shift);
            series.low.push_back(series.y.back() - 0.06);
            series.high.push_back(series.y.back() + 0.06);
        }
        figure.series.push_back(std::move(series));
    }
    figure.width = Width::half;
    return figure;
}

/// Lanes over clock times, sized marks, rings around some, notes in their tips.
inline Figure lanes() {
    Figure figure;
    figure.title = "Steps of three orders";
    figure.x = {.title = "time", .unit = "UTC"};
    figure.x.origin = Timestamp::from_ns(1'709'648'995'000'000'000);  // 2024-03-05 14:29:55
    figure.y = {.title = "", .categories = {"order 3", "order 2", "order 1"}};
    Series steps{.name = "steps", .kind = SeriesKind::points, .tone = Tone::teal};
    Series held{.name = "held", .kind = SeriesKind::points, .tone = Tone::ink};
    for (int i = 0; i < 60; ++i) {
        steps.x.push_back(30.0 * i);
        steps.y.push_back(i % 3);
        steps.size.push_back(i % 7 == 0 ? 0.0 : 100.0 * (1 + i % 5));
        steps.notes.push_back("step " + std::to_string(i) + "\nas <planned>");
        if (i % 7 != 0) continue;
        held.x.push_back(steps.x.back());
        held.y.push_back(steps.y.back());
    }
    figure.series = {std::move(steps), std::move(held)};
    return figure;
}

inline Table venue_table() {
    Table table("venue_plan");
    table.add(labels("venue", {"Alder", "Birch", "Cedar <dark>", "Dogwood"}));
    table.add(counts("orders", {1'204, 873, 12'455, 3}));
    table.add(numbers("fill_probability", "", {0.8123, 0.44, 0.0871, 0.0}, {1, 1, 1, 0}));
    table.add(numbers("cost_bps", "bps", {1.234, -0.5, 12.0, 3.0}));
    table.add(numbers("low", "bps", {0.2, -1.5, 9.0, -2.0}));
    table.add(numbers("high", "bps", {2.1, 0.4, 15.0, 8.0}));
    table.add(cash("fees_cash", {12'345, -250, 99'999'999, 0}));
    return table;
}

inline report::KeyNumbers key_numbers() {
    return {{{.label = "Filled",
              .value = 0.8312,
              .low = 0.80,
              .high = 0.86,
              .kind = report::NumberKind::ratio,
              .sign = SignTag::gain,
              .notes = {"95 % interval", "22 symbol-day blocks"}},
             {.label = "Saved against an even split",
              .value = -0.42,
              .unit = "bps",
              .low = -1.1,
              .high = 0.3,
              .sign = SignTag::gain},
             {.label = "Not identified", .unit = "shares", .notes = {"every fill was complete"}}}};
}

inline report::Section parts_section() {
    report::Section section{.id = "answer",
                            .title = "The answer",
                            .notes = {"Read this first.", "A hollow dot: its interval contains zero."}};
    section.parts.push_back(
        report::Prose{{"Send most to Cedar: each further share fills there more often than anywhere else."},
                      report::Prose::Kind::lead});
    section.parts.push_back(key_numbers());
    section.parts.push_back(report::KeyNumbers{{{.label = "Episodes", .value = 2'000},
                                                {.label = "Venues", .value = 4},
                                                {.label = "Step", .value = 61.2, .kind = report::NumberKind::duration},
                                                {.label = "Rate", .value = 0.000123456}}});
    report::ShownTable table{.table = venue_table(), .title = "Venues", .caption = "Costs are raw."};
    table.columns = {{.name = "venue"},
                     {.name = "orders"},
                     {.name = "fill_probability", .kind = report::NumberKind::ratio},
                     {.name = "cost_bps", .low = "low", .high = "high"},
                     {.name = "fees_cash"}};
    section.parts.push_back(std::move(table));
    section.parts.push_back(report::Facts{
        .title = "Parameters", .facts = {{"exponent", "0.70"}, {"zero bin", "0.80"}}, .width = Width::half});
    section.parts.push_back(report::ShownTable{.table = venue_table(),
                                               .title = "Cut",
                                               .columns = {{.name = "venue"}, {.name = "orders"}},
                                               .most_rows = 2,
                                               .width = Width::half});
    section.parts.push_back(report::Prose{{"Every number here is made up."}, report::Prose::Kind::note});
    return section;
}

}  // namespace sample

inline report::Document sample_document() {
    report::Document document;
    document.title = "Sample of every part";
    document.kicker = "sample";
    document.extent = {"4 venues", "2,000 episodes"};
    document.facts = {{"Data", "made by hand"}, {"Data digest", "0123456789abcdef0123456789abcdef"}, {"Seed", "1"}};
    document.provenance = {
        {"data_digest", "0123456789abcdef0123456789abcdef"}, {"seed", "1"}, {"note", "</script><b>"}};
    document.closing = "Probabilities are of at least one share.";
    document.sections.push_back(sample::parts_section());
    report::Section lines{.id = "lines", .title = "Lines", .notes = {"Lines, bands, steps."}};
    lines.parts = {sample::lines_with_bands(), sample::many_lines(), sample::steps_with_gap()};
    report::Section marks{.id = "marks", .title = "Bars and points", .notes = {"Bars start at zero."}, .wide = true};
    marks.parts = {sample::scatter_with_errors(), sample::grouped_bars(),       sample::stacked_bars(),
                   sample::histogram(),           sample::dots_at_categories(), sample::lanes()};
    report::Section cells{.id = "cells", .title = "Cells", .notes = {"Color is the third axis."}};
    cells.parts = {sample::heat(false), sample::heat(true)};
    document.sections.push_back(std::move(lines));
    document.sections.push_back(std::move(marks));
    document.sections.push_back(std::move(cells));
    return document;
}

}  // namespace slipcast::test
