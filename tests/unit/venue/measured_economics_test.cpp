#include "slipcast/venue/measured_economics.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "support/table_columns.hpp"

// What a measurement's tables say of the worth of fills at each venue.

namespace slipcast::venue {
namespace {

using test::cash;
using test::flags;
using test::labels;
using test::numbers;
using test::times;

Timestamp hour(std::int64_t h) {
    return Timestamp::from_ns(h * 3'600'000'000'000 + 1);
}

/// Four fills at A in two hours, one at B, one at C without a mark-out; each worth 100 at price 10, or 200.
Table fills() {
    Table table("fills");
    table.add(labels("fill_id", {"1", "2", "3", "4", "5", "6"}));
    table.add(labels("venue", {"A", "A", "A", "A", "B", "C"}));
    table.add(labels("symbol", {"X", "X", "X", "X", "X", "X"}));
    table.add(times("time", {hour(1), hour(1), hour(2), hour(2), hour(3), hour(4)}));
    table.add(numbers("price", "cash", {10, 10, 10, 10, 10, 10}));
    table.add(numbers("quantity", "units", {10, 10, 20, 10, 10, 10}));
    table.add(cash("fee_cash", {-1, -1, -2, -1, 1, 1}));  // a rebate of 1 cent a hundred: 1 bp
    table.add(numbers("effective_spread_bps", "bps", {0, 0, 2, 4, 0, 0}));
    table.add(numbers("quoted_spread_bps", "bps", {4, 4, 4, 4, 4, 4}));
    return table;
}

Table markouts(std::vector<std::uint8_t> observed = {1, 1, 1, 1, 1, 0, 1}) {
    Table table("markouts");
    table.add(labels("fill_id", {"1", "2", "3", "4", "5", "6", "1"}));
    table.add(labels("horizon", {"1min", "1min", "1min", "1min", "1min", "1min", "-1s"}));
    table.add(numbers("mid_anchored_bps", "bps", {2, -1, 3, 1, 5, 9, 77}));
    table.add(flags("observed", std::move(observed)));
    return table;
}

TEST(MeasuredEconomics, MeansAndErrorsByHand) {
    const auto made = measured_economics(fills(), markouts(), "1min");
    ASSERT_TRUE(made.has_value()) << made.error().message();
    ASSERT_EQ(made->venues.size(), 1U);
    const VenueEconomics& a = made->venues[0];
    EXPECT_EQ(a.venue, "A");
    // Weights 1, 1, 2, 1 (hundreds): spread saved 2, 2, 1, 0; moves 2, -1, 3, 1.
    EXPECT_DOUBLE_EQ(a.spread_saved, (2.0 + 2.0 + 2.0 * 1.0 + 0.0) / 5.0);
    EXPECT_DOUBLE_EQ(a.rebate, 1.0);
    EXPECT_DOUBLE_EQ(a.fee, 0.0);
    const double mean = (2.0 - 1.0 + 6.0 + 1.0) / 5.0;
    EXPECT_DOUBLE_EQ(a.markout, mean);
    // Two hours: weighted moves 1 of weight 2, and 7 of weight 3.
    const double first = 1.0 - 2.0 * mean, second = 7.0 - 3.0 * mean;
    EXPECT_NEAR(a.markout_std_error, std::sqrt((first * first + second * second) * 2.0 / 1.0) / 5.0, 1e-14);
    ASSERT_EQ(made->left_out.size(), 2U) << "one fill, and none with a mark-out";
    EXPECT_NE(made->left_out[0].find("B: 1 fills"), std::string::npos);
    EXPECT_NE(made->left_out[1].find("C: 0 fills"), std::string::npos);
}

TEST(MeasuredEconomics, TwentyDaysAreBlocksOfADay) {
    Table few("fills"), marks("markouts");
    std::vector<std::string> ids, all;
    std::vector<Timestamp> when;
    std::vector<double> moves;
    for (int day = 0; day < 20; ++day) {
        for (const int at : {10, 11}) {
            ids.push_back(std::to_string(ids.size()));
            when.push_back(hour(24 * day + at));
            moves.push_back(day + (at == 10 ? 5.0 : -5.0));  // hours of a day cancel
        }
    }
    const std::size_t count = ids.size();
    few.add(labels("fill_id", ids));
    few.add(labels("venue", std::vector<std::string>(count, "A")));
    few.add(labels("symbol", std::vector<std::string>(count, "X")));
    few.add(times("time", when));
    for (const char* name : {"price", "quantity"}) few.add(numbers(name, "", std::vector<double>(count, 1.0)));
    for (const char* name : {"fee_cash", "effective_spread_bps", "quoted_spread_bps"}) {
        few.add(numbers(name, "", std::vector<double>(count, 0.0)));
    }
    marks.add(labels("fill_id", ids));
    marks.add(labels("horizon", std::vector<std::string>(count, "50trades")));
    marks.add(numbers("mid_anchored_bps", "bps", moves));
    marks.add(flags("observed", std::vector<std::uint8_t>(count, 1)));
    const auto made = measured_economics(few, marks, "50trades");
    ASSERT_TRUE(made.has_value()) << made.error().message();
    // Day means 0 .. 19: variance of a mean of 20.
    EXPECT_NEAR(made->venues[0].markout_std_error, std::sqrt(35.0 / 20.0), 1e-12);
}

TEST(MeasuredEconomics, RefusesWhatWasNotMeasured) {
    EXPECT_EQ(measured_economics(fills(), markouts(), "-1s").error().field, "horizon") << "before the fill";
    const auto unknown = measured_economics(fills(), markouts(), "2min");
    EXPECT_NE(unknown.error().rule.find("did you mean '1min'"), std::string::npos);
    EXPECT_EQ(measured_economics(markouts(), markouts(), "1min").error().code, ErrorCode::missing_field);
    const Table none = markouts({0, 0, 0, 0, 0, 0, 0});
    EXPECT_EQ(measured_economics(fills(), none, "1min").error().code, ErrorCode::not_identified);
}

}  // namespace
}  // namespace slipcast::venue
