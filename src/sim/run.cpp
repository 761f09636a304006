#include "run.hpp"

#include <algorithm>

namespace slipcast::sim {
namespace {

constexpr std::size_t kChunkRows = 1U << 16U;
constexpr std::int64_t kProgressRows = 1 << 18;

}  // namespace

Run::Run(const market::Dataset& market, const std::vector<Parent>& parents, const ReplayOptions& options,
         TapeSink* sink)
    : market_(market),
      parents_(parents),
      options_(options),
      sink_(sink),
      dark_pools_(options.dark_venues, options.seed) {
    double total = 0.0;
    for (const VenueTerms& venue : options.venues) {
        total += venue.weight;
        venue_shares_.push_back(total);
    }
    for (double& share : venue_shares_) share /= total;
}

Result<void> Run::play(std::vector<double> adv, const Progress& progress) {
    std::vector<PriceMove> ticks;
    const Duration recent = options_.policy != nullptr ? options_.policy->window() : Duration{};
    for (const market::Instrument& instrument : market_.instruments) {
        ticks.push_back(instrument.tick_size);
        stages_.push_back(instrument.id.is_none() ? nullptr
                                                  : std::make_unique<Stage>(
                                                        market_, instrument.id, children_,
                                                        [this](const Execution& execution) { execute(execution); },
                                                        options_.window, recent));
    }
    if (options_.impact.enabled) overlay_ = std::make_unique<Overlay>(options_.impact, std::move(adv), ticks);
    for (const auto& stage : stages_) {
        if (!stage) continue;
        SLIPCAST_CHECK(stage->feed.start());
        SLIPCAST_CHECK(enter_windows(*stage));
    }
    prepare_works();
    SLIPCAST_CHECK(loop(progress));
    for (const auto& stage : stages_) {
        if (stage) SLIPCAST_CHECK(flush(*stage, true));
    }
    return {};
}

void Run::prepare_works() {
    for (const Parent& parent : parents_) {
        Work work;
        work.parent = &parent;
        const market::Order& order = parent.order;
        work.start = order.broker_arrival_time ? *order.broker_arrival_time : *order.arrival_time;
        work.end = *order.end_time;
        work.curve = VolumeCurve::generic();
        if (const market::Session* session =
                stage_of(work).book.sessions().empty() ? nullptr : &stage_of(work).book.sessions().front()) {
            for (const market::Session& candidate : stage_of(work).book.sessions()) {
                if (candidate.open <= work.start) session = &candidate;
            }
            for (const DatedCurve& dated : options_.curves) {
                if (dated.instrument == order.instrument && dated.date == session->date) work.curve = dated.curve;
            }
        }
        works_.push_back(std::move(work));
        push(works_.back().start, Kind::step, works_.size() - 1);
        push(works_.back().end, Kind::expire, works_.size() - 1);
        if (parent.cancel_time) push(*parent.cancel_time, Kind::desk_cancel, works_.size() - 1);
    }
}

Timestamp Run::next_row(std::size_t index) const {
    const Stage& stage = *stages_[index];
    const Timestamp row = stage.feed.next_time();
    if (!overlay_ || !stage.has_quote || row == Timestamp::max()) return row;
    const Timestamp change = overlay_->next_change(index);
    if (change == Timestamp::max()) return row;
    return std::min(row, change);
}

Result<void> Run::loop(const Progress& progress) {
    std::int64_t rows = 0;
    while (true) {
        std::size_t first = stages_.size();
        Timestamp time = Timestamp::max();
        for (std::size_t i = 0; i < stages_.size(); ++i) {
            if (!stages_[i]) continue;
            const Timestamp next = next_row(i);
            if (next < time) {
                time = next;
                first = i;
            }
        }
        if (!actions_.empty() && actions_.top().time <= time) {
            const Action action = actions_.top();
            actions_.pop();
            act(action);
            if (failure_) return *failure_;
            continue;
        }
        if (first == stages_.size()) return {};
        SLIPCAST_CHECK(play_row(first));
        if (++rows % kProgressRows == 0 && progress && !progress("replaying", rows, 0)) {
            return Error{ErrorCode::interrupted, "replay", "", "the caller asked to stop", {}};
        }
    }
}

Result<void> Run::enter_windows(Stage& stage) {
    if (stage.windows == stage.feed.windows()) return {};
    stage.windows = stage.feed.windows();
    const market::TapeSlice& slice = stage.feed.slice();
    stage.book.enter_window(slice.gaps, stage.feed.window());
    stage.chunk.quotes_indicative = slice.quotes_indicative;
    if (sink_ == nullptr) return {};
    const Timestamp begin = stage.feed.window().begin;
    for (const market::FeedGap& gap : slice.gaps) {
        // A gap that reaches in from the window before is listed already.
        if (gap.begin >= begin || stage.windows == 1) stage.gaps.push_back(gap);
    }
    return {};
}

Result<void> Run::play_row(std::size_t index) {
    Stage& stage = *stages_[index];
    const Timestamp row = stage.feed.next_time();
    const Timestamp due = next_row(index);
    if (due < row) {
        insert_quote(index, due);
        return {};
    }
    if (stage.feed.next_is_trade()) {
        play_trade(index);
        ++counts_.trades;
    } else {
        play_quote(index);
        ++counts_.quotes;
    }
    if (stage.chunk.quotes.time.size() + stage.chunk.trades.time.size() >= kChunkRows) {
        SLIPCAST_CHECK(flush(stage, false));
    }
    SLIPCAST_CHECK(stage.feed.advance());
    return enter_windows(stage);
}

/// The row at hand as the stage's source quote.
void Run::read_quote(Stage& stage) {
    const market::QuoteColumns& quotes = stage.feed.slice().quotes;
    const std::size_t row = stage.feed.quote_row();
    const Quantity lot = market_.instrument(stage.instrument).lot_size;
    const auto size = [row, lot](std::span<const Quantity> sizes, Price price) {
        if (!sizes.empty()) return sizes[row];
        return price > Price{} ? lot : Quantity{};  // a source without sizes: one lot, said in the provenance
    };
    Quote& quote = stage.source;
    quote.time = quotes.time[row];
    quote.bid = quotes.bid[row];
    quote.ask = quotes.ask[row];
    quote.bid_size = size(quotes.bid_size, quote.bid);
    quote.ask_size = size(quotes.ask_size, quote.ask);
    quote.bid_depth.clear();
    quote.ask_depth.clear();
    for (std::size_t level = 2; level <= quotes.levels(); ++level) {
        for (const Side side : {Side::buy, Side::sell}) {
            const market::BookLevel shown = quotes.level(side, row, level);
            if (shown.is_there()) (side == Side::buy ? quote.bid_depth : quote.ask_depth).push_back(shown);
        }
    }
    stage.has_sizes = !quotes.bid_size.empty();
    stage.levels = std::max(stage.levels, quotes.levels());
    stage.has_quote = true;
}

void Run::play_quote(std::size_t index) {
    Stage& stage = *stages_[index];
    read_quote(stage);
    const Quote& quote = stage.source;
    PriceMove shift;
    if (overlay_) {
        const market::Session* session = stage.book.session_at(quote.time);
        const bool usable = quote.bid > Price{} && quote.ask > Price{} && quote.bid <= quote.ask;
        if (session != nullptr && session != stage.referenced && usable) {
            stage.referenced = session;
            overlay_->set_reference(index, midpoint(quote.bid, quote.ask));
        }
        shift = overlay_->shift(index, quote.time);
    }
    show(stage, quote.time, shift);
}

/// Moves the prices of the quote about to be shown. None falls below one tick: what would is worth nothing to anybody,
/// so the touch stops there and levels behind it go. A crossed source stays crossed: nobody trades on it.
void Run::shift_prices(Stage& stage, PriceMove shift) {
    Quote& shown = stage.shown;
    const Price lowest = Price{} + market_.instrument(stage.instrument).tick_size;
    if (shown.bid > Price{}) shown.bid = std::max(shown.bid + shift, lowest);
    if (shown.ask > Price{}) shown.ask = std::max(shown.ask + shift, lowest);
    const auto shift_levels = [shift](std::vector<market::BookLevel>& levels, auto is_beyond, Price best) {
        std::erase_if(levels, [&](market::BookLevel& level) {
            level.price = level.price + shift;
            if (!is_beyond(level.price, best)) return true;
            best = level.price;
            return false;
        });
    };
    shift_levels(shown.bid_depth, [lowest](Price a, Price b) { return a < b && a >= lowest; }, shown.bid);
    shift_levels(shown.ask_depth, [](Price a, Price b) { return a > b; }, shown.ask);
}

void Run::show(Stage& stage, Timestamp time, PriceMove shift) {
    stage.shown = stage.source;
    stage.shown.time = time;
    stage.shift = shift;
    shift_prices(stage, shift);
    const Quote& shown = stage.shown;
    stage.book.show(shown);
    if (sink_ != nullptr) {
        market::QuoteTable& quotes = stage.chunk.quotes;
        if (quotes.time.empty()) quotes.depth.resize(stage.levels - 1);
        quotes.time.push_back(shown.time);
        quotes.bid.push_back(shown.bid);
        quotes.ask.push_back(shown.ask);
        if (stage.has_sizes) {
            quotes.bid_size.push_back(shown.bid_size);
            quotes.ask_size.push_back(shown.ask_size);
        }
        quotes.push_depth(shown.bid_depth, shown.ask_depth);
    }
}

void Run::insert_quote(std::size_t index, Timestamp time) {
    Stage& stage = *stages_[index];
    const PriceMove shift = overlay_->shift(index, time);
    if (shift == stage.shift) return;
    show(stage, time, shift);
    ++counts_.inserted_quotes;
}

std::vector<std::size_t> Run::levels() const {
    std::vector<std::size_t> levels;
    for (const auto& stage : stages_) {
        if (stage) levels.push_back(stage->levels);
    }
    return levels;
}

void Run::play_trade(std::size_t index) {
    Stage& stage = *stages_[index];
    const market::TradeColumns& trades = stage.feed.slice().trades;
    const std::size_t row = stage.feed.trade_row();
    const market::TradeFlags flags = trades.flags.empty() ? market::kRegularTrade : trades.flags[row];
    const Timestamp time = trades.time[row];
    Price price = trades.price[row];
    if (overlay_ && price > Price{}) {
        price =
            std::max(price + overlay_->shift(index, time), Price{} + market_.instrument(stage.instrument).tick_size);
    }
    const Quantity before = stage.book.volume();
    const Quantity own = stage.book.print(time, price, trades.size[row], flags);
    if (options_.policy != nullptr) stage.market_volume.add(time, stage.book.volume() - before);
    if (sink_ == nullptr) return;
    const Quantity rest = trades.size[row] - (overlay_ ? own : Quantity{});
    if (rest > Quantity{} || trades.size[row] <= Quantity{}) {
        stage.chunk.trades.push(time, price, rest, flags, trades.venue.empty() ? VenueId::none() : trades.venue[row],
                                trades.aggressor.empty() ? std::int8_t{0} : trades.aggressor[row]);
    }
}

Result<void> Run::flush(Stage& stage, bool at_end) {
    if (sink_ == nullptr) return {};
    TapeChunk chunk;
    chunk.quotes_indicative = stage.chunk.quotes_indicative;
    std::swap(chunk, stage.chunk);
    stage.chunk.quotes_indicative = chunk.quotes_indicative;
    Timestamp last = Timestamp::min();
    if (!chunk.quotes.time.empty()) last = chunk.quotes.time.back();
    if (!chunk.trades.time.empty()) last = std::max(last, chunk.trades.time.back());
    std::erase_if(stage.gaps, [&](const market::FeedGap& gap) {
        const bool begins_here = at_end || gap.begin <= last;
        if (begins_here) chunk.gaps.push_back(gap);
        return begins_here;
    });
    if (chunk.quotes.time.empty() && chunk.trades.time.empty() && chunk.gaps.empty()) return {};
    return sink_->append(stage.instrument, chunk);
}

void Run::act(const Action& action) {
    switch (action.kind) {
        case Kind::step:
            return step(action.index, action.time);
        case Kind::decide:
            return decide(action.index, action.time, false);
        case Kind::arrive:
            return arrive(action.index, action.time);
        case Kind::cancel:
            return cancel(action.index, action.time);
        case Kind::expire:
            return expire(action.index, action.time);
        case Kind::desk_cancel:
            return desk_cancel(action.index, action.time);
        case Kind::report:
            return report(action.index, action.time);
        case Kind::report_done:
            return report_done(action.index, action.time);
    }
}

}  // namespace slipcast::sim
