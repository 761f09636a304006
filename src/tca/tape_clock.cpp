#include "tape_clock.hpp"

#include <algorithm>
#include <cmath>

#include "slipcast/core/assert.hpp"
#include "slipcast/tca/benchmarks.hpp"

namespace slipcast::tca::detail {

namespace {

/// The first multiple of the volatility step after `time`.
Timestamp next_grid(Timestamp time) {
    const std::int64_t step = kVolatilityStep.count();
    std::int64_t steps = time.ns() / step;
    if (time.ns() < 0 && time.ns() % step != 0) --steps;
    return Timestamp::from_ns((steps + 1) * step);
}

Int128 notional(Price price, Quantity size) {
    return static_cast<Int128>(price.units()) * size.units();
}

}  // namespace

bool is_stale(std::span<const Blackout> blackouts, Timestamp quote_time, Timestamp at) {
    return std::any_of(blackouts.begin(), blackouts.end(), [&](const Blackout& blackout) {
        return quote_time < blackout.quotes_before && blackout.covers.contains(at);
    });
}

std::vector<Blackout> session_blackouts(std::span<const market::Session> sessions) {
    std::vector<Blackout> blackouts;
    for (std::size_t i = 1; i < sessions.size(); ++i) {
        const Timestamp close = sessions[i - 1].close;
        const Timestamp open = sessions[i].open;
        blackouts.push_back({close + (open - close) / 2, {open, sessions[i].close}});
    }
    return blackouts;
}

TapeClock::TapeClock(Timestamp begin, std::span<const market::Session> sessions)
    : sessions_(sessions), prints_(sessions.size()), now_(begin), grid_(next_grid(begin)) {
    while (session_ < sessions_.size() && sessions_[session_].close <= now_) ++session_;
    find_edge();
}

void TapeClock::add_blackouts(std::span<const Blackout> blackouts) {
    for (const Blackout& blackout : blackouts) {
        const auto same = [&](const Blackout& known) {
            return known.quotes_before == blackout.quotes_before && known.covers == blackout.covers;
        };
        if (blackout.covers.end <= now_ || std::any_of(blackouts_.begin(), blackouts_.end(), same)) continue;
        blackouts_.push_back(blackout);
    }
    std::erase_if(blackouts_, [&](const Blackout& blackout) { return blackout.covers.end < now_; });
    find_edge();
    judge_quote();
}

bool TapeClock::in_session() const {
    return sessions_.empty() || (session_ < sessions_.size() && sessions_[session_].open <= now_);
}

void TapeClock::find_edge() {
    edge_ = Timestamp::max();
    const auto consider = [this](Timestamp edge) {
        if (edge > now_) edge_ = std::min(edge_, edge);
    };
    if (session_ < sessions_.size()) {
        consider(sessions_[session_].open);
        consider(sessions_[session_].close);
    }
    active_.clear();
    for (const Blackout& blackout : blackouts_) {
        consider(blackout.covers.begin);
        consider(blackout.covers.end);
        if (blackout.covers.contains(now_)) active_.push_back(blackout);
    }
}

void TapeClock::judge_quote() {
    is_counting_ = state_.quote.is_usable() && in_session() && !is_stale(active_, state_.quote.time, now_);
}

void TapeClock::sample_mid() {
    grid_ = next_grid(now_);
    if (!is_counting_) return;
    const double mid = static_cast<double>(state_.quote.bid.units() + state_.quote.ask.units());
    if (mid <= 0.0) return;
    if (sampled_mid_) {
        const double step = std::log(mid / *sampled_mid_);
        state_.squared_returns += step * step;
    }
    sampled_mid_ = mid;
}

void TapeClock::advance(Timestamp to) {
    while (now_ < to) {
        const Timestamp stop = std::min(to, edge_);
        if (is_counting_) {
            const Duration stood = stop - now_;
            const std::int64_t twice_mid = state_.quote.bid.units() + state_.quote.ask.units();
            state_.twice_mid_time += static_cast<Int128>(twice_mid) * stood.count();
            state_.usable_ns += stood.count();
        }
        now_ = stop;
        if (now_ >= grid_) sample_mid();
        if (now_ < edge_) continue;
        const std::size_t before = session_;
        while (session_ < sessions_.size() && sessions_[session_].close <= now_) ++session_;
        if (session_ != before) sampled_mid_.reset();
        find_edge();
        judge_quote();
    }
}

void TapeClock::take_quote(const QuoteAt& quote) {
    advance(quote.time);
    state_.quote = quote;
    judge_quote();
}

std::size_t TapeClock::take_quotes(const market::QuoteColumns& quotes, std::size_t row, std::size_t end,
                                   Timestamp until) {
    while (row < end && quotes.time[row] < until) {
        const Timestamp quiet_until = std::min({edge_, grid_, until});
        if (active_.empty() && quotes.time[row] < quiet_until) {
            row = take_quiet_quotes(quotes, row, end, quiet_until);
        } else {
            take_quote(quote_at_row(quotes, row++));
        }
    }
    return row;
}

/// `take_quote` of each row while nothing else happens: no edge, no sample of the mid, no blackout in force.
std::size_t TapeClock::take_quiet_quotes(const market::QuoteColumns& quotes, std::size_t row, std::size_t end,
                                         Timestamp until) {
    const bool counts = in_session();
    const bool has_sizes = !quotes.bid_size.empty() && !quotes.ask_size.empty();
    std::int64_t twice_mid = state_.quote.bid.units() + state_.quote.ask.units();
    // Sums in locals: nothing that the columns could overlap, so they stay in registers.
    Int128 twice_mid_time = 0;
    std::int64_t usable_ns = 0;
    bool is_counting = is_counting_;
    Timestamp now = now_;
    for (; row < end && quotes.time[row] < until; ++row) {
        const Timestamp time = quotes.time[row];
        const std::int64_t stood = is_counting ? (time - now).count() : 0;
        twice_mid_time += static_cast<Int128>(twice_mid) * stood;
        usable_ns += stood;
        now = time;
        const Price bid = quotes.bid[row];
        const Price ask = quotes.ask[row];
        // Sizes decide only whether a price of zero is a price.
        const bool are_prices = bid.units() != 0 && ask.units() != 0;
        const QuoteState judged =
            has_sizes && !are_prices ? quote_state(bid, ask, quotes.bid_size[row].units(), quotes.ask_size[row].units())
                                     : quote_state(bid, ask, 0, 0);
        is_counting = counts && is_usable(judged);
        twice_mid = bid.units() + ask.units();
    }
    state_.twice_mid_time += twice_mid_time;
    state_.usable_ns += usable_ns;
    is_counting_ = is_counting;
    now_ = now;
    state_.quote = quote_at_row(quotes, row - 1);
    return row;
}

void TapeClock::take_trade(Price price, Quantity size, market::TradeFlags flags) {
    if (flags.has(market::TradeFlag::in_volume)) {
        state_.volume += size.units();
        ++state_.prints;
    }
    if (flags.has(market::TradeFlag::in_vwap)) {
        state_.vwap_notional += notional(price, size);
        state_.vwap_volume += size.units();
    }
    if (!sessions_.empty()) take_session_print(price, size, flags);
}

void TapeClock::take_session_print(Price price, Quantity size, market::TradeFlags flags) {
    const bool opening = flags.has(market::TradeFlag::opening_auction);
    const bool closing = flags.has(market::TradeFlag::closing_auction);
    // A closing auction prints at or after its session's close, an opening one may print before its open.
    std::size_t session = session_;
    if (closing && !in_session()) {
        if (session_ == 0) return;
        session = session_ - 1;
    }
    if (session >= sessions_.size() || (!opening && !closing && !in_session())) return;
    SessionPrints& prints = prints_[session];
    if (flags.has(market::TradeFlag::in_volume)) prints.sums.volume += size.units();
    if (flags.has(market::TradeFlag::in_vwap)) {
        prints.sums.vwap_notional += notional(price, size);
        prints.sums.vwap_volume += size.units();
        if (!prints.first) prints.first = price;
        prints.last = price;
    }
    if (opening) {
        prints.opening_notional += notional(price, size);
        prints.opening_volume += size.units();
    }
    if (closing) {
        prints.closing_notional += notional(price, size);
        prints.closing_volume += size.units();
    }
}

TapeState TapeClock::state() const {
    TapeState state = state_;
    if (state.quote.state != QuoteState::none && is_stale(active_, state.quote.time, now_)) {
        state.quote.state = QuoteState::stale;
    }
    return state;
}

std::vector<SessionPrices> TapeClock::session_prices() const {
    std::vector<SessionPrices> prices;
    for (std::size_t i = 0; i < sessions_.size(); ++i) {
        const SessionPrints& prints = prints_[i];
        SessionPrices session = prints.sums;
        session.open = average_price(prints.opening_notional, prints.opening_volume);
        session.close = average_price(prints.closing_notional, prints.closing_volume);
        if (!session.open && !sessions_[i].opening_auction) session.open = prints.first;
        if (!session.close && !sessions_[i].closing_auction) session.close = prints.last;
        prices.push_back(session);
    }
    return prices;
}

}  // namespace slipcast::tca::detail
