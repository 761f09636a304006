#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "slipcast/venue/compare.hpp"
#include "slipcast/venue/fit.hpp"
#include "slipcast/venue/kaplan_meier.hpp"
#include "slipcast/venue/turnbull.hpp"

// Laws of the estimators on arbitrary logs.

using namespace slipcast::venue;

namespace {

constexpr std::int64_t kLargest = 40;

/// Any possible log of 1..60 routes of at most kLargest lots; without minimum quantities where `plain` says so.
std::vector<Observation> any_log(bool plain) {
    const auto count = *rc::gen::inRange<std::size_t>(1, 61);
    std::vector<Observation> log;
    for (std::size_t i = 0; i < count; ++i) {
        const auto sent = *rc::gen::inRange<std::int64_t>(1, kLargest + 1);
        const auto least = plain ? 1 : *rc::gen::inRange<std::int64_t>(1, sent + 1);
        const auto there = *rc::gen::element<std::int64_t>(0, *rc::gen::inRange<std::int64_t>(1, kLargest + 10));
        log.push_back({sent, there >= least ? std::min(sent, there) : 0, least});
    }
    return log;
}

}  // namespace

TEST(VenueProperty, TailsFallFromOneAndRunningEqualsBatch) {
    rc::check([] {
        const auto log = any_log(true);
        const KaplanMeier curve = *KaplanMeier::estimate(log, kLargest);
        RunningKaplanMeier running(kLargest);
        for (const Observation& one : log) RC_ASSERT(running.observe(one).has_value());
        double before = 1.0;
        for (std::int64_t s = 1; s <= kLargest; ++s) {
            const double tail = curve.prob_at_least(s);
            RC_ASSERT(tail >= 0.0 && tail <= before);
            RC_ASSERT(std::abs(running.prob_at_least(s) - tail) < 1e-12);
            const ProbabilityBand band = curve.band(s, 0.9);
            RC_ASSERT(band.low.value_or(0.0) <= tail + 1e-12 && band.high.value_or(1.0) >= tail - 1e-12);
            before = tail;
        }
    });
}

TEST(VenueProperty, NoShapeIsMoreLikelyThanTheStepFunction) {
    rc::check([] {
        const auto log = any_log(false);
        const Turnbull steps = *Turnbull::estimate(log);
        RC_ASSERT(steps.optimality_gap() >= -1e-9);
        RC_ASSERT(steps.converged());
        for (const Shape shape : kModels) {
            const Fit found = *fit(log, {.shape = shape, .max_liquidity = 2 * kLargest});
            RC_ASSERT(found.log_likelihood() <= steps.log_likelihood() + 1e-6);
            RC_ASSERT(found.zero_bin() >= 0.0 && found.zero_bin() <= 1.0);
        }
    });
}

TEST(VenueProperty, WithoutMinimumsTheZeroBinIsTheShareOfMisses) {
    rc::check([] {
        const auto log = any_log(true);
        const auto misses =
            std::count_if(log.begin(), log.end(), [](const Observation& one) { return one.filled == 0; });
        const double share = static_cast<double>(misses) / static_cast<double>(log.size());
        for (const Shape shape : kModels) {
            const Fit found = *fit(log, {.shape = shape, .max_liquidity = 2 * kLargest});
            RC_ASSERT(std::abs(found.zero_bin() - share) < 1e-9);
        }
    });
}

TEST(VenueProperty, TheOrderOfRoutesDoesNotMatter) {
    rc::check([] {
        auto log = any_log(false);
        const Fit one = *fit(log, {.max_liquidity = 2 * kLargest});
        std::reverse(log.begin(), log.end());
        const Fit other = *fit(log, {.max_liquidity = 2 * kLargest});
        RC_ASSERT(std::abs(one.log_likelihood() - other.log_likelihood()) <=
                  1e-9 * (1.0 + std::abs(one.log_likelihood())));
        RC_ASSERT(one.reason() == other.reason());
    });
}
