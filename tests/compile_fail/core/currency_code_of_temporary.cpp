// A code views the currency it belongs to: of a temporary, nothing is left to view.
#include "slipcast/core/money.hpp"

using namespace slipcast;

int main() {
    const ContractValue value;
    static_cast<void>(value.currency().code());
#ifdef SLIPCAST_MUST_FAIL
    static_cast<void>(ContractValue{}.currency().code());
#endif
}
