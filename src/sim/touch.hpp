#pragma once

#include "slipcast/core/price.hpp"
#include "slipcast/core/quantity.hpp"

namespace slipcast::sim {

/// One side of the best quote and what is left of it since it was shown.
struct Touch {
    Price price;
    Quantity displayed;
    Quantity printed;  ///< taken by the tape's prints since shown
    Quantity taken;    ///< taken by our own children since shown

    /// What the tape still has there, our own takes apart: the queue that a passive child joins.
    [[nodiscard]] Quantity standing() const { return displayed - printed; }
    /// What our own children can still take.
    [[nodiscard]] Quantity left() const { return taken < standing() ? standing() - taken : Quantity{}; }

    /// The tape shows the side anew. At the price shown before, only a larger size brings back what was taken; a
    /// fall in size is first explained by prints.
    void show(Price at, Quantity size) {
        if (at != price || size > displayed) {
            *this = Touch{at, size, Quantity{}, Quantity{}};
            return;
        }
        const Quantity fall = displayed - size;
        printed = printed > fall ? printed - fall : Quantity{};
        displayed = size;
        if (printed > displayed) printed = displayed;
    }
    void print(Quantity size) {
        printed += size;
        if (printed > displayed) printed = displayed;
    }
};

}  // namespace slipcast::sim
