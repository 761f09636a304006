#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <memory>
#include <numbers>
#include <utility>
#include <vector>

#include "slipcast/math/statistics.hpp"
#include "slipcast/venue/online.hpp"
#include "slipcast/venue/router.hpp"

// How near the split stays to the ideal one while zero bins drift: four venues, orders of 8,000, zero bins on sines of
// 0.82 +- 0.14 a quarter turn apart, 4,000 orders, the mean from order 500 on. The router with and without forgetting,
// beside likelihood with one optimistic fill where everything older counts .995 or .99 as much after each order (told
// the largest liquidity).
//   quality_venue_drift [TRIALS]

using namespace slipcast;
using namespace slipcast::venue;

namespace {

constexpr std::int64_t kVolume = 8'000;
constexpr std::int64_t kMaxLiquidity = 10'000;
using Lots = std::vector<std::int64_t>;

std::vector<VenueTerms> truth_at(int order, double period) {
    constexpr std::array<double, 4> kExponents{0.5, 0.9, 0.3, 1.1};
    std::vector<VenueTerms> venues;
    for (std::size_t i = 0; i < kExponents.size(); ++i) {
        const double turn = 2.0 * std::numbers::pi * (order / period + 0.25 * static_cast<double>(i));
        const double zero_bin = 0.82 + 0.14 * std::sin(turn);
        venues.push_back({.liquidity = *Liquidity::power_law(zero_bin, kExponents[i], kMaxLiquidity)});
    }
    return venues;
}

/// split() and learn(sent, filled) of one way to split.
struct Splitter {
    std::function<Lots()> split;
    std::function<void(const Lots&, const Lots&)> learn;
};

Splitter with_router(double forgetting) {
    RouterOptions options;
    options.belief.forgetting = forgetting;
    auto router = std::make_shared<Router>(*Router::create(4, kVolume, options));
    return {
        .split = [router] { return (*router->allocate(kVolume))->quantity; },
        .learn = [router](const Lots& sent, const Lots& filled) { static_cast<void>(router->observe(sent, filled)); }};
}

Splitter discounted(double factor) {
    const auto grid = *PowerLawGrid::create(kMaxLiquidity);
    auto online = std::make_shared<std::vector<OnlinePowerLaw>>(4, OnlinePowerLaw{grid});
    const auto split = [online] {
        std::vector<VenueTerms> venues;
        for (const OnlinePowerLaw& one : *online) {
            const OnlinePowerLaw::Estimate estimate = one.estimate();
            const double zero_bin = one.zero_weight() / (one.total_weight() + 1.0);
            venues.push_back({.liquidity = estimate.has_shape
                                               ? *Liquidity::power_law(zero_bin, estimate.exponent, kMaxLiquidity)
                                               : *Liquidity::exponential(zero_bin, 1.0)});
        }
        Allocator allocator = *Allocator::create(venues);
        Split made;
        static_cast<void>(allocator.allocate(kVolume, made));
        return made.quantity;
    };
    return {.split = split, .learn = [online, factor](const Lots& sent, const Lots& filled) {
                for (std::size_t i = 0; i < sent.size(); ++i) {
                    (*online)[i].discount(factor);
                    if (sent[i] > 0) {
                        static_cast<void>((*online)[i].observe({.sent = sent[i], .filled = filled[i]}));
                    }
                }
            }};
}

double followed(const Splitter& splitter, double period, std::uint64_t seed) {
    RandomStream stream(seed, "bench.venue.drift");
    double share = 0.0;
    int counted = 0;
    Split ideal;
    for (int order = 0; order < 4'000; ++order) {
        const std::vector<VenueTerms> truth = truth_at(order, period);
        const Lots sent = splitter.split();
        Lots filled;
        for (std::size_t i = 0; i < truth.size(); ++i) {
            filled.push_back(std::min(sent[i], truth[i].liquidity.draw(stream)));
        }
        splitter.learn(sent, filled);
        if (order < 500 || order % 10 != 0) continue;
        Allocator best = *Allocator::create(truth);
        static_cast<void>(best.allocate(kVolume, ideal));
        share += best.expected_fill(sent) / best.expected_fill(ideal.quantity);
        ++counted;
    }
    return share / counted;
}

}  // namespace

int main(int argc, char** argv) {
    const int trials = argc > 1 ? std::atoi(argv[1]) : 10;
    const std::array<std::pair<const char*, std::function<Splitter()>>, 4> ways{
        {{"slipcast", [] { return with_router(RouterOptions{}.belief.forgetting); }},
         {"without forgetting", [] { return with_router(0.0); }},
         {"discounted by .995", [] { return discounted(0.995); }},
         {"discounted by .99", [] { return discounted(0.99); }}}};
    fmt::print("{} trials: fraction of ideal (standard error)\n{:20}{:>18}{:>18}{:>18}{:>18}\n", trials, "period",
               "none", "8,000", "4,000", "2,000");
    for (const auto& [title, way] : ways) {
        fmt::print("{:20}", title);
        for (const double period : {1e12, 8'000.0, 4'000.0, 2'000.0}) {
            math::Moments shares;
            for (int trial = 0; trial < trials; ++trial) {
                shares.add(followed(way(), period, static_cast<std::uint64_t>(trial) + 1));
            }
            fmt::print("{:>18}", fmt::format("{:.4f} ({:.4f})", *shares.mean(), shares.standard_error().value_or(0.0)));
        }
        fmt::print("\n");
    }
    return 0;
}
