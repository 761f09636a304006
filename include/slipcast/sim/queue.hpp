#pragma once

#include <cstdint>
#include <optional>

#include "slipcast/core/quantity.hpp"

namespace slipcast::sim {

/// Where a passive child stands in the queue of its price.
///
/// It joins behind the displayed size. Prints at the price take from the front. A fall in displayed size
/// that prints do not explain is cancels, taken pro rata from ahead and behind (rounded half to even);
/// a rise joins behind. `ahead` is unknown while the price is behind the touch of a tape without depth; the
/// displayed size stands ahead when the touch first reaches it.
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
    /// The touch came to the price, showing `displayed`.
    void reach(Quantity displayed);
    /// The touch fell back behind the price: nobody else is left at it.
    void clear() { ahead_ = Quantity{}; }

private:
    std::optional<Quantity> ahead_;
};

}  // namespace slipcast::sim
