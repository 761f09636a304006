#include "slipcast/market/session.hpp"

#include <algorithm>
#include <tuple>

#include "slipcast/core/assert.hpp"

namespace slipcast::market {

SessionCalendar::SessionCalendar(std::vector<Session> sessions) : sessions_(std::move(sessions)) {
    std::sort(sessions_.begin(), sessions_.end(), [](const Session& a, const Session& b) {
        return std::tuple(a.market, a.open) < std::tuple(b.market, b.open);
    });
    for (std::size_t i = 0; i < sessions_.size(); ++i) {
        SLIPCAST_ASSERT(sessions_[i].open < sessions_[i].close, "a session opens before it closes");
        if (i == 0 || sessions_[i - 1].market != sessions_[i].market) continue;
        SLIPCAST_ASSERT(sessions_[i - 1].close <= sessions_[i].open, "sessions of one market do not overlap");
        SLIPCAST_ASSERT(sessions_[i - 1].date <= sessions_[i].date, "session dates follow the clock");
    }
}

std::span<const Session> SessionCalendar::of(LabelId market) const {
    const auto first = std::partition_point(sessions_.begin(), sessions_.end(),
                                            [market](const Session& s) { return s.market < market; });
    const auto last =
        std::partition_point(first, sessions_.end(), [market](const Session& s) { return s.market == market; });
    return {first, last};
}

const Session* SessionCalendar::at(LabelId market, Timestamp time) const {
    const std::span<const Session> sessions = of(market);
    const auto after =
        std::partition_point(sessions.begin(), sessions.end(), [time](const Session& s) { return s.open <= time; });
    if (after == sessions.begin()) return nullptr;
    const Session& candidate = *(after - 1);
    return time < candidate.close ? &candidate : nullptr;
}

const Session* SessionCalendar::on(LabelId market, Date date) const {
    const std::span<const Session> sessions = of(market);
    const auto found =
        std::partition_point(sessions.begin(), sessions.end(), [date](const Session& s) { return s.date < date; });
    return found != sessions.end() && found->date == date ? &*found : nullptr;
}

const Session* SessionCalendar::previous(LabelId market, Timestamp time) const {
    const std::span<const Session> sessions = of(market);
    const auto after =
        std::partition_point(sessions.begin(), sessions.end(), [time](const Session& s) { return s.close <= time; });
    return after == sessions.begin() ? nullptr : &*(after - 1);
}

}  // namespace slipcast::market
