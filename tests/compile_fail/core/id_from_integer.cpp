// A bare integer names nothing.
#include "slipcast/core/id.hpp"

using namespace slipcast;

int main() {
    const std::int32_t row = 3;
#ifdef SLIPCAST_MUST_FAIL
    const OrderId converted = row;
#else
    const OrderId converted = OrderId::from_index(row);
#endif
    static_cast<void>(converted);
}
