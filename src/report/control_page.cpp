#include "slipcast/report/control_page.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "slipcast/report/document.hpp"
#include "slipcast/report/figure.hpp"

namespace slipcast::report {
namespace {

/// Standard errors to each side of a band: 95 % of a normal.
constexpr double kBand = 1.96;

/// A column of numbers, not a number where missing.
std::vector<double> numbers(const Table& table, const std::string& name) {
    const Column* column = table.find(name);
    SLIPCAST_ASSERT(column != nullptr, "a study's tables have their columns");
    std::vector<double> values = std::get<std::vector<double>>(column->data);
    for (std::size_t row = 0; row < values.size(); ++row) {
        if (!column->is_valid(row)) values[row] = std::nan("");
    }
    return values;
}

std::vector<std::string> texts(const Table& table, const std::string& name) {
    const Column* column = table.find(name);
    SLIPCAST_ASSERT(column != nullptr, "a study's tables have their columns");
    return std::get<std::vector<std::string>>(column->data);
}

/// How a reader knows a rule.
std::string words(const std::string& rule) {
    if (rule == "order_0") return "ignores the factor";
    if (rule == "order_eps") return "order eps";
    if (rule == "order_eps2") return "through eps^2";
    if (rule == "plug_in") return "present variance plugged in";
    if (rule == "half_step") return "order eps, half step";
    if (rule == "seed") return "seed's rule";
    if (rule == "order_sqrt_delta") return "sqrt(delta) shift";
    if (rule == "order_delta") return "through delta";
    return rule;
}

/// Only what a logarithmic axis holds.
std::vector<double> positive(std::vector<double> values) {
    for (double& value : values) {
        if (!(value > 0.0)) value = std::nan("");
    }
    return values;
}

Figure loss_figure(const Table& table, const std::string& scale, const std::vector<std::string>& rules,
                   const std::string& title) {
    Figure figure;
    figure.title = title;
    const bool is_fast = scale == "time_scale";
    figure.x = {.title = is_fast ? "epsilon" : "delta",
                .unit = is_fast ? "days" : "1/day",
                .scale = Scale::logarithmic,
                .low = {},
                .high = {}};
    figure.y = {.title = "loss", .unit = "bps", .scale = Scale::logarithmic, .low = {}, .high = {}};
    for (const std::string& rule : rules) {
        Series series{.name = words(rule), .x = numbers(table, scale), .y = positive(numbers(table, rule))};
        series.marked = true;
        figure.series.push_back(std::move(series));
    }
    return figure;
}

Figure state_figure(const ControlStudy& study, const std::string& what, const std::string& title,
                    const std::string& unit) {
    Figure figure;
    figure.title = title;
    figure.x = {.title = "variance", .unit = "per day", .scale = Scale::linear, .low = {}, .high = {}};
    figure.y = {.title = title, .unit = unit, .scale = Scale::linear, .low = {}, .high = {}};
    for (const char* rule : {"order_0", "order_eps", "order_eps2", "half_step", "exact"}) {
        Series series{.name = words(rule),
                      .x = numbers(study.states, "variance"),
                      .y = numbers(study.states, std::string(rule) + "_" + what)};
        if (std::string(rule) != "exact") series.style = LineStyle::dashed;
        figure.series.push_back(std::move(series));
    }
    figure.references.push_back({.axis = Reference::Along::x, .at = study.options.mean_variance, .label = "mean"});
    figure.width = Width::half;
    return figure;
}

Figure speed_figure(const ControlStudy& study) {
    Figure figure;
    figure.title = "Closed-loop speeds of the exact policy";
    figure.caption =
        "How fast position and impact level return to where they belong, at each variance held fixed: real "
        "parts of the two eigenvalues, signs turned.";
    figure.x = {.title = "variance", .unit = "per day", .scale = Scale::linear, .low = {}, .high = {}};
    figure.y = {.title = "speed", .unit = "1/day", .scale = Scale::linear, .low = 0.0, .high = {}};
    for (const char* which : {"fast_speed", "slow_speed"}) {
        figure.series.push_back({.name = std::string(which) == "fast_speed" ? "position" : "impact level",
                                 .x = numbers(study.states, "variance"),
                                 .y = numbers(study.states, std::string("exact_") + which)});
    }
    return figure;
}

Figure paths_figure(const control::Simulation& simulation) {
    Figure figure;
    figure.title = "Risk-adjusted gain along paired paths";
    figure.caption =
        "Discounted objective gained since the start over the rule that ignores the factor, in 1e-4 of the unit "
        "of value; bands of 95 %.";
    figure.x = {.title = "time", .unit = "days", .scale = Scale::linear, .low = {}, .high = {}};
    figure.y = {.title = "gain", .unit = "1e-4", .scale = Scale::linear, .low = {}, .high = {}};
    for (std::size_t r = 1; r < simulation.rules.size(); ++r) {
        const control::SimulatedOutcome& rule = simulation.rules[r];
        if (rule.name != "order_eps" && rule.name != "order_eps2" && rule.name != "exact") continue;
        Series series{.name = words(rule.name), .x = simulation.checkpoints};
        for (const math::Moments& gain : rule.gain_until) {
            const double mean = 1e4 * gain.mean().value_or(0.0);
            const double half = kBand * 1e4 * gain.standard_error().value_or(0.0);
            series.y.push_back(mean);
            series.low.push_back(mean - half);
            series.high.push_back(mean + half);
        }
        figure.series.push_back(std::move(series));
    }
    return figure;
}

/// A guard's own name in words.
std::string guard_words(std::string guard) {
    std::replace(guard.begin(), guard.end(), '_', ' ');
    return guard;
}

/// A loss table under the names that the figure has.
ShownTable loss_table(const Table& table, const std::string& title, const std::string& caption) {
    ShownTable shown{.table = table, .title = title, .caption = caption};
    for (const Column& column : table.columns()) {
        const bool is_rule = column.meta.unit == "bps";
        shown.columns.push_back({.name = column.meta.name,
                                 .label = is_rule ? words(column.meta.name) : "",
                                 .kind = is_rule ? NumberKind::significant : NumberKind::automatic});
    }
    return shown;
}

/// A gain and its standard error, to the hundredth of their unit.
std::vector<ShownColumn> gain_columns(std::vector<ShownColumn> first) {
    const auto add = [&](const char* name, const char* label, NumberKind kind) {
        first.push_back({.name = name, .label = label, .kind = kind});
    };
    add("exact_gain", "Gain, exact", NumberKind::bps);
    add("gain", "Gain, paths", NumberKind::bps);
    add("gain_error", "\u00b1", NumberKind::bps);
    add("exact_profit_gain", "Profit gain, exact", NumberKind::bps);
    add("profit_gain", "Profit gain, paths", NumberKind::bps);
    add("profit_gain_error", "\u00b1 profit", NumberKind::bps);
    add("profit_deviation", "Deviation of profit", NumberKind::automatic);
    return first;
}

/// A row of the guard table under an axis: the guard and the number of its setting.
std::string guard_label(const std::string& guard, const std::string& setting, double held, double shortest) {
    std::string label = guard_words(guard);
    const std::size_t begin = setting.find_first_of("0123456789");
    if (begin != std::string::npos) label += " " + setting.substr(begin, setting.find(' ', begin) - begin);
    return held > shortest ? label + ", daily" : label;
}

/// What the guard table says in figure and words.
struct GuardStory {
    Figure figure;
    std::vector<std::string> idle;
};

GuardStory guard_story(const Table& table) {
    GuardStory story;
    story.figure.title = "Risk-adjusted gain of each guard that acted";
    story.figure.caption =
        "Over the same rule without guards, decided as often; below zero a guard costs that much. Bars of 95 %; exact "
        "where the guarded rule stays linear.";
    story.figure.x = {.title = "", .unit = "", .scale = Scale::linear, .low = {}, .high = {}};
    story.figure.y = {.title = "gain", .unit = "1e-4", .scale = Scale::linear, .low = {}, .high = {}};
    const std::vector<std::string> guard = texts(table, "guard");
    const std::vector<std::string> setting = texts(table, "setting");
    const std::vector<double> held = numbers(table, "held");
    const std::vector<double> acted = numbers(table, "acted");
    const std::vector<double> gain = numbers(table, "gain");
    const std::vector<double> error = numbers(table, "gain_error");
    const std::vector<double> exact = numbers(table, "exact_gain");
    Series paths{.name = "paired paths", .kind = SeriesKind::bars};
    Series priced{.name = "exact price", .kind = SeriesKind::bars};
    for (std::size_t r = 0; r < guard.size(); ++r) {
        if (guard[r] == "none") continue;
        const std::string label = guard_label(guard[r], setting[r], held[r], held.front());
        if (acted[r] == 0.0) {
            story.idle.push_back(label);
            continue;
        }
        const auto place = static_cast<double>(story.figure.x.categories.size());
        story.figure.x.categories.push_back(label);
        paths.x.push_back(place);
        paths.y.push_back(gain[r]);
        paths.low.push_back(gain[r] - kBand * error[r]);
        paths.high.push_back(gain[r] + kBand * error[r]);
        priced.x.push_back(place);
        priced.y.push_back(exact[r]);
    }
    story.figure.series = {std::move(paths), std::move(priced)};
    return story;
}

KeyNumber key(const Table& table, std::size_t row, const char* value, const char* error, const std::string& label) {
    const double mean = numbers(table, value)[row];
    const double half = kBand * numbers(table, error)[row];
    return {.label = label,
            .value = mean,
            .unit = "1e-4",
            .low = mean - half,
            .high = mean + half,
            .kind = NumberKind::bps,
            .sign = SignTag::gain,
            .notes = {"95 % interval over paired paths"}};
}

Section message_section(const ControlStudy& study) {
    const Table& table = study.paired.table;
    const double exact = numbers(table, "exact_gain")[1];
    const double profit = numbers(table, "exact_profit_gain")[1];
    Section section{.id = "gain", .title = "What following the fast factor is worth"};
    section.notes = {fmt::format("From variance {} with mean {}, over {} days.", study.options.start_variance,
                                 study.options.mean_variance, study.simulation.horizon)};
    section.parts.push_back(Prose{
        {fmt::format(
            "The correction of order epsilon changes the risk-adjusted objective by {:.2f} and the expected profit by "
            "{:.1f} (1e-4 of the unit of value, exact). What it improves is profit net of the price of risk; the "
            "profit alone may fall.",
            exact, profit)},
        Prose::Kind::lead});
    section.parts.push_back(
        KeyNumbers{{key(table, 1, "gain", "gain_error", "risk-adjusted gain, order eps"),
                    key(table, 1, "profit_gain", "profit_gain_error", "expected profit, order eps")}});
    section.parts.push_back(paths_figure(study.paired.simulation));
    section.parts.push_back(ShownTable{.table = table,
                                       .title = "Every rule over the same paths",
                                       .caption = "Gains over the first row, in 1e-4 of the unit of value.",
                                       .columns = gain_columns({{.name = "rule"}})});
    return section;
}

Section loss_section(const ControlStudy& study) {
    Section section{.id = "loss", .title = "Loss against the exact policy"};
    section.notes = {
        "Priced by linear equations, without Monte Carlo noise. A straight line is a power of the time scale."};
    section.parts.push_back(loss_figure(study.fast_loss, "time_scale",
                                        {"order_0", "order_eps", "order_eps2", "plug_in", "half_step"},
                                        "Fast factor: loss over epsilon"));
    section.parts.push_back(loss_table(study.fast_loss, "Fast factor", ""));
    section.parts.push_back(loss_figure(study.slow_loss, "slow_time_scale",
                                        {"order_0", "order_sqrt_delta", "order_delta"},
                                        "Slow factor: loss over delta"));
    section.parts.push_back(
        loss_table(study.slow_loss, "Slow factor", "For a large delta the first correction alone is worse than none."));
    return section;
}

Section states_section(const ControlStudy& study) {
    Section section{.id = "states", .title = "Aim and rate over the variance"};
    section.notes = {fmt::format("epsilon = {}.", study.options.time_scale),
                     "When variance is high the exact policy trades faster towards a smaller aim."};
    section.parts.push_back(state_figure(study, "rate", "Rate", "1/day"));
    section.parts.push_back(state_figure(study, "aim", "Aim for a signal of one", "limit"));
    section.parts.push_back(speed_figure(study));
    return section;
}

Section guards_section(const ControlStudy& study) {
    const Table& table = study.guards.table;
    Section section{.id = "guards", .title = "What each guard costs"};
    section.notes = {
        "One guard at a time around the rule of order epsilon, at its default and tightened, decided at every step and "
        "held over it; "
        "then the native set and the seed's; then decided once a day."};
    GuardStory story = guard_story(table);
    if (!story.idle.empty()) {
        section.parts.push_back(
            Prose{{fmt::format("Did not bind on any decision of these paths, so cost nothing here: {}.",
                               fmt::join(story.idle, "; "))},
                  Prose::Kind::lead});
    }
    section.parts.push_back(Prose{{"Not on this page: the denominator guard acts on a rule that has no positive rate, "
                                   "recalibration and the slippage guard on "
                                   "measured slippage, and fills on these paths cost what the model expects."},
                                  Prose::Kind::note});
    if (!story.figure.x.categories.empty()) section.parts.push_back(std::move(story.figure));
    section.parts.push_back(ShownTable{
        .table = table,
        .title = "Guards over the same paths",
        .caption = "Acted: share of decisions that a guard changed. Gains over the first row decided as often.",
        .columns = gain_columns({{.name = "guard"},
                                 {.name = "setting"},
                                 {.name = "held"},
                                 {.name = "acted", .kind = NumberKind::significant}})});
    return section;
}

}  // namespace

Result<std::string> control_page(const ControlStudy& study) {
    control::StudyOptions options = study.options;
    control::SimulationOptions simulation = study.simulation;
    Document page;
    page.title = "How fast to trade";
    page.kicker = "control study";
    page.extent = {fmt::format("{} paths", study.simulation.paths), fmt::format("{} days", study.simulation.horizon),
                   fmt::format("seed {}", study.simulation.seed)};
    for (const Settings& group : {options.settings(), simulation.settings()}) {
        for (const Setting& setting : group.all()) {
            // What does not change a number does not belong on the page: the same study gives the same bytes.
            if (setting.name != "threads") page.provenance.emplace(setting.name, setting.get());
        }
    }
    page.closing =
        "Value and profit are in daily volatilities of price times the position limit; gains in 1e-4 of that. The "
        "market is the example of arXiv:2507.17162 unless the options say otherwise.";
    page.sections = {message_section(study), loss_section(study), states_section(study), guards_section(study)};
    return document(page);
}

}  // namespace slipcast::report
