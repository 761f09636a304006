// No cash comes from binary floating point.
#include "slipcast/core/money.hpp"

using namespace slipcast;

int main() {
    const double value = 49.9;
#ifdef SLIPCAST_MUST_FAIL
    static_cast<void>(Money{value});
#else
    static_cast<void>(Money::from_units(static_cast<Int128>(value), Currency{}));
#endif
}
