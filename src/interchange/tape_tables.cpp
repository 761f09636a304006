#include "slipcast/interchange/encode.hpp"

namespace slipcast::interchange {

namespace {

ColumnMeta meta_of(const char* name, const char* unit, const char* meaning) {
    ColumnMeta meta;
    meta.name = name;
    meta.unit = unit;
    meta.meaning = meaning;
    return meta;
}

template <typename T>
std::vector<std::int64_t> units_of(std::span<const T> values) {
    std::vector<std::int64_t> units;
    units.reserve(values.size());
    for (const T& value : values) units.push_back(value.units());
    return units;
}

Column symbol_column(std::string_view symbol, std::size_t rows) {
    DictionaryColumn column;
    column.code.assign(rows, 0);
    column.labels.emplace_back(symbol);
    return {meta_of("symbol", "", "instrument"), std::move(column), {}};
}

Column time_column(std::span<const Timestamp> time) {
    return {meta_of("time", "ns", "of the feed, in UTC"), std::vector<Timestamp>(time.begin(), time.end()), {}};
}

}  // namespace

Table quotes_table(const market::QuoteColumns& quotes, std::string_view symbol) {
    Table table("quotes");
    table.add(symbol_column(symbol, quotes.size()));
    table.add(time_column(quotes.time));
    table.add({meta_of("bid", "1e-9", "best bid"), units_of(quotes.bid), {}});
    table.add({meta_of("ask", "1e-9", "best ask"), units_of(quotes.ask), {}});
    if (quotes.bid_size.size() == quotes.size()) {
        table.add({meta_of("bid_size", "units", "at the best bid"), units_of(quotes.bid_size), {}});
    }
    if (quotes.ask_size.size() == quotes.size()) {
        table.add({meta_of("ask_size", "units", "at the best ask"), units_of(quotes.ask_size), {}});
    }
    for (std::size_t i = 0; i < quotes.depth.size(); ++i) {
        const market::DepthColumns& level = quotes.depth[i];
        const auto add = [&](Side side, bool is_size, const char* meaning, std::vector<std::int64_t> units) {
            const std::string name = market::level_column(side, is_size, i + 2);
            table.add({meta_of(name.c_str(), is_size ? "units" : "1e-9", meaning), std::move(units), {}});
        };
        add(Side::buy, false, "next best bid", units_of(level.bid));
        add(Side::sell, false, "next best ask", units_of(level.ask));
        add(Side::buy, true, "at that bid", units_of(level.bid_size));
        add(Side::sell, true, "at that ask", units_of(level.ask_size));
    }
    return table;
}

Table trades_table(const market::TradeColumns& trades, std::string_view symbol, const market::Names& names) {
    Table table("trades");
    table.add(symbol_column(symbol, trades.count()));
    table.add(time_column(trades.time));
    table.add({meta_of("price", "1e-9", "of the print"), units_of(trades.price), {}});
    table.add({meta_of("size", "units", "of the print"), units_of(trades.size), {}});
    if (trades.flags.size() == trades.count() && !trades.empty()) {
        std::vector<std::int64_t> flags;
        for (const market::TradeFlags flag : trades.flags) flags.push_back(flag.bits);
        table.add({meta_of("flags", "", "what the print may be used for, as bits"), std::move(flags), {}});
    }
    if (trades.venue.size() == trades.count() && !trades.empty()) {
        DictionaryColumn venue;
        for (std::int32_t i = 0; i < names.venues.size(); ++i)
            venue.labels.emplace_back(names.venues.name(VenueId::from_index(i)));
        for (const VenueId id : trades.venue) venue.code.push_back(id.index());
        table.add({meta_of("venue", "", "where it traded"), std::move(venue), {}});
    }
    if (trades.aggressor.size() == trades.count() && !trades.empty()) {
        table.add({meta_of("aggressor", "", "+1 buyer, -1 seller, 0 unknown"),
                   std::vector<std::int64_t>(trades.aggressor.begin(), trades.aggressor.end()),
                   {}});
    }
    return table;
}

}  // namespace slipcast::interchange
