// A bare integer has no scale.
#include "slipcast/core/quantity.hpp"

using namespace slipcast;

int main() {
    const Quantity a;
    const std::int64_t lots = 1;
#ifdef SLIPCAST_MUST_FAIL
    static_cast<void>(a + lots);
#else
    static_cast<void>(a + Quantity::from_units(lots));
#endif
}
