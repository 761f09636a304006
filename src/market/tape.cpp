#include "slipcast/market/tape.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "slipcast/core/assert.hpp"

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

Result<void> check_depth(const QuoteTable& quotes) {
    const std::size_t rows = quotes.time.size();
    if (!quotes.depth.empty() && (quotes.bid_size.size() != rows || quotes.ask_size.size() != rows)) {
        return Error{ErrorCode::missing_field, "quotes.bid_size", "", "depth needs the sizes at the touch", {}};
    }
    for (std::size_t i = 0; i < quotes.depth.size(); ++i) {
        const DepthTable& level = quotes.depth[i];
        for (const Side side : {Side::buy, Side::sell}) {
            const std::size_t prices = side == Side::buy ? level.bid.size() : level.ask.size();
            const std::size_t sizes = side == Side::buy ? level.bid_size.size() : level.ask_size.size();
            SLIPCAST_CHECK(check_length(("quotes." + level_column(side, false, i + 2)).c_str(), prices, rows, false));
            SLIPCAST_CHECK(check_length(("quotes." + level_column(side, true, i + 2)).c_str(), sizes, rows, false));
        }
    }
    return {};
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
    SLIPCAST_CHECK(check_depth(quotes));
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

template <typename T>
void extend(std::vector<T>& to, std::span<const T> from) {
    to.insert(to.end(), from.begin(), from.end());
}

/// `level` with absent rows up to `rows`.
void pad(DepthTable& level, std::size_t rows) {
    level.bid.resize(rows);
    level.ask.resize(rows);
    level.bid_size.resize(rows);
    level.ask_size.resize(rows);
}

}  // namespace

BookLevel QuoteColumns::level(Side side, std::size_t row, std::size_t level) const {
    SLIPCAST_ASSERT(level >= 1 && level <= levels(), "a level that the source shows");
    const bool is_bid = side == Side::buy;
    if (level > 1) {
        const DepthColumns& columns = depth[level - 2];
        return {(is_bid ? columns.bid : columns.ask)[row], (is_bid ? columns.bid_size : columns.ask_size)[row]};
    }
    const std::span<const Quantity> sizes = is_bid ? bid_size : ask_size;
    return {(is_bid ? bid : ask)[row], sizes.empty() ? Quantity{} : sizes[row]};
}

QuoteColumns QuoteTable::view() const {
    QuoteColumns columns{time, bid, ask, bid_size, ask_size};
    for (const DepthTable& level : depth) columns.depth.push_back(level.view());
    return columns;
}

void QuoteTable::push_depth(std::span<const BookLevel> bids, std::span<const BookLevel> asks) {
    SLIPCAST_ASSERT(bids.size() <= depth.size() && asks.size() <= depth.size(), "as many levels as the table has");
    for (std::size_t i = 0; i < depth.size(); ++i) {
        depth[i].push(i < bids.size() ? bids[i] : BookLevel{}, i < asks.size() ? asks[i] : BookLevel{});
    }
}

void QuoteTable::append(const QuoteColumns& rows) {
    if (depth.size() < rows.depth.size()) {
        depth.resize(rows.depth.size());
        for (DepthTable& level : depth) pad(level, time.size());
    }
    extend(time, rows.time);
    extend(bid, rows.bid);
    extend(ask, rows.ask);
    extend(bid_size, rows.bid_size);
    extend(ask_size, rows.ask_size);
    for (std::size_t i = 0; i < depth.size(); ++i) {
        if (i >= rows.depth.size()) {
            pad(depth[i], time.size());
            continue;
        }
        extend(depth[i].bid, rows.depth[i].bid);
        extend(depth[i].ask, rows.depth[i].ask);
        extend(depth[i].bid_size, rows.depth[i].bid_size);
        extend(depth[i].ask_size, rows.depth[i].ask_size);
    }
}

void QuoteTable::clear() {
    const std::size_t levels = depth.size();
    *this = {};
    depth.resize(levels);
}

QuoteColumns rows_within(const QuoteColumns& quotes, TimeRange window) {
    const RowRange rows = range_within(quotes.time, window);
    QuoteColumns within{part(quotes.time, rows), part(quotes.bid, rows), part(quotes.ask, rows),
                        part(quotes.bid_size, rows), part(quotes.ask_size, rows)};
    within.depth.reserve(quotes.depth.size());
    for (const DepthColumns& level : quotes.depth) {
        within.depth.push_back(
            {part(level.bid, rows), part(level.ask, rows), part(level.bid_size, rows), part(level.ask_size, rows)});
    }
    return within;
}

TradeColumns rows_within(const TradeColumns& trades, TimeRange window) {
    const RowRange rows = range_within(trades.time, window);
    return {part(trades.time, rows),  part(trades.price, rows), part(trades.size, rows),
            part(trades.flags, rows), part(trades.venue, rows), part(trades.aggressor, rows)};
}

Timestamp TapeSource::window_end(InstrumentId /*instrument*/, Timestamp /*begin*/, Timestamp latest) const {
    return latest;
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
