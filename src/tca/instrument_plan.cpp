#include "instrument_plan.hpp"

#include <algorithm>

namespace slipcast::tca::detail {

namespace {

constexpr Duration kTick{1};  // the instant after: turns "strictly before" into "up to and including"

class Planner {
public:
    Planner(const Context& context, InstrumentId instrument) : context_(context) {
        const market::Dataset& dataset = context.dataset;
        plan_.instrument = instrument;
        plan_.splits = Splits(dataset, instrument);
        plan_.sessions = dataset.sessions.of(dataset.instrument(instrument).market);
        if (dataset.tape) plan_.extent = dataset.tape->extent(instrument);
    }
    InstrumentPlan plan() {
        const auto& rows = context_.instrument_orders[static_cast<std::size_t>(plan_.instrument.index())];
        collect_prices(rows);
        for (const std::size_t row : rows) ask_order(row);
        collect_fills(rows);
        plan_.placements = context_.instrument_placements[static_cast<std::size_t>(plan_.instrument.index())];
        for (const std::size_t row : plan_.placements) {
            plan_.questions.sent.push_back(dataset().placements[row].sent_time);
        }
        ask_markouts();
        plan_walk();
        return std::move(plan_);
    }

private:
    const market::Dataset& dataset() const { return context_.dataset; }
    Executed executed(std::size_t order) const {
        Executed sum;
        for (const std::size_t row : context_.fills_of(order)) {
            sum.add(dataset().fills[row].price, dataset().fills[row].quantity);
        }
        return sum;
    }
    std::optional<Price> average(std::size_t order) const {
        const Executed sum = executed(order);
        return average_price(sum.price_times_quantity, sum.quantity.units());
    }
    void collect_prices(const std::vector<std::size_t>& orders) {
        auto& prices = plan_.questions.prices;
        for (const std::size_t order : orders) {
            if (const auto price = average(order)) prices.push_back(*price);
        }
        std::sort(prices.begin(), prices.end());
        prices.erase(std::unique(prices.begin(), prices.end()), prices.end());
    }
    std::int32_t ask(const std::optional<Timestamp>& time, std::int32_t price = -1) {
        if (!time) return -1;
        plan_.questions.states.push_back({*time, price});
        return static_cast<std::int32_t>(plan_.questions.states.size()) - 1;
    }
    std::int32_t reach(Timestamp from, ReachClock clock, std::int64_t amount) {
        plan_.questions.reaches.push_back({from, clock, amount});
        return static_cast<std::int32_t>(plan_.questions.reaches.size()) - 1;
    }
    void ask_order(std::size_t row) {
        const market::Order& order = dataset().orders[row];
        const auto fills = context_.fills_of(row);
        OrderSlots slots;
        slots.order = row;
        std::int32_t price = -1;
        if (const auto own = average(row)) {
            const auto& prices = plan_.questions.prices;
            price = static_cast<std::int32_t>(std::lower_bound(prices.begin(), prices.end(), *own) - prices.begin());
        }
        slots.decision = ask(order.decision_time);
        slots.desk_arrival = ask(order.desk_arrival_time);
        slots.arrival = ask(order.arrival_time, price);
        slots.broker_arrival = ask(order.broker_arrival_time);
        slots.cancel = ask(order.cancel_time);
        slots.end = ask(context_.courses[row].end_time);
        for (const Amend& amend : context_.courses[row].amends) {
            const std::int32_t slot = ask(amend.time);
            if (slots.first_amend < 0) slots.first_amend = slot;
        }
        if (!fills.empty()) {
            const Timestamp last = dataset().fills[fills.back()].time;
            slots.after_last_fill = ask(last + kTick, price);
            slots.last_fill = ask(last);
            slots.reverted = ask(last + context_.options.reversion_horizon);
            ask_pwp(order, row, slots);
        }
        place_in_session(order, fills, slots);
        if (const auto time = feature_time(order)) {
            slots.feature = ask(time);
            slots.feature_lookback = ask(lookback(order, *time));
        }
        plan_.orders.push_back(slots);
    }
    void ask_pwp(const market::Order& order, std::size_t row, OrderSlots& slots) {
        if (!order.arrival_time) return;
        const Int128 quantity = executed(row).quantity.units();
        for (const std::int64_t rate : context_.pwp_rates) {
            const std::int64_t volume = std::max<std::int64_t>(1, narrow(divide_half_even(quantity * 10'000, rate)));
            const std::int32_t slot = reach(*order.arrival_time, ReachClock::vwap_volume, volume);
            if (slots.first_pwp < 0) slots.first_pwp = slot;
        }
    }
    void place_in_session(const market::Order& order, std::span<const std::size_t> fills, OrderSlots& slots) {
        const LabelId market = dataset().instrument(plan_.instrument).market;
        const auto find = [&](Timestamp time) { return session_around(dataset().sessions, market, time); };
        const market::Session* session = order.arrival_time ? find(*order.arrival_time) : nullptr;
        if (session == nullptr || (order.arrival_time && *order.arrival_time >= session->close)) {
            // Arrived while the market was closed: the session it first traded in.
            session = fills.empty() ? session : find(dataset().fills[fills.front()].time);
        }
        if (session != nullptr) slots.session = static_cast<std::int32_t>(session - plan_.sessions.data());
    }
    Timestamp lookback(const market::Order& order, Timestamp time) const {
        const auto* session = dataset().sessions.at(dataset().instrument(order.instrument).market, time);
        const Timestamp from = time - kVolatilityLookback;
        return session == nullptr ? from : std::max(from, session->open);
    }
    void collect_fills(const std::vector<std::size_t>& orders) {
        for (const std::size_t order : orders) {
            for (const std::size_t row : context_.fills_of(order)) plan_.fills.push_back(row);
        }
        std::sort(plan_.fills.begin(), plan_.fills.end(), [&](std::size_t a, std::size_t b) {
            const auto& fills = dataset().fills;
            return fills[a].time != fills[b].time ? fills[a].time < fills[b].time : a < b;
        });
        for (const std::size_t row : plan_.fills) plan_.questions.events.push_back(dataset().fills[row].time);
    }
    void ask_markouts() {
        const bool windowed = context_.options.markout_window > Duration{};
        for (const Horizon& horizon : context_.horizons) {
            const bool by_offset = horizon.clock == MarkoutClock::wall && !windowed;
            plan_.offset_of_horizon.push_back(by_offset ? static_cast<std::int32_t>(plan_.questions.offsets.size())
                                                        : -1);
            if (by_offset) plan_.questions.offsets.push_back(horizon.wall);
            for (const Timestamp time : plan_.questions.events) {
                plan_.slot_of_markout.push_back(by_offset ? -1 : ask_markout(horizon, time));
            }
        }
        const auto& offsets = plan_.questions.offsets;
        plan_.offset_1min =
            static_cast<std::size_t>(std::find(offsets.begin(), offsets.end(), kOneMinute) - offsets.begin());
        if (plan_.offset_1min == offsets.size()) plan_.questions.offsets.push_back(kOneMinute);
    }
    std::int32_t ask_markout(const Horizon& horizon, Timestamp time) {
        if (horizon.clock == MarkoutClock::wall) {
            const std::int32_t first = ask(time + horizon.wall);
            ask(time + horizon.wall + context_.options.markout_window);
            return first;
        }
        // Prints at the fill's own instant are its own company, not its future: counting starts after them.
        const Timestamp from = horizon.amount > 0 ? time + kTick : time;
        if (horizon.clock == MarkoutClock::trades) return reach(from, ReachClock::prints, horizon.amount);
        const int decimals = dataset().instrument(plan_.instrument).value.quantity_decimals();
        std::int64_t scale = 1;
        for (int i = 0; i < decimals; ++i) scale *= 10;
        return reach(from, ReachClock::volume, narrow(checked_multiply(horizon.amount, scale)));
    }
    /// From the session before the first one of interest to an auction after the last one.
    void plan_walk() {
        TapeWalk& walk = plan_.walk;
        walk.instrument = plan_.instrument;
        walk.window = context_.options.window;
        walk.sessions = plan_.sessions;
        for (const market::MarketEvent& event : dataset().events) {
            const bool stops =
                event.kind == market::MarketEventKind::halt || event.kind == market::MarketEventKind::circuit_breaker;
            const bool concerns =
                event.instrument == plan_.instrument ||
                (event.instrument.is_none() && event.market == dataset().instrument(plan_.instrument).market);
            if (stops && concerns) walk.halts.push_back({event.window.begin, event.window});
        }
        const TimeRange flow = context_.flow_ranges[static_cast<std::size_t>(plan_.instrument.index())];
        walk.collects_flow = flow != TimeRange{};
        if (plan_.orders.empty() && !walk.collects_flow) return;  // nothing is asked: only its history is read
        walk.range = plan_.extent;
        if (plan_.sessions.empty() || plan_.extent == TimeRange{}) return;
        TimeRange needed{Timestamp::max(), Timestamp::min()};
        const auto cover = [&](Timestamp time) {
            needed.begin = std::min(needed.begin, time);
            needed.end = std::max(needed.end, time + kTick);
        };
        if (walk.collects_flow) {
            cover(flow.begin);
            cover(flow.end);
        }
        for (const StateQuestion& question : plan_.questions.states) cover(question.time);
        for (const Timestamp time : plan_.questions.sent) cover(time);
        for (const Timestamp time : plan_.questions.events) {
            for (const Duration offset : plan_.questions.offsets) cover(time + offset);
        }
        for (const OrderSlots& slots : plan_.orders) {
            if (slots.session < 0) continue;
            const auto session = static_cast<std::size_t>(slots.session);
            cover(plan_.sessions[session > 0 ? session - 1 : 0].open - kAuctionMargin);
            cover(plan_.sessions[session].close + kAuctionMargin);
        }
        const auto* before = dataset().sessions.previous(dataset().instrument(plan_.instrument).market, needed.begin);
        walk.range.begin = std::max(plan_.extent.begin, before == nullptr ? plan_.extent.begin : before->open);
        walk.range.end = std::max(walk.range.begin, std::min(plan_.extent.end, needed.end));
    }

    const Context& context_;
    InstrumentPlan plan_;
};

}  // namespace

std::optional<Timestamp> feature_time(const market::Order& order) {
    return order.decision_time ? order.decision_time : order.arrival_time;
}

const market::Session* session_around(const market::SessionCalendar& calendar, LabelId market, Timestamp time) {
    if (const market::Session* session = calendar.at(market, time)) return session;
    const market::Session* before = calendar.previous(market, time);
    return before != nullptr && time - before->close <= kAuctionMargin ? before : nullptr;
}

InstrumentPlan plan_instrument(const Context& context, InstrumentId instrument) {
    return Planner(context, instrument).plan();
}

}  // namespace slipcast::tca::detail
