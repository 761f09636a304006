#pragma once

#include <algorithm>
#include <vector>

#include "slipcast/core/random.hpp"
#include "slipcast/market/tape.hpp"
#include "slipcast/math/sampling.hpp"

namespace slipcast::bench {

/// One instrument's quotes with exponential gaps (mean 1 ms, millisecond stamps, so times repeat) and sorted events at
/// random times, a fifth of them at the instant of a quote.
struct Tape {
    std::vector<Timestamp> time;
    std::vector<Price> bid, ask;
    std::vector<Timestamp> events;

    Tape(std::size_t quotes, std::size_t count) {
        constexpr std::int64_t kTick = 10'000'000;
        constexpr std::int64_t kMillisecond = 1'000'000;
        RandomStream random(1, "bench.tape");
        double now = 0.0;
        std::int64_t level = 10'000;
        for (std::size_t i = 0; i < quotes; ++i) {
            now += math::draw_exponential(random, 1e6);
            level += static_cast<std::int64_t>(math::draw_index(random, 3)) - 1;
            time.push_back(Timestamp::from_ns(static_cast<std::int64_t>(now) / kMillisecond * kMillisecond));
            bid.push_back(Price::from_units(level * kTick));
            ask.push_back(Price::from_units((level + 1) * kTick));
        }
        for (std::size_t i = 0; i < count; ++i) {
            const Timestamp quote = time[math::draw_index(random, quotes)];
            const bool tied = math::draw_bernoulli(random, 0.2);
            events.push_back(tied ? quote : quote + Duration{math::draw_index(random, 1'000'000)});
        }
        std::ranges::sort(events);
    }
    [[nodiscard]] market::QuoteColumns quotes() const { return {time, bid, ask, {}, {}}; }
    [[nodiscard]] double bytes() const { return 24.0 * static_cast<double>(time.size()); }
};

}  // namespace slipcast::bench
