#include "days.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace slipcast::trial {

namespace {

TimeRange meet(TimeRange a, TimeRange b) {
    return {std::max(a.begin, b.begin), std::max(std::max(a.begin, b.begin), std::min(a.end, b.end))};
}

}  // namespace

Result<market::TapeSlice> ClippedTape::load(InstrumentId instrument, TimeRange window) const {
    return whole_->load(instrument, meet(window, span_));
}

TimeRange ClippedTape::extent(InstrumentId instrument) const {
    return meet(whole_->extent(instrument), span_);
}

Timestamp ClippedTape::window_end(InstrumentId instrument, Timestamp begin, Timestamp latest) const {
    return whole_->window_end(instrument, begin, latest);
}

Result<Days> split_days(const market::Dataset& market, int trial_days) {
    std::set<Date> dates;
    for (const market::Session& session : market.sessions.all()) dates.insert(session.date);
    const auto needed = static_cast<std::size_t>(trial_days) + 2;
    if (dates.size() < needed) {
        return Error{ErrorCode::inconsistent,
                     "trial_days",
                     fmt::format("{} of {} days", trial_days, dates.size()),
                     "needs two days before the trial: one to forecast from, one to learn on",
                     {}};
    }
    const std::vector<Date> all(dates.begin(), dates.end());
    const auto first_trial = all.end() - trial_days;
    return Days{{all.begin() + 1, first_trial}, {first_trial, all.end()}};
}

market::Dataset with_sessions_of(const market::Dataset& market, const std::vector<Date>& days) {
    market::Dataset part = market;
    std::vector<market::Session> kept;
    for (const market::Session& session : market.sessions.all()) {
        if (std::find(days.begin(), days.end(), session.date) != days.end()) kept.push_back(session);
    }
    part.sessions = market::SessionCalendar(std::move(kept));
    return part;
}

market::Dataset clipped_to(const market::Dataset& market, const std::vector<Date>& days) {
    market::Dataset part = with_sessions_of(market, days);
    TimeRange span{Timestamp::max(), Timestamp::min()};
    for (const market::Session& session : part.sessions.all()) {
        span.begin = std::min(span.begin, session.open - std::chrono::hours{1});
        span.end = std::max(span.end, session.close + std::chrono::hours{1});
    }
    part.tape = std::make_shared<ClippedTape>(market.tape, span);
    return part;
}

}  // namespace slipcast::trial
