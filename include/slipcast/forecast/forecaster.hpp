#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "slipcast/core/bps.hpp"
#include "slipcast/core/id.hpp"
#include "slipcast/core/time.hpp"
#include "slipcast/forecast/history.hpp"

namespace slipcast::forecast {

/// A forecast with its central 80 % band: the outcome is below `low` in one of ten cases, above `high` in one of ten.
struct Band {
    double median = 0.0;
    double low = 0.0;
    double high = 0.0;
    friend bool operator==(const Band&, const Band&) = default;
};

/// What is missing of a forecast, and why.
struct Missing {
    std::string field;
    std::string reason;
    friend bool operator==(const Missing&, const Missing&) = default;
};

/// What could be known of an instrument just before `time`, for the session in progress or else the next one.
/// Quantities are in whole units (shares, contracts, coins).
struct Forecast {
    InstrumentId instrument;
    Timestamp time;
    std::optional<TimeRange> session;  ///< open and close of the session forecast; absent: none follows
    std::optional<Date> date;          ///< its calendar day
    int past_sessions = 0;             ///< complete earlier sessions of the same length that it rests on
    double seen_volume = 0.0;          ///< traded in the session's bins that ended at or before `time`
    std::vector<double> curve;         ///< share of the session's volume by the end of each bin, last = 1; may be empty
    std::optional<Band> session_volume;    ///< open to close, auctions apart: seen + to come
    std::optional<Band> remaining_volume;  ///< from `time` to the close
    std::optional<Band> opening_auction;   ///< from past sessions only, also once it has printed
    std::optional<Band> closing_auction;
    std::optional<double> adv;               ///< mean day volume of past days, auctions included
    std::optional<Band> session_volatility;  ///< sqrt of the variance open to close [ratio per sqrt session]
    std::optional<DailyVolatility>
        daily_volatility;            ///< close to close: session variance + mean squared overnight move
    std::optional<Band> spread;      ///< mean quoted spread from `time` to the close [bps of mid]
    bool spread_indicative = false;  ///< a past session's quotes were made from bars
    std::vector<Missing> missing;    ///< every field above that is absent
    friend bool operator==(const Forecast&, const Forecast&) = default;
};

/// Forecasts from past data only: changing any tape row or corporate action at or after `t` leaves everything asked for
/// at `t` as it was, bit for bit.
///
/// One model serves volume, variance and spread, each a positive amount A that accumulates over the session (shares;
/// squared returns; spread x time). Letters: F = share of the session's curve that was seen, R = 1 - F, w = a part of
/// R; n = effective number of past sessions, (sum of weights)^2 / sum of squares, weights 2^(-age / half life).
///   curve         the weighted mean share of A by each point of a session
///   log A         has mean m (weighted mean of past log A) and variance S = s (1 + 1/n); s is the weighted sample
///                 variance, pooled with the declared prior dispersion at the weight of `prior_sessions`
///   log shares    have the variances of log Dirichlet shares to first order in the noise k: v(F) = k (1/F - 1) of F,
///                 v(w) = k (1/R - 1) + k(w) (1/w - 1/R) of w given the rest, covariance -k, and means below
///                 the logs of the curve by u(F) = g v(F)/2, u(w) = g k (1/R - 1)/2 + g(w) k(w) (1/w - 1/R)/2.
///                 k is measured on past cumulative shares, and again on single bins; k(w) joins the two by a power law
///                 in w, because neighboring bins err together; below a bin it goes on where k falls with w, else it
///                 stays. g in [0, 1] is measured beside k: how far past log shares lie below the log of their own mean
///                 share, over k/2. Around the true mean a log-normal's lie k/2 below, so g = 1; a curve made of few
///                 sessions is itself as random as they are, so g = 0 with one. g(w) is linear in log w between the
///                 two.
/// so, given what was seen (y = log(seen / F)), the amount to come in w is log-normal with
///   mean log w - u(w) + m + b (y - m + u(F)), variance S + v(w) - b^2 (S + v(F)), b = (S - k) / (S + v(F)).
/// Amounts of several sessions share the error of m and add up to a log-normal with their sum's mean and variance.
/// Bands take Student's t with prior_sessions + n - 1 degrees of freedom, so few sessions make them wider; medians
/// minimize the absolute error. Nothing seen yet: F = 0 and no b.
/// Related: Markov, Vilenskaia, Rashkovich 2017, "Quintet volume projection", updates day volume by a linear model.
/// Sessions of another length (half days) or place in the day are no past. An amount that was zero in a past session
/// leaves that session out. Splits scale the volumes before them once ex_time <= t; one within a session counts after
/// it.
class Forecaster {
public:
    explicit Forecaster(History history);
    ~Forecaster();
    Forecaster(Forecaster&&) noexcept;
    Forecaster& operator=(Forecaster&&) noexcept;
    Forecaster(const Forecaster&) = delete;
    Forecaster& operator=(const Forecaster&) = delete;

    /// Everything known of `instrument` at `time`. First session: past_sessions is 0, the amounts are missing, and
    /// `missing` says so.
    [[nodiscard]] Forecast at(InstrumentId instrument, Timestamp time) const;
    /// Volume in the parts of `window` that lie in sessions, auctions apart, forecast at window.begin [whole units].
    /// Sessions after the one in progress rest on complete earlier ones only, and not on what was seen of it. Missing
    /// outside sessions, where any of them has no past session of its kind, where past sessions show no volume in the
    /// window, and when the window ends a day or more after the last close of the calendar. Cheap: no allocation.
    [[nodiscard]] std::optional<Band> window_volume(InstrumentId instrument, TimeRange window) const;
    [[nodiscard]] const History& history() const;

private:
    struct State;
    std::unique_ptr<const State> state_;
};

}  // namespace slipcast::forecast
