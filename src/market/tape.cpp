#include "slipcast/market/tape.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace slipcast::market {

namespace {

struct RowRange {
    std::size_t first;
    std::size_t count;
};

RowRange range_within(std::span<const Timestamp> time, TimeRange window) {
    const auto first = std::lower_bound(time.begin(), time.end(), window.begin);
    const auto last = std::lower_bound(first, time.end(), std::max(window.begin, window.end));
    return {static_cast<std::size_t>(first - time.begin()), static_cast<std::size_t>(last - first)};
}

template <typename T>
std::span<const T> part(std::span<const T> column, RowRange rows) {
    return column.empty() ? column : column.subspan(rows.first, rows.count);
}

Result<void> check_length(const char* field, std::size_t length, std::size_t rows, bool may_be_absent) {
    if (length == rows || (may_be_absent && length == 0)) return {};
    return Error{ErrorCode::inconsistent,
                 field,
                 fmt::format("{} rows", length),
                 fmt::format("must have as many rows as time ({})", rows),
                 {}};
}

Result<void> check_order(const char* field, const std::vector<Timestamp>& time) {
    const auto early = std::is_sorted_until(time.begin(), time.end());
    if (early == time.end()) return {};
    return Error{ErrorCode::inconsistent,
                 field,
                 early->to_string(),
                 "times must not run backwards",
                 {{}, early - time.begin() + 1, early->to_string()}};
}

Result<void> check_series(const MemoryTape::Series& series) {
    const QuoteTable& quotes = series.quotes;
    const TradeTable& trades = series.trades;
    const std::size_t q = quotes.time.size();
    const std::size_t t = trades.time.size();
    SLIPCAST_CHECK(check_length("quotes.bid", quotes.bid.size(), q, false));
    SLIPCAST_CHECK(check_length("quotes.ask", quotes.ask.size(), q, false));
    SLIPCAST_CHECK(check_length("quotes.bid_size", quotes.bid_size.size(), q, true));
    SLIPCAST_CHECK(check_length("quotes.ask_size", quotes.ask_size.size(), q, true));
    SLIPCAST_CHECK(check_length("trades.price", trades.price.size(), t, false));
    SLIPCAST_CHECK(check_length("trades.size", trades.size.size(), t, false));
    SLIPCAST_CHECK(check_length("trades.flags", trades.flags.size(), t, true));
    SLIPCAST_CHECK(check_length("trades.venue", trades.venue.size(), t, true));
    SLIPCAST_CHECK(check_length("trades.aggressor", trades.aggressor.size(), t, true));
    SLIPCAST_CHECK(check_order("quotes.time", quotes.time));
    SLIPCAST_CHECK(check_order("trades.time", trades.time));
    for (const FeedGap& gap : series.gaps) {
        if (gap.end < gap.begin)
            return invalid_value("gap", gap.begin.to_string(), "a feed gap must end after it begins");
    }
    return {};
}

}  // namespace

QuoteColumns rows_within(const QuoteColumns& quotes, TimeRange window) {
    const RowRange rows = range_within(quotes.time, window);
    return {part(quotes.time, rows), part(quotes.bid, rows), part(quotes.ask, rows), part(quotes.bid_size, rows),
            part(quotes.ask_size, rows)};
}

TradeColumns rows_within(const TradeColumns& trades, TimeRange window) {
    const RowRange rows = range_within(trades.time, window);
    return {part(trades.time, rows),  part(trades.price, rows), part(trades.size, rows),
            part(trades.flags, rows), part(trades.venue, rows), part(trades.aggressor, rows)};
}

Result<void> MemoryTape::add(InstrumentId instrument, Series series) {
    if (instrument.is_none()) return invalid_value("instrument", "", "a tape belongs to an instrument");
    SLIPCAST_CHECK(check_series(series));
    const auto index = static_cast<std::size_t>(instrument.index());
    if (series_.size() <= index) series_.resize(index + 1);
    if (series_[index]) {
        return Error{ErrorCode::inconsistent, "instrument", fmt::format("{}", index), "has a tape already", {}};
    }
    series_[index] = std::make_shared<const Series>(std::move(series));
    return {};
}

const std::shared_ptr<const MemoryTape::Series>* MemoryTape::find(InstrumentId instrument) const {
    const auto index = static_cast<std::size_t>(instrument.index());
    if (instrument.is_none() || index >= series_.size() || !series_[index]) return nullptr;
    return &series_[index];
}

Result<TapeSlice> MemoryTape::load(InstrumentId instrument, TimeRange window) const {
    TapeSlice slice;
    const auto* found = find(instrument);
    if (found == nullptr) return slice;
    const Series& series = **found;
    slice.quotes = rows_within(series.quotes.view(), window);
    slice.trades = rows_within(series.trades.view(), window);
    for (const FeedGap& gap : series.gaps) {
        if (gap.begin < window.end && window.begin < gap.end) slice.gaps.push_back(gap);
    }
    slice.quotes_indicative = series.quotes_indicative;
    slice.owner = *found;
    return slice;
}

TimeRange MemoryTape::extent(InstrumentId instrument) const {
    const auto* found = find(instrument);
    if (found == nullptr) return {};
    TimeRange extent{Timestamp::max(), Timestamp::min()};
    for (const std::vector<Timestamp>* time : {&(*found)->quotes.time, &(*found)->trades.time}) {
        if (time->empty()) continue;
        extent.begin = std::min(extent.begin, time->front());
        extent.end = std::max(extent.end, time->back());
    }
    if (extent.end < extent.begin) return {};
    extent.end = extent.end + Duration{1};  // half-open: the last row is inside
    return extent;
}

}  // namespace slipcast::market
