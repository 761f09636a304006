#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "slipcast/forecast/forecaster.hpp"
#include "slipcast/math/student.hpp"
#include "support/session_tape.hpp"

namespace slipcast::forecast {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using test::SessionTape;

/// Two half-hour bins of a one-hour session.
ForecastOptions two_bins() {
    ForecastOptions options;
    options.bin = minutes{30};
    options.volume_half_life = options.volatility_half_life = 1e12;  // equal weights
    return options;
}

/// `first` shares in the day's first half hour, `second` in the second.
void halves(SessionTape& tape, int day, std::int64_t first, std::int64_t second) {
    tape.trade(SessionTape::at(day, minutes{5}), first);
    tape.trade(SessionTape::at(day, minutes{55}), second);
}

Forecaster forecaster(const SessionTape& tape, const ForecastOptions& options = two_bins()) {
    return Forecaster(collect(tape.made(), options).value());
}

std::string reason(const Forecast& forecast, std::string_view field) {
    const auto found = std::ranges::find(forecast.missing, field, &Missing::field);
    return found == forecast.missing.end() ? "" : found->reason;
}

TEST(Forecaster, TheFirstDayIsMissingAndSaysSo) {
    SessionTape tape(2);
    halves(tape, 0, 300, 100);
    const Forecast forecast = forecaster(tape).at(SessionTape::stock(), SessionTape::at(0, minutes{40}));
    EXPECT_EQ(forecast.past_sessions, 0);
    EXPECT_FALSE(forecast.session_volume || forecast.remaining_volume || forecast.adv || forecast.spread);
    EXPECT_TRUE(forecast.curve.empty());
    for (const auto* field : {"curve", "session_volume", "remaining_volume", "session_volatility", "daily_volatility",
                              "spread", "opening_auction", "closing_auction", "adv"})
        EXPECT_NE(reason(forecast, field), "") << field;
    EXPECT_EQ(forecast.seen_volume, 300.0);
}

TEST(Forecaster, OneDayBeforeGivesItsVolumeWithAWideBand) {
    SessionTape tape(2);
    halves(tape, 0, 300, 100);
    const ForecastOptions options = two_bins();
    const Forecast forecast = forecaster(tape).at(SessionTape::stock(), SessionTape::open(1));
    ASSERT_TRUE(forecast.session_volume);
    EXPECT_EQ(forecast.past_sessions, 1);
    EXPECT_NEAR(forecast.session_volume->median, 400.0, 1e-9);
    EXPECT_EQ(forecast.curve, (std::vector<double>{0.75, 1.0}));
    EXPECT_EQ(forecast.adv, 400.0);
    // One session: the prior dispersion, sqrt(1 + 1/1) for the unknown mean, t with prior_sessions + 0 degrees.
    const double half =
        math::student_quantile(0.9, options.prior_sessions) * options.prior_volume_dispersion * std::sqrt(2.0);
    EXPECT_NEAR(std::log(forecast.session_volume->high / 400.0), half, 1e-9);
    EXPECT_NEAR(std::log(400.0 / forecast.session_volume->low), half, 1e-9);
}

/// The update by normal conditioning, written out as a covariance matrix instead of the formulas of the header.
/// Three past days and the first half of today against the conditional normal of the second half's log.
void expect_conditioning(const std::vector<double>& first, const std::vector<double>& second, bool is_share_noisier) {
    SessionTape tape(4);
    std::vector<double> total;
    for (std::size_t i = 0; i < 3; ++i) {
        halves(tape, static_cast<int>(i), static_cast<std::int64_t>(first[i]), static_cast<std::int64_t>(second[i]));
        total.push_back(first[i] + second[i]);
    }
    halves(tape, 3, 1200, 1);
    const ForecastOptions options = two_bins();
    const double n = 3.0, df = options.prior_sessions + n - 1.0;
    double m = 0.0, first_share = 0.0;
    for (std::size_t i = 0; i < 3; ++i) {
        m += std::log(total[i]) / n;
        first_share += first[i] / total[i] / n;
    }
    double squares = 0.0, share_squares = 0.0, gaps = 0.0;
    for (std::size_t i = 0; i < 3; ++i) {
        squares += std::pow(std::log(total[i]) - m, 2);
        const double deviation = std::log(first[i] / total[i] / first_share);
        share_squares += deviation * deviation * first_share / (1.0 - first_share);
        gaps += -2.0 * deviation * first_share / (1.0 - first_share) / n;
    }
    const double prior = options.prior_sessions;
    const double level = (1 + 1 / n) * (prior * std::pow(options.prior_volume_dispersion, 2) + squares) / df;
    const double noise = (1 + 1 / n) * (prior * std::pow(options.prior_share_dispersion, 2) + share_squares) / df;
    // log amounts of the two halves: level variance everywhere, shares as log Dirichlet.
    const double second_share = 1.0 - first_share;
    const double var_first = level + noise * (1 / first_share - 1), var_second = level + noise * (1 / second_share - 1);
    const double covariance = level - noise;
    // Log shares have less mean than the log of the mean share, by as much as those of the past days had.
    const double mean_first = m + std::log(first_share) - 0.5 * gaps * (1 / first_share - 1);
    const double mean_second = m + std::log(second_share) - 0.5 * gaps * (1 / second_share - 1);
    const double mean = mean_second + covariance / var_first * (std::log(1200.0) - mean_first);
    const double variance = var_second - covariance * covariance / var_first;
    EXPECT_EQ(level < covariance * covariance / var_first, is_share_noisier);

    const Forecast forecast = forecaster(tape).at(SessionTape::stock(), SessionTape::at(3, minutes{30}));
    ASSERT_TRUE(forecast.remaining_volume && forecast.session_volume);
    EXPECT_NEAR(forecast.remaining_volume->median, std::exp(mean), 1e-9 * std::exp(mean));
    EXPECT_NEAR(std::log(forecast.remaining_volume->high) - mean, math::student_quantile(0.9, df) * std::sqrt(variance),
                1e-9);
    EXPECT_EQ(forecast.seen_volume, 1200.0);
    EXPECT_NEAR(forecast.session_volume->low, 1200.0 + forecast.remaining_volume->low, 1e-9);
    EXPECT_EQ(forecast.remaining_volume->median > 600.0 * second_share, !is_share_noisier)
        << "a heavy morning raises the afternoon, unless days end alike whatever their mornings";
}

TEST(Forecaster, WhatWasSeenTodayUpdatesTheRestByNormalConditioning) {
    expect_conditioning({300.0, 500.0, 350.0}, {100.0, 300.0, 250.0}, false);
}

TEST(Forecaster, SteadyTotalsWithNoisySharesAreConditionedTheSame) {
    expect_conditioning({20.0, 780.0, 400.0}, {780.0, 20.0, 400.0}, true);
}

TEST(Forecaster, AWindowIsCutAtTheCloseAndNeedsASharedCurve) {
    SessionTape tape(2);
    halves(tape, 0, 300, 100);
    const Forecaster forecasts = forecaster(tape);
    const auto volume = [&](Duration from, Duration until) {
        return forecasts.window_volume(SessionTape::stock(), {SessionTape::at(1, from), SessionTape::at(1, until)});
    };
    EXPECT_NEAR(volume(minutes{0}, minutes{60})->median, 400.0, 1e-9);
    EXPECT_EQ(volume(minutes{0}, minutes{600}), volume(minutes{0}, minutes{60}));
    // A third of the first bin's 300: one past day's share is as high as the next one's, as often as not.
    EXPECT_NEAR(volume(minutes{0}, minutes{10})->median, 100.0, 1e-9);
    EXPECT_GT(volume(minutes{0}, minutes{10})->high / 100.0, volume(minutes{0}, minutes{60})->high / 400.0)
        << "shorter windows are less certain";
    EXPECT_FALSE(volume(minutes{60}, minutes{70})) << "no session follows";
    EXPECT_FALSE(volume(minutes{20}, minutes{20}));
}

/// Sums by their moments, written out for one past day: log totals have variance level, of which the half that is the
/// error of the mean is shared by all sessions to come.
TEST(Forecaster, AWindowOverSeveralSessionsIsTheirSum) {
    SessionTape tape(4);
    halves(tape, 0, 300, 100);
    halves(tape, 1, 900, 1);
    const ForecastOptions options = two_bins();
    const double level = 2.0 * std::pow(options.prior_volume_dispersion, 2), shared = level / 2.0;
    const double mean = 400.0 * std::exp(level / 2.0);
    const auto expected = [&](double days) {
        const double squares = days * std::expm1(level) + days * (days - 1.0) * shared;  // over mean^2
        const double variance = std::log1p(squares / (days * days));
        return std::pair{days * mean * std::exp(-variance / 2.0), std::sqrt(variance)};
    };
    const Forecaster forecasts = forecaster(tape);
    const auto volume = [&](Timestamp begin, Timestamp end) {
        return forecasts.window_volume(SessionTape::stock(), {begin, end});
    };
    for (const int days : {2, 3}) {
        const auto [median, deviation] = expected(days);
        const auto band = volume(SessionTape::open(1), SessionTape::at(days, minutes{60}));
        ASSERT_TRUE(band);
        EXPECT_NEAR(band->median, median, 1e-9 * median);
        EXPECT_NEAR(std::log(band->high / band->median),
                    math::student_quantile(0.9, options.prior_sessions) * deviation, 1e-9);
    }
    const double whole = volume(SessionTape::open(1), SessionTape::at(2, minutes{60}))->median;
    EXPECT_LT(volume(SessionTape::at(1, minutes{15}), SessionTape::at(2, minutes{15}))->median, 0.6 * whole);
    EXPECT_EQ(volume(SessionTape::open(1), SessionTape::at(1, hours{5})),
              volume(SessionTape::open(1), SessionTape::at(1, minutes{60})))
        << "the night adds nothing";
    EXPECT_TRUE(volume(SessionTape::open(3), SessionTape::at(3, hours{24})));
    EXPECT_FALSE(volume(SessionTape::open(3), SessionTape::at(3, hours{25})))
        << "the calendar does not say whether a session follows";
}

TEST(Forecaster, LaterSessionsKnowNothingOfTheOneInProgress) {
    SessionTape quiet(3), heavy(3);
    for (SessionTape* tape : {&quiet, &heavy}) halves(*tape, 0, 300, 100);
    halves(quiet, 1, 300, 100);
    halves(heavy, 1, 9000, 5000);
    const auto tomorrow = [](const SessionTape& tape) {
        const TimeRange window{SessionTape::at(1, minutes{59}), SessionTape::at(2, minutes{60})};
        const TimeRange rest{window.begin, SessionTape::at(1, minutes{60})};
        const Forecaster forecasts = forecaster(tape);
        return std::pair{forecasts.window_volume(SessionTape::stock(), window)->median,
                         forecasts.window_volume(SessionTape::stock(), rest)->median};
    };
    const auto [with_quiet, quiet_rest] = tomorrow(quiet);
    const auto [with_heavy, heavy_rest] = tomorrow(heavy);
    EXPECT_GT(heavy_rest, 2.0 * quiet_rest);
    EXPECT_LT(with_heavy - heavy_rest, 1.2 * (with_quiet - quiet_rest)) << "the next day is no part of today";
}

TEST(Forecaster, AHalfDayToComeRestsOnHalfDaysOrIsMissing) {
    const auto window_over = [](bool has_past_half_day) {
        SessionTape tape(4);
        for (const int day : {0, 3}) {
            if (day == 0 && !has_past_half_day) continue;
            tape.sessions[static_cast<std::size_t>(day)].close = SessionTape::at(day, minutes{30});
            tape.sessions[static_cast<std::size_t>(day)].half_day = true;
        }
        tape.trade(SessionTape::at(0, minutes{5}), 40);
        tape.trade(SessionTape::at(0, minutes{29}), 10);
        halves(tape, 1, 300, 100);
        return forecaster(tape).window_volume(SessionTape::stock(),
                                              {SessionTape::open(2), SessionTape::at(3, minutes{30})});
    };
    EXPECT_FALSE(window_over(false));
    const auto both = window_over(true);
    ASSERT_TRUE(both);
    EXPECT_GT(both->median, 440.0);
    EXPECT_LT(both->median, 480.0);
}

TEST(Forecaster, BetweenSessionsItForecastsTheNextOne) {
    SessionTape tape(2);
    halves(tape, 0, 300, 100);
    const Forecaster forecasts = forecaster(tape);
    const Forecast overnight = forecasts.at(SessionTape::stock(), SessionTape::at(0, hours{5}));
    EXPECT_EQ(overnight.session->begin, SessionTape::open(1));
    EXPECT_EQ(overnight.session_volume, forecasts.at(SessionTape::stock(), SessionTape::open(1)).session_volume);
    const Forecast after = forecasts.at(SessionTape::stock(), SessionTape::at(1, hours{5}));
    EXPECT_FALSE(after.session);
    EXPECT_EQ(reason(after, "session"), "no session follows in the calendar");
    EXPECT_EQ(reason(forecasts.at(InstrumentId::from_index(9), SessionTape::open(1)), "session"), "unknown instrument");
}

TEST(Forecaster, TheClosingAuctionIsKnownOnceItMustHavePrinted) {
    SessionTape tape(3);
    market::TradeFlags closing = market::kRegularTrade;
    closing.set(market::TradeFlag::closing_auction);
    for (const int day : {0, 1}) {
        halves(tape, day, 300, 100);
        tape.trade(SessionTape::at(day, minutes{61}), day == 0 ? 50 : 5000, closing);
    }
    const Forecaster forecasts = forecaster(tape);
    const Forecast just_after = forecasts.at(SessionTape::stock(), SessionTape::at(1, minutes{60}));
    EXPECT_NEAR(just_after.closing_auction->median, 50.0, 1e-9);
    EXPECT_EQ(just_after.adv, 450.0);
    EXPECT_EQ(just_after.past_sessions, 2) << "the session itself is over and known";
    const Forecast next_morning = forecasts.at(SessionTape::stock(), SessionTape::open(2));
    EXPECT_NEAR(next_morning.closing_auction->median, std::sqrt(50.0 * 5000.0), 1e-9);
    EXPECT_EQ(next_morning.adv, (450.0 + 5400.0) / 2);
}

TEST(Forecaster, HalfDaysAndIncompleteSessionsAreNoPast) {
    SessionTape tape(3);
    tape.sessions[0].close = SessionTape::at(0, minutes{45});
    tape.sessions[0].half_day = true;
    tape.trade(SessionTape::at(0, minutes{5}), 9);
    tape.trade(SessionTape::at(0, minutes{44}), 9);
    tape.trade(SessionTape::at(1, minutes{5}), 9);  // then silent
    const Forecast forecast = forecaster(tape).at(SessionTape::stock(), SessionTape::open(2));
    EXPECT_EQ(forecast.past_sessions, 0);
    EXPECT_FALSE(forecast.session_volume || forecast.adv);
}

TEST(Forecaster, ASplitScalesEarlierVolumesOnceItIsInForce) {
    SessionTape tape(2);
    halves(tape, 0, 300, 100);
    market::CorporateAction split;
    split.instrument = SessionTape::stock();
    split.ex_time = SessionTape::at(1, -hours{2});
    split.ratio = Price::parse("4").value();
    tape.dataset.corporate_actions.push_back(split);
    const Forecaster forecasts = forecaster(tape);
    EXPECT_NEAR(forecasts.at(SessionTape::stock(), SessionTape::at(1, -hours{3})).session_volume->median, 400.0, 1e-9);
    EXPECT_NEAR(forecasts.at(SessionTape::stock(), SessionTape::at(1, -hours{2})).session_volume->median, 1600.0, 1e-9);
    EXPECT_NEAR(forecasts.at(SessionTape::stock(), SessionTape::open(1)).session_volume->median, 1600.0, 1e-9);
    EXPECT_EQ(forecasts.at(SessionTape::stock(), SessionTape::open(1)).adv, 1600.0);
}

TEST(Forecaster, VolatilityAndSpreadFollowThePastSessions) {
    SessionTape tape(3);
    for (const int day : {0, 1}) {
        tape.quote(SessionTape::at(day, minutes{0}), 9990, 10010);
        tape.quote(SessionTape::at(day, minutes{29}), 10090, 10110);
        tape.quote(SessionTape::at(day, minutes{59}), 10190, 10210);
    }
    const Forecast forecast = forecaster(tape).at(SessionTape::stock(), SessionTape::open(2));
    const double first = std::log(101.0 / 100.0), second = std::log(102.0 / 101.0), night = std::log(100.0 / 102.0);
    const double session = std::sqrt(first * first + second * second);
    EXPECT_NEAR(forecast.session_volatility->median, session, 1e-12);
    EXPECT_NEAR(forecast.daily_volatility->per_sqrt_day(), std::hypot(session, night), 1e-12);
    // 20 bps of 100 for 29 minutes, of 101 for 30, of 102 for 1; bins of half an hour, log-normal over equal days.
    EXPECT_NEAR(forecast.spread->median, 0.2 / 60 * (29 / 100.0 + 30 / 101.0 + 1 / 102.0) * 1e4, 1e-9);
    EXPECT_FALSE(forecast.session_volume);
}

}  // namespace
}  // namespace slipcast::forecast
