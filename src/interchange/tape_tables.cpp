#include "slipcast/core/table_builder.hpp"
#include "slipcast/interchange/encode.hpp"

namespace slipcast::interchange {

namespace {

/// Every row's symbol, and its time.
void add_key(TableBuilder& table, std::string_view symbol, std::span<const Timestamp> time) {
    table
        .add(plain("symbol", "instrument"),
             DictionaryColumn{std::vector<std::int32_t>(time.size(), 0), {std::string(symbol)}})
        .add(plain("time", "of the feed, in UTC", "ns"), std::vector<Timestamp>(time.begin(), time.end()));
}

}  // namespace

Table quotes_table(const market::QuoteColumns& quotes, std::string_view symbol) {
    TableBuilder table("quotes", quotes.size());
    const auto prices = [&table](std::string name, const char* meaning, const auto& values) {
        table.add(plain(std::move(name), meaning, "1e-9"), of(values, &Price::units));
    };
    const auto sizes = [&table](std::string name, const char* meaning, const auto& values) {
        table.add(plain(std::move(name), meaning, "units"), of(values, &Quantity::units));
    };
    add_key(table, symbol, quotes.time);
    prices("bid", "best bid", quotes.bid);
    prices("ask", "best ask", quotes.ask);
    if (quotes.bid_size.size() == quotes.size()) sizes("bid_size", "at the best bid", quotes.bid_size);
    if (quotes.ask_size.size() == quotes.size()) sizes("ask_size", "at the best ask", quotes.ask_size);
    for (std::size_t i = 0; i < quotes.depth.size(); ++i) {
        const market::DepthColumns& level = quotes.depth[i];
        prices(market::level_column(Side::buy, false, i + 2), "next best bid", level.bid);
        prices(market::level_column(Side::sell, false, i + 2), "next best ask", level.ask);
        sizes(market::level_column(Side::buy, true, i + 2), "at that bid", level.bid_size);
        sizes(market::level_column(Side::sell, true, i + 2), "at that ask", level.ask_size);
    }
    return table.take();
}

Table trades_table(const market::TradeColumns& trades, std::string_view symbol, const market::Names& names) {
    TableBuilder table("trades", trades.count());
    add_key(table, symbol, trades.time);
    table.add(plain("price", "of the print", "1e-9"), of(trades.price, &Price::units))
        .add(plain("size", "of the print", "units"), of(trades.size, &Quantity::units));
    if (trades.empty()) return table.take();
    if (trades.flags.size() == trades.count()) {
        table.add(plain("flags", "what the print may be used for, as bits"),
                  of(trades.flags, [](market::TradeFlags flags) { return std::int64_t{flags.bits}; }));
    }
    if (trades.venue.size() == trades.count()) {
        DictionaryColumn venue;
        for (std::int32_t i = 0; i < names.venues.size(); ++i)
            venue.labels.emplace_back(names.venues.name(VenueId::from_index(i)));
        for (const VenueId id : trades.venue) venue.code.push_back(id.index());
        table.add(plain("venue", "where it traded"), std::move(venue));
    }
    if (trades.aggressor.size() == trades.count()) {
        table.add(plain("aggressor", "+1 buyer, -1 seller, 0 unknown"),
                  std::vector<std::int64_t>(trades.aggressor.begin(), trades.aggressor.end()));
    }
    return table.take();
}

}  // namespace slipcast::interchange
