#pragma once

// Everything of module trial: the desk and plain policies work the same orders on the same market, and what they cost
// is compared.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "slipcast/core/progress.hpp"
#include "slipcast/core/result.hpp"
#include "slipcast/core/settings.hpp"
#include "slipcast/core/table.hpp"
#include "slipcast/cost/model.hpp"
#include "slipcast/desk/journal.hpp"
#include "slipcast/desk/options.hpp"
#include "slipcast/market/dataset.hpp"
#include "slipcast/sim/parents.hpp"
#include "slipcast/sim/replay.hpp"

namespace slipcast::trial {

/// The dark venues of a trial. Hidden sizes follow power laws; venue k of n is emptier and smaller than the one before.
struct DarkOptions {
    int venues = 3;                    ///< 0 = none
    double zero_bin = 0.6;             ///< chance that the first venue holds nothing
    double exponent = 1.2;             ///< of the first venue's power law
    std::int64_t max_liquidity = 200;  ///< lots
    Duration refresh = std::chrono::minutes{1};
};

/// What is tried. Every field is declared once, in settings(), but for those of `desk`, which has its own.
struct TrialOptions {
    sim::ParentOptions parents;  ///< sizes and lives of the orders; count = orders of the trial
    sim::ReplayOptions
        replay;  ///< with the impact of our own fills; its seed is that of the orders, its VWAP curves are forecast
    desk::DeskOptions desk;
    DarkOptions dark;
    std::int64_t learning_orders = 2'000;  ///< that teach the cost model before
    int trial_days = 1;                    ///< the last days of the market
    std::vector<std::string> policies{"desk", "desk_lit", "desk_no_ladder", "twap", "vwap", "pov", "immediate"};
    bool no_impact = false;
    double confidence = 0.95;  ///< of every interval
    std::int64_t resamples = 1'000;

    /// Orders without limit price or cancel; limits of a house that random orders know nothing of are wide.
    TrialOptions();
    [[nodiscard]] Settings settings();
    [[nodiscard]] Result<void> validate() const;
};

/// What came out. Costs in bps of the value at the decision, positive hurts.
///   trial_policies  one row a policy: orders, completion, finished, mean, p50, p90 and p95 of the shortfall and the
///                   desk's objective in hindsight, all with intervals, dark_share, children, fees_bps
///   trial_pairs     the first policy against each other one on the same orders: differences with intervals
///   trial_orders    one row an order and policy
///   cost_summary    the terms of the cost model that the desk began with
///   trial_learning  one row an order that taught it: its measurement, with the inputs as a desk knows them and the
///                   tactic that it was worked with, so that a model fitted to it tells the desk's tactics apart
struct Trial {
    std::vector<Table> tables;
    std::map<std::string, std::string> provenance;
    cost::Model model;  ///< what the desk began with
    [[nodiscard]] const Table* find(std::string_view name) const;
};

/// The loop closed once: on the days before the last `trial_days`, but for the first, orders are worked with every
/// tactic of the desk, drawn at random, measured, and a cost model is fitted. On the last days the same orders are then
/// worked by each policy on its own copy of the market, with the impact of its own fills, and measured alike:
///   desk            desk::Desk with that model, dark venues and online learning, into `journal`
///   desk_lit        the same without dark venues
///   desk_no_ladder  the same without AMBER and RED for a high predicted tail: what the ladder costs or spares
///   twap, vwap, immediate   of sim::Style, VWAP along the curve forecast from past days
///   pov             of sim::Style, at the desk's participation limit: as fast as the desk may trade
/// The paths are paired: market, orders, latencies and hidden sizes are the same draws for all. Means and quantiles are
/// over orders, each of equal weight; orders that some policy's measurement cannot price are left out for all, and
/// counted. Intervals resample symbol-hours of the trial, one resampling for all policies.
/// Deterministic: a function of market and options. Memory: one policy's tape of the trial days, or the shifted tape up
/// to them.
/// Refused: options out of range, an unknown policy (the nearest is named), a market without sessions, of fewer than
/// two days before the trial, or whose learning orders do not identify the model.
[[nodiscard]] Result<Trial> run(const market::Dataset& market, const TrialOptions& options, desk::JournalSink& journal,
                                const Progress& progress = {});

}  // namespace slipcast::trial
