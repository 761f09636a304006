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

/// The limits around the model, in the order in which they act. None of them reads a forecast of cost.
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
    /// How many fall in (now - window, now].
    [[nodiscard]] int count(Timestamp now, Duration window) const;
    [[nodiscard]] std::vector<std::int64_t> state() const;
    void restore(const std::vector<std::int64_t>& times);

private:
    /// The i-th oldest.
    [[nodiscard]] Timestamp at(std::size_t i) const {
        return times_[(next_ + times_.size() - size_ + i) % times_.size()];
    }

    std::vector<Timestamp> times_;
    std::size_t next_ = 0;
    std::size_t size_ = 0;
};

/// The guards with what they remember: messages, rejects, notional of the UTC day, kill switch.
class Guards {
public:
    explicit Guards(const GuardOptions& options);

    /// What may be sent of a child. Changes nothing and allocates nothing.
    [[nodiscard]] GuardVerdict check(const Child& child) const;
    /// A child was sent.
    void sent(Timestamp time, int messages, double notional);
    void rejected(Timestamp time);
    void kill() { is_killed_ = true; }
    void release() { is_killed_ = false; }
    [[nodiscard]] bool is_killed() const { return is_killed_; }
    /// Messages that may still be sent now.
    [[nodiscard]] int message_room(Timestamp now) const;

    struct State {
        std::vector<std::int64_t> messages;  ///< ns, oldest first
        std::vector<std::int64_t> rejects;
        std::int32_t day = 0;
        double day_notional = 0.0;
        bool is_killed = false;
    };
    [[nodiscard]] State state() const;
    void restore(const State& state);

private:
    [[nodiscard]] double spent(Timestamp now) const;

    GuardOptions options_;
    SlidingCount messages_;
    SlidingCount rejects_;
    std::int32_t day_ = 0;
    double day_notional_ = 0.0;
    bool is_killed_ = false;
};

}  // namespace slipcast::desk
