#include "slipcast/sim/replay.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "run.hpp"
#include "tape_windows.hpp"

namespace slipcast::sim {
namespace {

Result<void> check_parent(const market::Dataset& market, const Parent& parent, const Policy* policy) {
    const market::Order& order = parent.order;
    const std::string id{market.names.orders.name(order.id)};
    const auto missing = [&id](const char* field, const char* rule) {
        return Error{ErrorCode::missing_field, field, id, rule, {}};
    };
    if (order.id.is_none()) return missing("order_id", "a parent needs a name");
    const auto index = static_cast<std::size_t>(order.instrument.index());
    if (order.instrument.is_none() || index >= market.instruments.size() || market.instruments[index].id.is_none()) {
        return Error{ErrorCode::not_found, "instrument", id, "the parent's instrument must be in the market", {}};
    }
    if (!order.arrival_time) return missing("arrival_time", "a replay starts at the arrival");
    if (!order.end_time) return missing("end_time", "a replay stops at the end");
    const Timestamp start = order.broker_arrival_time.value_or(*order.arrival_time);
    if (*order.end_time <= start) {
        return Error{ErrorCode::inconsistent, "end_time", id, "must be after the broker's arrival", {}};
    }
    if (parent.cancel_time && *parent.cancel_time < start) {
        return Error{ErrorCode::inconsistent, "cancel_time", id, "must not be before the broker's arrival", {}};
    }
    if (order.quantity <= Quantity{}) return invalid_value("quantity", id, "must be > 0");
    if (parent.style == Style::policy && policy == nullptr) {
        return Error{ErrorCode::missing_field, "policy", id, "a parent of style policy needs one", {}};
    }
    if (parent.style == Style::pov && !(parent.participation > 0.0 && parent.participation < 1.0)) {
        return invalid_value("participation", fmt::format("{}", parent.participation), "must be in (0, 1)");
    }
    return {};
}

Result<void> check_impact(const market::Dataset& market, const ImpactOptions& impact) {
    for (const CrossImpact& entry : impact.cross) {
        const std::size_t index = std::max(entry.source, entry.target);
        if (index >= market.instruments.size()) {
            return Error{ErrorCode::not_found,
                         "impact.cross",
                         fmt::format("{}", index),
                         "source and target are indexes of instruments of the market",
                         {}};
        }
    }
    return {};
}

/// Average daily volume by instrument: the one known, else the mean of what the tape's sessions printed.
Result<std::vector<double>> impact_volumes(market::Dataset& market) {
    std::vector<double> adv(market.instruments.size(), 1.0);
    bool knows_future = false;
    for (std::size_t i = 0; i < adv.size(); ++i) {
        const market::Instrument& instrument = market.instruments[i];
        if (instrument.id.is_none()) continue;
        if (instrument.adv && *instrument.adv > 0.0) {
            adv[i] = *instrument.adv;
            continue;
        }
        SLIPCAST_TRY(mean, mean_session_volume(market, instrument.id));
        if (mean) adv[i] = *mean;
        knows_future = true;
    }
    market.provenance["replay.impact_adv"] =
        knows_future ? "mean volume of the tape's sessions where the instrument has no average daily volume"
                     : "average daily volume of the instruments";
    return adv;
}

std::string describe(const std::vector<DarkVenueTerms>& venues) {
    std::string text;
    for (const DarkVenueTerms& venue : venues) {
        text += fmt::format("{}{}: {} liquidity, empty in {:.0f} % of cases, drawn anew every {}, fee {}",
                            text.empty() ? "" : "; ", venue.name, venue::name(venue.liquidity.shape()),
                            100.0 * venue.liquidity.zero_bin(), to_string(venue.refresh), venue.fee.to_double());
    }
    return text;
}

void write_provenance(market::Dataset& market, const ReplayOptions& options) {
    std::string venues;
    for (const VenueTerms& venue : options.venues) {
        venues += fmt::format("{}{} weight {} remove {} add {} reject {}", venues.empty() ? "" : "; ", venue.name,
                              venue.weight, venue.remove_fee.to_double(), venue.add_fee.to_double(), venue.reject_rate);
    }
    const auto text = [](const LatencyOptions& latency) {
        return fmt::format("{} + exponential of mean {}", to_string(latency.minimum), to_string(latency.mean_extra));
    };
    market.provenance["replay.impact"] = describe(options.impact);
    market.provenance["replay.volume_curve"] =
        options.curves.empty() ? "declared generic curve"
                               : fmt::format("{} dated curves, else the declared generic curve", options.curves.size());
    market.provenance["replay.seed"] = fmt::format("{}", options.seed);
    market.provenance["replay.venues"] = venues;
    if (!options.dark_venues.empty()) market.provenance["replay.dark_venues"] = describe(options.dark_venues);
    market.provenance["replay.latency"] =
        fmt::format("order entry {}, acknowledgment {}", text(options.order_entry), text(options.acknowledgment));
    market.provenance["replay.queue"] =
        "joins behind the displayed size (one round lot where the tape has no sizes); prints deplete it from the "
        "front, cancels pro rata; a consumed touch refills on a new price or a larger size";
}

/// How far the book was known to the venue's rules.
std::string describe_depth(const std::vector<std::size_t>& levels) {
    const std::size_t most = levels.empty() ? 1 : *std::max_element(levels.begin(), levels.end());
    if (most == 1) return "touch only: size beyond it waits for the next quote";
    const auto deep = std::count_if(levels.begin(), levels.end(), [](std::size_t count) { return count > 1; });
    return fmt::format("{} of {} instruments show depth, up to {} levels: size beyond the touch walks them, then waits",
                       deep, levels.size(), most);
}

/// Turns what happened into the rows of the contract.
class Ledger {
public:
    Ledger(market::Dataset& market, const ReplayOptions& options, const Run& run)
        : market_(market), options_(options), run_(run), placements_(run.children().size()) {}

