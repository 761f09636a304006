#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "instrument_plan.hpp"

namespace slipcast::tca::detail {

namespace {

constexpr double kNsPerSecond = 1e9;

std::optional<double> seconds_between(std::optional<Timestamp> begin, std::optional<Timestamp> end) {
    if (!begin || !end) return std::nullopt;
    return static_cast<double>((*end - *begin).count()) / kNsPerSecond;
}

/// The mid between two states, weighted by how long it stood; half of the sum of touches, rounded once.
std::optional<Price> time_weighted_mid(const TapeState& begin, const TapeState& end) {
    const std::int64_t usable = end.usable_ns - begin.usable_ns;
    if (usable <= 0) return std::nullopt;
    return Price::from_units(narrow(divide_half_even(end.twice_mid_time - begin.twice_mid_time, Int128{2} * usable)));
}

/// Turns one instrument's answers into the records of its orders and fills.
class Recorder {
public:
    Recorder(const Context& context, const InstrumentPlan& plan, const TapeAnswers& answers, Records& records)
        : context_(context),
          plan_(plan),
          answers_(answers),
          records_(records),
          instrument_(context.dataset.instrument(plan.instrument)) {}

    Result<void> record(const StopSign& stop) {
        record_fills();
        record_markouts();
        for (const OrderSlots& slots : plan_.orders) {
            if (stop.is_raised()) return interrupted();
            record_order(slots);
        }
        return {};
    }

private:
    const market::Dataset& dataset() const { return context_.dataset; }
    const TapeState* state(std::int32_t slot) const {
        return slot < 0 ? nullptr : &answers_.states[static_cast<std::size_t>(slot)];
    }
    std::optional<Price> mid(std::int32_t slot) const {
        const TapeState* found = state(slot);
        if (found == nullptr || !found->quote.is_usable()) return std::nullopt;
        return found->quote.mid_at().mid;
    }
    /// Whether the market of `fill_time`'s session could still be seen at `target`: not past the session, not past the
    /// tape, not on the other side of a split.
    bool is_visible(Timestamp fill_time, Timestamp target) const {
        if (target < plan_.extent.begin || target >= plan_.extent.end) return false;
        if (plan_.splits.lie_between(fill_time, target) || plan_.splits.lie_between(target, fill_time)) return false;
        if (plan_.sessions.empty()) return true;
        const market::Session* session = session_around(dataset().sessions, instrument_.market, fill_time);
        return session != nullptr && session->open <= target && target <= session->close;
    }

    void record_fills();
    void record_markouts();
    MarkoutRecord markout(std::size_t event, std::size_t horizon) const;
    MarkoutRecord windowed_markout(Timestamp time, const Horizon& horizon, std::int32_t slot) const;
    void record_order(const OrderSlots& slots);
    void record_executions(const OrderSlots& slots, OrderRecord& record) const;
    void record_splits(const OrderSlots& slots, OrderRecord& record) const;
    static void forget_prices(OrderRecord& record);
    void record_benchmarks(const OrderSlots& slots, OrderRecord& record) const;
    void record_interval(const OrderSlots& slots, OrderRecord& record) const;
    void record_session_prices(const OrderSlots& slots, OrderRecord& record) const;
    void record_pwp(const OrderSlots& slots, OrderRecord& record) const;
    /// What shares that were never executed are judged at, and which rule found it.
    struct EndPrice {
        std::optional<Price> price;
        std::string_view policy;
    };
    EndPrice end_price(const OrderSlots& slots, const OrderRecord& record, std::int32_t given_up,
                       const char* policy) const;
    void record_end_price(const OrderSlots& slots, OrderRecord& record, LedgerOrder& ledger) const;
    void record_ledger(const OrderSlots& slots, OrderRecord& record) const;
    void record_spreads(const OrderSlots& slots, OrderRecord& record) const;
    void record_reversion(const OrderSlots& slots, OrderRecord& record) const;
    void record_features(const OrderSlots& slots, OrderRecord& record) const;
    void record_clock_features(const market::Order& order, Timestamp time, Features& features) const;

