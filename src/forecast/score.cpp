#include "slipcast/forecast/score.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <utility>

#include "session_models.hpp"
#include "slipcast/core/decimal.hpp"
#include "slipcast/core/table_builder.hpp"
#include "slipcast/math/statistics.hpp"

namespace slipcast::forecast {
namespace {

constexpr std::array kFractions{0.0, 0.25, 0.5, 0.75};  ///< of the session, at which forecasts are made
constexpr std::array<Duration, 3> kHorizons{std::chrono::minutes{5}, std::chrono::minutes{30}, std::chrono::hours{2}};
constexpr std::int64_t kFewSessions = 20;

/// One row of the table as it fills.
struct Row {
    std::string what;
    std::string horizon;
    math::Moments error, magnitude, naive_magnitude, inside;
    std::int64_t instruments = 0, sessions = 0;
    std::int64_t without_outcome = 0, without_forecast = 0;

    void add(const std::optional<Band>& forecast, const std::optional<double>& naive, double outcome) {
        if (!forecast || forecast->median <= 0.0) {
            ++without_forecast;
            return;
        }
        if (outcome <= 0.0) {
            ++without_outcome;
            return;
        }
        const double log_ratio = std::log(forecast->median / outcome);
        error.add(log_ratio);
        magnitude.add(std::abs(log_ratio));
        inside.add(forecast->low <= outcome && outcome <= forecast->high ? 1.0 : 0.0);
        if (naive && *naive > 0.0) naive_magnitude.add(std::abs(std::log(*naive / outcome)));
    }

    [[nodiscard]] std::string note() const {
        std::string text;
        const auto say = [&text](const std::string& sentence) { text += (text.empty() ? "" : "; ") + sentence; };
        if (error.count() == 0) say("nothing to score: no session with a complete earlier one");
        if (sessions > 0 && sessions < kFewSessions)
            say(fmt::format("only {} instrument-sessions: figures are rough", sessions));
        if (without_forecast > 0) say(fmt::format("{} without a forecast", without_forecast));
        if (without_outcome > 0) say(fmt::format("{} outcomes of zero left out", without_outcome));
        return text;
    }
};

/// A session that is scored, and the complete one before it.
struct Scored {
    const Forecaster& forecaster;
    const InstrumentHistory& instrument;
    const SessionRecord& record;
    const SessionRecord* before;  ///< null for the first
    double units;
    Duration bin;

    [[nodiscard]] Timestamp time_of(std::size_t bins) const {
        return std::min(record.session.open + bin * static_cast<std::int64_t>(bins), record.session.close);
    }
};

using Bins = std::pair<std::size_t, std::size_t>;  ///< first, and one past the last

double volume_in(const SessionRecord& record, Bins bins) {
    double sum = 0.0;
    for (std::size_t bin = bins.first; bin < bins.second; ++bin) sum += static_cast<double>(record.volume[bin]);
    return sum;
}

double volatility_of(const SessionRecord& record) {
    return std::sqrt(math::pairwise_sum(record.variance));
}

/// Mean spread over the bins, weighted by the time each was quoted; 0 when never.
double spread_in(const SessionRecord& record, Bins bins) {
    math::Moments spread;
    for (std::size_t bin = bins.first; bin < bins.second; ++bin) spread.add(record.spread[bin], record.quoted[bin]);
    return spread.mean().value_or(0.0);
}

template <typename Amount>
std::optional<double> naive_of(const Scored& scored, Amount amount) {
    if (scored.before == nullptr) return std::nullopt;
    return amount(*scored.before);
}

/// The rows of the table, found by what and horizon in order of first use.
class Board {
public:
    void score(const Scored& scored) {
        const auto bins = scored.record.volume.size();
        // With few bins several fractions or horizons mean the same: those count once.
        std::size_t last_seen = bins;
        for (const double fraction : kFractions) {
            const auto seen = static_cast<std::size_t>(fraction * static_cast<double>(bins));
            if (seen != last_seen) score_at(scored, {seen, bins}, fraction);
            last_seen = seen;
        }
        std::size_t last_step = 0;
        for (const Duration horizon : kHorizons) {
            const auto step = static_cast<std::size_t>(std::max<std::int64_t>(1, horizon / scored.bin));
            if (step != last_step) score_windows(scored, step);
            last_step = step;
        }
        touched_.clear();
    }
    [[nodiscard]] const std::vector<Row>& rows() const { return rows_; }

private:
    Row& row(const Scored& scored, std::string_view what, const std::string& horizon) {
        auto found =
            std::ranges::find_if(rows_, [&](const Row& each) { return each.what == what && each.horizon == horizon; });
        if (found == rows_.end()) {
            rows_.push_back({});
            found = rows_.end() - 1;
            found->what = what;
            found->horizon = horizon;
            last_instrument_.emplace_back();
        }
        const auto index = static_cast<std::size_t>(found - rows_.begin());
        if (scored.before != nullptr && std::ranges::find(touched_, index) == touched_.end()) {
            touched_.push_back(index);
            ++found->sessions;
            if (last_instrument_[index] != scored.instrument.instrument) ++found->instruments;
            last_instrument_[index] = scored.instrument.instrument;
        }
        return *found;
    }

