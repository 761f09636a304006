#pragma once

#include <optional>

#include "slipcast/forecast/history.hpp"

namespace slipcast::forecast {

/// Makes one session's record from slices of the tape in time order: [before, open), pieces of [open, close) that end
/// where bins end, [close, after).
class SessionCollector {
public:
    SessionCollector(const market::Session& session, const ForecastOptions& options);
    /// The rows with time < until that come after those of the call before.
    void add(const market::TapeSlice& slice, Timestamp until);
    [[nodiscard]] SessionRecord record() &&;

private:
    /// The two-sided, uncrossed quote in force; none before the first, and while a side is absent or crossed.
    struct Standing {
        Timestamp since;
        double mid = 0.0;
        double spread_bps = 0.0;
    };

    void add_trades(const market::TradeColumns& trades);
    void add_quotes(const market::TapeSlice& slice);
    /// Credits the standing quote with [credited_, until), bin by bin and without the feed gaps that make it stale.
    void credit(Timestamp until, const std::vector<market::FeedGap>& gaps);
    void credit_bin(std::size_t bin, Timestamp until, const std::vector<market::FeedGap>& gaps);
    void close_bin();
    void note_row(Timestamp time);
    [[nodiscard]] Timestamp bin_end(std::size_t bin) const;
    [[nodiscard]] std::size_t bin_of(Timestamp time) const;

    ForecastOptions options_;
    SessionRecord record_;
    std::optional<Standing> standing_;
    Timestamp credited_;
    std::size_t bin_ = 0;                  ///< the bin that `credited_` is in
    std::optional<double> mid_;            ///< the last usable mid
    std::optional<double> bin_begin_mid_;  ///< the mid that the bin's return starts from
    std::optional<Timestamp> first_row_, last_row_;
};

}  // namespace slipcast::forecast