    const Context& context_;
    const InstrumentPlan& plan_;
    const TapeAnswers& answers_;
    Records& records_;
    const market::Instrument& instrument_;
};

void Recorder::record_fills() {
    const std::size_t offsets = plan_.questions.offsets.size();
    for (std::size_t event = 0; event < plan_.fills.size(); ++event) {
        FillRecord& record = records_.fills[plan_.fills[event]];
        const Timestamp time = plan_.questions.events[event];
        record.quote = answers_.event_quotes[event];
        record.mid_1min = answers_.mids[event * offsets + plan_.offset_1min];
        record.observed_1min = record.mid_1min.is_usable() && is_visible(time, time + kOneMinute);
        record.spread_indicative = answers_.indicative;
    }
}

MarkoutRecord Recorder::windowed_markout(Timestamp time, const Horizon& horizon, std::int32_t slot) const {
    const TapeState& begin = *state(slot);
    const TapeState& end = *state(slot + 1);
    const Timestamp until = time + horizon.wall + context_.options.markout_window;
    if (!is_visible(time, time + horizon.wall) || !is_visible(time, until)) return {};
    const auto average = time_weighted_mid(begin, end);
    return {average.value_or(Price{}), average.has_value()};
}

MarkoutRecord Recorder::markout(std::size_t event, std::size_t horizon_index) const {
    const Horizon& horizon = context_.horizons[horizon_index];
    const Timestamp time = plan_.questions.events[event];
    const std::int32_t offset = plan_.offset_of_horizon[horizon_index];
    const std::int32_t slot = plan_.slot_of_markout[horizon_index * plan_.fills.size() + event];
    if (horizon.clock == MarkoutClock::wall && offset < 0) return windowed_markout(time, horizon, slot);
    MidAt found;
    Timestamp target = time + horizon.wall;
    if (offset >= 0) {
        found = answers_.mids[event * plan_.questions.offsets.size() + static_cast<std::size_t>(offset)];
    } else {
        const Reach& reach = answers_.reaches[static_cast<std::size_t>(slot)];
        if (!reach.found) return {};
        found = reach.mid;
        target = reach.time;
    }
    if (!found.is_usable() || !is_visible(time, target)) return {};
    return {found.mid, true};
}

void Recorder::record_markouts() {
    const std::size_t horizons = context_.horizons.size();
    for (std::size_t event = 0; event < plan_.fills.size(); ++event) {
        for (std::size_t h = 0; h < horizons; ++h) {
            records_.markouts.set(plan_.fills[event] * horizons + h, markout(event, h));
        }
    }
}

void Recorder::record_order(const OrderSlots& slots) {
    OrderRecord& record = records_.orders[slots.order];
    record.pwp.assign(context_.pwp_rates.size(), std::nullopt);
    record.spread_indicative = answers_.indicative;
    record_executions(slots, record);
    record_splits(slots, record);
    record_benchmarks(slots, record);
    record_interval(slots, record);
    record_session_prices(slots, record);
    record_pwp(slots, record);
    if (record.crosses_split) forget_prices(record);
    record_ledger(slots, record);
    record_spreads(slots, record);
    record_reversion(slots, record);
    record_features(slots, record);
}

void Recorder::record_executions(const OrderSlots& slots, OrderRecord& record) const {
    const OrderCourse& course = context_.courses[slots.order];
    Quantity in_time;
    for (const std::size_t row : context_.fills_of(slots.order)) {
        const market::Fill& fill = dataset().fills[row];
        if (!record.first_fill_time) record.first_fill_time = fill.time;
        record.last_fill_time = fill.time;
        record.executed.add(fill.price, fill.quantity);
        ++record.fills;
        if (!course.end_time || fill.time <= *course.end_time) in_time += fill.quantity;
    }
    const market::Order& order = dataset().orders[slots.order];
    if (!order.derived && order.quarantined_fills == 0) record.completion = ratio(in_time, course.ordered);
    record.duration_s = seconds_between(order.arrival_time, record.last_fill_time);
    record.time_to_first_fill_s = seconds_between(order.arrival_time, record.first_fill_time);
}

void Recorder::record_splits(const OrderSlots& slots, OrderRecord& record) const {
    const market::Order& order = dataset().orders[slots.order];
    std::optional<Timestamp> end = record.last_fill_time;
    if (context_.courses[slots.order].ordered > record.executed.quantity) {
        const auto given_up = order.cancel_time ? order.cancel_time : context_.courses[slots.order].end_time;
        if (given_up) end = end ? std::max(*end, *given_up) : *given_up;
    }
    record.crosses_split = plan_.splits.lie_between(order.arrival_time, end);
    record.decided_before_split = plan_.splits.lie_between(order.decision_time, order.arrival_time);
}

/// No one price is a benchmark of executions on both sides of a split, and no one quantity their sum.
void Recorder::forget_prices(OrderRecord& record) {
    record.benchmarks.fill(std::nullopt);
    std::fill(record.pwp.begin(), record.pwp.end(), std::nullopt);
    record.notional.reset();
    record.participation.reset();
    record.relative_performance.reset();
    record.completion.reset();
    record.own_volume_added = false;
}

void Recorder::record_benchmarks(const OrderSlots& slots, OrderRecord& record) const {
    const market::Order& order = dataset().orders[slots.order];
    const auto set = [&](Benchmark which, std::optional<Price> price) {
        record.benchmarks[static_cast<std::size_t>(which)] = price;
    };
    // A price from before a split is no benchmark of what was executed after it, and whether the quantity was decided
    // in old or new shares nobody says.
    const auto since = [&](const std::optional<Timestamp>& time, std::optional<Price> price) {
        return plan_.splits.lie_between(time, order.arrival_time) ? std::nullopt : price;
    };
    set(Benchmark::decision,
        since(order.decision_time, order.decision_price ? order.decision_price : mid(slots.decision)));
    set(Benchmark::arrival, mid(slots.arrival));
    set(Benchmark::desk_arrival, since(order.desk_arrival_time, mid(slots.desk_arrival)));
    set(Benchmark::broker_arrival, mid(slots.broker_arrival));
    if (const TapeState* arrival = state(slots.arrival); arrival != nullptr && arrival->quote.is_usable()) {
        const bool buys = order.side == Side::buy;
        set(Benchmark::near_touch, buys ? arrival->quote.bid : arrival->quote.ask);
        set(Benchmark::far_touch, buys ? arrival->quote.ask : arrival->quote.bid);
    }
    if (const auto& arrival = record.benchmark(Benchmark::arrival); arrival && record.fills > 0) {
        record.notional = instrument_.value.notional(*arrival, record.executed.quantity);
    }
}

void Recorder::record_interval(const OrderSlots& slots, OrderRecord& record) const {
    const TapeState* begin = state(slots.arrival);
    const TapeState* end = state(slots.after_last_fill);
    if (begin == nullptr || end == nullptr) return;
    const auto set = [&](Benchmark which, std::optional<Price> price) {
        record.benchmarks[static_cast<std::size_t>(which)] = price;
    };
    Executed missing;  // own executions that a replay's source tape does not show
    if (context_.is_replay && !answers_.has_own_prints) {
        for (const std::size_t row : context_.fills_of(slots.order)) {
            const market::Fill& fill = dataset().fills[row];
            missing.add(fill.price, fill.quantity);
        }
    }
    record.own_volume_added = missing.quantity.units() > 0;
    const Int128 notional = end->vwap_notional - begin->vwap_notional + missing.price_times_quantity;
    const std::int64_t regular = end->vwap_volume - begin->vwap_volume + missing.quantity.units();
    const std::int64_t volume = end->volume - begin->volume + missing.quantity.units();
    const std::int64_t own = record.executed.quantity.units();
    set(Benchmark::interval_vwap, average_price(notional, regular));
    set(Benchmark::interval_vwap_ex_own, average_price(notional - record.executed.price_times_quantity, regular - own));
    if (volume > 0) record.participation = static_cast<double>(own) / static_cast<double>(volume);
    set(Benchmark::interval_twap, time_weighted_mid(*begin, *end));
    const std::int64_t printed = end->vwap_volume - begin->vwap_volume;
    if (printed > 0) {
        const std::int64_t above = end->volume_above - begin->volume_above;
        const std::int64_t below = end->volume_below - begin->volume_below;
        const std::int64_t better = (above - below) * sign(dataset().orders[slots.order].side);
        record.relative_performance = 0.5 * static_cast<double>(printed + better) / static_cast<double>(printed);
    }
}

void Recorder::record_session_prices(const OrderSlots& slots, OrderRecord& record) const {
    if (slots.session < 0) return;
    const auto session = static_cast<std::size_t>(slots.session);
    const SessionPrices& prices = answers_.sessions[session];
    const auto set = [&](Benchmark which, std::optional<Price> price) {
        record.benchmarks[static_cast<std::size_t>(which)] = price;
    };
    set(Benchmark::open, prices.open);
    set(Benchmark::close, prices.close);
    set(Benchmark::day_vwap, average_price(prices.vwap_notional, prices.vwap_volume));
    if (const auto& before = session > 0 ? answers_.sessions[session - 1].close : std::nullopt) {
        const Timestamp closed = plan_.sessions[session - 1].close;
        set(Benchmark::prev_close, plan_.splits.carried(*before, closed, plan_.sessions[session].open));
    }
    if (prices.volume > 0) {
        record.size =
            static_cast<double>(dataset().orders[slots.order].quantity.units()) / static_cast<double>(prices.volume);
        record.size_basis = kSizeBases[2];
    }
}

void Recorder::record_pwp(const OrderSlots& slots, OrderRecord& record) const {
    if (slots.first_pwp < 0) return;
    for (std::size_t k = 0; k < record.pwp.size(); ++k) {
        const std::size_t slot = static_cast<std::size_t>(slots.first_pwp) + k;
        const Reach& reach = answers_.reaches[slot];
        const std::int32_t session = slots.session;
        const bool in_day = session < 0 || reach.time <= plan_.sessions[static_cast<std::size_t>(session)].close;
        if (!reach.found || !in_day) continue;
        record.pwp[k] = average_price(reach.vwap_notional, plan_.questions.reaches[slot].amount);
    }
}

/// The mid before the instant that gave the shares up, else before the deadline, else the close.
Recorder::EndPrice Recorder::end_price(const OrderSlots& slots, const OrderRecord& record, std::int32_t given_up,
                                       const char* policy) const {
    if (const auto price = mid(given_up)) return {price, policy};
    if (const auto price = mid(slots.end)) return {price, "end_time"};
    return {record.benchmark(Benchmark::close), "close"};
}

/// Sets what the ledger needs of the order's amends and of what was left of it, and the record's one price for all that
/// was never executed.
void Recorder::record_end_price(const OrderSlots& slots, OrderRecord& record, LedgerOrder& ledger) const {
    const OrderCourse& course = context_.courses[slots.order];
    Executed unfilled;
    bool is_judged = true;
    std::vector<std::string_view> policies;
    const auto leave = [&](const EndPrice& end, Quantity quantity) {
        is_judged = is_judged && end.price.has_value();
        if (!end.price) return;
        unfilled.add(*end.price, quantity);
        if (std::find(policies.begin(), policies.end(), end.policy) == policies.end()) policies.push_back(end.policy);
    };
    for (std::size_t i = 0; i < course.amends.size(); ++i) {
        const Amend& amend = course.amends[i];
        const std::int32_t slot = slots.first_amend + static_cast<std::int32_t>(i);
        if (amend.change == Quantity{}) continue;
        LedgerAmend& line = ledger.amends.emplace_back(LedgerAmend{amend.change, mid(slot)});
        if (amend.change > Quantity{}) continue;
        const EndPrice end = end_price(slots, record, slot, "amend");
        line.price = end.price;
        leave(end, -amend.change);
    }
    if (const Quantity rest = course.ordered - course.withdrawn - record.executed.quantity; rest != Quantity{}) {
        const EndPrice end = end_price(slots, record, slots.cancel, "cancel");
        ledger.end_price = end.price;
        leave(end, rest);
    }
    if (!is_judged || policies.empty()) return;
    record.end_price = average_price(unfilled.price_times_quantity, unfilled.quantity.units());
    record.end_price_policy = fmt::format("{}", fmt::join(policies, ", "));
}

void Recorder::record_ledger(const OrderSlots& slots, OrderRecord& record) const {
    const market::Order& order = dataset().orders[slots.order];
    LedgerOrder ledger;
    ledger.side = order.side;
    ledger.quantity = order.quantity;
    ledger.decision = record.benchmark(Benchmark::decision);
    ledger.arrival = record.benchmark(Benchmark::arrival);
    ledger.value = instrument_.value;
    ledger.is_partly_quarantined = order.quarantined_fills > 0;
    record_end_price(slots, record, ledger);
    std::vector<LedgerFill> fills;
    for (const std::size_t row : context_.fills_of(slots.order)) {
        const market::Fill& fill = dataset().fills[row];
        const MidAt mid_before = records_.fills[row].quote.mid_at();
        LedgerFill& line = fills.emplace_back();
        line.price = fill.price;
        line.quantity = fill.quantity;
        if (mid_before.is_usable()) line.mid = mid_before.mid;
        if (fill.fee.units() != 0) line.fee = fill.fee;
    }
    record.ledger = shortfall(ledger, fills);
}

void Recorder::record_spreads(const OrderSlots& slots, OrderRecord& record) const {
    const market::Order& order = dataset().orders[slots.order];
    const Money zero = Money::from_units(0, instrument_.value.currency());
    for (Money* sum :
         {&record.effective_spread, &record.quoted_spread, &record.marked_notional, &record.realized_spread,
          &record.realized_notional, &record.price_improvement, &record.touch_notional}) {
        *sum = zero;
    }
    for (const std::size_t row : context_.fills_of(slots.order)) {
        const market::Fill& fill = dataset().fills[row];
        const FillRecord& at = records_.fills[row];
        if (!at.quote.is_usable()) continue;
        const auto cash = [&](PriceMove move) { return instrument_.value.cash(move, fill.quantity); };
        const auto notional = [&](Price price) { return instrument_.value.notional(price, fill.quantity); };
        const Price mid_before = at.quote.mid_at().mid;
        const Price far = order.side == Side::buy ? at.quote.ask : at.quote.bid;
        ++record.marked_fills;
        record.effective_spread += cash(signed_move(order.side, fill.price - mid_before) * 2);
        record.quoted_spread += cash(at.quote.ask - at.quote.bid);
        record.marked_notional += notional(mid_before);
        record.price_improvement += cash(signed_move(order.side, far - fill.price));
        record.touch_notional += notional(far);
        if (!at.observed_1min) continue;
        record.realized_spread += cash(signed_move(order.side, fill.price - at.mid_1min.mid) * 2);
        record.realized_notional += notional(mid_before);
    }
}

void Recorder::record_reversion(const OrderSlots& slots, OrderRecord& record) const {
    const auto end = mid(slots.last_fill);
    const auto later = mid(slots.reverted);
    if (!end || !later || end->units() <= 0) return;
    const Timestamp last = *record.last_fill_time;
    if (!is_visible(last, last + context_.options.reversion_horizon)) return;
    const Side side = dataset().orders[slots.order].side;
    record.reversion_bps = ratio(signed_move(side, *end - *later), *end) * 1e4;
}

void Recorder::record_features(const OrderSlots& slots, OrderRecord& record) const {
    const market::Order& order = dataset().orders[slots.order];
    const TapeState* now = state(slots.feature);
    if (now == nullptr) return;
    Features& features = record.features;
    if (now->quote.is_usable()) {
        const double bid = now->quote.bid.to_double();
        const double ask = now->quote.ask.to_double();
        if (bid + ask > 0.0) features.spread_bps = (ask - bid) / (0.5 * (bid + ask)) * 1e4;
        const int decimals = instrument_.value.quantity_decimals();
        const double bid_size = now->quote.bid_size.to_double(decimals);
        const double ask_size = now->quote.ask_size.to_double(decimals);
        if (now->quote.has_sizes && bid_size + ask_size > 0.0) {
            features.depth = 0.5 * (bid_size + ask_size);
            features.imbalance = static_cast<double>(sign(order.side)) * (bid_size - ask_size) / (bid_size + ask_size);
        }
        const double bids = now->bid_book.to_double(decimals);
        const double asks = now->ask_book.to_double(decimals);
        if (bids + asks > 0.0) {
            features.book_depth = 0.5 * (bids + asks);
            features.book_imbalance = static_cast<double>(sign(order.side)) * (bids - asks) / (bids + asks);
        }
    }
    const TapeState* before = state(slots.feature_lookback);
    if (now->usable_ns - before->usable_ns >= std::chrono::nanoseconds(kOneMinute).count()) {
        features.volatility_bps = std::sqrt(std::max(0.0, now->squared_returns - before->squared_returns)) * 1e4;
    }
    record_clock_features(order, *feature_time(order), features);
}

void Recorder::record_clock_features(const market::Order& order, Timestamp time, Features& features) const {
    const auto minutes = [](Duration duration) { return static_cast<double>(duration.count()) / (60 * kNsPerSecond); };
    if (const auto* session = dataset().sessions.at(instrument_.market, time)) {
        features.minutes_from_open = minutes(time - session->open);
        features.minutes_to_close = minutes(session->close - time);
        features.time_bucket = (time - session->open) / std::chrono::minutes{30};
    }
    for (const market::MarketEvent& event : dataset().events) {
        const bool concerns =
            event.instrument == order.instrument || (event.instrument.is_none() && event.market == instrument_.market);
        if (!concerns || !event.window.contains(time)) continue;
        static constexpr std::array<const char*, 6> kNames{"news", "auction",         "volatility_interruption",
                                                           "halt", "circuit_breaker", "stress"};
        if (!features.event.empty()) features.event += ' ';
        features.event += kNames[static_cast<std::size_t>(event.kind)];
    }
}

}  // namespace

Result<void> measure_instrument(const Context& context, InstrumentId instrument, const StopSign& stop,
                                Records& records) {
    InstrumentPlan plan = plan_instrument(context, instrument);
    plan.walk.stop = &stop;
    const auto at = static_cast<std::size_t>(instrument.index());
    std::optional<forecast::HistoryCollector> history;
    if (has_forecasts(context.dataset)) {
        history.emplace(context.dataset, instrument, forecast::ForecastOptions{});
        plan.walk.history = &*history;
    }
    TapeAnswers answers;
    if (context.dataset.tape) {
        SLIPCAST_TRY(walked, walk_tape(*context.dataset.tape, plan.walk, plan.questions));
        answers = std::move(walked);
    } else {
        answers.states.resize(plan.questions.states.size());
        answers.reaches.resize(plan.questions.reaches.size());
        answers.event_quotes.resize(plan.questions.events.size());
        answers.mids.resize(plan.questions.events.size() * plan.questions.offsets.size());
        answers.sessions.resize(plan.sessions.size());
    }
    records.flows[at] = {std::move(answers.flow), answers.has_own_prints};
    if (history) records.histories[at] = std::move(*history).finish();
    return Recorder(context, plan, answers, records).record(stop);
}

}  // namespace slipcast::tca::detail
