#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <tuple>

#include "desk_sections.hpp"
#include "number_text.hpp"

namespace slipcast::report {
namespace {

constexpr std::size_t kMostLanes = 24;
constexpr std::size_t kMostMarks = 6'000;  ///< in one figure: a page of more is slow and the reader sees no more
constexpr std::size_t kMostDays = 60;
constexpr int kBins = 48;
constexpr int kLaneHeight = 25;

std::string day_of(Timestamp time) {
    return Date::of_utc(time).to_string();
}

/// Steps of the UTC day with the most of them.
struct BusyDay {
    std::string day;
    std::vector<StepRow> steps;
    std::size_t days = 0;
};

BusyDay busiest(const std::vector<StepRow>& steps) {
    std::map<std::string, std::size_t> counts;
    for (const StepRow& each : steps) ++counts[day_of(each.time)];
    BusyDay busy{.day = {}, .steps = {}, .days = counts.size()};
    std::size_t most = 0;
    for (const auto& [day, count] : counts) {
        if (count > most) busy.day = day;
        most = std::max(most, count);
    }
    std::copy_if(steps.begin(), steps.end(), std::back_inserter(busy.steps),
                 [&](const StepRow& each) { return day_of(each.time) == busy.day; });
    return busy;
}

/// One order's steps of the day.
struct Lane {
    std::string name;
    std::vector<StepRow> steps{};
    std::size_t guarded = 0;
    std::size_t careful = 0;  ///< steps on AMBER or RED
    double largest = 0.0;     ///< quantity of a step
};

std::vector<Lane> lanes_of(const std::vector<StepRow>& steps, const std::vector<OrderRow>& orders) {
    std::map<std::string, std::string> names;
    for (const OrderRow& each : orders) names.emplace(each.order, order_name(each));
    std::map<std::string, std::size_t> at;
    std::vector<Lane> lanes;
    for (const StepRow& each : steps) {
        const auto [found, is_new] = at.try_emplace(each.order, lanes.size());
        if (is_new) lanes.push_back({.name = names[each.order], .steps = {}});
        Lane& lane = lanes[found->second];
        lane.steps.push_back(each);
        if (!each.guard.empty()) ++lane.guarded;
        if (each.rung == "AMBER" || each.rung == "RED") ++lane.careful;
        lane.largest = std::max(lane.largest, each.quantity);
    }
    return lanes;
}

/// More guard actions first, then more steps off GREEN, then more steps.
auto rank(const Lane& lane) {
    return std::tuple(lane.guarded, lane.careful, lane.steps.size());
}

/// The first lanes by rank, as many as a reader can follow; in the order of time.
std::vector<Lane> shown_lanes(std::vector<Lane> lanes) {
    std::vector<std::size_t> order(lanes.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return rank(lanes[a]) > rank(lanes[b]); });
    std::set<std::size_t> kept;
    std::size_t marks = 0;
    for (const std::size_t each : order) {
        marks += lanes[each].steps.size();
        if (kept.size() == kMostLanes || (marks > kMostMarks && !kept.empty())) break;
        kept.insert(each);
    }
    std::vector<Lane> shown;
    for (const std::size_t each : kept) shown.push_back(std::move(lanes[each]));
    return shown;
}

/// Kill and release of the day as upright lines.
void mark_commands(Figure& figure, const Journal& journal, const std::string& day, Timestamp origin) {
    const TableView commands = journal.tables.view("desk_commands");
    for (std::size_t row = 0; row < commands.rows(); ++row) {
        const Timestamp time = commands.time(row, "time").value_or(Timestamp{});
        const double at = seconds_after(origin, time);
        if (day_of(time) != day || at < 0.0) continue;
        figure.references.push_back({.axis = Reference::Along::x, .at = at, .label = commands.label(row, "command")});
    }
}

Figure lanes_figure(const BusyDay& busy, const std::vector<Lane>& lanes, std::size_t of) {
    Figure figure;
    figure.title = busy.days > 1 ? fmt::format("Decisions of {}, the busiest of {} days", busy.day, busy.days)
                                 : fmt::format("Decisions of {}", busy.day);
    figure.caption =
        "A bar a step; the highest of a lane is the order's largest child, the lowest ones wait. A dot under it: a "
        "guard "
        "stopped or cut the child.";
    if (lanes.size() < of) {
        figure.caption += fmt::format(
            " Of {} orders the {} with the most guard actions, then the most steps off GREEN.", of, lanes.size());
    }
    const Timestamp origin = busy.steps.front().time;
    figure.x = {.title = "time", .unit = "UTC"};
    figure.x.origin = origin;
    std::vector<StepRow> steps;
    std::vector<double> y;
    // The first order stands at the top.
    for (std::size_t i = lanes.size(); i-- > 0;) {
        for (const StepRow& each : lanes[i].steps) {
            steps.push_back(each);
            y.push_back(static_cast<double>(figure.y.categories.size()));
        }
        figure.y.categories.push_back(lanes[i].name);
    }
    figure.series = step_points(steps, y, origin);
    for (Series& series : figure.series) {
        for (std::size_t i = 0; i < series.size.size(); ++i) {
            const double largest = lanes[lanes.size() - 1 - static_cast<std::size_t>(series.y[i])].largest;
            series.size[i] = largest > 0.0 ? series.size[i] / largest : 0.0;
        }
    }
    figure.labels = Labels::legend;
    figure.zero_line = false;
    figure.height = std::clamp(70 + kLaneHeight * static_cast<int>(lanes.size()), 150, 700);
    return figure;
}

/// Steps a bin, stacked by rung.
struct Bins {
    std::vector<double> from, to;
    std::vector<std::size_t> bin;  ///< of each step
};

std::vector<Series> stacked_rungs(const std::vector<StepRow>& steps, const Bins& bins) {
    std::vector<Series> all;
    const auto add = [&](const char* rung, const char* name, Tone tone) {
        Series series{.name = name, .kind = SeriesKind::bars, .x = bins.from};
        series.x_high = bins.to;
        series.y.assign(bins.from.size(), 0.0);
        series.tone = tone;
        double total = 0.0;
        for (std::size_t i = 0; i < steps.size(); ++i) {
            if (steps[i].rung != rung) continue;
            series.y[bins.bin[i]] += 1.0;
            total += 1.0;
        }
        if (total > 0.0) all.push_back(std::move(series));
    };
    add("GREEN", "GREEN", Tone::teal);
    add("AMBER", "AMBER", Tone::ochre);
    add("RED", "RED", Tone::red);
    add("", "did not come to choose", Tone::neutral);
    return all;
}

Figure day_figure(const BusyDay& busy, const Journal& journal) {
    Figure figure;
    figure.title = "Steps by rung over the day";
    const Timestamp origin = busy.steps.front().time;
    double last = 1.0;
    for (const StepRow& each : busy.steps) last = std::max(last, seconds_after(origin, each.time));
    const double width = last / kBins * (1.0 + 1e-9);
    Bins bins;
    for (int i = 0; i < kBins; ++i) {
        bins.from.push_back(width * i);
        bins.to.push_back(width * (i + 1));
    }
    for (const StepRow& each : busy.steps) {
        const auto at = static_cast<std::size_t>(std::max(0.0, seconds_after(origin, each.time) / width));
        bins.bin.push_back(std::min(at, bins.from.size() - 1));
    }
    figure.x = {.title = "time", .unit = "UTC"};
    figure.x.origin = origin;
    figure.y = {.title = "steps", .unit = ""};
    figure.series = stacked_rungs(busy.steps, bins);
    figure.stacked = true;
    figure.height = 220;
    mark_commands(figure, journal, busy.day, origin);
    return figure;
}

Figure days_figure(const std::vector<StepRow>& steps) {
    Figure figure;
    std::set<std::string> all;
    for (const StepRow& each : steps) all.insert(day_of(each.time));
    std::vector<std::string> days(all.begin(), all.end());
    if (days.size() > kMostDays) days.erase(days.begin(), days.end() - static_cast<std::ptrdiff_t>(kMostDays));
    figure.title = days.size() < all.size()
                       ? fmt::format("Steps by rung, the last {} of {} days", days.size(), all.size())
                       : "Steps by rung and day";
    Bins bins;
    std::vector<StepRow> shown;
    for (const StepRow& each : steps) {
        const auto found = std::lower_bound(days.begin(), days.end(), day_of(each.time));
        if (found == days.end() || *found != day_of(each.time)) continue;
        shown.push_back(each);
        bins.bin.push_back(static_cast<std::size_t>(found - days.begin()));
    }
    for (std::size_t i = 0; i < days.size(); ++i) bins.from.push_back(static_cast<double>(i));
    figure.x = {.title = "UTC day", .unit = ""};
    figure.x.categories = days;
    figure.y = {.title = "steps", .unit = ""};
    figure.series = stacked_rungs(shown, bins);
    figure.stacked = true;
    figure.height = 220;
    return figure;
}

}  // namespace

Section timeline_section(const Journal& journal) {
    Section section{.id = "timeline", .title = "Decisions over time"};
    section.wide = true;
    const std::vector<StepRow>& steps = journal.steps;
    if (steps.empty()) {
        section.parts.emplace_back(Prose{{"The journal holds no step yet."}, Prose::Kind::lead});
        return section;
    }
    section.notes = {"A lane an order; the color is the rung, and pointing at a bar says what was decided and why.",
                     "Rung: how careful the desk is. GREEN normal, AMBER smaller and slower, RED defensive."};
    const BusyDay busy = busiest(steps);
    std::vector<Lane> lanes = lanes_of(busy.steps, journal.orders);
    const std::size_t of = lanes.size();
    lanes = shown_lanes(std::move(lanes));
    Figure figure = lanes_figure(busy, lanes, of);
    mark_commands(figure, journal, busy.day, busy.steps.front().time);
    section.parts.emplace_back(std::move(figure));
    section.parts.emplace_back(day_figure(busy, journal));
    if (busy.days > 1) section.parts.emplace_back(days_figure(steps));
    return section;
}

}  // namespace slipcast::report
