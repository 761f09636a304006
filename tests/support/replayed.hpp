#pragma once

#include <utility>
#include <vector>

#include "slipcast/market/draft.hpp"
#include "slipcast/sim/sim.hpp"

namespace slipcast::test {

/// The rows of a replay as readers would hand them to the audit.
inline market::DatasetDraft draft_of(const market::Dataset& dataset) {
    market::DatasetDraft draft;
    draft.names = dataset.names;
    for (const auto& row : dataset.instruments) draft.instruments.add(row);
    for (market::Order row : dataset.orders) {
        row.cancel_time.reset();  // the audit sets it from the cancel event
        draft.orders.add(row);
    }
    draft.order_events.present = true;
    for (const auto& row : dataset.order_events) draft.order_events.add(row);
    for (const auto& row : dataset.placements) draft.placements.add(row);
    for (const auto& row : dataset.fills) draft.fills.add(row);
    for (const auto& row : dataset.sessions.all()) draft.sessions.add(row);
    for (const auto& row : dataset.events) draft.events.add(row);
    draft.tape = dataset.tape;
    return draft;
}

/// A slice's rows as columns of their own, to change them.
inline market::MemoryTape::Series copied(const market::TapeSlice& slice) {
    market::MemoryTape::Series series;
    const auto& quotes = slice.quotes;
    for (std::size_t i = 0; i < quotes.size(); ++i) {
        series.quotes.push(quotes.time[i], quotes.bid[i], quotes.ask[i], quotes.bid_size[i], quotes.ask_size[i]);
    }
    const auto& trades = slice.trades;
    for (std::size_t i = 0; i < trades.count(); ++i) {
        series.trades.push(trades.time[i], trades.price[i], trades.size[i], trades.flags[i], trades.venue[i],
                           trades.aggressor[i]);
    }
    series.gaps = slice.gaps;
    return series;
}

struct Scene {
    market::Dataset market;
    std::vector<sim::Parent> parents;
};

/// A small synthetic market and a book of parents over it.
inline Scene scene(const sim::MarketOptions& market_options, const sim::ParentOptions& parent_options) {
    Scene made;
    made.market = sim::synthetic_market(market_options).value();
    made.parents = sim::generate_parents(made.market, parent_options).value();
    return made;
}

}  // namespace slipcast::test
