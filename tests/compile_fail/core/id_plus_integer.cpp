// Ids are handles without arithmetic.
#include "slipcast/core/id.hpp"

using namespace slipcast;

int main() {
    const OrderId a;
#ifdef SLIPCAST_MUST_FAIL
    static_cast<void>(a + 1);
#else
    static_cast<void>(OrderId::from_index(a.index() + 1));
#endif
}
