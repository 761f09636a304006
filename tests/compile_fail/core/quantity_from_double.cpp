// No quantity comes from binary floating point: parse decimal text.
#include "slipcast/core/quantity.hpp"

using namespace slipcast;

int main() {
    const double value = 100.0;
#ifdef SLIPCAST_MUST_FAIL
    static_cast<void>(Quantity{value});
#else
    static_cast<void>(Quantity::from_units(static_cast<std::int64_t>(value)));
#endif
}
