#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "slipcast/core/price.hpp"
#include "slipcast/core/side.hpp"
#include "slipcast/core/time.hpp"
#include "slipcast/desk/options.hpp"

namespace slipcast::desk {

/// The limits around the model, in the order in which they act. None of them reads a forecast of cost. A price is
/// compared with the band exactly, with the limit read to a millionth of a bps; shares and sums of cash to 12 digits,
/// so that what stands at a limit in decimals is at it.
enum class Guard : std::uint8_t {
    kill_switch,     ///< somebody stopped the desk; stays on until released
    stale_data,      ///< the quote is older than stale_after, or comes from the future
    no_market,       ///< no bid or ask, or a crossed quote: nothing to price against
    reject_storm,    ///< too many rejects in the window
    message_rate,    ///< too many messages in the window
    price_band,      ///< the child's price is too far from the reference price
    participation,   ///< too large a share of the market's volume
    order_notional,  ///< one child is too large in cash
    day_notional,    ///< the day's orders are too large in cash
    none,
};
inline constexpr std::size_t kGuards = 9;
[[nodiscard]] std::string_view name(Guard guard);
[[nodiscard]] std::string_view text(Guard guard);

/// The share of the market's volume that the participation limit allows: all of it where it only observes.
[[nodiscard]] double allowed_participation(const GuardOptions& options);

/// One guard's reading: what it measured, its limit, whether the limit was passed, and whether it acted (a passed limit
/// in observe mode does not act).
struct GuardReading {
    double value = 0.0;
    double limit = 0.0;
    bool is_passed = false;
    bool acted = false;
    friend bool operator==(const GuardReading&, const GuardReading&) = default;
};

/// A child before the guards.
struct Child {
    Timestamp time;
    Timestamp quote_time;
    Price bid, ask;
    Side side = Side::buy;
    Price price;                     ///< limit of the child
    Price reference;                 ///< of the band; zero = no reference, which passes the band
    std::int64_t quantity = 0;       ///< units
    std::int64_t lot = 1;            ///< units a lot
    double unit_value = 1.0;         ///< cash of one unit at price 1
    double own_volume = 0.0;         ///< units traded or working in the window
    double market_volume = 0.0;      ///< units: seen in the window plus expected until the next step
    double participation_cap = 0.0;  ///< share; the smaller of it and the guard's own limit holds; 0 = only the guard's
    int messages = 1;                ///< that sending it takes
};

struct GuardVerdict {
    std::array<GuardReading, kGuards> readings{};
    Guard binding = Guard::none;  ///< the first that acted
    std::int64_t quantity = 0;    ///< what may be sent: all that was asked, or fewer whole lots
};

/// Sliding window of times with a fixed room: the newest `capacity` are kept, which is all that a limit below it needs.
/// Times stay in order: one before the newest counts as the newest. Counting takes the logarithm of the room.
class SlidingCount {
public:
    explicit SlidingCount(std::size_t capacity) : times_(capacity) {}
    void add(Timestamp time);
    /// It is `now`: what is dated later than a window from now had a wrong clock, and counts as just now.
    void arrive(Timestamp now, Duration window);
    /// How many fall after now - window.
    [[nodiscard]] int count(Timestamp now, Duration window) const;
    [[nodiscard]] std::vector<std::int64_t> state() const;
    void restore(const std::vector<std::int64_t>& times);

private:
    /// The i-th oldest.
    [[nodiscard]] Timestamp at(std::size_t i) const { return times_[place(i)]; }
    [[nodiscard]] std::size_t place(std::size_t i) const { return (next_ + times_.size() - size_ + i) % times_.size(); }
    /// How many are at or before `time`.
    [[nodiscard]] std::size_t until(Timestamp time) const;

    std::vector<Timestamp> times_;
    std::size_t next_ = 0;
    std::size_t size_ = 0;
};

/// What the children of one UTC day cost.
struct DayNotional {
    std::int32_t day = 0;  ///< days since 1970
    double notional = 0.0;
};

/// The guards with what they remember: messages, rejects, notional of the last two UTC days with a child, kill switch.
class Guards {
public:
    explicit Guards(const GuardOptions& options);

    /// It is `now`. A message or reject that was dated later than a guard window from now is taken to have come just
    /// now: a wrong clock, of the desk or of a broker, neither hides what it dated nor holds it against the desk for
    /// longer than a window.
    void arrive(Timestamp now);

    /// What may be sent of a child. Changes nothing and allocates nothing.
    [[nodiscard]] GuardVerdict check(const Child& child) const;
    /// A child was sent.
    void sent(Timestamp time, int messages, double notional);
    void rejected(Timestamp time);
    void kill() { is_killed_ = true; }
    void release() { is_killed_ = false; }
    [[nodiscard]] bool is_killed() const { return is_killed_; }
    /// Messages that may still be sent now; without end where the limit only observes.
    [[nodiscard]] int message_room(Timestamp now) const;
    /// The quote is too old or of the future, and the limit on its age acts.
    [[nodiscard]] bool is_stale(Timestamp now, Timestamp quote_time) const;

    struct State {
        std::vector<std::int64_t> messages;  ///< ns, oldest first
        std::vector<std::int64_t> rejects;
        std::array<DayNotional, 2> days;
        bool is_killed = false;
    };
    [[nodiscard]] State state() const;
    void restore(const State& state);

private:
    [[nodiscard]] double spent(Timestamp now) const;

    GuardOptions options_;
    SlidingCount messages_;
    SlidingCount rejects_;
    /// The one used last comes first: a child dated on a wrong day does not forget what today spent.
    std::array<DayNotional, 2> days_{};
    bool is_killed_ = false;
};

}  // namespace slipcast::desk
