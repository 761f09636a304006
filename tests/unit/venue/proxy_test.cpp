#include "slipcast/venue/proxy.hpp"

#include <gtest/gtest.h>

#include <memory>

// A proxy log from a tape made by hand: which prints count, and what the windows say.

using namespace slipcast;
using namespace slipcast::venue;

namespace {

Timestamp at(double seconds) {
    return Timestamp::from_ns(static_cast<std::int64_t>(seconds * 1e9));
}
Price price(const char* text) {
    return *Price::parse(text);
}
Quantity lots(std::int64_t units) {
    return Quantity::from_units(units);
}

market::Dataset dataset() {
    market::Dataset made;
    const InstrumentId id = made.names.symbols.intern("ABC");
    market::Instrument instrument;
    instrument.id = id;
    made.instruments.push_back(instrument);
    market::MemoryTape::Series series;
    for (const double t : {0.0, 12.0, 31.0}) {
        series.quotes.push(at(t), price("10.00"), price("10.02"), lots(100), lots(100));
    }
    const auto push = [&](double t, const char* p, std::int64_t size, market::TradeFlag flag) {
        market::TradeFlags flags = market::kRegularTrade;
        series.trades.push(at(t), price(p), lots(size), flags.set(flag), VenueId{}, 0);
    };
    push(1.0, "10.01", 300, market::TradeFlag::off_exchange);
    push(2.0, "10.02", 900, market::TradeFlag::off_exchange);  // at the quote: not hidden inside the spread
    push(3.0, "10.015", 250, market::TradeFlag::off_exchange);
    push(13.0, "10.01", 70, market::TradeFlag::hidden);
    push(32.0, "10.01", 5'000, market::TradeFlag::off_exchange);
    auto tape = std::make_shared<market::MemoryTape>();
    EXPECT_TRUE(tape->add(id, std::move(series)));
    made.tape = tape;
    return made;
}

}  // namespace

TEST(ProxyLog, SumsHiddenPrintsInsideTheSpreadOfWindowsThatHaveAQuote) {
    const ProxyLogs logs = *proxy_logs(dataset(), {.sizes = {"1000"}, .window = std::chrono::seconds{10}});
    ASSERT_EQ(logs.pairs.size(), 2U);
    // Windows from 0, 10 and 30 s; the one from 20 s has no quote.
    ASSERT_EQ(logs.pairs[0].venue, "off_exchange");
    ASSERT_EQ(logs.pairs[0].observations.size(), 3U);
    EXPECT_EQ(logs.pairs[0].observations[0].filled, 550);
    EXPECT_EQ(logs.pairs[0].observations[1].filled, 0);
    EXPECT_EQ(logs.pairs[0].observations[2].filled, 1'000);
    EXPECT_TRUE(logs.pairs[0].observations[2].is_censored());
    ASSERT_EQ(logs.pairs[1].venue, "hidden");
    EXPECT_EQ(logs.pairs[1].observations[1].filled, 70);
    const Table routes = logs.routes();
    EXPECT_EQ(routes.rows(), 6U);
    const auto& declared = std::get<std::vector<std::string>>(routes.find("hypothetical")->data);
    EXPECT_EQ(declared[5], "hidden prints inside the spread: sizes=1000;window=10s;seed=1");
}

TEST(ProxyLog, WhatCannotMakeOneIsRefused) {
    EXPECT_EQ(proxy_logs(market::Dataset{}).error().code, ErrorCode::not_identified);
    EXPECT_EQ(proxy_logs(dataset(), {.sizes = {"1.5"}}).error().field, "sizes");
    EXPECT_EQ(proxy_logs(dataset(), {.window = Duration{0}}).error().field, "window");
}
