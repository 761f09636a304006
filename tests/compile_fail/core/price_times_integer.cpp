// A price is a point: twice a price means nothing, twice a move does.
#include "slipcast/core/price.hpp"

using namespace slipcast;

int main() {
    const Price a;
    const Price b;
#ifdef SLIPCAST_MUST_FAIL
    static_cast<void>(a * std::int64_t{2});
#else
    static_cast<void>((a - b) * std::int64_t{2});
#endif
}
