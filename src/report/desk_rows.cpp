#include <fmt/format.h>

#include <array>
#include <utility>

#include "desk_sections.hpp"
#include "number_text.hpp"

namespace slipcast::report {

const Table& DeskTables::table(std::string_view name) const {
    for (const Table& each : *tables_) {
        if (each.name() == name) return each;
    }
    return none_;
}

namespace {

std::vector<StepRow> step_rows(const DeskTables& tables) {
    const TableView view = tables.view("desk_decisions");
    std::vector<StepRow> rows;
    rows.reserve(view.rows());
    for (std::size_t row = 0; row < view.rows(); ++row) {
        const auto number = [&](const char* name) { return view.number(row, name).value_or(0.0); };
        StepRow step;
        step.time = view.time(row, "time").value_or(Timestamp{});
        step.order = view.label(row, "order");
        step.side = view.label(row, "side");
        step.action = view.label(row, "action");
        step.reason = view.label(row, "reason");
        step.tactic = view.label(row, "tactic");
        step.rung = view.label(row, "rung");
        step.rung_reason = view.label(row, "rung_reason");
        step.guard = view.label(row, "binding");
        step.quantity = number("quantity");
        step.lit = number("lit");
        step.dark = number("dark");
        step.filled = number("filled");
        step.working = number("working");
        step.price = view.number(row, "price");
        step.bid = view.number(row, "bid");
        step.ask = view.number(row, "ask");
        step.mean = view.number(row, "mean_bps");
        step.p50 = view.number(row, "p50_bps");
        step.p95 = view.number(row, "p95_bps");
        step.miss_risk = view.number(row, "miss_risk");
        step.ladder_p95 = view.number(row, "ladder_p95_bps");
        step.tier_median = view.number(row, "tier_median_p95_bps");
        step.is_canceling = view.flag(row, "cancel_working", false);
        step.row = row;
        rows.push_back(std::move(step));
    }
    return rows;
}

std::vector<OrderRow> order_rows(const DeskTables& tables) {
    const TableView view = tables.view("desk_orders");
    std::vector<OrderRow> rows;
    rows.reserve(view.rows());
    for (std::size_t row = 0; row < view.rows(); ++row) {
        OrderRow order;
        order.order = view.label(row, "order");
        order.side = view.label(row, "side");
        order.rung = view.label(row, "rung");
        order.first = view.time(row, "first_time").value_or(Timestamp{});
        order.last = view.time(row, "last_time").value_or(Timestamp{});
        order.quantity = view.number(row, "quantity").value_or(0.0);
        order.steps = view.number(row, "steps").value_or(0.0);
        order.guarded = view.number(row, "guarded").value_or(0.0);
        order.is_finished = view.flag(row, "finished", false);
        order.mean = view.number(row, "mean_bps");
        order.p50 = view.number(row, "p50_bps");
        order.p90 = view.number(row, "p90_bps");
        order.p95 = view.number(row, "p95_bps");
        order.cost = view.number(row, "cost_bps");
        order.row = row;
        rows.push_back(std::move(order));
    }
    return rows;
}

}  // namespace

Journal read_journal(const std::vector<Table>& tables) {
    const DeskTables named(tables);
    return {named, step_rows(named), order_rows(named)};
}

std::string order_name(const OrderRow& order) {
    if (order.quantity == 0.0) return fmt::format("{}, {}", order.order, order.side);
    return fmt::format("{}, {} {}", order.order, order.side, quantity_text(order.quantity));
}

std::string step_note(const StepRow& step) {
    std::string note;
    if (step.action == "trade") {
        note = fmt::format("{} {} by {}", step.side, quantity_text(step.quantity), step.tactic);
        if (step.dark > 0.0) note += fmt::format(", {} of it dark", quantity_text(step.dark));
    } else {
        note = "waits";
    }
    note += ": " + step.reason;
    if (step.is_canceling) note += "\ncalls in all that works";
    if (!step.guard.empty()) note += "\nguard: " + step.guard;
    if (!step.rung.empty()) note += "\n" + step.rung + ": " + step.rung_reason;
    if (step.ladder_p95 && step.tier_median && *step.tier_median > 0.0) {
        note += fmt::format("\nread: p95 {} bps, {} times the tier's {}", fixed_text(*step.ladder_p95, 2),
                            fixed_text(*step.ladder_p95 / *step.tier_median, 2), fixed_text(*step.tier_median, 2));
    }
    if (step.mean) {
        note += fmt::format("\nforecast {} bps", fixed_text(*step.mean, 2));
        if (step.p95) note += fmt::format(", p95 {}", fixed_text(*step.p95, 2));
        if (step.miss_risk) note += fmt::format(", miss risk {}", percent_text(*step.miss_risk, 1));
    }
    return note;
}

double seconds_after(Timestamp origin, Timestamp time) {
    return static_cast<double>((time - origin).count()) / 1e9;
}

std::vector<Series> step_points(const std::vector<StepRow>& steps, const std::vector<double>& y, Timestamp origin) {
    const std::array<std::pair<const char*, Tone>, 4> looks{
        {{"GREEN", Tone::teal}, {"AMBER", Tone::ochre}, {"RED", Tone::red}, {"", Tone::neutral}}};
    std::vector<Series> all;
    for (const auto& [rung, tone] : looks) {
        Series series{.name = *rung == '\0' ? "did not come to choose" : rung, .kind = SeriesKind::points};
        series.tone = tone;
        for (std::size_t i = 0; i < steps.size(); ++i) {
            if (steps[i].rung != rung) continue;
            series.x.push_back(seconds_after(origin, steps[i].time));
            series.y.push_back(y[i]);
            series.size.push_back(steps[i].quantity);
            series.notes.push_back(step_note(steps[i]));
        }
        if (!series.x.empty()) all.push_back(std::move(series));
    }
    Series guarded{.name = "a guard acted", .kind = SeriesKind::points};
    guarded.tone = Tone::ink;
    for (std::size_t i = 0; i < steps.size(); ++i) {
        if (steps[i].guard.empty()) continue;
        guarded.x.push_back(seconds_after(origin, steps[i].time));
        guarded.y.push_back(y[i]);
        guarded.notes.push_back(step_note(steps[i]));
    }
    if (!guarded.x.empty()) all.push_back(std::move(guarded));
    return all;
}

std::string counted(double count, const std::string& one, const std::string& many) {
    if (count == 0.0) return "no " + many;
    const auto whole = static_cast<std::int64_t>(count);
    return count_text(whole) + " " + (whole == 1 ? one : many);
}

void append_table(std::vector<Part>& parts, ShownTable table) {
    if (table.table.rows() > 0) parts.emplace_back(std::move(table));
}

}  // namespace slipcast::report
