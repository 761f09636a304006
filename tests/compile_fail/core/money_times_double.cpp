// Scaling cash by a double would leave the ledger.
#include "slipcast/core/money.hpp"

using namespace slipcast;

int main() {
    const Money a;
    const double share = 0.5;
#ifdef SLIPCAST_MUST_FAIL
    static_cast<void>(a * share);
#else
    static_cast<void>(a.to_double() * share);
#endif
}
