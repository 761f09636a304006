#include <benchmark/benchmark.h>

#include <algorithm>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "micro/tape.hpp"
#include "slipcast/tca/asof.hpp"
#include "support/plain_read.hpp"
#include "support/stopwatch.hpp"

// Each bench checks its answer against a plain reference before it is timed, and reports `of_read`: the time of one
// plain read of the same quote columns, measured in the same run, over its own. 1 means bound by reading every quote;
// above 1 the kernel left quotes unread, which galloping does when events are few.

namespace slipcast::bench {
namespace {

constexpr Duration kHorizons[] = {std::chrono::seconds{-10}, std::chrono::seconds{-1}, std::chrono::milliseconds{100},
                                  std::chrono::seconds{1},   std::chrono::seconds{5},  std::chrono::seconds{30},
                                  std::chrono::minutes{1},   std::chrono::minutes{5}};
constexpr Duration kAtEvent[] = {Duration{0}};

/// The tape of a size, made once.
const Tape& tape_of(std::size_t quotes, std::size_t events) {
    static std::map<std::pair<std::size_t, std::size_t>, std::unique_ptr<Tape>> tapes;
    auto& tape = tapes[{quotes, events}];
    if (!tape) tape = std::make_unique<Tape>(quotes, events);
    return *tape;
}

/// The plain reference: a binary search over the whole column for each event, and no other shortcut.
bool equals_reference(const Tape& tape, std::span<const Duration> offsets, const std::vector<tca::MidAt>& found) {
    for (std::size_t i = 0; i < tape.events.size(); ++i) {
        for (std::size_t k = 0; k < offsets.size(); ++k) {
            const Timestamp time = tape.events[i] + offsets[k];
            const auto after = std::lower_bound(tape.time.begin(), tape.time.end(), time);
            const tca::MidAt& answer = found[i * offsets.size() + k];
            if (after == tape.time.begin()) {
                if (answer.state != tca::QuoteState::none) return false;
                continue;
            }
            const auto row = static_cast<std::size_t>(after - tape.time.begin()) - 1;
            if (answer.mid != midpoint(tape.bid[row], tape.ask[row])) return false;
        }
    }
    return true;
}

/// The median of five plain reads of the quote columns.
double read_s(const Tape& tape) {
    std::vector<double> seconds;
    for (int round = 0; round < 5; ++round) {
        const Stopwatch watch;
        std::uint64_t sum = plain_read(std::span(tape.time));
        sum += plain_read(std::span(tape.bid));
        sum += plain_read(std::span(tape.ask));
        benchmark::DoNotOptimize(sum);
        seconds.push_back(watch.cpu_s());
    }
    std::ranges::nth_element(seconds, seconds.begin() + 2);
    return seconds[2];
}

void run_asof(benchmark::State& state, std::span<const Duration> offsets) {
    const Tape& tape = tape_of(static_cast<std::size_t>(state.range(0)), static_cast<std::size_t>(state.range(1)));
    if (!equals_reference(tape, offsets, tca::asof_mids(tape.quotes(), tape.events, offsets))) {
        state.SkipWithError("the answer differs from the plain reference");
        return;
    }
    const double read = read_s(tape);
    const Stopwatch watch;
    for (auto _ : state) benchmark::DoNotOptimize(tca::asof_mids(tape.quotes(), tape.events, offsets));
    const double each = watch.cpu_s() / static_cast<double>(state.iterations());
    state.counters["of_read"] = read / each;
    state.counters["read_GB/s"] = tape.bytes() / read / 1e9;
    state.counters["answers/s"] = benchmark::Counter(
        static_cast<double>(state.iterations()) * static_cast<double>(tape.events.size() * offsets.size()),
        benchmark::Counter::kIsRate);
}

void asof_merge(benchmark::State& state) {
    run_asof(state, kAtEvent);
}
void markouts_8(benchmark::State& state) {
    run_asof(state, kHorizons);
}

// Quotes and events: one event to 100 quotes as on a busy tape, one to 10, one to one.
BENCHMARK(asof_merge)->Args({10'000'000, 100'000})->Args({10'000'000, 1'000'000})->Args({2'000'000, 2'000'000});
BENCHMARK(markouts_8)->Args({10'000'000, 100'000})->Args({10'000'000, 1'000'000})->Args({2'000'000, 2'000'000});

}  // namespace
}  // namespace slipcast::bench
