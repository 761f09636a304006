#pragma once

#include <optional>
#include <vector>

#include "accumulation.hpp"
#include "slipcast/forecast/history.hpp"

namespace slipcast::forecast {

/// Everything fitted for one session from the sessions before it.
struct SessionModels {
    std::optional<Accumulation> volume;    ///< quantity units
    std::optional<Accumulation> variance;  ///< squared log returns
    std::optional<Accumulation> spread;    ///< bps x ns
    std::optional<Accumulation> opening_auction, closing_auction;
    std::optional<double> overnight_variance;  ///< mean squared log move from a close to the next open
    std::optional<double> mean_day_volume;
    int past_sessions = 0;
    bool has_break = false;   ///< the instrument has days of several sessions
    bool indicative = false;  ///< a past session's quotes were made from bars
};

/// What may be known, and of whom.
struct Knowledge {
    const InstrumentHistory& instrument;
    const ForecastOptions& options;
    Timestamp time;  ///< splits after it are not known
};

/// Earlier sessions of the same length and place in the day, complete, the last `lookback` of them; oldest first.
[[nodiscard]] std::vector<std::size_t> past_sessions(const InstrumentHistory& instrument, std::size_t session,
                                                     int lookback);

/// The first session from `from` on with the length and place in the day of `session` >= from: its models rest on
/// sessions before `from` only.
[[nodiscard]] std::size_t first_of_kind(const InstrumentHistory& instrument, std::size_t from, std::size_t session);

/// The models for `session` from the sessions before it.
[[nodiscard]] SessionModels session_models(const Knowledge& known, std::size_t session);

/// The session in progress at `time`, else the next one; none when no session follows.
[[nodiscard]] std::optional<std::size_t> session_at_or_after(const InstrumentHistory& instrument, Timestamp time);

/// Amounts of the first `bins` bins of a session.
[[nodiscard]] std::vector<double> volume_amounts(const SessionRecord& record, std::size_t bins, double scale);
[[nodiscard]] std::vector<double> variance_amounts(const SessionRecord& record, std::size_t bins);
/// Spread x length of bin; a bin without a usable quote takes the spread of the one before, the first ones that of the
/// first with one.
[[nodiscard]] std::vector<double> spread_amounts(const SessionRecord& record, std::size_t bins, Duration bin);

}  // namespace slipcast::forecast
