#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "slipcast/core/id.hpp"
#include "slipcast/core/price.hpp"
#include "slipcast/core/quantity.hpp"
#include "slipcast/core/result.hpp"
#include "slipcast/core/time.hpp"
#include "slipcast/market/depth.hpp"

namespace slipcast::market {

/// Best bid and offer of one instrument as parallel columns, sorted by time (ties in feed order). Views:
/// the holder of the bytes is `TapeSlice::owner`. A side that is absent has size 0 and price 0.
struct QuoteColumns {
    std::span<const Timestamp> time;
    std::span<const Price> bid;
    std::span<const Price> ask;
    std::span<const Quantity> bid_size;  ///< at the touch; empty span = sizes not in the source
    std::span<const Quantity> ask_size;
    std::vector<DepthColumns> depth{};  ///< levels 2, 3, ...; empty = the source shows the touch only
    [[nodiscard]] std::size_t size() const { return time.size(); }
    [[nodiscard]] bool empty() const { return time.empty(); }
    /// Levels of a side that the source shows, the touch among them.
    [[nodiscard]] std::size_t levels() const { return depth.size() + 1; }
    /// Level `level` >= 1 of a side in row `row`; sizes that the source lacks are 0.
    [[nodiscard]] BookLevel level(Side side, std::size_t row, std::size_t level) const;
};

/// What a print may be used for, decided once at import from the source's own condition codes.
enum class TradeFlag : std::uint16_t {
    in_volume = 1,  ///< counts in market volume
    in_vwap = 2,    ///< regular: counts in VWAP and moves "last price"
    opening_auction = 4,
    closing_auction = 8,
    off_exchange = 16,     ///< reported by a trade reporting facility
    out_of_sequence = 32,  ///< reported late: its time is not when it traded
    odd_lot = 64,
    own = 128,     ///< our own execution (replays)
    hidden = 256,  ///< against hidden liquidity
};
/// A set of TradeFlag bits.
struct TradeFlags {
    std::uint16_t bits = 0;
    [[nodiscard]] constexpr bool has(TradeFlag flag) const { return (bits & static_cast<std::uint16_t>(flag)) != 0; }
    constexpr TradeFlags& set(TradeFlag flag) {
        bits = static_cast<std::uint16_t>(bits | static_cast<std::uint16_t>(flag));
        return *this;
    }
    friend constexpr bool operator==(TradeFlags, TradeFlags) = default;
};
inline constexpr TradeFlags kRegularTrade{3};  ///< in_volume and in_vwap

/// Market prints of one instrument as parallel columns, sorted by time (ties in feed order).
struct TradeColumns {
    std::span<const Timestamp> time;
    std::span<const Price> price;
    std::span<const Quantity> size;
    std::span<const TradeFlags> flags;       ///< empty span = all regular
    std::span<const VenueId> venue;          ///< empty span = unknown
    std::span<const std::int8_t> aggressor;  ///< +1 buyer, -1 seller, 0 unknown; empty span = unknown
    [[nodiscard]] std::size_t count() const { return time.size(); }
    [[nodiscard]] bool empty() const { return time.empty(); }
};

/// A time in which the quote feed was down: quotes older than its begin are stale inside it.
using FeedGap = TimeRange;

/// The rows with window.begin <= time < window.end, as views into `quotes`.
[[nodiscard]] QuoteColumns rows_within(const QuoteColumns& quotes, TimeRange window);
/// The same of trades.
[[nodiscard]] TradeColumns rows_within(const TradeColumns& trades, TimeRange window);

/// One instrument's market data in a window of time.
struct TapeSlice {
    QuoteColumns quotes;
    TradeColumns trades;
    std::vector<FeedGap> gaps;
    bool quotes_indicative = false;  ///< made from bars: spread metrics are indicative
    std::shared_ptr<const void> owner;
};

/// Where market data comes from: memory, Parquet, a simulator. `load` returns the rows with begin <= time < end; an
/// instrument without rows gives empty columns, not an error.
class TapeSource {
public:
    TapeSource() = default;
    TapeSource(const TapeSource&) = delete;
    TapeSource& operator=(const TapeSource&) = delete;
    virtual ~TapeSource() = default;
    [[nodiscard]] virtual Result<TapeSlice> load(InstrumentId instrument, TimeRange window) const = 0;
    /// The span of time the instrument has any row in; an empty range when it has none.
    [[nodiscard]] virtual TimeRange extent(InstrumentId instrument) const = 0;
    /// Where a window that begins at `begin` is best ended by whoever reads forward: after `begin`, at most at
    /// `latest`. A tape on disk names the edge of the rows it decodes at once, so that a window need not be joined from
    /// two. Rows do not depend on it.
    [[nodiscard]] virtual Timestamp window_end(InstrumentId instrument, Timestamp begin, Timestamp latest) const;
};

/// Columns that own their bytes: importers, simulators and tests fill one and view it as QuoteColumns.
struct QuoteTable {
    std::vector<Timestamp> time;
    std::vector<Price> bid, ask;
    std::vector<Quantity> bid_size, ask_size;
    std::vector<DepthTable> depth{};  ///< levels 2, 3, ...; set their number before the first row
    [[nodiscard]] QuoteColumns view() const;
    /// A row's time and touch; a table with depth needs push_depth after it.
    void push(Timestamp t, Price b, Price a, Quantity bs, Quantity as) {
        time.push_back(t);
        bid.push_back(b);
        ask.push_back(a);
        bid_size.push_back(bs);
        ask_size.push_back(as);
    }
    /// The levels behind the touch of the row pushed last, best first; those not given are absent.
    void push_depth(std::span<const BookLevel> bids, std::span<const BookLevel> asks);
    /// Appends `rows`. Levels that one of the two shows and the other does not are absent in the other's rows.
    void append(const QuoteColumns& rows);
    /// Removes the rows and keeps the number of levels.
    void clear();
};

struct TradeTable {
    std::vector<Timestamp> time;
    std::vector<Price> price;
    std::vector<Quantity> size;
    std::vector<TradeFlags> flags;
    std::vector<VenueId> venue;
    std::vector<std::int8_t> aggressor;
    [[nodiscard]] TradeColumns view() const { return {time, price, size, flags, venue, aggressor}; }
    void push(Timestamp t, Price p, Quantity s, TradeFlags f, VenueId v, std::int8_t aggressor_side = 0) {
        time.push_back(t);
        price.push_back(p);
        size.push_back(s);
        flags.push_back(f);
        venue.push_back(v);
        aggressor.push_back(aggressor_side);
    }
};

/// The tape of a few instruments in memory.
class MemoryTape final : public TapeSource {
public:
    struct Series {
        QuoteTable quotes;
        TradeTable trades;
        std::vector<FeedGap> gaps;
        bool quotes_indicative = false;
    };
    /// Takes over the columns of `instrument`; refused when times are out of order, columns differ in length (sizes,
    /// flags, venue and aggressor may be empty: unknown), depth comes without sizes at the touch, a gap ends before it
    /// begins, or the instrument was added before.
    Result<void> add(InstrumentId instrument, Series series);
    /// Views into the columns (no copy), with the gaps that touch the window.
    [[nodiscard]] Result<TapeSlice> load(InstrumentId instrument, TimeRange window) const override;
    [[nodiscard]] TimeRange extent(InstrumentId instrument) const override;

private:
    [[nodiscard]] const std::shared_ptr<const Series>* find(InstrumentId instrument) const;
    std::vector<std::shared_ptr<const Series>> series_;
};

}  // namespace slipcast::market
