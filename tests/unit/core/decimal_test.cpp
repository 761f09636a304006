#include "slipcast/core/decimal.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "slipcast/core/price.hpp"

using namespace slipcast;

namespace {

constexpr double kNotANumber = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

struct Refusal {
    const char* text;
    int decimals;
    ErrorCode code;
};

}  // namespace

TEST(ParseDecimal, ReadsWhatPeopleAndProgramsWrite) {
    EXPECT_EQ(*parse_decimal("49.90", 2), 4990);
    EXPECT_EQ(*parse_decimal("+49.9", 9), 49'900'000'000);
    EXPECT_EQ(*parse_decimal("-0.000000001", 9), -1);
    EXPECT_EQ(*parse_decimal(".5", 1), 5);
    EXPECT_EQ(*parse_decimal("5.", 1), 50);
    EXPECT_EQ(*parse_decimal("-0", 4), 0);
    EXPECT_EQ(*parse_decimal("1.25e-3", 5), 125);
    EXPECT_EQ(*parse_decimal("1.25E+3", 0), 1250);
    EXPECT_EQ(*parse_decimal("12e0", 0), 12);
    EXPECT_EQ(*parse_decimal("0e99999999999999999999", 9), 0);
    EXPECT_EQ(*parse_decimal("1000000e-6", 0), 1);
    EXPECT_EQ(*parse_decimal("0.10000000000000000000000000000000000000000000", 1), 1);
}

TEST(ParseDecimal, HoldsTheWholeRangeOf64Bits) {
    EXPECT_EQ(*parse_decimal("9223372036.854775807", 9), std::numeric_limits<std::int64_t>::max());
    EXPECT_EQ(*parse_decimal("-9223372036.854775808", 9), std::numeric_limits<std::int64_t>::min());
    EXPECT_EQ(parse_decimal("9223372036.854775808", 9).error().code, ErrorCode::out_of_range);
    EXPECT_EQ(parse_decimal("-9223372036.854775809", 9).error().code, ErrorCode::out_of_range);
}

TEST(ParseDecimal, NeverGoesThroughBinaryFloatingPoint) {
    // Multiply-and-truncate gives 114 for 1.15 x 100 and cannot hold 2^53 + 1.
    EXPECT_EQ(*parse_decimal("1.15", 2), 115);
    EXPECT_EQ(*parse_decimal("9007199254740993", 0), 9'007'199'254'740'993);
    EXPECT_EQ(*parse_decimal("0.123456789012345678", 18), 123'456'789'012'345'678);
}

TEST(ParseDecimal, RefusesByFieldWithTheTextAndTheRule) {
    const Refusal refusals[] = {{"", 2, ErrorCode::malformed},
                                {".", 2, ErrorCode::malformed},
                                {"-", 2, ErrorCode::malformed},
                                {"1,000", 2, ErrorCode::malformed},
                                {"1.2.3", 2, ErrorCode::malformed},
                                {" 1", 2, ErrorCode::malformed},
                                {"1 ", 2, ErrorCode::malformed},
                                {"1e", 2, ErrorCode::malformed},
                                {"1e+", 2, ErrorCode::malformed},
                                {"e5", 2, ErrorCode::malformed},
                                {"0x10", 2, ErrorCode::malformed},
                                {"nan", 2, ErrorCode::malformed},
                                {"inf", 2, ErrorCode::malformed},
                                {"--1", 2, ErrorCode::malformed},
                                {"49.905", 2, ErrorCode::invalid_value},
                                {"1e-3", 2, ErrorCode::invalid_value},
                                {"1e-999999999999", 2, ErrorCode::invalid_value},
                                {"1e30", 2, ErrorCode::out_of_range},
                                {"1e999999999999", 2, ErrorCode::out_of_range}};
    for (const Refusal& refusal : refusals) {
        const auto result = parse_decimal(refusal.text, refusal.decimals, "limit_price");
        ASSERT_FALSE(result) << refusal.text;
        EXPECT_EQ(result.error().code, refusal.code) << refusal.text;
        EXPECT_EQ(result.error().field, "limit_price");
        EXPECT_EQ(result.error().value, refusal.text);
        EXPECT_FALSE(result.error().rule.empty());
    }
    EXPECT_EQ(parse_decimal("49.905", 2, "price").error().message(),
              "price = 49.905: must have at most 2 digits after the point (invalid_value)");
}

TEST(DecimalFromDouble, TakesWhatRoundTrips) {
    EXPECT_EQ(*decimal_from_double(49.9, 9), 49'900'000'000);
    EXPECT_EQ(*decimal_from_double(-1.15, 2), -115);
    EXPECT_EQ(*decimal_from_double(0.0, 2), 0);
    EXPECT_EQ(*decimal_from_double(-0.0, 2), 0);
    EXPECT_EQ(*decimal_from_double(0.1 + 0.2, 1), 3) << "within two units in the last place";
    EXPECT_EQ(*decimal_from_double(9e15, 0), 9'000'000'000'000'000);
}

TEST(DecimalFromDouble, RefusesWhatHasLostDigits) {
    const double lost[] = {kNotANumber, kInfinity, -kInfinity, 49.905, 1.0 / 3.0, 1e-12, 5e-324};
    for (const double value : lost) {
        const auto result = decimal_from_double(value, 2, "price");
        ASSERT_FALSE(result) << value;
        EXPECT_EQ(result.error().code, ErrorCode::invalid_value);
        EXPECT_EQ(result.error().field, "price");
    }
    EXPECT_FALSE(decimal_from_double(static_cast<double>(49.9F), 9)) << "a price that was once a 32-bit float";
    EXPECT_EQ(decimal_from_double(1e300, 2).error().code, ErrorCode::out_of_range);
    EXPECT_EQ(decimal_from_double(1e18, 2).error().code, ErrorCode::out_of_range);
}

TEST(FormatDecimal, WritesTheShortestExactText) {
    EXPECT_EQ(format_decimal(4990, 2), "49.9");
    EXPECT_EQ(format_decimal(4990, 2, 2), "49.90");
    EXPECT_EQ(format_decimal(5000, 2), "50");
    EXPECT_EQ(format_decimal(-5, 3), "-0.005");
    EXPECT_EQ(format_decimal(0, 9), "0");
    EXPECT_EQ(format_decimal(7, 0, 2), "7.00");
    EXPECT_EQ(format_decimal(-1, 18), "-0.000000000000000001");
}

TEST(FormatFixed, RoundsHalfToEven) {
    EXPECT_EQ(format_fixed(125, 2, 1), "1.2");
    EXPECT_EQ(format_fixed(135, 2, 1), "1.4");
    EXPECT_EQ(format_fixed(-125, 2, 1), "-1.2");
    EXPECT_EQ(format_fixed(126, 2, 1), "1.3");
    EXPECT_EQ(format_fixed(995, 3, 2), "1.00");
    EXPECT_EQ(format_fixed(5, 1, 3), "0.500");
    EXPECT_EQ(format_fixed(4, 1, 0), "0");
}

TEST(PowerOfTen, CoversTheScales) {
    EXPECT_EQ(power_of_ten(0), 1);
    EXPECT_EQ(power_of_ten(9), kPriceUnitsPerOne);
    EXPECT_EQ(power_of_ten(18), 1'000'000'000'000'000'000);
    EXPECT_DEATH(static_cast<void>(power_of_ten(19)), "exponent");
}

TEST(Int128, DividesHalfToEvenOnBothSidesOfZero) {
    EXPECT_EQ(to_string(divide_half_even(5, 2)), "2");
    EXPECT_EQ(to_string(divide_half_even(7, 2)), "4");
    EXPECT_EQ(to_string(divide_half_even(-5, 2)), "-2");
    EXPECT_EQ(to_string(divide_half_even(5, -2)), "-2");
    EXPECT_EQ(to_string(divide_half_even(-7, -2)), "4");
    EXPECT_EQ(to_string(divide_half_even(8, 3)), "3");
    EXPECT_DEATH(static_cast<void>(divide_half_even(1, 0)), "division by zero");
}

TEST(Int128, SaysWhenANumberDoesNotFit) {
    const Int128 large = Int128{1} << 100;
    EXPECT_EQ(to_string(large), "1267650600228229401496703205376");
    EXPECT_EQ(to_string(checked_multiply(-large, 1 << 27)), "-170141183460469231731687303715884105728");
    EXPECT_DEATH(static_cast<void>(checked_multiply(large, 1 << 27)), "fits 128 bits");
    EXPECT_DEATH(static_cast<void>(narrow(large)), "fits 64 bits");
    EXPECT_EQ(narrow(-5), -5);
}
