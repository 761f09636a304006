#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "slipcast/core/int128.hpp"
#include "slipcast/market/session.hpp"
#include "slipcast/market/tape.hpp"
#include "slipcast/tca/asof.hpp"

namespace slipcast::tca::detail {

/// Everything the tape had shown strictly before an instant. Sums run from the start of the walk, so a sum over a
/// window is the difference of two states.
struct TapeState {
    QuoteAt quote;
    Int128 twice_mid_time = 0;      ///< integral of bid + ask over usable time [1e-9 x ns]
    std::int64_t usable_ns = 0;     ///< time within sessions, outside gaps, with a usable quote
    Int128 vwap_notional = 0;       ///< sum of price x size of regular prints
    std::int64_t vwap_volume = 0;   ///< their size
    std::int64_t volume = 0;        ///< size of prints in market volume
    std::int64_t prints = 0;        ///< their count
    double squared_returns = 0.0;   ///< of the mid, sampled every kVolatilityStep within a session
    Quantity bid_book, ask_book;    ///< sizes of every level of the quote in force; 0 where the source shows no depth
    std::int64_t volume_above = 0;  ///< of the question's price
    std::int64_t volume_below = 0;
};

/// Step of the sampled mid behind realized volatility: long enough that a flickering touch is not volatility.
inline constexpr Duration kVolatilityStep = std::chrono::seconds{10};

/// What is known of one session once the walk has passed it.
struct SessionPrices {
    std::optional<Price> open;
    std::optional<Price> close;
    Int128 vwap_notional = 0;
    std::int64_t vwap_volume = 0;
    std::int64_t volume = 0;
};

/// Quotes older than `quotes_before` are stale at any instant of `covers`: a feed gap, a halt, or a new session, where
/// what the market showed before the break says nothing.
struct Blackout {
    Timestamp quotes_before;
    TimeRange covers;
};
[[nodiscard]] bool is_stale(std::span<const Blackout> blackouts, Timestamp quote_time, Timestamp at);

/// One blackout per session after the first: a quote from the first half of the break before it belongs to the session
/// before.
[[nodiscard]] std::vector<Blackout> session_blackouts(std::span<const market::Session> sessions);

/// Carries a TapeState through time. Calls come in time order.
class TapeClock {
public:
    TapeClock(Timestamp begin, std::span<const market::Session> sessions);
    /// Adds blackouts that begin at or after everything seen so far; those already known are ignored.
    void add_blackouts(std::span<const Blackout> blackouts);
    /// Time passes under the quote in force, up to `to`.
    void advance(Timestamp to);
    void take_quote(const QuoteAt& quote);
    /// Takes the rows from `row` on, at most up to `end`, whose time is before `until`; the first row not taken.
    [[nodiscard]] std::size_t take_quotes(const market::QuoteColumns& quotes, std::size_t row, std::size_t end,
                                          Timestamp until);
    void take_trade(Price price, Quantity size, market::TradeFlags flags);
    /// The state just before the instant advanced to, with the quote judged at that instant.
    [[nodiscard]] TapeState state() const;
    [[nodiscard]] const TapeState& sums() const { return state_; }
    /// The quote in force, or null unless it is usable at the instant advanced to, within a session.
    [[nodiscard]] const QuoteAt* usable_quote() const { return is_counting_ ? &state_.quote : nullptr; }
    [[nodiscard]] std::span<const Blackout> blackouts() const { return blackouts_; }
    /// Prices of each session, parallel to the sessions given.
    [[nodiscard]] std::vector<SessionPrices> session_prices() const;

private:
    struct SessionPrints {
        Int128 opening_notional = 0;
        std::int64_t opening_volume = 0;
        Int128 closing_notional = 0;
        std::int64_t closing_volume = 0;
        std::optional<Price> first;
        std::optional<Price> last;
        SessionPrices sums;
    };
    [[nodiscard]] bool in_session() const;
    void find_edge();
    void judge_quote();
    [[nodiscard]] std::size_t take_quiet_quotes(const market::QuoteColumns& quotes, std::size_t row, std::size_t end,
                                                Timestamp until);
    void sample_mid();
    void take_session_print(Price price, Quantity size, market::TradeFlags flags);

    std::span<const market::Session> sessions_;
    std::vector<SessionPrints> prints_;
    std::vector<Blackout> blackouts_;
    std::vector<Blackout> active_;  ///< those that cover now
    std::size_t session_ = 0;       ///< the first that closes after now
    Timestamp now_;
    Timestamp edge_;  ///< where the session or a blackout next changes
    Timestamp grid_;
    std::optional<double> sampled_mid_;
    bool is_counting_ = false;
    TapeState state_;
};

}  // namespace slipcast::tca::detail
