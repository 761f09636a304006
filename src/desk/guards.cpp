#include "slipcast/desk/guards.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "slipcast/core/assert.hpp"
#include "slipcast/core/bps.hpp"
#include "slipcast/core/int128.hpp"

namespace slipcast::desk {

std::string_view name(Guard guard) {
    switch (guard) {
        case Guard::kill_switch:
            return "kill_switch";
        case Guard::stale_data:
            return "stale_data";
        case Guard::no_market:
            return "no_market";
        case Guard::reject_storm:
            return "reject_storm";
        case Guard::message_rate:
            return "message_rate";
        case Guard::price_band:
            return "price_band";
        case Guard::participation:
            return "participation";
        case Guard::order_notional:
            return "order_notional";
        case Guard::day_notional:
            return "day_notional";
        case Guard::none:
            return "none";
    }
    return "unknown";
}

std::string_view text(Guard guard) {
    switch (guard) {
        case Guard::kill_switch:
            return "the kill switch is on";
        case Guard::stale_data:
            return "the quote is too old";
        case Guard::no_market:
            return "there is no bid and ask to price against";
        case Guard::reject_storm:
            return "too many rejects";
        case Guard::message_rate:
            return "too many messages";
        case Guard::price_band:
            return "the price is too far from the reference";
        case Guard::participation:
            return "too large a share of the volume";
        case Guard::order_notional:
            return "one child too large in cash";
        case Guard::day_notional:
            return "the day's orders too large in cash";
        case Guard::none:
            return "no guard acted";
    }
    return "unknown";
}

void SlidingCount::add(Timestamp time) {
    if (times_.empty()) return;
    times_[next_] = size_ == 0 ? time : std::max(time, at(size_ - 1));
    next_ = (next_ + 1) % times_.size();
    size_ = std::min(size_ + 1, times_.size());
}

std::size_t SlidingCount::until(Timestamp time) const {
    std::size_t first = 0, end = size_;
    while (first < end) {
        const std::size_t middle = first + (end - first) / 2;
        if (at(middle) <= time) {
            first = middle + 1;
        } else {
            end = middle;
        }
    }
    return first;
}

void SlidingCount::arrive(Timestamp now, Duration window) {
    const std::size_t ahead = until(now + window);
    const Timestamp latest = ahead == 0 ? now : std::max(now, at(ahead - 1));
    for (std::size_t i = ahead; i < size_; ++i) times_[place(i)] = latest;
}

int SlidingCount::count(Timestamp now, Duration window) const {
    return static_cast<int>(size_ - until(now - window));
}

std::vector<std::int64_t> SlidingCount::state() const {
    std::vector<std::int64_t> all;
    for (std::size_t i = 0; i < size_; ++i) all.push_back(at(i).ns());
    return all;
}

void SlidingCount::restore(const std::vector<std::int64_t>& times) {
    next_ = size_ = 0;
    for (const std::int64_t ns : times) add(Timestamp::from_ns(ns));
}

// One more than a limit is all that "above the limit" needs to see, and one child takes at most 1 + 2 kMaxVenues = 33.
Guards::Guards(const GuardOptions& options)
    : options_(options),
      messages_(static_cast<std::size_t>(options.messages) + 64),
      rejects_(static_cast<std::size_t>(options.rejects) + 1) {}

namespace {

constexpr double kRounding = 1e-12;  // of a reading, relative

/// A quote's age: too old, or of the future.
bool is_outside(Duration age, Duration stale_after) {
    return age > stale_after || age < Duration::zero();
}

/// The price is farther from the reference than the limit: |price - reference| / reference > limit / 10^4, in integers.
bool is_beyond_band(Price price, Price reference, double limit_bps) {
    constexpr double kPerBps = 1e6;  // the limit is read to a millionth of a bps
    const double limit = std::round(limit_bps * kPerBps);
    if (limit >= 0x1p62) return false;
    const Int128 distance = Int128{price.units()} - reference.units();
    const Int128 allowed = Int128{static_cast<std::int64_t>(limit)} * reference.units();
    return (distance < 0 ? -distance : distance) * Int128{10'000'000'000} > allowed;
}

/// Collects readings in the order of the guards; a passed limit in enforce mode acts.
class Verdict {
public:
    explicit Verdict(std::int64_t quantity) { verdict_.quantity = quantity; }

    /// value above limit: nothing may be sent.
    void block(Guard guard, double value, double limit, bool is_passed, int mode) {
        note(guard, value, limit, is_passed, mode);
        if (is_passed && mode == static_cast<int>(LimitMode::enforce)) verdict_.quantity = 0;
    }
    /// At most the units whose `reading(units)` is within the limit, about `most`; what is cut is cut to whole lots.
    template <typename Reading>
    void cap(Guard guard, double limit, double most, const Reading& reading, const Child& child, int mode) {
        const auto is_within = [&](std::int64_t units) { return reading(units) <= limit * (1.0 + kRounding); };
        const bool is_passed = !is_within(verdict_.quantity);
        note(guard, reading(verdict_.quantity), limit, is_passed, mode);
        if (!is_passed || mode != static_cast<int>(LimitMode::enforce)) return;
        // What is not a number allows nothing.
        const double whole = std::floor(most / static_cast<double>(child.lot));
        std::int64_t lots = whole > 0.0 ? static_cast<std::int64_t>(std::min(whole, 9e15)) : 0;
        // The quotient may be a rounding short of a whole lot that the reading allows.
        if (is_within((lots + 1) * child.lot)) ++lots;
        verdict_.quantity = std::min(verdict_.quantity, lots * child.lot);
    }
    [[nodiscard]] std::int64_t quantity() const { return verdict_.quantity; }
    [[nodiscard]] const GuardVerdict& value() const { return verdict_; }

private:
    void note(Guard guard, double value, double limit, bool is_passed, int mode) {
        const bool acted = is_passed && mode == static_cast<int>(LimitMode::enforce);
        verdict_.readings[static_cast<std::size_t>(guard)] = {value, limit, is_passed, acted};
        if (acted && verdict_.binding == Guard::none) verdict_.binding = guard;
    }
    GuardVerdict verdict_;
};

}  // namespace

GuardVerdict Guards::check(const Child& child) const {
    SLIPCAST_ASSERT(child.lot > 0 && child.quantity >= 0, "a child is whole");
    constexpr int kAlways = static_cast<int>(LimitMode::enforce);
    Verdict verdict(child.quantity);
    verdict.block(Guard::kill_switch, is_killed_ ? 1.0 : 0.0, 0.0, is_killed_, kAlways);
    const Duration age = child.time - child.quote_time;
    verdict.block(Guard::stale_data, static_cast<double>(age.count()) / 1e9,
                  static_cast<double>(options_.stale_after.count()) / 1e9, is_outside(age, options_.stale_after),
                  options_.stale_mode);
    const bool has_market = child.bid > Price{} && child.ask >= child.bid;
    verdict.block(Guard::no_market, has_market ? 0.0 : 1.0, 0.0, !has_market, kAlways);
    const int rejects = rejects_.count(child.time, options_.window);
    verdict.block(Guard::reject_storm, rejects, options_.rejects, rejects > options_.rejects, options_.rejects_mode);
    const int messages = messages_.count(child.time, options_.window) + child.messages;
    verdict.block(Guard::message_rate, messages, options_.messages, messages > options_.messages,
                  options_.messages_mode);
    double distance = 0.0;
    bool is_beyond = false;
    if (has_market && child.reference > Price{}) {
        distance = to_bps(std::abs(ratio(child.price - child.reference, child.reference))).value();
        is_beyond = is_beyond_band(child.price, child.reference, options_.price_band_bps);
    }
    verdict.block(Guard::price_band, distance, options_.price_band_bps, is_beyond, options_.price_band_mode);

    const double share = child.participation_cap > 0.0 ? std::min(child.participation_cap, options_.participation)
                                                       : options_.participation;
    const double volume = child.market_volume;
    const auto taken = [&](std::int64_t units) {
        const double own = child.own_volume + static_cast<double>(units);
        return units == 0 ? 0.0 : volume > 0.0 ? own / volume : HUGE_VAL;
    };
    verdict.cap(Guard::participation, share, share * volume - child.own_volume, taken, child,
                options_.participation_mode);
    const double price = child.price.to_double() * child.unit_value;
    const auto notional = [&](std::int64_t units) { return static_cast<double>(units) * price; };
    verdict.cap(Guard::order_notional, options_.order_notional, options_.order_notional / price, notional, child,
                options_.order_notional_mode);
    const double before = spent(child.time);
    const auto of_day = [&](std::int64_t units) { return before + notional(units); };
    verdict.cap(Guard::day_notional, options_.day_notional, (options_.day_notional - before) / price, of_day, child,
                options_.day_notional_mode);
    return verdict.value();
}

double Guards::spent(Timestamp now) const {
    const std::int32_t day = Date::of_utc(now).days();
    for (const DayNotional& each : days_) {
        if (each.day == day) return each.notional;
    }
    return 0.0;
}

void Guards::arrive(Timestamp now) {
    messages_.arrive(now, options_.window);
    rejects_.arrive(now, options_.window);
}

void Guards::sent(Timestamp time, int messages, double notional) {
    for (int i = 0; i < messages; ++i) messages_.add(time);
    const DayNotional now{Date::of_utc(time).days(), spent(time) + notional};
    if (days_[0].day != now.day) days_[1] = days_[0];
    days_[0] = now;
}

void Guards::rejected(Timestamp time) {
    rejects_.add(time);
}

int Guards::message_room(Timestamp now) const {
    if (options_.messages_mode != static_cast<int>(LimitMode::enforce)) return std::numeric_limits<int>::max();
    return std::max(0, options_.messages - messages_.count(now, options_.window));
}

bool Guards::is_stale(Timestamp now, Timestamp quote_time) const {
    return options_.stale_mode == static_cast<int>(LimitMode::enforce) &&
           is_outside(now - quote_time, options_.stale_after);
}

double allowed_participation(const GuardOptions& options) {
    return options.participation_mode == static_cast<int>(LimitMode::enforce) ? options.participation : 1.0;
}

Guards::State Guards::state() const {
    return {messages_.state(), rejects_.state(), days_, is_killed_};
}

void Guards::restore(const State& state) {
    messages_.restore(state.messages);
    rejects_.restore(state.rejects);
    days_ = state.days;
    is_killed_ = state.is_killed;
}

}  // namespace slipcast::desk
