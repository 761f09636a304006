// Ids are handles without arithmetic.
#include "slipcast/core/id.hpp"

using namespace slipcast;

int main() {
    OrderId a;
#ifdef SLIPCAST_MUST_FAIL
    ++a;
#else
    a = OrderId::from_index(a.index() + 1);
#endif
    static_cast<void>(a);
}
