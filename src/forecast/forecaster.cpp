#include "slipcast/forecast/forecaster.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "session_models.hpp"
#include "slipcast/core/decimal.hpp"

namespace slipcast::forecast {
namespace {

/// A window that ends this long after the calendar's last close may hold sessions that it does not list.
constexpr Duration kPastCalendar = std::chrono::hours{24};
constexpr std::string_view kNoPast = "no complete earlier session of this length";

double bins_from_open(const SessionRecord& record, Timestamp time, Duration bin) {
    const Duration since = std::clamp(time, record.session.open, record.session.close) - record.session.open;
    return static_cast<double>(since.count()) / static_cast<double>(bin.count());
}

Duration time_left(const SessionRecord& record, Timestamp time) {
    return record.session.close - std::max(time, record.session.open);
}

/// The curve from `time` to `until`, given the bins that were over at `time`.
Question question(const Accumulation& model, std::span<const double> seen, double from_bin, double until_bin) {
    Question asked;
    asked.share = model.share_by(until_bin) - model.share_by(from_bin);
    asked.seen_share = model.share_by(static_cast<double>(seen.size()));
    for (const double amount : seen) asked.seen += amount;
    return asked;
}

/// The same of volume, without a copy of the bins.
Question volume_question(const Accumulation& model, const SessionRecord& record, std::size_t over, double from_bin,
                         double until_bin) {
    Question asked = question(model, {}, from_bin, until_bin);
    asked.seen_share = model.share_by(static_cast<double>(over));
    for (std::size_t i = 0; i < over; ++i) asked.seen += static_cast<double>(record.volume[i]);
    return asked;
}

Band scaled(const Band& band, double factor) {
    return {band.median * factor, band.low * factor, band.high * factor};
}

/// Fills the fields of one forecast and notes what it cannot fill.
class Writer {
public:
    Writer(Forecast& forecast, const SessionRecord& record, Duration bin)
        : forecast_(forecast),
          record_(record),
          from_bin_(bins_from_open(record, forecast.time, bin)),
          bins_(static_cast<double>(record.volume.size())),
          seen_bins_(std::min(static_cast<std::size_t>(from_bin_), record.volume.size())) {}

    void missing(std::string_view field, std::string_view reason) {
        forecast_.missing.push_back({std::string(field), std::string(reason)});
    }

    void volume(const std::optional<Accumulation>& model, double units) {
        const std::vector<double> seen = volume_amounts(record_, seen_bins_, 1.0);
        for (const double amount : seen) forecast_.seen_volume += amount / units;
        if (!model) {
            for (const auto* field : {"curve", "session_volume", "remaining_volume"}) missing(field, kNoPast);
            return;
        }
        forecast_.curve = model->curve();
        const auto rest = model->to_come(question(*model, seen, static_cast<double>(seen_bins_), bins_));
        const auto remaining = model->to_come(question(*model, seen, from_bin_, bins_));
        if (!rest || !remaining) {
            for (const auto* field : {"session_volume", "remaining_volume"})
                missing(field, "earlier sessions show no volume in the rest of the session");
            return;
        }
        const double so_far = forecast_.seen_volume;
        const Band to_come = scaled(*rest, 1.0 / units);
        forecast_.session_volume = Band{so_far + to_come.median, so_far + to_come.low, so_far + to_come.high};
        forecast_.remaining_volume = scaled(*remaining, 1.0 / units);
    }

    void volatility(const std::optional<Accumulation>& model, const std::optional<double>& overnight_variance,
                    bool has_break) {
        if (!model) {
            missing("session_volatility", "no earlier session with quotes whose mid moved");
            missing("daily_volatility", "no session volatility");
            return;
        }
        const std::vector<double> seen = variance_amounts(record_, seen_bins_);
        double so_far = 0.0;
        for (const double amount : seen) so_far += amount;
        const Band nothing;
        const Band rest =
            model->to_come(question(*model, seen, static_cast<double>(seen_bins_), bins_)).value_or(nothing);
        forecast_.session_volatility =
            Band{std::sqrt(so_far + rest.median), std::sqrt(so_far + rest.low), std::sqrt(so_far + rest.high)};
        if (has_break)
            missing("daily_volatility", "several sessions a day");
        else if (!overnight_variance)
            missing("daily_volatility", "no two adjacent earlier sessions with quotes");
        else
            forecast_.daily_volatility = DailyVolatility{std::sqrt(so_far + rest.median + *overnight_variance)};
    }

    void spread(const std::optional<Accumulation>& model, Duration bin) {
        if (!model) {
            missing("spread", "no complete earlier session with quotes");
            return;
        }
        const std::vector<double> seen = spread_amounts(record_, seen_bins_, bin);
        const auto band = model->to_come(question(*model, seen, from_bin_, bins_));
        const auto left = static_cast<double>(time_left(record_, forecast_.time).count());
        if (!band || left <= 0.0) {
            missing("spread", "earlier sessions show no spread in the rest of the session");
            return;
        }
        forecast_.spread = scaled(*band, 1.0 / left);
    }

