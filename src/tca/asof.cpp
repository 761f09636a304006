#include "slipcast/tca/asof.hpp"

#include <algorithm>
#include <array>

#include "slipcast/core/assert.hpp"

namespace slipcast::tca {

namespace {

void assert_sorted(std::span<const Timestamp> events) {
    SLIPCAST_ASSERT(std::is_sorted(events.begin(), events.end()), "events of an as-of join are sorted by time");
}

}  // namespace

std::string_view name(QuoteState state) {
    constexpr std::array<std::string_view, 6> kNames{"none", "stale", "one_sided", "crossed", "locked", "two_sided"};
    return kNames[static_cast<std::size_t>(state)];
}

QuoteAt quote_at_row(const market::QuoteColumns& quotes, std::size_t row) {
    QuoteAt quote;
    quote.time = quotes.time[row];
    quote.bid = quotes.bid[row];
    quote.ask = quotes.ask[row];
    quote.has_sizes = !quotes.bid_size.empty() && !quotes.ask_size.empty();
    if (quote.has_sizes) {
        quote.bid_size = quotes.bid_size[row];
        quote.ask_size = quotes.ask_size[row];
    }
    quote.state = quote_state(quote.bid, quote.ask, quote.bid_size.units(), quote.ask_size.units());
    return quote;
}

MidAt mid_at_row(const market::QuoteColumns& quotes, std::size_t row) {
    const Price bid = quotes.bid[row];
    const Price ask = quotes.ask[row];
    const bool has_sizes = !quotes.bid_size.empty() && !quotes.ask_size.empty();
    // Sizes decide only whether a price of zero is a price: most rows never touch those columns.
    QuoteState state = QuoteState::one_sided;
    if (bid.units() != 0 && ask.units() != 0) {
        state = quote_state(bid, ask, 1, 1);
    } else if (has_sizes) {
        state = quote_state(bid, ask, quotes.bid_size[row].units(), quotes.ask_size[row].units());
    }
    return {is_usable(state) ? midpoint(bid, ask) : Price{}, state};
}

std::size_t AsofCursor::rows_before(std::span<const Timestamp> rows, Timestamp time) {
    // Even strides first: events of a busy tape are near each other, and memory that is read forward is fetched ahead.
    // Then leaps that double, for the far ones.
    constexpr std::size_t kStride = 16;
    constexpr std::size_t kEvenStrides = 24;
    const std::size_t count = rows.size();
    std::size_t low = row_;
    std::size_t step = kStride;
    for (std::size_t strides = 0; low + step <= count && rows[low + step - 1] < time; ++strides) {
        low += step;
        if (strides >= kEvenStrides) step *= 2;
    }
    // Branchless halving: `length` rows from `low` are undecided.
    for (std::size_t length = std::min(step, count - low); length > 0;) {
        const std::size_t half = length - length / 2;
        low += rows[low + half - 1] < time ? half : 0;
        length -= half;
    }
    row_ = low;
    return low;
}

std::vector<MidAt> asof_mids(const market::QuoteColumns& quotes, std::span<const Timestamp> events) {
    constexpr std::array<Duration, 1> kAtEvent{};
    return asof_mids(quotes, events, kAtEvent);
}

std::vector<MidAt> asof_mids(const market::QuoteColumns& quotes, std::span<const Timestamp> events,
                             std::span<const Duration> offsets) {
    assert_sorted(events);
    std::vector<MidAt> mids(events.size() * offsets.size());
    std::vector<AsofCursor> cursors(offsets.size());
    // Blocks of events keep each offset's stretch of the columns in cache while it is read. Rows are found first and
    // the touches fetched after: the searches wait for nothing but the time column.
    constexpr std::size_t kBlock = 128;
    std::array<std::size_t, kBlock> rows{};
    for (std::size_t block = 0; block < events.size(); block += kBlock) {
        const std::size_t count = std::min(kBlock, events.size() - block);
        for (std::size_t k = 0; k < offsets.size(); ++k) {
            for (std::size_t i = 0; i < count; ++i) {
                rows[i] = cursors[k].rows_before(quotes.time, events[block + i] + offsets[k]);
                if (rows[i] == 0) continue;
                __builtin_prefetch(quotes.bid.data() + rows[i] - 1);
                __builtin_prefetch(quotes.ask.data() + rows[i] - 1);
            }
            for (std::size_t i = 0; i < count; ++i) {
                if (rows[i] > 0) mids[(block + i) * offsets.size() + k] = mid_at_row(quotes, rows[i] - 1);
            }
        }
    }
    return mids;
}

}  // namespace slipcast::tca
