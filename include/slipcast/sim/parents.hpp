#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "slipcast/core/progress.hpp"
#include "slipcast/core/result.hpp"
#include "slipcast/core/settings.hpp"
#include "slipcast/market/dataset.hpp"

namespace slipcast::sim {

/// How a parent is worked.
enum class Style : std::uint8_t {
    twap,                     ///< even in time, passive within a slice, crossing what is behind
    vwap,                     ///< along a volume curve, the same tactic
    pov,                      ///< a share of the volume that prints
    immediate,                ///< takes the far touch until done
    passive_then_aggressive,  ///< rests at the near touch, crosses in the last part of its life
    policy,                   ///< as ReplayOptions::policy says
};
inline constexpr std::size_t kStyles = 5;  ///< those that are drawn: all but policy
[[nodiscard]] std::string_view name(Style style);

/// A parent order and how to work it. The replay starts at the broker's arrival time (else arrival) and stops at
/// end_time.
struct Parent {
    market::Order order;
    Style style = Style::twap;
    double participation = 0.1;            ///< POV: own share of printed volume, in (0, 1)
    std::optional<Timestamp> cancel_time;  ///< when the desk asks to cancel
};

/// A mixed book of parents over the sessions of a tape.
struct ParentOptions {
    std::int64_t count = 5000;
    std::uint64_t seed = 1;
    double min_size = 1e-4;  ///< smallest size as a fraction of daily volume, > 0
    double max_size = 1e-2;  ///< largest; sizes are log-uniform between
    Duration min_horizon = std::chrono::minutes{5};
    Duration max_horizon = std::chrono::minutes{120};  ///< log-uniform between; an immediate parent gets min_horizon
    Duration mean_delay = std::chrono::seconds{20};    ///< mean of each of the two delays decision -> desk -> arrival
    std::array<double, kStyles> style_weights{0.3, 0.25, 0.15, 0.15, 0.15};  ///< in the order of Style
    double min_participation = 0.03;
    double max_participation = 0.2;
    double limit_share = 0.15;   ///< share of parents with a limit price
    double cancel_share = 0.06;  ///< share cancelled part of the way
    int brokers = 4;
    int traders = 6;
    int clients = 12;

    /// The settings of the command line and Python; style weights stay with C++.
    [[nodiscard]] Settings settings();
    [[nodiscard]] Result<void> validate() const;
};

/// Draws `options.count` parents, sorted by arrival, named O000001 and up; names and provenance
/// ("parents.size_basis") are added to `market`. Sizes are a fraction of the instrument's ADV, or, where
/// there is none, of the volume the tape shows for that session (said in the provenance: it knows the future,
/// which only scales sizes). Limit prices stand 2 to 60 bps from the mid at decision. Parent k is a function of (seed,
/// k) and the tape. decision < desk < arrival <= broker arrival < end <= session close. Refused when the market has no
/// session with quotes or no instrument.
[[nodiscard]] Result<std::vector<Parent>> generate_parents(market::Dataset& market, const ParentOptions& options,
                                                           const Progress& progress = {});

}  // namespace slipcast::sim
