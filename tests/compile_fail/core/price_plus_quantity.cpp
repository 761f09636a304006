// Different dimensions do not add.
#include "slipcast/core/money.hpp"

using namespace slipcast;

int main() {
    const Price a;
    const Quantity b;
#ifdef SLIPCAST_MUST_FAIL
    static_cast<void>(a + b);
#else
    static_cast<void>(a + PriceMove::from_units(b.units()));
#endif
}
