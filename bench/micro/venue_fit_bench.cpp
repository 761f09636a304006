#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "slipcast/core/random.hpp"
#include "slipcast/math/sampling.hpp"
#include "slipcast/venue/fit.hpp"
#include "slipcast/venue/kaplan_meier.hpp"
#include "slipcast/venue/online.hpp"
#include "slipcast/venue/turnbull.hpp"

namespace slipcast::bench {
namespace {

using namespace venue;

/// Routes of up to `largest` lots to a power law with zero bin 0.8 and exponent 0.7 on twice as many; every other one
/// with a minimum of a tenth of `largest` where `minimum` says so.
std::vector<Observation> routes(std::int64_t count, std::int64_t largest, bool minimum) {
    const Liquidity truth = *Liquidity::power_law(0.8, 0.7, 2 * largest);
    RandomStream stream(1, "bench.venue");
    std::vector<Observation> log;
    for (std::int64_t i = 0; i < count; ++i) {
        const std::int64_t sent =
            1 + static_cast<std::int64_t>(math::draw_index(stream, static_cast<std::uint64_t>(largest)));
        const std::int64_t least = minimum && i % 2 == 0 ? std::min(sent, largest / 10) : 1;
        const std::int64_t there = truth.draw(stream);
        log.push_back({sent, there >= least ? std::min(sent, there) : 0, least});
    }
    return log;
}

void fit_log(benchmark::State& state, Shape shape, bool minimum) {
    const auto log = routes(state.range(0), 5'000, minimum);
    const FitOptions options{.shape = shape, .max_liquidity = 10'000};
    const Fit found = *fit(log, options);
    const double loss = *log_loss(found.liquidity(), log, {.weight = 0.0, .max_liquidity = 10'000});
    if (std::abs(loss * static_cast<double>(log.size()) + found.log_likelihood()) >
        1e-6 * std::abs(found.log_likelihood())) {
        state.SkipWithError("the likelihood of the fit is not what its distribution says");
        return;
    }
    for (auto _ : state) benchmark::DoNotOptimize(fit(log, options));
}

void fit_power_law(benchmark::State& state) {
    fit_log(state, Shape::power_law, false);
}
void fit_power_law_with_minimums(benchmark::State& state) {
    fit_log(state, Shape::power_law, true);
}
void kaplan_meier(benchmark::State& state) {
    const auto log = routes(state.range(0), 5'000, false);
    const KaplanMeier curve = *KaplanMeier::estimate(log);
    const auto missed = std::count_if(log.begin(), log.end(), [](const Observation& one) { return one.filled == 0; });
    if (std::abs(curve.prob_at_least(1) - (1.0 - static_cast<double>(missed) / static_cast<double>(log.size()))) >
        1e-12) {
        state.SkipWithError("T(1) is not the share of routes that filled anything");
        return;
    }
    for (auto _ : state) benchmark::DoNotOptimize(KaplanMeier::estimate(log));
}

void turnbull(benchmark::State& state) {
    const auto log = routes(state.range(0), 5'000, true);
    if (!Turnbull::estimate(log)->converged()) {
        state.SkipWithError("no certificate of the maximum");
        return;
    }
    for (auto _ : state) benchmark::DoNotOptimize(Turnbull::estimate(log));
}

/// One observation absorbed, sizes up to state.range(0); checked against the batch fit.
void observe(benchmark::State& state, bool minimum, std::size_t estimate_every) {
    const std::int64_t largest = state.range(0);
    const auto log = routes(4'096, largest, minimum);
    const auto grid = *PowerLawGrid::create(2 * largest);
    OnlinePowerLaw online(grid);
    for (const Observation& one : log) (void)online.observe(one);
    const Fit batch = *fit(log, {.shape = Shape::power_law, .max_liquidity = 2 * largest});
    if (std::abs(online.estimate().exponent - batch.parameter()) > 1e-4) {
        state.SkipWithError("the online estimate is not the batch fit");
        return;
    }
    std::size_t i = 0;
    for (auto _ : state) {
        benchmark::DoNotOptimize(online.observe(log[i % log.size()]));
        online.discount(0.9999);
        if (estimate_every > 0 && i % estimate_every == 0) benchmark::DoNotOptimize(online.estimate());
        ++i;
    }
}

void online_observe(benchmark::State& state) {
    observe(state, false, 0);
}
void online_observe_with_minimums(benchmark::State& state) {
    observe(state, true, 0);
}
void online_observe_and_estimate(benchmark::State& state) {
    observe(state, false, 1);
}
void online_observe_and_estimate_with_minimums(benchmark::State& state) {
    observe(state, true, 1);
}

BENCHMARK(fit_power_law)->Arg(2'000)->Arg(100'000)->Unit(benchmark::kMicrosecond);
BENCHMARK(fit_power_law_with_minimums)->Arg(2'000)->Arg(100'000)->Unit(benchmark::kMicrosecond);
BENCHMARK(kaplan_meier)->Arg(2'000)->Arg(100'000)->Unit(benchmark::kMicrosecond);
BENCHMARK(turnbull)->Arg(2'000)->Unit(benchmark::kMicrosecond);
BENCHMARK(online_observe)->Arg(500)->Arg(500'000)->Arg(500'000'000);
BENCHMARK(online_observe_with_minimums)->Arg(500)->Arg(500'000);
BENCHMARK(online_observe_and_estimate)->Arg(500)->Arg(500'000);
BENCHMARK(online_observe_and_estimate_with_minimums)->Arg(500);

}  // namespace
}  // namespace slipcast::bench