    void score_at(const Scored& scored, Bins rest, double fraction) {
        const SessionRecord& record = scored.record;
        const Forecast forecast = scored.forecaster.at(scored.instrument.instrument, scored.time_of(rest.first));
        const std::string when = rest.first == 0 ? "at open" : fmt::format("at {:.0f} % of session", 100.0 * fraction);
        const auto session_volume = [&](const SessionRecord& each) { return volume_in(each, {0, rest.second}); };
        row(scored, "session_volume", when)
            .add(forecast.session_volume,
                 naive_of(scored, [&](const auto& each) { return session_volume(each) / scored.units; }),
                 session_volume(record) / scored.units);
        if (record.has_quotes) {
            row(scored, "session_volatility", when)
                .add(forecast.session_volatility, naive_of(scored, volatility_of), volatility_of(record));
            row(scored, "spread", when)
                .add(forecast.spread, naive_of(scored, [&](const auto& each) { return spread_in(each, rest); }),
                     spread_in(record, rest));
        }
        if (rest.first > 0) return;
        const auto auction = [&](std::string_view what, const std::optional<Band>& band,
                                 std::int64_t SessionRecord::* amount) {
            if (!band && record.*amount == 0) return;
            row(scored, what, when)
                .add(band,
                     naive_of(scored,
                              [&](const auto& each) { return static_cast<double>(each.*amount) / scored.units; }),
                     static_cast<double>(record.*amount) / scored.units);
        };
        auction("opening_auction", forecast.opening_auction, &SessionRecord::opening_auction);
        auction("closing_auction", forecast.closing_auction, &SessionRecord::closing_auction);
    }

    void score_windows(const Scored& scored, std::size_t step) {
        const std::string ahead = to_string(scored.bin * static_cast<std::int64_t>(step)) + " ahead";
        for (std::size_t begin = 0; begin + step <= scored.record.volume.size(); begin += step) {
            const Bins bins{begin, begin + step};
            const auto volume = [&](const SessionRecord& each) { return volume_in(each, bins) / scored.units; };
            const TimeRange window{scored.time_of(bins.first), scored.time_of(bins.second)};
            row(scored, "window_volume", ahead)
                .add(scored.forecaster.window_volume(scored.instrument.instrument, window), naive_of(scored, volume),
                     volume(scored.record));
        }
    }

    std::vector<Row> rows_;
    std::vector<InstrumentId> last_instrument_;  ///< parallel to rows_
    std::vector<std::size_t> touched_;           ///< rows that the session at hand has been counted in
};

}  // namespace

Table forecast_scores(const Forecaster& forecaster) {
    Board board;
    const History& history = forecaster.history();
    for (const InstrumentHistory& instrument : history.instruments) {
        const auto units = static_cast<double>(power_of_ten(instrument.quantity_decimals));
        for (std::size_t i = 0; i < instrument.sessions.size(); ++i) {
            const SessionRecord& record = instrument.sessions[i];
            if (!record.complete) continue;
            const std::vector<std::size_t> past = past_sessions(instrument, i, history.options.lookback);
            const SessionRecord* before = past.empty() ? nullptr : &instrument.sessions[past.back()];
            board.score({forecaster, instrument, record, before, units, history.options.bin});
        }
    }
    const std::vector<Row>& rows = board.rows();
    const auto mean = [](math::Moments Row::* moments) {
        return [moments](const Row& row) { return (row.*moments).mean(); };
    };
    return TableBuilder("forecast_scores", rows.size())
        .add(plain("what", "the amount forecast"), of(rows, &Row::what))
        .add(plain("horizon", "when the forecast was made, or how far it reaches"), of(rows, &Row::horizon))
        .add(plain("mae", "mean of |ln(forecast median / outcome)|"), of(rows, mean(&Row::magnitude)))
        .add(plain("bias", "mean of ln(forecast median / outcome); positive = too high"), of(rows, mean(&Row::error)))
        .add(plain("mae_naive", "mae of the same amount in the last complete session of that length"),
             of(rows, mean(&Row::naive_magnitude)))
        .add(plain("coverage_80", "share of outcomes inside the central 80 % band"), of(rows, mean(&Row::inside)))
        .add(plain("count", "forecasts with an outcome"), of(rows, [](const Row& row) { return row.error.count(); }))
        .add(plain("instruments", "instruments they come from"), of(rows, &Row::instruments))
        .add(plain("sessions", "instrument-sessions they come from"), of(rows, &Row::sessions))
        .add(plain("note", "what to know about the row"), of(rows, &Row::note))
        .take();
}

}  // namespace slipcast::forecast