    void write() {
        market_.orders.clear();
        market_.order_events.clear();
        market_.placements.clear();
        market_.fills.clear();
        market_.first_reports.clear();
        market_.fill_events.clear();
        limit_ = market_.names.labels.intern("limit");
        marketable_limit_ = market_.names.labels.intern("marketable_limit");
        market_order_ = market_.names.labels.intern("market");
        midpoint_ = market_.names.labels.intern("midpoint");
        write_orders();
        write_placements();
        write_fills();
    }

private:
    void write_orders() {
        for (const Work& work : run_.works()) {
            market::Order order = work.parent->order;
            if (work.cancelled) {
                order.cancel_time = work.cancelled;
                market::OrderEvent event;
                event.order = order.id;
                event.time = *work.cancelled;
                event.kind = market::OrderEventKind::cancel;
                market_.order_events.push_back(event);
            }
            market_.orders.push_back(order);
        }
        std::sort(market_.orders.begin(), market_.orders.end(), [](const market::Order& a, const market::Order& b) {
            return std::tie(a.arrival_time, a.id) < std::tie(b.arrival_time, b.id);
        });
        std::sort(market_.order_events.begin(), market_.order_events.end(),
                  [](const auto& a, const auto& b) { return a.order < b.order; });
    }
    [[nodiscard]] OrderId order_of(const Child& child) const { return run_.works()[child.parent].parent->order.id; }
    void write_placements() {
        std::vector<std::size_t> rows(run_.children().size());
        std::iota(rows.begin(), rows.end(), std::size_t{0});
        std::sort(rows.begin(), rows.end(), [this](std::size_t a, std::size_t b) {
            const Child& left = run_.children()[a];
            const Child& right = run_.children()[b];
            return std::tuple(order_of(left), left.number) < std::tuple(order_of(right), right.number);
        });
        for (const std::size_t row : rows) {
            const Child& child = run_.children()[row];
            market::Placement placement;
            placement.id = market_.names.placements.intern(fmt::format("P{:07}", market_.placements.size() + 1));
            placement.order = order_of(child);
            placement.venue = market_.names.venues.intern(venue_name(options_, child));
            if (child.dark) placement.venue_kind = market::VenueKind::dark;
            placement.order_type = child.dark    ? midpoint_
                                   : child.rests ? limit_
                                   : child.limit ? marketable_limit_
                                                 : market_order_;
            placement.limit_price = child.limit;
            placement.quantity = child.quantity;
            placement.sent_time = child.sent;
            placement.done_time = child.done;
            placement.end = child.end;
            placement.end_reason = child.reason;
            placement.filled_quantity = child.filled;
            placement.cumulative_quantity = child.parent_filled;
            placements_[row] = placement.id;
            market_.placements.push_back(placement);
        }
    }
    void write_fills() {
        std::vector<Execution> executions = run_.executions();
        std::stable_sort(executions.begin(), executions.end(), [this](const Execution& a, const Execution& b) {
            return std::tuple(order_of(run_.children()[a.child]), a.time) <
                   std::tuple(order_of(run_.children()[b.child]), b.time);
        });
        for (const Execution& execution : executions) {
            const Child& child = run_.children()[execution.child];
            const market::Order& order = run_.works()[child.parent].parent->order;
            market::Fill fill;
            fill.id = market_.names.fills.intern(fmt::format("F{:08}", market_.fills.size() + 1));
            fill.placement = placements_[execution.child];
            fill.order = order.id;
            fill.time = execution.time;
            fill.price = execution.price;
            fill.quantity = execution.quantity;
            fill.venue = market_.names.venues.find(venue_name(options_, child));
            fill.liquidity = execution.dark    ? market::Liquidity::hidden
                             : execution.added ? market::Liquidity::added
                                               : market::Liquidity::removed;
            fill.fee = market_.instrument(order.instrument).value.cash(fee_of(execution, child), execution.quantity);
            market_.fills.push_back(fill);
        }
    }

