#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "slipcast/core/random.hpp"
#include "slipcast/math/sampling.hpp"
#include "slipcast/venue/compare.hpp"
#include "slipcast/venue/simulate.hpp"

namespace slipcast::venue {
namespace {

double between(RandomStream& stream, double low, double high) {
    return low + (high - low) * stream.next_uniform();
}

std::int64_t order_size(RandomStream& stream, const SuiteOptions& options) {
    if (options.suite == SuiteOptions::shares) {
        return std::clamp<std::int64_t>(std::llround(math::draw_lognormal(stream, std::log(800.0), 1.0)), 1, 5'000);
    }
    return std::min<std::int64_t>(50, 1 + math::draw_geometric(stream, 0.2));
}

/// The exponent of a pair; at the last venue 7 of 12 symbols have a negative one.
double exponent_of(RandomStream& stream, std::int64_t symbol, bool is_last_venue) {
    const bool is_negative = is_last_venue && symbol % 12 < 7;
    return is_negative ? between(stream, -0.4, 0.0) : between(stream, 0.25, 1.3);
}

RandomStream stream_of(const SuiteOptions& options, std::int64_t symbol, std::int64_t venue) {
    return {options.seed, "venue.suite", static_cast<std::uint64_t>(symbol * 1'000 + venue)};
}

Result<Liquidity> drawn_liquidity(RandomStream& stream, const SuiteOptions& options, std::int64_t symbol,
                                  std::int64_t venue) {
    const double zero_bin = between(stream, 0.67, 0.96);
    const double exponent = exponent_of(stream, symbol, venue + 1 == options.venues);
    return Liquidity::power_law(zero_bin, exponent, options.max_liquidity());
}

}  // namespace

Settings SuiteOptions::settings() {
    Settings settings;
    settings.choice("suite", suite, {"shares", "lots", "lognormal"}, "what the synthetic liquidity looks like");
    settings.integer("symbols", "", symbols, 1, 10'000, "symbols of the suite");
    settings.integer("venues", "", venues, 1, 1'000, "venues of the suite");
    settings.integer("observations", "", observations, 2, 10'000'000, "routes a pair");
    settings.seed("seed", seed, "of the suite");
    return settings;
}

Result<std::vector<SimulatedSymbol>> simulated_suite(const SuiteOptions& options) {
    SuiteOptions checked = options;
    SLIPCAST_CHECK(checked.settings().validate());
    std::vector<SimulatedSymbol> symbols;
    for (std::int64_t symbol = 0; symbol < options.symbols; ++symbol) {
        symbols.push_back({.symbol = fmt::format("S{:02}", symbol + 1), .venues = {}});
        for (std::int64_t venue = 0; venue < options.venues; ++venue) {
            RandomStream stream = stream_of(options, symbol, venue);
            SLIPCAST_TRY(liquidity, drawn_liquidity(stream, options, symbol, venue));
            symbols.back().venues.push_back(std::move(liquidity));
        }
    }
    return symbols;
}

Result<std::vector<PairLog>> synthetic_suite(const SuiteOptions& options) {
    SuiteOptions checked = options;
    SLIPCAST_CHECK(checked.settings().validate());
    std::vector<PairLog> logs;
    for (std::int64_t symbol = 0; symbol < options.symbols; ++symbol) {
        for (std::int64_t venue = 0; venue < options.venues; ++venue) {
            RandomStream stream = stream_of(options, symbol, venue);
            SLIPCAST_TRY(liquidity, drawn_liquidity(stream, options, symbol, venue));
            PairLog log{.symbol = fmt::format("S{:02}", symbol + 1),
                        .venue = fmt::format("POOL{}", venue + 1),
                        .lot_size = options.suite == SuiteOptions::shares ? 1 : 100,
                        .observations = {}};
            for (std::int64_t i = 0; i < options.observations; ++i) {
                const std::int64_t sent = order_size(stream, options);
                std::int64_t there = liquidity.draw(stream);
                if (options.suite == SuiteOptions::lognormal && there > 0) {
                    there = 1 + static_cast<std::int64_t>(math::draw_lognormal(stream, std::log(3.0), 0.6));
                }
                log.observations.push_back({.sent = sent, .filled = std::min(sent, there), .min_quantity = 1});
            }
            logs.push_back(std::move(log));
        }
    }
    return logs;
}

}  // namespace slipcast::venue
