#include <algorithm>
#include <cmath>

#include "run.hpp"
#include "slipcast/core/random.hpp"

namespace slipcast::sim {
namespace {

/// `part` of `whole`, rounded down to round lots.
Quantity lots_of(Quantity whole, double part, Quantity lot) {
    const std::int64_t unit = std::max<std::int64_t>(1, lot.units());
    const auto units = static_cast<std::int64_t>(std::floor(static_cast<double>(whole.units()) * part + 1e-6));
    return Quantity::from_units(std::clamp<std::int64_t>(units, 0, whole.units()) / unit * unit);
}

Quantity above_zero(Quantity quantity) {
    return std::max(quantity, Quantity{});
}

double fraction_of(Timestamp time, TimeRange range) {
    return static_cast<double>((time - range.begin).count()) / static_cast<double>(range.length().count());
}

}  // namespace

Duration Run::slice_length(const Work& work) const {
    const Duration life = work.end - work.start;
    const std::int64_t slices =
        std::clamp<std::int64_t>(life / options_.min_slice, 1, std::int64_t{options_.max_slices});
    return Duration{life.count() / slices};
}

/// From here on the rest is crossed: the last quarter of the last slice, or the last part of a passive life.
Timestamp Run::crossing_time(const Work& work) const {
    if (work.parent->style == Style::passive_then_aggressive) {
        const double life = static_cast<double>((work.end - work.start).count());
        return work.start + Duration{std::llround(life * options_.passive_share)};
    }
    return work.end - slice_length(work) / 4;
}

std::optional<Timestamp> Run::next_step(const Work& work, Timestamp time) const {
    const Timestamp crossing = crossing_time(work);
    Timestamp next = time + options_.pov_interval;
    switch (work.parent->style) {
        case Style::immediate:
        case Style::policy:  // the policy says when
            return std::nullopt;
        case Style::pov:
            break;
        case Style::passive_then_aggressive:
            if (time < crossing) next = std::min(next, crossing);
            break;
        case Style::twap:
        case Style::vwap: {
            const Duration length = slice_length(work);
            next = work.start + ((time - work.start) / length + 1) * length;
            if (time < crossing) next = std::min(next, crossing);
            break;
        }
    }
    if (next >= work.end) return std::nullopt;
    return next;
}

/// Cumulative quantity that a schedule wants by `time`.
Quantity Run::planned(const Work& work, Timestamp time) {
    const market::Order& order = work.parent->order;
    const TimeRange life{work.start, work.end};
    double share = std::clamp(fraction_of(time, life), 0.0, 1.0);
    if (work.parent->style == Style::vwap) {
        const auto& sessions = stage_of(work).book.sessions();
        TimeRange session = life;
        for (const market::Session& candidate : sessions) {
            if (candidate.open <= work.start) session = {candidate.open, candidate.close};
        }
        const double from = work.curve.cumulative(fraction_of(life.begin, session));
        const double to = work.curve.cumulative(fraction_of(life.end, session));
        // A curve that is flat over the life says nothing about it: even in time.
        if (to > from)
            share = (work.curve.cumulative(fraction_of(std::min(time, life.end), session)) - from) / (to - from);
    }
    if (time >= work.end) return order.quantity;
    return lots_of(order.quantity, share, market_.instrument(order.instrument).lot_size);
}

Goal Run::goal(const Work& work, Timestamp time) {
    const Quantity remaining = work.remaining();
    switch (work.parent->style) {
        case Style::immediate:
            return {remaining, {}, true};
        case Style::pov: {
            const Quantity seen = stage_of(work).book.volume() - work.volume_at_start;
            const Quantity target =
                lots_of(seen, work.parent->participation, market_.instrument(work.parent->order.instrument).lot_size);
            return {std::min(remaining, above_zero(target - work.filled)), {}, false};
        }
        case Style::passive_then_aggressive:
            if (time >= crossing_time(work)) return {remaining, {}, true};
            return {{}, remaining, false};
        case Style::twap:
        case Style::vwap:
        case Style::policy:
            break;
    }
    if (time >= crossing_time(work)) return {remaining, {}, true};
    const Duration length = slice_length(work);
    const Timestamp begin = work.start + (time - work.start) / length * length;
    const Quantity due = planned(work, begin);
    const Quantity next = planned(work, std::min(work.end, begin + length));
    if (options_.crosses_schedules && work.parent->style != Style::policy) {
        return {above_zero(next - work.filled), {}, false};
    }
    return {above_zero(due - work.filled), above_zero(next - std::max(due, work.filled)), false};
}

/// The near touch, or the parent's limit where that is less eager.
std::optional<Price> Run::resting_price(const Work& work) {
    const Side side = work.parent->order.side;
    const Price touch = stage_of(work).book.near(side).touch().price;
    if (touch <= Price{}) return std::nullopt;
    const auto& limit = work.parent->order.limit_price;
    if (!limit) return touch;
    return side == Side::buy ? std::min(touch, *limit) : std::max(touch, *limit);
}

void Run::step(std::size_t index, Timestamp time) {
    Work& work = works_[index];
    if (work.finished || work.cancelling) return;
    if (is_guided(work)) return ask_when_free(index, time);
    if (!work.started) {
        work.started = true;
        work.volume_at_start = stage_of(work).book.volume();
    }
    decide(index, time, true);
    if (const auto next = next_step(work, time)) push(*next, Kind::step, index);
}

void Run::decide(std::size_t index, Timestamp time, bool is_step) {
    Work& work = works_[index];
    if (work.finished || work.cancelling || time >= work.end) return;
    if (!stage_of(work).book.is_tradable(time)) {
        // In a halt, a gap or before the first quote the desk waits and looks again.
        if (is_step && work.parent->style != Style::immediate) return;
        if (time + options_.pov_interval < work.end) push(time + options_.pov_interval, Kind::decide, index);
        return;
    }
    const Goal wanted = goal(work, time);
    Quantity crossing;
    Quantity resting;
    bool is_cancelling = false;
    const std::vector<std::size_t> open = work.open;
    for (const std::size_t child : open) (children_[child].rests ? resting : crossing) += children_[child].remaining();
    for (const std::size_t child : open) {
        if (!children_[child].rests) continue;
        const bool stale = is_step && (wanted.cross > crossing || children_[child].limit != resting_price(work));
        if (!children_[child].cancelling && (wanted.final || stale)) request_cancel(child, time);
        is_cancelling = is_cancelling || children_[child].cancelling;
    }
    if (is_cancelling) return;  // its end, and what filled until then, decides what is sent next
    Quantity free = work.remaining() - crossing - resting;
    const Quantity lot = market_.instrument(work.parent->order.instrument).lot_size;
    const auto send_part = [&](Quantity quantity, bool rests) {
        quantity = std::min(quantity, free);
        if (quantity <= Quantity{} || (quantity < lot && quantity < work.remaining())) return;
        free -= quantity;
        send(index, time, quantity, rests);
    };
    send_part(wanted.cross - crossing, false);
    send_part(wanted.rest - resting, true);
}

Child Run::drawn_child(std::size_t index, Timestamp time) {
    Work& work = works_[index];
    // Every draw of a child has its fixed place in its own stream, so runs that differ elsewhere share it.
    RandomStream stream(options_.seed, "sim.child", (std::uint64_t{index} << 24U) | std::uint64_t{work.children});
    const double entry = stream.next_uniform();
    const double cancel_draw = stream.next_uniform();
    const double acknowledgment = stream.next_uniform();
    const double route = stream.next_uniform();
    const double refusal = stream.next_uniform();
    Child child;
    child.parent = index;
    child.number = work.children++;
    const auto venue = std::upper_bound(venue_shares_.begin(), venue_shares_.end() - 1, route);
    child.venue = static_cast<std::size_t>(venue - venue_shares_.begin());
    child.side = work.parent->order.side;
    child.sent = time;
    child.arrival = time + latency(options_.order_entry, entry);
    child.cancel_delay = latency(options_.order_entry, cancel_draw);
    child.acknowledgment_delay = latency(options_.acknowledgment, acknowledgment);
    child.refused = refusal < options_.venues[child.venue].reject_rate;
    return child;
}

void Run::send(std::size_t index, Timestamp time, Quantity quantity, bool rests) {
    Child child = drawn_child(index, time);
    child.rests = rests;
    child.limit = rests ? resting_price(works_[index]) : works_[index].parent->order.limit_price;
    child.quantity = quantity;
    dispatch(child);
}

void Run::dispatch(const Child& child) {
    children_.push_back(child);
    works_[child.parent].open.push_back(children_.size() - 1);
    push(child.arrival, Kind::arrive, children_.size() - 1);
}

void Run::request_cancel(std::size_t index, Timestamp time) {
    Child& child = children_[index];
    child.cancelling = true;
    // A cancel cannot overtake its order.
    push(std::max(time + child.cancel_delay, child.arrival + Duration{1}), Kind::cancel, index);
}

void Run::desk_cancel(std::size_t index, Timestamp time) {
    Work& work = works_[index];
    if (work.finished) return;
    work.cancelling = true;
    const std::vector<std::size_t> open = work.open;
    for (const std::size_t child : open) {
        if (!children_[child].cancelling) request_cancel(child, time);
    }
    settle_cancel(work, time);
}

}  // namespace slipcast::sim
