#include <gtest/gtest.h>

#include <cmath>

#include "slipcast/forecast/score.hpp"
#include "support/session_tape.hpp"

namespace slipcast::forecast {
namespace {

using std::chrono::minutes;
using test::SessionTape;

std::size_t row_of(const Table& table, std::string_view what, std::string_view horizon) {
    const auto& whats = std::get<std::vector<std::string>>(table.find("what")->data);
    const auto& horizons = std::get<std::vector<std::string>>(table.find("horizon")->data);
    for (std::size_t row = 0; row < table.rows(); ++row) {
        if (whats[row] == what && horizons[row] == horizon) return row;
    }
    ADD_FAILURE() << "no row " << what << " " << horizon;
    return 0;
}

double figure(const Table& table, std::size_t row, std::string_view column) {
    return std::get<std::vector<double>>(table.find(column)->data)[row];
}

std::int64_t count(const Table& table, std::size_t row, std::string_view column) {
    return std::get<std::vector<std::int64_t>>(table.find(column)->data)[row];
}

SessionTape three_days() {
    SessionTape tape(3);
    const std::int64_t volumes[] = {400, 800, 1600};
    for (const int day : {0, 1, 2}) {
        tape.trade(SessionTape::at(day, minutes{5}), volumes[day] / 4);
        tape.trade(SessionTape::at(day, minutes{55}), 3 * volumes[day] / 4);
    }
    return tape;
}

Table scores(const SessionTape& tape) {
    ForecastOptions options;
    options.bin = minutes{30};
    options.volume_half_life = 1e12;  // equal weights
    return forecast_scores(Forecaster(collect(tape.made(), options).value()));
}

TEST(Scores, EachDayIsScoredAgainstTheDaysBeforeIt) {
    const Table table = scores(three_days());
    const std::size_t row = row_of(table, "session_volume", "at open");
    EXPECT_EQ(count(table, row, "count"), 2) << "the first day has no forecast";
    EXPECT_EQ(count(table, row, "sessions"), 2);
    EXPECT_EQ(count(table, row, "instruments"), 1);
    // Day 2 from day 1: ln(400 / 800). Day 3 from the geometric mean of 400 and 800: ln(566 / 1600) = -1.5 ln 2.
    EXPECT_NEAR(figure(table, row, "bias"), -1.25 * std::log(2.0), 1e-9);
    EXPECT_NEAR(figure(table, row, "mae"), 1.25 * std::log(2.0), 1e-9);
    EXPECT_NEAR(figure(table, row, "mae_naive"), std::log(2.0), 1e-9);
    EXPECT_NE(table.text(row, table.columns().size() - 1).find("only 2 instrument-sessions"), std::string::npos);
}

TEST(Scores, SeeingHalfTheSessionHelps) {
    const Table table = scores(three_days());
    EXPECT_LT(figure(table, row_of(table, "session_volume", "at 50 % of session"), "mae"),
              figure(table, row_of(table, "session_volume", "at open"), "mae"));
    const std::size_t windows = row_of(table, "window_volume", "30min ahead");
    EXPECT_EQ(count(table, windows, "count"), 4);
}

TEST(Scores, OneDayCannotBeScoredAndSaysSo) {
    SessionTape tape(1);
    tape.trade(SessionTape::at(0, minutes{5}), 10);
    tape.trade(SessionTape::at(0, minutes{55}), 10);
    const Table table = scores(tape);
    const std::size_t row = row_of(table, "session_volume", "at open");
    EXPECT_EQ(count(table, row, "count"), 0);
    EXPECT_FALSE(table.find("mae")->is_valid(row));
    EXPECT_NE(table.text(row, table.columns().size() - 1).find("nothing to score"), std::string::npos);
}

TEST(Scores, ScoresOfEarlierDaysDoNotDependOnLaterOnes) {
    SessionTape other = three_days();
    for (std::size_t row = 4; row < 6; ++row) other.series.trades.size[row] = Quantity::from_units(7);
    SessionTape two = three_days();
    for (auto* column : {&two.series.trades.size, &other.series.trades.size}) ASSERT_EQ(column->size(), 6u);
    two.sessions.pop_back();
    const Table first_two = scores(two), changed = scores(other);
    const std::size_t row = row_of(first_two, "session_volume", "at open");
    // Two forecasts in all, the first of which both have.
    const double last =
        2.0 * figure(changed, row_of(changed, "session_volume", "at open"), "bias") - figure(first_two, row, "bias");
    EXPECT_NEAR(last, std::log(std::sqrt(400.0 * 800.0) / 14.0), 1e-9);
}

}  // namespace
}  // namespace slipcast::forecast
