#include "slipcast/sim/queue.hpp"

#include <algorithm>

#include "slipcast/core/assert.hpp"
#include "slipcast/core/int128.hpp"

namespace slipcast::sim {

QueuePosition QueuePosition::behind(Quantity displayed) {
    SLIPCAST_ASSERT(displayed >= Quantity{}, "a displayed size is not negative");
    QueuePosition position;
    position.ahead_ = displayed;
    return position;
}

Quantity QueuePosition::print(Quantity size, Quantity remaining) {
    if (!ahead_) return Quantity{};
    const Quantity through = std::min(size, *ahead_);
    *ahead_ -= through;
    return std::min(size - through, remaining);
}

void QueuePosition::display(Quantity expected, Quantity displayed) {
    if (!ahead_ || displayed >= expected) return;
    // Cancels are spread evenly over the queue, so what is ahead shrinks as the whole does.
    const Int128 kept = divide_half_even(Int128{ahead_->units()} * displayed.units(), expected.units());
    ahead_ = Quantity::from_units(narrow(kept));
}

void QueuePosition::reach(Quantity displayed) {
    ahead_ = ahead_ ? std::min(*ahead_, displayed) : displayed;
}

}  // namespace slipcast::sim
