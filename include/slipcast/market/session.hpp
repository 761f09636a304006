#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "slipcast/core/id.hpp"
#include "slipcast/core/time.hpp"

namespace slipcast::market {

/// A trading session (table `sessions`): time zones and daylight saving are resolved into UTC here, once.
struct Session {
    LabelId market;
    Date date;  ///< the market's own calendar day
    Timestamp open;
    Timestamp close;
    std::optional<Timestamp> opening_auction;
    std::optional<Timestamp> closing_auction;
    bool half_day = false;
};

/// Sessions by market and time, sorted by open; sessions of one market do not overlap.
class SessionCalendar {
public:
    SessionCalendar() = default;
    explicit SessionCalendar(std::vector<Session> sessions);
    /// The session with open <= time < close (close included when `at_close`), or null.
    [[nodiscard]] const Session* at(LabelId market, Timestamp time) const;
    /// The session of the market's calendar day, or null.
    [[nodiscard]] const Session* on(LabelId market, Date date) const;
    /// The last session that closed at or before `time`, or null.
    [[nodiscard]] const Session* previous(LabelId market, Timestamp time) const;
    [[nodiscard]] const std::vector<Session>& all() const { return sessions_; }

private:
    std::vector<Session> sessions_;
};

enum class MarketEventKind : std::uint8_t { news, auction, volatility_interruption, halt, circuit_breaker, stress };

/// A state of an instrument or a whole market (table `events`).
struct MarketEvent {
    InstrumentId instrument;  ///< none() = the whole market
    LabelId market;
    TimeRange window;
    MarketEventKind kind = MarketEventKind::news;
};

}  // namespace slipcast::market
