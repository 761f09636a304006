#include <benchmark/benchmark.h>
#include <time.h>

#include <algorithm>
#include <cstdint>
#include <queue>
#include <string>
#include <utility>
#include <vector>

#include "slipcast/core/random.hpp"
#include "slipcast/venue/allocate.hpp"
#include "slipcast/venue/online.hpp"
#include "slipcast/venue/router.hpp"

// The split of an order over K power-law venues, against a heap that places lot by lot, and the absorption of one
// observation. Each checks its answer before it is timed.

namespace {

using namespace slipcast;
using namespace slipcast::venue;

constexpr std::int64_t kMaxLiquidity = 2'000'000;

std::vector<VenueTerms> drawn_venues(std::int64_t count) {
    RandomStream stream(11, "bench.venue");
    std::vector<VenueTerms> venues;
    for (std::int64_t i = 0; i < count; ++i) {
        const double zero_bin = 0.67 + 0.29 * stream.next_uniform();
        const double exponent = -0.4 + 1.7 * stream.next_uniform();
        venues.push_back({.liquidity = *Liquidity::power_law(zero_bin, exponent, kMaxLiquidity)});
    }
    return venues;
}

std::vector<std::int64_t> heap_split(const Allocator& allocator, std::int64_t volume) {
    std::vector<std::int64_t> quantity(allocator.venues().size(), 0);
    std::priority_queue<std::pair<double, std::int64_t>> heap;
    for (std::size_t i = 0; i < quantity.size(); ++i) {
        heap.emplace(allocator.marginal(i, 1), -static_cast<std::int64_t>(i));
    }
    for (std::int64_t lot = 0; lot < volume; ++lot) {
        const auto venue = static_cast<std::size_t>(-heap.top().second);
        heap.pop();
        ++quantity[venue];
        heap.emplace(allocator.marginal(venue, quantity[venue] + 1), -static_cast<std::int64_t>(venue));
    }
    return quantity;
}

void allocate(benchmark::State& state) {
    Allocator allocator = *Allocator::create(drawn_venues(state.range(0)));
    const std::int64_t volume = state.range(1);
    Split split;
    if (!allocator.allocate(volume, split) || split.quantity != heap_split(allocator, volume)) {
        state.SkipWithError("not the greedy split");
        return;
    }
    for (auto _ : state) {
        benchmark::DoNotOptimize(allocator.allocate(volume, split).has_value());
        benchmark::ClobberMemory();
    }
}
BENCHMARK(allocate)->ArgNames({"K", "V"})->ArgsProduct({{4, 40}, {1'000, 10'000, 100'000, 1'000'000}});

void allocate_by_heap(benchmark::State& state) {
    const Allocator allocator = *Allocator::create(drawn_venues(state.range(0)));
    for (auto _ : state) benchmark::DoNotOptimize(heap_split(allocator, state.range(1)).data());
}
BENCHMARK(allocate_by_heap)->ArgNames({"K", "V"})->ArgsProduct({{4, 40}, {1'000, 100'000}});

/// Observations of one venue, as an order's parts would bring them.
std::vector<Observation> drawn_log(std::int64_t largest) {
    const Liquidity liquidity = *Liquidity::power_law(0.8, 0.7, kMaxLiquidity);
    RandomStream stream(12, "bench.venue.log");
    std::vector<Observation> log;
    for (int i = 0; i < 4096; ++i) {
        const auto sent = 1 + static_cast<std::int64_t>(static_cast<double>(largest - 1) * stream.next_uniform());
        log.push_back({.sent = sent, .filled = std::min(sent, liquidity.draw(stream))});
    }
    return log;
}

void observe(benchmark::State& state) {
    const std::vector<Observation> log = drawn_log(state.range(0));
    OnlinePowerLaw online(*PowerLawGrid::create(kMaxLiquidity));
    for (const Observation& one : log) static_cast<void>(online.observe(one));
    double zeros = 0.0;
    for (const Observation& one : log) zeros += one.filled == 0 ? 1.0 : 0.0;
    if (online.zero_weight() != zeros) state.SkipWithError("misses were not counted");
    std::size_t at = 0;
    for (auto _ : state) benchmark::DoNotOptimize(online.observe(log[at++ % log.size()]).has_value());
}
BENCHMARK(observe)->ArgName("largest")->Arg(1'000)->Arg(1'000'000);

/// The whole router: four observations with detection of change, then the split.
void route_and_learn(benchmark::State& state) {
    const std::int64_t volume = state.range(0);
    Router router = *Router::create(4, volume, {.max_liquidity = kMaxLiquidity});
    std::vector<Liquidity> truth;
    for (const VenueTerms& terms : drawn_venues(4)) truth.push_back(terms.liquidity);
    RandomStream stream(13, "bench.venue.router");
    std::vector<std::int64_t> filled(4);
    for (auto _ : state) {
        const std::vector<std::int64_t> sent = (*router.allocate(volume))->quantity;
        for (std::size_t i = 0; i < 4; ++i) filled[i] = std::min(sent[i], truth[i].draw(stream));
        benchmark::DoNotOptimize(router.observe(sent, filled).has_value());
    }
}
BENCHMARK(route_and_learn)->ArgName("V")->Arg(1'000)->Arg(1'000'000);

/// CPU time to the nanosecond.
double thread_seconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

enum Kind : std::int64_t { miss, partial, full, as_they_come };

/// Answers of a venue of 10,000 lots at most to orders of 500..5,000, of one kind, with minimum quantities of so many
/// sizes (0: none).
std::vector<Observation> drawn_answers(std::int64_t kind, std::int64_t minimums, int count, std::uint64_t entity) {
    const Liquidity truth = *Liquidity::power_law(0.8, 0.7, 10'000);
    RandomStream stream(14, "bench.venue.answers", entity);
    std::vector<Observation> answers;
    while (answers.size() < static_cast<std::size_t>(count)) {
        const auto sent = 500 + static_cast<std::int64_t>(4'500.0 * stream.next_uniform());
        const auto which = static_cast<std::int64_t>(stream.next_uniform() * static_cast<double>(minimums));
        const std::int64_t least = minimums == 0 ? 1 : 20 * (1 + which);
        const std::int64_t there = truth.draw(stream);
        const std::int64_t filled = there >= least ? std::min(sent, there) : 0;
        const Kind shown = filled == 0 ? miss : filled < sent ? partial : full;
        if (kind != as_they_come && kind != shown) continue;
        answers.push_back({.sent = sent, .filled = filled, .min_quantity = least});
    }
    return answers;
}

/// CPU time of one answer of a kind at a router's venue that has seen 2,000: absorbing it, and with the split of the
/// next order, where the posterior is worked out.
void router_answer(benchmark::State& state) {
    constexpr int kAnswers = 64;
    const bool allocates = state.range(2) != 0;
    // So many fills in a row would be a change.
    Router warm = *Router::create(1, 5'000, {.alarm = 1'000.0});
    for (const Observation& one : drawn_answers(as_they_come, state.range(1), 2'000, 0)) {
        static_cast<void>(warm.observe(0, one));
    }
    const std::string seen = warm.save();
    const std::vector<Observation> answers = drawn_answers(state.range(0), state.range(1), kAnswers, 1);
    for (auto _ : state) {
        Router router = *Router::restore(seen);
        static_cast<void>(router.allocate(5'000));
        const double start = thread_seconds();
        for (const Observation& one : answers) {
            benchmark::DoNotOptimize(router.observe(0, one).has_value());
            if (allocates) benchmark::DoNotOptimize(router.allocate(5'000).has_value());
        }
        state.SetIterationTime((thread_seconds() - start) / kAnswers);
        if (router.belief(0).observations() < 100.0) state.SkipWithError("nothing was learned");
    }
}
BENCHMARK(router_answer)
    ->ArgNames({"kind", "minimums", "allocate"})
    ->ArgsProduct({{miss, partial, full, as_they_come}, {0, 2, 16}, {0, 1}})
    ->Iterations(300)
    ->UseManualTime();

}  // namespace
