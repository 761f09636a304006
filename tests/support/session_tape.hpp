#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "slipcast/market/dataset.hpp"

namespace slipcast::test {

/// A market of one stock with short sessions on consecutive days from 1970-01-02, open at 10:00 UTC, and its tape.
/// Prices in ticks of 0.01; add rows in time order.
class SessionTape {
public:
    explicit SessionTape(int days, Duration length = std::chrono::hours{1}) : length_(length) {
        market::Instrument stock;
        stock.id = dataset.names.symbols.intern("IBM");
        stock.market = dataset.names.labels.intern("XNYS");
        stock.tick_size = PriceMove::from_units(10'000'000);
        stock.value = ContractValue::create(0, "1", Currency::parse("USD").value()).value();
        dataset.instruments.push_back(stock);
        for (int day = 0; day < days; ++day) sessions.push_back(session(day));
    }

    [[nodiscard]] static InstrumentId stock() { return InstrumentId::from_index(0); }
    [[nodiscard]] static Timestamp open(int day) {
        return Date::from_days(day + 1).midnight_utc() + std::chrono::hours{10};
    }
    [[nodiscard]] static Timestamp at(int day, Duration since_open) { return open(day) + since_open; }

    void trade(Timestamp time, std::int64_t size, market::TradeFlags flags = market::kRegularTrade) {
        series.trades.push(time, Price::from_units(100'000'000'000), Quantity::from_units(size), flags,
                           VenueId::none());
    }
    void quote(Timestamp time, std::int64_t bid_ticks, std::int64_t ask_ticks) {
        const auto price = [](std::int64_t ticks) { return Price::from_units(ticks * 10'000'000); };
        series.quotes.push(time, price(bid_ticks), price(ask_ticks), Quantity::from_units(100),
                           Quantity::from_units(100));
    }
    /// The dataset with the rows so far.
    [[nodiscard]] market::Dataset made() const {
        market::Dataset made = dataset;
        made.sessions = market::SessionCalendar(sessions);
        auto tape = std::make_shared<market::MemoryTape>();
        const Result<void> added = tape->add(stock(), series);
        SLIPCAST_ASSERT(added.has_value(), "test rows are in time order");
        made.tape = std::move(tape);
        return made;
    }

    market::Dataset dataset;
    std::vector<market::Session> sessions;
    market::MemoryTape::Series series;

private:
    [[nodiscard]] market::Session session(int day) {
        market::Session session;
        session.market = dataset.instruments.front().market;
        session.date = Date::from_days(day + 1);
        session.open = open(day);
        session.close = session.open + length_;
        return session;
    }
    Duration length_;
};

}  // namespace slipcast::test
