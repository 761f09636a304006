#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "slipcast/core/decimal.hpp"
#include "slipcast/core/money.hpp"
#include "slipcast/core/nearest.hpp"
#include "slipcast/core/random.hpp"
#include "slipcast/core/time.hpp"

using namespace slipcast;

namespace {

std::int64_t any_units() {
    return *rc::gen::arbitrary<std::int64_t>();
}

// Far enough from the edges that no product leaves 128 bits.
std::int64_t some_units(std::int64_t bound) {
    return *rc::gen::inRange<std::int64_t>(-bound, bound);
}

Currency usd() {
    return Currency::parse("USD").value();
}

}  // namespace

TEST(DecimalLaws, TextReadsBackAsTheSameInteger) {
    EXPECT_TRUE(rc::check("parse(format(n)) == n", [] {
        // Small and large magnitudes alike: an arbitrary shift of an arbitrary integer.
        const std::int64_t units = any_units() >> *rc::gen::inRange(0, 63);
        const int decimals = *rc::gen::inRange(0, 19);
        const int least = *rc::gen::inRange(0, 19);
        RC_ASSERT(parse_decimal(format_decimal(units, decimals, least), decimals).value() == units);
    }));
}

TEST(DecimalLaws, AnExponentMovesThePoint) {
    EXPECT_TRUE(rc::check("text and exponent", [] {
        const std::int64_t units = some_units(1'000'000'000);
        const int shift = *rc::gen::inRange(0, 9);
        const std::string text = std::to_string(units) + "e-" + std::to_string(shift);
        RC_ASSERT(parse_decimal(text, 9).value() == units * power_of_ten(9 - shift));
    }));
}

TEST(DecimalLaws, AnyTextIsReadOrRefusedWithTheText) {
    EXPECT_TRUE(rc::check("no text breaks the parser", [] {
        const auto text =
            *rc::gen::container<std::string>(rc::gen::element('0', '1', '9', '.', 'e', 'E', '-', '+', 'x', ' '));
        const auto result = parse_decimal(text, 9, "price");
        if (!result) RC_ASSERT(result.error().field == "price" && result.error().value == text);
        // What was read means the same as the C library's reading of it, up to a double's precision.
        if (result) {
            const double there = std::strtod(text.c_str(), nullptr);
            RC_ASSERT(std::abs(static_cast<double>(*result) / 1e9 - there) <= 1e-9 * std::abs(there) + 1e-18);
        }
    }));
}

TEST(DecimalLaws, ADoubleThatCameFromADecimalReturns) {
    EXPECT_TRUE(rc::check("decimal_from_double(n / 100) == n", [] {
        const std::int64_t units = some_units(1'000'000'000'000);
        RC_ASSERT(decimal_from_double(static_cast<double>(units) / 100.0, 2).value() == units);
    }));
}

TEST(DecimalLaws, RoundingIsNearestAndEvenAtHalf) {
    EXPECT_TRUE(rc::check("divide_half_even", [] {
        const std::int64_t a = any_units() / 4;
        std::int64_t b = any_units() >> *rc::gen::inRange(2, 62);
        if (b == 0) b = 2;
        const Int128 quotient = divide_half_even(a, b);
        const Int128 twice_rest = 2 * (Int128{a} - quotient * b);
        const Int128 size = b < 0 ? -Int128{b} : Int128{b};
        RC_ASSERT(twice_rest <= size && -twice_rest <= size);
        if (twice_rest == size || -twice_rest == size) RC_ASSERT(quotient % 2 == 0);
    }));
}

TEST(MoneyLaws, CashOfMovesAddsUpBitForBit) {
    EXPECT_TRUE(rc::check("cash(b - a) + cash(c - b) == cash(c - a)", [] {
        constexpr std::int64_t kBound = 1'000'000'000'000'000;
        const auto a = Price::from_units(some_units(kBound));
        const auto b = Price::from_units(some_units(kBound));
        const auto c = Price::from_units(some_units(kBound));
        const auto quantity = Quantity::from_units(some_units(1'000'000'000));
        const int decimals = *rc::gen::inRange(0, 10);
        const ContractValue value = ContractValue::create(decimals, "1", usd()).value();
        RC_ASSERT(value.cash(b - a, quantity) + value.cash(c - b, quantity) == value.cash(c - a, quantity));
        RC_ASSERT(value.notional(c, quantity) - value.notional(a, quantity) == value.cash(c - a, quantity));
    }));
}

TEST(MoneyLaws, FillsAddUpToTheOrderInAnyOrder) {
    EXPECT_TRUE(rc::check("sum of fills is order free", [] {
        const ContractValue value = ContractValue::create(0, "50", usd()).value();
        const auto price = Price::from_units(some_units(1'000'000'000'000));
        auto fills = *rc::gen::container<std::vector<int>>(rc::gen::inRange(1, 100'000));
        Money forward;
        Money backward;
        std::int64_t total = 0;
        for (const int fill : fills) forward += value.notional(price, Quantity::from_units(fill));
        std::reverse(fills.begin(), fills.end());
        for (const int fill : fills) backward += value.notional(price, Quantity::from_units(fill));
        for (const int fill : fills) total += fill;
        RC_ASSERT(forward == backward);
        if (!fills.empty()) RC_ASSERT(forward == value.notional(price, Quantity::from_units(total)));
    }));
}

TEST(MoneyLaws, TextAndDoubleKeepTheAmount) {
    EXPECT_TRUE(rc::check("money round trips", [] {
        const Int128 units = Int128{any_units()} * *rc::gen::inRange<std::int64_t>(1, 1'000'000'000);
        const Money money = Money::from_units(units, usd());
        RC_ASSERT(Money::parse(money.to_string(kMoneyDecimals), usd()).value() == money);
        // Correct rounding: the C library reads the exact decimal as the same double.
        RC_ASSERT(money.to_double() == std::strtod(money.to_string(kMoneyDecimals).c_str(), nullptr));
    }));
}

TEST(PriceLaws, TheMidpointLiesBetweenAndIsSymmetric) {
    EXPECT_TRUE(rc::check("midpoint", [] {
        const auto a = Price::from_units(any_units() / 2);
        const auto b = Price::from_units(any_units() / 2);
        const Price middle = midpoint(a, b);
        RC_ASSERT(middle == midpoint(b, a));
        RC_ASSERT(middle >= std::min(a, b) && middle <= std::max(a, b));
        RC_ASSERT(Int128{middle.units()} == divide_half_even(Int128{a.units()} + b.units(), 2));
    }));
}

TEST(TimeLaws, TextReadsBackAsTheSameTime) {
    EXPECT_TRUE(rc::check("parse(to_string(t)) == t", [] {
        const auto time = Timestamp::from_ns(any_units());
        RC_ASSERT(Timestamp::parse(time.to_string()).value() == time);
        const auto day = Date::from_days(*rc::gen::inRange(-700'000, 2'900'000));
        if (day.to_string().size() == 10) RC_ASSERT(Date::parse(day.to_string()).value() == day);
    }));
}

TEST(TimeLaws, LaterTimesSortLaterAsText) {
    EXPECT_TRUE(rc::check("whole seconds sort as text", [] {
        const auto a = Timestamp::from_ns(some_units(9'000'000'000) * 1'000'000'000);
        const auto b = Timestamp::from_ns(some_units(9'000'000'000) * 1'000'000'000);
        RC_ASSERT((a < b) == (a.to_string() < b.to_string()));
    }));
}

TEST(TimeLaws, DurationsReadBack) {
    EXPECT_TRUE(rc::check("parse_duration(to_string(d)) == d", [] {
        const Duration duration{any_units() >> *rc::gen::inRange(0, 63)};
        RC_ASSERT(parse_duration(to_string(duration)).value() == duration);
    }));
}

TEST(NearestLaws, AKnownNameIsItsOwnNearest) {
    EXPECT_TRUE(rc::check("nearest_name of a candidate", [] {
        auto names = *rc::gen::container<std::vector<std::string>>(rc::gen::string<std::string>());
        RC_PRE(!names.empty());
        RC_ASSERT(nearest_name(names.back(), names) == names.back());
    }));
}

TEST(RandomLaws, SeekReachesTheSameDraw) {
    EXPECT_TRUE(rc::check("draw n is a function of n", [] {
        const auto seed = *rc::gen::arbitrary<std::uint64_t>();
        const auto entity = *rc::gen::arbitrary<std::uint64_t>();
        const auto n = *rc::gen::inRange(0, 200);
        RandomStream walking(seed, "test", entity);
        for (int i = 0; i < n; ++i) static_cast<void>(walking.next_bits());
        RandomStream jumping(seed, "test", entity);
        jumping.seek(static_cast<std::uint64_t>(n));
        RC_ASSERT(walking.next_bits() == jumping.next_bits());
    }));
}
