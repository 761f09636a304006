// No price comes from binary floating point: parse decimal text.
#include "slipcast/core/price.hpp"

using namespace slipcast;

int main() {
    const double value = 49.9;
#ifdef SLIPCAST_MUST_FAIL
    static_cast<void>(Price{value});
#else
    static_cast<void>(Price::from_units(static_cast<std::int64_t>(value)));
#endif
}
