#pragma once

#include <deque>

#include "slipcast/core/quantity.hpp"
#include "slipcast/core/time.hpp"

namespace slipcast::sim {

/// What was traded within a window that ends now, to the whole second at its far end.
class RecentVolume {
public:
    explicit RecentVolume(Duration window) : window_(window) {}
    /// Times ascend.
    void add(Timestamp time, Quantity quantity) {
        const Timestamp second = Timestamp::from_ns(time.ns() / kSecond * kSecond);
        if (seconds_.empty() || seconds_.back().second < second) seconds_.push_back({second, {}});
        seconds_.back().quantity += quantity;
        sum_ += quantity;
    }
    [[nodiscard]] Quantity within(Timestamp now) {
        while (!seconds_.empty() && seconds_.front().second + window_ <= now) {
            sum_ = sum_ - seconds_.front().quantity;
            seconds_.pop_front();
        }
        return sum_;
    }

private:
    static constexpr std::int64_t kSecond = 1'000'000'000;
    struct Second {
        Timestamp second;
        Quantity quantity;
    };
    Duration window_;
    std::deque<Second> seconds_;
    Quantity sum_;
};

}  // namespace slipcast::sim
