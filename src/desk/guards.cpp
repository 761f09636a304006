#include "slipcast/desk/guards.hpp"

#include <algorithm>
#include <cmath>

#include "slipcast/core/assert.hpp"
#include "slipcast/core/bps.hpp"

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

int SlidingCount::count(Timestamp now, Duration window) const {
    const Timestamp from = now - window;
    std::size_t old = 0, end = size_;
    while (old < end) {
        const std::size_t middle = old + (end - old) / 2;
        if (at(middle) <= from) {
            old = middle + 1;
        } else {
            end = middle;
        }
    }
    return static_cast<int>(size_ - old);
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

/// Collects readings in the order of the guards; a passed limit in enforce mode acts.
class Verdict {
public:
    explicit Verdict(std::int64_t quantity) { verdict_.quantity = quantity; }

    /// value above limit: nothing may be sent.
    void block(Guard guard, double value, double limit, bool is_passed, int mode) {
        note(guard, value, limit, is_passed, mode);
        if (is_passed && mode == static_cast<int>(LimitMode::enforce)) verdict_.quantity = 0;
    }
    /// At most `most` units; what is cut is cut to whole lots.
    void cap(Guard guard, double value, double limit, double most, const Child& child, int mode) {
        const bool is_passed = !(value <= limit);
        note(guard, value, limit, is_passed, mode);
        if (!is_passed || mode != static_cast<int>(LimitMode::enforce)) return;
        // What is not a number allows nothing.
        if (most >= static_cast<double>(verdict_.quantity)) return;
        const double lots = std::floor(most / static_cast<double>(child.lot));
        verdict_.quantity = lots > 0.0 ? static_cast<std::int64_t>(lots) * child.lot : 0;
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
                  static_cast<double>(options_.stale_after.count()) / 1e9,
                  age > options_.stale_after || age < Duration::zero(), options_.stale_mode);
    const bool has_market = child.bid > Price{} && child.ask >= child.bid;
    verdict.block(Guard::no_market, has_market ? 0.0 : 1.0, 0.0, !has_market, kAlways);
    const int rejects = rejects_.count(child.time, options_.window);
    verdict.block(Guard::reject_storm, rejects, options_.rejects, rejects > options_.rejects, options_.rejects_mode);
    const int messages = messages_.count(child.time, options_.window) + child.messages;
    verdict.block(Guard::message_rate, messages, options_.messages, messages > options_.messages,
                  options_.messages_mode);
    double distance = 0.0;
    if (has_market && child.reference > Price{})
        distance = to_bps(std::abs(ratio(child.price - child.reference, child.reference))).value();
    verdict.block(Guard::price_band, distance, options_.price_band_bps, distance > options_.price_band_bps,
                  options_.price_band_mode);

    const double share = child.participation_cap > 0.0 ? std::min(child.participation_cap, options_.participation)
                                                       : options_.participation;
    const auto asked = static_cast<double>(verdict.quantity());
    const double volume = child.market_volume;
    const double taken = asked == 0.0 ? 0.0 : volume > 0.0 ? (child.own_volume + asked) / volume : HUGE_VAL;
    verdict.cap(Guard::participation, taken, share, share * volume - child.own_volume, child,
                options_.participation_mode);
    const double price = child.price.to_double() * child.unit_value;
    const auto notional = [&] { return static_cast<double>(verdict.quantity()) * price; };
    verdict.cap(Guard::order_notional, notional(), options_.order_notional, options_.order_notional / price, child,
                options_.order_notional_mode);
    const double before = spent(child.time);
    verdict.cap(Guard::day_notional, before + notional(), options_.day_notional,
                (options_.day_notional - before) / price, child, options_.day_notional_mode);
    return verdict.value();
}

double Guards::spent(Timestamp now) const {
    return Date::of_utc(now).days() == day_ ? day_notional_ : 0.0;
}

void Guards::sent(Timestamp time, int messages, double notional) {
    for (int i = 0; i < messages; ++i) messages_.add(time);
    day_notional_ = spent(time) + notional;
    day_ = Date::of_utc(time).days();
}

void Guards::rejected(Timestamp time) {
    rejects_.add(time);
}

int Guards::message_room(Timestamp now) const {
    return std::max(0, options_.messages - messages_.count(now, options_.window));
}

Guards::State Guards::state() const {
    return {messages_.state(), rejects_.state(), day_, day_notional_, is_killed_};
}

void Guards::restore(const State& state) {
    messages_.restore(state.messages);
    rejects_.restore(state.rejects);
    day_ = state.day;
    day_notional_ = state.day_notional;
    is_killed_ = state.is_killed;
}

}  // namespace slipcast::desk
