// An order is no fill, even with the same number.
#include "slipcast/core/id.hpp"

using namespace slipcast;

int main() {
    const OrderId a;
    const FillId b;
#ifdef SLIPCAST_MUST_FAIL
    static_cast<void>(a == b);
#else
    static_cast<void>(a.index() == b.index());
#endif
}
