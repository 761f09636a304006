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
    book.admit(index, time);
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
    const market::Instrument& instrument = market_.instrument(stage.instrument);
    if (overlay_) {
        const double whole = execution.quantity.to_double(instrument.value.quantity_decimals());
        overlay_->add(static_cast<std::size_t>(stage.instrument.index()), static_cast<double>(sign(child.side)) * whole,
                      execution.time);
        ++counts_.own_prints;
        if (sink_ != nullptr) {
            market::TradeFlags flags = market::kRegularTrade;
            const std::int64_t aggressor = execution.added ? -sign(child.side) : sign(child.side);
            stage.chunk.trades.push(
                execution.time, execution.price, execution.quantity, flags.set(market::TradeFlag::own),
                market_.names.venues.find(options_.venues[child.venue].name), static_cast<std::int8_t>(aggressor));
        }
    }
    if (child.remaining() <= Quantity{}) {
        finish(execution.child, execution.time, market::PlacementEnd::filled, market::EndReason::market);
    }
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
    if (work.cancelling) settle_cancel(work, time);
    if (!work.finished) push(time + child.acknowledgment_delay, Kind::decide, child.parent);
}

/// A cancelled parent is done when none of its children is left.
void Run::settle_cancel(Work& work, Timestamp time) {
    if (work.finished || !work.open.empty()) return;
    work.finished = true;
    work.cancelled = time;
}

}  // namespace slipcast::sim
