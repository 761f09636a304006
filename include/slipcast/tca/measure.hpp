#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "slipcast/core/progress.hpp"
#include "slipcast/core/result.hpp"
#include "slipcast/core/settings.hpp"
#include "slipcast/core/table.hpp"
#include "slipcast/market/dataset.hpp"

namespace slipcast::tca {

/// What to measure and how. Every field is declared once, in settings().
struct MeasureOptions {
    /// Mark-out horizons: "-10s", "1s", "1min" on the wall clock, "50trades" on the trade clock, "10000shares" (or
    /// "10000units") on the volume clock.
    std::vector<std::string> markouts{"-10s", "-1s", "100ms", "1s", "5s", "30s", "1min", "5min"};
    Duration markout_window{};  ///< average the mid over [h, h + window]; zero = the quote at h
    std::vector<std::string> pwp_rates{"0.05", "0.10", "0.20"};
    Duration reversion_horizon = std::chrono::minutes{5};
    double confidence = 0.95;       ///< of every interval
    std::int64_t resamples = 1000;  ///< block resamples of an interval
    int bins_per_decade = 5;        ///< log-size bins
    std::int64_t worst_orders = 20;
    bool exclude_limit_orders = false;     ///< the slides' filter: orders that ever had a limit price
    double max_client_cancel_share = 1.0;  ///< the slides' filter: leave out clients who cancel more than this share
    bool outright_only = false;
    double outlier_score = 5.0;  ///< modified z-score beyond which a row is flagged as an outlier, never left out
    Duration sector_flow_window = std::chrono::minutes{30};  ///< of sector_net_flow, in whole minutes; zero = not made
    std::uint64_t seed = 1;
    int threads = 0;                             ///< 0 = all cores; results do not depend on it
    Duration window = std::chrono::minutes{30};  ///< tape held in memory a thread

    [[nodiscard]] Settings settings();
    [[nodiscard]] Result<void> validate() const;
};

/// The result of a measurement as tables, each column with unit, sign tag, benchmark, definition version and weighting.
///   orders          one row an order: benchmarks, slippage in bps, ticks, cash against each, shortfall parts on both
///                   bases, what was known before, ...
///   fills           one row a fill: mid, touches, spreads, price improvement
///   placements      one row a placement: arrival price of its own level and slippage, fill rate, time to fill, end,
///                   missed minimum quantity
///   markouts        one row a fill and horizon: both anchors, observed
///   baskets         orders summed by basket_id (when there are any)
///   summary         headline metrics with intervals, effective block count and block kind
///   shortfall       the parts in cash and bps with intervals (the waterfall)
///   size_bins       log-size bins by what size is a share of: count, mean, standard deviation, standard error, total
///                   cost
///   markout_curves  metric by horizon with intervals and observed counts; overall and by venue, broker, liquidity
///   brokers, venues, symbols, algos   group tables with intervals
///   quality         rows read, accepted, flagged, quarantined;  quality_rules  broken rules and remarks;  degradations
///   forecast_scores how good the forecasts behind the features were
struct Measurement {
    std::vector<Table> tables;
    std::map<std::string, std::string> provenance;  ///< version, options digest, data digest, seed, replay.impact, ...
    std::vector<std::int32_t> worst_orders;         ///< rows of `orders`, worst arrival cost in cash first
    market::QualityReport quality;                  ///< the dataset's, and what measuring adds

    /// The table called `name`, or null.
    [[nodiscard]] const Table* find(std::string_view name) const;
};

/// Measures every order of the dataset in one pass over the tape a symbol.
/// As-of rule: the last quote strictly before the event. A quote is stale when a feed gap covers it; a benchmark that
/// the tape cannot supply is missing. Cash parts are exact: delay + spread + drift + opportunity + fees + unmarked =
/// total on both bases. Deterministic for any number of threads. Refused: options out of range, a dataset without a
/// fill and without an order.
[[nodiscard]] Result<Measurement> measure(const market::Dataset& dataset, const MeasureOptions& options,
                                          const Progress& progress = {});

}  // namespace slipcast::tca
