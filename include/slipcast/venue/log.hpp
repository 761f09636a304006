#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "slipcast/core/result.hpp"
#include "slipcast/core/settings.hpp"
#include "slipcast/core/table.hpp"
#include "slipcast/market/dataset.hpp"
#include "slipcast/market/route.hpp"
#include "slipcast/venue/observation.hpp"

namespace slipcast::venue {

/// Which placements of a dataset say something about hidden liquidity.
struct LogOptions {
    enum Kinds : int { dark, not_lit, all };
    int venue_kinds = dark;
    Duration patience = std::chrono::milliseconds{100};
    bool round_lots = false;

    [[nodiscard]] Settings settings();
};

/// Of routes that nobody sent, in plain words.
inline constexpr const char* kCannotSay =
    "What a route of yours would have filled they cannot say: no queue, no pool apart from another, no reaction to "
    "you.";

/// Placements that are no observation, and why.
struct LeftOut {
    std::string reason;
    std::int64_t count = 0;
};

/// The observations of every pair of symbol and venue.
struct PairLogs {
    std::vector<PairLog> pairs;  ///< sorted by (symbol, venue)
    std::vector<LeftOut> left_out;
    std::int64_t routes = 0;          ///< looked at: observations and left out
    std::int64_t without_reason = 0;  ///< of the kinds asked for, canceled without an end_reason: read by patience
    /// Observations of routes that nobody sent, by what was declared of them (proxy.hpp, simulate.hpp).
    std::map<std::string, std::int64_t> hypothetical;
    [[nodiscard]] std::int64_t observations() const;
    /// Routes, observations and what was left out by reason, as a table.
    [[nodiscard]] Table counts() const;
    /// What numbers from this log cannot say, in plain words; empty when every route was sent.
    [[nodiscard]] std::string caveat() const;
    /// Counts the rows of `table` that stand in quarantine as left out.
    void add_quarantined(const market::QualityReport& quality, const std::string& table);
};

/// What the placements of a dataset say, in the order of time sent. Filled is the sum of the dataset's fills of the
/// placement, or filled_quantity when no fill names it. By how it ended:
/// - filled in full: S >= sent. Market and deadline ends short of that, expired routes too: S = filled (with a minimum
///   quantity and nothing filled, S < minimum).
/// - canceled by the desk after at least `patience`: the same, since what lies at the venue fills within it; earlier,
///   or ended by the venue (halt): S >= filled, and left out when nothing was filled. A cancel without an end_reason
///   may have been the desk's and is read as such (`without_reason` counts those).
/// - rejected: left out, since it never met the book. Left out too: venues of other kinds than asked for, fills below
///   the minimum quantity (the minimum was of one counterparty, not of the sum), and with `round_lots` sizes that are
///   not whole round lots.
/// Sizes are units of the instrument, or its round lots. Refused: options out of range; a dataset without any
/// observation, with the number of routes by why not.
[[nodiscard]] Result<PairLogs> pair_logs(const market::Dataset& dataset, const LogOptions& options = {});

/// The same of a table of routes, which holds observations only; in the order of time where every row has one, else of
/// the rows.
[[nodiscard]] PairLogs pair_logs(std::span<const market::Route> routes);

/// The same with the table's quarantine and hypothetical routes counted.
[[nodiscard]] PairLogs pair_logs(const market::RouteTable& table);

}  // namespace slipcast::venue
