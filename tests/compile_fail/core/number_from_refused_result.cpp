// A result is no value: it may be a refusal.
#include "slipcast/core/price.hpp"

using namespace slipcast;

int main() {
#ifdef SLIPCAST_MUST_FAIL
    const Price price = Price::parse("49.90");
    static_cast<void>(price);
#else
    const Price price = Price::parse("49.90").value();
    static_cast<void>(price);
#endif
}
