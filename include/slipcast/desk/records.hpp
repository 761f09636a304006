#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "slipcast/core/price.hpp"
#include "slipcast/core/side.hpp"
#include "slipcast/core/time.hpp"
#include "slipcast/desk/guards.hpp"
#include "slipcast/desk/ladder.hpp"
#include "slipcast/market/order.hpp"

namespace slipcast::desk {

inline constexpr std::size_t kMaxInputs = 64;     ///< of the cost model
inline constexpr std::size_t kMaxSignals = 8;     ///< of a target order's rule
inline constexpr std::size_t kMaxVenues = 16;     ///< dark
inline constexpr std::size_t kMaxCandidates = 8;  ///< tactics with a participation

inline constexpr std::int64_t kMaxQuantity = std::int64_t{1} << 53;  ///< units: exact as a double

/// A list of fixed room: no allocation, compared by what it holds.
template <typename T, std::size_t kRoom>
struct Few {
    std::array<T, kRoom> values{};
    std::uint32_t size = 0;
    friend bool operator==(const Few&, const Few&) = default;
};

/// All that one step may know. Quantities are units of the instrument's scale; a price of zero is missing.
struct Context {
    Timestamp time;
    std::uint64_t order = 0;  ///< key of the parent
    market::OrderKind kind = market::OrderKind::work;
    Side side = Side::buy;          ///< work orders
    std::int64_t quantity = 0;      ///< of the parent (work)
    std::int64_t filled = 0;        ///< so far (work)
    std::int64_t working = 0;       ///< sent and not ended; of a target net, buys positive
    std::int64_t lot = 1;           ///< units a lot, > 0
    Timestamp deadline;             ///< work
    std::int32_t rule = 0;          ///< target: which of the desk's rules
    double position = 0.0;          ///< target: held now, in the rule's positions
    double position_units = 0.0;    ///< target: units of one position, > 0
    double impact_level = 0.0;      ///< target: the rule's impact level now
    double day_seconds = 23'400.0;  ///< target: seconds of the rule's day, > 0
    Few<double, kMaxSignals> signals;
    Price bid, ask;
    Timestamp quote_time;
    Price reference;             ///< of the price band: arrival, or the previous close
    Price limit_price;           ///< of the parent
    double unit_value = 1.0;     ///< cash of one unit at price 1, in the limits' currency
    double volume_rate = 0.0;    ///< units per second the market is expected to trade
    double own_volume = 0.0;     ///< units this desk traded in the guard window
    double market_volume = 0.0;  ///< units the market traded in the guard window
    StressInputs stress;
    Rung portfolio = Rung::green;
    std::int64_t symbol_observations = 0;  ///< finished orders of the symbol that the model learned from
    double tier_median_p95_bps = 0.0;
    Few<double, kMaxInputs> inputs;  ///< of the cost model, in its order; those of the candidate are written over
    friend bool operator==(const Context&, const Context&) = default;
};

enum class Tactic : std::uint8_t {
    vwap_pace,  ///< the share of volume that finishes at the deadline, or a multiple of it
    passive,    ///< rests at the near touch
    immediate,  ///< takes the far touch, as fast as the cap allows
    rule_rate,  ///< the rate that the target order's rule asks for
};
[[nodiscard]] std::string_view name(Tactic tactic);

enum class Action : std::uint8_t { trade, wait };
[[nodiscard]] std::string_view name(Action action);

/// Why the action is what it is.
enum class Reason : std::uint8_t {
    best_score,   ///< the lowest score of the candidates
    fallback,     ///< no confident forecast: the deterministic policy
    guard,        ///< a guard acted (see binding)
    paused,       ///< RED pauses
    all_working,  ///< nothing is left that is not sent yet
    past_deadline,
    at_target,    ///< the rule asks for less than a lot
    price_limit,  ///< the parent's limit price does not allow the market's
    no_room,      ///< more orders than max_orders
    bad_context,  ///< a field outside its meaning (see Decision::field)
    reversing,    ///< target: children of the other side still work; they go first (see cancel_working)
};
[[nodiscard]] std::string_view name(Reason reason);
/// One sentence.
[[nodiscard]] std::string_view text(Reason reason);

/// The fields of a Context that a step may find outside their meaning.
enum class ContextField : std::uint8_t {
    none,
    time,
    kind,
    side,
    quantity,
    filled,
    working,
    lot,
    deadline,
    rule,
    position,
    position_units,
    impact_level,
    day_seconds,
    signals,
    bid,
    ask,
    quote_time,
    reference,
    limit_price,
    unit_value,
    volume_rate,
    own_volume,
    market_volume,
    inputs,
};
inline constexpr std::size_t kContextFields = 25;
[[nodiscard]] std::string_view name(ContextField field);

/// One forecast [bps, positive hurts]; NaN where there is none.
struct Forecast {
    double mean = 0.0;
    double p50 = 0.0, p90 = 0.0, p95 = 0.0, p99 = 0.0;
    double tail = 0.0;  ///< the quantile that the objective weighs
    double epistemic_sd = 0.0, aleatoric_sd = 0.0;
    double miss_risk = 0.0;
    friend bool operator==(const Forecast&, const Forecast&) = default;
};

struct Candidate {
    Tactic tactic = Tactic::vwap_pace;
    double participation = 0.0;
    double score = 0.0;  ///< bps
    double mean = 0.0, tail = 0.0, miss_risk = 0.0;
    bool is_allowed = true;  ///< on this rung
    friend bool operator==(const Candidate&, const Candidate&) = default;
};

/// Which model spoke: digest of the fitted artifact, and what it has learned since.
struct ModelVersion {
    std::uint64_t digest = 0;
    std::int64_t updates = 0;
    friend bool operator==(const ModelVersion&, const ModelVersion&) = default;
};

struct Decision {
    Timestamp time;
    std::uint64_t order = 0;
    std::uint64_t step = 0;  ///< of this order, from 0: also the number of its random draws
    Action action = Action::wait;
    Reason reason = Reason::best_score;
    Tactic tactic = Tactic::vwap_pace;
    Side side = Side::buy;
    double participation = 0.0;
    std::int64_t quantity = 0;  ///< lit + dark
    std::int64_t lit = 0;
    /// One a venue of the router, sent first; what comes back from there goes lit at `price`.
    Few<std::int64_t, kMaxVenues> dark;
    Price price;          ///< limit of the children
    Duration interval{};  ///< until the next step
    /// What it read are the tail and the deviations of the candidate that would be chosen were nothing forbidden, whose
    /// forecast is not the one below when the rung forbids it.
    LadderReading ladder;
    Guard binding = Guard::none;
    std::array<GuardReading, kGuards> guards{};
    Forecast forecast;  ///< of the chosen candidate
    Few<Candidate, kMaxCandidates> candidates;
    std::uint32_t chosen = 0;
    ModelVersion model;
    double stress = 0.0;
    ContextField field = ContextField::none;  ///< the first that is outside its meaning (bad_context)
    /// All that still works of this order is to be cancelled now, before anything else: the kill switch is on, the
    /// quote is stale, the deadline has passed, a child was sent beyond the parent's present limit price, or children
    /// work against the side that a target order now takes.
    bool cancel_working = false;
    friend bool operator==(const Decision&, const Decision&) = default;
};

enum class OutcomeKind : std::uint8_t {
    filled,    ///< a child at `venue` ended: sent, filled
    rejected,  ///< a child was refused
    finished,  ///< the parent is done: cost_bps, is_complete
};
[[nodiscard]] std::string_view name(OutcomeKind kind);

inline constexpr double kMaxCostBps = 1e6;  ///< of a finished order, either way: a hundred times its price

/// What became of something that was sent. An order's children end before it is finished.
struct Outcome {
    Timestamp time;
    std::uint64_t order = 0;
    OutcomeKind kind = OutcomeKind::filled;
    std::int32_t venue = -1;            ///< dark venue of the router; -1 = lit
    std::int64_t sent = 0, filled = 0;  ///< units, 0 <= filled <= sent
    double cost_bps = 0.0;              ///< finished: the realized cost, positive hurts; NaN = unknown
    double weight = 1.0;                ///< finished: filled fraction, 0 to 1
    /// finished: by the deadline; not known = nothing is learned of completion
    std::optional<bool> is_complete = {};
    bool is_discretionary = false;  ///< finished: cancelled at will, which says nothing of completion
    friend bool operator==(const Outcome&, const Outcome&) = default;
};

/// Sums over the finished parents of one model.
struct Scorecard {
    std::int64_t count = 0;
    double crps = 0.0;                   ///< mean [bps]
    double coverage_90 = 0.0;            ///< share inside the central 90 %
    double mean_log_score = 0.0;         ///< mean log density, each under the state just before it was learned from
    std::array<std::int64_t, 10> pit{};  ///< counts by tenths
    friend bool operator==(const Scorecard&, const Scorecard&) = default;
};

/// How one model's first forecast of a finished parent fared.
struct ModelScore {
    ModelVersion model;  ///< as it is after this parent
    double crps = 0.0;   ///< bps
    double pit = 0.0;    ///< F(cost), 0 to 1
    bool is_covered = false;
    Scorecard card;  ///< with this parent in it
    friend bool operator==(const ModelScore&, const ModelScore&) = default;
};

/// Whether an outcome was taken up.
enum class Taken : std::uint8_t {
    whole,
    not_learned,  ///< the order is closed, but a model did not take what it cost
    refused,      ///< nothing has changed
};
[[nodiscard]] std::string_view name(Taken taken);

/// What came of telling an outcome.
struct Lesson {
    Taken taken = Taken::whole;
    Few<ModelScore, 2> scores;  ///< of a finished parent with a forecast and a cost: champion, challenger in its shadow
    friend bool operator==(const Lesson&, const Lesson&) = default;
};

}  // namespace slipcast::desk
