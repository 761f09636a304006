#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "slipcast/core/progress.hpp"
#include "slipcast/core/result.hpp"
#include "slipcast/core/settings.hpp"
#include "slipcast/market/dataset.hpp"
#include "slipcast/sim/costs.hpp"
#include "slipcast/sim/curve.hpp"
#include "slipcast/sim/impact.hpp"
#include "slipcast/sim/parents.hpp"
#include "slipcast/sim/policy.hpp"
#include "slipcast/sim/tape_sink.hpp"

namespace slipcast::sim {

/// How parents are worked and what the venue does to them.
struct ReplayOptions {
    std::uint64_t seed = 1;
    LatencyOptions order_entry{};     ///< desk to venue: new orders and cancels
    LatencyOptions acknowledgment{};  ///< venue to desk: before it reacts to an end
    std::vector<VenueTerms> venues = default_venues();
    Duration min_slice = std::chrono::seconds{30};     ///< shortest slice of a schedule
    int max_slices = 24;                               ///< most slices of a schedule
    Duration pov_interval = std::chrono::seconds{20};  ///< how often POV looks at the volume
    /// Schedules (TWAP, VWAP) cross each slice at its beginning instead of resting first: when they trade depends on
    /// the clock alone, so that no fill is chosen by the price.
    bool crosses_schedules = false;
    double passive_share = 0.7;        ///< part of its life that passive-then-aggressive rests, in (0, 1)
    std::vector<DatedCurve> curves{};  ///< for VWAP; else VolumeCurve::generic(), said in the provenance
    ImpactOptions impact{};
    std::vector<DarkVenueTerms> dark_venues{};  ///< for parents of Style::policy
    Policy* policy = nullptr;                   ///< decides for them; outlives the replay
    Duration window = std::chrono::hours{1};    ///< tape held in memory per instrument
    /// The settings of the command line and Python, those of `impact` among them; venues, curves, the policy
    /// and crosses_schedules stay with C++.
    [[nodiscard]] Settings settings();
    [[nodiscard]] Result<void> validate() const;
};

/// Settings that nobody reads without `impact`.
inline constexpr std::array<std::string_view, 4> kImpactSettings{"impact_own_bps", "impact_gamma", "impact_half_life",
                                                                 "impact_cross"};

struct ReplayCounts {
    std::int64_t quotes = 0;  ///< source rows read
    std::int64_t trades = 0;
    std::int64_t inserted_quotes = 0;  ///< rows the overlay added
    std::int64_t own_prints = 0;
    std::int64_t rejected = 0;
    std::int64_t late_fills = 0;    ///< fills while a cancel was on its way
    std::int64_t walked_fills = 0;  ///< fills at a level behind the touch
    std::int64_t dark_fills = 0;
};

struct ReplayOutcome {
    market::Dataset dataset;  ///< the market with orders, order events, placements, fills and provenance added
    ReplayCounts counts;
};

/// Works `parents` against the tape of `market`, all instruments in one loop in time order, and returns
/// what a broker would have written.
///
/// Rules of the venue. An action at time t sees rows before t; prints at t come before quotes at t. A marketable
/// child takes what the far touch still offers; where the tape shows depth it goes on level by level, each fill at its
/// level's price, as far as its limit allows. Then it waits for more: size we or prints took from a price is gone until
/// the tape shows a new price or a larger size there. A limit child queues as in QueuePosition; a lit print through its
/// price fills it, never by more than the print; far levels that come to its price trade with it. Off-exchange, hidden,
/// auction and late prints fill nobody. No trading in halts, in feed gaps, on crossed quotes, or before the
/// first quote of a session; children that arrive in a halt are rejected. At end_time what is open expires. Our resting
/// size is not shown on the tape. Fills of limit children are part of a source print, which the sink gets split into
/// own and rest; fills that take liquidity, or that a far touch brings to a resting price, are additional own prints.
/// Parents of Style::policy send what the policy says, and may cross in dark venues (DarkVenueTerms).
/// Without impact the sink gets the source rows as they are: nobody noticed us.
///
/// `dataset.tape` stays the source tape; with impact the measurement needs the tape given to `sink`
/// (replay_in_memory does that). Provenance: replay.impact (describe), replay.volume_curve, replay.seed, replay.venues,
/// replay.latency, replay.queue, replay.depth, and with dark
/// venues replay.dark_venues. Deterministic: a function of market, parents and options. Draws are
/// keyed by parent and child number, so runs with and without impact share them. Memory: options.window of tape per
/// instrument. Refuses options out of range and parents without arrival, end or known instrument.
[[nodiscard]] Result<ReplayOutcome> replay(market::Dataset market, const std::vector<Parent>& parents,
                                           const ReplayOptions& options, TapeSink* sink = nullptr,
                                           const Progress& progress = {});

/// replay() with the shifted tape collected in memory and set as `dataset.tape`.
[[nodiscard]] Result<ReplayOutcome> replay_in_memory(market::Dataset market, const std::vector<Parent>& parents,
                                                     const ReplayOptions& options, const Progress& progress = {});

}  // namespace slipcast::sim
