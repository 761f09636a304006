#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "simulate_options.hpp"
#include "slipcast/core/random.hpp"
#include "slipcast/core/table_builder.hpp"
#include "slipcast/math/sampling.hpp"
#include "slipcast/venue/simulate.hpp"

namespace slipcast::venue {
namespace {

struct Rows {
    std::vector<std::string> symbol;
    std::vector<std::string> venue;
    std::vector<std::int64_t> sent;
    std::vector<std::int64_t> filled;

    [[nodiscard]] Table table(const std::string& declared) && {
        const std::size_t rows = sent.size();
        return TableBuilder("routes", rows)
            .add(plain("symbol", "Symbol"), std::move(symbol))
            .add(plain("venue", "Venue"), std::move(venue))
            .add(plain("sent", "Simulated size", "lots"), std::move(sent))
            .add(plain("filled", "The smaller of sent and the liquidity drawn", "lots"), std::move(filled))
            .add(plain("hypothetical", "What was simulated: nobody sent these routes"),
                 std::vector<std::string>(rows, declared))
            .take();
    }
};

/// The orders of the first trial of one symbol.
class FirstTrial {
public:
    FirstTrial(const SimulatedSymbol& symbol, const SimulateOptions& options, std::uint64_t entity)
        : symbol_(symbol),
          options_(options),
          entity_(entity),
          truth_(symbol.venues),
          draws_(options.seed, detail::kLiquidityStream, entity),
          volumes_(options.seed, detail::kVolumeStream, entity) {
        for (std::size_t i = 0; i < truth_.size(); ++i) names_.push_back(detail::venue_name(symbol, i));
    }

    void work(Learner& learning, Rows& rows) {
        std::vector<std::int64_t> sent(truth_.size());
        std::vector<std::int64_t> filled(truth_.size());
        learning.reveal(truth_);
        for (std::int64_t episode = 1; episode <= options_.episodes; ++episode) {
            if (options_.switch_at > 0 && episode == options_.switch_at + 1) {
                detail::exchange_venues(truth_, entity_);
                learning.reveal(truth_);
            }
            learning.allocate(detail::order_volume(options_, volumes_), sent);
            for (std::size_t i = 0; i < truth_.size(); ++i) {
                filled[i] = std::min(sent[i], truth_[i].draw(draws_));
                if (sent[i] == 0) continue;
                rows.symbol.push_back(symbol_.symbol);
                rows.venue.push_back(names_[i]);
                rows.sent.push_back(sent[i]);
                rows.filled.push_back(filled[i]);
            }
            learning.observe(sent, filled);
        }
    }

private:
    const SimulatedSymbol& symbol_;
    const SimulateOptions& options_;
    std::uint64_t entity_;
    std::vector<Liquidity> truth_;
    RandomStream draws_;
    RandomStream volumes_;
    std::vector<std::string> names_;
};

}  // namespace

Result<Table> simulated_routes(std::span<const SimulatedSymbol> symbols, const SimulateOptions& options,
                               Algorithm algorithm) {
    SLIPCAST_TRY(checked, detail::checked_algorithms(symbols, options));
    static_cast<void>(checked);
    SLIPCAST_TRY(grid, detail::learners_grid(symbols, options));
    Rows rows;
    for (std::size_t s = 0; s < symbols.size(); ++s) {
        const std::uint64_t entity = detail::trial_entity(s, 0);
        SLIPCAST_TRY(learning, learner(algorithm, {.venues = symbols[s].venues.size(),
                                                   .max_order = options.volume,
                                                   .grid = grid,
                                                   .episodes = options.episodes,
                                                   .seed = options.seed,
                                                   .entity = entity}));
        FirstTrial(symbols[s], options, entity).work(*learning, rows);
    }
    return std::move(rows).table(fmt::format(
        "simulated: algorithm={};volume={};least_volume={};episodes={};switch_at={};seed={}", name(algorithm),
        options.volume, options.least_volume, options.episodes, options.switch_at, options.seed));
}

}  // namespace slipcast::venue
