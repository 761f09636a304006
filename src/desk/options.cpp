#include "slipcast/desk/options.hpp"

#include <fmt/format.h>

#include <limits>

#include "slipcast/core/random.hpp"

namespace slipcast::desk {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr Settings::Range kShare{.low = 0.0, .high = 1.0, .low_open = true};
constexpr Settings::Range kPositive{.low = 0.0, .high = kInfinity, .low_open = true};
constexpr Settings::Range kNotNegative{.low = 0.0, .high = kInfinity};
constexpr Settings::Range kAtLeastOne{.low = 1.0, .high = kInfinity};
constexpr Settings::Range kBelowOne{.low = 0.0, .high = 1.0, .high_open = true};
constexpr const char* kPlaybook = "hierarchical-slippage playbook, part 6";

void add(Settings& all, ObjectiveOptions& o) {
    all.number("tail_quantile", "", o.tail_quantile, {.low = 0.5, .high = 1.0, .low_open = true, .high_open = true},
               "quantile of the predicted cost that counts as its tail", kPlaybook);
    all.number("tail_weight", "", o.tail_weight, kNotNegative, "weight of the tail in the score (lambda)", kPlaybook);
    all.number("miss_weight", "bps", o.miss_weight, kNotNegative,
               "what missing the deadline for certain adds to the score (eta)", kPlaybook);
}

void add(Settings& all, LadderOptions& o) {
    all.number("amber_multiple", "", o.amber_multiple, kPositive,
               "AMBER when the predicted p95 is above this multiple of the tier's median p95");
    all.number("red_multiple", "", o.red_multiple, kPositive,
               "RED when the predicted p95 is above this multiple of the tier's median p95");
    all.integer("least_observations", "orders", o.least_observations, 0, std::numeric_limits<int>::max(),
                "a symbol with fewer finished orders is cold", "hierarchical-slippage playbook, part 3.3");
    all.number("cold_start_cap", "", o.cold_start_cap, kShare, "multiplies the participation cap of a cold symbol");
    all.number("cold_start_uncertainty", "", o.cold_start_uncertainty, kAtLeastOne,
               "multiplies tail_weight for a cold symbol");
    all.number("stress_enter", "", o.stress_enter, {.low = -kInfinity, .high = kInfinity},
               "stress begins with a score above: z(log volatility) + z(log spread) - z(log depth)");
    all.number("stress_leave", "", o.stress_leave, {.low = -kInfinity, .high = kInfinity},
               "stress ends with a score below");
}

void add(Settings& all, SizingOptions& o) {
    all.duration("interval", o.interval, std::chrono::milliseconds(1), std::chrono::hours(24),
                 "between the children of one order on GREEN");
    all.number("amber_clip", "", o.amber_clip, kShare,
               "size of a child on AMBER, of one on GREEN, where the deadline leaves slack");
    all.number("red_clip", "", o.red_clip, kShare, "the same on RED");
    all.number("amber_patience", "", o.amber_patience, kAtLeastOne,
               "interval on AMBER, of that on GREEN, where the deadline leaves slack");
    all.number("red_patience", "", o.red_patience, kAtLeastOne, "the same on RED");
    all.number("green_randomness", "", o.green_randomness, kBelowOne,
               "children and intervals vary by at most this share either way on GREEN");
    all.number("amber_randomness", "", o.amber_randomness, kBelowOne, "the same on AMBER");
    all.number("red_randomness", "", o.red_randomness, kBelowOne, "the same on RED");
    all.flag("red_pause", o.red_pause, "RED sends nothing");
    all.number("fallback_participation", "", o.fallback_participation, kShare,
               "most share of the volume without a confident forecast");
    all.number("least_dark_chance", "", o.least_dark_chance, {.low = 0.0, .high = 1.0},
               "a lot goes dark where the chance that it fills there is believed above this");
    all.number(
        "dark_probe", "", o.dark_probe, {.low = 0.0, .high = 1.0},
        "chance that a step sends one lot to a dark venue drawn at random, so that a venue that changes is found");
}

void add(Settings& all, GuardOptions& o) {
    const std::vector<std::string> modes{"enforce", "observe"};
    all.number("limit_participation", "", o.participation, kShare,
               "own share of the market's volume in the guard window");
    all.number("limit_price_band", "bps", o.price_band_bps, kPositive,
               "distance of a child's price from the reference");
    all.number("limit_order_notional", "cash", o.order_notional, kPositive, "one child");
    all.number("limit_day_notional", "cash", o.day_notional, kPositive, "all children of a UTC day");
    all.integer("limit_messages", "", o.messages, 1, 1'000'000, "messages in the guard window");
    all.integer("limit_rejects", "", o.rejects, 0, 1'000'000, "rejects in the guard window");
    all.duration("guard_window", o.window, std::chrono::milliseconds(1), std::chrono::hours(24),
                 "over which messages, rejects and participation count");
    all.duration("stale_after", o.stale_after, std::chrono::nanoseconds(0), std::chrono::hours(24),
                 "age at which a quote is too old");
    all.choice("participation_mode", o.participation_mode, modes, "what the participation limit does");
    all.choice("price_band_mode", o.price_band_mode, modes, "what the price band does");
    all.choice("order_notional_mode", o.order_notional_mode, modes, "what the limit on a child's notional does");
    all.choice("day_notional_mode", o.day_notional_mode, modes, "what the limit on the day's notional does");
    all.choice("messages_mode", o.messages_mode, modes, "what the message rate limit does");
    all.choice("rejects_mode", o.rejects_mode, modes, "what the reject limit does");
    all.choice("stale_mode", o.stale_mode, modes, "what the limit on the age of quotes does");
}

}  // namespace

Settings DeskOptions::settings() {
    Settings all;
    add(all, objective);
    add(all, ladder);
    add(all, sizing);
    add(all, guards);
    all.integer("max_orders", "orders", max_orders, 1, 100'000, "worked at one time");
    all.seed("seed", seed, "of the random sizes and intervals of children");
    return all;
}

Result<void> DeskOptions::validate() const {
    DeskOptions copy = *this;
    SLIPCAST_CHECK(copy.settings().validate());
    if (ladder.red_multiple < ladder.amber_multiple) {
        return invalid_value("red_multiple", fmt::format("{}", ladder.red_multiple), "must be >= amber_multiple");
    }
    if (ladder.stress_leave > ladder.stress_enter) {
        return invalid_value("stress_leave", fmt::format("{}", ladder.stress_leave), "must be <= stress_enter");
    }
    return {};
}

std::uint64_t DeskOptions::digest() const {
    DeskOptions copy = *this;
    return digest64(copy.settings().canonical_text());
}

}  // namespace slipcast::desk
