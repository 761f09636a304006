#include "report/number_text.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "slipcast/core/money.hpp"

namespace slipcast::report {
namespace {

Int128 money(const char* text) {
    return Money::parse(text, *Currency::parse("USD")).value().units();
}

TEST(NumberText, groups_digits_and_sets_a_true_minus) {
    EXPECT_EQ(fixed_text(0.0, 2), "0.00");
    EXPECT_EQ(fixed_text(999.0, 0), "999");
    EXPECT_EQ(fixed_text(1000.0, 0), "1,000");
    EXPECT_EQ(fixed_text(-1234567.891, 2), "\u22121,234,567.89");
    EXPECT_EQ(count_text(12'345'678), "12,345,678");
    EXPECT_EQ(count_text(-100), "\u2212100");
}

TEST(NumberText, a_rounded_away_negative_is_zero) {
    EXPECT_EQ(fixed_text(-0.004, 2), "0.00");
    EXPECT_EQ(money_text(money("-0.001")), "0.00");
    EXPECT_EQ(percent_text(-0.0), "0.00 %");
}

TEST(NumberText, money_is_exact_beyond_a_double) {
    EXPECT_EQ(money_text(money("9007199254740993.005")), "9,007,199,254,740,993.00");
    EXPECT_EQ(money_text(money("9007199254740993.015"), 3), "9,007,199,254,740,993.015");
}

TEST(NumberText, prices_show_their_tick_and_two_more_digits_of_an_average) {
    const auto text = [](const char* price, const char* tick) {
        return price_text(Price::parse(price).value(), Price::parse(tick).value() - Price{});
    };
    EXPECT_EQ(text("49.9", "0.01"), "49.90");
    EXPECT_EQ(text("49.905", "0.01"), "49.905");
    EXPECT_EQ(text("49.760123456", "0.01"), "49.7601");
    EXPECT_EQ(text("1282.25", "0.25"), "1,282.25");
    EXPECT_EQ(text("1.123456789", "0.00001"), "1.1234568");
    EXPECT_EQ(text("100", "1"), "100.00");
}

TEST(NumberText, exact_fraction_is_the_shortest_that_loses_nothing) {
    EXPECT_EQ(exact_fraction(money("12")), 2);
    EXPECT_EQ(exact_fraction(money("12.5")), 2);
    EXPECT_EQ(exact_fraction(money("12.1234")), 4);
    EXPECT_EQ(exact_fraction(money("-0.000000000000000001")), 18);
    EXPECT_EQ(exact_fraction(0), 2);
}

TEST(NumberText, quantities_show_only_the_digits_they_have) {
    EXPECT_EQ(quantity_text(199'000.0), "199,000");
    EXPECT_EQ(quantity_text(0.25), "0.25");
    EXPECT_EQ(quantity_text(0.00000001), "0.00000001");
}

TEST(NumberText, durations_read_as_people_say_them) {
    EXPECT_EQ(duration_text(0.85), "850 ms");
    EXPECT_EQ(duration_text(12.34), "12.3 s");
    EXPECT_EQ(duration_text(59.99), "1 min 00 s");
    EXPECT_EQ(duration_text(245.0), "4 min 05 s");
    EXPECT_EQ(duration_text(7800.0), "2 h 10 min");
}

TEST(NumberText, chart_values_keep_seven_digits) {
    EXPECT_EQ(rounded(123456.789), 123456.8);
    EXPECT_EQ(rounded(-0.00001234567891), -0.00001234568);
    EXPECT_EQ(rounded(0.0), 0.0);
}

}  // namespace
}  // namespace slipcast::report
