#pragma once

#include <utility>
#include <vector>

#include "session_tape.hpp"
#include "slipcast/sim/sim.hpp"

namespace slipcast::test {

/// Levels of one side, best first: price in ticks of 0.01 and size.
using Levels = std::vector<std::pair<std::int64_t, std::int64_t>>;

/// One stock, one session, a book of several levels, and parents that meet it without latency or fees.
class BookTape : public SessionTape {
public:
    explicit BookTape(std::size_t levels) : SessionTape(1) { series.quotes.depth.resize(levels - 1); }

    /// The book from `since_open` on; levels beyond those the tape shows are left out.
    void book(Duration since_open, const Levels& bids, const Levels& asks) {
        const auto behind = [this](const Levels& side) {
            std::vector<market::BookLevel> levels;
            for (std::size_t i = 1; i < side.size() && i <= series.quotes.depth.size(); ++i)
                levels.push_back({price(side[i].first), Quantity::from_units(side[i].second)});
            return levels;
        };
        const auto best = [](const Levels& side) {
            return side.empty() ? std::pair<std::int64_t, std::int64_t>{} : side[0];
        };
        series.quotes.push(at(0, since_open), price(best(bids).first), price(best(asks).first),
                           Quantity::from_units(best(bids).second), Quantity::from_units(best(asks).second));
        series.quotes.push_depth(behind(bids), behind(asks));
    }
    void print(Duration since_open, std::int64_t ticks, std::int64_t size) {
        series.trades.push(at(0, since_open), price(ticks), Quantity::from_units(size), market::kRegularTrade,
                           VenueId::none());
    }
    [[nodiscard]] static Price price(std::int64_t ticks) { return Price::from_units(ticks * 10'000'000); }

    /// A parent that arrives `since_open` and stays to the end of the session.
    sim::Parent& parent(Side side, std::int64_t quantity, Duration since_open,
                        sim::Style style = sim::Style::immediate) {
        sim::Parent parent;
        parent.order.id = dataset.names.orders.intern("O" + std::to_string(parents.size() + 1));
        parent.order.instrument = stock();
        parent.order.side = side;
        parent.order.quantity = Quantity::from_units(quantity);
        parent.order.arrival_time = at(0, since_open);
        parent.order.end_time = at(0, std::chrono::minutes{59});
        parent.style = style;
        return parents.emplace_back(parent);
    }
    [[nodiscard]] sim::ReplayOutcome replayed(const sim::ImpactOptions& impact = {}) const {
        sim::ReplayOptions options;
        options.impact = impact;
        return replayed(options);
    }
    [[nodiscard]] sim::ReplayOutcome replayed(sim::ReplayOptions options) const {
        options.order_entry = options.acknowledgment = {Duration{}, Duration{}};
        return sim::replay_in_memory(made(), parents, options).value();
    }
    std::vector<sim::Parent> parents;
};

}  // namespace slipcast::test
