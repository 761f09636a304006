#include "book.hpp"

#include <algorithm>

#include "tape_windows.hpp"

namespace slipcast::sim {
namespace {

bool stops_trading(market::MarketEventKind kind) {
    return kind == market::MarketEventKind::halt || kind == market::MarketEventKind::circuit_breaker ||
           kind == market::MarketEventKind::volatility_interruption;
}

bool concerns(const market::MarketEvent& event, const market::Instrument& instrument) {
    if (!event.instrument.is_none()) return event.instrument == instrument.id;
    return event.market.is_none() || event.market == instrument.market;
}

/// Whether `price` is strictly worse for a resting order of `side` than its limit: the print went through it.
bool is_through(Side side, Price price, Price limit) {
    return side == Side::buy ? price < limit : price > limit;
}

}  // namespace

Book::Book(const market::Dataset& market, InstrumentId instrument, std::vector<Child>& children,
           OnExecution on_execution)
    : children_(children), on_execution_(std::move(on_execution)), sessions_(sessions_of(market, instrument)) {
    for (const market::MarketEvent& event : market.events) {
        if (stops_trading(event.kind) && concerns(event, market.instrument(instrument))) halts_.push_back(event.window);
    }
}

void Book::enter_window(const std::vector<market::FeedGap>& gaps, TimeRange window) {
    std::erase_if(gaps_, [&](const TimeRange& gap) {
        if (quote_time_ < gap.end && gap.end <= window.begin) quote_time_ = Timestamp::min();
        return gap.end <= window.begin;
    });
    for (const market::FeedGap& gap : gaps) {
        if (gap.begin >= window.begin || std::find(gaps_.begin(), gaps_.end(), gap) == gaps_.end())
            gaps_.push_back(gap);
    }
}

bool Book::is_halted(Timestamp time) const {
    return std::any_of(halts_.begin(), halts_.end(), [time](const TimeRange& halt) { return halt.contains(time); });
}

const market::Session* Book::session_at(Timestamp time) {
    while (session_ < sessions_.size() && sessions_[session_].close <= time) ++session_;
    const bool in_session = session_ < sessions_.size() && sessions_[session_].open <= time;
    return in_session ? &sessions_[session_] : nullptr;
}

bool Book::is_tradable(Timestamp time) {
    const market::Session* session = session_at(time);
    if (session == nullptr || quote_time_ < session->open) return false;
    if (bid_.price <= Price{} || ask_.price <= Price{} || bid_.price > ask_.price) return false;
    // A quote from before a halt or gap says nothing once it has begun.
    const auto closed = [&](const TimeRange& range) { return range.begin <= time && quote_time_ < range.end; };
    return std::none_of(halts_.begin(), halts_.end(), closed) && std::none_of(gaps_.begin(), gaps_.end(), closed);
}

void Book::show(const Quote& quote) {
    const Touch bid = bid_;
    const Touch ask = ask_;
    bid_.show(quote.bid, quote.bid_size);
    ask_.show(quote.ask, quote.ask_size);
    quote_time_ = quote.time;
    if (live_.empty()) return;
    const bool tradable = is_tradable(quote.time);
    const bool is_new = tradable && !was_tradable_;
    was_tradable_ = tradable;
    const bool bid_changed = is_new || bid.price != bid_.price || bid.displayed != bid_.displayed;
    const bool ask_changed = is_new || ask.price != ask_.price || ask.displayed != ask_.displayed;
    if (bid_changed) requeue(Side::buy, bid);
    if (ask_changed) requeue(Side::sell, ask);
    if (tradable && ask_changed) offer(Side::buy, quote.time);
    if (tradable && bid_changed) offer(Side::sell, quote.time);
    drop_done();
}

/// Queue positions after the near side of `side` went from `before` to what it is now.
void Book::requeue(Side side, const Touch& before) {
    const Touch& now = near(side);
    for (const std::size_t index : live_) {
        Child& child = children_[index];
        if (child.side != side || !child.rests || child.state != ChildState::live) continue;
        if (now.price == *child.limit) {
            if (before.price == now.price) {
                child.queue.display(before.standing(), now.displayed);
            } else {
                child.queue.reach(now.displayed);
            }
        } else if (now.price <= Price{} || is_through(side, now.price, *child.limit)) {
            child.queue.clear();
        }
    }
}

/// Children of `side` take what the far touch shows.
void Book::offer(Side side, Timestamp time) {
    for (const std::size_t index : live_) {
        if (far(side).left() <= Quantity{}) return;
        const Child& child = children_[index];
        if (child.side == side && child.state == ChildState::live) take(index, time, child.rests);
    }
}

void Book::take(std::size_t index, Timestamp time, bool came_to_us) {
    const Child& child = children_[index];
    Touch& touch = far(child.side);
    if (!child.accepts(touch.price) || touch.left() <= Quantity{}) return;
    const Quantity quantity = std::min(touch.left(), child.remaining());
    if (quantity <= Quantity{}) return;
    touch.taken += quantity;
    volume_ += quantity;
    grant({index, time, came_to_us ? *child.limit : touch.price, quantity, came_to_us, false});
}

void Book::grant(const Execution& execution) {
    on_execution_(execution);
}

Quantity Book::print(Timestamp time, Price price, Quantity size, market::TradeFlags flags) {
    using market::TradeFlag;
    const bool continuous = !flags.has(TradeFlag::opening_auction) && !flags.has(TradeFlag::closing_auction) &&
                            !flags.has(TradeFlag::out_of_sequence);
    if (flags.has(TradeFlag::in_volume) && continuous) volume_ += size;
    if (!is_lit_print(flags)) return {};
    Quantity own;
    if (!live_.empty() && is_tradable(time)) {
        own += fill_resting(time, price, size, true);
        own += fill_resting(time, price, size - own, false);
        drop_done();
    }
    if (price >= ask_.price) ask_.print(size);
    if (price <= bid_.price) bid_.print(size);
    return own;
}

Quantity Book::fill_resting(Timestamp time, Price price, Quantity size, bool through) {
    const Quantity whole = size;
    for (const std::size_t index : live_) {
        if (size <= Quantity{}) break;
        Child& child = children_[index];
        if (!child.rests || child.state != ChildState::live) continue;
        Quantity filled;
        if (through && is_through(child.side, price, *child.limit)) {
            filled = std::min(size, child.remaining());
        } else if (!through && price == *child.limit) {
            filled = child.queue.print(size, child.remaining());
        }
        if (filled <= Quantity{}) continue;
        size -= filled;
        grant({index, time, *child.limit, filled, true, true});
    }
    return whole - size;
}

void Book::admit(std::size_t index, Timestamp time) {
    Child& child = children_[index];
    child.state = ChildState::live;
    live_.push_back(index);
    was_tradable_ = is_tradable(time);
    if (was_tradable_) take(index, time, false);
    if (child.rests && child.state == ChildState::live) {
        const Touch& touch = near(child.side);
        if (touch.price == *child.limit) {
            child.queue = QueuePosition::behind(touch.standing());
        } else if (touch.price <= Price{} || is_through(child.side, touch.price, *child.limit)) {
            child.queue = QueuePosition::behind(Quantity{});
        } else {
            child.queue = QueuePosition::unseen();
        }
    }
    drop_done();
}

void Book::drop_done() {
    std::erase_if(live_, [this](std::size_t index) { return children_[index].state == ChildState::done; });
}

}  // namespace slipcast::sim
