#include "order_story.hpp"

#include <algorithm>
#include <string>

#include "slipcast/core/table_builder.hpp"

namespace slipcast::desk::detail {

bool has_readings(const Decision& decision) {
    return std::any_of(decision.guards.begin(), decision.guards.end(),
                       [](const GuardReading& each) { return each.value != 0.0 || each.limit != 0.0; });
}

std::int64_t children_of(const Decision& decision) {
    if (decision.action == Action::wait) return 0;
    const auto begin = decision.dark.values.begin();
    return (decision.lit > 0 ? 1 : 0) +
           std::count_if(begin, begin + decision.dark.size, [](std::int64_t quantity) { return quantity > 0; });
}

void OrderStories::add(const Context& context, const Decision& decision) {
    const auto [at, is_new] = open_.try_emplace(decision.order, all_.size());
    if (is_new) {
        all_.emplace_back();
        all_.back().order = decision.order;
        all_.back().first = decision.time;
    }
    OrderStory& story = all_[at->second];
    story.kind = context.kind;
    story.side = decision.side;
    story.last = std::max(story.last, decision.time);
    story.quantity = context.quantity;
    if (context.kind == market::OrderKind::work) {
        story.filled = context.filled;
        story.filled_since = 0;
    }
    ++story.steps;
    story.children += children_of(decision);
    if (decision.binding != Guard::none) ++story.held;
    story.has_place |= decision.reason != Reason::bad_context && decision.reason != Reason::no_room;
    story.is_canceling = decision.cancel_working;
    if (decision.cancel_working) ++story.cancels;
    if (!has_plan(decision)) return;
    story.ladder = decision.ladder;
    ++story.rungs[static_cast<std::size_t>(decision.ladder.rung)];
    if (story.has_forecast || !std::isfinite(decision.forecast.mean)) return;
    story.has_forecast = true;
    story.forecast = decision.forecast;
    story.miss_risk = decision.candidates.values[decision.chosen].miss_risk;
}

void OrderStories::add(const Outcome& outcome, const Lesson& lesson) {
    const auto at = open_.find(outcome.order);
    if (at == open_.end()) return;
    if (lesson.taken == Taken::refused) {
        ++all_[at->second].refused;
        return;
    }
    OrderStory& story = all_[at->second];
    story.last = std::max(story.last, outcome.time);
    if (outcome.kind == OutcomeKind::filled) story.filled_since += outcome.filled;
    if (outcome.kind != OutcomeKind::finished) return;
    story.is_finished = true;
    story.is_complete = outcome.is_complete;
    story.is_discretionary = outcome.is_discretionary;
    story.cost_bps = outcome.cost_bps;
    open_.erase(at);
}

std::string_view kind_name(market::OrderKind kind) {
    return kind == market::OrderKind::work ? "work" : "target";
}

namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

std::string_view most_rung(const OrderStory& story) {
    if (!story.has_planned()) return {};
    const auto most = std::max_element(story.rungs.begin(), story.rungs.end());
    return name(static_cast<Rung>(most - story.rungs.begin()));
}

std::string_view fell_in(const OrderStory& story) {
    if (!story.is_scored()) return {};
    if (story.cost_bps <= story.forecast.p50) return "up to p50";
    if (story.cost_bps <= story.forecast.p90) return "p50 to p90";
    if (story.cost_bps <= story.forecast.p95) return "p90 to p95";
    return story.cost_bps <= story.forecast.p99 ? "p95 to p99" : "above p99";
}

void add_life(TableBuilder& table, const std::vector<OrderStory>& orders) {
    using Each = const OrderStory&;
    const auto word = [&](const char* name, auto value, const char* meaning) {
        table.add(plain(name, meaning), words(orders.size(), of(orders, value)));
    };
    const auto add = [&](const char* name, const char* unit, auto value, const char* meaning) {
        table.add(plain(name, meaning, unit), of(orders, value));
    };
    word("order", [](Each o) { return std::to_string(o.order); }, "key of the parent");
    word("kind", [](Each o) { return kind_name(o.kind); }, "work or target");
    word("side", [](Each o) { return name(o.side); }, "buy or sell, at the last step");
    add("first_time", "ns", &OrderStory::first, "of the first step");
    add("last_time", "ns", &OrderStory::last, "of the last step or outcome");
    add("steps", "", &OrderStory::steps, "decisions made for it");
    add("children", "", &OrderStory::children, "orders the decisions sent, lit and dark");
    add("guarded", "", &OrderStory::held, "steps at which a guard acted");
    add("quantity", "units", &OrderStory::quantity, "of the parent (work)");
    add(
        "filled", "units", [](Each o) { return o.filled + o.filled_since; },
        "as the last step said, and by outcomes after it");
    add("open", "", &OrderStory::is_open, "the desk took it up, and its end is not in the journal");
    add("finished", "", &OrderStory::is_finished, "its end is in the journal");
    add("complete", "", &OrderStory::is_complete, "filled whole by its deadline; missing when it was not said");
    word("rung", most_rung, "taken at most of its steps");
    add("cancels", "", &OrderStory::cancels, "steps that called in all that worked");
    add("canceling", "", &OrderStory::is_canceling, "the last step calls in all that works (cancel_working)");
    add("refused", "", &OrderStory::refused, "outcomes told of it that cannot have been and changed nothing");
}

/// What the ladder read at the last step that came to choose.
void add_ladder(TableBuilder& table, const std::vector<OrderStory>& orders) {
    const auto rung = [](const OrderStory& o) { return o.has_planned() ? name(o.ladder.rung) : std::string_view{}; };
    table.add(plain("last_rung", "at its last step that came to choose"), words(orders.size(), of(orders, rung)));
    const auto read = [&](const char* name, double LadderInputs::* part, const char* meaning) {
        table.add(plain(name, meaning, "bps"), of(orders, finite([part](const OrderStory& o) {
                                                      return o.has_planned() ? o.ladder.inputs.*part : kMissing;
                                                  })));
    };
    read("ladder_p95_bps", &LadderInputs::p95_bps, "predicted tail that this rung was read from");
    read("tier_median_p95_bps", &LadderInputs::tier_median_p95_bps, "that it was compared with");
}

}  // namespace

Table orders_table(const std::vector<OrderStory>& orders) {
    TableBuilder table("desk_orders", orders.size());
    add_life(table, orders);
    add_ladder(table, orders);
    const auto add = [&](const char* name, double Forecast::* part, const char* meaning) {
        const auto value = [part](const OrderStory& o) {
            return o.has_forecast ? o.forecast.*part : std::numeric_limits<double>::quiet_NaN();
        };
        table.add(plain(name, meaning, "bps", SignTag::cost), of(orders, finite(value)));
    };
    add("mean_bps", &Forecast::mean, "expected cost by the first forecast");
    add("p50_bps", &Forecast::p50, "median of the first forecast");
    add("p90_bps", &Forecast::p90, "0.90 quantile of the first forecast");
    add("p95_bps", &Forecast::p95, "0.95 quantile of the first forecast");
    add("p99_bps", &Forecast::p99, "0.99 quantile of the first forecast");
    table
        .add(plain("miss_risk", "chance to miss the deadline, as the first choice weighed it"),
             of(orders, finite(&OrderStory::miss_risk)))
        .add(plain("cost_bps", "realized cost of a finished order", "bps", SignTag::cost),
             of(orders, finite(&OrderStory::cost_bps)))
        .add(plain("fell", "between which quantiles of the first forecast the cost fell"),
             words(orders.size(), of(orders, fell_in)));
    return table.take();
}

}  // namespace slipcast::desk::detail
