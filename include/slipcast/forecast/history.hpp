#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "slipcast/core/progress.hpp"
#include "slipcast/core/result.hpp"
#include "slipcast/forecast/options.hpp"
#include "slipcast/market/dataset.hpp"

namespace slipcast::forecast {

/// What the tape showed of one instrument in one session, bin by bin from the open (the last bin may be shorter).
struct SessionRecord {
    market::Session session;
    int ordinal = 0;                   ///< 0 for the day's first session, 1 for the one after a break, ...
    std::vector<std::int64_t> volume;  ///< prints in market volume without an auction flag [quantity units]
    std::vector<double> variance;      ///< squared log return of the mid over the bin [ratio^2]
    std::vector<double> spread;        ///< time-weighted quoted spread over mid [bps]; 0 where `quoted` is 0
    std::vector<double> quoted;        ///< share of the bin with a two-sided, uncrossed quote outside feed gaps
    std::int64_t opening_auction = 0;  ///< by flag, whenever it printed [quantity units]
    std::int64_t closing_auction = 0;
    std::optional<double> first_mid;  ///< first usable mid at or after the open
    std::optional<double> last_mid;   ///< last usable mid before the close
    bool complete = false;            ///< not silent for `edge` at either end
    bool has_trades = false;
    bool has_quotes = false;
    bool indicative = false;  ///< its quotes were made from bars

    [[nodiscard]] std::int64_t session_volume() const;  ///< auctions apart
    [[nodiscard]] std::int64_t day_volume() const;      ///< with both auctions
};

/// A split: quantities before `ex_time` count `ratio` times after it.
struct Split {
    Timestamp ex_time;
    double ratio = 1.0;
};

/// One instrument's sessions in time order.
struct InstrumentHistory {
    InstrumentId instrument;
    int quantity_decimals = 0;
    std::vector<SessionRecord> sessions;
    std::vector<Split> splits;
};

/// Every instrument's sessions: all that forecasts are made from. Indexed by InstrumentId; an instrument without an
/// accepted row has no sessions.
struct History {
    ForecastOptions options;
    std::vector<InstrumentHistory> instruments;
};

/// Makes one instrument's history from slices of its tape in time order: for those who read the tape anyway. It depends
/// on the rows and not on where slices end. A session the tape shows nothing of is kept as an incomplete record: it has
/// a forecast and is no past for others.
class HistoryCollector {
public:
    /// Borrows `dataset`, which has a tape; `options` are valid.
    HistoryCollector(const market::Dataset& dataset, InstrumentId instrument, const ForecastOptions& options);
    ~HistoryCollector();
    HistoryCollector(HistoryCollector&&) noexcept;
    HistoryCollector& operator=(HistoryCollector&&) noexcept;
    HistoryCollector(const HistoryCollector&) = delete;
    HistoryCollector& operator=(const HistoryCollector&) = delete;

    /// From the first row to the last, or to the close of the session that holds it; empty without a row or a session.
    [[nodiscard]] TimeRange range() const;
    /// The rows of [`until` of the call before, `until`); the first call's begin with range().
    void take(const market::TapeSlice& slice, Timestamp until);
    [[nodiscard]] InstrumentHistory finish() &&;

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Reads the tape once, in windows of bounded length, and keeps bins. Refused: options out of range, a dataset without
/// a tape, `progress` asking to stop.
[[nodiscard]] Result<History> collect(const market::Dataset& dataset, const ForecastOptions& options = {},
                                      const Progress& progress = {});

}  // namespace slipcast::forecast
