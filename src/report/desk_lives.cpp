#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "desk_sections.hpp"
#include "number_text.hpp"

namespace slipcast::report {
namespace {

constexpr std::size_t kLives = 3;
constexpr std::size_t kMostSteps = 4'000;  ///< of one order, drawn
constexpr std::size_t kMostRows = 20;      ///< of its table

/// One order to be shown, and why this one.
struct Life {
    OrderRow order;
    std::string why;
};

/// The order with the most guard actions, then those that cost most, then the longest.
std::vector<Life> chosen_lives(const std::vector<OrderRow>& orders) {
    std::vector<Life> lives;
    const auto take = [&](auto value, double above, const char* why, std::size_t most) {
        std::vector<const OrderRow*> sorted;
        for (const OrderRow& each : orders) {
            const bool is_taken =
                std::any_of(lives.begin(), lives.end(), [&](const Life& life) { return life.order.row == each.row; });
            if (!is_taken && value(each) > above) sorted.push_back(&each);
        }
        std::stable_sort(sorted.begin(), sorted.end(),
                         [&](const OrderRow* a, const OrderRow* b) { return value(*a) > value(*b); });
        for (std::size_t i = 0; i < std::min(sorted.size(), most) && lives.size() < kLives; ++i) {
            lives.push_back({*sorted[i], why});
        }
    };
    take([](const OrderRow& each) { return each.guarded; }, 0.0, "the most guard actions", 1);
    take([](const OrderRow& each) { return each.cost.value_or(-HUGE_VAL); }, -HUGE_VAL, "the highest cost", 2);
    take([](const OrderRow& each) { return each.steps; }, 0.0, "the most steps", kLives);
    return lives;
}

std::vector<StepRow> steps_of(const std::vector<StepRow>& steps, const OrderRow& order) {
    std::vector<StepRow> made;
    for (const StepRow& each : steps) {
        const bool is_its = each.order == order.order && each.time >= order.first && each.time <= order.last;
        if (is_its && made.size() < kMostSteps) made.push_back(each);
    }
    return made;
}

Axis time_axis(Timestamp origin) {
    Axis axis{.title = "time", .unit = "UTC"};
    axis.origin = origin;
    return axis;
}

Figure price_figure(const Life& life, const std::vector<StepRow>& steps) {
    Figure figure;
    figure.title = "Limits of the children in their market";
    figure.caption =
        "Band: bid to ask at each step. A mark: the limit of what was sent, by rung; a ring: a guard acted.";
    const Timestamp origin = life.order.first;
    figure.x = time_axis(origin);
    figure.y = {.title = "price", .unit = ""};
    Series market{.name = "bid to ask", .kind = SeriesKind::steps};
    market.tone = Tone::neutral;
    std::vector<StepRow> priced;
    std::vector<double> price;
    for (const StepRow& each : steps) {
        const bool has_market = each.bid && each.ask && *each.bid <= *each.ask;
        market.x.push_back(seconds_after(origin, each.time));
        market.y.push_back(has_market ? (*each.bid + *each.ask) / 2.0 : std::nan(""));
        market.low.push_back(has_market ? *each.bid : std::nan(""));
        market.high.push_back(has_market ? *each.ask : std::nan(""));
        if (!each.price) continue;
        priced.push_back(each);
        price.push_back(*each.price);
    }
    figure.series.push_back(std::move(market));
    for (Series& each : step_points(priced, price, origin)) {
        // The tip tells everything of one time: the mark inside the ring says it already.
        if (each.size.empty()) each.notes.clear();
        figure.series.push_back(std::move(each));
    }
    figure.labels = Labels::legend;
    figure.zero_line = false;
    figure.height = 280;
    return figure;
}

Figure filled_figure(const Life& life, const std::vector<StepRow>& steps) {
    Figure figure;
    figure.title = "Filled and working";
    const Timestamp origin = life.order.first;
    figure.x = time_axis(origin);
    figure.y = {.title = "units", .unit = ""};
    figure.y.low = 0.0;
    Series filled{.name = "filled", .kind = SeriesKind::steps};
    filled.tone = Tone::accent;
    Series working{.name = "with working", .kind = SeriesKind::steps};
    working.tone = Tone::neutral;
    working.style = LineStyle::dashed;
    for (const StepRow& each : steps) {
        filled.x.push_back(seconds_after(origin, each.time));
        filled.y.push_back(each.filled);
        working.x.push_back(filled.x.back());
        working.y.push_back(each.filled + each.working);
    }
    figure.series = {std::move(working), std::move(filled)};
    if (life.order.quantity > 0.0) {
        figure.references.push_back({.axis = Reference::Along::y, .at = life.order.quantity, .label = "ordered"});
    }
    figure.labels = Labels::legend;
    figure.width = Width::half;
    figure.height = 240;
    return figure;
}

Figure forecast_figure(const Life& life, const std::vector<StepRow>& steps) {
    Figure figure;
    figure.title = "What each step forecast for the rest";
    const Timestamp origin = life.order.first;
    figure.x = time_axis(origin);
    figure.y = {.title = "cost", .unit = "bps"};
    Series mean{.name = "mean", .kind = SeriesKind::steps};
    mean.tone = Tone::accent;
    Series tail{.name = "median to p95", .kind = SeriesKind::steps};
    tail.tone = Tone::neutral;
    for (const StepRow& each : steps) {
        const double at = seconds_after(origin, each.time);
        mean.x.push_back(at);
        mean.y.push_back(each.mean.value_or(std::nan("")));
        tail.x.push_back(at);
        const bool has_band = each.p50 && each.p95 && *each.p50 <= *each.p95;
        tail.y.push_back(has_band ? *each.p50 : std::nan(""));
        tail.low.push_back(has_band ? *each.p50 : std::nan(""));
        tail.high.push_back(has_band ? *each.p95 : std::nan(""));
    }
    figure.series = {std::move(tail), std::move(mean)};
    if (life.order.cost) {
        figure.references.push_back({.axis = Reference::Along::y, .at = *life.order.cost, .label = "realized"});
    }
    figure.labels = Labels::legend;
    figure.width = Width::half;
    figure.height = 240;
    return figure;
}

/// The rows of `source` at the given places.
Table picked(const Table& source, const std::vector<StepRow>& steps) {
    Table made(source.name());
    for (Column column : source.columns()) {
        const Column whole = column;
        std::visit(
            [&](auto& data) {
                using Data = std::decay_t<decltype(data)>;
                const auto& from = std::get<Data>(whole.data);
                const auto pick = [&](auto& values, const auto& all) {
                    values.clear();
                    for (const StepRow& each : steps) values.push_back(all[each.row]);
                };
                if constexpr (std::is_same_v<Data, DictionaryColumn>) {
                    pick(data.code, from.code);
                } else if constexpr (std::is_same_v<Data, MoneyColumn>) {
                    pick(data.units, from.units);
                } else if constexpr (std::is_same_v<Data, BoolColumn>) {
                    pick(data.value, from.value);
                } else {
                    pick(data, from);
                    if constexpr (std::is_same_v<Data, std::vector<Timestamp>>) {
                        // A reader has no use for more than milliseconds.
                        for (Timestamp& each : data) each = each - Duration{each.ns() % 1'000'000};
                    }
                }
            },
            column.data);
        if (!whole.valid.empty()) {
            column.valid.clear();
            for (const StepRow& each : steps) column.valid.push_back(whole.valid[each.row]);
        }
        made.add(std::move(column));
    }
    return made;
}

ShownTable steps_table(const Journal& journal, const std::vector<StepRow>& steps) {
    ShownTable table{.table = picked(journal.tables.table("desk_decisions"), steps)};
    table.columns = {{.name = "time"},
                     {.name = "action"},
                     {.name = "quantity"},
                     {.name = "dark"},
                     {.name = "tactic"},
                     {.name = "participation", .kind = NumberKind::ratio},
                     {.name = "rung"},
                     {.name = "binding", .label = "Guard"},
                     {.name = "mean_bps", .label = "Forecast"},
                     {.name = "p95_bps", .label = "p95"},
                     {.name = "miss_risk", .kind = NumberKind::ratio}};
    table.most_rows = kMostRows;
    return table;
}

/// The rung of each step can be checked from it.
ShownTable rungs_table(const Journal& journal, const std::vector<StepRow>& steps) {
    ShownTable table{.table = picked(journal.tables.table("desk_decisions"), steps),
                     .title = "What the rungs were read from",
                     .caption = "The tail and deviations are those of the choice were nothing forbidden."};
    table.columns = {{.name = "time"},
                     {.name = "rung"},
                     {.name = "ladder_p95_bps", .label = "p95"},
                     {.name = "tier_median_p95_bps", .label = "Tier's p95"},
                     {.name = "ladder_epistemic_sd_bps", .label = "Epistemic"},
                     {.name = "ladder_aleatoric_sd_bps", .label = "Aleatoric"},
                     {.name = "symbol_observations", .label = "Orders seen"},
                     {.name = "stressed", .label = "Stress"},
                     {.name = "portfolio"},
                     {.name = "cancel_working", .label = "Cancels"}};
    table.most_rows = kMostRows;
    return table;
}

std::string life_sentence(const Life& life, const std::vector<StepRow>& steps) {
    const OrderRow& order = life.order;
    std::string text =
        fmt::format("Order {}, for {}: {}", order_name(order), life.why, counted(order.steps, "step", "steps"));
    if (order.guarded > 0.0) text += fmt::format(", a guard acted at {}", counted(order.guarded, "of them", "of them"));
    text += ".";
    if (order.cost) {
        text += fmt::format(" It cost {} bps", fixed_text(*order.cost, 2));
        if (order.mean && order.p95) {
            text += fmt::format(" where {} were forecast, with {} at the 0.95 quantile", fixed_text(*order.mean, 2),
                                fixed_text(*order.p95, 2));
        }
        text += ".";
    } else {
        text += order.is_finished ? " Its cost is not known." : " It is still open.";
    }
    if (!steps.empty() && static_cast<double>(steps.size()) < order.steps) {
        text += fmt::format(" Its first {} steps are drawn.", count_text(static_cast<std::int64_t>(steps.size())));
    }
    return text;
}

}  // namespace

Section lives_section(const Journal& journal) {
    Section section{.id = "orders", .title = "Single orders, step by step"};
    section.wide = true;
    section.notes = {"Chosen by what they show: guards that acted, high costs.",
                     "Filled and working are what the desk was told at each step, before it decided."};
    for (const Life& life : chosen_lives(journal.orders)) {
        const std::vector<StepRow> steps = steps_of(journal.steps, life.order);
        if (steps.empty()) continue;
        section.parts.emplace_back(Prose{{life_sentence(life, steps)}, Prose::Kind::lead});
        const auto has_price = [](const StepRow& each) { return each.price || (each.bid && each.ask); };
        if (std::any_of(steps.begin(), steps.end(), has_price)) section.parts.emplace_back(price_figure(life, steps));
        section.parts.emplace_back(filled_figure(life, steps));
        const auto has_forecast = [](const StepRow& each) { return each.mean.has_value(); };
        if (std::any_of(steps.begin(), steps.end(), has_forecast)) {
            section.parts.emplace_back(forecast_figure(life, steps));
        }
        section.parts.emplace_back(steps_table(journal, steps));
        section.parts.emplace_back(rungs_table(journal, steps));
    }
    if (section.parts.empty()) {
        section.parts.emplace_back(Prose{{"The journal holds no order yet."}, Prose::Kind::lead});
    }
    return section;
}

}  // namespace slipcast::report
