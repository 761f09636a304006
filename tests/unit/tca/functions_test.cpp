#include <gtest/gtest.h>

#include <array>

#include "slipcast/tca/tca.hpp"

// Each public function of the module at the edges of what it takes.

namespace slipcast::tca {
namespace {

ContractValue shares() {
    return ContractValue::create(0, "1", Currency::parse("USD").value()).value();
}
Price price(std::string_view text) {
    return Price::parse(text).value();
}
Money usd(std::string_view text) {
    return Money::parse(text, Currency::parse("USD").value()).value();
}
Quantity units(std::int64_t count) {
    return Quantity::from_units(count);
}
Executed executed(std::initializer_list<std::pair<const char*, std::int64_t>> fills) {
    Executed sum;
    for (const auto& [at, quantity] : fills) sum.add(price(at), units(quantity));
    return sum;
}
constexpr PriceMove kCent = PriceMove::from_units(10'000'000);

TEST(AveragePrice, IsMissingWithoutQuantityAndRoundsHalfToEvenOnce) {
    EXPECT_FALSE(average_price(100, 0));
    EXPECT_FALSE(average_price(100, -1));
    EXPECT_EQ(average_price(5, 2)->units(), 2) << "2.5";
    EXPECT_EQ(average_price(7, 2)->units(), 4) << "3.5";
    EXPECT_EQ(average_price(-5, 2)->units(), -2) << "spreads trade below zero";
    const Int128 huge = Int128{INT64_MAX} * 1'000'000'000;
    EXPECT_EQ(average_price(huge, 1'000'000'000)->units(), INT64_MAX) << "no overflow on the way";
}

TEST(Slippage, IsMissingWhenNothingWasExecuted) {
    EXPECT_FALSE(slippage(Side::buy, Executed{}, price("100"), shares(), kCent));
}

TEST(Slippage, OneFillOnEitherSide) {
    const auto bought = slippage(Side::buy, executed({{"100.05", 200}}), price("100"), shares(), kCent);
    ASSERT_TRUE(bought);
    EXPECT_EQ(bought->cash, usd("10"));
    EXPECT_NEAR(*bought->bps, 5.0, 1e-12);
    EXPECT_NEAR(bought->ticks, 5.0, 1e-12);
    const auto sold = slippage(Side::sell, executed({{"100.05", 200}}), price("100"), shares(), kCent);
    EXPECT_EQ(sold->cash, usd("-10"));
    EXPECT_NEAR(*sold->bps, -5.0, 1e-12);
}

TEST(Slippage, ABenchmarkThatIsNotPositiveHasCashAndTicksButNoBps) {
    for (const char* benchmark : {"0", "-1"}) {
        const auto cost = slippage(Side::buy, executed({{"0.02", 100}}), price(benchmark), shares(), kCent);
        ASSERT_TRUE(cost);
        EXPECT_FALSE(cost->bps);
        EXPECT_GT(cost->ticks, 0.0);
    }
}

TEST(Definitions, EveryBenchmarkHasANameAColumnAVersionAndAMeaning) {
    std::vector<std::string_view> names;
    for (std::size_t b = 0; b < kBenchmarks; ++b) {
        const BenchmarkDefinition& what = definition(static_cast<Benchmark>(b));
        EXPECT_FALSE(what.name.empty());
        EXPECT_FALSE(what.price_column.empty());
        EXPECT_FALSE(what.meaning.empty());
        EXPECT_GE(what.version, 1);
        names.push_back(what.name);
    }
    std::sort(names.begin(), names.end());
    EXPECT_EQ(std::unique(names.begin(), names.end()), names.end());
}

LedgerOrder order_of(std::int64_t quantity) {
    LedgerOrder order;
    order.quantity = units(quantity);
    order.decision = price("99");
    order.arrival = price("100");
    order.value = shares();
    return order;
}

TEST(Ledger, NothingFilledIsDelayAndOpportunity) {
    LedgerOrder order = order_of(100);
    order.end_price = price("102");
    const Shortfall ledger = shortfall(order, {});
    EXPECT_EQ(*ledger.delay, usd("100"));
    EXPECT_EQ(*ledger.opportunity, usd("200"));
    EXPECT_EQ(*ledger.delay_executed, usd("0"));
    EXPECT_EQ(*ledger.opportunity_executed, usd("300")) << "the whole paper move, from the decision";
    EXPECT_EQ(*ledger.total, usd("300"));
    EXPECT_EQ(ledger.spread, usd("0"));
    EXPECT_EQ(ledger.filled, units(0));
    EXPECT_EQ(ledger.gap, LedgerGap::none);
}

TEST(Ledger, OneFillOfAllNeedsNoEndPrice) {
    const std::array fills{LedgerFill{price("100.02"), units(100), price("100.01"), usd("0.5")}};
    const Shortfall ledger = shortfall(order_of(100), fills);
    EXPECT_EQ(*ledger.opportunity, usd("0"));
    EXPECT_EQ(ledger.spread, usd("1"));
    EXPECT_EQ(*ledger.drift, usd("1"));
    EXPECT_EQ(*ledger.total, usd("102.5"));
    EXPECT_EQ(*ledger.paper_notional, usd("9900"));
}

TEST(Ledger, WhatIsMissingTakesItsPartsAwayAndSaysSo) {
    const std::array fills{LedgerFill{price("100.02"), units(60), std::nullopt, usd("0")}};
    LedgerOrder order = order_of(100);
    const Shortfall no_end = shortfall(order, fills);
    EXPECT_EQ(no_end.gap, LedgerGap::no_end_price);
    EXPECT_FALSE(no_end.total);
    EXPECT_FALSE(no_end.opportunity);
    EXPECT_EQ(*no_end.unmarked, usd("1.2")) << "no mid: kept apart, no zero spread";
    EXPECT_EQ(no_end.unmarked_fills, 1);
    order.end_price = price("100");
    order.decision.reset();
    const Shortfall no_decision = shortfall(order, fills);
    EXPECT_EQ(no_decision.gap, LedgerGap::no_decision_price);
    EXPECT_FALSE(no_decision.delay);
    EXPECT_EQ(*no_decision.total, usd("1.2")) << "market activity: everything but delay";
    order.decision = price("99");
    order.arrival.reset();
    const Shortfall no_arrival = shortfall(order, fills);
    EXPECT_EQ(no_arrival.gap, LedgerGap::no_arrival_price);
    EXPECT_FALSE(no_arrival.total);
    EXPECT_FALSE(no_arrival.drift);
    order.arrival = price("100");
    order.amends = {{units(50), std::nullopt}};
    const Shortfall no_amend = shortfall(order, fills);
    EXPECT_EQ(no_amend.gap, LedgerGap::no_amend_price);
    EXPECT_FALSE(no_amend.total || no_amend.drift || no_amend.unmarked || no_amend.opportunity);
    EXPECT_EQ(*no_amend.delay, usd("100")) << "what was waited for before anything was added is known";
    EXPECT_EQ(*no_amend.delay_executed, usd("60"));
    for (const LedgerGap gap : {LedgerGap::no_decision_price, LedgerGap::no_arrival_price, LedgerGap::no_end_price,
                                LedgerGap::no_amend_price}) {
        EXPECT_FALSE(describe(gap).empty());
    }
    EXPECT_TRUE(describe(LedgerGap::none).empty());
}

TEST(BpsOf, IsMissingWithoutAPartOrAPositiveWhole) {
    EXPECT_NEAR(*bps_of(usd("1"), usd("100")), 100.0, 1e-12);
    EXPECT_NEAR(*bps_of(usd("-1"), usd("100")), -100.0, 1e-12);
    EXPECT_FALSE(bps_of(std::nullopt, usd("100")));
    EXPECT_FALSE(bps_of(usd("1"), std::nullopt));
    EXPECT_FALSE(bps_of(usd("1"), usd("0")));
    EXPECT_FALSE(bps_of(usd("1"), usd("-100")));
}

TEST(Horizons, ReadTheirClockAndSign) {
    const Horizon before = parse_horizon("-10s").value();
    EXPECT_EQ(before.clock, MarkoutClock::wall);
    EXPECT_EQ(before.wall, Duration(std::chrono::seconds{-10}));
    EXPECT_EQ(parse_horizon("0s").value().wall, Duration{});
    EXPECT_EQ(parse_horizon("50trades").value().clock, MarkoutClock::trades);
    EXPECT_EQ(parse_horizon("-50trades").value().amount, -50);
    EXPECT_EQ(parse_horizon("10000shares").value().clock, MarkoutClock::volume);
    EXPECT_EQ(parse_horizon("10000units").value().amount, 10'000);
    EXPECT_EQ(parse_horizon("1min").value().text, "1min");
}

TEST(Horizons, RefuseWhatIsNoDistance) {
    for (const char* text : {"", "s", "1", "1parsec", "0trades", "0shares", "1.5trades", "trades", "32d",
                             "999999999999h", "99999999999999999999trades", "1 s"}) {
        const auto parsed = parse_horizon(text);
        ASSERT_FALSE(parsed.has_value()) << text;
        EXPECT_EQ(parsed.error().field, "markouts");
        EXPECT_EQ(parsed.error().value, text);
    }
}

TEST(AsofEdges, NoEventsAndNoQuotes) {
    const market::QuoteTable none;
    EXPECT_TRUE(asof_mids(none.view(), {}).empty());
    const std::array events{Timestamp::from_ns(1), Timestamp::from_ns(1)};
    for (const MidAt& mid : asof_mids(none.view(), events)) EXPECT_EQ(mid.state, QuoteState::none);
    const std::array offsets{Duration{1}, Duration{-1}};
    EXPECT_EQ(asof_mids(none.view(), events, offsets).size(), 4U);
    EXPECT_TRUE(asof_mids(none.view(), events, std::span<const Duration>{}).empty());
}

TEST(QuoteStates, AreNamedAndTwoOfThemHaveAMid) {
    int usable = 0;
    for (const QuoteState state : {QuoteState::none, QuoteState::stale, QuoteState::one_sided, QuoteState::crossed,
                                   QuoteState::locked, QuoteState::two_sided}) {
        EXPECT_FALSE(name(state).empty());
        usable += is_usable(state) ? 1 : 0;
    }
    EXPECT_EQ(usable, 2);
}

TEST(Options, AreRefusedByNameOutsideTheirRange) {
    const auto field = [](auto change) {
        MeasureOptions options;
        change(options);
        const Result<void> valid = options.validate();
        return valid ? std::string("accepted") : valid.error().field;
    };
    EXPECT_EQ(field([](MeasureOptions&) {}), "accepted");
    EXPECT_EQ(field([](MeasureOptions& o) { o.markouts = {"1s", "1s"}; }), "markouts");
    EXPECT_EQ(field([](MeasureOptions& o) {
                  o.markouts = {"1s", "50trades"};
                  o.markout_window = std::chrono::seconds(10);
              }),
              "markout_window");
    EXPECT_EQ(field([](MeasureOptions& o) { o.markout_window = std::chrono::seconds(10); }), "accepted");
    EXPECT_EQ(field([](MeasureOptions& o) { o.pwp_rates = {"0"}; }), "pwp_rates");
    EXPECT_EQ(field([](MeasureOptions& o) { o.pwp_rates = {"1.5"}; }), "pwp_rates");
    EXPECT_EQ(field([](MeasureOptions& o) { o.confidence = 1.0; }), "confidence");
    EXPECT_EQ(field([](MeasureOptions& o) { o.resamples = 1; }), "resamples");
    EXPECT_EQ(field([](MeasureOptions& o) { o.bins_per_decade = 0; }), "bins_per_decade");
    EXPECT_EQ(field([](MeasureOptions& o) { o.window = Duration{1}; }), "window");
    EXPECT_EQ(field([](MeasureOptions& o) { o.threads = -1; }), "threads");
}

}  // namespace
}  // namespace slipcast::tca
