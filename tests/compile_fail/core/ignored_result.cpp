// A refusal must be looked at.
#include "slipcast/core/price.hpp"

using namespace slipcast;

int main() {
#ifdef SLIPCAST_MUST_FAIL
    Price::parse("49.90");
#else
    static_cast<void>(Price::parse("49.90").has_value());
#endif
}
