#include <algorithm>

#include "recorder.hpp"

namespace slipcast::tca::detail {

namespace {

constexpr double kNsPerSecond = 1e9;

std::optional<double> seconds_between(std::optional<Timestamp> begin, std::optional<Timestamp> end) {
    if (!begin || !end) return std::nullopt;
    return static_cast<double>((*end - *begin).count()) / kNsPerSecond;
}

}  // namespace

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

/// A placement that lived through a split has no one price.
void Recorder::record_placements() {
    for (std::size_t i = 0; i < plan_.placements.size(); ++i) {
        const market::Placement& placement = dataset().placements[plan_.placements[i]];
        if (plan_.splits.lie_between(placement.sent_time, placement.done_time)) continue;
        records_.sent_mids[plan_.placements[i]] = answers_.sent_quotes[i].mid_at();
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
        answers.sent_quotes.resize(plan.questions.sent.size());
        answers.sessions.resize(plan.sessions.size());
    }
    records.flows[at] = {std::move(answers.flow), answers.has_own_prints};
    if (history) records.histories[at] = std::move(*history).finish();
    return Recorder(context, plan, answers, records).record(stop);
}

}  // namespace slipcast::tca::detail
