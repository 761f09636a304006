#pragma once

#include "slipcast/core/random.hpp"
#include "slipcast/math/sampling.hpp"
#include "support/session_tape.hpp"

namespace slipcast::test {

/// A tape of prints and quotes at random seconds in and around the sessions: auctions, crossed and one-sided quotes,
/// and feed gaps among them.
inline SessionTape random_session_tape(RandomStream& random, int days, Duration length) {
    SessionTape tape(days, length);
    const auto seconds_long = std::chrono::duration_cast<std::chrono::seconds>(length).count();
    constexpr std::int64_t kAround = 600;
    for (int day = 0; day < days; ++day) {
        std::int64_t mid = 10'000 + static_cast<std::int64_t>(math::draw_index(random, 100));
        for (std::int64_t second = -kAround; second < seconds_long + kAround; ++second) {
            const Timestamp time = SessionTape::at(day, std::chrono::seconds{second});
            if (math::draw_bernoulli(random, 0.05)) {
                mid += static_cast<std::int64_t>(math::draw_index(random, 5)) - 2;
                // Half-widths from -1: a few quotes are crossed, some locked.
                const std::int64_t half = static_cast<std::int64_t>(math::draw_index(random, 5)) - 1;
                tape.quote(time, mid - half, math::draw_bernoulli(random, 0.05) ? 0 : mid + half);
            }
            if (math::draw_bernoulli(random, 0.05)) {
                market::TradeFlags flags;
                if (math::draw_bernoulli(random, 0.9)) flags = market::kRegularTrade;
                if (math::draw_bernoulli(random, 0.02)) flags.set(market::TradeFlag::opening_auction);
                if (math::draw_bernoulli(random, 0.02)) flags.set(market::TradeFlag::closing_auction);
                tape.trade(time, 1 + static_cast<std::int64_t>(math::draw_index(random, 1000)), flags);
            }
        }
        const Duration from = std::chrono::seconds{math::draw_index(random, static_cast<std::uint64_t>(seconds_long))};
        tape.series.gaps.push_back(
            {SessionTape::at(day, from), SessionTape::at(day, from + std::chrono::seconds{200})});
    }
    return tape;
}

}  // namespace slipcast::test
