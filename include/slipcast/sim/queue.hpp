#pragma once

#include <cstdint>
#include <optional>

#include "slipcast/core/quantity.hpp"

namespace slipcast::sim {

/// Where a passive child stands in the queue of its price.
///
/// It joins behind the displayed size. Prints at the price take from the front. A fall in displayed size
/// that prints do not explain is cancels, taken pro rata from ahead and behind (rounded half to even);
/// a rise joins behind. `ahead` is unknown while the price is behind every level that the tape shows; the displayed
/// size stands ahead when a level first reaches it.
class QueuePosition {
public:
    /// Joins a price where `displayed` stands.
    static QueuePosition behind(Quantity displayed);
    /// Joins a price nobody can see.
    static QueuePosition unseen() { return QueuePosition{}; }

    /// Quantity that trades before us, when known.
    [[nodiscard]] std::optional<Quantity> ahead() const { return ahead_; }

    /// A print of `size` at the price: what of `remaining` it fills, at most size - ahead; the rest of it
    /// shortens the queue. Nothing while the queue is unknown.
    [[nodiscard]] Quantity print(Quantity size, Quantity remaining);
    /// The displayed size at the price went from `expected` (last displayed less prints since) to `displayed`.
    void display(Quantity expected, Quantity displayed);
    /// A shown level came to the price, with `displayed`.
    void reach(Quantity displayed);
    /// What is shown stands behind the price and not at it: nobody else is left there.
    void clear() { ahead_ = Quantity{}; }

private:
    std::optional<Quantity> ahead_;
};

}  // namespace slipcast::sim
