#include "tape_walk.hpp"

#include <algorithm>
#include <array>
#include <numeric>

#include "asof_index.hpp"
#include "reach_tracker.hpp"
#include "volume_by_price.hpp"

namespace slipcast::tca::detail {

namespace {

Result<void> check_sorted(std::span<const Timestamp> times, const char* field) {
    const auto early = std::is_sorted_until(times.begin(), times.end());
    if (early == times.end()) return {};
    return Error{ErrorCode::inconsistent, field, early->to_string(), "times of a tape must not run backwards", {}};
}

/// What happens at an instant, in time order: open a reach or take a state.
struct Ask {
    Timestamp time;
    std::size_t index = 0;
    bool is_reach = false;
};

std::vector<Ask> asks_of(const TapeQuestions& questions) {
    std::vector<Ask> asks;
    asks.reserve(questions.states.size() + questions.reaches.size());
    for (std::size_t i = 0; i < questions.states.size(); ++i) asks.push_back({questions.states[i].time, i, false});
    for (std::size_t i = 0; i < questions.reaches.size(); ++i) asks.push_back({questions.reaches[i].from, i, true});
    std::sort(asks.begin(), asks.end(), [](const Ask& a, const Ask& b) {
        if (a.time != b.time) return a.time < b.time;
        return a.is_reach != b.is_reach ? b.is_reach : a.index < b.index;
    });
    return asks;
}

/// Rows between two looks at the stop sign: well under a millisecond.
constexpr std::size_t kRowsBetweenLooks = 4096;

bool is_stopped(const TapeWalk& walk) {
    return walk.stop != nullptr && walk.stop->is_raised();
}

/// Bulk as-of questions, sorted: each offset keeps its own cursor through the events.
class EventMids {
public:
    EventMids(const TapeWalk& walk, std::span<const Timestamp> events, std::span<const Duration> offsets)
        : walk_(walk),
          events_(events),
          offsets_(offsets),
          quotes_(events.size()),
          mids_(events.size() * offsets.size()),
          next_(offsets.size() + 1),
          last_(next_) {}
    std::vector<QuoteAt> take_quotes() { return std::move(quotes_); }
    std::vector<MidAt> take_mids() { return std::move(mids_); }
    /// Answers what falls before `end`, from `quotes` or, before its first row, from `carried`.
    void answer(const market::QuoteColumns& quotes, const QuoteAt& carried, Timestamp end,
                std::span<const Blackout> blackouts) {
        const auto take_quote = [&](std::size_t i, std::size_t rows, Timestamp at) {
            QuoteAt quote = rows > 0 ? quote_at_row(quotes, rows - 1) : carried;
            if (quote.state != QuoteState::none && is_stale(blackouts, quote.time, at)) {
                quote.state = QuoteState::stale;
            }
            quotes_[i] = quote;
        };
        const auto take_mid = [&](std::size_t k, std::size_t i, std::size_t rows, Timestamp at) {
            MidAt mid = rows > 0 ? mid_at_row(quotes, rows - 1) : carried.mid_at();
            const Timestamp since = rows > 0 ? quotes.time[rows - 1] : carried.time;
            if (mid.state != QuoteState::none && is_stale(blackouts, since, at)) mid = {Price{}, QuoteState::stale};
            mids_[i * offsets_.size() + k - 1] = mid;
        };
        std::size_t left = 0;
        for (std::size_t k = 0; k < next_.size(); ++k) {
            const std::span<const Timestamp> ahead = events_.subspan(next_[k]);
            const auto last = std::partition_point(ahead.begin(), ahead.end(),
                                                   [&](Timestamp event) { return event + offset(k) < end; });
            last_[k] = next_[k] + static_cast<std::size_t>(last - ahead.begin());
            left += last_[k] - next_[k];
        }
        if (left == 0) return;
        const AsofIndex index(quotes.time, left);
        // Blocks of events keep each offset's stretch of the columns in cache while the others read it.
        for (bool goes_on = true; goes_on && !is_stopped(walk_);) {
            goes_on = take_block(quotes, 0, index, take_quote);
            for (std::size_t k = 1; k < next_.size(); ++k) {
                const auto take = [&](std::size_t i, std::size_t rows, Timestamp at) { take_mid(k, i, rows, at); };
                goes_on = take_block(quotes, k, index, take) || goes_on;
            }
        }
    }

private:
    /// Of the events themselves, then of each offset.
    [[nodiscard]] Duration offset(std::size_t k) const { return k == 0 ? Duration{} : offsets_[k - 1]; }
    /// Calls `take(event, rows before it, its instant)` for a block of the next events; false when there is none. Rows
    /// are found first and looked at after: the searches wait for nothing but times.
    template <typename Take>
    bool take_block(const market::QuoteColumns& quotes, std::size_t k, const AsofIndex& index, const Take& take) {
        constexpr std::size_t kBlock = 64;
        const Duration after = offset(k);
        const Timestamp* events = events_.data() + next_[k];
        const std::size_t count = std::min(kBlock, last_[k] - next_[k]);
        std::array<std::size_t, kBlock> rows{};
        for (std::size_t i = 0; i < count; ++i) {
            rows[i] = index.rows_before(events[i] + after);
            if (rows[i] == 0) continue;
            __builtin_prefetch(quotes.bid.data() + rows[i] - 1);
            __builtin_prefetch(quotes.ask.data() + rows[i] - 1);
        }
        for (std::size_t i = 0; i < count; ++i) take(next_[k] + i, rows[i], events[i] + after);
        next_[k] += count;
        return count > 0;
    }

