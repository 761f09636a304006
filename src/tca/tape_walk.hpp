#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "signed_flow.hpp"
#include "slipcast/core/result.hpp"
#include "slipcast/forecast/history.hpp"
#include "slipcast/tca/horizon.hpp"
#include "stop_sign.hpp"
#include "tape_clock.hpp"

namespace slipcast::tca::detail {

/// "What had the tape shown strictly before `time`?"
struct StateQuestion {
    Timestamp time;
    std::int32_t price = -1;  ///< index into TapeQuestions::prices: split the volume there
};

/// What a reach counts.
enum class ReachClock : std::uint8_t { prints, volume, vwap_volume };

/// "When did the count after (amount > 0) or before (amount < 0) `from` reach |amount|?"
struct ReachQuestion {
    Timestamp from;
    ReachClock clock = ReachClock::prints;
    std::int64_t amount = 0;
};

/// The print at which a reach was complete.
struct Reach {
    bool found = false;
    Timestamp time;            ///< of that print
    MidAt mid;                 ///< strictly before that print
    Int128 vwap_notional = 0;  ///< of regular prints from `from` until exactly |amount|, the last print in part
};

/// All that is asked of one instrument's tape. Answers come in the order of the questions.
struct TapeQuestions {
    std::vector<StateQuestion> states;
    std::vector<ReachQuestion> reaches;
    std::vector<Price> prices;      ///< sorted, distinct
    std::vector<Timestamp> events;  ///< sorted: the fills
    std::vector<Duration> offsets;  ///< the mid at each event + offset
    std::vector<Timestamp> sent;    ///< sorted: the placements
};

struct TapeAnswers {
    std::vector<TapeState> states;
    std::vector<Reach> reaches;
    std::vector<QuoteAt> event_quotes;  ///< the quote before each event
    std::vector<MidAt> mids;            ///< event-major: [event * offsets + offset]
    std::vector<QuoteAt> sent_quotes;   ///< the quote before each placement was sent
    std::vector<SessionPrices> sessions;
    std::vector<FlowMinute> flow;  ///< where TapeWalk::collects_flow; sorted by minute
    bool indicative = false;       ///< quotes made from bars
    bool has_own_prints = false;
};

/// What is walked.
struct TapeWalk {
    InstrumentId instrument;
    TimeRange range;    ///< rows of interest
    Duration window{};  ///< rows in memory at once
    std::span<const market::Session> sessions;
    std::vector<Blackout> halts;
    bool collects_flow = false;
    forecast::HistoryCollector* history = nullptr;  ///< reads along, over its own range; none = nobody does
    const StopSign* stop = nullptr;                 ///< none = walks to the end
};

/// Answers every question in one pass over the rows of `walk.range`, and of the history's range where there is one,
/// loaded window by window. The answers do not depend on the window, nor on who reads along. Refused as the source
/// refuses, when its rows are out of order, and when the sign is raised.
[[nodiscard]] Result<TapeAnswers> walk_tape(const market::TapeSource& tape, const TapeWalk& walk,
                                            const TapeQuestions& questions);

}  // namespace slipcast::tca::detail
