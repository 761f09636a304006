// Different dimensions do not add.
#include "slipcast/core/money.hpp"

using namespace slipcast;

int main() {
    const Money a;
    const Price b;
#ifdef SLIPCAST_MUST_FAIL
    static_cast<void>(a + b);
#else
    static_cast<void>(a + ContractValue{}.notional(b, Quantity::from_units(1)));
#endif
}
