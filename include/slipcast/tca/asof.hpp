#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "slipcast/core/price.hpp"
#include "slipcast/core/quantity.hpp"
#include "slipcast/core/time.hpp"
#include "slipcast/market/tape.hpp"

// The as-of rule of every metric: the last quote STRICTLY before the event.

namespace slipcast::tca {

/// What the last quote before an event is worth. Only the last two have a mid.
enum class QuoteState : std::uint8_t {
    none,       ///< no quote yet
    stale,      ///< from before a gap of the feed, a halt or a session break that covers the event
    one_sided,  ///< a side is absent (price 0 and no size)
    crossed,    ///< bid above ask
    locked,     ///< bid equals ask: the mid is that price
    two_sided,
};
[[nodiscard]] std::string_view name(QuoteState state);
[[nodiscard]] constexpr bool is_usable(QuoteState state) {
    return state == QuoteState::locked || state == QuoteState::two_sided;
}

/// A quote's state from its prices and sizes. Where the source knows no sizes pass 0: price 0 alone then means absent.
[[nodiscard]] constexpr QuoteState quote_state(Price bid, Price ask, std::int64_t bid_size, std::int64_t ask_size) {
    if ((bid.units() == 0 && bid_size <= 0) || (ask.units() == 0 && ask_size <= 0)) return QuoteState::one_sided;
    if (bid > ask) return QuoteState::crossed;
    return bid == ask ? QuoteState::locked : QuoteState::two_sided;
}

/// The mid before an event, as a price at 1e-9 (half-even when the touches are an odd number of units apart).
struct MidAt {
    Price mid;  ///< 0 unless usable
    QuoteState state = QuoteState::none;
    [[nodiscard]] constexpr bool is_usable() const { return tca::is_usable(state); }
    friend constexpr bool operator==(const MidAt&, const MidAt&) = default;
};

/// The quote before an event.
struct QuoteAt {
    Timestamp time;
    Price bid;
    Price ask;
    Quantity bid_size;
    Quantity ask_size;
    QuoteState state = QuoteState::none;
    bool has_sizes = false;
    [[nodiscard]] constexpr bool is_usable() const { return tca::is_usable(state); }
    [[nodiscard]] constexpr MidAt mid_at() const { return {is_usable() ? midpoint(bid, ask) : Price{}, state}; }
    friend constexpr bool operator==(const QuoteAt&, const QuoteAt&) = default;
};

/// Row `row` of the columns, judged by itself (never none or stale).
[[nodiscard]] QuoteAt quote_at_row(const market::QuoteColumns& quotes, std::size_t row);
/// `quote_at_row(quotes, row).mid_at()` for less: the sizes are looked at only where a price is zero.
[[nodiscard]] MidAt mid_at_row(const market::QuoteColumns& quotes, std::size_t row);

/// Walks forward through a sorted time column: each call gallops from where the last one stopped, so a run of sorted
/// events costs a few probes each and reads the column once.
class AsofCursor {
public:
    /// The number of rows strictly before `time`. Times of successive calls must not run backwards.
    [[nodiscard]] std::size_t rows_before(std::span<const Timestamp> rows, Timestamp time);

private:
    std::size_t row_ = 0;  ///< all rows below are before the last time asked for
};

/// The mid before each event. Events sorted (asserted), quotes sorted as QuoteColumns promises. Gaps and sessions are
/// the caller's business: no answer is `stale`. About ten reads of the time column an event.
[[nodiscard]] std::vector<MidAt> asof_mids(const market::QuoteColumns& quotes, std::span<const Timestamp> events);

/// The mid before events[i] + offsets[k], at [i * offsets.size() + k]: every mark-out horizon in one pass over the
/// quotes. Events sorted (asserted); offsets in any order, negative ones look before the event.
[[nodiscard]] std::vector<MidAt> asof_mids(const market::QuoteColumns& quotes, std::span<const Timestamp> events,
                                           std::span<const Duration> offsets);

}  // namespace slipcast::tca
