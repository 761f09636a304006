// A move is a PriceMove, not a bare number.
#include "slipcast/core/price.hpp"

using namespace slipcast;

int main() {
    const Price a;
    const double step = 0.01;
#ifdef SLIPCAST_MUST_FAIL
    static_cast<void>(a + step);
#else
    static_cast<void>(a + PriceMove::from_units(static_cast<std::int64_t>(step)));
#endif
}
