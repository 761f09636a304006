// A price is a point: adding two means nothing.
#include "slipcast/core/price.hpp"

using namespace slipcast;

int main() {
    const Price a;
    const Price b;
#ifdef SLIPCAST_MUST_FAIL
    static_cast<void>(a + b);
#else
    static_cast<void>(a + (b - a));
#endif
}
