// A side is buy or sell, never a number that happens to be one.
#include "slipcast/core/side.hpp"

using namespace slipcast;

int main() {
    const std::int8_t number = 1;
#ifdef SLIPCAST_MUST_FAIL
    const Side side = number;
#else
    const Side side = number > 0 ? Side::buy : Side::sell;
#endif
    static_cast<void>(side);
}
