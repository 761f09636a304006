#include "slipcast/forecast/history.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "session_collector.hpp"
#include "slipcast/core/assert.hpp"

namespace slipcast::forecast {
namespace {

using market::Dataset;
using market::Session;

/// Tape held in memory at a time; rounded up to whole bins.
constexpr Duration kWindow = std::chrono::minutes{30};

std::vector<Split> splits_of(const Dataset& dataset, InstrumentId instrument) {
    std::vector<Split> splits;
    for (const market::CorporateAction& action : dataset.corporate_actions) {
        if (action.instrument == instrument && action.kind == market::CorporateActionKind::split)
            splits.push_back({action.ex_time, action.ratio.to_double()});
    }
    std::ranges::sort(splits, {}, &Split::ex_time);
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

Result<SessionRecord> session_record(const Dataset& dataset, InstrumentId instrument, const Session& session,
                                     TimeRange around, const ForecastOptions& options) {
    SessionCollector collector(session, options);
    const TimeRange extent = dataset.tape->extent(instrument);
    const auto collect_window = [&](TimeRange window) -> Result<void> {
        if (window.end <= extent.begin || extent.end < window.begin || window.end <= window.begin) return {};
        SLIPCAST_TRY(slice, dataset.tape->load(instrument, window));
        collector.add(slice, window.end);
        return {};
    };
    SLIPCAST_CHECK(collect_window({around.begin, session.open}));
    const Duration step = options.bin * ((kWindow + options.bin - Duration{1}) / options.bin);
    for (Timestamp begin = session.open; begin < session.close; begin = begin + step)
        SLIPCAST_CHECK(collect_window({begin, std::min(begin + step, session.close)}));
    SLIPCAST_CHECK(collect_window({session.close, around.end}));
    return std::move(collector).record();
}

Result<InstrumentHistory> instrument_history(const Dataset& dataset, const market::Instrument& instrument,
                                             const ForecastOptions& options) {
    InstrumentHistory history;
    history.instrument = instrument.id;
    history.quantity_decimals = instrument.value.quantity_decimals();
    history.splits = splits_of(dataset, instrument.id);
    const std::span<const Session> sessions = dataset.sessions.of(instrument.market);
    for (std::size_t index = 0; index < sessions.size(); ++index) {
        const TimeRange around = reach(sessions, index, options.auction_margin);
        SLIPCAST_TRY(record, session_record(dataset, instrument.id, sessions[index], around, options));
        if (!history.sessions.empty() && history.sessions.back().session.date == sessions[index].date)
            record.ordinal = history.sessions.back().ordinal + 1;
        history.sessions.push_back(std::move(record));
    }
    return history;
}

}  // namespace

std::int64_t SessionRecord::session_volume() const {
    return std::accumulate(volume.begin(), volume.end(), std::int64_t{0});
}

std::int64_t SessionRecord::day_volume() const {
    return session_volume() + opening_auction + closing_auction;
}

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
        SLIPCAST_TRY(one, instrument_history(dataset, instrument, options));
        history.instruments.push_back(std::move(one));
    }
    return history;
}

}  // namespace slipcast::forecast
