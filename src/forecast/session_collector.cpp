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
}

Timestamp SessionCollector::bin_end(std::size_t bin) const {
    const Timestamp end = record_.session.open + options_.bin * static_cast<std::int64_t>(bin + 1);
    return std::min(end, record_.session.close);
}

std::size_t SessionCollector::bin_of(Timestamp time) const {
    return static_cast<std::size_t>((time - record_.session.open) / options_.bin);
}

void SessionCollector::note_row(Timestamp time) {
    if (!first_row_ || time < *first_row_) first_row_ = time;
    if (!last_row_ || time > *last_row_) last_row_ = time;
}

void SessionCollector::add(const market::TapeSlice& slice, Timestamp until) {
    add_trades(slice.trades);
    add_quotes(slice);
    // Here, because the slice holds the feed gaps up to `until` and no later ones.
    credit(std::min(until, record_.session.close), slice.gaps);
}

void SessionCollector::add_trades(const market::TradeColumns& trades) {
    const TimeRange session{record_.session.open, record_.session.close};
    for (std::size_t row = 0; row < trades.count(); ++row) {
        const market::TradeFlags flags = trades.flags.empty() ? market::kRegularTrade : trades.flags[row];
        const Timestamp time = trades.time[row];
        if (session.contains(time)) note_row(time);
        if (!flags.has(TradeFlag::in_volume)) continue;
        const std::int64_t size = trades.size[row].units();
        if (flags.has(TradeFlag::opening_auction)) {
            if (time < session.end) record_.opening_auction += size;
        } else if (flags.has(TradeFlag::closing_auction)) {
            if (time >= session.begin) record_.closing_auction += size;
        } else if (session.contains(time)) {
            record_.volume[bin_of(time)] += size;
            record_.has_trades = true;
        }
    }
}

void SessionCollector::add_quotes(const market::TapeSlice& slice) {
    const market::QuoteColumns& quotes = slice.quotes;
    const TimeRange session{record_.session.open, record_.session.close};
    for (std::size_t row = 0; row < quotes.size(); ++row) {
        const Timestamp time = quotes.time[row];
        if (!session.contains(time)) continue;
        note_row(time);
        credit(time, slice.gaps);
        standing_.reset();
        const double bid = quotes.bid[row].to_double();
        const double ask = quotes.ask[row].to_double();
        const auto absent = [row](std::span<const Quantity> size) { return !size.empty() && size[row].units() == 0; };
        if (absent(quotes.bid_size) || absent(quotes.ask_size) || bid <= 0.0 || ask < bid) continue;
        const double mid = (bid + ask) / 2.0;
        standing_ = Standing{time, mid, (ask - bid) / mid * 1e4};
        mid_ = mid;
        if (!record_.first_mid) record_.first_mid = bin_begin_mid_ = mid;
        record_.indicative = record_.indicative || slice.quotes_indicative;
    }
}

void SessionCollector::credit(Timestamp until, const std::vector<FeedGap>& gaps) {
    while (bin_ < record_.volume.size()) {
        const Timestamp end = bin_end(bin_);
        credit_bin(bin_, std::min(until, end), gaps);
        credited_ = std::min(until, end);
        if (until < end) return;
        close_bin();
    }
}

void SessionCollector::credit_bin(std::size_t bin, Timestamp until, const std::vector<FeedGap>& gaps) {
    if (!standing_ || until <= credited_) return;
    Duration length = until - credited_;
    for (const FeedGap& gap : gaps) {
        if (standing_->since >= gap.begin) continue;
        const Duration stale = std::min(until, gap.end) - std::max(credited_, gap.begin);
        length -= std::max(stale, Duration{0});
    }
    const auto ns = static_cast<double>(std::max(length, Duration{0}).count());
    record_.spread[bin] += standing_->spread_bps * ns;
    record_.quoted[bin] += ns;
}

void SessionCollector::close_bin() {
    if (mid_ && bin_begin_mid_) {
        const double move = std::log(*mid_ / *bin_begin_mid_);
        record_.variance[bin_] = move * move;
        bin_begin_mid_ = mid_;
    }
    ++bin_;
}

SessionRecord SessionCollector::record() && {
    credit(record_.session.close, {});
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
