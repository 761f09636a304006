#include "slipcast/forecast/history.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "session_collector.hpp"
#include "slipcast/core/assert.hpp"
#include "slipcast/market/splits.hpp"

namespace slipcast::forecast {
namespace {

using market::Dataset;
using market::Session;

/// Tape held in memory at a time.
constexpr Duration kWindow = std::chrono::minutes{30};

std::vector<Split> ratios_of_splits(const Dataset& dataset, InstrumentId instrument) {
    std::vector<Split> splits;
    for (const market::CorporateAction& split : market::splits_of(dataset, instrument)) {
        splits.push_back({split.ex_time, split.ratio.to_double()});
    }
    return splits;
}

/// The times around a session in which its auctions may print.
TimeRange reach(std::span<const Session> sessions, std::size_t index, Duration margin) {
    const Session& session = sessions[index];
    Timestamp begin = session.open - margin;
    Timestamp end = session.close + margin;
    if (index > 0) begin = std::max(begin, sessions[index - 1].close);
    if (index + 1 < sessions.size()) end = std::min(end, sessions[index + 1].open);
    return {begin, end};
}

}  // namespace

std::int64_t SessionRecord::session_volume() const {
    return std::accumulate(volume.begin(), volume.end(), std::int64_t{0});
}

std::int64_t SessionRecord::day_volume() const {
    return session_volume() + opening_auction + closing_auction;
}

struct HistoryCollector::State {
    std::span<const Session> sessions;
    ForecastOptions options;
    InstrumentHistory history;
    TimeRange range;
    Timestamp now;                             ///< all rows before it were taken
    std::vector<SessionCollector> collectors;  ///< of the sessions in reach, from the first without a record on

    [[nodiscard]] TimeRange reach(std::size_t index) const {
        return forecast::reach(sessions, index, options.auction_margin);
    }
    void add_record(SessionCollector collector) {
        const Session& session = sessions[history.sessions.size()];
        SessionRecord record = std::move(collector).record();
        if (!history.sessions.empty() && history.sessions.back().session.date == session.date)
            record.ordinal = history.sessions.back().ordinal + 1;
        history.sessions.push_back(std::move(record));
    }
};

HistoryCollector::HistoryCollector(const Dataset& dataset, InstrumentId instrument, const ForecastOptions& options)
    : state_(std::make_unique<State>()) {
    const market::Instrument& about = dataset.instrument(instrument);
    state_->sessions = dataset.sessions.of(about.market);
    state_->options = options;
    state_->history.instrument = instrument;
    state_->history.quantity_decimals = about.value.quantity_decimals();
    state_->history.splits = ratios_of_splits(dataset, instrument);
    if (!state_->sessions.empty()) state_->range = dataset.tape->extent(instrument);
    if (state_->range == TimeRange{}) return;
    const Session* last = dataset.sessions.at(about.market, state_->range.end - Duration{1});
    if (last != nullptr) state_->range.end = std::max(state_->range.end, last->close);
    state_->now = state_->range.begin;
}

HistoryCollector::~HistoryCollector() = default;
HistoryCollector::HistoryCollector(HistoryCollector&&) noexcept = default;
HistoryCollector& HistoryCollector::operator=(HistoryCollector&&) noexcept = default;

TimeRange HistoryCollector::range() const {
    return state_->range;
}

void HistoryCollector::take(const market::TapeSlice& slice, Timestamp until) {
    State& state = *state_;
    for (std::size_t i = 0;; ++i) {
        const std::size_t index = state.history.sessions.size() + i;
        if (index == state.sessions.size()) break;
        const TimeRange around = state.reach(index);
        if (until <= around.begin) break;
        if (i == state.collectors.size()) state.collectors.emplace_back(state.sessions[index], state.options);
        const TimeRange piece{std::max(state.now, around.begin), std::min(until, around.end)};
        if (piece.begin < piece.end) state.collectors[i].add(slice, piece);
    }
    while (!state.collectors.empty() && state.reach(state.history.sessions.size()).end <= until) {
        state.add_record(std::move(state.collectors.front()));
        state.collectors.erase(state.collectors.begin());
    }
    state.now = until;
}

InstrumentHistory HistoryCollector::finish() && {
    State& state = *state_;
    for (SessionCollector& collector : state.collectors) state.add_record(std::move(collector));
    while (state.history.sessions.size() < state.sessions.size())
        state.add_record(SessionCollector(state.sessions[state.history.sessions.size()], state.options));
    return std::move(state.history);
}

namespace {

Result<InstrumentHistory> instrument_history(const Dataset& dataset, InstrumentId instrument,
                                             const ForecastOptions& options) {
    HistoryCollector collector(dataset, instrument, options);
    const TimeRange range = collector.range();
    for (Timestamp begin = range.begin; begin < range.end;) {
        const Timestamp latest = range.end - begin > kWindow ? begin + kWindow : range.end;
        const Timestamp end = dataset.tape->window_end(instrument, begin, latest);
        SLIPCAST_TRY(slice, dataset.tape->load(instrument, {begin, end}));
        collector.take(slice, end);
        begin = end;
    }
    return std::move(collector).finish();
}

}  // namespace

Result<History> collect(const Dataset& dataset, const ForecastOptions& options, const Progress& progress) {
    SLIPCAST_CHECK(options.validate());
    if (!dataset.tape) return Error{ErrorCode::missing_field, "tape", "", "forecasts need quotes or trades", {}};
    History history;
    history.options = options;
    const auto total = static_cast<std::int64_t>(dataset.instruments.size());
    for (const market::Instrument& instrument : dataset.instruments) {
        const auto done = static_cast<std::int64_t>(history.instruments.size());
        if (progress && !progress("forecast history", done, total))
            return Error{ErrorCode::interrupted, "forecast history", "", "stopped on request", {}};
        if (instrument.id.is_none()) {
            history.instruments.emplace_back();
            continue;
        }
        SLIPCAST_ASSERT(instrument.id.index() == done, "instruments are indexed by their id");
        SLIPCAST_TRY(one, instrument_history(dataset, instrument.id, options));
        history.instruments.push_back(std::move(one));
    }
    return history;
}

}  // namespace slipcast::forecast
