#include "session_models.hpp"

#include <algorithm>
#include <cmath>

#include "slipcast/math/statistics.hpp"

namespace slipcast::forecast {
namespace {

/// Of quantities before `when`, as counted at `time`.
double split_factor(const InstrumentHistory& instrument, Timestamp when, Timestamp time) {
    double factor = 1.0;
    for (const Split& split : instrument.splits) {
        if (when <= split.ex_time && split.ex_time <= time) factor *= split.ratio;
    }
    return factor;
}

/// Mean squared log move between adjacent sessions before `session`; a split between them hides the move.
std::optional<double> overnight_variance(const Knowledge& known, std::size_t session) {
    const std::vector<SessionRecord>& all = known.instrument.sessions;
    const std::size_t first = session - std::min(session, static_cast<std::size_t>(known.options.lookback));
    math::Moments squared_move;
    for (std::size_t i = std::max<std::size_t>(first, 1); i < session; ++i) {
        const TimeRange night{all[i - 1].session.close, all[i].session.open + Duration{1}};
        const bool split = std::ranges::any_of(known.instrument.splits,
                                               [&](const Split& each) { return night.contains(each.ex_time); });
        if (split || !all[i - 1].last_mid || !all[i].first_mid) continue;
        const double move = std::log(*all[i].first_mid / *all[i - 1].last_mid);
        const auto age = static_cast<double>(session - i);
        squared_move.add(move * move, std::exp2(-age / known.options.volatility_half_life));
    }
    return squared_move.mean();
}

/// Mean volume of the last full days before `session`'s, auctions included; half days and incomplete days left out.
std::optional<double> mean_day_volume(const Knowledge& known, std::size_t session) {
    const std::vector<SessionRecord>& all = known.instrument.sessions;
    math::Moments volume;
    for (std::size_t end = session; end > 0 && volume.count() < known.options.adv_days;) {
        const Date date = all[end - 1].session.date;
        double day = 0.0;
        bool full = date != all[session].session.date;
        for (; end > 0 && all[end - 1].session.date == date; --end) {
            const SessionRecord& record = all[end - 1];
            full = full && record.complete && !record.session.half_day && record.has_trades;
            day += static_cast<double>(record.day_volume()) *
                   split_factor(known.instrument, record.session.close, known.time);
        }
        if (full) volume.add(day);
    }
    return volume.mean();
}

bool same_kind(const SessionRecord& a, const SessionRecord& b) {
    const auto length = [](const SessionRecord& record) { return record.session.close - record.session.open; };
    return a.ordinal == b.ordinal && length(a) == length(b);
}

AccumulationPrior prior(const ForecastOptions& options, double half_life, double total_dispersion) {
    return {half_life, options.prior_sessions, total_dispersion, options.prior_share_dispersion,
            options.prior_bin_dispersion};
}

}  // namespace

std::optional<std::size_t> session_at_or_after(const InstrumentHistory& instrument, Timestamp time) {
    const auto after = std::ranges::upper_bound(instrument.sessions, time, {},
                                                [](const SessionRecord& record) { return record.session.close; });
    if (after == instrument.sessions.end()) return std::nullopt;
    return static_cast<std::size_t>(after - instrument.sessions.begin());
}

std::vector<double> volume_amounts(const SessionRecord& record, std::size_t bins, double scale) {
    std::vector<double> amounts(bins);
    for (std::size_t bin = 0; bin < bins; ++bin) amounts[bin] = scale * static_cast<double>(record.volume[bin]);
    return amounts;
}

std::vector<double> variance_amounts(const SessionRecord& record, std::size_t bins) {
    return {record.variance.begin(), record.variance.begin() + static_cast<std::ptrdiff_t>(bins)};
}

std::vector<double> spread_amounts(const SessionRecord& record, std::size_t bins, Duration bin) {
    std::vector<double> amounts(bins, 0.0);
    const Duration length = record.session.close - record.session.open;
    std::optional<double> spread;
    for (std::size_t i = 0; i < bins; ++i) {
        if (record.quoted[i] > 0.0) {
            if (!spread) std::fill_n(amounts.begin(), i, record.spread[i] * static_cast<double>(bin.count()));
            spread = record.spread[i];
        }
        const Duration width = std::min(bin, length - bin * static_cast<std::int64_t>(i));
        amounts[i] = spread.value_or(0.0) * static_cast<double>(width.count());
    }
    return amounts;
}

std::vector<std::size_t> past_sessions(const InstrumentHistory& instrument, std::size_t session, int lookback) {
    const std::vector<SessionRecord>& all = instrument.sessions;
    std::vector<std::size_t> past;
    for (std::size_t i = session; i-- > 0 && past.size() < static_cast<std::size_t>(lookback);) {
        if (all[i].complete && same_kind(all[i], all[session])) past.push_back(i);
    }
    std::ranges::reverse(past);
    return past;
}

std::size_t first_of_kind(const InstrumentHistory& instrument, std::size_t from, std::size_t session) {
    while (!same_kind(instrument.sessions[from], instrument.sessions[session])) ++from;
    return from;
}

SessionModels session_models(const Knowledge& known, std::size_t session) {
    const InstrumentHistory& instrument = known.instrument;
    const ForecastOptions& options = known.options;
    const std::vector<std::size_t> past = past_sessions(instrument, session, options.lookback);
    std::vector<PastAmounts> volume, variance, spread, opening, closing;
    SessionModels models;
    models.past_sessions = static_cast<int>(past.size());
    for (std::size_t i = 0; i < past.size(); ++i) {
        const SessionRecord& record = instrument.sessions[past[i]];
        const int age = static_cast<int>(past.size() - i);
        const double scale = split_factor(instrument, record.session.close, known.time);
        const std::size_t bins = record.volume.size();
        volume.push_back({volume_amounts(record, bins, scale), age});
        variance.push_back({variance_amounts(record, bins), age});
        spread.push_back({spread_amounts(record, bins, options.bin), age});
        opening.push_back({{scale * static_cast<double>(record.opening_auction)}, age});
        closing.push_back({{scale * static_cast<double>(record.closing_auction)}, age});
        models.indicative = models.indicative || record.indicative;
    }
    const AccumulationPrior volume_prior = prior(options, options.volume_half_life, options.prior_volume_dispersion);
    models.volume = Accumulation::fit(volume, volume_prior);
    models.opening_auction = Accumulation::fit(opening, volume_prior);
    models.closing_auction = Accumulation::fit(closing, volume_prior);
    models.variance =
        Accumulation::fit(variance, prior(options, options.volatility_half_life, options.prior_variance_dispersion));
    models.spread =
        Accumulation::fit(spread, prior(options, options.volatility_half_life, options.prior_spread_dispersion));
    models.overnight_variance = overnight_variance(known, session);
    models.mean_day_volume = mean_day_volume(known, session);
    models.has_break =
        std::ranges::any_of(instrument.sessions, [](const SessionRecord& record) { return record.ordinal > 0; });
    return models;
}

}  // namespace slipcast::forecast
