#include "slipcast/tca/asof.hpp"

#include <algorithm>
#include <array>
#include <bit>

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

AsofIndex::AsofIndex(std::span<const Timestamp> rows, std::size_t questions) : rows_(rows) {
    constexpr std::size_t kShortest = 16;  // two cache lines
    const std::size_t rows_each = rows.size() / std::max<std::size_t>(questions, 1);
    stretch_ = std::max(kShortest, std::bit_floor(std::max<std::size_t>(rows_each, 1)));
    const std::size_t stretches = rows.size() / stretch_;
    if (stretches == 0) return;
    // At least two buckets a stretch, so that few hold the ends of two.
    const std::uint64_t span = since_first(rows.back());
    while ((span >> shift_) >= 4 * stretches) ++shift_;
    past_.resize((span >> shift_) + 2);
    std::size_t bucket = 0;
    for (std::size_t at = 0; at < stretches; ++at) {
        const std::uint64_t own = since_first(rows[at * stretch_ + stretch_ - 1]) >> shift_;
        for (; bucket <= own; ++bucket) past_[bucket] = static_cast<std::uint32_t>(at);
    }
    for (; bucket < past_.size(); ++bucket) past_[bucket] = static_cast<std::uint32_t>(stretches);
}

std::size_t AsofIndex::rows_before(Timestamp time) const {
    if (rows_.empty() || time <= rows_.front()) return 0;
    if (rows_.back() < time) return rows_.size();
    std::size_t at = 0;
    if (!past_.empty()) {
        const std::uint64_t bucket = since_first(time) >> shift_;
        at = past_[bucket];
        std::size_t undecided = past_[bucket + 1] - at;
        for (; undecided > 1; undecided -= undecided / 2)
            at += is_past(at + undecided / 2 - 1, time) ? undecided / 2 : 0;
        if (undecided > 0 && is_past(at, time)) ++at;
    }
    std::size_t row = at * stretch_;
    if (row + stretch_ > rows_.size()) {
        const auto rest = rows_.subspan(row);
        return row + static_cast<std::size_t>(std::lower_bound(rest.begin(), rest.end(), time) - rest.begin());
    }
    // Branchless halving: the last row of the stretch is known not to be before `time`.
    for (std::size_t half = stretch_ / 2; half > 0; half /= 2) row += rows_[row + half - 1] < time ? half : 0;
    return row;
}

std::vector<MidAt> asof_mids(const market::QuoteColumns& quotes, std::span<const Timestamp> events) {
    constexpr std::array<Duration, 1> kAtEvent{};
    return asof_mids(quotes, events, kAtEvent);
}

std::vector<MidAt> asof_mids(const market::QuoteColumns& quotes, std::span<const Timestamp> events,
                             std::span<const Duration> offsets) {
    assert_sorted(events);
    std::vector<MidAt> mids(events.size() * offsets.size());
    const AsofIndex index(quotes.time, mids.size());
    // Blocks of events keep each offset's stretch of the columns in cache while it is read. Rows are found first and
    // the touches fetched after: the searches wait for nothing but the time column.
    constexpr std::size_t kBlock = 64;
    std::array<std::size_t, kBlock> rows{};
    for (std::size_t block = 0; block < events.size(); block += kBlock) {
        const std::size_t count = std::min(kBlock, events.size() - block);
        for (std::size_t k = 0; k < offsets.size(); ++k) {
            for (std::size_t i = 0; i < count; ++i) {
                rows[i] = index.rows_before(events[block + i] + offsets[k]);
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
