#include "slipcast/core/clock.hpp"

namespace slipcast {

void SimulatedClock::advance_to(Timestamp time) {
    SLIPCAST_ASSERT(time >= now_, "time never runs backwards");
    now_ = time;
}

}  // namespace slipcast
