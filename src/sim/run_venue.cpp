#include <algorithm>

#include "run.hpp"

namespace slipcast::sim {

void Run::arrive(std::size_t index, Timestamp time) {
    if (children_[index].state == ChildState::done) return;
    Book& book = stage_of(works_[children_[index].parent]).book;
    if (children_[index].refused || book.is_halted(time)) {
        ++counts_.rejected;
        finish(index, time, market::PlacementEnd::rejected, market::EndReason::venue);
        return;
    }
    if (children_[index].dark) return cross_dark(index, time);
    book.admit(index, time);
}

/// Meets what the dark venue hides, at the mid as shown and within the parent's limit; the rest comes back at once.
void Run::cross_dark(std::size_t index, Timestamp time) {
    Child& child = children_[index];
    child.state = ChildState::live;
    Stage& stage = stage_of(works_[child.parent]);
    if (stage.book.is_tradable(time)) {
        const std::int64_t lot = std::max<std::int64_t>(1, market_.instrument(stage.instrument).lot_size.units());
        const Price mid = midpoint(stage.book.near(Side::buy).touch().price, stage.book.near(Side::sell).touch().price);
        const std::int64_t lots = child.accepts(mid) ? dark_pools_.take(child.venue, stage.instrument, child.side, time,
                                                                        child.remaining().units() / lot)
                                                     : 0;
        if (lots > 0) {
            market::TradeFlags flags = market::kRegularTrade;  // reported like any other: market volume counts it
            stage.book.print(time, mid, Quantity::from_units(lots * lot), flags.set(market::TradeFlag::off_exchange));
            execute({.child = index,
                     .time = time,
                     .price = mid,
                     .quantity = Quantity::from_units(lots * lot),
                     .dark = true});
        }
    }
    if (children_[index].state == ChildState::done) return;
    finish(index, time, market::PlacementEnd::cancelled, market::EndReason::market);
}

void Run::cancel(std::size_t index, Timestamp time) {
    if (children_[index].state == ChildState::done) return;
    finish(index, time, market::PlacementEnd::cancelled, market::EndReason::discretionary);
}

void Run::expire(std::size_t index, Timestamp time) {
    Work& work = works_[index];
    if (work.finished) return;
    const std::vector<std::size_t> open = work.open;
    work.finished = true;
    for (const std::size_t child : open) {
        finish(child, time, market::PlacementEnd::expired, market::EndReason::deadline);
    }
    if (is_guided(work) && work.unreported == 0) push(time, Kind::report_done, index);
}

void Run::execute(const Execution& execution) {
    Child& child = children_[execution.child];
    Work& work = works_[child.parent];
    Stage& stage = stage_of(work);
    child.filled += execution.quantity;
    work.filled += execution.quantity;
    executions_.push_back(execution);
    if (child.cancelling) ++counts_.late_fills;
    if (execution.walked) ++counts_.walked_fills;
    if (execution.dark) ++counts_.dark_fills;
    const double whole = execution.quantity.to_double(market_.instrument(stage.instrument).value.quantity_decimals());
    work.spent += whole * execution.price.to_double();
    if (options_.policy != nullptr) {
        stage.own_volume.add(execution.time, execution.quantity);
        if (!execution.from_print) stage.market_volume.add(execution.time, execution.quantity);
    }
    if (overlay_) {
        overlay_->add(static_cast<std::size_t>(stage.instrument.index()), static_cast<double>(sign(child.side)) * whole,
                      execution.time);
        ++counts_.own_prints;
        if (sink_ != nullptr) show_own_print(stage, execution, child);
    }
    if (child.remaining() <= Quantity{}) {
        finish(execution.child, execution.time, market::PlacementEnd::filled, market::EndReason::market);
    }
}

void Run::show_own_print(Stage& stage, const Execution& execution, const Child& child) {
    market::TradeFlags flags = market::kRegularTrade;
    flags.set(market::TradeFlag::own);
    std::int64_t aggressor = execution.added ? -sign(child.side) : sign(child.side);
    if (execution.dark) {
        flags.set(market::TradeFlag::off_exchange);
        aggressor = 0;
    }
    stage.chunk.trades.push(execution.time, execution.price, execution.quantity, flags,
                            market_.names.venues.find(venue_name(options_, child)),
                            static_cast<std::int8_t>(aggressor));
}

void Run::finish(std::size_t index, Timestamp time, market::PlacementEnd end, market::EndReason reason) {
    Child& child = children_[index];
    Work& work = works_[child.parent];
    child.state = ChildState::done;
    child.done = time;
    child.end = end;
    child.reason = reason;
    child.parent_filled = work.filled;
    std::erase(work.open, index);
    if (work.remaining() <= Quantity{}) work.finished = true;
    if (is_guided(work)) {
        ++work.unreported;
        push(time + child.acknowledgment_delay, Kind::report, index);
    }
    if (work.cancelling) settle_cancel(work, time);
    if (!is_guided(work) && !work.finished) push(time + child.acknowledgment_delay, Kind::decide, child.parent);
}

/// A cancelled parent is done when none of its children is left.
void Run::settle_cancel(Work& work, Timestamp time) {
    if (work.finished || !work.open.empty()) return;
    work.finished = true;
    work.cancelled = time;
    if (is_guided(work) && work.unreported == 0) {
        push(time, Kind::report_done, static_cast<std::size_t>(&work - works_.data()));
    }
}

}  // namespace slipcast::sim