    const TapeWalk& walk_;
    std::span<const Timestamp> events_;
    std::span<const Duration> offsets_;
    std::vector<QuoteAt> quotes_;    ///< by event
    std::vector<MidAt> mids_;        ///< event-major
    std::vector<std::size_t> next_;  ///< by offset: the event whose turn it is
    std::vector<std::size_t> last_;  ///< and one past the last before the window's end
};

class Walker {
public:
    Walker(const TapeWalk& walk, const TapeQuestions& questions)
        : walk_(walk),
          questions_(questions),
          clock_(walk.range.begin, walk.sessions),
          reaches_(questions.reaches),
          volume_(questions.prices),
          mids_(walk, questions.events, questions.offsets),
          sent_(walk, questions.sent, {}),
          asks_(asks_of(questions)) {
        answers_.states.resize(questions.states.size());
        clock_.add_blackouts(session_blackouts(walk.sessions));
        clock_.add_blackouts(walk.halts);
    }
    Result<void> take(const market::TapeSlice& slice, Timestamp end) {
        std::vector<Blackout> gaps;
        for (const market::FeedGap& gap : slice.gaps) gaps.push_back({gap.begin, gap});
        clock_.add_blackouts(gaps);
        answers_.indicative = answers_.indicative || slice.quotes_indicative;
        std::vector<Blackout> touching(clock_.blackouts().begin(), clock_.blackouts().end());
        std::erase_if(touching, [end](const Blackout& blackout) { return blackout.covers.begin >= end; });
        mids_.answer(slice.quotes, clock_.sums().quote, end, touching);
        sent_.answer(slice.quotes, clock_.sums().quote, end, touching);
        std::size_t quote = 0;
        std::size_t trade = 0;
        for (; next_ask_ < asks_.size() && asks_[next_ask_].time < end; ++next_ask_) {
            take_rows(slice, asks_[next_ask_].time, quote, trade);
            if (quote > 0) book_ = book_at(slice.quotes, quote - 1);
            answer(asks_[next_ask_]);
        }
        take_rows(slice, end, quote, trade);
        if (quote > 0) book_ = book_at(slice.quotes, quote - 1);
        if (is_stopped(walk_)) return interrupted();
        return {};
    }
    TapeAnswers finish() {
        mids_.answer({}, clock_.sums().quote, Timestamp::max(), clock_.blackouts());
        sent_.answer({}, clock_.sums().quote, Timestamp::max(), clock_.blackouts());
        answers_.event_quotes = mids_.take_quotes();
        answers_.mids = mids_.take_mids();
        answers_.sent_quotes = sent_.take_quotes();
        for (; next_ask_ < asks_.size(); ++next_ask_) answer(asks_[next_ask_]);
        answers_.reaches = reaches_.take_answers();
        answers_.sessions = clock_.session_prices();
        answers_.flow = flow_.take();
        return std::move(answers_);
    }

private:
    struct Book {
        Quantity bids, asks;
    };
    /// What all levels of a row show; nothing where there is no depth.
    static Book book_at(const market::QuoteColumns& quotes, std::size_t row) {
        Book book;
        if (quotes.depth.empty()) return book;
        for (std::size_t level = 1; level <= quotes.levels(); ++level) {
            book.bids += quotes.level(Side::buy, row, level).size;
            book.asks += quotes.level(Side::sell, row, level).size;
        }
        return book;
    }

