#include "slipcast/core/version.hpp"

#ifndef SLIPCAST_VERSION
#error "the build defines SLIPCAST_VERSION as the project version, a string"
#endif

namespace slipcast {

std::string_view version() {
    return SLIPCAST_VERSION;
}

}  // namespace slipcast
