#include <benchmark/benchmark.h>

#include <cmath>
#include <vector>

#include "slipcast/core/random.hpp"
#include "slipcast/forecast/forecaster.hpp"
#include "slipcast/math/sampling.hpp"

namespace slipcast::bench {
namespace {

constexpr int kSessions = 61;

/// One instrument with a history of random sessions of 78 five-minute bins.
forecast::History history() {
    forecast::History made;
    forecast::InstrumentHistory instrument;
    instrument.instrument = InstrumentId::from_index(0);
    RandomStream random(1, "bench.forecast");
    for (int day = 0; day < kSessions; ++day) {
        forecast::SessionRecord record;
        record.session.date = Date::from_days(day);
        record.session.open = record.session.date.midnight_utc() + std::chrono::hours{14};
        record.session.close = record.session.open + std::chrono::minutes{390};
        record.complete = record.has_trades = true;
        record.variance.assign(78, 1e-6);
        record.spread.assign(78, 2.0);
        record.quoted.assign(78, 1.0);
        for (int bin = 0; bin < 78; ++bin)
            record.volume.push_back(static_cast<std::int64_t>(math::draw_lognormal(random, 9.0, 0.5)));
        instrument.sessions.push_back(record);
    }
    made.instruments.push_back(instrument);
    return made;
}

/// What a feature or a POV schedule asks at every fill: the volume of the next half hour.
void window_volume(benchmark::State& state) {
    const forecast::Forecaster forecaster(history());
    const InstrumentId instrument = InstrumentId::from_index(0);
    const forecast::SessionRecord& last = forecaster.history().instruments.front().sessions.back();
    const TimeRange rest{last.session.open + std::chrono::hours{2}, last.session.close};
    const auto window = forecaster.window_volume(instrument, rest);
    const auto whole = forecaster.at(instrument, rest.begin).remaining_volume;
    if (!window || !whole || std::abs(window->median / whole->median - 1.0) > 1e-12) {
        state.SkipWithError("the rest of the session differs between the two questions");
        return;
    }
    const TimeRange ahead{rest.begin, rest.begin + std::chrono::minutes{30}};
    for (auto _ : state) benchmark::DoNotOptimize(forecaster.window_volume(instrument, ahead));
}

BENCHMARK(window_volume);

}  // namespace
}  // namespace slipcast::bench
