#pragma once

#include "slipcast/core/time.hpp"

namespace slipcast {

/// The one seam through which the engine learns the time. Only `app` owns a wall clock.
class Clock {
public:
    Clock() = default;
    Clock(const Clock&) = delete;
    Clock& operator=(const Clock&) = delete;
    virtual ~Clock() = default;
    [[nodiscard]] virtual Timestamp now() const = 0;
};

/// A clock that stands where it was put: replays and tests.
class SimulatedClock final : public Clock {
public:
    explicit SimulatedClock(Timestamp start) : now_(start) {}
    [[nodiscard]] Timestamp now() const override { return now_; }
    /// Moves forward to `time`; time never runs backwards (asserted).
    void advance_to(Timestamp time);

private:
    Timestamp now_;
};

}  // namespace slipcast
