#pragma once

#include <cstdint>
#include <optional>
#include <span>
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

/// Sessions sorted by (market, open). Sessions of one market must not overlap, and their dates must not run backwards
/// (asserted; `assemble` quarantines such rows). A day with a break may hold two sessions. Every lookup is a binary
/// search within one market.
class SessionCalendar {
public:
    SessionCalendar() = default;
    explicit SessionCalendar(std::vector<Session> sessions);
    /// The session with open <= time < close, or null: the closing print itself is at `close` and belongs to no
    /// session.
    [[nodiscard]] const Session* at(LabelId market, Timestamp time) const;
    /// The first session of the market's calendar day, or null.
    [[nodiscard]] const Session* on(LabelId market, Date date) const;
    /// The last session that closed at or before `time`, or null.
    [[nodiscard]] const Session* previous(LabelId market, Timestamp time) const;
    [[nodiscard]] const std::vector<Session>& all() const { return sessions_; }

    /// All sessions of one market in time order.
    [[nodiscard]] std::span<const Session> of(LabelId market) const;

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
