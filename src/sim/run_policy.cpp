#include "run.hpp"

// Parents that a policy decides for: it is asked when everything it sent before has ended and it knows so.

namespace slipcast::sim {

void Run::ask_when_free(std::size_t index, Timestamp time) {
    Work& work = works_[index];
    if (time >= work.end) return;
    work.is_due = true;
    const std::vector<std::size_t> open = work.open;
    for (const std::size_t child : open) {
        if (!children_[child].cancelling) request_cancel(child, time);
    }
    if (open.empty() && work.unreported == 0) ask(index, time);
}

void Run::ask(std::size_t index, Timestamp time) {
    Work& work = works_[index];
    work.is_due = false;
    Stage& stage = stage_of(work);
    PolicyView view;
    view.time = time;
    view.parent = index;
    view.filled = work.filled;
    if (stage.book.is_tradable(time)) {
        view.bid = stage.book.near(Side::buy).touch().price;
        view.ask = stage.book.near(Side::sell).touch().price;
        view.bid_size = stage.shown.bid_size;
        view.ask_size = stage.shown.ask_size;
    }
    if (stage.has_quote) view.quote_time = stage.source.time;
    view.market_volume = stage.market_volume.within(time);
    view.own_volume = stage.own_volume.within(time);
    plan_.children.clear();
    plan_.next = {};
    Result<void> planned = options_.policy->plan(view, plan_);
    if (!planned) return take_up(std::move(planned));
    Quantity free = work.remaining();
    for (const PolicyChild& child : plan_.children) {
        const bool is_known = !child.dark || *child.dark < options_.dark_venues.size();
        if (child.quantity <= Quantity{} || child.quantity > free || child.limit <= Price{} || !is_known) {
            return take_up(Error{ErrorCode::inconsistent,
                                 "policy",
                                 std::string(market_.names.orders.name(work.parent->order.id)),
                                 "a child needs a quantity in what is left, a limit, and a venue of the replay",
                                 {}});
        }
        free -= child.quantity;
        send(index, time, child);
    }
    if (plan_.next <= Duration{}) {
        return take_up(Error{ErrorCode::out_of_range, "policy.next", to_string(plan_.next), "must be > 0", {}});
    }
    push(time + plan_.next, Kind::step, index);
}

void Run::send(std::size_t index, Timestamp time, const PolicyChild& wanted) {
    Child child = drawn_child(index, time);
    child.rests = wanted.rests;
    child.limit = wanted.limit;
    child.quantity = wanted.quantity;
    if (wanted.dark) {
        // A midpoint order knows no limit but the parent's; what it leaves keeps the plan's.
        child.then_limit = wanted.limit;
        child.then_rests = wanted.rests;
        child.limit = works_[index].parent->order.limit_price;
        child.rests = false;
        child.venue = *wanted.dark;
        child.dark = true;
        child.refused = false;
    }
    dispatch(child);
}

void Run::report(std::size_t index, Timestamp time) {
    const Child child = children_[index];  // sending may move what it points to
    Work& work = works_[child.parent];
    --work.unreported;
    PolicyEnd end;
    end.time = time;
    end.parent = child.parent;
    if (child.dark) end.dark = child.venue;
    end.sent = child.quantity;
    end.filled = child.filled;
    end.is_rejected = child.end == market::PlacementEnd::rejected;
    take_up(options_.policy->ended(end));
    if (child.dark && !end.is_rejected && child.remaining() > Quantity{} && !work.finished && !work.cancelling &&
        !work.is_due) {
        return send(child.parent, time,
                    PolicyChild{.quantity = child.remaining(), .limit = child.then_limit, .rests = child.then_rests});
    }
    if (work.unreported > 0 || !work.open.empty()) return;
    if (work.finished) return report_done(child.parent, time);
    if (work.is_due && !work.cancelling && time < work.end) ask(child.parent, time);
}

void Run::report_done(std::size_t index, Timestamp time) {
    Work& work = works_[index];
    if (work.is_reported) return;
    work.is_reported = true;
    const int decimals = market_.instrument(work.parent->order.instrument).value.quantity_decimals();
    PolicyFinish finish;
    finish.time = time;
    finish.parent = index;
    finish.filled = work.filled;
    if (work.filled > Quantity{}) finish.average_price = work.spent / work.filled.to_double(decimals);
    finish.is_cancelled = work.cancelled.has_value();
    take_up(options_.policy->finished(finish));
}

/// The first refusal ends the run.
void Run::take_up(Result<void> outcome) {
    if (!outcome && !failure_) failure_ = std::move(outcome).error();
}

}  // namespace slipcast::sim
