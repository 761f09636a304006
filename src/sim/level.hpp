#pragma once

#include "slipcast/core/price.hpp"
#include "slipcast/core/quantity.hpp"

namespace slipcast::sim {

/// One price of one side of the book and what is left of it since it was shown.
struct Level {
    Price price;
    Quantity displayed;
    Quantity printed;  ///< taken by the tape's prints since shown
    Quantity taken;    ///< taken by our own children since shown

    /// What the tape still has there, our own takes apart: the queue that a passive child joins.
    [[nodiscard]] Quantity standing() const { return displayed - printed; }
    /// What our own children can still take.
    [[nodiscard]] Quantity left() const { return taken < standing() ? standing() - taken : Quantity{}; }

    /// The tape shows the price anew: only a larger size brings back what was taken; a fall in size is first explained
    /// by prints.
    void show(Quantity size) {
        if (size > displayed) {
            *this = Level{price, size, Quantity{}, Quantity{}};
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
