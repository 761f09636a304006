// A ratio and basis points differ by 1e4.
#include "slipcast/core/bps.hpp"

using namespace slipcast;

int main() {
    const Bps a;
    const double ratio = 1e-4;
#ifdef SLIPCAST_MUST_FAIL
    static_cast<void>(a + ratio);
#else
    static_cast<void>(a + to_bps(ratio));
#endif
}
