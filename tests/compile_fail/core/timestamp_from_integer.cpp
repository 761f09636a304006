// A bare integer has no unit.
#include "slipcast/core/time.hpp"

using namespace slipcast;

int main() {
    const std::int64_t ns = 3;
#ifdef SLIPCAST_MUST_FAIL
    const Timestamp converted = ns;
#else
    const Timestamp converted = Timestamp::from_ns(ns);
#endif
    static_cast<void>(converted);
}
