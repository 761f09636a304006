#include "session_collector.hpp"

#include <algorithm>
#include <cmath>

namespace slipcast::forecast {

using market::FeedGap;
using market::TradeFlag;

SessionCollector::SessionCollector(const market::Session& session, const ForecastOptions& options)
    : options_(options), credited_(session.open) {
    record_.session = session;
    const Duration length = session.close - session.open;
    const auto bins = static_cast<std::size_t>((length + options.bin - Duration{1}) / options.bin);
    record_.volume.assign(bins, 0);
    record_.variance.assign(bins, 0.0);
    record_.spread.assign(bins, 0.0);
    record_.quoted.assign(bins, 0.0);
    bin_end_ = bin_end(0);
}

Timestamp SessionCollector::bin_end(std::size_t bin) const {
    const Timestamp end = record_.session.open + options_.bin * static_cast<std::int64_t>(bin + 1);
    return std::min(end, record_.session.close);
}

void SessionCollector::add(const market::TapeSlice& slice, TimeRange piece) {
    const TimeRange session{record_.session.open, record_.session.close};
    const TimeRange within{std::max(piece.begin, session.begin), std::min(piece.end, session.end)};
    remember(slice.gaps);
    note_rows(market::rows_within(slice.trades, within).time);
    add_trades(market::rows_within(slice.trades, piece));
    add_quotes(market::rows_within(slice.quotes, within), slice.quotes_indicative);
    credit_whole_bins(std::min(piece.end, session.end));
}

void SessionCollector::remember(const std::vector<FeedGap>& gaps) {
    for (const FeedGap& gap : gaps) {
        if (std::ranges::find(gaps_, gap) == gaps_.end()) gaps_.push_back(gap);
    }
    std::erase_if(gaps_, [this](const FeedGap& gap) { return gap.end <= credited_; });
}

void SessionCollector::note_rows(std::span<const Timestamp> sorted) {
    if (sorted.empty()) return;
    first_row_ = std::min(first_row_.value_or(sorted.front()), sorted.front());
    last_row_ = std::max(last_row_.value_or(sorted.back()), sorted.back());
}

void SessionCollector::add_trades(const market::TradeColumns& trades) {
    const TimeRange session{record_.session.open, record_.session.close};
    for (std::size_t row = 0; row < trades.count(); ++row) {
        const market::TradeFlags flags = trades.flags.empty() ? market::kRegularTrade : trades.flags[row];
        if (!flags.has(TradeFlag::in_volume)) continue;
        const Timestamp time = trades.time[row];
        const std::int64_t size = trades.size[row].units();
        if (flags.has(TradeFlag::opening_auction)) {
            if (time < session.end) record_.opening_auction += size;
        } else if (flags.has(TradeFlag::closing_auction)) {
            if (time >= session.begin) record_.closing_auction += size;
        } else if (session.contains(time)) {
            while (time >= bin_end(trade_bin_)) ++trade_bin_;
            record_.volume[trade_bin_] += size;
            record_.has_trades = true;
        }
    }
}

void SessionCollector::add_quotes(const market::QuoteColumns& quotes, bool indicative) {
    note_rows(quotes.time);
    for (std::size_t row = 0; row < quotes.size(); ++row) {
        const Timestamp time = quotes.time[row];
        credit(time);
        standing_.reset();
        const double bid = quotes.bid[row].to_double();
        const double ask = quotes.ask[row].to_double();
        const auto absent = [row](std::span<const Quantity> size) { return !size.empty() && size[row].units() == 0; };
        if (absent(quotes.bid_size) || absent(quotes.ask_size) || bid <= 0.0 || ask < bid) continue;
        const double mid = (bid + ask) / 2.0;
        standing_ = Standing{time, mid, (ask - bid) / mid * 1e4};
        mid_ = mid;
        if (!record_.first_mid) record_.first_mid = bin_begin_mid_ = mid;
        record_.indicative = record_.indicative || indicative;
    }
}

void SessionCollector::credit(Timestamp until) {
    credit_whole_bins(until);
    if (bin_ == record_.volume.size()) return;
    credit_bin(until);
    credited_ = until;
}

void SessionCollector::credit_whole_bins(Timestamp until) {
    while (bin_ < record_.volume.size() && bin_end_ <= until) {
        credit_bin(bin_end_);
        credited_ = bin_end_;
        close_bin();
    }
}

void SessionCollector::credit_bin(Timestamp until) {
    if (!standing_ || until <= credited_) return;
    Duration length = until - credited_;
    for (const FeedGap& gap : gaps_) {
        if (standing_->since >= gap.begin) continue;
        const Duration stale = std::min(until, gap.end) - std::max(credited_, gap.begin);
        length -= std::max(stale, Duration{0});
    }
    const auto ns = static_cast<double>(std::max(length, Duration{0}).count());
    record_.spread[bin_] += standing_->spread_bps * ns;
    record_.quoted[bin_] += ns;
}

void SessionCollector::close_bin() {
    if (mid_ && bin_begin_mid_) {
        const double move = std::log(*mid_ / *bin_begin_mid_);
        record_.variance[bin_] = move * move;
        bin_begin_mid_ = mid_;
    }
    bin_end_ = bin_end(++bin_);
}

SessionRecord SessionCollector::record() && {
    credit_whole_bins(record_.session.close);
    for (std::size_t bin = 0; bin < record_.spread.size(); ++bin) {
        if (record_.quoted[bin] <= 0.0) continue;
        record_.spread[bin] /= record_.quoted[bin];
        const Timestamp begin = record_.session.open + options_.bin * static_cast<std::int64_t>(bin);
        record_.quoted[bin] /= static_cast<double>((bin_end(bin) - begin).count());
    }
    record_.last_mid = mid_;
    record_.has_quotes = record_.first_mid.has_value();
    record_.complete = first_row_ && *first_row_ - record_.session.open <= options_.edge &&
                       record_.session.close - *last_row_ <= options_.edge;
    return std::move(record_);
}

}  // namespace slipcast::forecast
