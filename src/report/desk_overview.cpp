#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "desk_sections.hpp"
#include "number_text.hpp"

namespace slipcast::report {
namespace {

double total(const TableView& view, const char* column) {
    double sum = 0.0;
    for (std::size_t row = 0; row < view.rows(); ++row) sum += view.number(row, column).value_or(0.0);
    return sum;
}

KeyNumber plain(std::string label, double value, std::vector<std::string> notes) {
    return {.label = std::move(label), .value = value, .kind = NumberKind::count, .notes = std::move(notes)};
}

KeyNumber error_number(const TableView& bias) {
    KeyNumber number{.label = "cost less forecast",
                     .value = bias.number(0, "error_bps"),
                     .unit = "bps",
                     .low = bias.number(0, "error_low_bps"),
                     .high = bias.number(0, "error_high_bps"),
                     .sign = SignTag::cost};
    const double orders = bias.number(0, "orders").value_or(0.0);
    number.notes.push_back("mean of " + counted(orders, "finished order", "finished orders"));
    number.notes.push_back(number.low ? fmt::format("95 % interval, {} {} blocks",
                                                    count_text(std::llround(bias.number(0, "blocks").value_or(0.0))),
                                                    bias.label(0, "block_kind"))
                                      : "too few blocks for an interval");
    return number;
}

Figure near_figure(const TableView& guards) {
    Figure figure;
    figure.title = "How near each guard came to its limit";
    figure.caption = "Largest reading over the limit. Above 1 the limit was passed.";
    figure.x = {.title = "", .unit = ""};
    figure.y = {.title = "largest reading over limit", .unit = ""};
    Series bars{.name = "largest", .kind = SeriesKind::bars};
    for (std::size_t row = 0; row < guards.rows(); ++row) {
        const double limit = guards.number(row, "limit").value_or(0.0);
        const auto largest = guards.number(row, "largest");
        if (limit <= 0.0 || !largest) continue;
        bars.x.push_back(static_cast<double>(figure.x.categories.size()));
        bars.y.push_back(std::max(0.0, *largest / limit));
        std::string name = guards.label(row, "guard");
        std::replace(name.begin(), name.end(), '_', ' ');
        figure.x.categories.push_back(std::move(name));
    }
    figure.series.push_back(std::move(bars));
    figure.references.push_back({.axis = Reference::Along::y, .at = 1.0, .label = "limit"});
    figure.width = Width::half;
    return figure;
}

Figure rung_figure(const TableView& rungs) {
    Figure figure;
    figure.title = "Steps by rung, and why";
    figure.x = {.title = "", .unit = ""};
    figure.y = {.title = "steps", .unit = ""};
    // A rung's first reason has its color, the others one that no rung has.
    constexpr std::array kRungs{std::pair{"GREEN", Tone::teal}, std::pair{"AMBER", Tone::ochre},
                                std::pair{"RED", Tone::red}};
    constexpr std::array kOthers{Tone::plum, Tone::accent, Tone::neutral, Tone::ink};
    std::size_t others = 0;
    for (const auto& [rung, tone] : kRungs) {
        bool is_first = true;
        const auto at = static_cast<double>(figure.x.categories.size());
        figure.x.categories.emplace_back(rung);
        for (std::size_t row = 0; row < rungs.rows(); ++row) {
            if (rungs.label(row, "rung") != rung) continue;
            Series bar{.name = fmt::format("{}: {}", rung, rungs.label(row, "reason")), .kind = SeriesKind::bars};
            bar.tone = is_first ? tone : kOthers[others++ % kOthers.size()];
            is_first = false;
            bar.x.push_back(at);
            bar.y.push_back(rungs.number(row, "steps").value_or(0.0));
            figure.series.push_back(std::move(bar));
        }
    }
    figure.stacked = true;
    figure.labels = Labels::legend;
    figure.width = Width::half;
    return figure;
}

std::vector<std::string> rung_sentences(const TableView& rungs) {
    std::vector<std::string> made;
    for (std::size_t row = rungs.rows(); row-- > 0;) {
        const double steps = rungs.number(row, "steps").value_or(0.0);
        const double traded = rungs.number(row, "traded").value_or(0.0);
        made.push_back(
            fmt::format("{} at {} ({}), {} of them sending: {}.", rungs.label(row, "rung"),
                        counted(steps, "step", "steps"), percent_text(rungs.number(row, "share").value_or(0.0), 1),
                        traded == steps ? "all" : count_text(std::llround(traded)), rungs.label(row, "reason")));
    }
    return made;
}

std::string reading_text(double value, const std::string& unit) {
    const std::string text = significant_text(value, 3);
    return unit.empty() || unit == "share" ? text : text + " " + unit;
}

/// A sentence on each guard whose limit was passed, and one on the others.
std::vector<std::string> guard_sentences(const TableView& guards) {
    std::vector<std::string> made;
    std::vector<std::string> quiet;
    for (std::size_t row = 0; row < guards.rows(); ++row) {
        const auto number = [&](const char* name) { return guards.number(row, name).value_or(0.0); };
        const std::string guard = guards.label(row, "guard");
        if (number("passed") == 0.0) {
            quiet.push_back(guard);
            continue;
        }
        std::string text = fmt::format("{}: {}. ", guard, guards.label(row, "meaning"));
        const double observed = number("passed") - number("acted");
        text += number("acted") > 0.0 ? fmt::format("Acted at {}", counted(number("acted"), "step", "steps"))
                                      : fmt::format("Only observed: passed at {}", counted(observed, "step", "steps"));
        if (observed > 0.0 && number("acted") > 0.0)
            text += fmt::format(", passed at {} more in observe mode", count_text(std::llround(observed)));
        const double limit = number("limit");
        const auto largest = guards.number(row, "largest");
        if (limit > 0.0 && largest) {
            const std::string unit = guards.label(row, "unit");
            text +=
                fmt::format("; largest reading {}, limit {}", reading_text(*largest, unit), reading_text(limit, unit));
        }
        made.push_back(text + ".");
    }
    if (!quiet.empty()) made.push_back(fmt::format("Never passed: {}.", fmt::join(quiet, ", ")));
    return made;
}

ShownTable steps_table(const Journal& journal, const char* name, const char* title, std::vector<ShownColumn> first) {
    for (const char* column : {"steps", "share", "traded", "quantity", "dark", "mean_participation"}) {
        ShownColumn shown{.name = column};
        if (shown.name == "share" || shown.name == "mean_participation") shown.kind = NumberKind::ratio;
        first.push_back(std::move(shown));
    }
    ShownTable table{.table = journal.tables.table(name), .title = title};
    table.columns = std::move(first);
    return table;
}

}  // namespace

Section summary_section(const Journal& journal) {
    Section section{.id = "summary", .title = "What the desk did"};
    const TableView state = journal.tables.view("desk_state");
    const auto number = [&](const char* name) { return state.number(0, name).value_or(0.0); };
    const TableView orders = journal.tables.view("desk_orders");
    std::set<std::int32_t> days;
    for (const StepRow& each : journal.steps) days.insert(Date::of_utc(each.time).days());
    const auto steps = static_cast<double>(journal.steps.size());
    const double guarded = total(orders, "guarded");
    section.notes = {"Positive costs hurt. Forecast: the first of each order, made at its first confident step.",
                     "A hollow dot: the interval contains zero."};
    const std::string when = days.size() == 1 ? Date::of_utc(journal.steps.front().time).to_string()
                                              : counted(static_cast<double>(days.size()), "day", "days");
    std::string lead = fmt::format("On {} the desk made {} for {}; {}.", when, counted(steps, "decision", "decisions"),
                                   counted(number("orders"), "order", "orders"),
                                   guarded > 0.0 ? "a guard stopped or cut " + counted(guarded, "of them", "of them")
                                                 : std::string("no guard acted"));
    if (journal.steps.empty()) lead = "The desk has made no decision yet.";
    const auto cancels = std::count_if(journal.steps.begin(), journal.steps.end(),
                                       [](const StepRow& each) { return each.is_canceling; });
    if (cancels > 0) {
        lead += fmt::format(" {} called in all that worked of its order.",
                            counted(static_cast<double>(cancels), "decision", "decisions"));
    }
    if (state.flag(0, "kill_switch", false)) lead += " The kill switch is on: nothing is sent until it is released.";
    section.parts.emplace_back(Prose{{lead}, Prose::Kind::lead});
    const TableView reasons = journal.tables.view("desk_reasons");
    const double traded = total(reasons, "traded");
    section.parts.emplace_back(
        KeyNumbers{{plain("decisions", steps, {counted(traded, "sends something", "send something")}),
                    plain("orders finished", number("finished_orders"),
                          {counted(number("open_orders"), "still open", "still open")}),
                    error_number(journal.tables.view("desk_bias"))}});
    append_table(section.parts, steps_table(journal, "desk_reasons", "Why it traded or waited",
                                            {{.name = "action"}, {.name = "reason"}}));
    append_table(section.parts, steps_table(journal, "desk_tactics", "By which tactic", {{.name = "tactic"}}));
    return section;
}

Section rungs_section(const Journal& journal) {
    Section section{.id = "rungs", .title = "Rungs and guards, with reasons"};
    section.notes = {
        "The rung answers the forecast and the market's state; guards are limits that never read the model.",
        "A limit in observe mode is read and does not act."};
    const TableView rungs = journal.tables.view("desk_rungs");
    const TableView guards = journal.tables.view("desk_guards");
    if (rungs.rows() == 0) {
        section.parts.emplace_back(Prose{{"No step came to choose among candidates."}, Prose::Kind::lead});
        return section;
    }
    section.parts.emplace_back(Prose{rung_sentences(rungs), Prose::Kind::body});
    section.parts.emplace_back(Prose{guard_sentences(guards), Prose::Kind::body});
    section.parts.emplace_back(rung_figure(rungs));
    Figure near = near_figure(guards);
    if (!near.x.categories.empty()) section.parts.emplace_back(std::move(near));
    ShownTable shown = steps_table(journal, "desk_rungs", "Rungs", {{.name = "rung"}, {.name = "reason"}});
    shown.caption = "Tail: the predicted p95 that the rung was read from, over the tier's median.";
    shown.columns.push_back({.name = "least_tail_multiple", .label = "Least tail"});
    shown.columns.push_back({.name = "largest_tail_multiple", .label = "Largest tail"});
    append_table(section.parts, std::move(shown));
    append_table(section.parts, ShownTable{.table = journal.tables.table("desk_guards"),
                                           .title = "Guards",
                                           .caption = "In the order in which they act. Binding: the first that acted.",
                                           .columns = {{.name = "guard"},
                                                       {.name = "unit"},
                                                       {.name = "limit", .kind = NumberKind::significant},
                                                       {.name = "largest", .kind = NumberKind::significant},
                                                       {.name = "readings"},
                                                       {.name = "passed"},
                                                       {.name = "acted"},
                                                       {.name = "binding"}}});
    return section;
}

Section journal_section(const Journal& journal) {
    Section section{.id = "journal", .title = "What else the journal holds"};
    section.notes = {"A record holds one step whole, an outcome, a command, a model, a state, or how a desk began."};
    const DeskTables& tables = journal.tables;
    if (tables.view("desk_commands").rows() == 0) {
        section.parts.emplace_back(Prose{{"No command was given: no kill, no release, no promotion, no rollback."}});
    }
    append_table(section.parts, ShownTable{.table = tables.table("desk_commands"), .title = "Commands"});
    append_table(section.parts, ShownTable{.table = tables.table("desk_beginnings"),
                                           .title = "Beginnings",
                                           .caption = "A restart begins again in the same journal.",
                                           .columns = {{.name = "time"},
                                                       {.name = "engine_version"},
                                                       {.name = "seed"},
                                                       {.name = "options_digest"},
                                                       {.name = "champion"},
                                                       {.name = "champion_updates"},
                                                       {.name = "challenger"}}});
    append_table(section.parts, ShownTable{.table = tables.table("desk_models"), .title = "Models"});
    append_table(section.parts, ShownTable{.table = tables.table("desk_records"), .title = "Records"});
    return section;
}

}  // namespace slipcast::report
