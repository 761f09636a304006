// Cash needs the contract: scale, multiplier and currency.
#include "slipcast/core/money.hpp"

using namespace slipcast;

int main() {
    const Price a;
    const Quantity b;
#ifdef SLIPCAST_MUST_FAIL
    static_cast<void>(a * b);
#else
    static_cast<void>(ContractValue{}.notional(a, b));
#endif
}