    [[nodiscard]] PriceMove fee_of(const Execution& execution, const Child& child) const {
        if (child.dark) return options_.dark_venues[child.venue].fee;
        const VenueTerms& terms = options_.venues[child.venue];
        return execution.added ? terms.add_fee : terms.remove_fee;
    }

    market::Dataset& market_;
    const ReplayOptions& options_;
    const Run& run_;
    std::vector<PlacementId> placements_;  // by child
    LabelId limit_, marketable_limit_, market_order_, midpoint_;
};

}  // namespace

Result<void> ReplayOptions::validate() const {
    SLIPCAST_CHECK(order_entry.validate("order_entry"));
    SLIPCAST_CHECK(acknowledgment.validate("acknowledgment"));
    if (venues.empty()) return invalid_value("venues", "0 venues", "needs at least one");
    for (const VenueTerms& venue : venues) SLIPCAST_CHECK(venue.validate());
    for (const DarkVenueTerms& venue : dark_venues) SLIPCAST_CHECK(venue.validate());
    SLIPCAST_CHECK(impact.validate());
    ReplayOptions copy = *this;
    return copy.settings().validate();
}

Result<ReplayOutcome> replay(market::Dataset market, const std::vector<Parent>& parents, const ReplayOptions& options,
                             TapeSink* sink, const Progress& progress) {
    SLIPCAST_CHECK(options.validate());
    if (!market.tape) return Error{ErrorCode::missing_field, "tape", "", "a replay needs a tape", {}};
    SLIPCAST_CHECK(check_impact(market, options.impact));
    for (const Parent& parent : parents) SLIPCAST_CHECK(check_parent(market, parent, options.policy));
    for (const VenueTerms& venue : options.venues) market.names.venues.intern(venue.name);
    for (const DarkVenueTerms& venue : options.dark_venues) market.names.venues.intern(venue.name);
    std::vector<double> adv;
    if (options.impact.enabled) {
        SLIPCAST_TRY(volumes, impact_volumes(market));
        adv = std::move(volumes);
    }
    ReplayOutcome outcome;
    Run run(market, parents, options, sink);
    SLIPCAST_CHECK(run.play(std::move(adv), progress));
    outcome.counts = run.counts();
    Ledger{market, options, run}.write();
    write_provenance(market, options);
    market.provenance["replay.depth"] = describe_depth(run.levels());
    outcome.dataset = std::move(market);
    return outcome;
}

Result<ReplayOutcome> replay_in_memory(market::Dataset market, const std::vector<Parent>& parents,
                                       const ReplayOptions& options, const Progress& progress) {
    MemoryTapeSink sink;
    SLIPCAST_TRY(outcome, replay(std::move(market), parents, options, &sink, progress));
    SLIPCAST_TRY(tape, sink.take());
    outcome.dataset.tape = std::move(tape);
    return std::move(outcome);
}

}  // namespace slipcast::sim
