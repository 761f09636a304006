#include "trial/surroundings.hpp"

#include <gtest/gtest.h>

#include "slipcast/forecast/history.hpp"
#include "slipcast/sim/market.hpp"
#include "support/desk_market.hpp"
#include "trial/curves.hpp"

namespace slipcast::trial {
namespace {

const market::Dataset& sample() {
    static const market::Dataset kMarket =
        sim::synthetic_market({.symbols = 2, .days = 3, .seed = 4, .quotes_per_day = 8'000}).value();
    return kMarket;
}
const Forecasts& forecasts() {
    static const Forecasts kForecasts(sample(), forecast::Forecaster(forecast::collect(sample()).value()));
    return kForecasts;
}
const market::Session& last_session() {
    return sample().sessions.of(sample().instruments.front().market).back();
}

TEST(Forecasts, TheRateDoesNotFallBecauseTheDeadlineIsNear) {
    const InstrumentId id = sample().instruments.front().id;
    for (const Duration since_open : {Duration{std::chrono::hours{1}}, Duration{std::chrono::hours{5}}}) {
        const Timestamp deadline = last_session().open + since_open;
        const double before = *forecasts().volume_rate(id, deadline - std::chrono::minutes{40}, deadline);
        for (const int seconds : {300, 60, 30, 5, 1}) {
            const double near = *forecasts().volume_rate(id, deadline - std::chrono::seconds{seconds}, deadline);
            EXPECT_GT(near, 0.4 * before) << seconds;
            EXPECT_LT(near, 2.5 * before) << seconds;
        }
    }
}

TEST(Forecasts, AtTheCloseTheWindowReachesBack) {
    const InstrumentId id = sample().instruments.front().id;
    const Timestamp close = last_session().close;
    const auto rate = forecasts().volume_rate(id, close - std::chrono::seconds{10}, close);
    ASSERT_TRUE(rate);
    EXPECT_GT(*rate, 0.0);
}

TEST(Forecasts, TheFirstDayHasNone) {
    const auto& first = sample().sessions.of(sample().instruments.front().market).front();
    EXPECT_FALSE(forecasts().volume_rate(sample().instruments.front().id, first.open + std::chrono::hours{1},
                                         first.open + std::chrono::hours{2}));
}

TEST(Seen, IsWhatAMeasurementCallsSpreadAndImbalance) {
    sim::PolicyView view;
    view.bid = Price::parse("99.99").value();
    view.ask = Price::parse("100.01").value();
    view.bid_size = Quantity::from_units(300);
    view.ask_size = Quantity::from_units(100);
    const Seen buy = seen(Side::buy, view, 80.0);
    EXPECT_NEAR(buy.spread_bps, 2.0, 1e-12);
    EXPECT_NEAR(buy.signed_imbalance, 0.5, 1e-12);
    EXPECT_NEAR(seen(Side::sell, view, 80.0).signed_imbalance, -0.5, 1e-12);
    view.bid = Price{};
    EXPECT_TRUE(std::isnan(seen(Side::buy, view, 80.0).spread_bps));
}

// In observe mode the desk is not held to its participation limit, and so its usual tail is that of what it would do.
TEST(TierMedians, AreThoseOfADeskThatOnlyObservesItsLimitToo) {
    const cost::Model model = test::slow_is_risky_model();
    std::vector<FirstLook> looks;
    for (int i = 1; i <= 20; ++i) {
        looks.push_back({.instrument = sample().instruments.front().id,
                         .quantity = 1'000.0 * i,
                         .horizon_s = 3'600.0,
                         .volume_rate = 100.0,
                         .seen = {}});
    }
    const auto median = [&](double participation, desk::LimitMode mode) {
        desk::DeskOptions options;
        options.guards.participation = participation;
        options.guards.participation_mode = static_cast<int>(mode);
        const auto made = Surroundings::create(sample(), model, looks, options);
        EXPECT_TRUE(made) << made.error().message();
        return made->tier_median_p95_bps(sample().instruments.front().id);
    };
    const double held = median(0.1, desk::LimitMode::enforce);
    const double free = median(1.0, desk::LimitMode::enforce);
    ASSERT_LT(free, held) << "a desk that may be faster has a lighter tail";
    EXPECT_EQ(median(0.1, desk::LimitMode::observe), free);
}

TEST(Curves, AreThoseOfTheForecastAtTheOpen) {
    const auto curves = forecast_curves(sample(), forecasts().forecaster()).value();
    // Two symbols; the first day has no past.
    ASSERT_EQ(curves.size(), 4U);
    for (const sim::DatedCurve& dated : curves) {
        const forecast::Forecast known = forecasts().forecaster().at(
            dated.instrument, sample().sessions.on(sample().instruments.front().market, dated.date)->open);
        // Its session is a whole number of bins, so that the shares at their ends are the forecast's own.
        ASSERT_EQ(dated.curve.bins(), known.curve.size());
        for (std::size_t i = 0; i < known.curve.size(); ++i) {
            const double end = static_cast<double>(i + 1) / static_cast<double>(known.curve.size());
            EXPECT_NEAR(dated.curve.cumulative(end), known.curve[i], 1e-9);
        }
    }
}

}  // namespace
}  // namespace slipcast::trial
