#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "slipcast/market/dataset.hpp"

namespace slipcast::test {

/// A market of one stock (symbol XYZ, tick 0.01, USD) on one day, 13:30 to 20:00 UTC, written the way a trader would
/// tell it: clock times, prices as text. Rows of the tape in time order.
class CostBook {
public:
    CostBook() {
        market::Instrument stock;
        stock.id = dataset.names.symbols.intern("XYZ");
        stock.market = dataset.names.labels.intern("XNYS");
        stock.tick_size = PriceMove::from_units(10'000'000);
        stock.lot_size = Quantity::from_units(100);
        stock.value = ContractValue::create(0, "1", Currency::parse("USD").value()).value();
        stock.as_of = Date::parse("2024-03-05").value();
        dataset.instruments.push_back(stock);
        dataset.instrument_days.push_back(stock);
        session.market = stock.market;
        session.date = stock.as_of;
        session.open = at("13:30:00");
        session.close = at("20:00:00");
    }

    static Timestamp at(std::string_view clock) {
        return Timestamp::parse("2024-03-05T" + std::string(clock) + "Z").value();
    }
    static Price price(std::string_view text) { return Price::parse(text).value(); }

    void quote(std::string_view clock, std::string_view bid, std::string_view ask, std::int64_t size = 500) {
        series.quotes.push(at(clock), price(bid), price(ask), Quantity::from_units(size), Quantity::from_units(size));
    }
    void trade(std::string_view clock, std::string_view at_price, std::int64_t size,
               market::TradeFlags flags = market::kRegularTrade) {
        series.trades.push(at(clock), price(at_price), Quantity::from_units(size), flags, VenueId::none());
    }
    /// An order that arrived at `arrival`; change the returned row as needed.
    market::Order& order(std::string_view id, Side side, std::int64_t quantity, std::string_view arrival) {
        market::Order row;
        row.id = dataset.names.orders.intern(id);
        row.instrument = InstrumentId::from_index(0);
        row.side = side;
        row.quantity = Quantity::from_units(quantity);
        row.arrival_time = at(arrival);
        dataset.orders.push_back(row);
        return dataset.orders.back();
    }
    market::Fill& fill(std::string_view order_id, std::string_view clock, std::string_view at_price,
                       std::int64_t quantity, std::string_view fee = "0") {
        market::Fill row;
        row.id = dataset.names.fills.intern("F" + std::to_string(dataset.fills.size() + 1));
        row.order = dataset.names.orders.find(order_id);
        row.time = at(clock);
        row.price = price(at_price);
        row.quantity = Quantity::from_units(quantity);
        row.fee = Money::parse(fee, dataset.instruments.front().value.currency()).value();
        dataset.fills.push_back(row);
        return dataset.fills.back();
    }
    /// The dataset with the rows so far.
    [[nodiscard]] market::Dataset made() const {
        market::Dataset made = dataset;
        made.sessions = market::SessionCalendar({session});
        auto tape = std::make_shared<market::MemoryTape>();
        const Result<void> added = tape->add(InstrumentId::from_index(0), series);
        SLIPCAST_ASSERT(added.has_value(), "test rows are in time order");
        made.tape = std::move(tape);
        return made;
    }

    market::Dataset dataset;
    market::Session session;
    market::MemoryTape::Series series;
};

}  // namespace slipcast::test
