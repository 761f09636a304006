// One order, two fills and a handful of quotes, all in memory: the shortfall and its parts, exact.
#include <iostream>

#include "slipcast/market/market.hpp"
#include "slipcast/tca/measure.hpp"

namespace {

using namespace slipcast;

Timestamp at(const char* clock) {
    return Timestamp::parse(std::string{"2024-03-05T"} + clock + "Z").value();
}
Price price(const char* text) {
    return Price::parse(text).value();
}

market::DatasetDraft draft() {
    market::DatasetDraft draft;
    market::Instrument stock;
    stock.id = draft.names.symbols.intern("XYZ");
    stock.market = draft.names.labels.intern("XNYS");
    stock.tick_size = PriceMove::from_units(10'000'000);  // 0.01
    stock.lot_size = Quantity::from_units(1);
    stock.value = ContractValue::create(0, "1", Currency::parse("USD").value()).value();
    stock.as_of = Date::parse("2024-03-05").value();
    draft.instruments.add(stock);

    market::Order order;
    order.id = draft.names.orders.intern("B1");
    order.instrument = stock.id;
    order.quantity = Quantity::from_units(1000);
    order.decision_time = at("14:30:00.5");
    order.arrival_time = at("14:31:00.5");
    order.end_time = at("14:40:00.5");
    draft.orders.add(order);

    const auto fill = [&](const char* id, const char* clock, const char* paid, std::int64_t quantity) {
        market::Fill row;
        row.id = draft.names.fills.intern(id);
        row.order = order.id;
        row.time = at(clock);
        row.price = price(paid);
        row.quantity = Quantity::from_units(quantity);
        row.fee = Money::parse(quantity == 600 ? "1.80" : "0.60", stock.value.currency()).value();
        draft.fills.add(row);
    };
    fill("F1", "14:32:00.5", "100.07", 600);
    fill("F2", "14:33:00.5", "100.10", 200);

    market::MemoryTape::Series series;
    const auto size = Quantity::from_units(500);
    for (const auto& [clock, bid, ask] : {std::tuple{"14:30:00", "99.99", "100.01"},
                                          {"14:31:00", "100.04", "100.06"},
                                          {"14:32:00", "100.05", "100.07"},
                                          {"14:33:00", "100.08", "100.10"},
                                          {"14:40:00", "100.19", "100.21"}}) {
        series.quotes.push(at(clock), price(bid), price(ask), size, size);
    }
    auto tape = std::make_shared<market::MemoryTape>();
    if (!tape->add(stock.id, std::move(series))) std::abort();
    draft.tape = tape;
    return draft;
}

}  // namespace

int main() {
    const auto dataset = market::assemble(draft());
    if (!dataset) return std::cerr << dataset.error().message() << '\n', 1;
    const auto result = tca::measure(*dataset, {});
    if (!result) return std::cerr << result.error().message() << '\n', 1;
    const Table& orders = *result->find("orders");
    for (std::size_t c = 0; c < orders.columns().size(); ++c) {
        const ColumnMeta& meta = orders.columns()[c].meta;
        // Costs in cash: positive hurts. 50 delay + 8 spread + 14 drift + 30 opportunity + 2.40 fees = 104.40.
        if (meta.unit == "USD") std::cout << meta.name << " = " << orders.text(0, c, 2) << '\n';
    }
}
