#pragma once

#include <optional>
#include <span>
#include <vector>

#include "slipcast/forecast/history.hpp"

namespace slipcast::forecast {

/// Makes one session's record from pieces of the tape in time order; where they end does not matter.
class SessionCollector {
public:
    SessionCollector(const market::Session& session, const ForecastOptions& options);
    /// The rows of `piece` in `slice`; it begins where the one before ended.
    void add(const market::TapeSlice& slice, TimeRange piece);
    [[nodiscard]] SessionRecord record() &&;

private:
    /// The two-sided, uncrossed quote in force; none before the first, and while a side is absent or crossed.
    struct Standing {
        Timestamp since;
        double mid = 0.0;
        double spread_bps = 0.0;
    };

    void add_trades(const market::TradeColumns& trades);
    /// Those of the session.
    void add_quotes(const market::QuoteColumns& quotes, bool indicative);
    void remember(const std::vector<market::FeedGap>& gaps);
    void note_rows(std::span<const Timestamp> sorted);
    /// Credits the standing quote with [credited_, until), bin by bin.
    void credit(Timestamp until);
    /// The same, but only of bins that are over by `until`: a sum over part of a bin would depend on where pieces end.
    void credit_whole_bins(Timestamp until);
    /// Of the current bin, without the feed gaps that make the quote stale.
    void credit_bin(Timestamp until);
    void close_bin();
    [[nodiscard]] Timestamp bin_end(std::size_t bin) const;

    ForecastOptions options_;
    SessionRecord record_;
    std::optional<Standing> standing_;
    Timestamp credited_;
    std::size_t bin_ = 0;                  ///< the bin that `credited_` is in
    Timestamp bin_end_;                    ///< where it ends
    std::size_t trade_bin_ = 0;            ///< the bin of the last print
    std::optional<double> mid_;            ///< the last usable mid
    std::optional<double> bin_begin_mid_;  ///< the mid that the bin's return starts from
    std::optional<Timestamp> first_row_, last_row_;
    std::vector<market::FeedGap> gaps_;  ///< seen so far and not yet past
};

}  // namespace slipcast::forecast
