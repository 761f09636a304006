#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <string>
#include <utility>
#include <vector>

#include "slipcast/core/random.hpp"
#include "slipcast/math/sampling.hpp"
#include "slipcast/venue/compare.hpp"
#include "slipcast/venue/pool.hpp"

// How often the pool's statements about few pairs with few routes hold the truth, and what it costs.
//   quality_venue_pool [WORLDS]
// Worlds: logit of the zero bin 1.5 + symbol (deviation 0.4) + venue (0.4) + pair (0.3), exponent 0.8 + three effects
// of deviation 0.15, at most 10,000 lots, routes of 100, 500, 1,000 or 2,000. The pool knows none of these numbers.
// Exits 1 when a 95 % interval holds less than 92 % of the truths.

using namespace slipcast;
using namespace slipcast::venue;

namespace {

struct Scene {
    int symbols;
    int venues;
    int routes;
};
struct Truth {
    double zero_bin;
    double exponent;
};

std::vector<PairLog> world(const Scene& scene, std::uint64_t seed, std::vector<Truth>& truth) {
    RandomStream stream(seed, "bench.venue.pool");
    const auto effects = [&](int count, double deviation) {
        std::vector<double> made;
        for (int i = 0; i < count; ++i) made.push_back(deviation * math::draw_normal(stream));
        return made;
    };
    const std::vector<double> logit_of_symbol = effects(scene.symbols, 0.4);
    const std::vector<double> logit_of_venue = effects(scene.venues, 0.4);
    const std::vector<double> logit_of_pair = effects(scene.symbols * scene.venues, 0.3);
    const std::vector<double> exponent_of_symbol = effects(scene.symbols, 0.15);
    const std::vector<double> exponent_of_venue = effects(scene.venues, 0.15);
    const std::vector<double> exponent_of_pair = effects(scene.symbols * scene.venues, 0.15);
    std::vector<PairLog> logs;
    for (std::size_t s = 0; s < logit_of_symbol.size(); ++s) {
        for (std::size_t v = 0; v < logit_of_venue.size(); ++v) {
            const std::size_t pair = logs.size();
            const double logit = 1.5 + logit_of_symbol[s] + logit_of_venue[v] + logit_of_pair[pair];
            truth.push_back({.zero_bin = 1.0 / (1.0 + std::exp(-logit)),
                             .exponent = 0.8 + exponent_of_symbol[s] + exponent_of_venue[v] + exponent_of_pair[pair]});
            const Liquidity liquidity = *Liquidity::power_law(truth.back().zero_bin, truth.back().exponent, 10'000);
            PairLog log{
                .symbol = fmt::format("S{}", s), .venue = fmt::format("V{}", v), .lot_size = 1, .observations = {}};
            for (int i = 0; i < scene.routes; ++i) {
                constexpr std::int64_t kSizes[] = {100, 500, 1'000, 2'000};
                const std::int64_t sent = kSizes[math::draw_index(stream, 4)];
                log.observations.push_back({sent, std::min(sent, liquidity.draw(stream))});
            }
            logs.push_back(std::move(log));
        }
    }
    return logs;
}

bool report(const Scene& scene, int worlds) {
    double pairs = 0.0;
    double zero_bins = 0.0;
    double exponents = 0.0;
    double near_zero_bins = 0.0;
    double near_exponents = 0.0;
    for (int w = 0; w < worlds; ++w) {
        std::vector<Truth> truth;
        const std::vector<PairLog> logs = world(scene, static_cast<std::uint64_t>(w) + 1, truth);
        const Pool pool = *Pool::estimate(logs, 10'000);
        for (std::size_t i = 0; i < truth.size(); ++i) {
            const Pool::Member& one = pool.members()[i];
            const auto& [z, b] = truth[i];
            pairs += 1.0;
            zero_bins += one.zero_bin_low <= z && z <= one.zero_bin_high ? 1.0 : 0.0;
            exponents += one.exponent_low <= b && b <= one.exponent_high ? 1.0 : 0.0;
            near_zero_bins += std::abs(one.zero_bin - z) <= 2.0 * one.zero_bin_deviation ? 1.0 : 0.0;
            near_exponents += std::abs(one.exponent - b) <= 2.0 * one.exponent_deviation ? 1.0 : 0.0;
        }
    }
    fmt::print("{:>6} x {}, {:>3} routes {:>9.3f}{:>10.3f}{:>17.3f}{:>10.3f}\n", scene.symbols, scene.venues,
               scene.routes, zero_bins / pairs, exponents / pairs, near_zero_bins / pairs, near_exponents / pairs);
    return zero_bins >= 0.92 * pairs && exponents >= 0.92 * pairs;
}

}  // namespace

int main(int count, char** arguments) {
    const int worlds = count > 1 ? std::atoi(arguments[1]) : 300;
    fmt::print("share of truths          in the 95 % interval    within two deviations\n");
    fmt::print("symbols x venues        zero bin  exponent         zero bin  exponent\n");
    bool holds = true;
    for (const Scene& scene : {Scene{1, 1, 20}, Scene{1, 2, 200}, Scene{1, 4, 20}, Scene{1, 4, 100}, Scene{2, 2, 20}}) {
        holds = report(scene, worlds) && holds;
    }
    holds = report({12, 4, 20}, (worlds + 7) / 8) && holds;
    for (const auto& [symbols, venues] : {std::pair{50, 10}, std::pair{500, 1}}) {
        const std::vector<PairLog> logs =
            *synthetic_suite({.symbols = symbols, .venues = venues, .observations = 100, .seed = 1});
        const std::clock_t begin = std::clock();
        const Pool pool = *Pool::estimate(logs, 10'000);
        fmt::print("{} pairs of {} x {}: {:.2f} s\n", pool.members().size(), symbols, venues,
                   static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC);
    }
    return holds ? 0 : 1;
}
