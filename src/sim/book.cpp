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
    const Price bid = bids_.touch().price;
    const Price ask = asks_.touch().price;
    if (bid <= Price{} || ask <= Price{} || bid > ask) return false;
    // A quote from before a halt or gap says nothing once it has begun.
    const auto closed = [&](const TimeRange& range) { return range.begin <= time && quote_time_ < range.end; };
    return std::none_of(halts_.begin(), halts_.end(), closed) && std::none_of(gaps_.begin(), gaps_.end(), closed);
}

void Book::show(const Quote& quote) {
    bids_.show({quote.bid, quote.bid_size}, quote.bid_depth);
    asks_.show({quote.ask, quote.ask_size}, quote.ask_depth);
    quote_time_ = quote.time;
    if (live_.empty()) return;
    const bool tradable = is_tradable(quote.time);
    const bool is_new = tradable && !was_tradable_;
    was_tradable_ = tradable;
    const bool bid_changed = is_new || bids_.has_changed();
    const bool ask_changed = is_new || asks_.has_changed();
    if (bid_changed) requeue(Side::buy);
    if (ask_changed) requeue(Side::sell);
    if (tradable && ask_changed) offer(Side::buy, quote.time);
    if (tradable && bid_changed) offer(Side::sell, quote.time);
    drop_done();
}

/// Queue positions after the near side of `side` went from what it was before to what it is now.
void Book::requeue(Side side) {
    const BookSide& now = near(side);
    for (const std::size_t index : live_) {
        Child& child = children_[index];
        if (child.side != side || !child.rests || child.state != ChildState::live) continue;
        if (const Level* level = find_level(now.levels(), *child.limit)) {
            if (const Level* before = find_level(now.before(), *child.limit)) {
                child.queue.display(before->standing(), level->displayed);
            } else {
                child.queue.reach(level->displayed);
            }
        } else if (now.shows_beyond(*child.limit)) {
            child.queue.clear();
        }
    }
}

/// Children of `side` take what the far side shows.
void Book::offer(Side side, Timestamp time) {
    if (!far(side).has_left()) return;
    for (const std::size_t index : live_) {
        const Child& child = children_[index];
        if (child.side == side && child.state == ChildState::live) take(index, time, child.rests);
    }
}

/// The child takes level by level while its limit and the levels allow.
void Book::take(std::size_t index, Timestamp time, bool came_to_us) {
    const Side side = children_[index].side;
    bool is_touch = true;
    for (Level& level : far(side).levels()) {
        const Child& child = children_[index];
        if (!child.accepts(level.price)) return;
        const Quantity quantity = std::min(level.left(), child.remaining());
        if (quantity > Quantity{}) {
            level.taken += quantity;
            volume_ += quantity;
            grant({index, time, came_to_us ? *child.limit : level.price, quantity, came_to_us, false, !is_touch});
        }
        if (children_[index].state != ChildState::live) return;
        is_touch = false;
    }
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
    asks_.print(price, size);
    bids_.print(price, size);
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
        grant({index, time, *child.limit, filled, true, true, false});
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
        const BookSide& side = near(child.side);
        if (const Level* level = find_level(side.levels(), *child.limit)) {
            child.queue = QueuePosition::behind(level->standing());
        } else if (side.shows_beyond(*child.limit)) {
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
