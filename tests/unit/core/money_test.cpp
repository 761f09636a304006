#include "slipcast/core/money.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

#include "slipcast/core/bps.hpp"
#include "slipcast/core/random.hpp"
#include "slipcast/core/side.hpp"

using namespace slipcast;

namespace {

Currency usd() {
    return Currency::parse("USD").value();
}

Price price(const char* text) {
    return Price::parse(text).value();
}

Quantity shares(std::int64_t count) {
    return Quantity::from_units(count);
}

}  // namespace

TEST(Price, IsAPointAndItsDifferencesAreMoves) {
    const PriceMove move = price("49.90") - price("50.00");
    EXPECT_EQ(move.units(), -100'000'000);
    EXPECT_EQ(price("50.00") + move, price("49.9"));
    EXPECT_EQ(price("49.90") - move, price("50"));
    EXPECT_EQ((move * 3).units(), -300'000'000);
    EXPECT_EQ(move + (-move), PriceMove{});
    EXPECT_DOUBLE_EQ(ratio(move, price("50")), -0.002);
    EXPECT_DOUBLE_EQ(to_bps(ratio(move, price("50"))).value(), -20.0);
    EXPECT_EQ(price("49.9").to_string(), "49.90");
    EXPECT_EQ(price("0.000000001").to_string(), "0.000000001");
    EXPECT_EQ(Price::parse("49.9000000001").error().field, "price");
}

TEST(Price, MidpointRoundsHalfToEven) {
    EXPECT_EQ(midpoint(price("49.99"), price("50.00")), price("49.995"));
    EXPECT_EQ(midpoint(Price::from_units(1), Price::from_units(2)).units(), 2);
    EXPECT_EQ(midpoint(Price::from_units(2), Price::from_units(3)).units(), 2);
    EXPECT_EQ(midpoint(Price::from_units(-1), Price::from_units(-2)).units(), -2);
    EXPECT_EQ(midpoint(Price::from_units(-2), Price::from_units(-3)).units(), -2);
    EXPECT_EQ(midpoint(Price::from_units(-1), Price::from_units(2)).units(), 0);
}

TEST(Quantity, IsExactAtItsScale) {
    const Quantity coins = Quantity::parse("0.12345678", 8).value();
    EXPECT_EQ(coins.units(), 12'345'678);
    EXPECT_EQ(coins.to_string(8), "0.12345678");
    EXPECT_DOUBLE_EQ(coins.to_double(8), 0.12345678);
    EXPECT_EQ(Quantity::parse("0.5", 0, "min_quantity").error().field, "min_quantity");
    Quantity sum = shares(5);
    sum += shares(7);
    sum -= shares(2);
    EXPECT_EQ(sum, shares(10));
    EXPECT_EQ(-sum, shares(-10));
    EXPECT_DOUBLE_EQ(ratio(shares(1), shares(4)), 0.25);
}

TEST(Money, PartsOfAShortfallAddUpBitForBit) {
    const ContractValue value = ContractValue::create(0, "1", usd()).value();
    const Money delay = value.cash(price("10.01") - price("10.00"), shares(300));
    const Money spread = value.cash(price("10.013333333") - price("10.01"), shares(299));
    const Money rest = value.cash(price("10.02") - price("10.013333333"), shares(299));
    EXPECT_EQ(delay.to_string(), "3.00");
    EXPECT_EQ((spread + rest).units(), value.cash(price("10.02") - price("10.01"), shares(299)).units());
    EXPECT_EQ((delay + spread - delay).units(), spread.units());
}

