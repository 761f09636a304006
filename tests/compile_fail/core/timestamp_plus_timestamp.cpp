// A time is a point: adding two means nothing.
#include "slipcast/core/time.hpp"

using namespace slipcast;

int main() {
    const Timestamp a;
    const Timestamp b;
#ifdef SLIPCAST_MUST_FAIL
    static_cast<void>(a + b);
#else
    static_cast<void>(a + (b - a));
#endif
}
