#include <fmt/format.h>

#include <algorithm>

#include "slipcast/core/nearest.hpp"
#include "slipcast/trial/trial.hpp"

namespace slipcast::trial {

namespace {

const std::vector<std::string> kPolicies{"desk", "desk_lit", "desk_no_ladder", "twap", "vwap", "pov", "immediate"};
constexpr Duration kLongest = std::chrono::hours{24};

Result<void> check_policy(const std::string& policy) {
    if (std::find(kPolicies.begin(), kPolicies.end(), policy) != kPolicies.end()) return {};
    return Error{ErrorCode::not_found,
                 "policies",
                 policy,
                 fmt::format("must be a policy of a trial; the nearest is {}", nearest_name(policy, kPolicies)),
                 {}};
}

}  // namespace

TrialOptions::TrialOptions() {
    parents.count = 400;
    parents.max_size = 2e-3;          // together they stay a small part of the market
    parents.mean_delay = Duration{};  // the desk decides when an order arrives
    parents.limit_share = 0.0;
    parents.cancel_share = 0.0;
    replay.impact.enabled = true;
    desk.max_orders = 4'096;
    desk.guards.order_notional = 1e8;
    desk.guards.day_notional = 1e13;
    desk.guards.messages = 100'000;
    desk.guards.stale_after = std::chrono::minutes{1};  // a touch that stands for long is quiet, not stale
}

Settings TrialOptions::settings() {
    Settings all;
    all.integer("orders", "", parents.count, 20, 10'000'000, "parent orders of the trial")
        .seed("seed", parents.seed, "of the orders, the replay and the desk")
        .integer("learning_orders", "", learning_orders, 100, 10'000'000, "orders that teach the cost model before")
        .integer("trial_days", "", trial_days, 1, 10'000, "last days of the market, on which the policies trade")
        .list("policies", "", policies,
              "what works the orders, the first against each other: desk, desk_lit, desk_no_ladder, twap, vwap, pov, "
              "immediate",
              check_policy)
        .number("min_size", "of daily volume", parents.min_size, {.low = 0, .high = 1, .low_open = true},
                "smallest order; sizes are log-uniform")
        .number("max_size", "of daily volume", parents.max_size, {.low = 0, .high = 1, .low_open = true},
                "largest order")
        .duration("min_horizon", parents.min_horizon, std::chrono::seconds{1}, kLongest,
                  "shortest life of an order; lives are log-uniform")
        .duration("max_horizon", parents.max_horizon, std::chrono::seconds{1}, kLongest, "longest life of an order")
        .flag("no_impact", no_impact, "our own fills do not move the market")
        .number("impact_own_bps", "bps", replay.impact.own_bps, {.low = 0, .high = 1e6},
                "move when one average daily volume trades at once")
        .number("impact_gamma", "", replay.impact.gamma, {.low = 0.5, .high = 1},
                "power of the flow: 0.5 square root, 1 linear")
        .duration("impact_half_life", replay.impact.decays.front().half_life, std::chrono::milliseconds{1},
                  365 * kLongest, "half-life of the impact's memory")
        .integer("dark_venues", "", dark.venues, 0, 16, "dark venues that the desk may use")
        .number("dark_zero_bin", "", dark.zero_bin, {.low = 0, .high = 1, .high_open = true},
                "chance that the first of them holds nothing; the others hold less")
        .number("dark_exponent", "", dark.exponent, {.low = -5, .high = 5}, "of the first venue's hidden sizes")
        .integer("dark_liquidity", "lots", dark.max_liquidity, 1, 1'000'000'000, "largest hidden size")
        .duration("dark_refresh", dark.refresh, std::chrono::seconds{1}, kLongest,
                  "after which hidden sizes are drawn anew")
        .number("confidence", "", confidence, {.low = 0.5, .high = 0.999}, "of every interval")
        .integer("resamples", "", resamples, 100, 1'000'000, "block resamples of an interval");
    return all;
}

Result<void> TrialOptions::validate() const {
    TrialOptions copy = *this;
    SLIPCAST_CHECK(copy.settings().validate());
    SLIPCAST_CHECK(parents.validate());
    SLIPCAST_CHECK(replay.validate());
    SLIPCAST_CHECK(desk.validate());
    if (policies.empty()) return invalid_value("policies", "", "needs at least one");
    for (const std::string& policy : policies) {
        if (std::count(policies.begin(), policies.end(), policy) > 1) {
            return Error{ErrorCode::inconsistent, "policies", policy, "must be named once", {}};
        }
    }
    return {};
}

}  // namespace slipcast::trial
