#include "reach_tracker.hpp"

#include <algorithm>

namespace slipcast::tca::detail {

namespace {

std::int64_t count_of(const TapeState& state, std::size_t clock) {
    switch (static_cast<ReachClock>(clock)) {
        case ReachClock::prints:
            return state.prints;
        case ReachClock::volume:
            return state.volume;
        case ReachClock::vwap_volume:
            return state.vwap_volume;
    }
    return 0;
}

}  // namespace

ReachTracker::ReachTracker(std::span<const ReachQuestion> questions)
    : questions_(questions), answers_(questions.size()) {
    for (const ReachQuestion& question : questions) {
        History& history = history_[static_cast<std::size_t>(question.clock)];
        if (question.amount < 0) history.reach = std::max(history.reach, -question.amount);
    }
}

void ReachTracker::open(std::size_t index, const TapeState& before) {
    const ReachQuestion& question = questions_[index];
    const auto clock = static_cast<std::size_t>(question.clock);
    const std::int64_t count = count_of(before, clock);
    if (question.amount > 0) {
        waiting_[clock].push({count + question.amount, index, before.vwap_notional});
        return;
    }
    // The latest print from which on at least |amount| was counted before the instant.
    const auto& prints = history_[clock].prints;
    const auto found = std::partition_point(prints.begin(), prints.end(),
                                            [&](const Seen& seen) { return seen.before <= count + question.amount; });
    if (found == prints.begin()) return;
    const Seen& seen = *(found - 1);
    answers_[index] = {true, seen.time, seen.mid, 0};
}

void ReachTracker::take_print(Timestamp time, Price price, const TapeState& before, const TapeState& after) {
    for (std::size_t clock = 0; clock < waiting_.size(); ++clock) {
        const std::int64_t count_before = count_of(before, clock);
        const std::int64_t count_after = count_of(after, clock);
        if (count_after == count_before) continue;
        Queue& waiting = waiting_[clock];
        while (!waiting.empty() && waiting.top().target <= count_after) {
            const Waiting& reached = waiting.top();
            Reach& answer = answers_[reached.index];
            answer = {true, time, before.quote.mid_at(), 0};
            answer.vwap_notional = before.vwap_notional - reached.notional_before +
                                   static_cast<Int128>(price.units()) * (reached.target - count_before);
            waiting.pop();
        }
        History& history = history_[clock];
        if (history.reach == 0) continue;
        history.prints.push_back({time, before.quote.mid_at(), count_before});
        while (history.prints.size() > 1 && history.prints[1].before <= count_after - history.reach) {
            history.prints.pop_front();
        }
    }
}

}  // namespace slipcast::tca::detail
