#include "slipcast/core/settings.hpp"

#include <limits>

#include "slipcast/sim/market.hpp"
#include "slipcast/sim/parents.hpp"
#include "slipcast/sim/replay.hpp"

namespace slipcast::sim {
namespace {

constexpr Duration kLongest = std::chrono::hours{24};
constexpr Duration kShortest = std::chrono::nanoseconds{1};
constexpr Duration kMillisecond = std::chrono::milliseconds{1};
constexpr double kUnbounded = std::numeric_limits<double>::infinity();

}  // namespace

Settings MarketOptions::settings() {
    Settings all;
    all.integer("symbols", "", symbols, 1, 10'000, "instruments in the market")
        .integer("days", "", days, 1, 10'000, "trading days; weekends are skipped")
        .seed("seed", seed, "seed of the market: the same seed gives the same bytes")
        .date("first_day", first_day, "first trading day")
        .number("quotes_per_day", "rows", quotes_per_day, {.low = 1000, .high = 1e8},
                "mean quote rows of an instrument and day")
        .number("trade_share", "", trade_share, {.low = 0, .high = 0.5, .low_open = true},
                "trades per quote-side event")
        .number("correlation", "", correlation, {.low = 0, .high = 0.95},
                "correlation of efficient returns between instruments")
        .number("daily_volatility", "per day", daily_volatility, {.low = 0, .high = 1, .low_open = true},
                "standard deviation of efficient daily returns in the calm regime, as a ratio")
        .number("stress_factor", "", stress_factor, {.low = 1, .high = 100}, "volatility multiplier in stress")
        .number("stress_share", "", stress_share, {.low = 0, .high = 0.9}, "long-run share of minutes in stress")
        .number("clustering", "", clustering, {.low = 0, .high = 0.95, .high_open = true},
                "branching ratio of the self-exciting event times")
        .number("halt_rate", "per day", halt_rate, {.low = 0, .high = 100}, "halts of an instrument and day")
        .number("off_exchange_share", "", off_exchange_share, {.low = 0, .high = 0.9},
                "share of trades printed off exchange");
    return all;
}

Settings ParentOptions::settings() {
    Settings all;
    all.integer("orders", "", count, 1, 100'000'000, "parent orders to draw")
        .seed("seed", seed, "seed of the orders and of the replay")
        .number("min_size", "of daily volume", min_size, {.low = 0, .high = 1, .low_open = true},
                "smallest order; sizes are log-uniform")
        .number("max_size", "of daily volume", max_size, {.low = 0, .high = 1, .low_open = true}, "largest order")
        .duration("min_horizon", min_horizon, std::chrono::seconds{1}, kLongest,
                  "shortest life of an order; lives are log-uniform")
        .duration("max_horizon", max_horizon, std::chrono::seconds{1}, kLongest, "longest life of an order")
        .duration("mean_delay", mean_delay, Duration{}, kLongest,
                  "mean of each delay: decision to desk, and desk to arrival")
        .number("min_participation", "of printed volume", min_participation,
                {.low = 0, .high = 1, .low_open = true, .high_open = true}, "lowest rate of POV orders")
        .number("max_participation", "of printed volume", max_participation,
                {.low = 0, .high = 1, .low_open = true, .high_open = true}, "highest rate of POV orders")
        .number("limit_share", "", limit_share, {.low = 0, .high = 1}, "share of orders with a limit price")
        .number("cancel_share", "", cancel_share, {.low = 0, .high = 1}, "share of orders cancelled part of the way")
        .integer("brokers", "", brokers, 1, 10'000, "brokers to draw from")
        .integer("traders", "", traders, 1, 10'000, "traders to draw from")
        .integer("clients", "", clients, 1, 10'000, "clients to draw from");
    return all;
}

Settings ReplayOptions::settings() {
    Settings all;
    all.seed("seed", seed, "seed of the orders and of the replay")
        .duration("entry_latency", order_entry.minimum, Duration{}, kLongest, "least delay from the desk to a venue")
        .duration("entry_latency_extra", order_entry.mean_extra, Duration{}, kLongest,
                  "mean of the exponential delay on top of entry_latency")
        .duration("acknowledgment_latency", acknowledgment.minimum, Duration{}, kLongest,
                  "least delay from a venue to the desk")
        .duration("acknowledgment_latency_extra", acknowledgment.mean_extra, Duration{}, kLongest,
                  "mean of the exponential delay on top of acknowledgment_latency")
        .duration("min_slice", min_slice, kMillisecond, kLongest, "shortest slice of a schedule")
        .integer("max_slices", "", max_slices, 1, 100'000, "most slices of a schedule")
        .duration("pov_interval", pov_interval, kMillisecond, kLongest, "how often POV looks at the volume")
        .number("passive_share", "of its life", passive_share,
                {.low = 0, .high = 1, .low_open = true, .high_open = true},
                "how long a passive-then-aggressive order rests before it crosses")
        .flag("impact", impact.enabled, "our own fills move the tape for every order of the run")
        .number("impact_own_bps", "bps", impact.own_bps, {.low = 0, .high = kUnbounded},
                "move when one average daily volume trades at once")
        .number("impact_gamma", "", impact.gamma, {.low = 0.5, .high = 1},
                "power of the flow: 0.5 square root, 1 linear")
        .duration("impact_half_life", impact.decays.front().half_life, kShortest, 365 * kLongest,
                  "half-life of the impact's memory")
        .number("impact_cross", "", impact.cross_fraction, {.low = -1, .high = 1},
                "share of the move that every other instrument follows")
        .duration("window", window, std::chrono::seconds{1}, kLongest,
                  "tape held in memory an instrument; results do not depend on it");
    return all;
}

}  // namespace slipcast::sim
