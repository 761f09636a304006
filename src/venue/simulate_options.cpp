#include "simulate_options.hpp"

#include <fmt/format.h>

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
    settings.seed("seed", seed, "of all draws");
    settings.integer("threads", "", threads, 0, 1024, "threads, 0 = all cores; results do not depend on it");
    return settings;
}

namespace detail {

Result<std::vector<Algorithm>> checked_algorithms(std::span<const SimulatedSymbol> symbols,
                                                  const SimulateOptions& options) {
    SimulateOptions checked = options;
    SLIPCAST_CHECK(checked.settings().validate());
    if (symbols.empty()) return invalid_value("symbols", "0", "must be at least one");
    for (const SimulatedSymbol& symbol : symbols) {
        if (symbol.venues.empty() || symbol.venues.size() != symbols[0].venues.size()) {
            return invalid_value("venues", fmt::format("{} of {}", symbol.venues.size(), symbol.symbol),
                                 "must be the same number for every symbol, at least one");
        }
    }
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