    void auction(const std::optional<Accumulation>& model, double units, std::string_view field,
                 std::optional<Band>& target) {
        if (!model) {
            missing(field, "no earlier session with a print of this auction");
            return;
        }
        target = scaled(*model->to_come({}), 1.0 / units);
    }

private:
    Forecast& forecast_;
    const SessionRecord& record_;
    double from_bin_;
    double bins_;
    std::size_t seen_bins_;
};

}  // namespace

struct Forecaster::State {
    History history;
    /// Per instrument and session, as known at the session's open.
    std::vector<std::vector<SessionModels>> models;

    [[nodiscard]] const InstrumentHistory* find(InstrumentId instrument) const {
        const auto index = static_cast<std::size_t>(instrument.index());
        if (instrument.is_none() || index >= history.instruments.size()) return nullptr;
        return &history.instruments[index];
    }
    /// The models for `session` as known at `time`: before the open, a split up to the open is not known yet.
    template <typename Use>
    auto with_models(const InstrumentHistory& instrument, std::size_t session, Timestamp time, Use use) const {
        const Timestamp open = instrument.sessions[session].session.open;
        const bool split_ahead = std::ranges::any_of(
            instrument.splits, [&](const Split& split) { return time < split.ex_time && split.ex_time <= open; });
        if (split_ahead) return use(session_models({instrument, history.options, time}, session));
        return use(models[static_cast<std::size_t>(instrument.instrument.index())][session]);
    }
};

Forecaster::Forecaster(History history) {
    auto state = std::make_unique<State>();
    state->history = std::move(history);
    for (const InstrumentHistory& instrument : state->history.instruments) {
        std::vector<SessionModels>& models = state->models.emplace_back();
        for (std::size_t session = 0; session < instrument.sessions.size(); ++session) {
            const Timestamp open = instrument.sessions[session].session.open;
            models.push_back(session_models({instrument, state->history.options, open}, session));
        }
    }
    state_ = std::move(state);
}

Forecaster::~Forecaster() = default;
Forecaster::Forecaster(Forecaster&&) noexcept = default;
Forecaster& Forecaster::operator=(Forecaster&&) noexcept = default;

const History& Forecaster::history() const {
    return state_->history;
}

Forecast Forecaster::at(InstrumentId instrument, Timestamp time) const {
    Forecast forecast;
    forecast.instrument = instrument;
    forecast.time = time;
    const InstrumentHistory* found = state_->find(instrument);
    const auto session = found ? session_at_or_after(*found, time) : std::nullopt;
    if (!session) {
        forecast.missing.push_back({"session", found ? "no session follows in the calendar" : "unknown instrument"});
        return forecast;
    }
    const SessionRecord& record = found->sessions[*session];
    const ForecastOptions& options = state_->history.options;
    const auto units = static_cast<double>(power_of_ten(found->quantity_decimals));
    forecast.session = TimeRange{record.session.open, record.session.close};
    forecast.date = record.session.date;
    Writer writer(forecast, record, options.bin);
    state_->with_models(*found, *session, time, [&](const SessionModels& models) {
        forecast.past_sessions = models.past_sessions;
        forecast.spread_indicative = models.indicative;
        writer.volume(models.volume, units);
        writer.volatility(models.variance, models.overnight_variance, models.has_break);
        writer.spread(models.spread, options.bin);
        writer.auction(models.opening_auction, units, "opening_auction", forecast.opening_auction);
    });
    // The closing auction of the session before may still be to print: until then, what was known at that session.
    const bool unsettled = *session > 0 && time < record.session.open &&
                           time < found->sessions[*session - 1].session.close + options.auction_margin;
    state_->with_models(*found, unsettled ? *session - 1 : *session, time, [&](const SessionModels& models) {
        writer.auction(models.closing_auction, units, "closing_auction", forecast.closing_auction);
        if (models.mean_day_volume)
            forecast.adv = *models.mean_day_volume / units;
        else
            writer.missing("adv", "no complete earlier day");
    });
    return forecast;
}

std::optional<Band> Forecaster::window_volume(InstrumentId instrument, TimeRange window) const {
    const InstrumentHistory* found = state_->find(instrument);
    const auto session = found ? session_at_or_after(*found, window.begin) : std::nullopt;
    if (!session || window.end >= found->sessions.back().session.close + kPastCalendar) return std::nullopt;
    const Duration bin = state_->history.options.bin;
    OutlookSum sum;
    for (std::size_t i = *session; i < found->sessions.size(); ++i) {
        const SessionRecord& record = found->sessions[i];
        const double from = bins_from_open(record, window.begin, bin);
        const double until = bins_from_open(record, window.end, bin);
        if (until <= from) break;
        // What a session still to come rests on is what its kind's next one rests on.
        const std::size_t known = first_of_kind(*found, *session, i);
        const bool has_past =
            state_->with_models(*found, known, window.begin, [&](const SessionModels& models) -> bool {
                if (!models.volume) return false;
                const auto over = std::min(static_cast<std::size_t>(from), record.volume.size());
                const auto part = models.volume->outlook(volume_question(*models.volume, record, over, from, until));
                if (part) sum.add(*part);
                return true;
            });
        if (!has_past) return std::nullopt;
    }
    const auto band = sum.band();
    if (!band) return std::nullopt;
    return scaled(*band, 1.0 / static_cast<double>(power_of_ten(found->quantity_decimals)));
}

}  // namespace slipcast::forecast
