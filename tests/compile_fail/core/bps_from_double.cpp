// A bare number does not become basis points unnoticed.
#include "slipcast/core/bps.hpp"

using namespace slipcast;

int main() {
    const double cost = 1.5;
#ifdef SLIPCAST_MUST_FAIL
    const Bps converted = cost;
#else
    const Bps converted{cost};
#endif
    static_cast<void>(converted);
}
