// The period of a volatility is part of its type.
#include "slipcast/core/bps.hpp"

using namespace slipcast;

int main() {
    const double per_day = 0.02;
#ifdef SLIPCAST_MUST_FAIL
    const DailyVolatility converted = per_day;
#else
    const DailyVolatility converted{per_day};
#endif
    static_cast<void>(converted);
}
