// A refusal must be looked at.
#include "slipcast/core/settings.hpp"

using namespace slipcast;

int main() {
    Settings settings;
#ifdef SLIPCAST_MUST_FAIL
    settings.set("seed", "1");
#else
    static_cast<void>(settings.set("seed", "1").has_value());
#endif
}
