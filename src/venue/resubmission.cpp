#include "slipcast/venue/resubmission.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "slipcast/core/assert.hpp"
#include "slipcast/core/table_builder.hpp"
#include "slipcast/venue/allocate.hpp"

namespace slipcast::venue {
namespace {

constexpr int kHalvings = 6;  ///< of the lots that are moved at once
constexpr double kBetter = 1e-9;

std::vector<std::int64_t> equal_parts(std::int64_t volume, std::size_t venues) {
    const auto count = static_cast<std::int64_t>(venues);
    std::vector<std::int64_t> parts(venues, volume / count);
    for (std::int64_t i = 0; i < volume % count; ++i) ++parts[static_cast<std::size_t>(i)];
    return parts;
}

}  // namespace

Settings ResubmissionOptions::settings() {
    Settings settings;
    settings.number("share", "", share, {.low = 0.0, .high = 1.0, .low_open = true, .high_open = true},
                    "of the order: done when more than this is filled");
    settings.integer("levels", "", levels, 4, 512, "steps of progress told apart");
    return settings;
}

Result<ResubmissionPlan> ResubmissionPlan::create(std::int64_t volume, std::vector<Liquidity> venues,
                                                  ResubmissionOptions options) {
    if (volume < 1 || volume > kLargestSize) {
        return invalid_value("volume", fmt::format("{}", volume), "must be in 1..2^40 lots");
    }
    SLIPCAST_CHECK(options.settings().validate());
    if (std::all_of(venues.begin(), venues.end(), [](const Liquidity& one) { return one.prob_at_least(1) <= 0.0; })) {
        return invalid_value("venues", fmt::format("{}", venues.size()), "must hold one that fills now and then");
    }
    std::vector<VenueTerms> terms;
    for (const Liquidity& one : venues) terms.push_back({.liquidity = one});
    SLIPCAST_TRY(allocator, Allocator::create(std::move(terms)));
    ResubmissionPlan plan;
    plan.volume_ = volume;
    plan.target_ = static_cast<std::int64_t>(options.share * static_cast<double>(volume)) + 1;
    const auto levels = static_cast<std::size_t>(std::min<std::int64_t>(options.levels, plan.target_));
    const double unit = static_cast<double>(plan.target_) / static_cast<double>(levels);
    for (std::size_t m = 0; m <= levels; ++m) {
        plan.edges_.push_back(m == levels ? plan.target_ : static_cast<std::int64_t>(static_cast<double>(m) * unit));
    }
    for (const Liquidity& one : venues) {
        plan.fills_.emplace_back();
        for (const std::int64_t edge : plan.edges_) plan.fills_.back().push_back(one.expected_fill(edge));
    }
    plan.venues_ = std::move(venues);
    const std::size_t count = plan.venues_.size();
    plan.splits_.resize(levels);
    plan.planned_.assign(levels, 0.0);
    plan.greedy_.assign(levels, 0.0);
    Split split;
    for (std::size_t level = levels; level-- > 0;) {
        const std::int64_t left = volume - plan.edges_[level];
        SLIPCAST_CHECK(allocator.allocate(left, split));
        plan.greedy_[level] = plan.rounds(level, split.quantity, plan.greedy_);
        const std::vector<std::int64_t> from_greedy = plan.improved(level, split.quantity);
        const std::vector<std::int64_t> from_equal = plan.improved(level, equal_parts(left, count));
        const double first = plan.rounds(level, from_greedy, plan.planned_);
        const double second = plan.rounds(level, from_equal, plan.planned_);
        plan.splits_[level] = first <= second ? from_greedy : from_equal;
        plan.planned_[level] = std::min(first, second);
    }
    return plan;
}

// A fill between two levels counts as either, so that its mean is kept: P(at least m levels) becomes the mean of T over
// the m-th step. Only what finishes the order by itself must do so in full.
double ResubmissionPlan::reach(std::size_t venue, std::size_t level, std::size_t steps, std::int64_t sent) const {
    if (level + steps == edges_.size() - 1) {
        const std::int64_t missing = target_ - edges_[level];
        return sent >= missing ? venues_[venue].prob_at_least(missing) : 0.0;
    }
    const std::int64_t low = edges_[steps - 1];
    if (sent <= low) return 0.0;
    const auto width = static_cast<double>(edges_[steps] - low);
    const double upper = sent >= edges_[steps] ? fills_[venue][steps] : venues_[venue].expected_fill(sent);
    return (upper - fills_[venue][steps - 1]) / width;
}

// 1 + E[J], the rounds without progress summed: (1 + sum over m > 0 of P(m) J(level + m)) / (1 - P(0)).
double ResubmissionPlan::rounds(std::size_t level, std::span<const std::int64_t> quantity,
                                std::span<const double> later) const {
    const std::size_t missing = edges_.size() - 1 - level;
    std::vector<double> sum{1.0};  // of fills in levels; what reaches `missing` is done and dropped
    for (std::size_t i = 0; i < quantity.size(); ++i) {
        std::vector<double> next(missing, 0.0);
        double reached = 1.0;
        for (std::size_t m = 0; m < missing; ++m) {
            const double beyond = std::min(reached, reach(i, level, m + 1, quantity[i]));
            const double mass = reached - beyond;
            for (std::size_t k = 0; k < sum.size() && k + m < missing; ++k) next[k + m] += sum[k] * mass;
            reached = beyond;
            if (beyond == 0.0) break;
        }
        sum = std::move(next);
    }
    if (!(sum[0] < 1.0)) return std::numeric_limits<double>::infinity();
    double expected = 1.0;
    for (std::size_t m = 1; m < sum.size(); ++m) {
        if (sum[m] > 0.0) expected += sum[m] * later[level + m];
    }
    return expected / (1.0 - sum[0]);
}

std::vector<std::int64_t> ResubmissionPlan::improved(std::size_t level, std::vector<std::int64_t> quantity) const {
    std::int64_t left = 0;
    for (const std::int64_t lots : quantity) left += lots;
    double best = rounds(level, quantity, planned_);
    for (int halving = 2; halving < 2 + kHalvings; ++halving) {
        const std::int64_t chunk = left >> halving;
        if (chunk == 0) break;
        for (bool moved = true; moved;) {
            moved = false;
            for (std::size_t from = 0; from < quantity.size(); ++from) {
                for (std::size_t to = 0; to < quantity.size(); ++to) {
                    if (from == to || quantity[from] < chunk) continue;
                    quantity[from] -= chunk;
                    quantity[to] += chunk;
                    const double now = rounds(level, quantity, planned_);
                    if (now < best - kBetter) {
                        best = now;
                        moved = true;
                    } else {
                        quantity[from] += chunk;
                        quantity[to] -= chunk;
                    }
                }
            }
        }
    }
    return quantity;
}

std::vector<std::int64_t> ResubmissionPlan::quantity(std::int64_t done) const {
    SLIPCAST_ASSERT(0 <= done && done < volume_, "part of the order is left");
    const double unit = static_cast<double>(target_) / static_cast<double>(splits_.size());
    const auto level = std::min(splits_.size() - 1, static_cast<std::size_t>(static_cast<double>(done) / unit));
    // The level's split, in proportion, for what is exactly left.
    const std::vector<std::int64_t>& split = splits_[level];
    std::int64_t total = 0;
    for (const std::int64_t lots : split) total += lots;
    const double scale = static_cast<double>(volume_ - done) / static_cast<double>(total);
    std::vector<std::int64_t> quantity;
    double reached = 0.0;
    std::int64_t given = 0;
    for (std::size_t i = 0; i < split.size(); ++i) {
        reached += static_cast<double>(split[i]) * scale;
        const std::int64_t until = i + 1 == split.size() ? volume_ - done : std::llround(reached);
        quantity.push_back(until - given);
        given = until;
    }
    return quantity;
}

Table ResubmissionPlan::table(std::span<const std::string> names) const {
    SLIPCAST_ASSERT(names.size() == venues_.size(), "one name a venue");
    std::vector<std::int64_t> done;
    std::vector<std::string> venue;
    std::vector<std::int64_t> lots;
    std::vector<double> expected;
    for (std::size_t level = 0; level < splits_.size(); ++level) {
        const std::vector<std::int64_t> split = quantity(edges_[level]);
        for (std::size_t i = 0; i < names.size(); ++i) {
            done.push_back(edges_[level]);
            venue.push_back(names[i]);
            lots.push_back(split[i]);
            expected.push_back(planned_[level]);
        }
    }
    return TableBuilder("plan", done.size())
        .add(plain("done", "Filled so far", "lots"), std::move(done))
        .add(plain("venue", "Venue"), std::move(venue))
        .add(plain("quantity", "To send there in the next round", "lots"), std::move(lots))
        .add(plain("expected_rounds", "Until more than the share is done", "rounds"), known(std::move(expected)))
        .take();
}

}  // namespace slipcast::venue
