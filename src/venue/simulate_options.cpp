#include "simulate_options.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "slipcast/math/sampling.hpp"

namespace slipcast::venue {

namespace {

constexpr std::string_view kAll = "all";

}  // namespace

Settings SimulateOptions::settings() {
    Settings settings;
    settings.integer("volume", "lots", volume, 1, 1 << 29, "lots of an order");
    settings.integer("least_volume", "lots", least_volume, 0, 1 << 29,
                     "orders are uniform from this to volume; 0 = all of volume");
    settings.integer("episodes", "", episodes, 1, 10'000'000, "orders of a trial");
    settings.integer("trials", "", trials, 1, 100'000, "independent repetitions");
    settings.integer("switch_at", "", switch_at, 0, 10'000'000,
                     "after this order venues exchange their liquidity; 0 = never");
    settings.integer("window", "", window, 1, 10'000'000, "orders that a point of a curve averages");
    settings.integer("half_life_orders", "", half_life_orders, 0, 100'000,
                     "orders worked until half done at the end of a trial; 0 = none");
    settings.integer("half_life_curve_orders", "", half_life_curve_orders, 0, 100'000,
                     "orders worked until half done after each window, by a copy of what was learned; 0 = none");
    settings.integer("max_liquidity", "lots", max_liquidity, 0, kLargestSize,
                     "what likelihood learners assume; 0 = the largest of the venues. The router is never told");
    settings.list("algorithms", "", algorithms, "which ways to split; all = every one",
                  [](const std::string& text) -> Result<void> {
                      if (text == kAll) return {};
                      SLIPCAST_TRY(algorithm, algorithm_of(text));
                      static_cast<void>(algorithm);
                      return {};
                  });
    settings.flag("extrapolate", extrapolate,
                  "orders beyond the largest size that a log sent to a fitted venue, by the fitted shape alone");
    settings.seed("seed", seed, "of all draws");
    settings.integer("threads", "", threads, 0, 1024, "threads, 0 = all cores; results do not depend on it");
    return settings;
}

namespace {

/// An order may go whole to any one venue: none of them may be asked for more than its log ever sent.
Result<void> check_observed(const SimulatedSymbol& symbol, std::int64_t volume) {
    for (std::size_t i = 0; i < symbol.largest_sent.size(); ++i) {
        const std::int64_t largest = symbol.largest_sent[i];
        if (volume <= largest) continue;
        return Error{
            .code = ErrorCode::not_identified,
            .field = "volume",
            .value = fmt::format("{}", volume),
            .rule = fmt::format("must not exceed {} lots, the largest size that the log sent there: what the "
                                "venue would have filled of more it cannot say (extrapolate to go on)",
                                largest),
            .place = {
                .file = fmt::format("{} at {}", symbol.symbol, detail::venue_name(symbol, i)), .row = 0, .time = {}}};
    }
    return {};
}

Result<void> check_symbols(std::span<const SimulatedSymbol> symbols, const SimulateOptions& options) {
    if (symbols.empty()) return invalid_value("symbols", "0", "must be at least one");
    for (const SimulatedSymbol& symbol : symbols) {
        const std::size_t count = symbol.venues.size();
        if (count == 0) return invalid_value("venues", "0 of " + symbol.symbol, "must be at least one");
        for (const std::size_t given : {symbol.names.size(), symbol.largest_sent.size()}) {
            if (given == 0 || given == count) continue;
            return invalid_value("venues", fmt::format("{} of {}", given, symbol.symbol),
                                 "must have as many names and largest sizes as distributions, or none");
        }
        if (!options.extrapolate) SLIPCAST_CHECK(check_observed(symbol, options.volume));
    }
    return {};
}

}  // namespace

namespace detail {

void exchange_venues(std::vector<Liquidity>& truth, std::uint64_t entity) {
    const auto count = static_cast<std::int64_t>(truth.size());
    const std::int64_t shift = count > 1 ? 1 + static_cast<std::int64_t>(entity) % (count - 1) : 0;
    std::rotate(truth.begin(), truth.begin() + shift, truth.end());
}

std::int64_t order_volume(const SimulateOptions& options, RandomStream& volumes) {
    if (options.least_volume == 0) return options.volume;
    const auto choices = static_cast<std::uint64_t>(options.volume - options.least_volume + 1);
    return options.least_volume + static_cast<std::int64_t>(math::draw_index(volumes, choices));
}

Result<std::shared_ptr<const PowerLawGrid>> learners_grid(std::span<const SimulatedSymbol> symbols,
                                                          const SimulateOptions& options) {
    if (options.max_liquidity > 0) return PowerLawGrid::create(options.max_liquidity);
    std::int64_t largest = 0;
    for (const SimulatedSymbol& symbol : symbols) {
        for (const Liquidity& venue : symbol.venues) {
            if (venue.shape() == Shape::poisson || venue.shape() == Shape::exponential) continue;
            largest = std::max(largest, venue.max_liquidity());
        }
    }
    return PowerLawGrid::create(largest > 0 ? largest : 2 * options.volume);
}

std::string venue_name(const SimulatedSymbol& symbol, std::size_t venue) {
    return symbol.names.empty() ? fmt::format("POOL{}", venue + 1) : symbol.names[venue];
}

Result<std::vector<Algorithm>> checked_algorithms(std::span<const SimulatedSymbol> symbols,
                                                  const SimulateOptions& options) {
    SimulateOptions checked = options;
    SLIPCAST_CHECK(checked.settings().validate());
    SLIPCAST_CHECK(check_symbols(symbols, options));
    if (options.least_volume > options.volume) {
        return invalid_value("least_volume", fmt::format("{}", options.least_volume), "must not exceed volume");
    }
    if (options.switch_at > options.episodes) {
        return invalid_value("switch_at", fmt::format("{}", options.switch_at), "must not exceed episodes");
    }
    if (options.window > options.episodes) {
        return invalid_value("window", fmt::format("{}", options.window), "must not exceed episodes");
    }
    std::vector<Algorithm> algorithms;
    for (const std::string& wanted : options.algorithms) {
        if (wanted == kAll) {
            algorithms.assign(kAlgorithms.begin(), kAlgorithms.end());
            break;
        }
        SLIPCAST_TRY(algorithm, algorithm_of(wanted));
        algorithms.push_back(algorithm);
    }
    if (algorithms.empty()) return invalid_value("algorithms", "", "must name at least one");
    return algorithms;
}

}  // namespace detail

}  // namespace slipcast::venue