    /// Takes the rows strictly before `end`; of one instant the prints come first, so that the mid of a print is the
    /// one before it.
    void take_rows(const market::TapeSlice& slice, Timestamp end, std::size_t& quote, std::size_t& trade) {
        const auto& quotes = slice.quotes;
        const auto& trades = slice.trades;
        while (true) {
            const bool has_trade = trade < trades.count() && trades.time[trade] < end;
            const Timestamp until = has_trade ? trades.time[trade] : end;
            while (quote < quotes.size() && quotes.time[quote] < until) {
                if (is_stopped(walk_)) return;
                const std::size_t next_look = std::min(quotes.size(), quote + kRowsBetweenLooks);
                quote = clock_.take_quotes(quotes, quote, next_look, until);
            }
            if (!has_trade || (trade % kRowsBetweenLooks == 0 && is_stopped(walk_))) return;
            take_trade(trades, trade++);
        }
    }
    void take_trade(const market::TradeColumns& trades, std::size_t row) {
        const market::TradeFlags flags = trades.flags.empty() ? market::kRegularTrade : trades.flags[row];
        clock_.advance(trades.time[row]);
        answers_.has_own_prints = answers_.has_own_prints || flags.has(market::TradeFlag::own);
        if (walk_.collects_flow && is_in_flow(flags)) {
            const std::int8_t aggressor = trades.aggressor.empty() ? std::int8_t{0} : trades.aggressor[row];
            flow_.add({trades.time[row], trades.price[row], trades.size[row], aggressor}, clock_.usable_quote());
        }
        if (!reaches_.is_needed()) {
            clock_.take_trade(trades.price[row], trades.size[row], flags);
        } else {
            const TapeState before = clock_.state();
            clock_.take_trade(trades.price[row], trades.size[row], flags);
            reaches_.take_print(trades.time[row], trades.price[row], before, clock_.sums());
        }
        if (flags.has(market::TradeFlag::in_vwap)) volume_.add(trades.price[row], trades.size[row].units());
    }
    void answer(const Ask& ask) {
        clock_.advance(ask.time);
        TapeState state = clock_.state();
        if (ask.is_reach) {
            reaches_.open(ask.index, state);
            return;
        }
        if (const std::int32_t price = questions_.states[ask.index].price; price >= 0) {
            state.volume_above = volume_.above(static_cast<std::size_t>(price));
            state.volume_below = volume_.below(static_cast<std::size_t>(price));
        }
        state.bid_book = book_.bids;
        state.ask_book = book_.asks;
        answers_.states[ask.index] = state;
    }

    const TapeWalk& walk_;
    const TapeQuestions& questions_;
    TapeAnswers answers_;
    TapeClock clock_;
    SignedFlow flow_;
    ReachTracker reaches_;
    VolumeByPrice volume_;
    EventMids mids_;  ///< of the fills
    EventMids sent_;  ///< of the placements
    std::vector<Ask> asks_;
    std::size_t next_ask_ = 0;
    Book book_;  ///< of the quote in force
};

bool is_empty(TimeRange range) {
    return range.end <= range.begin;
}

/// Where the window that begins at `begin` ends: within `walk.range`, or outside it.
Timestamp end_of_window(const market::TapeSource& tape, const TapeWalk& walk, Timestamp begin, Timestamp last) {
    Timestamp latest = last - begin > walk.window ? begin + walk.window : last;
    for (const Timestamp edge : {walk.range.begin, walk.range.end}) {
        if (begin < edge) latest = std::min(latest, edge);
    }
    return tape.window_end(walk.instrument, begin, latest);
}

}  // namespace

Result<TapeAnswers> walk_tape(const market::TapeSource& tape, const TapeWalk& walk, const TapeQuestions& questions) {
    Walker walker(walk, questions);
    TimeRange all = walk.range;
    if (walk.history != nullptr && !is_empty(walk.history->range())) {
        const TimeRange along = walk.history->range();
        all = is_empty(all) ? along : TimeRange{std::min(all.begin, along.begin), std::max(all.end, along.end)};
    }
    for (Timestamp begin = all.begin; begin < all.end;) {
        if (is_stopped(walk)) return interrupted();
        const Timestamp end = end_of_window(tape, walk, begin, all.end);
        SLIPCAST_TRY(slice, tape.load(walk.instrument, {begin, end}));
        SLIPCAST_CHECK(check_sorted(slice.quotes.time, "quotes.time"));
        SLIPCAST_CHECK(check_sorted(slice.trades.time, "trades.time"));
        if (walk.history != nullptr) walk.history->take(slice, end);
        if (walk.range.contains(begin)) SLIPCAST_CHECK(walker.take(slice, end));
        begin = end;
    }
    return walker.finish();
}

}  // namespace slipcast::tca::detail
