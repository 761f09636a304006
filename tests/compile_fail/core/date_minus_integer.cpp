// Days are counted by name.
#include "slipcast/core/time.hpp"

using namespace slipcast;

int main() {
    const Date a;
#ifdef SLIPCAST_MUST_FAIL
    static_cast<void>(a - 1);
#else
    static_cast<void>(Date::from_days(a.days() - 1));
#endif
}
