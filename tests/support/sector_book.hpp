#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "slipcast/market/dataset.hpp"

namespace slipcast::test {

/// A market of several stocks (USD, tick 0.01) on 2024-03-05, 13:30 to 20:00 UTC: sectors, tapes, orders and fills.
/// Times in seconds after the open, prices in ticks.
class SectorBook {
public:
    SectorBook() {
        session.market = dataset.names.labels.intern("XNYS");
        session.date = Date::parse("2024-03-05").value();
        session.open = Timestamp::parse("2024-03-05T13:30:00Z").value();
        session.close = Timestamp::parse("2024-03-05T20:00:00Z").value();
    }
    [[nodiscard]] Timestamp at(std::int64_t second) const { return session.open + std::chrono::seconds{second}; }
    static Price ticks(std::int64_t count) { return Price::from_units(count * 10'000'000); }

    /// Its position; an empty sector is none.
    std::size_t stock(std::string_view symbol, std::string_view sector, std::string_view currency = "USD") {
        market::Instrument stock;
        stock.id = dataset.names.symbols.intern(symbol);
        stock.market = session.market;
        stock.tick_size = PriceMove::from_units(10'000'000);
        stock.lot_size = Quantity::from_units(100);
        stock.value = ContractValue::create(0, "1", Currency::parse(currency).value()).value();
        stock.sector = dataset.names.labels.intern(sector);
        stock.as_of = session.date;
        dataset.instruments.push_back(stock);
        dataset.instrument_days.push_back(stock);
        series.emplace_back();
        return series.size() - 1;
    }
    void quote(std::size_t stock, std::int64_t second, std::int64_t bid, std::int64_t ask) {
        series[stock].quotes.push(at(second), ticks(bid), ticks(ask), Quantity::from_units(500),
                                  Quantity::from_units(500));
    }
    void trade(std::size_t stock, std::int64_t second, std::int64_t price, std::int64_t size, int aggressor = 0,
               market::TradeFlags flags = market::kRegularTrade) {
        series[stock].trades.push(at(second), ticks(price), Quantity::from_units(size), flags, VenueId::none(),
                                  static_cast<std::int8_t>(aggressor));
    }
    market::Order& order(std::size_t stock, Side side, std::int64_t quantity, std::int64_t second) {
        market::Order row;
        row.id = dataset.names.orders.intern("O" + std::to_string(dataset.orders.size() + 1));
        row.instrument = dataset.instruments[stock].id;
        row.side = side;
        row.quantity = Quantity::from_units(quantity);
        row.arrival_time = at(second);
        dataset.orders.push_back(row);
        return dataset.orders.back();
    }
    /// Of the last order.
    market::Fill& fill(std::int64_t second, std::int64_t price, std::int64_t quantity) {
        market::Fill row;
        row.id = dataset.names.fills.intern("F" + std::to_string(dataset.fills.size() + 1));
        row.order = dataset.orders.back().id;
        row.time = at(second);
        row.price = ticks(price);
        row.quantity = Quantity::from_units(quantity);
        row.fee = Money::from_units(0, dataset.instrument(dataset.orders.back().instrument).value.currency());
        dataset.fills.push_back(row);
        return dataset.fills.back();
    }
    [[nodiscard]] market::Dataset made() const {
        market::Dataset made = dataset;
        made.sessions = market::SessionCalendar({session});
        auto tape = std::make_shared<market::MemoryTape>();
        for (std::size_t i = 0; i < series.size(); ++i) {
            const Result<void> added = tape->add(dataset.instruments[i].id, series[i]);
            SLIPCAST_ASSERT(added.has_value(), "test rows are in time order");
        }
        made.tape = std::move(tape);
        return made;
    }

    market::Dataset dataset;
    market::Session session;
    std::vector<market::MemoryTape::Series> series;
};

}  // namespace slipcast::test