TEST(Money, NotionalOfStocksCoinsAndFutures) {
    const ContractValue stock = ContractValue::create(0, "1", usd()).value();
    EXPECT_EQ(stock.notional(price("49.90"), shares(100)).to_string(), "4990.00");
    const ContractValue coin = ContractValue::create(8, "1", Currency::parse("USDT").value()).value();
    EXPECT_EQ(coin.notional(price("43210.5"), Quantity::parse("0.00000001", 8).value()).to_string(10), "0.0004321050");
    const ContractValue mini = ContractValue::create(0, "50", usd()).value();
    EXPECT_EQ(mini.notional(price("4500.25"), shares(-3)).to_string(), "-675037.50");
    EXPECT_EQ(mini.factor(), 50'000'000'000);
    EXPECT_EQ(coin.currency().code(), "USDT");
    EXPECT_EQ(coin.quantity_decimals(), 8);
}

TEST(Money, ContractValueRefusesWhatCannotBeExact) {
    EXPECT_EQ(ContractValue::create(10, "1", usd()).error().field, "quantity_scale");
    EXPECT_EQ(ContractValue::create(-1, "1", usd()).error().field, "quantity_scale");
    EXPECT_EQ(ContractValue::create(8, "0.01", usd()).error().field, "multiplier");
    EXPECT_EQ(ContractValue::create(0, "0", usd()).error().field, "multiplier");
    EXPECT_EQ(ContractValue::create(0, "-5", usd()).error().field, "multiplier");
    EXPECT_EQ(ContractValue::create(0, "ten", usd()).error().code, ErrorCode::malformed);
    EXPECT_TRUE(ContractValue::create(8, "0.1", usd()));
}

TEST(Money, OneSumHasOneCurrency) {
    const Money dollars = Money::parse("1", usd()).value();
    const Money euros = Money::parse("1", Currency::parse("EUR").value()).value();
    EXPECT_DEATH(static_cast<void>(dollars + euros), "one currency");
    EXPECT_DEATH(static_cast<void>(ratio(dollars, euros)), "one currency");
    Money total;  // a total may start from nothing
    total += dollars;
    EXPECT_EQ(total, dollars);
}

TEST(Money, SaysWhenASumOverflows) {
    const Money most = Money::from_units((Int128{1} << 126) - 1 + (Int128{1} << 126), usd());
    const Money least_part = Money::from_units(1, usd());
    EXPECT_DEATH(static_cast<void>(most + least_part), "fits 128 bits");
    const ContractValue value = ContractValue::create(0, "1000000000", usd()).value();
    EXPECT_DEATH(static_cast<void>(value.notional(price("9000000000"), shares(INT64_MAX))), "fits 128 bits");
}

TEST(Money, IsTheDoubleNearestToItsDecimalText) {
    RandomStream random(1, "test.money");
    for (int i = 0; i < 20'000; ++i) {
        // Of every size, and with as many zeros at the end as amounts in cents, in grains of 1e-9, or in neither.
        Int128 units = static_cast<Int128>(random.next_bits()) * static_cast<Int128>(random.next_bits() >> 1U);
        units >>= random.next_bits() % 127U;
        constexpr std::int64_t kGrains[] = {1, 1'000'000'000, 10'000'000'000'000'000};
        const std::int64_t grain = kGrains[random.next_bits() % 3U];
        units = units / grain * grain;
        const Money amount = Money::from_units(i % 2 == 0 ? units : -units, usd());
        const std::string text = amount.to_string(kMoneyDecimals);
        ASSERT_EQ(amount.to_double(), std::strtod(text.c_str(), nullptr)) << text;
    }
}

TEST(Money, ParsesPrintsAndConverts) {
    const Money amount = Money::parse("-1234567.895", usd()).value();
    EXPECT_EQ(amount.to_string(), "-1234567.90");
    EXPECT_EQ(amount.to_string(0), "-1234568");
    EXPECT_EQ(amount.to_double(), -1234567.895);
    EXPECT_EQ(Money::parse("0.1", usd())->to_double(), 0.1);
    EXPECT_EQ(Money::parse("1e-18", usd())->units(), 1);
    EXPECT_EQ(Money::parse("1e-19", usd(), "fee").error().field, "fee");
    EXPECT_DOUBLE_EQ(ratio(amount, -amount), -1.0);
}

TEST(Currency, IsACode) {
    const Currency dollar = usd();
    EXPECT_EQ(dollar.code(), "USD");
    const auto longest = Currency::parse("12345678");
    EXPECT_EQ(longest->code(), "12345678");
    for (const char* code : {"", "usd", "US D", "123456789", "U$D"}) {
        EXPECT_EQ(Currency::parse(code).error().field, "currency") << code;
    }
}

TEST(Side, MakesACostPositive) {
    EXPECT_EQ(sign(Side::buy), 1);
    EXPECT_EQ(sign(Side::sell), -1);
    EXPECT_EQ(opposite(Side::buy), Side::sell);
    const PriceMove up = price("10.01") - price("10.00");
    EXPECT_EQ(signed_move(Side::buy, up), up);
    EXPECT_EQ(signed_move(Side::sell, up), -up);
    for (const char* text : {"buy", "BUY", "b", "B", "1", "+1"}) EXPECT_EQ(*parse_side(text), Side::buy) << text;
    for (const char* text : {"sell", "Sell", "s", "-1"}) EXPECT_EQ(*parse_side(text), Side::sell) << text;
    for (const char* text : {"", "short", "buys", "0", "2", " buy"}) {
        EXPECT_EQ(parse_side(text, "orders.side").error().field, "orders.side") << text;
    }
    EXPECT_EQ(name(Side::sell), "sell");
    EXPECT_EQ(name(SignTag::gain), "gain");
}

TEST(Bps, KeepTheirUnit) {
    EXPECT_DOUBLE_EQ(to_bps(0.0012).value(), 12.0);
    EXPECT_DOUBLE_EQ(Bps{12.0}.to_ratio(), 0.0012);
    EXPECT_EQ(Bps{1.0} + Bps{2.0} - Bps{4.0}, -Bps{1.0});
    EXPECT_EQ(2.0 * Bps{3.0}, Bps{6.0});
    EXPECT_DOUBLE_EQ(DailyVolatility{0.02}.bps_per_sqrt_day().value(), 200.0);
    EXPECT_DOUBLE_EQ(DailyVolatility{0.02}.over_days(4.0), 0.04);
}
