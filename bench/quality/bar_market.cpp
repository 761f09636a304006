#include "quality/bar_market.hpp"

#include <memory>
#include <string>
#include <vector>

#include "support/raw_columns.hpp"

namespace slipcast::bench {
namespace {

constexpr Duration kBar = std::chrono::minutes{1};

market::Session session(LabelId label, std::int64_t open_ns, std::int64_t close_ns) {
    market::Session session;
    session.market = label;
    session.open = Timestamp::from_ns(open_ns);
    session.close = Timestamp::from_ns(close_ns);
    session.date = Date::of_utc(session.open);  // New York's sessions lie within one UTC day
    return session;
}

market::Instrument instrument(InstrumentId id, LabelId label) {
    market::Instrument row;
    row.id = id;
    row.market = label;
    row.tick_size = PriceMove::from_units(10'000'000);
    row.lot_size = Quantity::from_units(100);
    row.value = ContractValue::create(0, "1", Currency::parse("USD").value()).value();
    return row;
}

}  // namespace

market::Dataset bar_market(const std::filesystem::path& folder) {
    const auto symbol = read_column<std::int32_t>(folder, "bar_symbol");
    const auto start = read_column<std::int64_t>(folder, "bar_start");
    const auto price = read_column<std::int64_t>(folder, "bar_close");
    const auto volume = read_column<std::int64_t>(folder, "bar_volume");
    const auto open = read_column<std::int64_t>(folder, "session_open");
    const auto close = read_column<std::int64_t>(folder, "session_close");

    market::Dataset dataset;
    const LabelId label = dataset.names.labels.intern("US");
    std::vector<market::Session> sessions;
    for (std::size_t i = 0; i < open.size(); ++i) sessions.push_back(session(label, open[i], close[i]));
    dataset.sessions = market::SessionCalendar(sessions);

    std::vector<market::MemoryTape::Series> series;
    for (std::size_t row = 0; row < symbol.size(); ++row) {
        const auto index = static_cast<std::size_t>(symbol[row]);
        if (index == series.size()) {
            series.emplace_back();
            const InstrumentId id = dataset.names.symbols.intern("symbol " + std::to_string(index));
            dataset.instruments.push_back(instrument(id, label));
        }
        market::TradeFlags flags = market::kRegularTrade;
        const bool is_auction = dataset.sessions.at(label, Timestamp::from_ns(start[row])) == nullptr;
        if (is_auction) flags.set(market::TradeFlag::closing_auction);
        const Timestamp end = Timestamp::from_ns(start[row]) + kBar - Duration{1};
        const Price at = Price::from_units(price[row]);
        series[index].trades.push(end, at, Quantity::from_units(volume[row]), flags, VenueId::none());
        const Quantity unit = Quantity::from_units(1);
        if (!is_auction) series[index].quotes.push(end, at, at, unit, unit);
    }
    auto tape = std::make_shared<market::MemoryTape>();
    for (std::size_t i = 0; i < series.size(); ++i) {
        const auto added = tape->add(InstrumentId::from_index(static_cast<std::int32_t>(i)), std::move(series[i]));
        if (!added) fail(added.error().message());
    }
    dataset.tape = std::move(tape);
    return dataset;
}

}  // namespace slipcast::bench
